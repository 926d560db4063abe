"""Job boards: which page leads to which board, whose it is, and what real answers are read as."""

import asyncio
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from effort import Effort

from pipelines.errors import Skip
from pipelines.identity.visit import Found
from pipelines.lexicon import Lexicon
from pipelines.looking import Looking
from pipelines.page import Page
from pipelines.postings import AGREED, LINKED, is_called
from pipelines.reading import reader_of
from pipelines.readings import Readings
from pipelines.records import Capture, Captured, Fact, Miss, Organization, Request
from pipelines.settings import Settings
from pipelines.sources import all_sources

REAL = Path(__file__).parents[2] / "shared/real/api/job-boards"
BOARDS = ("ashby", "greenhouse", "lever", "personio", "recruitee", "teamtailor", "workable")
SOURCES = {source.name: source for source in all_sources() if source.name in BOARDS}
MOMENT = datetime(2026, 11, 16, tzinfo=UTC)
FINCH = Organization("org_1", "alderfinch.example", "Alder & Finch")
ANSWERS = {
    "greenhouse": "https://boards-api.greenhouse.io/v1/boards/alderfinch/jobs?content=true",
    "lever": "https://api.lever.co/v0/postings/alderfinch?mode=json",
    "ashby": "https://api.ashbyhq.com/posting-api/job-board/alderfinch?includeCompensation=true",
    "workable": "https://apply.workable.com/api/v1/widget/accounts/alderfinch?details=true",
    "recruitee": "https://alderfinch.recruitee.com/api/offers/",
    "teamtailor": "https://alderfinch.teamtailor.com/jobs.rss?per_page=200",
    "personio": "https://alderfinch.jobs.personio.de/xml?language=en",
}


def page(body: str | bytes, request: Request, organization: Organization = FINCH, content_type: str = "text/html") -> Page:
    content = body.encode() if isinstance(body, str) else body
    return Page(Capture("cap_1", request, request.url, 200, content_type, MOMENT, "", len(content), "", 0), content, organization)


def asked(body: str, kind: str = "careers", organization: Organization = FINCH, source: str = "website") -> list[str]:
    """Return what any board asks because of a page of the organization."""
    given = page(body, Request("org_1", source, kind, "https://alderfinch.example/jobs"), organization)
    requests = [(name, request) for name, each in SOURCES.items() for request in each.follow(given)]
    assert all((request.source, request.kind, request.organization_id) == (name, "board", "org_1") for name, request in requests)
    return [request.url for _, request in requests]


def read(name: str, answer: Any, organization: Organization = FINCH, url: str = "") -> list[Fact]:
    request = Request("org_1", name, "board", url or ANSWERS[name])
    body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    given = page(body, request, organization, "application/json")
    assert SOURCES[name].wants(given)
    facts = list(SOURCES[name].read(given.read_by(name, name), Lexicon({})))
    assert all(given.says(fact.quote) for fact in facts)
    return facts


def values(facts: list[Fact], name: str) -> list[str]:
    return [fact.value for fact in facts if fact.property == name]


