"""Case 19: an upload's own result is listed as "Unknown".

Open edX, issue 38092. A receipt says which file, who, when and how many rows.
"""

from tests.test_roster import bring_in, service, url

__all__ = ["service"]  # a fixture


def test_a_receipt_is_listed_by_file_person_and_moment(cast, service, sign_in):
    roster = bring_in(cast, "Email\nnew@example.org")
    page = sign_in(cast.mo).get(url(service)).content.decode()
    assert "staff.csv" in page
    assert f"1 row, imported by {cast.mo.name} on " in page
    assert url(service, "roster-import", roster.key) in page
    assert "Unknown" not in page
