"""What somebody else's page makes a browser send changes nothing, and ours are not shown in others."""

import re

import pytest
from doors import FROM_US, OTHER, House, routes_of, token_of

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
