"""Reviewers rate exemplars without seeing the key."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from courses.assessment.models import Certainty
from courses.library.content import Pool
from courses.people.permissions import Refused
from courses.practice.exemplar_drawings import draw_in_moments
from courses.practice.panel_actions import rate_exemplar
from courses.practice.panel_queries import next_to_rate
from courses.practice.pool_queries import newest_pool, pool_of
from courses.web.access import SignedInRequest, signed_in


class RatingForm(forms.Form):
    """What a reviewer sees. `exemplar` is the drawing the page showed."""

    exemplar = forms.CharField(widget=forms.HiddenInput, max_length=40)
    chosen = forms.ChoiceField(
        label="What do you see?",
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose what you see."),
    )
    certainty = forms.TypedChoiceField(
        label="How sure are you?",
        choices=Certainty.choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Say how sure you are."),
    )

    def __init__(self, *args: object, pool: Pool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        chosen = self.fields["chosen"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [(category.key, category.name) for category in pool.categories]


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in("courses:rate-exemplars")
def rate_exemplars(request: SignedInRequest) -> HttpResponse:
    """One drawing after another; what others chose is not shown."""
    edition = newest_pool()
    if not request.user.is_reviewer or edition is None:
        raise Http404  # others need not know that there is such a page
    pool = pool_of(edition.pk)
    coming, rated, of = next_to_rate(request.user, pool)
    form = RatingForm(request.POST or None, pool=pool)
    if request.method == "POST" and form.is_valid():
        return _rate(request, form, pool)
    shown = coming
    if request.method == "POST":  # the drawing that the page showed stays until it is rated
        shown = pool.exemplar_by_key.get(request.POST.get("exemplar", ""), coming)
    context = {
        "form": form,
        "exemplar": shown,
        "drawings": draw_in_moments(shown) if shown else [],
        "rated": rated,
        "of": of,
    }
    status = 400 if request.method == "POST" else 200
    return render(request, "practice/rate_exemplars.html", context, status=status)


def _rate(request: SignedInRequest, form: RatingForm, pool: Pool) -> HttpResponse:
    given = form.cleaned_data
    try:
        rate_exemplar(
            request.user,
            pool,
            given["exemplar"],
            given["chosen"],
            given["certainty"],
            timezone.now(),
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("courses:rate-exemplars")
