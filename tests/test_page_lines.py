"""Which lines of a page have a word, and what becomes of a page whose author went too far."""

import pytest
from effort import Effort
from test_page import page, texts

from pipelines.lines import Lines
from pipelines.nodes import Node

LINES = Lines([Node("Impressum"), Node("Heron Mills GmbH, Ulm"), Node("ULM, İstanbul"), Node("heron")])


@pytest.mark.parametrize(
    ("words", "numbers"),
    [(("ulm",), [1, 2]), (("heron", "ulm"), [1, 2, 3]),
     (("impressum",), [0]), (("stanbul",), [2]), (("\n",), [0, 1, 2]), (("anvil",), []), ((), [])],
)  # fmt: skip
def test_lines_that_have_a_word_in_any_case(words: tuple[str, ...], numbers: list[int]):
    assert LINES.numbers(*words) == numbers
    assert len(LINES.having(*words)) == len(numbers)
    assert LINES.mention(*words) == bool(numbers)


def test_a_word_that_stands_often_in_a_line_is_one_line():
    assert Lines([Node("ulm " * 1000), Node("ulm")]).numbers("ulm") == [0, 1]
    assert Lines([]).numbers("ulm") == []


def test_rows_and_blocks_are_asked_apart():
    made = page("<p>Heron<br>Mills</p><p>Ulm</p>")
    assert texts(made.row_lines.having("mills")) == ["Mills"]
    assert texts(made.block_lines.having("mills")) == ["Heron Mills"]
    assert made.row_lines.mention("ulm")


HOSTILE = {
    "deep": "<div>" * 50_000 + "needle" + "</div>" * 50_000,
    "deep emphasis": "<b>" * 20_000 + "needle",
    "many attributes": "<p " + " ".join(f"a{number}=1" for number in range(200_000)) + ">needle",
    "many siblings": "<p>x</p>" * 100_000 + "<p>needle</p>",
    "many classes": "".join(f'<i class="team-{number} quote">' for number in range(5_000)) + "needle",
    "templates": "<template>" * 20_000 + "</template>" * 20_000 + "needle",
    "drawings": "<svg><title>" * 20_000 + "</title></svg>" * 20_000 + "<p>needle",
    "tables": "<table><tr><td>" * 10_000 + "needle",
    "closed and never opened": "</div></p></b>" * 50_000 + "needle",
    "ids": '<p id="a">' * 50_000 + "needle",
    "an endless tag": "needle<p " + "x" * 2_000_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_nothing_is_lost_and_nothing_takes_for_ever(kind: str):
    with Effort() as effort:
        made = page(HOSTILE[kind])
        (row,) = [row for row in made.rows if row.text.startswith("needle")]
        assert len(row.locator) < 20_000
        assert isinstance(row.voices, frozenset)
        assert made.blocks and made.words
        assert made.says("needle")
    assert effort.turns < 1000


@pytest.mark.parametrize(
    "text", ["x\x00y", "\ud800", "\ufeffa", "<p>\x00", "<?xml version='1.0'?><urlset><loc>a</loc></urlset>", "https://a.example"]
)
def test_any_text_is_a_page_and_a_soup(text: str):
    made = page(text.encode("utf-8", "surrogatepass"))
    assert len(made.rows) <= 1
    assert made.soup.get_text() is not None


def test_lines_with_figures_are_found_at_once():
    lines = Lines([Node("Mill Lane 4"), Node("İstanbul"), Node("3 of 12"), Node(""), Node("route 66")])
    assert lines.figured == [0, 2, 4]
    assert [lines.at(place) for place in (0, len(lines.lower) - 1)] == [0, 4]


def test_a_page_that_is_let_go_of_holds_nothing_and_can_be_asked_again():
    told = page("<body><p>Heron <b>Mills</b></p><p>Ulm</p>")
    before = texts(told.rows)
    walk = told.walk
    told.forget()
    assert not told.known
    assert not vars(walk)
    assert texts(told.rows) == before == ["Heron Mills", "Ulm"]
