"""Case 16: after an import of many people, the manager can tell who came in.

Kolibri, issue 11836. The receipt says of each row what was done with it, and why one was refused.
"""

from tests.test_roster import bring_in, outcomes, row_of, service, url

__all__ = ["service"]  # a fixture

TEXT = "Email,Team,Cohort\nnew@example.org,North,\nana@example.org,North,\ntess@example.org,,\nx,,"


def test_the_receipt_says_of_every_row_what_was_done(cast, service, sign_in):
    roster = bring_in(cast, TEXT)
    assert outcomes(roster) == {
        "new@example.org": "invited",
        "ana@example.org": "moved",
        "tess@example.org": "unchanged",
        "x": "error",
    }
    page = sign_in(cast.mo).get(url(service, "roster-import", roster.key)).content.decode()
    for words in ("New: invited: 1", "Moved: 1", "Unchanged: 1", "Refused: 1", "Row 5"):
        assert words in page
    assert "is no email address" in row_of(roster, "x")["reasons"][0][1]
