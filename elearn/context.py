"""What every template may know of the site: name, address, and whether this is a demo. Nothing of the person lives here."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """The site's name and full address, and whether demo sign-ins and the mail page are open."""
    return {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL, "demo": settings.DEMO}