# Which page leads to which board


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ('<a href="https://boards.greenhouse.io/alderfinch">Jobs</a>', "greenhouse"),
        ('<a href="https://job-boards.greenhouse.io/alderfinch/jobs/4001">Shopfitter</a>', "greenhouse"),
        ('<a href="https://job-boards.eu.greenhouse.io/alderfinch">Jobs</a>', "greenhouse"),
        ('<iframe src="https://boards.greenhouse.io/embed/job_board?for=alderfinch&b=x"></iframe>', "greenhouse"),
        ('<script src="https://boards.greenhouse.io/embed/job_board/js?for=alderfinch"></script>', "greenhouse"),
        ('<iframe src="https://boards.greenhouse.io/embed/job_app?token=1&amp;for=alderfinch"></iframe>', "greenhouse"),
        ('<script>fetch("https://boards-api.greenhouse.io/v1/boards/alderfinch/jobs")</script>', "greenhouse"),
        ('<a href="https://jobs.lever.co/alderfinch/0b5f?lever-source=site">Site Manager</a>', "lever"),
        ('<script>u = "https://api.lever.co/v0/postings/alderfinch?group=team"</script>', "lever"),
        ('<a href="//jobs.ashbyhq.com/alderfinch">Jobs</a>', "ashby"),
        ('<script src="https://jobs.ashbyhq.com/alderfinch/embed?version=2"></script>', "ashby"),
        (r'<script>{"url":"https:\/\/api.ashbyhq.com\/posting-api\/job-board\/alderfinch"}</script>', "ashby"),
        ('<a href="https://apply.workable.com/alderfinch/j/4F21/">Joiner</a>', "workable"),
        ('<a href="https://alderfinch.workable.com/">Jobs</a>', "workable"),
        ('<script src="https://www.workable.com/api/accounts/alderfinch?details=true"></script>', "workable"),
        ('<a href="https://alderfinch.recruitee.com/o/meubelmaker">Meubelmaker</a>', "recruitee"),
        ('<a href="https://alderfinch.teamtailor.com/jobs/1-snickare">Snickare</a>', "teamtailor"),
        ('<iframe src="https://alderfinch.jobs.personio.de/?language=de"></iframe>', "personio"),
    ],
)
def test_links_frames_and_scripts_lead_to_a_board(written: str, name: str):
    assert asked(written) == [ANSWERS[name]]


def test_boards_stand_where_the_page_says():
    assert asked('<a href="https://jobs.eu.lever.co/alderfinch">x</a>') == [
        "https://api.eu.lever.co/v0/postings/alderfinch?mode=json"
    ]
    assert asked('<a href="https://alderfinch.jobs.personio.com/">x</a>') == [
        "https://alderfinch.jobs.personio.com/xml?language=en"
    ]
    assert asked('<a href="https://alderfinch.career.teamtailor.com/">x</a>') == [
        "https://alderfinch.career.teamtailor.com/jobs.rss?per_page=200"
    ]


@pytest.mark.parametrize(
    "written",
    [
        '<a href="https://www.greenhouse.io/alderfinch">Made with Greenhouse</a>',
        '<a href="https://boards.greenhouse.io/embed/job_board">x</a>',
        '<script src="https://boards-api.greenhouse.io/v1/boards/"></script>',
        '<a href="https://www.lever.co/alderfinch">x</a>',
        '<a href="https://www.ashbyhq.com/alderfinch">x</a>',
        '<a href="https://apply.workable.com/j/4F21">x</a>',
        '<a href="https://www.workable.com/alderfinch">x</a>',
        '<a href="https://docs.recruitee.com/">x</a>',
        '<a href="https://career.teamtailor.com/jobs">x</a>',
        '<a href="https://www.personio.de/alderfinch">x</a>',
        '<a href="https://jobs.ashbyhq.com/../../admin">x</a>',
        "alderfinch on greenhouse.io",
    ],
)
def test_what_only_speaks_of_a_maker_of_boards_leads_nowhere(written: str):
    assert asked(written) == []


@pytest.mark.parametrize(
    ("source", "kind", "found"),
    [*(("website", kind, 1) for kind in ("careers", "home", "about")), ("website", "customers", 0), ("lever", "careers", 0)],
)
def test_only_pages_about_the_organization_itself_lead_to_its_board(source: str, kind: str, found: int):
    assert len(asked('<a href="https://jobs.lever.co/alderfinch">x</a>', kind, source=source)) == found


def test_a_board_of_another_name_is_asked_only_where_it_is_the_only_one_of_a_careers_page():
    one = '<iframe src="https://jobs.lever.co/northgate"></iframe>'
    assert asked(one) == ["https://api.lever.co/v0/postings/northgate?mode=json"]
    assert asked(one, "home") == []
    assert asked(one + '<a href="https://jobs.lever.co/harbourloom">Our partner hires, too</a>') == []


