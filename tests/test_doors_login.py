"""Logging in and out: sessions, their end, cookies, how often one may try."""

import json

import pytest
from doors import FROM_US, OTHER, PASSWORD, House, log_in, token_of

from pipelines.portal.doors.users import Users


def test_somebody_logs_in_and_out(place: House) -> None:
    browser = place.browser()
    assert browser.get("/").status_code == 401
    answer = log_in(browser, "anna", PASSWORD)
    assert answer.status_code == 303 and answer.headers["location"] == "/"
    front = browser.get("/")
    assert front.status_code == 200 and "'user': 'anna'" in front.text
    assert browser.get("/login").status_code == 303
    token = front.text.partition("csrf=")[2]
    assert browser.post("/logout", data={"csrf": token}, headers=FROM_US).status_code == 303
    assert browser.get("/").status_code == 401


def test_logging_out_ends_the_session_at_the_server(place: House) -> None:
    browser = place.logged_in()
    kept = dict(browser.cookies)
    token = browser.get("/").text.partition("csrf=")[2]
    browser.post("/logout", data={"csrf": token}, headers=FROM_US)
    thief = place.browser()
    thief.cookies.update(kept)
    assert thief.get("/").status_code == 401


def test_a_session_has_a_new_id_after_each_login_whatever_was_sent(place: House) -> None:
    browser = place.browser()
    browser.cookies.set("__Host-bullseye-session", "fixed-by-somebody-else", domain="leads.acme.example", path="/")
    assert browser.get("/").status_code == 401
    cookies = [answer.headers["set-cookie"] for answer in (log_in(browser, "anna", PASSWORD),)]
    assert "fixed-by" not in cookies[0]
    thief = place.browser()
    thief.cookies.set("__Host-bullseye-session", "fixed-by-somebody-else")
    assert thief.get("/").status_code == 401


def test_logging_in_again_ends_the_session_before(place: House) -> None:
    browser = place.logged_in()
    before = dict(browser.cookies)
    token = browser.get("/").text.partition("csrf=")[2]
    fields = {"csrf": token, "name": "otto", "password": OTHER}
    assert browser.post("/login", data=fields, headers=FROM_US).status_code == 303
    assert "'user': 'otto'" in browser.get("/").text
    thief = place.browser()
    thief.cookies.update(before)
    assert thief.get("/").status_code == 401


def test_cookies_are_for_this_host_over_tls_and_for_no_script(place: House) -> None:
    browser = place.browser()
    first = browser.get("/login").headers["set-cookie"]
    second = log_in(browser, "anna", PASSWORD).headers["set-cookie"]
    assert first.startswith("__Host-bullseye-form=") and second.startswith("__Host-bullseye-session=")
    for cookie, kept in ((first, "Strict"), (second, "Lax")):
        parts = {part.strip() for part in cookie.split(";")[1:]}
        assert parts == {"HttpOnly", "Path=/", f"SameSite={kept}", "Secure"}


@pytest.mark.parametrize(("steps", "open_"), [([29 * 60] * 3, True), ([30 * 60], False), ([29 * 60, 31 * 60], False)])
def test_a_session_ends_after_half_an_hour_without_use(place: House, steps: list[int], open_: bool) -> None:
    browser = place.logged_in()
    for step in steps:
        place.hands.passed += step
        last = browser.get("/").status_code
    assert (last == 200) is open_


def test_a_session_ends_after_twelve_hours_whatever_the_use(place: House) -> None:
    browser = place.logged_in()
    seen = []
    for _ in range(12 * 4):
        place.hands.passed += 15 * 60
        seen.append(browser.get("/").status_code)
    assert seen == [200] * 47 + [401]


def test_one_may_have_five_sessions_and_the_one_not_used_longest_goes(place: House) -> None:
    browsers = []
    for _ in range(5):
        place.hands.passed += 1
        browsers.append(place.logged_in())
    place.hands.passed += 1
    assert browsers[0].get("/").status_code == 200
    sixth = place.logged_in()
    assert [each.get("/").status_code for each in [*browsers, sixth]] == [200, 401, 200, 200, 200, 200]
    assert place.logged_in("otto", OTHER).get("/").status_code == 200


def test_one_sees_and_ends_ones_own_sessions_and_nobody_elses(place: House) -> None:
    mine, also_mine, otto = place.logged_in(), place.logged_in(), place.logged_in("otto", OTHER)
    page = mine.get("/sessions").text
    assert page.count("<li>\n<form") == 2 and page.count("This browser") == 1
    token = token_of(page)
    for handle in [each.handle for each in place.keys.sessions.of("otto")] + ["", "nothing"]:
        mine.post("/sessions/end", data={"csrf": token, "session": handle}, headers=FROM_US)
    assert [each.get("/").status_code for each in (mine, also_mine, otto)] == [200, 200, 200]
    mine.post("/sessions/end", data={"csrf": token, "session": "others"}, headers=FROM_US)
    assert [each.get("/").status_code for each in (mine, also_mine, otto)] == [200, 401, 200]


