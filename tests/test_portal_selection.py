"""What a query string may say, and what becomes of it: values are parameters, everything else is refused in a sentence."""

import re
from urllib.parse import parse_qsl

import pytest
from starlette.exceptions import HTTPException

from pipelines.portal.selection import FILTERS, SORTS, Selection, selected

KNOWN = {**{name: frozenset({"a", "b", "DE", "o'hara; --", "?"}) for name in FILTERS}, "ring": frozenset({"bullseye", "outside"})}
PAYLOADS = (
    "' or 1=1 --", '" or ""="', "1; drop table mart.lead", "') union select * from mart.lead --", "$ring", "$1", "?)", "%27",
    "\\'", "a'||pg_sleep(9)||'", "read_csv('/etc/passwd')", "a\x00b", "ａ' ＯＲ 1＝1", "case when 1 then 1 end",
    "organization.name desc", "fit desc, (select 1)", "0x41", "a/**/or/**/1", "a\nor 1=1", "coalesce(1)", "{where}", "%s",
    "; attach 'x'", "-- ", "/* */",
)  # fmt: skip


def refusal(*asked: tuple[str, str]) -> str:
    with pytest.raises(HTTPException) as refused:
        selected(asked, KNOWN)
    assert refused.value.status_code == 400
    return str(refused.value.detail)


def test_the_same_selection_is_the_same_however_it_is_asked_for() -> None:
    one = selected([("ring", "outside"), ("country", "DE"), ("ring", "bullseye"), ("search", "  Tin   Anchor ")], KNOWN)
    other = selected(
        [
            ("search", "Tin Anchor"),
            ("ring", "bullseye"),
            ("ring", "outside"),
            ("ring", "outside"),
            ("country", "DE"),
            ("owner", ""),
        ],
        KNOWN,
    )
    assert one == other
    assert one.canonical == {"ring": ["bullseye", "outside"], "country": ["DE"], "search": "Tin Anchor"}
    assert selected([], KNOWN).canonical == {}


def test_how_it_is_shown_is_no_part_of_what_is_selected() -> None:
    assert selected([("sort", "name"), ("page", "7")], KNOWN).canonical == {}


def test_it_is_told_in_words() -> None:
    asked = [("ring", "bullseye"), ("ring", "outside"), ("country", "?"), ("search", "anchor")]
    assert selected(asked, KNOWN).sentence == "ring is bullseye or outside, country is not known, name or domain has “anchor”"
    assert Selection().sentence == ""


def test_a_query_string_comes_back_as_it_went() -> None:
    selection = selected([("owner", "o'hara; --"), ("ring", "bullseye"), ("search", "a&b=c"), ("sort", "fit-up")], KNOWN)
    assert selected(parse_qsl(selection.address(page=3)), KNOWN) == Selection(selection.chosen, "a&b=c", "fit-up", 3)
    assert selection.without("ring", "bullseye") == "owner=o%27hara%3B+--&search=a%26b%3Dc"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_value_reaches_the_sql(payload: str) -> None:
    """A value that the release has, and whatever is searched for, are parameters; the SQL is the same for all of them."""
    known = {name: frozenset({payload}) for name in FILTERS}
    asked = [(name, payload) for name in FILTERS]
    selection = selected(asked, known)
    plain = selected([(name, "a") for name in FILTERS], KNOWN | {"ring": frozenset({"a"})})
    assert selection.where == plain.where and selection.tables() == plain.tables()
    assert all(payload in values for values in selection.parameters().values())


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_is_no_filter_no_sort_no_page_and_no_value_is_refused_without_repeating_it(payload: str) -> None:
    for asked in ((payload, "a"), ("sort", payload), ("page", payload), ("ring", payload), ("country", payload)):
        said = refusal(asked)
        assert said.endswith(".") and payload not in said and "select" not in said.lower().replace("selected", "")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ([("colour", "red")], "One of what was asked for is no filter here; choose from ring, icp"),
        ([("ring", "middle")], "This release has no such ring"),
        ([("sort", "sideways")], "There is no such order; choose from best, worst, name"),
        ([("page", "0")], "There is no such page"),
        ([("page", "٣")], "There is no such page"),
        ([("page", "1" * 400)], "There is no such page"),
        ([("sort", "fit"), ("sort", "name")], "There can be only one sort at a time"),
        ([("search", "x" * 101)], "at most 100 letters"),
        ([("search", "a\x00b")], "at most 100 letters"),
        ([("country", str(number)) for number in range(101)], "This release has no such country"),
    ],
)
def test_a_refusal_says_what_to_do(asked: list[tuple[str, str]], said: str) -> None:
    assert said in refusal(*asked)


def test_only_tables_that_are_looked_at_are_joined() -> None:
    assert Selection().tables(sorted_too=True) == "from mart.fit as fit"
    assert "organization" in Selection((("country", ("DE",)),)).tables()
    assert "organization" in Selection(sort="name").tables(sorted_too=True)
    assert "message" in Selection((("promise", ("a",)),)).tables()
    assert "lead" not in Selection((("list", ("a",)),)).tables()


def test_conditions_on_leads_are_met_by_one_lead() -> None:
    selection = Selection((("list", ("a",)), ("channel", ("b",))))
    assert selection.where.count("select") == 1 and " and " in selection.of_leads
    assert selection.parameters() == {"list": ["a"], "channel": ["b"]}


def test_every_filter_and_sort_looks_at_columns_there_are(built_types: dict[str, dict[str, str]]) -> None:
    named = {each.column for each in FILTERS.values()}
    named |= {found for order in SORTS.values() for found in re.findall(r"\b(?:fit|organization)\.\w+", order)}
    assert {column.partition(".")[2] in built_types[f"mart.{column.partition('.')[0]}"] for column in named} == {True}