def test_its_own_board_is_asked_and_not_its_partners():
    links = "".join(
        f'<a href="https://jobs.lever.co/{name}">x</a>' for name in ("harbourloom", "AlderFinch", "alderfinch", "northgate")
    )
    assert asked(links) == ["https://api.lever.co/v0/postings/AlderFinch?mode=json"]


def test_a_page_leads_to_two_boards_at_most():
    links = "".join(f'<a href="https://jobs.ashbyhq.com/alderfinch-{town}">x</a>' for town in ("leeds", "york", "hull"))
    assert len(asked(links)) == 2


def test_a_page_of_a_hundred_thousand_boards_is_looked_through_in_no_time():
    links = "".join(f'<a href="https://jobs.ashbyhq.com/board-{number}">x</a>' for number in range(100_000))
    with Effort() as effort:
        assert asked(links) == []
    assert effort.turns < 200


# Whose board it is


@pytest.mark.parametrize(
    ("name", "organization"),
    [
        ("alderfinch", FINCH),
        ("alder-finch-careers".replace("-", " "), FINCH),
        ("Alder and Finch Ltd", FINCH),
        ("claylabs", Organization("org_1", "clay.example", "Clay")),
        ("xai", Organization("org_1", "x.example", "xAI")),
        ("cursor", Organization("org_1", "cursor.example", "Anysphere")),
        ("mirage", Organization("org_1", "captions.example", "Captions", names=("Mirage",))),
    ],
)
def test_a_board_is_called_as_the_organization_is(name: str, organization: Organization):
    assert is_called(name, organization)


@pytest.mark.parametrize(
    ("name", "organization"),
    [
        ("harbourloom", FINCH),
        ("marcus", Organization("org_1", "arc.example", "Arc")),
        ("northgate group", Organization("org_1", "south.example", "South Group")),
        ("alderfinch", Organization("org_1", None, None)),
    ],
)
def test_a_board_of_another_name_is_not(name: str, organization: Organization):
    assert not is_called(name, organization)


def job(number: int, title: str = "", company: str = "Alder & Finch") -> dict[str, Any]:
    return {"id": number, "title": title or f"Shopfitter {number}", "company_name": company, "location": {"name": "Leeds"}}


def test_the_name_of_the_board_or_of_the_company_agrees():
    other = "https://boards-api.greenhouse.io/v1/boards/shopworks/jobs?content=true"
    assert {fact.confidence for fact in read("greenhouse", {"jobs": [job(1, company="Shopworks Inc")]})} == {AGREED}
    assert {fact.confidence for fact in read("greenhouse", {"jobs": [job(1)]}, url=other)} == {AGREED}
    assert read("greenhouse", {"jobs": [job(1, company="Shopworks Inc")]}, url=other) == []


def test_where_nobody_is_named_the_link_alone_makes_it_less_sure():
    other = "https://api.lever.co/v0/postings/shopworks?mode=json"
    assert {fact.confidence for fact in read("lever", [{"id": "1", "text": "Joiner"}], url=other)} == {LINKED}


# What postings say


def test_all_are_counted_and_the_first_five_hundred_titles_stated():
    facts = read("greenhouse", {"jobs": [job(number) for number in range(1000)], "meta": {"total": 1000}})
    assert values(facts, "openings") == ["1000"]
    assert len(values(facts, "opening")) == 500


def test_without_numbers_of_their_own_titles_tell_postings_apart():
    facts = read("lever", [{"text": "Joiner"}, {"text": "Joiner"}, {"text": "Buyer"}])
    assert values(facts, "openings") == ["2"]


def test_of_one_title_the_newest_day_is_stated_and_none_to_come():
    jobs = [
        {**job(number, "Joiner"), "first_published": day} for number, day in enumerate(("2026-09-01", "2026-11-01", "2026-10-01"))
    ]
    assert [fact.stated_on for fact in read("greenhouse", {"jobs": jobs}) if fact.property == "opening"] == [date(2026, 11, 1)]
    later = [{**job(1), "first_published": "2026-12-24"}]
    assert [fact.stated_on for fact in read("greenhouse", {"jobs": later}) if fact.property == "opening"] == [None]


