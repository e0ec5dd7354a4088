"""The page about the site: who runs it, whom to ask for help; and the footer that leads there."""

from django.test import Client


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
