"""An item kind is one module and one line.

This module makes a kind up, and takes it from its files to a result.
"""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from io import StringIO
from typing import Annotated, Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pydantic import Field

from courses.assessment.items import (
    KINDS,
    Answer,
    BadAnswer,
    Form,
    Kind,
    Line,
    PresentedItem,
    neutral,
)
from courses.assessment.items.making import ItemReader, short_key
from courses.assessment.models import Attempt
from courses.assessment.scoring import Score
from courses.authoring.courses import read_courses
from courses.authoring.publishing import publish
from courses.exchange.authored_items import read_items
from courses.learning.activity_forms import page_name
from courses.learning.duration import activity_minutes
from courses.library import content
from courses.library.authored_fields import Authored, SourceId, Text
from courses.library.models import Course
from tests.conftest import TINY, answer_all, whole

TEMPLATE = """<fieldset data-fields{% if error_id %} aria-describedby="{{ error_id }}"{% endif %}>
<legend>{{ presented.stem|safe }}</legend>
<input id="{{ prefix }}-slider" type="number" name="{{ field }}slider"
  min="0" max="10" value="{{ presented.value }}">
</fieldset>"""


class Fields(Authored):
    right: Annotated[int, Field(ge=0, le=10)]
    tolerance: Annotated[int, Field(ge=0, le=5)] = 0
    feedback: Text
    sources: list[SourceId] = []


@dataclass(frozen=True)
class PresentedSlider(PresentedItem):
    value: str = ""


class Slider(Kind):
    """A number from 0 to 10: the whole mark within the tolerance, half of it next to that."""

    name = "slider"
    rule = "Set a number: the mark if it is near enough, half of it if it is one beside that."
    fields = Fields
    template = "made_up/_slider.html"
    block = "slider"
    minutes = 0.75
    exchange_shape = neutral.Shape.ONE_OPTION
    exchange_loss = "are sliders: other systems ask them as a choice, and only its number earns"

    def make(self, reader: ItemReader, fields: Any, line: int, where: str) -> dict[str, Any]:
        if fields.tolerance and fields.right in {0, 10}:
            reader.report(line, where, "has its right number at the end; write one between")
        option = content.Option(
            key=short_key(fields.feedback),
            html=f"{fields.right - fields.tolerance} to {fields.right + fields.tolerance}",
            correct=True,
            feedback=reader.inline(fields.feedback, line, where),
            sources=reader.check_sources(fields.sources, line, where),
        )
        details = {"right": fields.right, "tolerance": fields.tolerance}
        return {"options": (option,), "details": details}

    def answer_in(self, item: content.Item, form: Form) -> Answer | None:
        sent = str(form.get("slider") or "")
        if not sent:
            return None
        if not sent.isdigit() or int(sent) > 10:
            raise BadAnswer("Set a number from 0 to 10.")
        return {"number": int(sent)}

    def missing_answer_message(self, item: content.Item, answer: object) -> str:
        return "" if number_in(answer) is not None else "Set a number first."

    def present(self, item: content.Item, order: Sequence[str], answer: object) -> PresentedItem:
        number = number_in(answer)
        value = "" if number is None else str(number)
        return PresentedSlider(item.stem, template=self.template, value=value)

    def score(self, item: content.Item, answer: object) -> Score:
        number = number_in(answer)
        if number is None:
            return Score(Fraction(0), 1)
        beyond = abs(number - item.details["right"]) - item.details["tolerance"]
        earned = Fraction(1, 2) if beyond == 1 else Fraction(int(beyond <= 0))
        return Score(earned, 1)

    def right(self, item: content.Item) -> Answer:
        return {"number": item.details["right"]}

    def feedback(self, item: content.Item, answer: object) -> tuple[Line, ...]:
        (option,) = item.options
        result = "right" if self.score(item, answer).is_full else "wrong"
        number = number_in(answer)
        placed = "" if number is None else str(number)
        fields = (option.key, "Your number", result, option.feedback, option.sources)
        return (Line(*fields, placed=placed, belongs=option.html),)

    def headline(self, item: content.Item, answer: object) -> str:
        if self.score(item, answer).earned == Fraction(1, 2):
            return "Nearly. One beside it."
        return super().headline(item, answer)

    def to_exchange(self, raw: Mapping[str, Any]) -> dict[str, Any] | None:
        """A choice of one of the numbers; with a tolerance more than one would be right."""
        if raw.get("tolerance"):
            return None
        options = []
        for number in range(11):
            is_right = number == raw["right"]
            options.append(neutral.Option(str(number), is_right))
        feedback = neutral.normal(raw["feedback"])
        sources = tuple(raw.get("sources", ()))
        options[raw["right"]] = neutral.Option(str(raw["right"]), True, feedback, sources)
        return {"options": tuple(options)}

    def from_exchange(self, item: neutral.Item) -> dict[str, Any]:
        (option,) = [option for option in item.options if option.is_correct]
        sources = list(option.sources)
        return {"right": int(option.text), "feedback": option.feedback, "sources": sources}


