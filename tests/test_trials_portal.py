"""Trials of group I: the page as it is served, its own routes and release, attacked from outside. Each ends in a figure.

Here: the whole page behind its doors, on the demo's release. Elsewhere: each door by itself (`test_doors_*`), what the page shows
(`test_portal_*`).
"""

import itertools
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from shutil import copytree
from urllib.parse import quote

import pytest
from doors import CANARY, CHEAP, FROM_US, NOW, OTHER, PASSWORD, PUBLIC, Hands, House, log_in, routes_of, said, served
from starlette.routing import Route

from pipelines.home import Home
from pipelines.portal.app import opened, views
from pipelines.portal.doors.doorway import doorway
from pipelines.portal.doors.headers import HEADERS
from pipelines.portal.doors.journal import entries, verify
from pipelines.portal.doors.serving import Given, assemble, keys_for
from pipelines.portal.doors.users import Users
from pipelines.questions import current_release
from pipelines.reader import open_release
from pipelines.settings import Portal

pytestmark = pytest.mark.slow

Told = Callable[[str, object], None]
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
SECRETS = (b"root:x:", b"argon2id", b"PARQUET", b"DUCK", b"BEGIN ", b"[project]", b"def page")
"""What files on this machine hold, and no page."""


@dataclass
class Trial:
    """The demo's page behind its doors, with two users; `organization` is the id of one."""

    place: House
    organization: str

    def paths(self) -> list[str]:
        """An address of every route, and of every file of its downloads."""
        given = {"organization_id": [self.organization], "file": ["leads.csv", "hubspot-companies.csv", "leads.xlsx"]}
        found = []
        for route in routes_of(self.place.app):
            name = next(iter(route.param_convertors), "")
            found += [re.sub(r"\{.*?\}", each, route.path) for each in given.get(name, [""])]
        return sorted(set(found))


@pytest.fixture(scope="module")
def trial(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Trial:
    home = Home(tmp_path_factory.mktemp("portal") / "home")
    copytree(demo_home, home.folder, symlinks=True)
    for name, password in (("anna", PASSWORD), ("otto", OTHER)):
        Users(home.users, CHEAP).put(name, password, NOW.isoformat())
    hands, numbers = Hands(), itertools.count(1)
    door = doorway("127.0.0.1", 8321, [PUBLIC], users=True, behind_tls=True)
    given = Given(hands.ticks, hands.now, lambda: f"{next(numbers):043}", "tester")
    settings = Portal(exports_per_hour=10_000)
    keys = keys_for(Users(home.users, CHEAP), door, settings, given)
    app = assemble(views(opened(home)), home, keys, settings, given)
    with open_release(current_release(home) / "bullseye.duckdb") as reader:
        key = reader.rows("select organization_id from mart.organization order by 1 limit 1")[0]["organization_id"]
    return Trial(House(home, door, keys, app, hands, given, threading.Event()), key)


@pytest.fixture
def told(record_property: Told) -> Told:
    """Say the figure of a trial: it is in the report of the run (`--junitxml`)."""
    return record_property


def test_i1_no_route_is_open(trial: Trial, told: Told) -> None:
    paths = [path for path in trial.paths() if path != "/login"]
    paths += [path + "x" for path in paths] + [
        "/organizations/org_ffffffffffffffff",
        "/nothing",
        "/static/../app.py",
        "/docs",
        "/.git/config",
    ]
    answers = {(method, path): trial.place.browser().request(method, path) for method, path in itertools.product(METHODS, paths)}
    open_ = [asked for asked, answer in answers.items() if answer.status_code not in (401, 403)]
    bodies = {re.sub(r'value="[^"]*"', "", each.text) for (method, _), each in answers.items() if method == "GET"}
    told("routes open", f"{len(open_)} of {len(answers)} requests to {len(paths)} addresses")
    assert open_ == [] and len(bodies) == 1  # what is there and what is not, told alike
    assert len(paths) >= 2 * len(routes_of(trial.place.app))


def test_i1_every_page_is_there_for_who_is_logged_in(trial: Trial) -> None:
    browser = trial.place.logged_in()
    shown = {path: browser.get(path).status_code for path in trial.paths() if path not in ("/login", "/logout", "/sessions/end")}
    assert set(shown.values()) == {200}, shown


def test_i4_nothing_forged_is_accepted(trial: Trial, told: Told) -> None:
    browser = trial.place.logged_in()
    unsafe = [each.path for each in routes_of(trial.place.app) if "POST" in (each.methods or ())]
    page = browser.get("/sessions").text
    token = re.search(r'name="csrf" value="([0-9a-f]+)"', page)
    assert token is not None and unsafe
    foreign: list[dict[str, str]] = [
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "null"},
        {"Origin": f"https://evil.{PUBLIC}", "Sec-Fetch-Site": "same-site"},
        {"Referer": f"https://{PUBLIC}/"},
        {},
    ]
    bad_tokens = ["", "0" * 64, token[1][::-1]]
    tried = [(path, headers, token[1]) for path, headers in itertools.product(unsafe, foreign)]
    tried += [(path, FROM_US, bad) for path, bad in itertools.product(unsafe, bad_tokens)]
    accepted = [
        (path, headers, bad)
        for path, headers, bad in tried
        if browser.post(
            path, data={"csrf": bad, "session": "others", "name": "otto", "password": OTHER}, headers=headers
        ).status_code
        != 403
    ]
    by_get = [path for path in unsafe if browser.get(path, params={"csrf": token[1]}).status_code == 200 and path != "/login"]
    told("forged requests accepted", f"{len(accepted) + len(by_get)} of {len(tried) + len(unsafe)}")
    assert accepted == [] and by_get == [] and browser.get("/").status_code == 200


