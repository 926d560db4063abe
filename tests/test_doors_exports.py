"""What is taken: so much an hour, each written down, and nothing where that cannot be."""

from pathlib import Path

from doors import CANARY, NOW, OTHER, House, house
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from pipelines.portal.doors.journal import entries, verify
from pipelines.settings import Portal


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
    async def take(request: Request) -> Response:
        await request.state.journal.note("csv", {"search": request.query_params["search"]}, 1, "0" * 64, "r", "s", whole=False)
        return PlainTextResponse("taken")

    place = house(tmp_path, guarded=False, views=[Route("/download/{layout}", take)])
    for words in (CANARY, CANARY, "other"):
        place.browser().get("/download/csv", params={"search": words})
    noted = [each.selection["search"] for each in entries(place.home)]
    assert noted[0] == noted[1] != noted[2] and not any(each.whole for each in entries(place.home))
    assert CANARY not in place.home.downloads.read_text()
