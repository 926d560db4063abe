"""What the headers of an answer tell: machines, never visitors."""

from pipelines.web.telling import telling


def test_only_what_tells_of_machines_is_kept_in_lines():
    headers = [("Date", "today"), ("Server", "nginx\r\nX-Evil: 1"), ("X-Powered-By", "Express"), ("Authorization", "secret")]
    assert telling(headers) == "server: nginx X-Evil: 1\nx-powered-by: Express"


def test_of_a_cookie_only_the_name_is_kept_and_once():
    headers = [("Set-Cookie", "sid=a1b2c3; Path=/"), ("set-cookie", "sid=d4e5f6"), ("Set-Cookie", "_ga=x")]
    assert telling(headers) == "set-cookie: sid\nset-cookie: _ga"


def test_what_is_long_is_cut():
    assert len(telling([("Server", "x" * 9000)])) < 600


def test_nothing_told_is_nothing():
    assert telling([]) == ""
