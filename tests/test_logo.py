"""An organisation's logo: made anew from what was uploaded, refused by name, kept for certificates."""

import io
import struct
import zlib
from time import perf_counter

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image, PngImagePlugin
from pypdf import PdfReader

from courses.certificates.codes import show_code
from courses.learning.actions import submit_attempt
from courses.learning.certifying import claim_certificate
from courses.learning.queries import enrolment_progress_on
from courses.models import AuditEvent, Certificate, Course, Logo, Membership, Organisation
from courses.organisations.logo_actions import remove_logo, set_logo
from courses.organisations.logo_pictures import WrongPicture, logo_picture
from courses.people.permissions import NotYours
from tests.conftest import Cast, answer_all, begin_quiz, learn
from tests.shared_forms import second_manager, seen
from tests.test_access import rows

PAGE = "/organisations/riverside/"


def picture(size: tuple[int, int] = (600, 300), kind: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, "#5b2a6e").save(file, kind, **options)
    return file.getvalue()


def upload(data: bytes, name: str = "logo.png") -> dict[str, SimpleUploadedFile]:
    return {"picture": SimpleUploadedFile(name, data, content_type="image/png")}


def confirm(cast: Cast) -> None:
    Organisation.objects.filter(slug="riverside").update(confirmed_at=timezone.now())


def test_it_works(cast, sign_in):
    mo = sign_in(cast.mo)
    url = reverse("courses:set-logo", args=["riverside"])
    assert mo.post(url, upload(picture())).status_code == 302
    logo = Logo.objects.get()
    assert (logo.width, logo.height, logo.set_by) == (400, 200, cast.mo)
    assert f"/logos/{logo.digest}.png" in mo.get(PAGE).content.decode()
    before = rows()
    mo.post(url, upload(picture()))
    assert rows() == before, "the same picture once more changes nothing"
    assert AuditEvent.objects.filter(action="set_logo").count() == 1


def test_it_is_seen_by_others_once_the_organisation_is_confirmed(cast, sign_in):
    set_logo(cast.mo, cast.cohort.organisation, logo_picture(picture()), timezone.now())
    address = reverse("courses:logo", args=[Logo.objects.get().digest])
    invitation = reverse("courses:join-cohort", args=[cast.cohort.join_code])
    assert Client().get(address).status_code == 404
    assert sign_in(cast.olga).get(address).status_code == 404
    assert sign_in(cast.tess).get(address).status_code == 200
    assert address not in Client().get(invitation).content.decode()
    confirm(cast)
    response = Client().get(address)
    assert response["Content-Type"] == "image/png"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert Image.open(io.BytesIO(response.content)).size == (400, 200)
    assert address in Client().get(invitation).content.decode()


def test_another_takes_its_place_and_the_first_is_kept(cast):
    confirm(cast)
    now, riverside = timezone.now(), cast.cohort.organisation
    set_logo(cast.mo, riverside, logo_picture(picture()), now)
    first = Logo.objects.get()
    set_logo(cast.mo, riverside, logo_picture(picture((100, 100))), now)
    assert Logo.objects.current().get().width == 100
    assert Client().get(reverse("courses:logo", args=[first.digest])).status_code == 200
    assert remove_logo(cast.mo, riverside, now)
    assert not remove_logo(cast.mo, riverside, now)
    assert not Logo.objects.current().exists()
    assert Logo.objects.count() == 2


def test_only_a_manager_sets_it(cast, sign_in):
    Membership.objects.filter(user=cast.tess, role="manager").delete()
    before = rows()
    for who in (cast.tess, cast.ana, cast.olga, cast.sam):
        with pytest.raises(NotYours):
            set_logo(who, cast.cohort.organisation, logo_picture(picture()), timezone.now())
        url = reverse("courses:set-logo", args=["riverside"])
        assert sign_in(who).post(url, upload(picture())).status_code == 404
    assert rows() == before


# ---- what it is made of


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_each_kind_becomes_a_png_of_at_most_400_pixels(kind):
    made = logo_picture(picture((1000, 100), kind))
    image = Image.open(io.BytesIO(made.png))
    assert (image.format, image.size, made.width, made.height) == ("PNG", (400, 40), 400, 40)
    assert made == logo_picture(picture((1000, 100), kind)), "the same bytes each time"


def test_a_small_one_is_not_made_larger():
    assert logo_picture(picture((40, 20))).width == 40


