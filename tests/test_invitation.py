"""From an invitation, or from "Start this course", through an account to the first step."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from courses.authoring.publishing import publish
from courses.learning.models import Enrolment
from courses.library.models import Course
from courses.models import RateLimit
from courses.people.actions import start_cohort
from courses.people.models import Cohort, CohortMembership, User, new_join_code
from tests.conftest import learn
from tests.test_access import rows
from tests.test_accounts import LEAVING, NEW, fields_of, is_signed_in, sign_in_as, sign_up

FIRST_STEP = "/courses/tiny/lessons/first-things/opening/"


def text(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def address_of(cohort: Cohort) -> str:
    return f"/join/{cohort.join_code}/"


def link_of(mail: object) -> str:
    """The first link of a mail, with its query string."""
    return re.search(r"https?://[^/\s]+(/\S+)", mail.body)[1]


def confirm(client: Client, link: str) -> object:
    """Presses the button on the page of the link, as a browser does."""
    page = text(client, link)
    action = link.partition("?")[0]
    return client.post(action, fields_of(page, action))


def test_it_works(client, cast, mailoutbox):
    """Invitation, account, mail, one press, and the cohort's course is open at its first step."""
    invitation = address_of(cast.cohort)
    page = text(client, invitation)
    to = re.search(r'href="(/account/signup/[^"]+)"', page)[1]
    sent = fields_of(text(client, to), "/account/signup/")
    assert sent["next"] == invitation
    client.post("/account/signup/", NEW | sent)
    mail = " ".join(mailoutbox[0].body.split())
    assert mail.startswith("Dear Nia Rhys, You get this because you are making an account")
    assert "to join Autumn, invited by Tess, and to learn “Tiny things”." in mail
    assert confirm(client, link_of(mailoutbox[0]))["Location"] == invitation
    assert is_signed_in(client)

    nia = User.objects.get(email=NEW["email"])
    assert not CohortMembership.objects.filter(user=nia).exists(), "she has not agreed yet"
    assert "Join and start" in text(client, invitation)
    joined = client.post(invitation, {"start": "1"})
    assert joined["Location"] == FIRST_STEP
    assert client.get(FIRST_STEP).status_code == 200
    assert CohortMembership.objects.get(user=nia).cohort == cast.cohort
    assert Enrolment.objects.get(user=nia).course.key == "tiny"
    dashboard = Client()
    dashboard.force_login(cast.tess)
    assert "Nia Rhys" in text(dashboard, f"/cohorts/{cast.cohort.key}/tiny/")


def test_an_invitation_says_who_invites_to_what_and_what_is_seen(cast, course):
    day = timezone.localdate() + timedelta(days=9)
    late = start_cohort(cast.tess, cast.cohort.organisation, "Late", course, day, timezone.now())
    page = text(Client(), address_of(late))
    for part in (
        "Tess invites you to Late",
        "Riverside",
        "Tiny things",
        "2 lessons of about",
        f"due {day:%A} {day.day} {day:%B %Y} (end of day)",
        "What your trainer will see",
        'href="/privacy/"',
        "Create an account",
        "I have one",
    ):
        assert part in page, part
    assert cast.tess.email not in page


def test_an_invitation_of_two_trainers_names_both(cast):
    cast.cohort.trainers.add(cast.mo)
    page = text(Client(), address_of(cast.cohort))
    assert "You are invited to Autumn" in page
    assert "Led by Mo and Tess" in page


def test_looking_at_an_invitation_writes_nothing(cast, sign_in):
    before = rows()
    for client in (Client(), sign_in(cast.ben)):
        assert client.get(address_of(cast.cohort)).status_code == 200
    assert rows() == before


def test_a_visitor_does_not_join_by_sending_the_form(cast):
    before = rows()
    sent = Client().post(address_of(cast.cohort), {"start": "1"})
    assert sent["Location"].startswith("/account/login/?next=%2Fjoin%2F")
    assert rows() == before


