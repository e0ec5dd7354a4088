"""The page about the site: who runs it, whom to ask for help; and the footer that leads there."""

from django.test import Client

from courses.web.starting import OWN_WORD_NAMES


def main_of(client: Client, path: str = "/about/") -> str:
    return client.get(path).content.decode().split("<main")[1].split("</main>")[0]


def test_it_works(client, db, settings):
    settings.SUPPORT_EMAIL, settings.RUN_BY = "help@cwm.example", "Cwm Valley Health Board"
    page = main_of(client)
    assert 'href="mailto:help@cwm.example"' in page
    assert "This site is run by Cwm Valley Health Board" in page
    assert "as long as you have the account" in page
    assert 'href="/privacy/"' in page


def test_without_an_address_it_says_whom_to_ask(client, db, settings):
    settings.SUPPORT_EMAIL = settings.RUN_BY = ""
    page = main_of(client)
    assert "mailto:" not in page
    assert "the person who runs Notice where you work" in page


def test_every_page_leads_there(client, course):
    for path in ("/", "/courses/", "/verify/", "/account/login/"):
        assert 'href="/about/"' in client.get(path).content.decode(), path


def test_the_header_begins_with_a_persons_own_work(cast, sign_in):
    """A trainer's cohorts and a reviewer's sign-offs stand before the courses."""
    for who, link in ((cast.tess, "/cohorts/"), (cast.rhea, "/reviewing/")):
        page = sign_in(who).get("/courses/").content.decode()
        header = page.split("<header")[1].split("</header>")[0]
        assert header.index(f'href="{link}"') < header.index('href="/courses/"')


def test_every_public_page_has_a_description_of_its_own(client, course):
    paths = ["/", "/courses/", "/courses/tiny/", "/see/", "/verify/", "/about/", "/privacy/"]
    paths += ["/accessibility/", "/commissioners/", "/courses/tiny/sources/"]
    paths += ["/account/login/", "/account/signup/", "/account/password/reset/"]
    descriptions = {path: description_of(client.get(path).content.decode()) for path in paths}
    assert all(descriptions.values())
    assert len(set(descriptions.values())) == len(paths), descriptions


def description_of(page: str) -> str:
    return page.split('<meta name="description" content="')[1].split('"')[0]


def test_the_privacy_notice_says_who_answers_for_the_data(client, settings):
    settings.RUN_BY = "Cwm Valley Health Board"
    settings.OWN_WORDS = {name: f"Words of {name}" for name in OWN_WORD_NAMES}
    page = client.get("/privacy/").content.decode()
    for name in ("DATA_CONTROLLER", "DATA_PROTECTION_OFFICER", "LAWFUL_BASIS", "RETENTION"):
        assert f"Words of {name}" in page
    assert "Cwm Valley Health Board" in page
    assert "Words of ACCESSIBILITY_CONTACT" in client.get("/accessibility/").content.decode()


def test_a_site_for_trying_out_says_that_nobody_answers_for_it(client, settings):
    settings.OWN_WORDS = dict.fromkeys(OWN_WORD_NAMES, "")
    assert "nobody has entered who answers" in client.get("/privacy/").content.decode()
    assert "your trainer" in client.get("/accessibility/").content.decode()


def test_the_settings_hold_every_word_that_a_public_site_needs(settings):
    assert set(settings.OWN_WORDS) == set(OWN_WORD_NAMES)