def number_in(answer: object) -> int | None:
    return answer.get("number") if isinstance(answer, dict) else None


BLOCK = """
::: slider how-many
prompt: How many of ten small things grow?
right: 7
tolerance: 1
feedback: CANARY-SLIDER-LESSON Most of them.
sources: [A1]
:::
"""
ITEM = """
  - key: counts-a
    kind: slider
    outcome: names-a-thing
    use: [final]
    parallel: counts
    difficulty: easy
    stem: How many of ten seeds grow in a garden?
    right: 4
    feedback: CANARY-SLIDER-QUIZ Four of ten.
    sources: [B1]
"""
STEP = "/courses/tiny/lessons/first-things/opening/"


@pytest.fixture(autouse=True)
def slider(monkeypatch, settings, tmp_path) -> None:
    """The one line, and the one template."""
    monkeypatch.setitem(KINDS, "slider", Slider())
    folder = tmp_path / "templates" / "made_up"
    folder.mkdir(parents=True)
    (folder / "_slider.html").write_text(TEMPLATE)
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], folder.parent]}]


@pytest.fixture
def root(tmp_path):
    """The tiny course's files with a slider in a lesson and in a quiz."""
    root = tmp_path / "courses"
    shutil.copytree(TINY, root)
    lesson = root / "tiny/lessons/01-first-things.md"
    lesson.write_text(lesson.read_text().replace("\n## Placing", f"{BLOCK}\n## Placing"))
    items = root / "tiny/items/first-things.yaml"
    items.write_text(items.read_text().rstrip() + ITEM)
    return root


def read(root) -> content.Course:
    courses, problems = read_courses(root)
    assert problems == []
    return courses[0]


@pytest.fixture
def made_up(cast, root) -> Course:
    publish([whole(read(root))], timezone.now())
    return Course.objects.get(key="tiny")


@pytest.fixture
def ben(made_up, cast, sign_in) -> Client:
    client = sign_in(cast.ben)
    client.post("/courses/tiny/enrol/")
    client.post("/courses/tiny/lessons/first-things/begin/")
    return client


def page(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def answer_block(client: Client, number: str) -> str:
    """The page of the step after this answer to its slider."""
    url = f"{STEP}{page_name('first-things', 'how-many')}/answer/"
    return client.post(url, {"slider": number}, follow=True).content.decode()


def test_it_is_read_from_its_files(root):
    course = read(root)
    block = course.lessons[0].steps[0].activity("how-many")
    assert (block.kind, block.item.kind) == ("slider", "slider")
    assert block.item.details == {"right": 7, "tolerance": 1}
    assert course.item("counts-a").details == {"right": 4, "tolerance": 0}
    assert activity_minutes()["slider"] == 0.75
    assert content.read(course.model_dump(mode="json", exclude_defaults=True)) == course


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ("right: 7", "right: 11", "right: '11' is too large; write at most 10"),
        ("right: 7", "wrong: 7", "wrong: is not a known field; use right, tolerance,"),
        ("right: 7", "right: 10", "has its right number at the end; write one between"),
        ("[A1]\n:::\n\n## Pl", "[G9]\n:::\n\n## Pl", "source 'G9' is not in references.yaml"),
    ],
)
def test_what_its_author_wrote_wrong_is_reported_with_its_line(root, before, after, problem):
    lesson = root / "tiny/lessons/01-first-things.md"
    lesson.write_text(lesson.read_text().replace(before, after))
    _, problems = read_courses(root)
    mine = [str(one) for one in problems if "how-many" in str(one)]
    assert any(problem in one for one in mine), problems
    assert all(one.startswith("tiny/lessons/01-first-things.md:") for one in mine)


