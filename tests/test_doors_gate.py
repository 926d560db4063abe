"""The gate: who is let through to what, by which names, headers, paths, errors."""

import logging
import re
from pathlib import Path

import pytest
from doors import CANARY, FROM_US, House, house, routes_of

from pipelines.home import Home
from pipelines.portal.doors.body import LARGEST
from pipelines.portal.doors.headers import HEADERS
from pipelines.portal.doors.serving import LOG, Discreet

FORM = {"Content-Type": "application/x-www-form-urlencoded", **FROM_US}


def test_who_is_not_logged_in_hears_the_same_of_everything(place: House) -> None:
    paths = [re.sub(r"\{\w+\}", "org_1", each.path) for each in routes_of(place.app) if each.path != "/login"]
    paths += ["/organization/org_2", "/nothing", "/login/", "/static/nothing.css", "/users.json", "/openapi.json"]
    answers = [
        place.browser().request(method, path) for path in paths for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "TRACE")
    ]
    assert {each.status_code for each in answers} == {401} and place.heard == []
    told = {re.sub(r'value="[^"]*"', "", each.text) for each in answers if each.text}
    assert len(told) == 1


def test_here_nobody_logs_in(local: House) -> None:
    answer = local.browser().get("/")
    assert answer.status_code == 200 and "'user': None" in answer.text
    assert [local.browser().get(path).status_code for path in ("/login", "/sessions", "/logout")] == [404] * 3


HOSTS = [
    "evil.example",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "127.0.0.2",
    "10.0.0.1",
    "0x7f000001",
    "localhost@evil",
]
HOSTS += [
    "",
    "localhost:",
    "localhost:x",
    "localhost:999999",
    "[::2]",
    "::1",
    "localhost/../",
    "localhost,evil.example",
    "localhost.",
]
HOSTS += [
    "leads.acme.example",
    "127.0.0.1 ",
    "local\thost",
    "LOCALHOST\x00",
    "loc%61lhost",
    "127.0.0.1\n",
]


@pytest.mark.parametrize("host", HOSTS)
def test_who_calls_it_by_another_name_gets_nothing(local: House, host: str) -> None:
    answer = local.browser().get("/", headers={"Host": host})
    assert answer.status_code == 400 and local.heard == []
    assert not host.strip() or host not in answer.text


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8321", "127.0.0.1:1", "[::1]:8321", "127.0.0.1"])
def test_here_it_goes_by_the_names_of_this_machine(local: House, host: str) -> None:
    assert local.browser().get("/", headers={"Host": host}).status_code == 200


def test_two_names_are_none(local: House) -> None:
    browser = local.browser()
    assert (
        browser.send(browser.build_request("GET", "/", headers=[("Host", "localhost"), ("Host", "evil.example")])).status_code
        == 400
    )


@pytest.mark.parametrize("proto", ["http", "", "https,http", "HTTPS "])
def test_behind_a_proxy_nothing_is_said_in_plain_text(place: House, proto: str) -> None:
    for path in ("/", "/login", "/static/nothing.css"):
        assert place.browser(**{"X-Forwarded-Proto": proto}).get(path).status_code == 400


def test_every_answer_has_every_header(place: House, local: House) -> None:
    browser = place.logged_in()
    answers = [browser.get(path) for path in ("/", "/nothing", "/broken", "/stopped", "/download/csv", "/sessions", "/login")]
    answers += [
        place.browser().get("/"),
        browser.post("/change"),
        browser.put("/"),
        browser.get("/", headers={"Host": "evil.example"}),
    ]
    answers += [browser.get("/?" + "x" * 9000), browser.post("/change", content=b"x" * LARGEST * 2, headers=FORM)]
    assert {each.status_code for each in answers} == {200, 303, 400, 401, 403, 404, 405, 413, 414, 500, 503}
    for answer in answers:
        for name, value in HEADERS.items():
            assert answer.headers.get_list(name) == [value], (answer.request.url, name)
        assert answer.headers["cache-control"] == "no-store" and "server" not in answer.headers
        assert answer.headers["strict-transport-security"].startswith("max-age=")
    assert "strict-transport-security" not in local.browser().get("/").headers