def test_i5_no_header_is_missing(trial: Trial, told: Told) -> None:
    browser, stranger = trial.place.logged_in(), trial.place.browser()
    static = sorted(re.findall(r'(?:href|src)="(/static/[^"]+)"', browser.get("/").text))
    answers = [who.get(path) for who, path in itertools.product((browser, stranger), [*trial.paths(), *static, "/nothing"])]
    answers += [
        browser.get("/", headers={"Host": "evil.example"}),
        browser.post("/logout"),
        browser.put("/"),
        browser.get("/?" + "a" * 9999),
    ]
    answers += [browser.get(f"/organizations?ring={quote('<script>')}"), browser.get("/download/nothing")]
    wrong = [
        (str(each.request.url), name)
        for each in answers
        for name, value in HEADERS.items()
        if each.headers.get_list(name) != [value]
    ]
    kept = [
        str(each.request.url)
        for each in answers
        if each.headers["cache-control"] != "no-store" and "/static/" not in str(each.request.url)
    ]
    plain = [str(each.request.url) for each in answers if "strict-transport-security" not in each.headers]
    files = [each for each in answers if "/download/" in str(each.request.url) and each.status_code == 200]
    loose = [each for each in files if not re.match(r"attachment; .*filename\*=UTF-8''", each.headers["content-disposition"])]
    told("headers missing", f"{len(wrong) + len(kept) + len(plain) + len(loose)} in {len(answers)} answers")
    assert wrong == kept == plain == loose == [] and len(files) >= 3 and static


TARGETS = ["etc/passwd", "users.json", "home/users.json", "pyproject.toml", "releases/current/bullseye.duckdb", "suppression.key"]
CLIMBS = [
    "../",
    "..%2f",
    "%2e%2e/",
    "%2e%2e%2f",
    "..%5c",
    "..\\",
    "....//",
    "..;/",
    "%252e%252e%252f",
    "..%c0%af",
    "..%00/",
    "%2e%2e%5c",
]
ABSOLUTE = [
    "//etc/passwd",
    "/%2fetc/passwd",
    "/file:///etc/passwd",
    "/C:/Windows/win.ini",
    "/C:%5cWindows%5cwin.ini",
    "/%5c%5cserver%5cshare",
]
ODD = [
    "leads.csv%00.html",
    "leads.csv/",
    "leads.csv/..",
    "LEADS.CSV",
    "leads.csv::$DATA",
    "leads.csv%20",
    "con",
    "aux.csv",
    ".",
    "..",
    "%00",
    "~root",
]


def payloads() -> Iterator[str]:
    for base, climb, target in itertools.product(("/static/", "/download/", "/organizations/", "/"), CLIMBS, TARGETS):
        yield f"{base}{climb * 6}{target}"
    yield from (f"{base.rstrip('/')}{path}" for base in ("", "/static", "/download") for path in ABSOLUTE)
    yield from (f"/download/{each}" for each in ODD)


def test_i6_no_path_leads_to_a_file(trial: Trial, told: Told) -> None:
    (trial.place.home.folder / "releases" / "link").symlink_to("/etc")
    cookies = "; ".join(f"{name}={value}" for name, value in trial.place.logged_in().cookies.items())
    head = f" HTTP/1.1\r\nHost: {PUBLIC}\r\nX-Forwarded-Proto: https\r\nCookie: {cookies}\r\n\r\n"
    paths = [*payloads(), "/download/link/passwd", "/releases/link/passwd"]
    with served(trial.place) as where:  # as it is written: a client would take the dots out
        assert b"HTTP/1.1 200" in said(where, f"GET /{head}".encode(), answers=1)
        answers = {path: said(where, f"GET {path}{head}".encode(), answers=1) for path in paths}
    escapes = [
        path
        for path, answer in answers.items()
        if answer[9:12] not in (b"400", b"404") or any(secret in answer for secret in SECRETS)
    ]
    told("escapes", f"{len(escapes)} of {len(paths)} paths")
    assert escapes == [] and len(set(paths)) >= 60


