"""The gate: who is let through to what, forged requests, headers, paths, limits, errors."""

import logging
import re
from pathlib import Path

import pytest
from doors import CANARY, FROM_US, NOW, OTHER, House, house, routes_of, token_of

from pipelines.home import Home
from pipelines.portal.doors.body import LARGEST, MOST_FIELDS
from pipelines.portal.doors.headers import HEADERS
from pipelines.portal.doors.journal import entries, verify
from pipelines.portal.doors.serving import LOG, Discreet
from pipelines.settings import Portal

FORM = {"Content-Type": "application/x-www-form-urlencoded", **FROM_US}


@pytest.fixture
def place(tmp_path: Path) -> House:
    return house(tmp_path)


@pytest.fixture
def local(tmp_path: Path) -> House:
    return house(tmp_path / "local", guarded=False)


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


SITES: list[tuple[dict[str, str], bool]] = [
    ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, True),
    ({"Sec-Fetch-Site": "same-origin"}, True),
    ({"Sec-Fetch-Site": "same-origin", "Origin": "https://leads.acme.example"}, True),
    ({"Origin": "https://leads.acme.example"}, True),
    ({}, False),
    ({"Origin": "null"}, False),
    ({"Origin": ""}, False),
    ({"Origin": "http://leads.acme.example"}, False),
    ({"Origin": "https://leads.acme.example:8443"}, False),
    ({"Origin": "https://leads.acme.example.evil.example"}, False),
    ({"Origin": "https://evil.example"}, False),
    ({"Origin": "https://leads.acme.example, https://evil.example"}, False),
    ({"Sec-Fetch-Site": "cross-site", "Origin": "https://leads.acme.example"}, False),
    ({"Sec-Fetch-Site": "same-site", "Origin": "https://other.acme.example"}, False),
    ({"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"}, False),
    ({"Sec-Fetch-Site": "none"}, False),
    ({"Sec-Fetch-Site": "Same-Origin"}, False),
    ({"Referer": "https://leads.acme.example/"}, False),
]


@pytest.mark.parametrize(("headers", "ours"), SITES)
def test_what_another_page_sends_changes_nothing(place: House, headers: dict[str, str], ours: bool) -> None:
    browser = place.logged_in()
    token = browser.get("/").text.partition("csrf=")[2]
    answer = browser.post("/change", data={"csrf": token, "what": "it"}, headers=headers)
    assert answer.status_code == (200 if ours else 403)
    assert ("changed it" in place.heard) is ours


def test_a_form_needs_the_token_of_its_session(place: House) -> None:
    browser, otto = place.logged_in(), place.logged_in("otto", OTHER)
    mine, his = (each.get("/").text.partition("csrf=")[2] for each in (browser, otto))
    before = token_of(place.browser().get("/login").text)
    for token in (his, before, "", mine[:-1], mine + "0", mine.upper(), "ä" * 64, "0" * 64):
        assert browser.post("/change", data={"csrf": token}, headers=FROM_US).status_code == 403
    assert browser.post("/change", headers=FROM_US).status_code == 403
    assert browser.post(f"/change?csrf={mine}", headers=FROM_US).status_code == 403
    assert not [each for each in place.heard if each.startswith("changed")]
    assert browser.post("/change", data={"csrf": mine}, headers=FROM_US).status_code == 200


def test_the_login_form_has_a_token_of_its_own_browser(place: House) -> None:
    fields = {"name": "otto", "password": OTHER}
    token = token_of(place.browser().get("/login").text)
    other = place.browser()
    other.get("/login")
    assert other.post("/login", data={**fields, "csrf": token}, headers=FROM_US).status_code == 403
    assert place.browser().post("/login", data=fields, headers=FROM_US).status_code == 403
    fixed = place.browser()
    fixed.cookies.set("__Host-bullseye-form", "known-to-somebody")
    fixed.get("/login")
    assert (
        fixed.post("/login", data={**fields, "csrf": place.keys.token("known-to-somebody")}, headers=FROM_US).status_code == 403
    )


def test_no_get_changes_anything(place: House) -> None:
    browser = place.logged_in()
    place.go_on.set()
    for route in routes_of(place.app):
        for method in ("GET", "HEAD"):
            browser.request(method, re.sub(r"\{\w+\}", "org_1", route.path), headers={"X-HTTP-Method-Override": "POST"})
    assert len(place.keys.sessions.of("anna")) == 1
    assert not [each for each in place.heard if each.startswith("changed")]


