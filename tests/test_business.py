"""What a website says of how the organization works: boards, prices, days and titles as they are written."""

from datetime import date

import pytest

from pipelines.nodes import Node
from pipelines.sources.website.boards import account_of, is_posting
from pipelines.sources.website.days import day_in
from pipelines.sources.website.prices import prices
from pipelines.sources.website.titles import DEPARTMENT, is_title

PERIODS = ("month", "year", "week", "day", "hour")


@pytest.mark.parametrize(
    ("url", "board", "address"),
    [
        ("https://boards.greenhouse.io/otter", "greenhouse.io", "https://boards.greenhouse.io/otter"),
        ("https://job-boards.eu.greenhouse.io/otter/jobs/1", "greenhouse.io", "https://job-boards.eu.greenhouse.io/otter"),
        ("https://boards.greenhouse.io/embed/job_app?token=1&for=otter", "greenhouse.io", "https://boards.greenhouse.io/otter"),
        ("https://jobs.lever.co/otter/6f1e", "lever.co", "https://jobs.lever.co/otter"),
        ("https://jobs.ashbyhq.com/Otter%20Works", "ashbyhq.com", "https://jobs.ashbyhq.com/Otter%20Works"),
        ("https://api.ashbyhq.com/posting-api/job-board/otter", "ashbyhq.com", "https://jobs.ashbyhq.com/otter"),
        ("https://apply.workable.com/otter/j/AB12/", "workable.com", "https://apply.workable.com/otter"),
        ("https://otter.workable.com", "workable.com", "https://otter.workable.com"),
        ("https://otter.recruitee.com/o/diver", "recruitee.com", "https://otter.recruitee.com"),
        ("https://otter.na.teamtailor.com/jobs/1-diver", "teamtailor.com", "https://otter.na.teamtailor.com"),
        ("https://otter.jobs.personio.de/job/1", "personio.de", "https://otter.jobs.personio.de"),
        ("https://otter.jobs.personio.com/", "personio.com", "https://otter.jobs.personio.com"),
        ("https://careers.smartrecruiters.com/Otter", "smartrecruiters.com", "https://careers.smartrecruiters.com/Otter"),
        (
            "https://otter.wd3.myworkdayjobs.com/en-US/Dam/job/1",
            "myworkdayjobs.com",
            "https://otter.wd3.myworkdayjobs.com/en-US/Dam",
        ),
        ("https://otter.bamboohr.com/careers/12", "bamboohr.com", "https://otter.bamboohr.com/careers"),
        ("https://careers-otter.icims.com/jobs/1/diver/job", "icims.com", "https://careers-otter.icims.com"),
        ("https://ats.rippling.com/en-GB/otter/jobs/1", "rippling.com", "https://ats.rippling.com/en-GB/otter"),
        ("https://jobs.gem.com/otter", "gem.com", "https://jobs.gem.com/otter"),
        ("https://join.com/companies/otter/123-diver", "join.com", "https://join.com/companies/otter"),
        ("https://otter.softgarden.io/job/1", "softgarden.io", "https://otter.softgarden.io"),
        ("https://otter.breezy.hr/p/1-diver", "breezy.hr", "https://otter.breezy.hr"),
        ("https://jobs.jobvite.com/otter/job/o1", "jobvite.com", "https://jobs.jobvite.com/otter"),
    ],
)
def test_an_address_names_the_board_and_the_account(url: str, board: str, address: str):
    account = account_of(url)
    assert account is not None
    assert (account.board, account.url) == (board, address)


@pytest.mark.parametrize(
    "url",
    [
        "https://www.greenhouse.io/",
        "https://boards.greenhouse.io/",
        "https://support.greenhouse.io/hc",
        "https://jobs.lever.co",
        "https://www.lever.co/pricing",
        "https://jobs.lever.co.evil.example/otter",
        "https://evil.example/?u=https://jobs.lever.co/otter",
        "https://www.bamboohr.com/careers",
        "https://otter.bamboohr.com/login",
        "https://www.workable.com/otter",
        "https://help.personio.de/",
        "http://www.idealever.com/",
        "https://clever.example/customers/rippling",
        "",
    ],
)
def test_a_board_s_own_pages_and_others_are_nobody_s_account(url: str):
    assert account_of(url) is None


