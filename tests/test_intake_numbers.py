"""Numbers, money and days as people write them, and what a whole column settles for its cells."""

import doctest
import importlib
import json
from datetime import date
from pathlib import Path

import pytest

from pipelines.intake.currencies import meanings, spoken_by
from pipelines.intake.days import day
from pipelines.intake.habits import Habit, decimal_of, habit
from pipelines.intake.months import month_of
from pipelines.intake.numbers import headcount, money, year
from pipelines.intake.scan import pieces

NAUGHTY = [
    "",
    " ",
    "\x00",
    "\ud800",
    "💥",
    "-",
    "(",
    "((((",
    "1e999",
    "9" * 5000,
    "٣٤",
    "½",
    "1/0",
    "0x1F",
    "∞",
    "NaN",
    "1-" * 999,
]


@pytest.mark.parametrize("module", ["currencies", "days", "habits", "months", "numbers", "scan"])
def test_the_examples_in_the_docstrings(module):
    result = doctest.testmod(importlib.import_module(f"pipelines.intake.{module}"))
    assert (result.failed, result.attempted > 0) == (0, True)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("120", 120, 120),
        ("1,556,000", 1556000, 1556000),
        ("1.500", 1500, 1500),
        ("10 001", 10001, 10001),
        ("3.0", 3, 3),
        ("51-200", 51, 200),
        ("51 – 200", 51, 200),
        ("51 to 200", 51, 200),
        ("501-1,000 employees", 501, 1000),
        ("2-10 employees", 2, 10),
        ("1.000 - 5.000", 1000, 5000),
        ("5-10k", 5000, 10000),
        ("10,001+", 10001, None),
        ("10K+", 10000, None),
        ("> 1000", 1000, None),
        ("≥ 250", 250, None),
        ("over 500 employees", 500, None),
        ("5000 and more", 5000, None),
        ("mehr als 10.000", 10000, None),
        ("plus de 5000 salariés", 5000, None),
        ("más de 50", 50, None),
        ("oltre 250 dipendenti", 250, None),
        ("meer dan 50", 50, None),
        ("<50", None, 50),
        ("up to 50", None, 50),
        ("bis 50", None, 50),
        ("unter 50 MA", None, 50),
        ("moins de 10", None, 10),
        ("do 50 pracowników", None, 50),
        ("10 do 50", 10, 50),
        ("zwischen 10 und 50", 10, 50),
        ("de 50 a 249 empleados", 50, 249),
        ("10 à 49", 10, 49),
        ("von 10 bis 49 Mitarbeitern", None, None),
        ("1.2k", 1200, 1200),
        ("~200", 200, 200),
        ("ca. 200", 200, 200),
        ("Self-employed", 1, 1),
        ("just me", 1, 1),
        ("0-1", 0, 1),
        ("125 and growing, spread across the world", 125, 125),
        ("We have 40 people in 3 countries", 40, 40),
        ("11-50 anställda", 11, 50),
        ("10-49 zaměstnanců", 10, 49),
    ],
)
def test_head_counts(text, low, high):
    found = headcount(text)
    assert (None if (low, high) == (None, None) else (low, high)) == (found and tuple(found))


@pytest.mark.parametrize(
    ("text", "band"), [("Nov-50", (11, 50)), ("10-Feb", (2, 10)), ("2. Okt", (2, 10)), ("02-oct", (2, 10)), ("Jan-10", (1, 10))]
)
def test_bands_that_excel_took_for_days(text, band):
    assert headcount(text) == band


@pytest.mark.parametrize(
    "text",
    ["medium", "n/a", "Fortune 500", "$500", "-5", "200-51", "2026-02-10", "12-Mar", "1.2E+03", "99999999999", "15%", "10 50"],
)
def test_what_is_no_head_count(text):
    assert headcount(text) is None


