"""What templates do to an author's text."""

import pytest

from courses.library.template_filters import sentence


def test_it_works():
    assert sentence("Overstated") == "Overstated."


@pytest.mark.parametrize(
    "text",
    ["Say what is there.", "“Look!”", "Who turns first?", "Then…", "<em>Wait.</em>", "(Wait.)"],
)
def test_a_text_that_has_ended_gets_no_second_stop(text):
    assert sentence(text) == text