def test_a_release_without_it_refuses_the_edition(root, monkeypatch):
    stored = read(root).model_dump(mode="json")
    monkeypatch.delitem(KINDS, "slider")
    with pytest.raises(ValueError, match="'slider' is no kind of item that this release knows"):
        content.read(stored)


def test_a_lesson_asks_it_and_says_what_came_of_it(ben):
    before = page(ben, STEP)
    assert f'name="{page_name("first-things", "how-many")}-slider"' in before
    assert "CANARY-SLIDER" not in before

    right = answer_block(ben, "8")
    assert "Yes, that fits." in right
    assert "reply--right" in right
    assert "CANARY-SLIDER-LESSON" in right
    assert "Your answer: 8" in right

    near = answer_block(ben, "5")
    assert "Nearly. One beside it." in near
    assert "reply--opened" in near
    assert "Your answer: 5. Best answer: 6 to 8" in near
    assert 'max="10" value="5"' in page(ben, STEP)


@pytest.mark.parametrize(
    ("number", "words"), [("", "Set a number first."), ("many", "Set a number from 0 to 10.")]
)
def test_a_lesson_refuses_what_is_no_answer(ben, number, words):
    assert words in answer_block(ben, number)
    assert "CANARY-SLIDER" not in page(ben, STEP)


@pytest.fixture
def attempt(ben, cast) -> Attempt:
    ben.post(reverse("courses:open-attempt", args=["tiny", "final"]))
    return Attempt.objects.get(user=cast.ben)


def number_of(attempt: Attempt) -> int:
    """The number of the slider in the attempt."""
    return 1 + [drawn["key"] for drawn in attempt.items].index("counts-a")


def save(client: Client, attempt: Attempt, answer: str, sequence: int) -> int:
    data = {"event_id": f"{sequence:032x}", "sequence": sequence, "slider": answer}
    url = reverse("courses:save-response", args=[attempt.key, number_of(attempt)])
    return client.post(url, data, headers={"Accept": "application/json"}).status_code


def test_the_start_of_the_quiz_says_how_it_is_scored(ben):
    assert Slider.rule in page(ben, reverse("courses:quiz", args=["tiny", "final"]))


@pytest.mark.parametrize(
    ("number", "marks", "sign"),
    [(4, 1, "Your answer: 4"), (5, 0.5, "Your answer: 5"), (9, 0, "Best answer")],
)
def test_a_quiz_keeps_it_and_scores_it(ben, cast, attempt, number, marks, sign):
    answer_all(cast.ben, attempt)
    assert save(ben, attempt, "99", 2) == 400
    assert save(ben, attempt, str(number), 2) == 200
    asked = page(ben, reverse("courses:item", args=[attempt.key, number_of(attempt)]))
    assert f'max="10" value="{number}"' in asked
    assert "CANARY-SLIDER" not in asked

    ben.post(reverse("courses:submit-attempt", args=[attempt.key]))
    assert attempt.item_scores.get(item_key="counts-a").earned == marks
    result = page(ben, reverse("courses:result", args=[attempt.key]))
    assert "CANARY-SLIDER-QUIZ" in result
    assert sign in result


def test_its_form_is_restored_after_signing_in_again(ben, cast, attempt, sign_in):
    """What was sent while signed out is shown again once the same person is back."""
    url = reverse("courses:save-response", args=[attempt.key, number_of(attempt)])
    ben.session.flush()
    ben.post(url, {"event_id": f"{1:032x}", "sequence": 1, "slider": "6"})
    ben.force_login(cast.ben)
    asked = page(ben, reverse("courses:item", args=[attempt.key, number_of(attempt)]))
    assert 'max="10" value="6"' in asked


def test_a_clinician_reads_it_with_its_answer_and_sources(made_up, cast, sign_in):
    url = reverse("courses:sign-off", args=["tiny", "first-things"])
    reviewed = page(sign_in(cast.rhea), url)
    assert "Fits: 6 to 8" in reviewed
    assert 'CANARY-SLIDER-LESSON Most of them. <span class="ids">A1</span>' in reviewed
    assert "Fits: 4 to 4" in reviewed