@pytest.mark.parametrize(
    ("url", "posting"),
    [
        ("https://jobs.lever.co/otter/6f1e", True),
        ("https://otter.example/jobs/?gh_jid=12", True),
        ("https://boards.greenhouse.io/embed/job_board/js?for=otter", False),
        ("https://jobs.ashbyhq.com/otter/embed", False),
        ("https://jobs.ashbyhq.com/otter/", False),
        ("https://otter.example/jobs/diver", False),
    ],
)
def test_what_is_one_posting(url: str, posting: bool):
    assert is_posting(url) == posting


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        (["$20 per user/month"], ["USD 20 per user per month"]),
        (["$20", "per user", "per month"], ["USD 20 per user"]),
        (["£1,250 / yr"], ["GBP 1250 per year"]),
        (["1 299 € par an"], ["EUR 1299 per year"]),
        (["desde 19,90 € al mes"], ["EUR 19.9 per month"]),
        (["€ 49 per maand, per gebruiker"], ["EUR 49 per user per month"]),
        (["CHF 12.50 je Nutzer im Monat"], ["CHF 12.5 per user per month"]),
        (["$0.0004 per minute"], []),
        (["US$1.49/hour"], ["USD 1.49 per hour"]),
        (["$9 monthly", "$90 yearly"], ["USD 9 per month", "USD 90 per year"]),
        (["$0", "per month"], []),
        (["$20"], []),
        (["$20", "$30 per month"], ["USD 30 per month"]),
        (["Save $20 per month"], []),
        (["raised $20M per year"], []),
        (["$1 / $2 / $3 per month"], []),
        (["A2026 per month"], []),
        (["20 per month"], []),
        (["1" * 100_000 + " € per month"], []),
        (["$" + "1," * 50 + "1 per month"], []),
    ],
)
def test_a_price_has_a_currency_an_amount_and_what_it_is_for(lines: list[str], wanted: list[str]):
    rows = [Node(line, f"p:nth-of-type({number})") for number, line in enumerate(lines, 1)]
    assert [each.value for each in prices(rows, PERIODS)] == wanted


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("November 12, 2025 World Otter team", date(2025, 11, 12)),
        ("Sept. 3, 2025", date(2025, 9, 3)),
        ("3rd of March 2026", date(2026, 3, 3)),
        ("Le 5 août 2025", date(2025, 8, 5)),
        ("7 de abril de 2025", date(2025, 4, 7)),
        ("12 gennaio 2026", date(2026, 1, 12)),
        ("1 mei 2026", date(2026, 5, 1)),
        ("04.05.2026", date(2026, 5, 4)),
        ("2026-05-04T10:00", date(2026, 5, 4)),
        ("© 2026 Otter", None),
        ("30 February 2026", None),
        ("31.31.2026", None),
        ("04/05/2026", None),
        ("May 4, 2026 – May 6, 2026", None),
        ("5 otters 2026", None),
        ("", None),
    ],
)
def test_a_day_can_be_read_in_one_way_only(text: str, day: date | None):
    assert day_in(text) == day


@pytest.mark.parametrize(
    "title", ["Senior/Staff Engineer", "Leiter Einkauf (m/w/d)", "Chargé de clientèle", "Sr. Dam Architect", "Biber (m/w/d)"]
)
def test_titles(title: str):
    assert is_title(title)


@pytest.mark.parametrize(
    "text",
    [
        "Apply now",
        "Engineer",
        "Meet our engineers",
        "Sales Manager at Otter",
        "We hire engineers",
        "Ann Otter, Engineer",
        "Developer docs",
        "",
    ],
)
def test_what_is_no_title(text: str):
    assert not is_title(text)


@pytest.mark.parametrize(
    ("text", "department"),
    [("Engineering", True), ("Sales & Marketing (4)", True), ("Vertrieb", True), ("Apply", False), ("Bern", False)],
)
def test_departments(text: str, department: bool):
    assert bool(DEPARTMENT.fullmatch(text)) == department