@pytest.mark.parametrize(
    ("site", "mode", "kind", "shown"),
    [
        ("same-origin", "no-cors", "image", True),
        ("none", "navigate", "document", True),
        ("cross-site", "navigate", "document", True),
        ("same-site", "navigate", "document", True),
        ("cross-site", "no-cors", "image", False),
        ("cross-site", "cors", "empty", False),
        ("cross-site", "navigate", "iframe", False),
        ("cross-site", "no-cors", "script", False),
        ("same-site", "no-cors", "style", False),
    ],
)
def test_pages_are_not_put_into_other_pages(local: House, site: str, mode: str, kind: str, shown: bool) -> None:
    headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": kind}
    for path in ("/", "/organization/org_1", "/download/csv"):
        assert local.browser().get(path, headers=headers).status_code == (200 if shown else 403)


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


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"csrf=x&a=" + b"x" * LARGEST, "application/x-www-form-urlencoded", 413),
        (b"a;" * 30_000, "application/x-www-form-urlencoded", 413),
        (b"a&" * 30_000, "application/x-www-form-urlencoded", 413),
        (b"a=1&" * (MOST_FIELDS + 1), "application/x-www-form-urlencoded", 413),
        (b"--x\r\n\r\n--x--", "multipart/form-data; boundary=x", 415),
        (b"{}", "application/json", 415),
        (b"a=1", "text/plain", 415),
        (b"a=1", "", 415),
        (b"\xff\xfe%", "application/x-www-form-urlencoded", 403),
    ],
)
def test_a_form_is_small_and_plain(local: House, content: bytes, kind: str, status: int) -> None:
    headers = {**FROM_US, "Origin": "http://127.0.0.1", **({"Content-Type": kind} if kind else {})}
    assert local.browser().post("/change", content=content, headers=headers).status_code == status
    assert local.browser().post("/change", content=iter([content]), headers=headers).status_code == status
    assert local.heard == []


@pytest.mark.parametrize("length", ["-1", "1e9", "999999999999999999999999", "65537", "0x10", "٣"])
def test_a_length_that_is_none_or_too_much_is_refused_unread(local: House, length: str) -> None:
    headers = [(b"host", b"127.0.0.1"), (b"origin", b"http://127.0.0.1"), (b"content-length", length.encode())]
    browser = local.browser()
    request = browser.build_request("POST", "/change", headers=headers)
    assert browser.send(request).status_code == 413


def test_an_address_is_short(local: House) -> None:
    browser = local.browser()
    assert browser.get("/?" + "a=1&" * 1000).status_code == 200
    assert browser.get("/?" + "a=1&" * 3000).status_code == browser.get("/" + "x" * 9000).status_code == 414


def test_ranges_are_not_heard_of(local: House) -> None:
    for wanted in ("bytes=0-0", "bytes=-1", "bytes=0-,0-,0-", "bytes=" + ",".join(["0-"] * 1000), "bytes=99999999999999999999-"):
        answer = local.browser().get("/download/csv", headers={"Range": wanted, "If-Range": '"x"'})
        assert answer.status_code == 200 and answer.content == b"a,b\n1,2\n" and "content-range" not in answer.headers
        assert "'range': None" in local.browser().get("/", headers={"Range": wanted}).text


def test_one_may_take_so_many_files_an_hour(tmp_path: Path) -> None:
    place = house(tmp_path, Portal(exports_per_hour=3))
    browser, otto = place.logged_in(), place.logged_in("otto", OTHER)
    assert [browser.get("/download/csv").status_code for _ in range(3)] == [200] * 3
    place.hands.passed += 600
    refused = browser.get("/download/csv")
    assert refused.status_code == 429 and refused.headers["retry-after"] == "3000"
    assert otto.get("/download/csv").status_code == 200 and browser.get("/").status_code == 200
    for _ in range(5):
        place.hands.passed += 600
        browser.get("/")
    assert browser.get("/download/csv").status_code == 200
    assert len(entries(place.home)) == 5  # what was refused was not taken


def test_what_is_taken_is_written_down(place: House, local: House) -> None:
    place.logged_in().get("/download/hubspot")
    local.browser().get("/download/csv")
    both = [*entries(place.home), *entries(local.home)]
    assert [(each.who, each.by, each.what, each.rows) for each in both] == [
        ("anna", "page", "hubspot", 1),
        ("tester", "page", "csv", 1),
    ]
    assert both[0].at == NOW.isoformat() and both[0].selection == {"ring": ["problem"]} and both[0].holds
    assert verify(place.home) == []


def test_what_cannot_be_written_down_is_not_handed_out(local: House) -> None:
    local.home.downloads.mkdir(parents=True)
    answer = local.browser().get("/download/csv")
    assert answer.status_code == 503 and b"1,2" not in answer.content and "could not be written down" in answer.text


def test_what_somebody_typed_is_not_in_the_journal(tmp_path: Path) -> None:
    from starlette.requests import Request
    from starlette.responses import PlainTextResponse, Response
    from starlette.routing import Route

    async def take(request: Request) -> Response:
        await request.state.journal.note("csv", {"search": request.query_params["search"]}, 1, "0" * 64, "r", "s", whole=False)
        return PlainTextResponse("taken")

    place = house(tmp_path, guarded=False, views=[Route("/download/{layout}", take)])
    for words in (CANARY, CANARY, "other"):
        place.browser().get("/download/csv", params={"search": words})
    noted = [each.selection["search"] for each in entries(place.home)]
    assert noted[0] == noted[1] != noted[2] and not any(each.whole for each in entries(place.home))
    assert CANARY not in place.home.downloads.read_text()


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
