"""Every page each of the cast reaches by links: judged by axe, by its layout at each width, and by what it asks for."""

from collections.abc import Callable

import pytest

from tests.browser.looking import Seen, Walk

pytestmark = pytest.mark.browser
CAST = ("visitor", "ana", "ben", "tess", "mo")


@pytest.fixture(scope="session", params=CAST)
def walk(request: pytest.FixtureRequest, walks: Callable[[str], Walk]) -> Walk:
    return walks(request.param)


def report(walk: Walk, wrong: Callable[[Seen], object]) -> str:
    """One line for each page with something wrong; empty when there is none."""
    return "\n".join(f"{seen.path}: {found}" for seen in walk.seen if (found := wrong(seen)))


def test_it_works(walk):
    kinds = {"visitor": "verified", "ana": "step", "ben": "certificate", "tess": "learner", "mo": "cohort-progress"}
    assert walk.kinds[kinds[walk.who]], "the walk did not come as far as it should"
    assert not report(walk, lambda seen: seen.status != 200 and seen.status)


def test_it_is_accessible_and_fits_at_every_width(walk):
    assert not report(walk, lambda seen: seen.faults)


def test_nothing_goes_wrong_in_the_console(walk):
    assert not report(walk, lambda seen: seen.console)


def test_nothing_is_asked_of_another_host(walk):
    assert not report(walk, lambda seen: seen.foreign)


def test_nothing_of_a_signed_in_person_is_kept(walk):
    if walk.who != "visitor":
        assert not report(walk, lambda seen: "no-store" not in seen.cache_control and (seen.cache_control or "nothing"))


def test_there_is_no_inline_script_or_style(walk):
    assert not report(walk, lambda seen: seen.inline)
