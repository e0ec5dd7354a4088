"""Case 17: an import reports an error although people were imported.

Kolibri, issue 13715. An import is whole or not at all, and a second run changes nothing.
"""

import pytest

from courses.models import Invitation, Team
from tests.test_roster import bring_in, check, outcomes, service, url

__all__ = ["service"]  # a fixture

TEXT = "Email,Team\nana@example.org,North\nnew@example.org,South"


def test_an_import_that_fails_has_imported_nobody(cast, service, sign_in, monkeypatch):
    roster = check(cast, TEXT)
    monkeypatch.setattr("courses.roster.applying.create_invitations", lambda *args: 1 / 0)
    press = url(service, "import-roster", roster.key)
    with pytest.raises(ZeroDivisionError):
        sign_in(cast.mo).post(press, {"digest": roster.plan_digest})
    roster.refresh_from_db()
    assert roster.imported_at is None
    assert not Team.objects.exists()
    monkeypatch.undo()
    sign_in(cast.mo).post(press, {"digest": roster.plan_digest})
    assert Invitation.objects.count() == 1


def test_a_second_run_changes_nothing(cast, service):
    bring_in(cast, TEXT)
    assert set(outcomes(check(cast, TEXT)).values()) == {"unchanged"}
