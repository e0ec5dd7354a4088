"""Clinicians read a lesson whole and sign it off or ask for changes; until then every page says that none has."""

import re
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.authoring.publishing import publish
from courses.certificates.models import Certificate
from courses.learning.actions import enrol, submit_attempt
from courses.learning.lesson_actions import begin_lesson
from courses.learning.models import Enrolment
from courses.learning.queries import enrolment_progress_on
from courses.library import content
from courses.library.models import Course
from courses.library.queries import content_of
from courses.people.actions import NotYours, set_review_right
from courses.people.audit import AuditEvent
from courses.people.models import User
from courses.signoffs.actions import HasChanged, NotReviewer, Signature, sign_off
from courses.signoffs.material import OTHER_SCENES, Material, materials_of
from courses.signoffs.models import SignOff
from courses.signoffs.queries import digests_of, rechecks, review_statuses_on
from courses.signoffs.review_status import (
    UNREVIEWED,
    ReviewStatus,
    SignOffRecord,
    review_status,
    status_of,
)
from tests.conftest import answer_all, begin_quiz, learn, person
from tests.test_queries import assert_at_most, queries

FIRST = "/reviewing/tiny/first-things/"
SIGNED = "Signed off by Rhea Jones, Health visitor (NMC) on 2 March 2026."
T = datetime(2026, 3, 2, 9, tzinfo=UTC)
WORDS = Signature(SignOff.Decision.SIGNED, "Rhea Jones", "Health visitor", "NMC", "12A3456E")
CHANGES = replace(WORDS, decision=SignOff.Decision.CHANGES, note="Step 2: say what grows.")


def words(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode())).replace(
        "&#x27;", "'"
    )


def material(course: Course, key: str = "first-things") -> Material:
    return next(one for one in materials_of(content_of(course.edition_id)) if one.key == key)


def signed(
    user: User, course: Course, said: Signature = WORDS, key: str = "first-things", at: datetime = T
) -> SignOff:
    about = material(course, key)
    return sign_off(user, course.edition_id, about, about.digest, said, uuid.uuid4(), at)


def form(course: Course, **instead: object) -> dict[str, object]:
    digest = digests_of(course.edition_id)["first-things"]
    sent = {
        "decision": "signed",
        "name": "Rhea Jones",
        "role": "Health visitor",
        "body": "NMC",
        "digest": digest,
    }
    return {**sent, "event_id": uuid.uuid4(), **instead}


def next_edition(tiny: content.Course, **changes: object) -> Course:
    publish([tiny.model_copy(update=changes)], T + timedelta(days=1))
    return Course.objects.get(key="tiny")


def said_of(course: Course, key: str = "first-things") -> str:
    return review_statuses_on(course.pk, course.edition_id)[key].state


@pytest.fixture
def rhea(cast, sign_in) -> Client:
    return sign_in(cast.rhea)


def test_it_works(cast, course, rhea, sign_in):
    ben = sign_in(cast.ben)
    learn(cast.ben, course, lessons=1)
    front = "/courses/tiny/lessons/first-things/"
    assert UNREVIEWED in words(ben.get(front))
    assert UNREVIEWED not in words(ben.get(front + "opening/")), "said once a lesson"
    assert "Not yet signed off" in words(rhea.get("/reviewing/"))

    assert rhea.post(FIRST, form(course)).url == "/reviewing/"
    made = SignOff.objects.get()
    assert (made.lesson_key, made.lesson_version, made.edition_id) == (
        "first-things",
        1,
        course.edition_id,
    )
    assert (made.decision, made.reviewer, made.digest) == (
        "signed",
        cast.rhea,
        material(course).digest,
    )

    day = f"{timezone.localdate():%-d %B %Y}"
    assert f"Signed off by Rhea Jones, Health visitor (NMC) on {day}." in words(ben.get(front))
    assert UNREVIEWED not in words(ben.get(front))
    assert f"Signed off by Rhea Jones, Health visitor (NMC) on {day}" in words(
        rhea.get("/reviewing/")
    )