def test_the_policy_allows_no_script_and_no_frame() -> None:
    rules = dict(each.split(" ", 1) for each in HEADERS["Content-Security-Policy"].split("; "))
    assert rules["default-src"] == rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    assert not {"script-src", "object-src", "connect-src"} & rules.keys() and "unsafe" not in str(rules)


def test_errors_say_a_sentence_and_nothing_of_what_was_sent(place: House, caplog: pytest.LogCaptureFixture) -> None:
    browser = place.logged_in()
    logging.getLogger("uvicorn.error").propagate = True
    for path, status in (("/broken", 500), ("/stopped", 503), ("/nothing/<script>alert(1)</script>", 404)):
        answer = browser.get(f"{path}?search={CANARY}<script>alert(1)</script>")
        assert answer.status_code == status
        assert "<script" not in answer.text and CANARY not in answer.text and "Traceback" not in answer.text
    assert "run again" in browser.get("/stopped").text


def test_the_log_says_where_an_error_was_and_not_what_it_said() -> None:
    said = Discreet(LOG["formatters"]["discreet"]["format"])
    try:
        try:
            raise KeyError(CANARY)
        except KeyError as error:
            raise ValueError(f"no {CANARY}") from error
    except ValueError as error:
        record = logging.LogRecord(
            "uvicorn.error", logging.ERROR, "", 0, "Exception in ASGI application", (), (type(error), error, None)
        )
        text = said.format(record)
    assert CANARY not in text and "ValueError at test_doors_gate.py:" in text and "KeyError at test_doors_gate.py:" in text


def test_static_files_are_those_that_were_there(place: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "static"
    folder.mkdir()
    (folder / "page.css").write_text("body {}")
    (folder / "notes.txt").write_text("not served")
    (folder / "link.css").symlink_to(place.home.users)
    (folder / "inner").mkdir()
    monkeypatch.setattr("pipelines.portal.doors.serving.STATIC", folder)
    again = house(tmp_path)
    answer = again.browser().get("/static/page.css")
    assert (
        answer.text == "body {}"
        and answer.headers["content-type"].startswith("text/css")
        and "max-age" in answer.headers["cache-control"]
    )
    assert answer.headers["x-content-type-options"] == "nosniff" and "set-cookie" not in answer.headers
    unchanged = again.browser().get("/static/page.css", headers={"If-None-Match": answer.headers["etag"]})
    assert unchanged.status_code == 304 and unchanged.text == ""
    (folder / "later.css").write_text("later")
    names = ("notes.txt", "link.css", "inner", "later.css", "../doors/gate.py", "page.css/", "page.css%00.png")
    assert {again.browser().get(f"/static/{name}").status_code for name in names} == {401}
    assert {again.logged_in().get(f"/static/{name}").status_code for name in names} == {404}


def test_a_page_that_cannot_even_be_refused_is_a_bare_sentence(local: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.portal.pages.templates", None)
    answer = local.browser().get("/nothing")
    assert answer.status_code == 500 and answer.text == "Something went wrong on our side.\n"
    assert all(answer.headers.get(name) == value for name, value in HEADERS.items())


def test_websockets_are_not_spoken(place: House) -> None:
    from starlette.websockets import WebSocketDisconnect

    with pytest.raises(WebSocketDisconnect), place.browser().websocket_connect("/"):
        pass


def test_a_home_whose_users_are_open_to_all_lets_nobody_in(place: House, caplog: pytest.LogCaptureFixture) -> None:
    browser = place.logged_in()
    Home(place.home.folder).users.chmod(0o644)
    Home(place.home.folder).users.write_text("{}")
    with caplog.at_level(logging.ERROR, "uvicorn.error"):
        answer = browser.get("/")
    assert answer.status_code == 503 and "users.json" not in answer.text and "users.json may be read" in caplog.text
    assert all(answer.headers.get(name) == value for name, value in HEADERS.items())
