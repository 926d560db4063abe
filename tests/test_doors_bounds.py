"""What a request may be: small, plain, and of the whole."""

import pytest
from doors import FROM_US, House

from pipelines.portal.doors.body import LARGEST, MOST_FIELDS


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