@pytest.mark.parametrize("path", ["/reviewing/", FIRST, f"/reviewing/tiny/{OTHER_SCENES}/"])
def test_for_who_is_no_reviewer_the_pages_are_not_there(cast, sign_in, client, path):
    for who in (cast.ana, cast.tess, cast.mo, cast.sam):
        assert sign_in(who).get(path).status_code == 404
    assert unquote(client.get(path).url) == f"/account/login/?next={path}"


def test_the_navigation_leads_reviewers_there_and_nobody_else(cast, rhea, sign_in):
    assert 'href="/reviewing/"' in rhea.get("/courses/").content.decode()
    assert "/reviewing/" not in sign_in(cast.sam).get("/courses/").content.decode()


@pytest.mark.parametrize(
    "path",
    ["/reviewing/none/first-things/", "/reviewing/tiny/none/", f"/reviewing/tiny/{OTHER_SCENES}/"],
)
def test_a_lesson_that_is_not_there_is_not_there(rhea, path):
    assert rhea.get(path).status_code == 404


def test_a_reviewer_who_lost_the_right_finds_nothing_and_what_they_signed_stays(cast, course, rhea):
    signed(cast.rhea, course)
    set_review_right(cast.sam, cast.rhea, False, T)
    assert rhea.get(FIRST).status_code == rhea.post(FIRST, form(course)).status_code == 404
    assert said_of(course) == "signed"
    assert SignOff.objects.count() == 1


class TestTheRight:
    """Given by staff, never by oneself, and written down."""

    def test_staff_gives_and_takes_it(self, cast):
        set_review_right(cast.sam, cast.ana, True, T)
        assert User.objects.get(pk=cast.ana.pk).is_reviewer
        set_review_right(cast.sam, cast.ana, False, T)
        assert not User.objects.get(pk=cast.ana.pk).is_reviewer
        events = AuditEvent.objects.filter(action="let_review").order_by("pk")
        assert [(e.actor, e.subject, e.details) for e in events] == [
            (cast.sam, cast.ana, {"may": True}),
            (cast.sam, cast.ana, {"may": False}),
        ]

    def test_nobody_gives_it_to_themselves_and_only_staff_gives_it(self, cast):
        for giver, getter in (
            (cast.sam, cast.sam),
            (cast.ana, cast.ana),
            (cast.tess, cast.ana),
            (cast.rhea, cast.ana),
        ):
            with pytest.raises(NotYours):
                set_review_right(giver, getter, True, T)
        assert list(User.objects.filter(is_reviewer=True)) == [cast.rhea]
        assert not AuditEvent.objects.filter(action="let_review").exists()

    def test_in_the_admin(self, cast, sign_in):
        root = person("Root", is_staff=True, is_superuser=True)
        browser = sign_in(root)

        def save(user: User) -> None:
            sent = {
                "email": user.email,
                "name": user.name,
                "profession": "gp",
                "is_active": "on",
                "is_reviewer": "on",
            }
            sent |= {"is_staff": "on", "is_superuser": "on"} if user == root else {}
            path = reverse("admin:courses_user_change", args=[user.pk])
            assert browser.post(path, sent).status_code == 302
            user.refresh_from_db()

        save(cast.ana)
        assert cast.ana.is_reviewer
        assert (
            AuditEvent.objects.filter(action="let_review", actor=root, subject=cast.ana).count()
            == 1
        )
        save(root)
        assert not root.is_reviewer

    def test_by_a_command(self, cast, capsys):
        call_command("let_review", "Ana@example.org", "--by", cast.sam.email)
        assert "ana@example.org may now sign lessons off" in capsys.readouterr().out
        assert User.objects.get(pk=cast.ana.pk).is_reviewer
        call_command("let_review", cast.ana.email, "--by", cast.sam.email, "--withdraw")
        assert not User.objects.get(pk=cast.ana.pk).is_reviewer

    @pytest.mark.parametrize(
        ("email", "by"), [("sam", "sam"), ("ana", "tess"), ("nobody", "sam"), ("ana", "nobody")]
    )
    def test_a_command_that_may_not_changes_nothing(self, cast, email, by):
        with pytest.raises(CommandError):
            call_command("let_review", f"{email}@example.org", "--by", f"{by}@example.org")
        assert list(User.objects.filter(is_reviewer=True)) == [cast.rhea]

    def test_sign_offs_are_in_the_admin_to_read_only(self, cast, course, sign_in):
        made = signed(cast.rhea, course)
        root = sign_in(person("Root", is_staff=True, is_superuser=True))
        assert "12A3456E" in root.get(reverse("admin:courses_signoff_changelist")).content.decode()
        page = reverse("admin:courses_signoff_change", args=[made.pk])
        assert root.get(page).status_code == 200
        assert root.post(page, {"name": "Somebody"}).status_code == 403
        assert root.get(reverse("admin:courses_signoff_add")).status_code == 403
        assert (
            root.post(
                reverse("admin:courses_signoff_delete", args=[made.pk]), {"post": "yes"}
            ).status_code
            == 403
        )