def test_a_wrong_or_renewed_invitation_says_what_to_do(cast, sign_in):
    old = address_of(cast.cohort)
    sign_in(cast.tess).post(f"/cohorts/{cast.cohort.key}/renew-code/")
    for path in (old, "/join/ABCDEFGHJK/", "/join/%00/"):
        page = Client().get(path)
        assert page.status_code == 404
        assert "This invitation does not work" in page.content.decode()
        assert "Ask the person who sent it" in page.content.decode()


def test_visitors_who_guess_are_slowed_by_their_address(cast, settings):
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "join-code-address": (6, 600)}
    for _ in range(3):
        assert Client().get(f"/join/{new_join_code()}/").status_code == 404
        assert Client().post("/join/", {"code": new_join_code()}).status_code == 400
    assert Client().get(address_of(cast.cohort)).status_code == 429
    assert Client(REMOTE_ADDR="10.0.0.9").get(address_of(cast.cohort)).status_code == 200


def test_a_visitor_is_stopped_at_twenty_wrong_codes(cast):
    """Twenty different ones, as links or in the form; then right ones are refused too, in words."""
    for _ in range(10):
        assert Client().get(f"/join/{new_join_code()}/").status_code == 404
        assert Client().post("/join/", {"code": new_join_code()}).status_code == 400
    for refused in (
        Client().get(address_of(cast.cohort)),
        Client().post("/join/", {"code": cast.cohort.join_code}),
    ):
        assert refused.status_code == 429
        words = refused.content.decode()
        assert "Wait 10 minutes" in words
        assert "Sign in" in words
    assert Client(REMOTE_ADDR="10.0.0.9").get(address_of(cast.cohort)).status_code == 200


def test_visitors_guesses_keep_no_signed_in_colleague_out(cast, sign_in):
    for _ in range(20):
        Client().get(f"/join/{new_join_code()}/")
    assert sign_in(cast.ben).get(address_of(cast.cohort)).status_code == 200


def test_an_account_is_stopped_at_twenty_wrong_codes(cast, sign_in):
    ben = sign_in(cast.ben)
    for _ in range(20):
        assert ben.post("/join/", {"code": new_join_code()}).status_code == 400
    assert ben.post("/join/", {"code": cast.cohort.join_code}).status_code == 429


def test_sixty_visitors_who_open_one_old_link_keep_no_one_out(cast):
    """They are behind one address, and none of them guesses."""
    for _ in range(60):
        assert Client().get("/join/ABCDEFGHJK/").status_code == 404
    assert Client().get(address_of(cast.cohort)).status_code == 200
    assert not RateLimit.objects.filter(scope="join-code-account").exists()


def test_joining_twice_starts_nothing_twice(cast, sign_in):
    ben = sign_in(cast.ben)
    first = ben.post(address_of(cast.cohort), {"start": "1"})
    before = rows()
    second = ben.post(address_of(cast.cohort), {"start": "1"})
    assert (first["Location"], second["Location"]) == (FIRST_STEP, "/")
    assert rows() == before
    assert "You are in this cohort" in text(ben, address_of(cast.cohort))


def test_who_has_begun_the_course_joins_and_goes_home(cast, course, sign_in):
    learn(cast.ben, course, lessons=1)
    ben = sign_in(cast.ben)
    page = text(ben, address_of(cast.cohort))
    assert "Join and start" not in page
    assert ben.post(address_of(cast.cohort))["Location"] == "/"


def test_the_link_leads_on_in_another_browser_once_one_signs_in(cast, mailoutbox):
    """The mail was opened on a phone: the address is confirmed, and the password is asked for."""
    sign_up(Client(), next=address_of(cast.cohort))
    phone = Client()
    to = confirm(phone, link_of(mailoutbox[0]))["Location"]
    assert not is_signed_in(phone)
    page = text(phone, to)
    assert f'value="{NEW["email"]}"' in page, "the address need not be typed again"
    sent = fields_of(page, "/account/login/")
    back = sign_in_as(phone, NEW["email"], NEW["password1"], **sent)
    assert back["Location"] == address_of(cast.cohort)


