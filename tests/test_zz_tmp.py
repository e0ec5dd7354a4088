from tests.test_junk import *
def test_z(world, doors):
    for deed, role in (DEEDS | PRESSES).items():
        strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
        strict.cookies.update(doors[role].cookies)
        broken = {"wsgi.input": Broken(), "CONTENT_LENGTH": "100"}
        response = strict.generic("POST", url_of(world, deed), b"", content_type=FORM, **broken)
        print(deed, response.status_code, getattr(response,'exc_info',None))
    assert 0
