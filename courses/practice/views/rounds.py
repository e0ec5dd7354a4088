"""Practice: what to begin, a case and its answer, and how a round went."""

import uuid
from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from courses.people.permissions import Refused
from courses.practice.answers import Answer
from courses.practice.exemplar_drawings import (
    draw_beside,
    draw_case,
    motion_of_case,
    still_of_case,
)
from courses.practice.feedback import feedback_of
from courses.practice.forms import JudgementForm
from courses.practice.mix import ROUND
from courses.practice.models import Case, Judgement, Round
from courses.practice.overview import overview_of
from courses.practice.panel_queries import split_of
from courses.practice.pool_queries import pool_of
from courses.practice.results import result_of
from courses.practice.round_actions import begin_round, judge_case, skip_case
from courses.practice.round_queries import (
    Shown,
    cases_of,
    kind_of_next_practice,
    next_case,
    open_round_of,
    shown,
)
from courses.web.access import SignedInRequest, signed_in, wants_json
from courses.web.unsent_forms import forget_unsent, unsent_form

OWN_FOR_EVER = "private, max-age=31536000, immutable"
BEGUN_HERE = (Round.Kind.PRACTICE, Round.Kind.MASTERY)
BY_TEXT = "text"
LIKE_ONE = 4  # cases of the short round of "more of this kind"
Judge = Callable[[Case, Answer, datetime], Judgement]


@require_safe
@signed_in()
def what_do_you_see(request: SignedInRequest) -> HttpResponse:
    """What practice is, what is open, and the two errors so far."""
    context = {"overview": overview_of(request.user), "press": uuid.uuid4()}
    return render(request, "practice/what_do_you_see.html", context)