def test_a_link_asked_for_again_by_signing_in_leads_on_too(cast, mailoutbox):
    sign_up(Client(), next=address_of(cast.cohort))
    RateLimit.objects.all().delete()
    sign_in_as(Client(), NEW["email"], NEW["password1"], next=address_of(cast.cohort))
    assert confirm(Client(), link_of(mailoutbox[1]))["Location"].endswith("%2F")
    assert "next=%2Fjoin%2F" in link_of(mailoutbox[1])


def test_a_link_opened_twice_says_so_and_leads_on(cast, mailoutbox):
    client = Client()
    sign_up(client, next=address_of(cast.cohort))
    link = link_of(mailoutbox[0])
    confirm(client, link)
    page = text(client, link)
    assert "Your email is confirmed already" in page
    assert f'href="{address_of(cast.cohort)}"' in page
    elsewhere = text(Client(), link)
    assert "Your email is confirmed already" in elsewhere
    assert "/account/login/?next=%2Fjoin%2F" in elsewhere


def test_a_second_press_on_the_button_of_the_link_is_no_error(cast, mailoutbox):
    client = Client()
    sign_up(client, next=address_of(cast.cohort))
    link = link_of(mailoutbox[0])
    action = link.partition("?")[0]
    sent = fields_of(text(client, link), action)
    client.post(action, sent)
    second = client.post(action, sent, follow=True)
    assert second.status_code == 200
    assert "Your email is confirmed already" in second.content.decode()


def test_a_double_press_on_sign_up_makes_one_account_that_the_link_signs_in(course, mailoutbox):
    """The second answer may be the one whose session the browser keeps."""
    first, second = Client(), Client()
    sign_up(first, next="/courses/")
    sign_up(second, next="/courses/")
    assert User.objects.count() == len(mailoutbox) == 1
    assert confirm(second, link_of(mailoutbox[0]))["Location"] == "/courses/"
    assert is_signed_in(second)


def test_another_password_for_a_pending_account_goes_nowhere(course, mailoutbox):
    sign_up(Client())
    RateLimit.objects.all().delete()
    stranger = Client()
    sign_up(stranger, password1="another-calm-morning")
    assert "already have an account" in mailoutbox[1].subject
    confirm(stranger, link_of(mailoutbox[0]))
    assert not is_signed_in(stranger)


def test_who_gave_somebody_elses_address_is_not_signed_in_by_their_press(course, mailoutbox):
    """And the owner of the address, in a browser of their own, is asked for the password."""
    stranger, owner = Client(), Client()
    sign_up(stranger)
    confirm(owner, link_of(mailoutbox[0]))
    assert not is_signed_in(stranger)
    assert not is_signed_in(owner)


@pytest.mark.parametrize("next_", LEAVING)
def test_a_confirmation_never_leads_off_this_host(course, mailoutbox, next_):
    client = Client()
    sign_up(client, next=next_)
    link = link_of(mailoutbox[0])
    onward = parse_qs(urlsplit(link).query).get("next", ["/"])[0]
    assert re.match(r"/(?![/\\])", onward)
    response = client.post(link.partition("?")[0], {"next": next_})
    assert response.status_code in {302, 400}
    if response.status_code == 302:
        to = response["Location"]
        assert urlsplit(to).netloc in {"", "testserver"}, to
        assert not re.search(r"[\r\n\t\0]", to), to


def test_a_very_long_way_back_is_left_out_of_the_mail(course, mailoutbox):
    sign_up(Client(), next="/courses/?" + "x" * 600)
    assert "next" not in link_of(mailoutbox[0])


