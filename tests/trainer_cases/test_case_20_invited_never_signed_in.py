"""Case 20, the roster's half: somebody who was invited and never came needs a state of their own.

Open edX, pull request 37027. The roster names them in the file, in the check and on the receipt.
"""

import csv
import io

from tests.test_roster import bring_in, check, row_of, service, url

__all__ = ["service"]  # a fixture


def test_who_never_came_is_named_so(cast, service, sign_in):
    bring_in(cast, "Email,Name\nnew@example.org,Nia New")
    exported = sign_in(cast.mo).post(url(service, "roster-file", "csv")).content
    table = list(csv.DictReader(io.StringIO(exported.decode("utf-8-sig"))))
    states = {row["Email"]: row["State"] for row in table}
    assert states["new@example.org"] == "Invited, never signed in"
    assert states["ana@example.org"] == "Here"
    row = row_of(check(cast, "Email\nnew@example.org"), "new@example.org")
    assert row["notes"] == ["Invited, never signed in."]
