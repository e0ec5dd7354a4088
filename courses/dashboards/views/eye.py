"""How a cohort sees babies: bands, confusions, what is kept, and what came of plans."""

import uuid

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from courses.dashboards.eye_queries import cohort_eye
from courses.people.models import Cohort
from courses.people.suppression import FEWEST
from courses.web.access import SignedInRequest, signed_in


@require_safe
@signed_in()
def eye(request: SignedInRequest, cohort: uuid.UUID) -> HttpResponse:
    """For those who lead the cohort; it names nobody."""
    row = get_object_or_404(Cohort.objects.led_by(request.user), key=cohort)
    context = {"cohort": row, "eye": cohort_eye(row, timezone.now()), "fewest": FEWEST}
    return render(request, "dashboards/eye.html", context)