@require_POST
@signed_in("courses:what-do-you-see")
def begin(request: SignedInRequest, round_kind: str) -> HttpResponse:
    """Begins a round and opens its first case; pressed twice, it is one round."""
    if round_kind not in BEGUN_HERE:
        raise Http404
    pair = _pair_asked(request)
    if round_kind == Round.Kind.PRACTICE and not pair:
        round_kind = kind_of_next_practice(request.user)
    try:
        new = begin_round(
            request.user,
            round_kind,
            timezone.now(),
            key=_press(request),
            categories=pair,
            size=LIKE_ONE if pair else ROUND,
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("courses:what-do-you-see")
    return redirect(_with_text(reverse("courses:round", args=[new.key]), request.POST))


def _press(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("press", ""))
    except ValueError:
        return None


def _pair_asked(request: SignedInRequest) -> tuple[str, ...]:
    """“Another like this”: the category of a judged case of one's own, and its opposite."""
    try:
        key = uuid.UUID(request.POST.get("like", ""))
    except ValueError:
        return ()
    cases = Case.objects.taken_by(request.user).exclude(judgement=None)
    case = cases.select_related("round", "judgement").filter(key=key).first()
    if case is None or case.round.is_check:
        return ()
    category = pool_of(case.round.pool_id).category_by_key[case.judgement.category]
    return category.key, category.opposite


def _with_text(path: str, asked: object) -> str:
    """The address, with the wish for descriptions in place of pictures carried on."""
    is_text = hasattr(asked, "get") and asked.get("by") == BY_TEXT
    return f"{path}?by={BY_TEXT}" if is_text else path


@require_safe
@signed_in()
def round_page(request: SignedInRequest, a_round: uuid.UUID) -> HttpResponse:
    """The next case of a round, or how it went once all are answered."""
    own = Round.objects.taken_by(request.user).filter(key=a_round).first()
    if own is None:
        raise Http404
    cases = cases_of(own)
    coming = next_case(cases)
    if coming and own.left_at is None:
        return redirect(_with_text(reverse("courses:case", args=[coming.key]), request.GET))
    # "Four more of this kind" comes back to the round that it was asked in.
    is_short = own.kind == Round.Kind.PRACTICE and len(cases) < ROUND
    goes_on = open_round_of(request.user) if is_short else None
    context = {
        "round": own,
        "result": result_of(own, cases),
        "goes_on": goes_on,
        "press": uuid.uuid4(),
    }
    return render(request, "practice/round_result.html", context)


def _case_or_404(request: SignedInRequest, key: uuid.UUID) -> Case:
    own = Case.objects.taken_by(request.user).select_related("round", "judgement")
    case = own.filter(key=key).first()
    if case is None:
        raise Http404
    return case


@require_safe
@signed_in()
def case_page(request: SignedInRequest, case: uuid.UUID) -> HttpResponse:
    """A case to judge; once it was judged, what there is to see, and the next one."""
    own = _case_or_404(request, case)
    if own.skipped_at:
        return redirect("courses:round", own.round.key)
    here = shown(own, own.round, cases_of(own.round))
    # An answer that was sent after the session had ended fills the form again.
    unsent = unsent_form(request, reverse("courses:judge-case", args=[own.key]))
    is_text = request.GET.get("by") == BY_TEXT
    if unsent is not None and not hasattr(own, "judgement"):
        is_text = unsent.get("by_text") == "True"
        form = JudgementForm(initial=unsent.dict(), shown=here)
        return _render_case(request, here, form, is_text=is_text, is_unsent=True)
    form = JudgementForm(shown=here, initial={"by_text": is_text})
    return _render_case(request, here, form, is_text=is_text)


def _render_case(
    request: SignedInRequest,
    here: Shown,
    form: JudgementForm,
    *,
    is_text: bool,
    is_unsent: bool = False,
    error: str = "",
) -> HttpResponse:
    context = {
        "is_unsent": is_unsent,
        "here": here,
        "form": form,
        "error": error,
        "is_text": is_text,
        "drawing": "" if is_text else draw_case(here.exemplar, here.case.key),
        "press": uuid.uuid4(),
        **_answer_context(here),
    }
    status = 400 if error or form.errors else 200
    return render(request, "practice/case.html", context, status=status)


def _answer_context(here: Shown) -> dict[str, object]:
    """What the page says of the answer; nothing before there is one, and of a check never."""
    judgement = getattr(here.case, "judgement", None)
    if judgement is None:
        return {"is_judged": False}
    a_round = here.case.round
    if a_round.is_check:
        return {"is_judged": True}
    split = split_of(judgement.exemplar_key)
    feedback = feedback_of(judgement, pool_of(a_round.pool_id), split)
    beside = feedback.beside
    drawn = draw_beside(beside, f"b{here.case.key.hex[:8]}") if beside else ""
    return {"is_judged": True, "feedback": feedback, "beside": drawn}


@require_POST
@signed_in("courses:case", "case")
def judge(request: SignedInRequest, case: uuid.UUID, act: Judge = judge_case) -> HttpResponse:
    """Stores what was seen, once, and says what there is to see. A script gets the inside alone.

    `act` judges the case; the index of pages names the action of an upper package that wraps ours.
    """
    own = _case_or_404(request, case)
    here = shown(own, own.round, cases_of(own.round)) if not own.skipped_at else None
    if here is None:
        return redirect("courses:round", own.round.key)
    form = JudgementForm(request.POST, shown=here)
    is_text = request.POST.get("by_text") == "True"
    error = ""
    if form.is_valid():
        try:
            own.judgement = act(own, form.answer(), timezone.now())
            forget_unsent(request)
        except Refused as refusal:
            error = str(refusal)
    if wants_json(request):
        return _reply(request, here, form, error)
    if error or form.errors:
        return _render_case(request, here, form, is_text=is_text, error=error)
    if own.round.is_check:
        return redirect("courses:round", own.round.key)
    path = reverse("courses:case", args=[own.key])
    return redirect(f"{path}?by={BY_TEXT}#answer" if is_text else f"{path}#answer")


def _reply(request: SignedInRequest, here: Shown, form: JudgementForm, error: str) -> HttpResponse:
    if error or form.errors:
        words = [error] if error else [str(each[0]) for each in form.errors.values()]
        return JsonResponse({"error": " ".join(words)}, status=400)
    context = {"here": here, "press": uuid.uuid4(), **_answer_context(here)}
    html = render_to_string("practice/_case_answer.html", context, request)
    return JsonResponse({"html": html})


@require_POST
@signed_in("courses:case", "case")
def skip(request: SignedInRequest, case: uuid.UUID) -> HttpResponse:
    """Leaves a case out; an equal one comes at the end of the round, and nobody is told."""
    own = _case_or_404(request, case)
    try:
        skip_case(own, timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(_with_text(reverse("courses:round", args=[own.round.key]), request.POST))


@require_safe
@signed_in()
def case_motion(request: SignedInRequest, case: uuid.UUID) -> HttpResponse:
    """How a moving case moves: what its picture shows, and nothing of the answer."""
    own = _case_or_404(request, case)
    exemplar = pool_of(own.round.pool_id).exemplar_by_key[own.exemplar_key]
    if not exemplar.timeline:
        raise Http404
    reply = HttpResponse(motion_of_case(exemplar), content_type="application/json")
    reply.headers["Cache-Control"] = OWN_FOR_EVER
    return reply


@require_safe
@signed_in()
def case_still(request: SignedInRequest, case: uuid.UUID, number: int) -> HttpResponse:
    """The picture of one moment of a moving case, counted from 0."""
    own = _case_or_404(request, case)
    exemplar = pool_of(own.round.pool_id).exemplar_by_key[own.exemplar_key]
    still = still_of_case(exemplar, number)
    if still is None:
        raise Http404
    reply = HttpResponse(still, content_type="image/svg+xml")
    reply.headers["Cache-Control"] = OWN_FOR_EVER
    return reply