@pytest.mark.parametrize(
    "title",
    [
        *("General Application", "Open application (Leeds)", "Initiativbewerbung (m/w/d)", "Candidature spontanée"),
        *("Talent Pool 2027", "Spontanansökan"),
    ],
)
def test_an_application_for_nothing_in_particular_is_no_opening(title: str):
    assert read("greenhouse", {"jobs": [job(1, title)]}) == []


def test_a_title_that_goes_on_after_such_words_is_one():
    assert values(read("greenhouse", {"jobs": [job(1, "Engineer - Open Application")]}), "openings") == ["1"]


def test_several_places_in_one_text_are_several():
    given = {**job(1), "location": {"name": "New York City, NY; Leeds | York • leeds"}}
    assert values(read("greenhouse", {"jobs": [given]}), "opening_place") == ["New York City, NY", "Leeds", "York"]


@pytest.mark.parametrize("name", ["ashby", "greenhouse", "recruitee", "workable"])
@pytest.mark.parametrize(
    "answer", [None, 7, "jobs", [], {}, {"jobs": [7], "offers": [7]}, {"jobs": {"a": 1}, "offers": {"a": 1}}]
)
def test_answers_of_another_shape_are_refused(name: str, answer: Any):
    with pytest.raises(Skip, match="other_shape"):
        read(name, answer)


@pytest.mark.parametrize("answer", [None, 7, "jobs", {}, {"data": []}, [7], [{"title": "Joiner"}]])
def test_lever_answers_with_a_list_of_postings_or_an_error(answer: Any):
    with pytest.raises(Skip, match="other_shape"):
        read("lever", answer)


# From a website to its board


class Web:
    """A web that is a dict; what it does not hold is a miss."""

    def __init__(self, pages: dict[str, str]) -> None:
        self.pages = pages

    async def answer(self, request: Request, fresh_for: timedelta, may_leave: bool) -> Captured | Miss:
        if request.url not in self.pages:
            return Miss(request, "http_404", "It is not there.", MOMENT)
        body = self.pages[request.url].encode()
        kind = "text/html" if request.source == "website" else "application/json"
        return Captured(Capture(request.url, request, request.url, 200, kind, MOMENT, request.url, len(body), "", 0), body)

    def may_know(self, request: Request) -> bool:
        return True

    def body(self, capture: Capture) -> bytes:
        return self.pages[capture.url].encode()

    def so_far(self) -> str:
        return ""

    async def aclose(self) -> None: ...


def looked_at(title: str, organization: Organization) -> Found:
    """Look at a website of that title whose careers page leads to the board."""
    board = "https://api.lever.co/v0/postings/alderfinch?mode=json"
    name = f'<title>{title}</title><meta property="og:site_name" content="{title}">'
    words = f"{name}<h1>{title}</h1><p>© 2026 {title} Ltd</p><p>" + "We like our work. " * 60
    web = Web(
        {
            "https://alderfinch.example/": words + '<a href="/jobs">Jobs</a>',
            "https://alderfinch.example/jobs": words + '<a href="https://jobs.lever.co/alderfinch">All jobs</a>',
            board: json.dumps([{"id": "1", "text": "Joiner", "categories": {"location": "Leeds"}}]),
        }
    )
    sources = [each for each in all_sources() if each.name in ("website", "lever")]
    looking = Looking(web, sources, reader_of(sources, Lexicon({})), Settings(), "now")
    return asyncio.run(looking.look_at(organization, {}, Readings()))


def test_a_careers_page_leads_to_openings():
    found = looked_at("Alder & Finch", FINCH)
    said = {(fact.property, fact.value) for fact in found.facts.values() if fact.source == "lever"}
    assert said == {("opening", "Joiner"), ("openings", "1"), ("job_board", "lever.co"), ("opening_place", "Leeds")}


