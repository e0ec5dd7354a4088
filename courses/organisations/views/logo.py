"""The picture of a logo. Uploading one is on the organisation's first page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from courses.organisations.models import Logo
from courses.people.models import Organisation

FOR_EVER = "public, max-age=31536000, immutable"  # what has this digest never changes
TYPE = "image/png"


@require_safe
def logo(request: HttpRequest, digest: str) -> HttpResponse:
    """The PNG with this digest.

    Everybody may see that of a confirmed organisation; of others those who run it, uncached.
    """
    rows = Logo.objects.filter(digest=digest)
    public = rows.public().first()
    if public:
        return HttpResponse(public.png, TYPE, headers={"Cache-Control": FOR_EVER})
    run = Organisation.objects.none()
    if request.user.is_authenticated:
        run = Organisation.objects.run_by(request.user)
    own = rows.filter(organisation__in=run.values("pk"))
    row = get_object_or_404(own.order_by("pk")[:1])
    return HttpResponse(row.png, TYPE)