class TestTheFacts:
    def test_a_sign_off_never_changes(self, cast, course):
        made = signed(cast.rhea, course)
        made.name = "Somebody else"
        with pytest.raises(TypeError):
            made.save()
        with pytest.raises(TypeError):
            made.delete()
        assert SignOff.objects.get().name == "Rhea Jones"

    def test_the_action_asks_for_the_right_and_for_what_was_seen(self, cast, course):
        about = material(course)
        with pytest.raises(NotReviewer):
            sign_off(cast.sam, course.edition_id, about, about.digest, WORDS, uuid.uuid4(), T)
        with pytest.raises(HasChanged):
            sign_off(cast.rhea, course.edition_id, about, "0" * 64, WORDS, uuid.uuid4(), T)
        assert not SignOff.objects.exists()

    def test_a_second_press_changes_nothing(self, cast, course, rhea):
        sent = form(course)
        assert [rhea.post(FIRST, sent).status_code for _ in range(2)] == [302, 302]
        assert SignOff.objects.count() == 1

    def test_anothers_press_of_the_same_name_is_their_own(self, cast, course, rhea, sign_in):
        sent = form(course)
        rhea.post(FIRST, sent)
        roy = person("Roy", is_reviewer=True)
        sign_in(roy).post(FIRST, {**sent, "name": "Roy Lee"})
        assert set(SignOff.objects.values_list("reviewer", "name")) == {
            (cast.rhea.pk, "Rhea Jones"),
            (roy.pk, "Roy Lee"),
        }

    def test_what_changed_while_one_read_is_not_signed(self, course, tiny_content, rhea):
        sent = form(course, note="What I typed")
        lesson = tiny_content[0].lessons[0].model_copy(update={"title": "First things again"})
        next_edition(tiny_content[0], lessons=(lesson, tiny_content[0].lessons[1]))
        page = rhea.post(FIRST, sent)
        assert page.status_code == 400
        assert "This has changed since you opened the page" in words(page)
        assert "What I typed" in page.content.decode()
        assert not SignOff.objects.exists()
        digest = re.search(r'name="digest" value="(\w+)"', page.content.decode())[1]
        assert rhea.post(FIRST, {**sent, "digest": digest}).status_code == 302


WRONG = [
    ({"decision": ""}, "Choose whether you sign it off or ask for changes."),
    ({"decision": "perhaps"}, "Select a valid choice"),
    ({"decision": "changes"}, "Say what should change"),
    ({"name": " "}, "Write your name as it should stand"),
    ({"name": "12345"}, "Write your name in letters."),
    ({"role": ""}, "Write your role."),
    ({"body": ""}, "Choose the body that registers you"),
    ({"body": "FBI"}, "Select a valid choice"),
    ({"body": "other"}, "Write the name of the body that registers you."),
    ({"name": "x" * 121}, "at most 120 characters"),
    ({"event_id": "none"}, "valid UUID"),
]


@pytest.mark.parametrize(("instead", "told"), WRONG, ids=[told for _, told in WRONG])
def test_a_form_that_is_wrong_says_so_and_keeps_what_was_typed(course, rhea, instead, told):
    page = rhea.post(FIRST, form(course, registration="12A3456E", **instead))
    assert page.status_code == 400
    assert told in words(page)
    assert 'value="12A3456E"' in page.content.decode()
    assert page.content.decode().count("<title>Error: ") == 1
    assert not SignOff.objects.exists()