SQL = [
    "' or '1'='1",
    "'; drop table mart.lead; --",
    "1 union select * from duckdb_settings()",
    '" or 1=1 --',
    "ring' and (select 1)--",
]
SQL += [
    "$ring",
    "$$x$$",
    "'||(select path from duckdb_databases())||'",
    "read_text('/etc/passwd')",
    "copy (select 1) to '/tmp/x'",
]
SQL += [
    "%27%20or%201=1",
    "best; select 1",
    "fit desc; --",
    "(select 1)",
    "1/0",
    "name, (select load_extension('x'))",
    "\\' or 1=1",
    "\x00' or 1",
]
SQL += ["attach '/etc/passwd'", "install httpfs"]


def test_i7_no_filter_or_order_reaches_the_database_as_sql(trial: Trial, told: Told) -> None:
    browser = trial.place.logged_in()
    names = ("ring", "industry", "country", "owner", "search", "sort", "page", "list")
    hits, tried = [], 0
    everything = browser.get("/organizations").text
    count = len(re.findall(r'href="/organizations/org_', everything))
    for name, payload in itertools.product(names, SQL):
        answer = browser.get("/organizations", params={name: payload})
        tried += 1
        shown = len(re.findall(r'href="/organizations/org_', answer.text))
        searched = name == "search" and answer.status_code == 200 and shown == 0
        if not searched and answer.status_code not in (400, 404):
            hits.append((name, payload, answer.status_code))
    told("SQL hits", f"{len(hits)} of {tried}")
    assert hits == [] and count > 0 and tried >= 100
    assert len(re.findall(r'href="/organizations/org_', browser.get("/organizations").text)) == count


def test_h13_every_download_is_in_the_journal(trial: Trial, told: Told) -> None:
    browser, otto = trial.place.logged_in(), trial.place.logged_in("otto", OTHER)
    before, taken = len(entries(trial.place.home)), []
    for who, path in itertools.product((browser, otto), [path for path in trial.paths() if path.startswith("/download/")]):
        for query in ("", "?ring=outside", f"?search={quote(CANARY)}"):
            answer = who.get(path + query)
            assert answer.status_code == 200, answer.text
            taken.append(answer)
    noted = entries(trial.place.home)[before:]
    told("downloads in the journal", f"{len(noted)} of {len(taken)}")
    assert len(noted) == len(taken) and verify(trial.place.home) == []
    assert [each.sha256 for each in noted] == [sha256(each.content).hexdigest() for each in taken]
    assert {each.who for each in noted} == {"anna", "otto"} and all(each.whole and each.holds and each.release for each in noted)
    assert {str(each.selection) for each in noted if not each.selection or "ring" in each.selection} == {
        "{}",
        "{'ring': ['outside']}",
    }


def test_h10_nothing_of_a_request_is_in_a_log_or_on_an_error_page(
    trial: Trial, told: Told, caplog: pytest.LogCaptureFixture
) -> None:
    browser = trial.place.logged_in()
    with caplog.at_level(1):
        answers = [
            browser.get(f"{path}?search={CANARY}&x={CANARY}") for path in (*trial.paths(), f"/{CANARY}", f"/download/{CANARY}")
        ]
        answers.append(log_in(trial.place.browser(), "otto", CANARY))
    canaries = [
        str(each.request.url)
        for each in answers
        if each.status_code >= 400 and CANARY in each.text.replace(f'value="{CANARY}"', "")
    ]
    logged = [record for record in caplog.records if CANARY in record.getMessage() and not record.name.startswith("httpx")]
    on_disk = [path for path in trial.place.home.folder.rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes()]
    told("canaries", f"{len(canaries)} on error pages, {len(logged)} in logs, {len(on_disk)} in files of the home")
    assert canaries == [] and logged == [] and on_disk == []


def test_every_route_is_one_of_ours(trial: Trial) -> None:
    """The crawler above sees what is served: a mount or a host route would hide routes from it."""
    app = trial.place.app
    while not hasattr(app, "routes"):
        app = next(value for name, value in vars(app).items() if name in ("app", "_app"))
    assert all(isinstance(each, Route) for each in app.routes)
