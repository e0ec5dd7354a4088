"""Looking things up: signs and red flags, the glossary, and search over all of it and one's notes.

They are for signed-in people: signs hold drawings whose answers are told to their learners alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from courses.learning.plans import answers_of
from courses.portfolio.drawings import drawing_of_sign
from courses.portfolio.look_up import Term, drawn_signs, sign_book_of
from courses.portfolio.look_up import glossary as all_terms
from courses.portfolio.results import search as find
from courses.portfolio.signs import URGENT, URGENT_FIRST, Sign
from courses.portfolio.words import LONGEST_QUERY, matches, words_in
from courses.web.access import SignedInRequest, signed_in


@dataclass(frozen=True)
class RungChoice:
    """A rung as a filter: its name, its value in the address, and how many signs name it."""

    name: str
    value: str
    count: int


@dataclass(frozen=True)
class SignGroup:
    """The signs that usually need one rung; `words` is what it asks for, empty where it is none."""

    rung: str
    words: str
    signs: list[Sign]

    @property
    def is_urgent(self) -> bool:
        return self.rung in URGENT


def _typed(request: SignedInRequest) -> str:
    return request.GET.get("q", "").replace("\x00", "")[:LONGEST_QUERY].strip()


@require_safe
@signed_in()
def signs(request: SignedInRequest) -> HttpResponse:
    """Every sign, the most urgent first; by rung and by words where these are in the address."""
    book = sign_book_of(request.user)
    typed = _typed(request)
    words = words_in(typed)
    rung = _rung_in(request)
    named = [sign for sign in book.signs if not rung or rung in sign.rungs]
    shown = [sign for sign in named if not words or matches(sign.text, words)]
    context = {
        "groups": _by_rung(shown, book.ladder),
        "choices": _choices(book.signs),
        "chosen": slugify(rung),
        "rung": rung,
        "typed": typed,
        "count": len(shown),
        "total": len(book.signs),
    }
    return render(request, "portfolio/signs.html", context)


def _rung_in(request: SignedInRequest) -> str:
    """The rung to filter by; empty for none, and for one that there is not."""
    value = request.GET.get("rung", "")
    for rung in URGENT_FIRST:
        if slugify(rung) == value:
            return rung
    return ""


def _choices(signs: Iterable[Sign]) -> list[RungChoice]:
    signs = list(signs)
    choices = []
    for rung in URGENT_FIRST:
        count = sum(rung in sign.rungs for sign in signs)
        if count:
            choices.append(RungChoice(rung, slugify(rung), count))
    return choices


def _by_rung(signs: Iterable[Sign], ladder: dict[str, str]) -> list[SignGroup]:
    groups: dict[str, list[Sign]] = {}
    for sign in signs:
        rows = groups.setdefault(sign.rung, [])
        # What to mind is the same for a whole table, and read once.
        is_repeated = any(row.mind == sign.mind for row in rows)
        rows.append(replace(sign, mind="") if is_repeated else sign)
    return [SignGroup(rung, ladder.get(rung, ""), rows) for rung, rows in groups.items()]


@require_safe
@signed_in()
def sign_drawing(request: SignedInRequest, sign: str) -> HttpResponse:
    """The drawing of a sign, for those to whom the answer of its scene was opened."""
    own = drawn_signs(answers_of(request.user)).get(sign)
    if own is None or own.scene is None:
        raise Http404
    return HttpResponse(drawing_of_sign(own.scene), content_type="image/svg+xml")


@require_safe
@signed_in()
def glossary(request: SignedInRequest) -> HttpResponse:
    """All terms by the alphabet; by words where these are in the address."""
    typed = _typed(request)
    words = words_in(typed)
    terms = all_terms()
    shown = [term for term in terms if not words or matches(_text_of(term), words)]
    letters: dict[str, list[Term]] = {}
    for term in shown:
        first = term.entry.term[0].upper()
        letters.setdefault(first if first.isalpha() else "0–9", []).append(term)
    context = {
        "letters": list(letters.items()),
        "typed": typed,
        "count": len(shown),
        "total": len(terms),
    }
    return render(request, "portfolio/glossary.html", context)


def _text_of(term: Term) -> str:
    return f"{term.entry.term} {term.entry.html}"


@require_safe
@signed_in()
def search(request: SignedInRequest) -> HttpResponse:
    """What the words find in lessons, signs, the glossary and one's own notes."""
    typed = _typed(request)
    context = {"typed": typed, "results": find(request.user, typed)}
    return render(request, "portfolio/search.html", context)