def test_another_body_is_named_in_its_own_words_and_the_next_form_is_filled(course, rhea):
    rhea.post(
        FIRST,
        form(course, body="other", other_body="British Psychoanalytic Council", registration="77"),
    )
    assert SignOff.objects.get().body == "British Psychoanalytic Council"
    page = rhea.get("/reviewing/tiny/last-things/").content.decode()
    for kept in ("Rhea Jones", "Health visitor", "British Psychoanalytic Council", "77"):
        assert f'value="{kept}"' in page
    assert '<option value="other" selected' in page


def test_what_was_typed_when_the_session_ended_waits(course, rhea, cast):
    rhea.get(FIRST)
    del rhea.cookies["sessionid"]
    sent = rhea.post(FIRST, form(course, note="A long thought"))
    assert unquote(sent.url) == f"/account/login/?next={FIRST}"
    rhea.force_login(cast.rhea)
    page = rhea.get(FIRST)
    assert "You were signed out before this was kept." in words(page)
    assert "A long thought" in words(page)
    assert not SignOff.objects.exists()
    assert "signed out before" in words(rhea.get(FIRST)), "until it is kept"
    rhea.post(FIRST, form(course, note="A long thought"))
    assert SignOff.objects.get().note == "A long thought"
    assert "signed out before" not in words(rhea.get(FIRST))


class TestThePage:
    """Everything a learner can meet, with what is right and what it rests on."""

    def test_it_shows_every_private_field_of_the_lesson_and_its_items(self, course, rhea):
        tiny = content_of(course.edition_id)
        for lesson in tiny.lessons:
            page = rhea.get(f"/reviewing/tiny/{lesson.key}/").content.decode()
            blocks = [block for step in lesson.steps for block in step.blocks]
            asked = [block.item for block in blocks if block.item] + [
                i for i in tiny.items if i.lesson == lesson.key
            ]
            for item in asked:
                for one in item.answers:
                    assert one.feedback in page
                    assert one.html in page
            for block in blocks:
                assert all(
                    text in page for text in (block.start, block.model, block.title, *block.points)
                )
                for moment in block.moments:
                    assert moment.html in page
                    assert all(choice.feedback in page for choice in moment.choices)

    def test_right_options_and_places_are_marked(self, rhea):
        page = words(rhea.get(FIRST))
        assert "A bean plant Right" in page
        assert "A garden gnome Right" not in page
        assert "Whale Fits: Large" in page

    def test_scenes_are_drawn_with_their_keys(self, rhea):
        page = rhea.get("/reviewing/tiny/last-things/").content.decode()
        assert 'id="scene-first"' in page
        assert re.search(r'<svg [^>]*aria-labelledby="(s[0-9a-f]{8})-t \1-d"', page)
        assert "CANARY-SPOT-RIGHT" in page

    def test_what_each_source_says_stands_beside(self, rhea):
        page = words(rhea.get(FIRST))
        assert "B1 Small things grow. Check again by 23 May 2027." in page
        assert "A1 Small things were studied." in page
        assert "A small study of small things." in page

    def test_terms_are_explained(self, rhea):
        assert "smallness Being small." in words(rhea.get(FIRST))

    def test_every_link_inside_the_page_leads_somewhere_and_no_id_stands_twice(self, rhea):
        for path in (FIRST, "/reviewing/tiny/last-things/"):
            page = rhea.get(path).content.decode()
            ids = re.findall(r'\sid="([^"]+)"', page)
            assert len(ids) == len(set(ids))
            assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)
            assert 'popovertarget="term' not in page

    def test_what_was_said_before_stands_there_with_its_note(
        self, cast, course, tiny_content, rhea
    ):
        signed(cast.rhea, course, CHANGES)
        page = words(rhea.get(FIRST))
        assert "Changes asked for by Rhea Jones on 2 March 2026" in page
        assert "Step 2: say what grows." in page
        assert "as it stood then" not in page
        next_edition(tiny_content[0], items=tiny_content[0].items[1:])
        assert "as it stood then" in words(rhea.get(FIRST))

    def test_scenes_that_no_lesson_shows_are_signed_too(self, cast, course, tiny_content, rhea):
        spare = (
            tiny_content[0].scenes[0].model_copy(update={"key": "spare", "title": "A spare scene"})
        )
        newest = next_edition(tiny_content[0], scenes=(*tiny_content[0].scenes, spare))
        page = rhea.get(f"/reviewing/tiny/{OTHER_SCENES}/")
        assert "A spare scene" in words(page)
        assert 'id="scene-first"' not in page.content.decode()
        signed(cast.rhea, newest, key=OTHER_SCENES)
        assert said_of(newest, OTHER_SCENES) == "signed"
        assert said_of(newest) == "waiting"


