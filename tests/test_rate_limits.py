"""Rate limits: counted exactly by the database, for as long as they say, for the right address."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from courses.people.models import JOIN_ALPHABET
from courses.web.models import RateLimit
from courses.web.rate_limits import (
    Limit,
    NotCounted,
    RateLimited,
    address_of,
    check,
    count,
    delete_ended,
    forget,
    give_back,
    is_remembered,
    remember,
)
from tests.conftest import PASSWORD
from tests.test_races import at_once

T = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FAR = 10_000


@pytest.fixture(autouse=True)
def some_limits(settings):
    settings.RATE_LIMITS = {
        **settings.RATE_LIMITS,
        "three": (3, 600),
        "far": (FAR, 600),
        "slow": (3, 3600, 60, 120),
    }


def is_let_in(scope: str, key: str, now: datetime) -> bool:
    try:
        count(scope, key, now)
    except RateLimited:
        return False
    return True


def wait_of(scope: str, key: str, now: datetime) -> timedelta:
    with pytest.raises(RateLimited) as refusal:
        check(scope, key, now)
    return refusal.value.wait


def test_it_works(db):
    """Three in ten minutes, counted for each key alone; then a refusal that says how long."""
    assert [is_let_in("three", "ana", T + n * MINUTE) for n in range(4)] == [
        True,
        True,
        True,
        False,
    ]
    assert is_let_in("three", "ben", T)
    assert wait_of("three", "ana", T + 4 * MINUTE) == 6 * MINUTE


def test_a_window_lasts_exactly_as_long_as_it_says(db):
    """From its first hit on, whatever comes in between: the last microsecond is in it, the next is not."""
    for _ in range(3):
        count("three", "ana", T)
    almost = T + timedelta(seconds=600, microseconds=-1)
    assert not is_let_in("three", "ana", almost)
    assert not is_let_in("three", "ana", almost)
    assert [is_let_in("three", "ana", T + 10 * MINUTE) for _ in range(4)] == [
        True,
        True,
        True,
        False,
    ]


def test_nothing_is_dropped_before_its_time(db):
    """However many others are counted: a cache that is full drops what is in the way."""
    for _ in range(3):
        count("three", "ana", T)
    for n in range(700):
        count("three", f"person {n}", T)
    assert not is_let_in("three", "ana", T + 9 * MINUTE)


def test_a_check_counts_nothing(db):
    for _ in range(9):
        check("three", "ana", T)
    assert not RateLimit.objects.exists()
    for _ in range(3):
        count("three", "ana", T)
    assert wait_of("three", "ana", T) == 10 * MINUTE
    check("three", "ana", T + 10 * MINUTE)


def test_what_is_given_back_was_never_counted(db):
    for _ in range(9):
        give_back([count("three", "ana", T)])
    assert [is_let_in("three", "ana", T) for _ in range(4)] == [True, True, True, False]


def test_what_is_given_back_is_not_taken_from_the_next_window(db):
    late = count("three", "ana", T)
    for _ in range(3):
        count("three", "ana", T + 10 * MINUTE)
    give_back([late])
    assert not is_let_in("three", "ana", T + 10 * MINUTE)


def test_waits_grow_and_then_stay(db):
    """After the third a minute, after each further one two; a refusal makes no wait longer."""
    for _ in range(3):
        count("slow", "ana", T)
    assert wait_of("slow", "ana", T) == MINUTE
    for _ in range(5):
        assert not is_let_in("slow", "ana", T + 0.9 * MINUTE)
    now = T + MINUTE
    for _ in range(4):
        assert is_let_in("slow", "ana", now)
        assert wait_of("slow", "ana", now) == 2 * MINUTE
        now += 2 * MINUTE
    assert is_let_in("slow", "ana", now)


def test_a_count_that_slows_down_ends_an_hour_after_the_newest(db):
    for n in range(4):
        count("slow", "ana", T + n * MINUTE)
    still = T + 3 * MINUTE + timedelta(minutes=59)
    count("slow", "ana", still)
    assert wait_of("slow", "ana", still) == 2 * MINUTE
    later = still + timedelta(hours=1)
    assert [is_let_in("slow", "ana", later) for _ in range(4)] == [True, True, True, False]


def test_a_right_one_after_a_wait_leaves_no_wait(db):
    for _ in range(3):
        count("slow", "ana", T)
    give_back([count("slow", "ana", T + MINUTE)])
    check("slow", "ana", T + MINUTE)


def test_giving_back_leaves_the_wait_of_a_newer_wrong_one(db):
    first, *_ = [count("slow", "ana", T) for _ in range(3)]
    count("slow", "ana", T + MINUTE)
    give_back([first])
    assert wait_of("slow", "ana", T + MINUTE) == 2 * MINUTE


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "1 minute"),
        (60, "1 minute"),
        (60.1, "2 minutes"),
        (899, "15 minutes"),
        (3600, "1 hour"),
        (3601, "2 hours"),
    ],
)
def test_a_wait_is_said_in_words(seconds, words):
    assert RateLimited(Limit("three", 3, 600), timedelta(seconds=seconds)).in_words == words


def test_no_address_or_code_stands_in_a_row(db):
    keys = ["ana@example.org", "10.0.0.1", "7Q2K9MXH3B"]
    for key in keys:
        count("three", key, T)
    for row in RateLimit.objects.values_list("scope", "key"):
        assert len(row[1]) == 64
        assert not [key for key in keys if key in str(row)]


def test_the_same_key_counts_apart_in_each_limit(db):
    for _ in range(3):
        count("three", "ana", T)
    assert is_let_in("far", "ana", T)
    assert RateLimit.objects.values("key").distinct().count() == 2


def test_ended_rows_are_deleted_in_passing_and_by_hand(db):
    for n in range(5):
        count("three", f"person {n}", T)
    count("three", "late", T + 9 * MINUTE)
    count("three", "new", T + 10 * MINUTE)
    assert RateLimit.objects.count() == 2
    assert delete_ended(T + 19 * MINUTE) == 1
    assert delete_ended(T + 19 * MINUTE) == 0
    assert RateLimit.objects.count() == 1


def test_a_forgotten_key_begins_anew(db):
    for _ in range(3):
        count("three", "ana", T)
    forget("three", "ana")
    assert is_let_in("three", "ana", T)


def test_a_mark_lasts_its_days_and_is_written_again_in_their_second_half(db):
    day = timedelta(days=1)
    remember("seen", "ana", 30, T)
    assert is_remembered("seen", "ana", T + 29.9 * day)
    assert not is_remembered("seen", "ana", T + 30 * day)
    assert not is_remembered("seen", "ben", T)
    remember("seen", "ana", 30, T + 10 * day)
    assert not is_remembered("seen", "ana", T + 30 * day)
    remember("seen", "ana", 30, T + 16 * day)
    assert is_remembered("seen", "ana", T + 45 * day)


THREADS, EACH = 16, 20


def in_threads(act: object) -> list[object]:
    """What each of sixteen threads made of doing this twenty times, all together."""
    results = at_once(*[lambda: [act() for _ in range(EACH)]] * THREADS)
    errors = [result for result in results if isinstance(result, Exception)]
    assert not errors, errors[:3]
    return [one for result in results for one in result]


@pytest.mark.django_db(transaction=True)
def test_sixteen_threads_lose_no_count():
    hits = in_threads(lambda: count("far", "ana", T).number)
    assert sorted(hits) == list(range(1, THREADS * EACH + 1))
    assert RateLimit.objects.get().hits == THREADS * EACH


@pytest.mark.django_db(transaction=True)
def test_sixteen_threads_are_let_in_as_often_as_the_limit_says():
    assert sum(in_threads(lambda: is_let_in("three", "ana", T))) == 3


@pytest.mark.django_db(transaction=True)
def test_sixteen_threads_that_wait_are_let_in_one_at_a_time():
    for _ in range(3):
        count("slow", "ana", T)
    assert sum(in_threads(lambda: is_let_in("slow", "ana", T + MINUTE))) == 1


@pytest.mark.django_db(transaction=True)
def test_sixteen_threads_begin_one_new_window():
    """While others sweep what has ended."""
    for _ in range(3):
        count("three", "ana", T)
    now = T + 10 * MINUTE

    def act() -> bool:
        delete_ended(now)
        return is_let_in("three", "ana", now)

    assert sum(in_threads(act)) == 3


@pytest.mark.django_db(transaction=True)
def test_sixteen_threads_give_back_what_was_right():
    def right() -> None:
        give_back([count("far", "ana", T)])

    in_threads(right)
    assert RateLimit.objects.get().hits == 0


@pytest.mark.django_db(transaction=True)
def test_a_count_stays_when_the_rest_of_the_request_is_undone():
    def fail() -> None:
        with transaction.atomic():
            Group.objects.create(name="undone")
            raise ValueError

    count("three", "ana", T)
    with pytest.raises(ValueError):
        fail()
    assert RateLimit.objects.get().hits == 1
    assert not Group.objects.exists()


@pytest.fixture
def uncounted(transactional_db) -> Iterator[None]:
    """The table of counts is away."""
    table = RateLimit._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO away")
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE away RENAME TO {table}")


def test_what_protects_people_is_refused_where_it_cannot_be_counted(
    uncounted, cast, sign_in, mailoutbox
):
    """A plain 503, and nothing is done; whatever is not protected goes on."""
    for act in (count, check, is_remembered):
        with pytest.raises(NotCounted):
            act("three", "ana", T)
    visitor, ana = Client(raise_request_exception=False), sign_in(cast.ana)
    ana.raise_request_exception = False
    new = {
        "name": "Nia",
        "email": "nia@example.org",
        "profession": "camhs",
        "password1": "a-calm-morning",
    }
    refused = [
        visitor.post("/account/login/", {"login": cast.ana.email, "password": PASSWORD}),
        visitor.post("/account/signup/", new),
        visitor.post("/account/password/reset/", {"email": cast.ana.email}),
        visitor.post("/account/login/code/", {"email": cast.ana.email}),
        visitor.post("/verify/", {"code": "guess"}),
        ana.get(f"/join/{cast.cohort.join_code}/"),
        ana.post("/account/reauthenticate/", {"password": PASSWORD}),
        ana.post(
            "/account/password/change/",
            {"oldpassword": PASSWORD, "password1": "x", "password2": "x"},
        ),
    ]
    for response in refused:
        assert response.status_code == 503, response.request["PATH_INFO"]
        assert response["Retry-After"] == "10"
        assert "It was nothing you did" in response.content.decode()
    assert mailoutbox == []
    assert visitor.get("/record/").status_code == 302
    for path in (
        "/",
        "/courses/",
        "/record/",
        "/account/login/",
        "/verify/",
        "/join/",
        "/share.png",
    ):
        assert ana.get(path, follow=True).status_code == 200, path


@pytest.mark.parametrize(
    ("proxies", "forwarded", "remote", "address"),
    [
        (0, "", "10.0.0.1", "10.0.0.1"),
        (0, "1.1.1.1", "10.0.0.1", "10.0.0.1"),  # written by the client itself
        (1, "1.1.1.1", "10.0.0.1", "1.1.1.1"),
        (1, "9.9.9.9, 1.1.1.1", "10.0.0.1", "1.1.1.1"),
        (1, "9.9.9.9,,junk, 1.1.1.1 ", "10.0.0.1", "1.1.1.1"),
        (2, "9.9.9.9, 1.1.1.1, 10.0.0.2", "10.0.0.1", "1.1.1.1"),
        (2, "1.1.1.1", "10.0.0.1", "1.1.1.1"),  # past the outer proxy: the inner one saw it
        (2, "", "10.0.0.1", "10.0.0.1"),
        (1, "1.1.1.1:4711", "10.0.0.1", "1.1.1.1"),
        (1, "[2001:db8:1:2::5]:4711", "10.0.0.1", "2001:db8:1:2::"),
        (0, "", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        (0, "", "2001:db8:1:2:ffff::", "2001:db8:1:2::"),
        (0, "", "2001:db8:1:3::1", "2001:db8:1:3::"),
        (0, "", "::ffff:10.0.0.1", "10.0.0.1"),
        (0, "", "", "unknown"),  # a Unix socket
        (1, "unknown", "10.0.0.1", "unknown"),
        (1, "' OR 1=1", "10.0.0.1", "unknown"),
        (1, "\x00", "10.0.0.1", "unknown"),
    ],
)
def test_an_address_is_the_one_our_own_proxies_saw(
    rf, settings, proxies, forwarded, remote, address
):
    settings.PROXIES = proxies
    request = rf.get("/", REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=forwarded)
    assert address_of(request) == address


@pytest.mark.parametrize("proxies", [0, 1, 2])
@pytest.mark.parametrize(
    "forwarded", ["", "junk", "1.1.1.1", "9.9.9.9, 1.1.1.1", ",,,", "\x00", "[::", "x" * 5000]
)
def test_a_forwarded_header_never_fails_a_page(cast, settings, proxies, forwarded):
    """Signing in, which counts, and choosing a new password, whose mail tells where it was done."""
    settings.PROXIES = proxies
    client = Client(headers={"x-forwarded-for": forwarded}, REMOTE_ADDR="")
    typed = {"login": cast.ana.email, "password": PASSWORD}
    assert client.post("/account/login/", typed)["Location"] == "/"
    new = {"oldpassword": PASSWORD, "password1": "a-quieter-baby", "password2": "a-quieter-baby"}
    assert client.post("/account/password/change/", new).status_code == 302


def test_an_address_that_a_client_makes_up_is_not_believed(cast, settings):
    """A new X-Forwarded-For for each try changes nothing: all are counted for the address the proxy saw."""
    settings.PROXIES = 1
    answers = []
    for n in range(7):
        client = Client(headers={"x-forwarded-for": f"10.9.9.{n}, 10.0.0.1"})
        answers.append(
            client.post("/account/login/", {"login": cast.ana.email, "password": "guess"})
        )
    assert ["Too many" in one.content.decode() for one in answers] == [False] * 5 + [True] * 2


def test_hits_of_today_are_counted_from_today(db):
    count("three", "ana", timezone.now())
    assert RateLimit.objects.get().ends_at > timezone.now()


def test_join_codes_are_no_guess_in_these_limits(settings):
    """Six hundred an address in ten minutes, for ten years, find one of a thousand codes once in a thousand."""
    hits, seconds = settings.RATE_LIMITS["join-code-address"]
    tries = hits / seconds * 3600 * 24 * 3650
    assert tries * 1000 / len(JOIN_ALPHABET) ** 10 < 1 / 1000
