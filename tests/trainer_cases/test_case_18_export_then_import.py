"""Case 18: export, then import of the same file, fails with a blank page.

Kolibri, issue 6787. What we write we read, and reading it changes nothing.
"""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from courses.models import RosterImport
from tests.test_roster import bring_in, outcomes, service, url

__all__ = ["service"]  # a fixture


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_exported_file_comes_back_and_changes_nothing(cast, service, sign_in, kind):
    bring_in(
        cast, "Email,Team,Sub-team,Staff no\nana@example.org,North,Base 1,0042\nn@example.org,,,"
    )
    client = sign_in(cast.mo)
    exported = client.post(url(service, "roster-file", kind)).content
    file = SimpleUploadedFile(f"roster.{kind}", exported)
    page = client.post(url(service), {"file": file}, follow=True).content.decode()
    assert "There is nothing to import" in page
    newest = RosterImport.objects.latest("pk")
    assert len(outcomes(newest)) == 4
    assert set(outcomes(newest).values()) == {"unchanged"}