class TestWhatHolds:
    """A signature is for words and drawings: it holds in every edition where they are the same."""

    def test_another_lesson_may_change(self, cast, course, tiny_content):
        signed(cast.rhea, course)
        last = tiny_content[0].lessons[1].model_copy(update={"title": "Other last things"})
        newest = next_edition(
            tiny_content[0], lessons=(tiny_content[0].lessons[0], last), title="Tiny, again"
        )
        assert newest.edition_id != course.edition_id
        assert said_of(newest) == "signed"

    def test_a_reference_may_be_mended_and_a_check_put_off(self, cast, course, tiny_content):
        signed(cast.rhea, course)
        tiny = tiny_content[0]
        cite = tiny.publications["tiny-2020"].model_copy(update={"cite": "Tiny A (2020) Mended."})
        source = tiny.sources["B1"].model_copy(update={"check_by": "2028-01-01"})
        newest = next_edition(
            tiny, publications={"tiny-2020": cite}, sources={**tiny.sources, "B1": source}
        )
        assert said_of(newest) == "signed"

    def test_the_order_of_items_may_change(self, cast, course, tiny_content):
        signed(cast.rhea, course)
        assert said_of(next_edition(tiny_content[0], items=tiny_content[0].items[::-1])) == "signed"

    CHANGED = ("title", "version", "option", "item", "term", "scene", "picture")

    @pytest.mark.parametrize("what", CHANGED)
    def test_whatever_the_clinician_read_may_not(self, cast, course, tiny_content, what):
        tiny, key = tiny_content[0], "last-things" if what == "scene" else "first-things"
        signed(cast.rhea, course, key=key)
        newest = next_edition(tiny, **self.change(tiny, what))
        assert said_of(newest, key) == "waiting"
        before = review_statuses_on(newest.pk, newest.edition_id)[key].before
        assert before.name == "Rhea Jones"

    def change(self, tiny: content.Course, what: str) -> dict[str, object]:
        first, *rest = tiny.lessons
        simple = {"title": "Else", "version": 2, "picture": "<svg></svg>"}
        if what in simple:
            field = "svg" if what == "picture" else what
            return {"lessons": (first.model_copy(update={field: simple[what]}), *rest)}
        if what == "term":
            return {
                "glossary": {
                    "smallness": tiny.glossary["smallness"].model_copy(
                        update={"html": "Being tiny."}
                    )
                }
            }
        if what == "scene":
            return {"scenes": (tiny.scenes[0].model_copy(update={"description": "Another baby."}),)}
        if what == "item":
            return {"items": tiny.items[1:]}
        option = tiny.items[0].options[0].model_copy(update={"feedback": "Otherwise."})
        item = tiny.items[0].model_copy(update={"options": (option, *tiny.items[0].options[1:])})
        return {"items": (item, *tiny.items[1:])}

    def test_a_field_added_to_the_format_undoes_no_signature(self, course):
        """Editions of before, read by code that knows one field more, keep their digests; a word in it changes them."""

        class Fuller(content.Item):
            hint: str = ""

        about = material(course)
        fuller = tuple(Fuller(**item.model_dump()) for item in about.items)
        assert replace(about, items=fuller).digest == about.digest
        said = (fuller[0].model_copy(update={"hint": "Look"}), *fuller[1:])
        assert replace(about, items=said).digest != about.digest

    def test_a_learner_on_an_older_edition_sees_what_was_said_of_theirs(
        self, cast, course, tiny_content, sign_in
    ):
        enrol(cast.ben, course, T)
        begin = "/courses/tiny/lessons/first-things/"
        signed(cast.rhea, course)
        first = tiny_content[0].lessons[0].model_copy(update={"title": "First things, worse"})
        newest = next_edition(tiny_content[0], lessons=(first, tiny_content[0].lessons[1]))
        signed(cast.rhea, newest, CHANGES)
        assert SIGNED in words(sign_in(cast.ben).get(begin))
        enrol(cast.ana, newest, T)
        assert UNREVIEWED in words(sign_in(cast.ana).get(begin))