@pytest.mark.parametrize("is_new", [True, False])
def test_starting_a_course_leads_to_its_first_step(cast, mailoutbox, is_new):
    """By way of a new account, or of one that is there."""
    client = Client()
    to = client.post("/courses/tiny/enrol/")["Location"]
    page = text(client, to)
    if is_new:
        client.post("/account/signup/", NEW | fields_of(page, "/account/signup/"))
        arrived = confirm(client, link_of(mailoutbox[0]))
    else:
        login = re.search(r'href="(/account/login/\?next[^"]+)"', page)[1]
        sent = fields_of(text(client, login), "/account/login/")
        arrived = sign_in_as(client, cast.ben.email, **sent)
    assert arrived["Location"] == FIRST_STEP
    assert Enrolment.objects.get().course.key == "tiny"
    assert client.get(FIRST_STEP).status_code == 200


def test_who_has_an_account_and_signs_up_again_is_led_on_by_the_mail(cast, mailoutbox):
    sign_up(Client(), email=cast.ben.email, next=address_of(cast.cohort))
    link = link_of(mailoutbox[0])
    client = Client()
    sent = fields_of(text(client, link), "/account/login/")
    back = sign_in_as(client, cast.ben.email, **sent)
    assert back["Location"] == address_of(cast.cohort)


def test_a_page_that_is_only_loaded_starts_no_course(cast, sign_in):
    ben = sign_in(cast.ben)
    for path in ("/courses/tiny/?start", "/account/login/?next=/courses/tiny/%3Fstart"):
        ben.get(path, follow=True)
    assert not Enrolment.objects.exists()


@pytest.mark.parametrize("path", ["/courses/none/?start", "/nowhere/?start", "/verify/?start"])
def test_starting_what_is_not_there_starts_nothing(cast, path):
    assert sign_in_as(Client(), cast.ben.email, next=path)["Location"] == path
    assert not Enrolment.objects.exists()


def test_a_lesson_that_asks_for_care_begins_on_its_first_page(cast, tiny_content, sign_in):
    """What it says before one begins is not skipped."""
    tiny = tiny_content[0]
    first = tiny.lessons[0].model_copy(update={"care": "This lesson speaks of loss."})
    publish([tiny.model_copy(update={"lessons": (first, *tiny.lessons[1:])})], timezone.now())
    started = sign_in(cast.ben).post("/courses/tiny/enrol/")
    assert started["Location"] == "/courses/tiny/lessons/first-things/"


def test_signing_in_goes_from_the_address_to_the_password_to_the_button(course):
    """Nothing stands between them that Tab would stop at."""
    page = text(Client(), "/account/login/")
    form = page.split('action="/account/login/"')[1].split("</form>")[0]
    stops = re.findall(r"<(?:a|button|input(?! type=\"hidden\")|select|textarea)\b", form)
    assert stops == ["<input", "<input", "<button"]
    assert "Forgot your password?" in page.split("</form>")[-1]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (
            "/account/signup/",
            ["Enter your name", "Enter your email address", "Choose your professional role"],
        ),
        ("/account/login/", ["Enter your email address", "Enter your password"]),
        ("/account/password/reset/", ["Enter your email address"]),
        ("/account/login/code/", ["Enter your email address"]),
    ],
)
def test_errors_say_what_to_do_right_below_the_heading(course, path, words):
    page = Client().post(path, {}).content.decode()
    assert "This field is required" not in page
    after_heading = page.split("</h1>")[1]
    summary = after_heading.split("</ul>")[0]
    for word in words:
        assert word in summary
    above = summary.split("nhsuk-error-summary")[0]
    assert above.count("<p") <= 1


def test_the_course_of_an_invitation_may_be_retired(cast, sign_in):
    Course.objects.update(retired_at=timezone.now())
    page = text(sign_in(cast.ben), address_of(cast.cohort))
    assert "Join and start" not in page
    assert sign_in(cast.ben).post(address_of(cast.cohort), {"start": "1"})["Location"] == "/"
