"""The pages of reviewers: what there is to sign off, and a lesson to read whole and sign.

Others get a 404.
"""

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
from courses.signoffs.page import review_page
from courses.signoffs.queries import (
    SOON,
    ReviewedCourse,
    courses_reviewed_by,
    read_first,
    rechecks,
)
from courses.signoffs.review_status import ReviewStatus
from courses.web.access import SignedInRequest, signed_in
from courses.web.unsent_forms import forget_unsent, unsent_form

FAR_AHEAD = timedelta(days=3650)  # later than any source's next check


@require_safe
@signed_in()
def reviewing(request: SignedInRequest) -> HttpResponse:
    """Every lesson with its review status, and the sources to check again, most overdue first."""
    if not request.user.is_reviewer:
        raise Http404  # others need not know that there is such a page
    courses = courses_reviewed_by(request.user)
    today = timezone.localdate()
    contents = [course.entry.content for course in courses]
    due = rechecks(contents, today + SOON)
    later = [row for row in rechecks(contents, today + FAR_AHEAD) if row not in due]
    context = {
        "courses": courses,
        "first": read_first(courses),
        "overdue": [row for row in due if row.by < today],
        "soon": [row for row in due if row.by >= today],
        "later": later[0].by if later else None,
        "today": today,
    }
    return render(request, "signoffs/reviewing.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in("courses:sign-off", "course", "lesson")
def sign_off(request: SignedInRequest, course: str, lesson: str) -> HttpResponse:
    """The whole lesson as a reviewer reads it, with the form under it."""
    reviewed, material, status = _material_or_404(request.user, course, lesson)
    is_post = request.method == "POST"
    data = request.POST if is_post else unsent_form(request, request.path)
    form = _form(request.user, material, data)
    error = ""
    # The text is compared once more when it is signed: an edition may be published in between.
    if is_post and form.is_valid():
        try:
            _sign(request.user, reviewed, material, form.cleaned_data)
        except Refused as refusal:
            error = str(refusal)
            # The page shows the new text now, so the next press signs that.
            data = _with_current_digest(request.POST, material)
            form = _form(request.user, material, data)
        else:
            forget_unsent(request)
            messages.success(request, _thanks(material, form.cleaned_data["decision"]))
            return redirect("courses:reviewing")
    sign_offs = SignOff.objects.on_lesson(reviewed.entry.course_id, lesson)
    context = {
        "course": reviewed.entry.content,
        "number": reviewed.entry.number,
        "material": material,
        "review_status": status,
        "sign_offs": list(sign_offs.select_related("edition", "reviewer")),
        "page": review_page(reviewed.entry.content, material),
        "form": form,
        "is_restored": form.is_bound and not is_post,
        "error": error,
    }
    return render(request, "signoffs/sign_off.html", context, status=400 if is_post else 200)


def _material_or_404(
    user: User, course_key: str, lesson_key: str
) -> tuple[ReviewedCourse, Material, ReviewStatus]:
    """What this reviewer may sign under these keys, in two SQL queries."""
    for course in courses_reviewed_by(user):
        if course.entry.content.key != course_key:
            continue
        for material, status in course.rows:
            if material.key == lesson_key:
                return course, material, status
    raise Http404


def _form(user: User, material: Material, data: QueryDict | None) -> SignOffForm:
    own_sign_offs = SignOff.objects.filter(reviewer=user)
    last = own_sign_offs.order_by("-at", "-pk").first()
    return SignOffForm(data, last=last, name=user.name, digest=material.digest)


def _with_current_digest(data: QueryDict, material: Material) -> QueryDict:
    """What was typed, to be sent again for what is on the page now."""
    copy = data.copy()
    copy["digest"] = material.digest
    return copy


def _sign(user: User, reviewed: ReviewedCourse, material: Material, data: dict[str, Any]) -> None:
    signature = actions.Signature(
        decision=SignOff.Decision(data["decision"]),
        name=data["name"],
        role=data["role"],
        body=data["body"],
        registration=data["registration"],
        note=data["note"],
    )
    actions.sign_off(
        user,
        reviewed.entry.edition_id,
        material,
        data["digest"],
        signature,
        data["event_id"],
        timezone.now(),
    )


def _thanks(material: Material, decision: str) -> str:
    if decision == SignOff.Decision.SIGNED:
        shown = " Learners now see your name there." if material.lesson else ""
        return f"Signed off: {material.title}.{shown}"
    return (
        f"Kept: you ask for changes to {material.title}."
        " Its authors and other reviewers see what you wrote."
    )
