from tests.conftest import learn


def test_it_works(client, course):
    page = client.get("/").content.decode()
    assert "Learn to notice" in page
    assert "Tiny things" in page


def test_a_learner_sees_the_next_thing_first(cast, sign_in, course):
    learn(cast.ana, course, lessons=1)
    page = sign_in(cast.ana).get("/").content.decode()
    assert page.index("Last things") < page.index("The whole course")


def test_an_assigned_course_waits_for_who_never_started(cast, sign_in):
    page = sign_in(cast.ana).get("/").content.decode()
    assert "Your trainer has given you a course" in page
