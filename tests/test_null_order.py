"""Code that orders rows by a nullable column says where NULL goes: the databases differ.

The PostgreSQL manual, 7.5 "Sorting Rows"; SQLite, "Datatypes", section 4.
"""

import ast
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model

from courses.people.actions import assign_course, join_cohort, start_cohort
from courses.people.models import Assignment
from tests.test_quiz_pages import words

CODE = Path(__file__).parent.parent / "courses"
ORDERING = {"order_by", "earliest", "latest"}
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def is_nullable(model: type[Model], path: str) -> bool:
    """Whether this path of names, from this model, may lead to NULL; no where the model has no such path."""
    nullable = False
    for name in path.split("__"):
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            return False
        nullable = nullable or bool(getattr(field, "null", False))
        if field.is_relation and field.related_model:
            model = field.related_model
    return nullable


def may_be_null(path: str) -> bool:
    return any(is_nullable(model, path) for model in apps.get_app_config("courses").get_models())


def orders(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Each bare name that rows are ordered by, with its line.

    In order_by and its kin, in Meta.ordering, and in F().desc(). What `nulls_first` or `nulls_last` is said of is not bare.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in {
            "ordering",
            "get_latest_by",
        }:
            yield from names_in(node.value)
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if node.func.attr in ORDERING:
            for argument in node.args:
                yield from names_in(argument)
        is_f = (
            isinstance(node.func.value, ast.Call) and getattr(node.func.value.func, "id", "") == "F"
        )
        if node.func.attr in {"asc", "desc"} and is_f and not node.keywords:
            yield from names_in(node.func.value.args[0])


def names_in(node: ast.expr) -> Iterator[tuple[int, str]]:
    parts = node.elts if isinstance(node, ast.Tuple | ast.List) else [node]
    for part in parts:
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.lineno, part.value.lstrip("-")


def bare(source: str) -> list[tuple[int, str]]:
    return [(line, name) for line, name in orders(ast.parse(source)) if may_be_null(name)]


def test_it_works():
    found = []
    for path in sorted(CODE.rglob("*.py")):
        if "migrations" not in path.parts:
            found += [
                f"{path.relative_to(CODE)}:{line}: {name}" for line, name in bare(path.read_text())
            ]
    assert found == [], "say where NULL goes: F(name).asc(nulls_last=True)"


@pytest.mark.parametrize(
    "source",
    [
        'rows.order_by("-due_at")',
        'rows.order_by("course", "due_at")',
        'rows.latest("completed_at")',
        'rows.order_by(F("due_at").desc())',
        'ordering = ["-enrolment__completed_at"]',
    ],
)
def test_the_scan_sees_what_it_is_for(source):
    assert len(bare(source)) == 1


def test_the_scan_leaves_alone_what_says_it_or_is_never_null():
    assert bare('rows.order_by(F("due_at").desc(nulls_last=True), "assigned_at", "-number")') == []


def cohorts_due(cast, course, *days: int | None) -> None:
    """Ana joins one more cohort for each of these, with the course due in so many days; None: no date."""
    for number, day in enumerate(days):
        due = (NOW + timedelta(days=day)).date() if day is not None else None
        cohort = start_cohort(
            cast.tess, cast.cohort.organisation, f"Group {number}", course, due, NOW
        )
        join_cohort(cast.ana, cohort, NOW)


@pytest.mark.parametrize(
    "days", [(None, 9, 5, None, 30), (30, None, 5, 9), (5, 9, 30), (30, 9, 5, None)]
)
@pytest.mark.parametrize("begun", [False, True])
def test_the_due_date_a_learner_sees_is_the_nearest_of_all_their_cohorts(
    cast, course, sign_in, days, begun
):
    cohorts_due(cast, course, *days)
    ana = sign_in(cast.ana)
    if begun:
        ana.post("/courses/tiny/enrol/")
    said = words(ana.get("/"))
    assert "It was due on Saturday 7 March 2026" in said
    assert said.count("It was due on") == 1
    assert f"Group {days.index(5)}" in said


def test_where_no_cohort_has_a_date_none_is_shown(cast, course, sign_in):
    cohorts_due(cast, course, None, None)
    assert "It was due on" not in words(sign_in(cast.ana).get("/"))


def test_a_cohort_that_was_left_has_no_say(cast, course, sign_in):
    cohorts_due(cast, course, 5, 9)
    cast.ana.cohort_memberships.filter(cohort__name="Group 0").update(left_at=NOW)
    assign_course(cast.tess, cast.cohort, course, None, NOW)
    assert Assignment.objects.filter(due_at=None).exists()
    assert "It was due on Wednesday 11 March 2026" in words(sign_in(cast.ana).get("/"))