def verdict(who: int, is_signed: bool, day: int, digest: str = "now") -> SignOffRecord:
    return SignOffRecord(
        digest, is_signed, who, f"Reviewer {who}", "Doctor", "GMC", T + timedelta(days=day)
    )


OPINIONS = [
    ([], "waiting"),
    ([verdict(1, True, 1)], "signed"),
    ([verdict(1, False, 1)], "changes"),
    ([verdict(1, False, 1), verdict(1, True, 2)], "signed"),
    ([verdict(1, True, 2), verdict(1, False, 1)], "signed"),
    ([verdict(1, True, 1), verdict(1, False, 2)], "changes"),
    ([verdict(1, True, 1), verdict(2, True, 2)], "signed"),
    ([verdict(1, False, 1), verdict(2, True, 2)], "changes"),
    ([verdict(1, False, 1), verdict(2, True, 2), verdict(1, True, 3)], "signed"),
    ([verdict(1, True, 1, "before")], "waiting"),
    ([verdict(1, False, 1, "before"), verdict(2, True, 2)], "signed"),
    ([verdict(1, True, 1), verdict(1, False, 2, "later")], "signed"),
    ([replace(verdict(1, True, 1), number=8), replace(verdict(1, False, 1), number=7)], "signed"),
    ([replace(verdict(1, True, 1), number=7), replace(verdict(1, False, 1), number=8)], "changes"),
]


@pytest.mark.parametrize(("verdicts", "state"), OPINIONS)
def test_what_verdicts_come_to(verdicts, state):
    found = review_status(verdicts, "now")
    assert (found.state, found.is_signed) == (state, state == "signed")


def test_who_signed_stands_newest_first_and_an_earlier_signature_only_where_nobody_spoke_since():
    both = review_status([verdict(1, True, 1), verdict(2, True, 2)], "now")
    assert [one.reviewer_id for one in both.signed] == [2, 1]
    earlier = [
        verdict(1, True, 1, "older"),
        verdict(2, True, 2, "old"),
        verdict(3, False, 3, "old"),
    ]
    assert review_status(earlier, "now").before.reviewer_id == 2
    assert review_status([*earlier, verdict(4, False, 4)], "now").before is None


YES, NO = ReviewStatus(signed=(verdict(1, True, 1),)), ReviewStatus()


@pytest.mark.parametrize(
    ("lessons", "said"),
    [
        ([NO, NO], UNREVIEWED),
        ([YES, NO, NO], "Lessons signed off by a clinician: 1 of 3."),
        ([YES, YES], "All 2 lessons are signed off by a clinician."),
        ([YES], "Its one lesson is signed off by a clinician."),
    ],
)
def test_what_is_said_of_a_course(lessons, said):
    status = status_of(lessons)
    assert status.words.startswith(said)
    assert status.is_signed == (NO not in lessons)


