"""Job titles: what each says, and what none says; and what icp.yaml makes of those who bear them.

Here: titles one by one, the words they are understood by, buying roles. Elsewhere: contacts and reach (tests/sql).
"""

from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from effort import Effort
from pydantic import ValidationError

from pipelines.icp import Reach
from pipelines.icp.reach import buying_role_rows
from pipelines.intake.title_words import FILE, RANKS, Function, phrases, wording, words_of
from pipelines.intake.titles import SCHEMA, understand, understood

CASES = [
    (language, title, *said)
    for language, titles in yaml.safe_load((Path(__file__).parent / "titles.yaml").read_text("utf-8")).items()
    for title, said in titles.items()
]


@pytest.mark.parametrize(("language", "title", "functions", "seniority"), CASES)
def test_a_title_says(language: str, title: str, functions: str | None, seniority: str | None):
    found = understand(title)
    assert (" ".join(found.functions) or None, found.seniority) == (functions, seniority), f"{language}: {found.because}"


@pytest.mark.parametrize("title", [title for _, title, *_ in CASES])
def test_a_title_says_the_same_in_any_case_and_with_or_without_accents(title: str):
    found = understand(title)
    for same in (title.upper().replace("SS", "ss"), title.lower(), f"  {title} "):
        told = understand(same)
        assert (told.functions, told.seniority) == (found.functions, found.seniority), same


@pytest.mark.parametrize(
    ("title", "held"),
    [
        ("Head of Sales, DACH", " head of sales dach "),
        ("Assistant to the CEO", " assistant to "),
        ("Former CEO, Advisor", " advisor "),
        ("CFO at Director Software", " cfo "),
        ("Geschäftsführer/in", " geschaftsfuhrer "),
        ("former CEO", ""),
        ("…", ""),
    ],
)
def test_what_is_held_is_neither_anothers_role_nor_what_was_before(title: str, held: str):
    assert understand(title).held == held


def test_why_names_the_words_of_the_title():
    assert understand("Leiterin Einkauf").because == "“Einkauf” says procurement; “Leiterin” says head"
    assert understand("Wizard").because is None


@pytest.mark.parametrize(
    "title", ["", " ", "/", ",,,", "&", "of", "CEO of", "((((", "assistant to", "ex", "é" * 500, "a/" * 2000, "\u202e", "CEO\x00"]
)
def test_nothing_breaks_it(title: str):
    assert understand(title).seniority in (*RANKS, None)


def test_the_file_knows_each_phrase_in_one_sense():
    found: dict[object, object] = {}
    for phrase, sense in phrases(yaml.safe_load(FILE.read_text("utf-8"))):
        assert found.setdefault(phrase, sense) == sense, phrase
        assert phrase and "" not in phrase
    assert len(found) > 1500


def test_the_file_says_no_function_and_no_rank_that_is_none():
    senses = [sense for found in wording().by_first.values() for _, sense in found]
    assert {sense.function for sense in senses} - {None} == set(get_args(Function))
    assert {sense.rank for sense in senses} - {None} == set(RANKS)


def test_signs_part_and_join_words():
    folded = [word for _, word in words_of("C.T.O. – R & D / Qualité (m/w/d) + Vice-President|Söldner:in")]
    assert folded == ["cto", "–", "rnd", "/", "qualite", "+", "vice", "president", "|", "soldner"]


def test_titles_become_rows_with_nulls_where_nothing_is_said():
    rows = understood(["CEO", "Wizard"])
    assert rows.schema == SCHEMA
    assert rows.to_pylist() == [
        {
            "job_title": "CEO",
            "held": " ceo ",
            "functions": ["general_management"],
            "seniority": "c_level",
            "because": "“CEO” says general management; “CEO” says c level",
        },
        {"job_title": "Wizard", "held": " wizard ", "functions": [], "seniority": None, "because": None},
    ]
    assert understood([]).num_rows == 0


def test_a_title_of_any_length_takes_work_by_its_length():
    """Twice as long is about twice the work; a hundred times as long took a minute where every word looks at every other."""
    short, long = "Head of Sales, ", 400
    understand(short)
    with Effort() as once:
        for _ in range(long):
            understand(short)
    with Effort() as whole:
        understand(short * long)
    assert whole.turns < 5 * once.turns + 1


def reach(roles: object) -> Reach:
    return Reach.model_validate({"buying_roles": roles})


def rows(roles: object) -> list[dict[str, Any]]:
    return list(buying_role_rows(reach(roles)))


def test_a_list_of_words_is_of_those_who_at_least_influence():
    assert [(each["role"], each["word"]) for each in rows(["CEO", "Head of R&D"])] == [
        ("influences", " ceo "),
        ("influences", " head of rnd "),
    ]


def test_an_umlaut_is_found_in_both_its_spellings():
    words = {each["word"] for each in rows(["Geschäftsführer"])}
    assert words == {" geschaftsfuhrer ", " geschaeftsfuehrer "}
    for title in ("Geschäftsführer", "Geschaeftsfuehrer", "GESCHÄFTSFÜHRER/IN"):
        assert understand(title).held in words


def test_roles_stand_in_the_order_of_the_file():
    found = rows(
        {
            "blocks": [{"function": "legal"}],
            "decides": ["owner", {"function": ["operations", "it"], "at_least": "head"}],
            "uses": [{"at_least": "intern"}],
        }
    )
    assert [(each["position"], each["role"]) for each in found] == [(0, "blocks"), (1, "decides"), (2, "decides"), (3, "uses")]
    assert found[2]["functions"] == ["operations", "it"]
    assert found[2]["seniorities"] == ["owner", "c_level", "board", "vp", "head"]
    assert found[2]["says"] == "icp.yaml says operations or it, head or above decides"
    assert found[3]["seniorities"] == list(RANKS)
    assert (found[1]["functions"], found[1]["seniorities"]) == ([], [])


@pytest.mark.parametrize(
    ("roles", "says"),
    [
        ([], "at least 1 item"),
        ({}, "at least 1 item"),
        ({"decides": []}, "at least 1 item"),
        ({"pays": ["cfo"]}, "decides"),
        ({"decides": [{}]}, "without any it is everybody"),
        ({"decides": [{"function": "magic"}]}, "general_management"),
        ({"decides": [{"at_least": "boss"}]}, "c_level"),
        ({"decides": [{"title": "boss"}]}, "Extra inputs"),
        ({"decides": ["x"]}, "at least 2 characters"),
        ("CEO", "valid dictionary"),
    ],
)
def test_a_mistake_in_a_role_is_told(roles: object, says: str):
    with pytest.raises(ValidationError, match=says):
        reach(roles)