@pytest.mark.parametrize(
    ("text", "low", "high", "currency"),
    [
        ("18.3 MM", 18.3e6, 18.3e6, None),
        ("$514,405.0", 514405, 514405, None),
        ("US$514,405 (millions)", 514405e6, 514405e6, "USD"),
        ("€ 2,4 Mio.", 2.4e6, 2.4e6, "EUR"),
        ("3 Mrd", 3e9, 3e9, None),
        ("1.500,00", 1500, 1500, None),
        ("1,500", 1500, 1500, None),
        ("1,5", 1.5, 1.5, None),
        ("1 200 000 kr", 1.2e6, 1.2e6, None),
        ("(1,234)", -1234, -1234, None),
        ("-5", -5, -5, None),
        ("5 lakh", 5e5, 5e5, None),
        ("₹ 5 crore", 5e7, 5e7, "INR"),
        ("₹ 5,00,000", 5e5, 5e5, "INR"),
        ("EUR 10m–50m", 10e6, 50e6, "EUR"),
        ("$1B-$5B", 1e9, 5e9, None),
        ("$10 - $25 Million", 10e6, 25e6, None),
        ("$1M+", 1e6, None, None),
        ("<$1M", None, 1e6, None),
        ("T€ 500", 5e5, 5e5, "EUR"),
        ("TEUR 500", 5e5, 5e5, "EUR"),
        ("MEUR 12", 12e6, 12e6, "EUR"),
        ("EURm 12", 12e6, 12e6, "EUR"),
        ("£3.5bn", 3.5e9, 3.5e9, "GBP"),
        ("12'000.50 CHF", 12000.5, 12000.5, "CHF"),
        ("R$ 5 milhões", 5e6, 5e6, "BRL"),
        ("2 mil millones €", 2e9, 2e9, "EUR"),
        ("10 mln zł", 10e6, 10e6, "PLN"),
        ("5 mil. Kč", 5e6, 5e6, "CZK"),
        ("kr 5 mia", 5e9, 5e9, None),
        ("1.5 million (2023)", 1.5e6, 1.5e6, None),
        ("mehr als 5 Mio. Euro", 5e6, None, "EUR"),
        ("USD 1,2 Mrd.", 1.2e9, 1.2e9, "USD"),
    ],
)
def test_money(text, low, high, currency):
    found = money(text)
    assert found is not None
    assert (found.low, found.high, found.currency) == (
        pytest.approx(low) if low else low,
        pytest.approx(high) if high else high,
        currency,
    )


@pytest.mark.parametrize(
    "text",
    ["undisclosed", "15%", "12.03.2026", "$", "1.2.3.4", "1.2E+11", "5 employees", "5 7", "$9-$5", "1e400", "12 EUR otter"],
)
def test_what_is_no_money(text):
    assert money(text) is None


@pytest.mark.parametrize(
    ("number", "mark"),
    [
        ("1.500,00", ","),
        ("514,405.0", "."),
        ("1,5", ","),
        ("18.3", "."),
        ("1,234", None),
        ("1.234.567", ","),
        ("0.125", "."),
        ("1234,567", ","),
    ],
)
def test_the_decimal_mark_that_one_number_betrays(number, mark):
    assert decimal_of(number) == mark


def test_the_column_decides_what_a_mark_means():
    comma, point = habit("Revenue", ["1,5", "12,25", "1,234"]), habit("Revenue", ["1.5", "1,234"])
    assert (money("1,234", comma).low, money("1,234", point).low, money("1,234").low) == (1.234, 1234, 1234)
    assert habit("Revenue", ["1,5", "1.5"]).decimal is None


@pytest.mark.parametrize(
    ("heading", "unit", "currency"),
    [
        ("Revenue", 1, None),
        ("Revenue ($M)", 1e6, None),
        ("Revenue (USD)", 1, "USD"),
        ("Revenue (in thousands of USD)", 1e3, "USD"),
        ("Revenue (in 000s)", 1e3, None),
        ("Umsatz in Mio. EUR", 1e6, "EUR"),
        ("Umsatz TEUR", 1e3, "EUR"),
        ("Umsatz (T€)", 1e3, "EUR"),
        ("CA (M€)", 1e6, "EUR"),
        ("Omsättning (tkr)", 1e3, None),
        ("Omsetning (MNOK)", 1e6, "NOK"),
        ("Employees (k)", 1e3, None),
        ("Obrat v mil. Kč", 1e6, "CZK"),
    ],
)
def test_the_heading_names_unit_and_currency(heading, unit, currency):
    found = habit(heading, [])
    assert (found.unit, found.currency) == (unit, currency)