class TestWhereItIsSaid:
    def test_the_page_of_a_course_and_of_a_lesson(self, cast, course, sign_in, client):
        ben = sign_in(cast.ben)
        enrol(cast.ben, course, T)
        pages = ("/courses/tiny/", "/courses/tiny/lessons/first-things/")
        assert all(UNREVIEWED in words(ben.get(page)) for page in pages)
        assert UNREVIEWED in words(client.get("/courses/tiny/"))
        signed(cast.rhea, course)
        assert "Lessons signed off by a clinician: 1 of 2." in words(ben.get("/courses/tiny/"))
        assert "Lessons signed off by a clinician: 1 of 2." in words(client.get("/courses/tiny/"))
        assert SIGNED in words(ben.get("/courses/tiny/lessons/first-things/"))
        assert UNREVIEWED in words(ben.get("/courses/tiny/lessons/last-things/"))

    def test_one_who_asks_for_changes_takes_it_off_the_lesson_and_learners_do_not_read_why(
        self, cast, course, sign_in
    ):
        roy = person("Roy", is_reviewer=True)
        enrol(cast.ben, course, T)
        signed(cast.rhea, course)
        signed(roy, course, replace(CHANGES, name="Roy Lee"), at=T + timedelta(hours=1))
        page = words(sign_in(cast.ben).get("/courses/tiny/lessons/first-things/"))
        assert UNREVIEWED in page
        assert "Roy" not in page
        assert "say what grows" not in page

    def test_the_registration_number_and_the_note_are_for_reviewers(
        self, cast, course, sign_in, client
    ):
        begin_lesson(enrol(cast.ben, course, T), content_of(course.edition_id).lessons[0], T)
        signed(cast.rhea, course, replace(WORDS, note="A word to the authors"))
        for browser in (client, sign_in(cast.ben)):
            for path in (
                "/courses/tiny/",
                "/courses/tiny/sources/",
                "/courses/tiny/lessons/first-things/opening/",
            ):
                page = browser.get(path).content.decode()
                assert "12A3456E" not in page
                assert "A word to the authors" not in page

    def test_the_sources_page_says_which_lessons_wait_and_where_each_source_stands(
        self, cast, course, client
    ):
        page = words(client.get("/courses/tiny/sources/"))
        assert page.count("Not yet reviewed by a clinician") == 3
        signed(cast.rhea, course)
        page = words(client.get("/courses/tiny/sources/"))
        assert "First things Signed off by Rhea Jones, Health visitor (NMC) on 2 March 2026" in page
        assert "Last things Not yet reviewed by a clinician" in page
        assert "Check again by 23 May 2027" in page

    def test_a_source_whose_day_has_passed_or_that_nobody_opened_says_so(
        self, course, tiny_content, client
    ):
        tiny = tiny_content[0]
        source = tiny.sources["B1"].model_copy(update={"check_by": "2020-05-23"})
        known = tiny.publications["tiny-2020"].model_copy(update={"status": "known"})
        next_edition(
            tiny, sources={**tiny.sources, "B1": source}, publications={"tiny-2020": known}
        )
        page = words(client.get("/courses/tiny/sources/"))
        assert "Was to be checked again by 23 May 2020" in page
        assert re.search(
            r"Tiny A \(2020\) A small study of small things\. Small Press\. Not yet checked", page
        )

    def test_the_certificate_says_what_was_true_when_it_was_issued(self, cast, course):
        learn(cast.ben, course)
        attempt = begin_quiz(cast.ben, course)
        answer_all(cast.ben, attempt)
        signed(cast.rhea, course)
        submit_attempt(cast.ben, attempt.key, timezone.now())
        issued = Certificate.objects.get(user=cast.ben)
        assert issued.facts["content_status"].startswith(
            "Lessons signed off by a clinician: 1 of 2."
        )
        signed(cast.rhea, course, CHANGES, at=T + timedelta(days=1))
        issued.refresh_from_db()
        assert issued.facts["content_status"].startswith(
            "Lessons signed off by a clinician: 1 of 2."
        )