def test_the_board_of_a_website_that_is_somebody_elses_says_nothing():
    found = looked_at("Alder & Finch", Organization("org_1", "alderfinch.example", "Quiet Kiln Pottery"))
    assert found.disowned == {"alderfinch.example": "somebody_elses"}
    assert [fact.source for fact in found.facts.values()] == ["website"]
    assert "https://api.lever.co/v0/postings/alderfinch?mode=json" in {each.capture.url for each in found.pages}


# What boards really answered


def recorded(file: str) -> Any:
    if not (REAL / file).exists():
        pytest.skip("../shared/real is not here")
    return json.loads((REAL / file).read_text("utf-8"))


def test_every_posting_of_a_real_greenhouse_board_is_read():
    answer = recorded("greenhouse_jobs.json")
    company = answer["jobs"][0]["company_name"]
    facts = read("greenhouse", answer, Organization("org_1", None, company))
    titles = {" ".join(each["title"].split()) for each in answer["jobs"]}
    assert values(facts, "openings") == [str(answer["meta"]["total"])] == ["449"]
    assert set(values(facts, "opening")) == titles
    assert all(fact.stated_on for fact in facts if fact.property == "opening")
    assert {fact.confidence for fact in facts} == {AGREED}


def test_the_largest_board_is_read_in_bounded_time():
    jobs = [
        {**job(number), "content": "&lt;p&gt;Fit out &amp;amp; finish.&lt;/p&gt;" * 250, "departments": [{"name": "Workshop"}]}
        for number in range(500)
    ]
    body = json.dumps({"jobs": jobs}).encode()
    assert len(body) > 4_500_000
    with Effort() as effort:
        assert values(read_only("greenhouse", body), "openings") == ["500"]
    assert effort.turns < 300


def read_only(name: str, body: bytes) -> list[Fact]:
    given = page(body, Request("org_1", name, "board", ANSWERS[name]), FINCH, "application/json")
    return list(SOURCES[name].read(given.read_by(name, name), Lexicon({})))


@pytest.mark.parametrize(("file", "board", "count"), [("ashby_jobs.json", "cursor", 54), ("ashby.json", "truelogic", 3)])
def test_every_listed_posting_of_a_real_ashby_board_is_read(file: str, board: str, count: int):
    answer = recorded(file)
    url = f"https://api.ashbyhq.com/posting-api/job-board/{board}?includeCompensation=true"
    facts = read("ashby", answer, Organization("org_1", f"{board}.example", board.title()), url)
    assert values(facts, "openings") == [str(count)]
    assert set(values(facts, "opening")) == {" ".join(each["title"].split()) for each in answer["jobs"]}
    assert set(values(facts, "opening_department")) == {each["department"] for each in answer["jobs"]}


def test_every_posting_of_a_real_lever_board_is_read():
    facts = read(
        "lever",
        recorded("lever_jobs.json"),
        Organization("org_1", "acme.example", "Acme"),
        "https://api.lever.co/v0/postings/acme?mode=json",
    )
    assert values(facts, "openings") == ["2"]
    assert [(fact.value, fact.stated_on) for fact in facts if fact.property == "opening"] == [
        ("Senior Software Engineer", date(2024, 1, 1)),
        ("Data Engineer", date(2024, 1, 2)),
    ]


@pytest.mark.parametrize("file", ["jobicy.json", "remotive.json"])
def test_lists_of_other_makers_are_never_taken_for_an_organizations_board(file: str):
    answer = recorded(file)
    other = "https://boards-api.greenhouse.io/v1/boards/collector/jobs?content=true"
    if "title" in answer["jobs"][0]:
        assert read("greenhouse", answer, url=other) == []
    else:
        with pytest.raises(Skip, match="other_shape"):
            read("greenhouse", answer, url=other)