def test_the_unit_of_the_heading_is_for_bare_numbers_only():
    column = habit("Revenue ($M)", ["514.4", "$2B"], ["US"])
    assert (money("514.4", column).low, money("$2B", column).low) == (pytest.approx(514.4e6), 2e9)
    assert money("514.4", column).currency == "USD"


def test_a_sign_that_several_share_is_what_the_column_or_the_countries_say():
    assert money("$5", habit("Revenue", ["$5", "US$4"])).currency == "USD"
    assert money("$5", habit("Revenue", ["$5"], ["CA"])).currency == "CAD"
    assert money("$5", habit("Revenue", ["$5"], ["CA", "DE"])).currency == "USD"
    assert money("kr 5", habit("Omsättning", [], ["SE"])).currency == "SEK"
    assert money("kr 5", habit("Revenue", [], ["DE"])).currency is None
    assert spoken_by(frozenset(("XX",))) is None
    assert meanings("$")[0] == "USD"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("12. März 2026", date(2026, 3, 12)),
        ("Thu, 12 Mar 2026 10:00:00 GMT", date(2026, 3, 12)),
        ("Thursday, March 12, 2026", date(2026, 3, 12)),
        ("1er mars 2026", date(2026, 3, 1)),
        ("12 de marzo de 2026", date(2026, 3, 12)),
        ("3 kwietnia 2026", date(2026, 4, 3)),
        ("1. helmikuuta 2026", date(2026, 2, 1)),
        ("12-Mar-26", date(2026, 3, 12)),
        ("2026年3月12日", date(2026, 3, 12)),
        ("2026/2/3", date(2026, 2, 3)),
        ("3.2.26", date(2026, 2, 3)),
        ("3.2.99", date(1999, 2, 3)),
        ("2026-02-03T10:00:00+01:00", date(2026, 2, 3)),
        ("1/2/2026", None),
        ("13/2/26", None),
        ("45992", None),
        ("32 March 2026", None),
        ("12 otter 2026", None),
        ("0000-01-01", None),
    ],
)
def test_days(text, found):
    assert day(text) == found


@pytest.mark.parametrize(
    ("texts", "text", "found"),
    [
        (["13/02/2026"], "01/02/2026", date(2026, 2, 1)),
        (["02/13/2026"], "01/02/2026", date(2026, 1, 2)),
        (["13/02/26"], "01/02/26", date(2026, 2, 1)),
        (["13/02/2026", "02/13/2026"], "01/02/2026", None),
        (["13/02/2026"], "02/13/2026", None),
        (["2026-02-01"], "45992", None),
        (["45991", "2026-02-01"], "45992", date(2025, 12, 1)),
        (["45991", "12"], "45992", date(2025, 12, 1)),
        (["1770977000"], "1770977000", date(2026, 2, 13)),
        (["1770977000000"], "1770977000000", date(2026, 2, 13)),
        (["10117", "80331"], "10117", None),
    ],
)
def test_the_column_decides_what_a_day_means(texts, text, found):
    assert day(text, habit("Date", texts)) == found


@pytest.mark.parametrize(
    ("word", "month"), [("maja", 5), ("listopada", 11), ("prosince", 12), ("avr", 4), ("DEZ", 12), ("otter", None)]
)
def test_months_in_many_languages(word, month):
    assert month_of(word) == month


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1998", 1998),
        ("2024.0", 2024),
        ("1998-03-01", 1998),
        ("est. 1850", 1850),
        ("98", None),
        ("1998 or 2004", None),
        ("12345", None),
    ],
)
def test_years(text, found):
    assert year(text) == found


def test_pieces_are_all_of_the_text_or_nothing():
    written = "over 1.2k employees"
    assert "".join(piece.text for piece in pieces(written)) == written
    assert pieces("1 otter") is None


def naughty():
    file = Path(__file__).parents[2] / "shared/hostile/strings/blns.json"
    return NAUGHTY + (json.loads(file.read_text("utf-8")) if file.exists() else [])


def test_any_text_is_understood_or_not_and_nothing_else():
    """Total, the same twice, and blind to what lies beyond the longest text there is."""
    column = Habit(decimal=",", day_first=True, counted="days", unit=1e6, currency="EUR", sign="EUR")
    for text in naughty():
        for understand in (headcount, money, day):
            assert understand(text) == understand(text)
            understand(text, column)
        year(text)
        habit(text, [text])