def test_what_is_clear_stays_clear():
    file = io.BytesIO()
    Image.new("RGBA", (40, 20), (0, 0, 0, 0)).save(file, "PNG")
    made = Image.open(io.BytesIO(logo_picture(file.getvalue()).png))
    assert made.getpixel((1, 1))[3] == 0


def test_nothing_of_the_file_but_its_pixels_is_kept():
    exif = Image.Exif()
    exif[0x010E] = "Secret place"
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "Secret person")
    for data in (
        picture(kind="JPEG", exif=exif, comment=b"Secret comment"),
        picture(pnginfo=notes, exif=exif),
        picture(kind="WEBP", exif=exif) + b"Secret tail",
    ):
        made = logo_picture(data)
        assert b"Secret" not in made.png
        assert Image.open(io.BytesIO(made.png)).info == {}


def test_a_photograph_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    made = logo_picture(picture((200, 100), "JPEG", exif=exif))
    assert (made.width, made.height) == (100, 200)


def png_that_says(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose head says it has so many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def animated(kind: str) -> bytes:
    frames = [Image.new("RGB", (40, 20), colour) for colour in ("red", "green")]
    file = io.BytesIO()
    frames[0].save(file, kind, save_all=True, append_images=frames[1:])
    return file.getvalue()


def other_kind(kind: str) -> bytes:
    return picture((40, 20), kind)


WRONG = {
    "empty": (b"", "not a PNG, JPEG or WebP"),
    "words": (b"a logo", "not a PNG, JPEG or WebP"),
    "SVG": (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "SVG drawing"),
    "SVG with a mark": (b"\xef\xbb\xbf\n<svg onload='x'/>", "SVG drawing"),
    "GIF": (other_kind("GIF"), "not a PNG, JPEG or WebP"),
    "TIFF": (other_kind("TIFF"), "not a PNG, JPEG or WebP"),
    "BMP": (other_kind("BMP"), "not a PNG, JPEG or WebP"),
    "PDF": (other_kind("PDF"), "not a PNG, JPEG or WebP"),
    "PostScript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not a PNG"),
    "HTML": (b"<html><script>alert(1)</script></html>", "not a PNG, JPEG or WebP"),
    "a bomb": (png_that_says(60_000, 60_000), "16 million pixels"),
    "a smaller bomb": (png_that_says(9_000, 9_000), "16 million pixels"),
    "no pixels": (png_that_says(0, 40), "not a PNG, JPEG or WebP"),
    "too few bytes": (png_that_says(400, 400), "broken"),
    "moving PNG": (animated("PNG"), "moves"),
    "moving WebP": (animated("WEBP"), "moves"),
    "too small": (picture((8, 8)), "too small"),
    "too thin": (picture((4000, 20)), "too small or too thin"),
    "half a PNG": (picture()[:60], "broken"),
    "half a JPEG": (picture(kind="JPEG")[:300], "broken"),
    "half a WebP": (picture(kind="WEBP")[:60], "broken"),
    "large": (b"\x89PNG" + b"\0" * 2_000_001, "larger than 2 MB"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_be_a_logo_is_refused_by_name(cast, sign_in, what):
    data, words = WRONG[what]
    if data:
        with pytest.raises(WrongPicture, match=words):
            logo_picture(data)
    before = rows()
    response = sign_in(cast.mo).post(
        reverse("courses:set-logo", args=["riverside"]), upload(data, "../../logo.svg")
    )
    assert response.status_code == 400
    assert "Your logo was not changed" in response.content.decode()
    assert rows() == before


def test_every_cut_of_a_good_file_is_a_logo_or_refused():
    """Never another error, wherever the line broke."""
    for kind in ("PNG", "JPEG", "WEBP"):
        whole = picture((64, 64), kind)
        for end in range(0, len(whole), 7):
            try:
                logo_picture(whole[:end])
            except WrongPicture:
                continue


def test_every_byte_changed_is_a_logo_or_refused():
    for kind in ("PNG", "JPEG", "WEBP"):
        whole = bytearray(picture((32, 32), kind))
        for place in range(len(whole)):
            changed = bytes([*whole[:place], whole[place] ^ 0xFF, *whole[place + 1 :]])
            try:
                logo_picture(changed)
            except WrongPicture:
                continue


def test_mail_domains_are_set_by_a_manager_and_refused_by_name(cast, sign_in):
    mo, url = sign_in(cast.mo), reverse("courses:set-mail-domains", args=["riverside"])
    sent = {"mail_domains": " @NHS.net\r\n*.riverside.example \n\nnhs.net"}
    assert mo.post(url, sent).status_code == 302
    riverside = Organisation.objects.get(slug="riverside")
    assert riverside.mail_domains == "nhs.net\nriverside.example"
    for wrong in ("nhs", "nhs .net", "a@nhs.net", "-a.net", "x" * 70 + ".net"):
        response = mo.post(url, {"mail_domains": wrong})
        assert response.status_code == 400, wrong
        assert "Not a mail domain" in response.content.decode()
    riverside.refresh_from_db()
    assert riverside.mail_domains == "nhs.net\nriverside.example"


def test_mail_domains_that_were_set_meanwhile_are_not_overwritten(cast, sign_in):
    home, url = "/organisations/riverside/", reverse("courses:set-mail-domains", args=["riverside"])
    mo, max_ = sign_in(cast.mo), sign_in(second_manager(cast))
    shown = seen(max_, home)
    for _ in range(2):
        mo.post(url, {"mail_domains": "nhs.net\r\nriverside.example"} | shown)
    response = max_.post(url, {"mail_domains": "council.example"} | shown)
    assert response.status_code == 400
    page = response.content.decode()
    assert "The mail domains were changed while you had this page open." in page
    assert "nhs.net<br>riverside.example" in page
    assert ">\ncouncil.example</textarea>" in page
    riverside = Organisation.objects.get(slug="riverside")
    assert riverside.mail_domains == "nhs.net\nriverside.example"
    for stamp in ("\\u0000", "\\ud800"):
        sent = {"mail_domains": "x.example", "seen": f'{{"stamp": "{stamp}"}}'}
        assert max_.post(url, sent).status_code == 400
    again = {"mail_domains": "nhs.net\ncouncil.example"} | seen(max_, home)
    assert max_.post(url, again).status_code == 302


def certificate_of(cast: Cast, course: Course) -> Certificate:
    learn(cast.ana, course)
    attempt = begin_quiz(cast.ana, course)
    answer_all(cast.ana, attempt)
    submit_attempt(cast.ana, attempt.key, timezone.now())
    return claim_certificate(enrolment_progress_on(cast.ana, "tiny"), "Ana Jones", timezone.now())


def pdf_of(cast: Cast, sign_in, held: Certificate) -> bytes:
    address = reverse("courses:certificate-pdf", args=[show_code(held.code)])
    return sign_in(cast.ana).get(address).content


def test_a_certificate_keeps_the_logo_it_was_issued_with(cast, course, sign_in):
    confirm(cast)
    now, riverside = timezone.now(), Organisation.objects.get(slug="riverside")
    set_logo(cast.mo, riverside, logo_picture(picture()), now)
    held = certificate_of(cast, course)
    assert held.facts["organisation_name"] == "Riverside"
    assert held.facts["organisation_logo"] == Logo.objects.get().digest
    before = pdf_of(cast, sign_in, held)
    page = PdfReader(io.BytesIO(before)).pages[0]
    assert [image.image.size for image in page.images] == [(400, 200)]
    assert "Organisation: Riverside" in " ".join(page.extract_text().split())
    set_logo(cast.mo, riverside, logo_picture(picture((100, 100))), now)
    Organisation.objects.update(name="Renamed")
    assert pdf_of(cast, sign_in, held) == before, "it does not change by itself"
    remove_logo(cast.mo, riverside, now)
    assert pdf_of(cast, sign_in, held) == before


def test_one_that_is_not_confirmed_stands_on_no_certificate(cast, course, sign_in):
    set_logo(cast.mo, cast.cohort.organisation, logo_picture(picture()), timezone.now())
    held = certificate_of(cast, course)
    assert held.facts["organisation_name"] is held.facts["organisation_logo"] is None
    before = pdf_of(cast, sign_in, held)
    confirm(cast)
    assert pdf_of(cast, sign_in, held) == before


def test_the_heaviest_logo_makes_a_certificate_in_a_second(cast, course, sign_in):
    """Noise of 400 × 400 pixels, which no PNG makes smaller."""
    confirm(cast)
    noise = Image.effect_noise((400, 400), 100).convert("RGB")
    file = io.BytesIO()
    noise.save(file, "PNG")
    riverside = Organisation.objects.get(slug="riverside")
    set_logo(cast.mo, riverside, logo_picture(file.getvalue()), timezone.now())
    held = certificate_of(cast, course)
    pdf_of(cast, sign_in, held)
    start = perf_counter()
    pdf = pdf_of(cast, sign_in, held)
    assert perf_counter() - start < 3
    assert len(pdf) < 1_500_000