def test_no_page_shows_what_one_could_log_in_with(place: House) -> None:
    browser = place.logged_in()
    identity = browser.cookies["__Host-bullseye-session"]
    assert identity not in browser.get("/sessions").text
    handle = place.keys.sessions.of("anna")[0].handle
    thief = place.browser()
    thief.cookies.set("__Host-bullseye-session", handle)
    assert thief.get("/").status_code == 401


@pytest.mark.parametrize("what", ["new password", "removed", "file gone"])
def test_who_has_another_password_or_none_is_out_at_once(place: House, what: str) -> None:
    browser, otto = place.logged_in(), place.logged_in("otto", OTHER)
    users = Users(place.home.users)  # as another process would
    if what == "new password":
        users.put("anna", "another password altogether", "2026-02-01T08:00:00+00:00")
    elif what == "removed":
        users.remove("anna")
    else:
        place.home.users.unlink()
    assert browser.get("/").status_code == 401
    assert otto.get("/").status_code == (401 if what == "file gone" else 200)
    assert log_in(place.browser(), "anna", PASSWORD).status_code == 401


def test_wrong_name_and_wrong_password_are_told_alike(place: House) -> None:
    answers = [log_in(place.browser(), *tried) for tried in (("anna", OTHER), ("nobody", PASSWORD), ("", ""), ("anna", ""))]
    assert {each.status_code for each in answers} == {401}
    assert len({each.text.replace(token_of(each.text), "") for each in answers}) == 1
    assert {tuple(each.headers) for each in answers} == {tuple(answers[0].headers)}


def test_a_form_that_is_no_text_is_a_wrong_password(place: House) -> None:
    for name, password in (("anna\0", PASSWORD), ("anna", "\ud83d"), ("ANNA ' or 1=1", "x" * 5000)):
        browser = place.browser()
        fields = {"csrf": token_of(browser.get("/login").text), "name": name, "password": password.encode("utf-8", "replace")}
        assert browser.post("/login", data=fields, headers=FROM_US).status_code == 401


def test_each_further_failure_costs_twice_the_wait(place: House) -> None:
    def tried(password: str = OTHER) -> tuple[int, int]:
        answer = log_in(place.browser(), "anna", password)
        return answer.status_code, int(answer.headers.get("retry-after", 0))

    assert [tried() for _ in range(5)] == [(401, 0)] * 5
    waits = []
    for _ in range(10):
        status, wait = tried(PASSWORD)  # even the right one has to wait
        assert status == 429
        waits.append(wait)
        place.hands.passed += wait
        assert tried()[0] == 401
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300]
    assert log_in(place.browser(), "otto", OTHER).status_code == 303  # others are not locked out with her
    place.hands.passed += 300
    assert tried(PASSWORD)[0] == 303
    assert tried()[0] == 401 and tried()[0] == 401  # and it begins anew


def test_an_address_that_tries_many_names_waits_too(place: House) -> None:
    def tried(number: int, address: str) -> int:
        browser = place.browser(**{"X-Forwarded-For": f"203.0.113.{number}, {address}"})
        return log_in(browser, f"user{number}", OTHER).status_code

    seen = [tried(number, "2001:db8::1") for number in range(20)]
    assert set(seen) == {401}
    assert tried(21, "2001:db8::ffff") == 429  # the same network
    assert tried(22, "2001:db8:0:1::1") == 401
    assert tried(23, "198.51.100.7") == 401


def test_who_knows_a_password_does_not_guess_others_for_free(place: House) -> None:
    for number in range(20):
        assert log_in(place.browser(), f"nobody{number}", OTHER).status_code == 401
        if number < 19:
            assert log_in(place.browser(), "otto", OTHER).status_code == 303
    assert log_in(place.browser(), "otto", OTHER).status_code == 429


@pytest.mark.parametrize(
    ("to", "where"),
    [
        ("/organization/org_1?ring=problem", "/organization/org_1?ring=problem"),
        ("//evil.example/x", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("/x\r\nSet-Cookie: a=b", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_after_login_one_is_where_one_wanted_to_be_and_nowhere_else(place: House, to: str, where: str) -> None:
    assert log_in(place.browser(), "anna", PASSWORD, to=to).headers["location"] == where


def test_the_form_remembers_where_one_wanted_to_be(place: House) -> None:
    page = place.browser().get("/organization/org_1?ring=problem&x=%22%3E%3Cb%3E").text
    assert 'name="to" value="/organization/org_1?ring=problem&amp;x=%22%3E%3Cb%3E"' in page
    assert 'name="to" value=""' in place.browser().get("/login?to=//evil.example").text


def test_users_and_sessions_are_nowhere_on_the_disk_but_as_hashes(place: House) -> None:
    browser = place.logged_in()
    browser.get("/")
    secrets = [PASSWORD.encode(), OTHER.encode(), browser.cookies["__Host-bullseye-session"].encode()]
    for path in place.home.folder.rglob("*"):
        assert not any(secret in path.read_bytes() for secret in secrets), path
    assert json.loads(place.home.users.read_text())["anna"]["hash"].startswith("$argon2id$")
    assert place.home.users.stat().st_mode & 0o777 == 0o600
