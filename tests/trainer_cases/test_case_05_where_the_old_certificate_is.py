"""After a renewal, where is the old certificate? Listed to learner and trainer, with what became of it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.certificates.actions import Superseded, correct_name, revoke_certificate
from courses.certificates.codes import show_code
from courses.certificates.models import Certificate
from courses.models import CohortMembership
from tests.test_certificates import complete, page_of


@pytest.fixture
def two(cast, course) -> tuple[Certificate, Certificate]:
    """Ana's first certificate, and the one that replaced it."""
    complete(cast.ana, course)
    first = Certificate.objects.get()
    newer = correct_name(first, "Ana Wren", timezone.now())
    first.refresh_from_db()
    return first, newer


def record_of(cast, client) -> str:
    address = [cast.cohort.key, "tiny", cast.ana.key]
    return client.get(reverse("courses:learner", args=address)).text


def test_it_works(cast, two, sign_in):
    first, newer = two
    page = sign_in(cast.ana).get(reverse("courses:record")).text
    assert "Earlier certificates" in page
    assert "replaced on" in page
    assert show_code(first.code) in page
    trainers, own = record_of(cast, sign_in(cast.tess)), sign_in(cast.ana).get("/seen-by-trainer/")
    for seen in (trainers, own.text):
        assert "Earlier certificate" in seen
        assert "Replaced on" in seen
        assert show_code(first.code) in seen
        assert show_code(newer.code) in seen


def test_the_earlier_page_leads_to_the_newer_one_and_prints_nothing(cast, two, sign_in):
    first, newer = two
    ana = sign_in(cast.ana)
    page = ana.get(page_of(first)).text
    assert "This certificate was replaced" in page
    assert page_of(newer) in page
    assert "Download as PDF" not in page
    assert ana.get(f"{page_of(first)}pdf/")["Location"] == page_of(first)
    assert "Download as PDF" in ana.get(page_of(newer)).text


def test_a_stranger_is_told_that_it_was_replaced_and_no_name(two, client):
    first, newer = two
    page = client.get(f"/verify/{first.code}/").text
    assert "This certificate was replaced" in page
    for private in ("Ana", "Wren", show_code(newer.code), newer.code):
        assert private not in page
    assert "This certificate is valid" in client.get(f"/verify/{newer.code}/").text


def test_one_that_was_withdrawn_is_listed_as_withdrawn(cast, two, sign_in):
    first, newer = two
    revoke_certificate(cast.sam, newer, "Somebody else sat the quiz", timezone.now())
    for page in (record_of(cast, sign_in(cast.tess)), sign_in(cast.ana).get("/record/").text):
        assert "ithdrawn on" in page
        assert first.code in page or show_code(first.code) in page
    assert "Somebody else sat" not in record_of(cast, sign_in(cast.tess))


def test_withdrawing_a_replaced_one_names_the_one_that_is_valid(cast, two):
    """Else staff who read the code on paper believe that it is withdrawn, and the holder has a valid one."""
    first, newer = two
    with pytest.raises(Superseded, match=show_code(newer.code)):
        revoke_certificate(cast.sam, first, "Somebody else sat the quiz", timezone.now())
    assert not Certificate.objects.filter(revoked_at__isnull=False).exists()


def test_a_trainer_sees_none_from_before_joining(cast, two, sign_in):
    CohortMembership.objects.filter(user=cast.ana).update(joined_at=timezone.now())
    page = record_of(cast, sign_in(cast.tess))
    assert "Passed before joining" in page
    for certificate in two:
        assert show_code(certificate.code) not in page


def test_who_has_one_certificate_reads_of_no_earlier_ones(cast, course, sign_in):
    complete(cast.ana, course)
    assert "Earlier certificate" not in sign_in(cast.ana).get("/record/").text
    assert "Earlier certificate" not in record_of(cast, sign_in(cast.tess))
