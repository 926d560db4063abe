"""What the headers of an answer tell: machines, never visitors."""

import pytest

from pipelines.catalogue import patterns
from pipelines.web.telling import telling


def test_only_what_tells_of_machines_is_kept_in_lines():
    headers = [("Date", "today"), ("Server", "nginx\r\nX-Evil: 1"), ("X-Powered-By", "Express"), ("Authorization", "secret")]
    assert telling(headers) == "server: nginx X-Evil: 1\nx-powered-by: Express"


def test_of_a_cookie_only_the_name_is_kept_and_once():
    headers = [("Set-Cookie", "sid=a1b2c3; Path=/"), ("set-cookie", "sid=d4e5f6"), ("Set-Cookie", "_ga=x")]
    assert telling(headers) == "set-cookie: sid\nset-cookie: _ga"


@pytest.mark.parametrize("name", sorted({pattern.partition(": ")[0] for pattern, _ in patterns("header")}))
def test_every_header_that_a_technology_is_known_by_is_kept(name: str):
    assert telling([(name.title(), " 1 ")]) == f"{name}: 1"


@pytest.mark.parametrize("name", ["Content-Security-Policy", "Strict-Transport-Security", "ETag", "Link", "X-Powered", "Cookie"])
def test_what_nobody_is_known_by_is_not(name: str):
    assert telling([(name, "1")]) == ""


def test_what_is_long_is_cut():
    assert len(telling([("Server", "x" * 9000)])) < 600


def test_nothing_told_is_nothing():
    assert telling([]) == ""