def export(root, out, form: str) -> str:
    """What the command says when it writes the items of the tiny course."""
    output = StringIO()
    call_command("export_items", "tiny", str(out), f"--format={form}", folder=root, stdout=output)
    return output.getvalue()


@pytest.mark.parametrize("form", ["gift", "qti"])
def test_other_systems_are_given_it_and_it_comes_back(root, tmp_path, form):
    """A number fits no shape there, so it is asked as a single choice of the numbers 0 to 10.

    Half a mark for the number beside the right one is lost there, and the command says so. Here it
    comes back as a slider.
    """
    bank = tmp_path / f"bank.{form}"
    said = export(root, bank, form)
    assert "1 of them are sliders: other systems ask them as a choice" in said

    items = root / "tiny/items/first-things.yaml"
    before = read_items(root / "tiny")
    course = read(root)
    kept = items.read_text().removesuffix(ITEM)
    imported = tmp_path / "imported.yaml"
    to = (str(imported), f"--format={form}", "--lesson=first-things")
    call_command("import_items", str(bank), *to, stdout=StringIO())
    returned = imported.read_text().partition("  - key: counts-a\n")[2]
    items.write_text(f"{kept}\n  - key: counts-a\n{returned}")
    assert read_items(root / "tiny") == before
    assert read(root) == course


def test_a_system_that_reads_gift_finds_a_choice_in_it(root, tmp_path):
    bank = tmp_path / "bank.gift"
    export(root, bank, "gift")
    written = bank.read_text().partition("::counts-a::")[2]
    question, *_ = written.partition("}")
    assert question.startswith("[markdown]How many of ten seeds grow in a garden?{\n\t~0\n")
    assert "\t=4#CANARY-SLIDER-QUIZ Four of ten.\n\t~5\n" in question
    assert question.endswith("\t~10\n")
    assert question.count("\n\t=") == 1


@pytest.mark.parametrize("form", ["gift", "qti"])
def test_one_that_no_other_system_can_ask_is_refused(root, tmp_path, form):
    """With a tolerance several numbers earn the mark, which no single choice has."""
    items = root / "tiny/items/first-things.yaml"
    items.write_text(items.read_text().replace("right: 4", "right: 4\n    tolerance: 1"))
    out = tmp_path / "items"
    with pytest.raises(CommandError, match=r"counts-a: is of kind 'slider', which no other"):
        export(root, out, form)
    assert not out.exists()


def test_an_exported_one_that_was_changed_is_not_taken(root, tmp_path):
    """Its comment says that two numbers are right, as do its answers: no slider is made of that."""
    bank = tmp_path / "bank.gift"
    export(root, bank, "gift")
    question = '{"text":"9"'
    changed = bank.read_text().replace(question, f'{question},"is_correct":true')
    bank.write_text(changed.replace("\n\t~9\n", "\n\t=9\n"))
    output = StringIO()
    to = (str(tmp_path / "imported.yaml"), "--format=gift", "--lesson=first-things")
    call_command("import_items", str(bank), *to, stdout=output)
    assert "counts-a: has a `// notice:` line that was changed" in output.getvalue()


def test_a_kind_that_is_not_exchanged_is_refused(root, tmp_path, monkeypatch):
    """A kind need not have an exchange form: then its items are not given to other systems."""
    monkeypatch.setattr(Slider, "to_exchange", Kind.to_exchange)
    out = tmp_path / "items.gift"
    with pytest.raises(CommandError, match=r"counts-a.*slider"):
        export(root, out, "gift")
    assert not out.exists()


def test_a_kind_that_this_release_does_not_know_is_not_imported(root, tmp_path, monkeypatch):
    bank = tmp_path / "bank.gift"
    export(root, bank, "gift")
    monkeypatch.delitem(KINDS, "slider")
    out = tmp_path / "imported.yaml"
    output = StringIO()
    to = (str(out), "--format=gift", "--lesson=first-things")
    call_command("import_items", str(bank), *to, stdout=output)
    assert "counts-a: has a `// notice:` line that was changed" in output.getvalue()
    assert "counts-a" not in out.read_text()
