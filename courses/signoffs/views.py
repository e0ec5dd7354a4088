"""Pages of reviewers: what awaits their sign-off, and a lesson to read whole and sign. For others they are not there."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from courses.assessment.actions import Refused
from courses.people.models import User
from courses.signoffs import actions
from courses.signoffs.forms import SignOffForm
from courses.signoffs.material import Material
from courses.signoffs.models import SignOff
from courses.signoffs.page import page_of
from courses.signoffs.queries import SOON, Reviewed, read_first, rechecks, reviewed_by
from courses.signoffs.review_status import ReviewStatus
from courses.web.access import SignedInRequest, signed_in
from courses.web.unsent_forms import forget_unsent, unsent_form


@require_safe
@signed_in()
def reviewing(request: SignedInRequest) -> HttpResponse:
    """Every lesson with its state, and the sources to be checked again, most overdue first."""
    if not request.user.is_reviewer:
        raise Http404
    reviewed = reviewed_by(request.user)
    today = timezone.localdate()
    courses = [one.listed.content for one in reviewed]
    due = rechecks(courses, today + SOON)
    context = {
        "reviewed": reviewed,
        "first": read_first(reviewed),
        "overdue": [one for one in due if one.by < today],
        "soon": [one for one in due if one.by >= today],
        "later": next(
            (one.by for one in rechecks(courses, today + timedelta(days=3650)) if one not in due),
            None,
        ),
        "today": today,
    }
    return render(request, "signoffs/reviewing.html", context)


def _place(user: User, course: str, lesson: str) -> tuple[Reviewed, Material, ReviewStatus]:
    """What this reviewer may sign under these keys, in two SQL queries."""
    for one in reviewed_by(user):
        for material, review_status in one.rows:
            if (one.listed.content.key, material.key) == (course, lesson):
                return one, material, review_status
    raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in("courses:sign-off", "course", "lesson")
def sign_off(request: SignedInRequest, course: str, lesson: str) -> HttpResponse:
    """The whole lesson as a clinician reads it, with the form under it."""
    reviewed, material, review_status = _place(request.user, course, lesson)
    said = list(
        SignOff.objects.on_lesson(reviewed.listed.course_id, lesson).select_related(
            "edition", "reviewer"
        )
    )
    sent = request.POST if request.method == "POST" else unsent_form(request, request.path)
    form = _form(request.user, material, sent)
    error = ""
    if request.method == "POST" and form.is_valid():
        try:
            _sign(request.user, reviewed, material, form.cleaned_data)
        except Refused as refusal:
            error = str(refusal)
            form = _form(request.user, material, _read_again(request.POST, material))
        else:
            forget_unsent(request)
            messages.success(request, _thanks(material, form.cleaned_data["said"]))
            return redirect("courses:reviewing")
    context = {
        "course": reviewed.listed.content,
        "number": reviewed.listed.number,
        "material": material,
        "review_status": review_status,
        "said": said,
        "page": page_of(reviewed.listed.content, material),
        "form": form,
        "is_restored": request.method != "POST" and form.is_bound,
        "error": error,
    }
    is_wrong = request.method == "POST"
    return render(request, "signoffs/sign_off.html", context, status=400 if is_wrong else 200)


def _thanks(material: Material, said: str) -> str:
    if said == SignOff.Decision.SIGNED:
        return f"Signed off: {material.title}.{' Learners now see your name there.' if material.lesson else ''}"
    return f"Kept: you ask for changes to {material.title}. Its authors and other reviewers see what you wrote."


def _form(user: User, material: Material, data: QueryDict | None) -> SignOffForm:
    last = SignOff.objects.filter(reviewer=user).order_by("-at", "-pk").first()
    return SignOffForm(data, last=last, name=user.name, digest=material.digest)


def _read_again(data: QueryDict, material: Material) -> QueryDict:
    """What was typed, for what is on the page now."""
    again = data.copy()
    again["digest"] = material.digest
    return again


def _sign(user: User, reviewed: Reviewed, material: Material, data: dict[str, Any]) -> None:
    said = {name: data[name] for name in ("name", "role", "body", "registration", "note")}
    words = actions.Signature(said=SignOff.Decision(data["said"]), **said)
    now = timezone.now()
    actions.sign_off(
        user, reviewed.listed.edition_id, material, data["digest"], words, data["event_id"], now
    )
