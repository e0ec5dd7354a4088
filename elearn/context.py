"""The context processor of every template: facts about the site, none about the user."""

from django.conf import settings
from django.http import HttpRequest

from courses.web.reading import reading_of


def site(request: HttpRequest) -> dict[str, object]:
    """The site's name and URL; `demo`: there are demo accounts and a page with their mail.

    `support_email` is the address that people write to for help; "": the site names none.
    """
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "demo": settings.DEMO,
        "reading": reading_of(request),
        "support_email": settings.SUPPORT_EMAIL,
    }