class TestRechecks:
    def due(self, tiny: content.Course, **by: str) -> content.Course:
        sources = {
            key: tiny.sources["A1"].model_copy(update={"check_by": day}) for key, day in by.items()
        }
        return tiny.model_copy(update={"sources": sources})

    def test_the_most_overdue_stands_first_and_each_once_with_all_its_courses(self, tiny_content):
        one = self.due(tiny_content[0], A1="2026-03-01", B1="2025-12-31", C1="2026-05-01", D1="")
        two = self.due(tiny_content[0], A1="2026-03-01").model_copy(update={"title": "Two"})
        found = rechecks([one, two], datetime(2026, 3, 1).date())
        assert [(row.key, row.by.isoformat(), len(row.courses)) for row in found] == [
            ("B1", "2025-12-31", 1),
            ("A1", "2026-03-01", 2),
        ]

    def test_reviewers_see_what_is_overdue_and_what_is_soon(self, course, tiny_content, rhea):
        assert "The first falls due on 23 May 2027" in words(rhea.get("/reviewing/"))
        today = timezone.localdate()
        late, soon, later = (today + timedelta(days=days) for days in (-3, 20, 300))
        tiny = self.due(
            tiny_content[0], A1=soon.isoformat(), B1=late.isoformat(), C1=later.isoformat()
        )
        next_edition(tiny)
        page = words(rhea.get("/reviewing/"))
        assert "Overdue (1)" in page
        assert "Within 60 days (1)" in page
        assert page.index("B1. Small things were studied.") < page.index(
            "A1. Small things were studied."
        )
        assert f"The next after these falls due on {later:%-d %B %Y}" in page

    def test_a_day_is_overdue_when_it_has_passed(self, course, tiny_content, rhea):
        next_edition(self.due(tiny_content[0], A1=timezone.localdate().isoformat()))
        assert "Overdue" not in words(rhea.get("/reviewing/"))


class TestQueries:
    """As many with many signatures as with none."""

    def fill(self, course: Course, reviewers: int = 5, since: int = 0) -> None:
        for n in range(since, since + reviewers):
            for key in ("first-things", "last-things"):
                signed(person(f"R{n}{key[0]}", is_reviewer=True), course, key=key)

    def test_a_step_takes_no_more(self, cast, course, sign_in):
        begin_lesson(enrol(cast.ben, course, T), content_of(course.edition_id).lessons[0], T)
        self.fill(course)
        ben, path = sign_in(cast.ben), "/courses/tiny/lessons/first-things/opening/"
        assert_at_most(4, queries(ben, path))

    def test_the_page_of_a_course_still_takes_five(self, cast, course, sign_in):
        learn(cast.ben, course, lessons=1)
        self.fill(course)
        ben = sign_in(cast.ben)
        assert_at_most(6, queries(ben, "/courses/tiny/"))
        assert_at_most(5, queries(ben, "/courses/tiny/"))

    def test_the_reviewers_list_takes_four_however_many_courses(
        self, cast, course, tiny_content, rhea
    ):
        rhea.get("/reviewing/")
        before = len(queries(rhea, "/reviewing/"))
        self.fill(course)
        publish(
            [
                tiny_content[0].model_copy(update={"key": f"tiny-{n}", "position": n})
                for n in range(5)
            ],
            T,
        )
        rhea.get("/reviewing/")
        assert len(queries(rhea, "/reviewing/")) == before
        assert before <= 4

    def test_a_lesson_to_sign_takes_as_many_however_often_it_was_signed(self, course, rhea):
        rhea.get(FIRST)
        before = len(queries(rhea, FIRST))
        self.fill(course)
        assert len(queries(rhea, FIRST)) == before
        assert before <= 6

    def test_memory_gives_what_a_query_gives(self, cast, course):
        """The same opinions from memory and from rows, and the newest after each further verdict."""
        enrol(cast.ben, course, T)
        for n in (0, 1):
            self.fill(course, 1, since=n)
            assert Enrolment.objects.with_sign_off_count().get(user=cast.ben).sign_off_count
            asked = review_statuses_on(course.pk, course.edition_id)
            del asked[
                "handout"
            ]  # it is printed, and no page of a learner shows what was said of it
            assert enrolment_progress_on(cast.ben, "tiny").review_statuses == asked


def test_what_a_clinician_reads_first_is_listed_in_its_order(cast, rhea, tiny_content):
    """Each with its safety items; what is not among them stands in its course alone."""
    tiny = tiny_content[0]
    first, last = tiny.lessons
    assert "Read first" not in words(rhea.get("/reviewing/"))
    ordered = (
        first.model_copy(update={"read_first": 2}),
        last.model_copy(update={"read_first": 1}),
    )
    next_edition(tiny, lessons=ordered)
    said = words(rhea.get("/reviewing/"))
    start = said.index("Read first")
    assert start < said.index("Last things", start) < said.index("First things", start)
    assert "2 safety items" in said[start:]
