"""The kinds of signals: what each finds, how it fades, what it does not take for one; headlines about who comes and goes.

Here: the shipped kinds (pipelines/signals.yaml) through the tables, from facts to `core.signal`. Elsewhere: the tables one by one
(tests/sql), mistakes in icp.yaml (tests/icp/mistakes.yaml), pages (tests/sources).
"""

import doctest
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest
import test_sql
import yaml
from effort import Effort

from pipelines import headlines
from pipelines.headlines import leadership
from pipelines.icp import Icp
from pipelines.icp.rows import icp_rows
from pipelines.icp.signals import ANY, Evidence, KindName, Signal, kinds
from pipelines.properties import PROPERTIES

HERE = Path(__file__).parent
RIGHT = yaml.safe_load((HERE / "icp" / "right.yaml").read_text("utf-8"))
TOLD = yaml.safe_load((HERE / "signals.yaml").read_text("utf-8"))
SEEN, NOT_SEEN = ({kind: each[which] for kind, each in TOLD["kinds"].items()} for which in ("seen", "not"))
AS_OF = datetime(2026, 1, 1)  # noqa: DTZ001 - moments in tables are UTC and say no zone
NEEDED = {"opening": {"matches": ["order clerk"]}}
"""What a kind cannot do without."""


THROUGH = ("core.wording",)
layouts = test_sql.layouts


def a_fact(organization: str, name: str, value: str, told_on: date) -> dict[str, object]:
    return {
        "fact_id": f"fact {organization}", "organization_id": organization, "property": name, "value": value, "quote": value,
        "observed_at": AS_OF, "stated_on": told_on, "confidence": 0.9,
    }  # fmt: skip


def a_change(organization: str, says: str, on: date) -> dict[str, object]:
    return {
        "change_id": organization,
        "organization_id": organization,
        "says": says,
        "changed_on": on,
        "fact_ids": [organization],
    }


def a_world(
    told: Mapping[str, tuple[str, str, date]], signals: Sequence[Mapping[str, object]]
) -> dict[str, list[dict[str, object]]]:
    """Return the rows of a world in which each organization has one event: property, value, day."""
    rows = icp_rows(Icp.model_validate({**RIGHT, "signals": [*RIGHT["signals"], *signals]}))
    world: dict[str, list[dict[str, object]]] = {
        "raw.run": [{"as_of": AS_OF}],
        "core.testimony": [],
        "core.change": [],
        "core.migration": [],
    }
    for organization, (name, value, day) in told.items():
        if name in ("change", "migration"):
            world[f"core.{name}"].append(a_change(organization, value, day))
        else:
            world["core.testimony"].append(a_fact(organization, name, value, day))
    for row in world["core.migration"]:
        row.pop("change_id")
    return world | {name: list(rows[name]) for name in ("raw.icp_signal", "raw.icp_signal_word")}


@pytest.fixture(scope="module")
def found(layouts, tmp_path_factory) -> list[dict[str, object]]:
    """Return all signals where every event is told of today and a half-life ago, and what only looks like one today."""
    told = dict[str, tuple[str, str, date]]()
    for kind, events in SEEN.items():
        ago = AS_OF - timedelta(days=kinds()[kind].half_life_days)
        told |= {f"{kind} today {number}": (*event, AS_OF.date()) for number, event in enumerate(events)}
        told |= {f"{kind} ago {number}": (*event, ago.date()) for number, event in enumerate(events)}
    told |= {
        f"{kind} not {number}": (*event, AS_OF.date()) for kind, events in NOT_SEEN.items() for number, event in enumerate(events)
    }
    signals = [{"id": kind, "kind": kind, "means": "It says much.", **NEEDED.get(kind, {})} for kind in SEEN]
    return test_sql.result(
        "core.signal", a_world(told, signals), layouts, tmp_path_factory.mktemp("signals") / "w.duckdb", THROUGH
    )


def strengths(found: Sequence[Mapping[str, object]], kind: str, when: str) -> dict[object, object]:
    return {
        row["organization_id"]: row["strength"]
        for row in found
        if row["signal_id"] == kind and f"{kind} {when} " in str(row["organization_id"])
    }


@pytest.mark.parametrize("kind", SEEN)
def test_each_event_of_a_kind_is_seen(kind: str, found: list[dict[str, object]]) -> None:
    assert strengths(found, kind, "today") == {f"{kind} today {number}": 1 for number in range(len(SEEN[kind]))}


@pytest.mark.parametrize("kind", SEEN)
def test_it_is_worth_half_after_the_half_life_of_its_kind(kind: str, found: list[dict[str, object]]) -> None:
    assert strengths(found, kind, "ago") == {f"{kind} ago {number}": 0.5 for number in range(len(SEEN[kind]))}


@pytest.mark.parametrize("kind", NOT_SEEN)
def test_what_only_looks_like_one_is_none(kind: str, found: list[dict[str, object]]) -> None:
    assert not strengths(found, kind, "not")


def test_every_kind_says_what_it_is_evidence_of_and_none_is_left_out(found: list[dict[str, object]]) -> None:
    assert {row["signal_id"]: row["evidence"] for row in found} == {kind: kinds()[kind].evidence for kind in SEEN}
    assert {*SEEN, "event"} == {*kinds()} == {*get_args(KindName)}
    assert {each.evidence for each in kinds().values()} == {*get_args(Evidence)}


def test_kinds_look_only_at_properties_there_are_and_by_phrases_that_can_be_found() -> None:
    for name, kind in kinds().items():
        assert set(kind.told) <= set(PROPERTIES), name
        phrases = [phrase for told in kind.told.values() for phrase in told]
        assert all(phrase == ANY or any(letter.isalnum() for letter in phrase) for phrase in (*phrases, *kind.unless)), name
        for told in kind.told.values():
            assert len({phrase.lower() for phrase in told}) == len(told), f"{name} has a phrase twice"


def test_a_file_from_before_there_were_kinds_goes_on_meaning_the_same() -> None:
    old = Signal.model_validate(
        {"id": "desk", "property": "news", "matches": ["New warehouse"], "means": "They grow.", "half_life_days": 30}
    )
    assert (old.kind, old.half_life_days, list(old.words)) == ("event", 30, [("news", "tells", "New warehouse")])
    older = Signal.model_validate({"id": "desk", "matches": ["order desk"], "means": "They hire."})
    assert (older.kind, older.half_life_days, older.evidence) == ("opening", 90, "problem")
    assert list(older.words) == [("opening", "tells", "order desk")]


def test_what_a_file_says_goes_before_what_its_kind_says() -> None:
    given = {
        "id": "money",
        "kind": "funding",
        "means": "They can pay.",
        "evidence": "commitment",
        "half_life_days": 9,
        "property": "news",
    }
    own = Signal.model_validate({**given, "about": ["for software"], "unless": ["seed round"]})
    parts = {
        part: [(name, phrase) for name, which, phrase in own.words if which == part] for part in ("tells", "about", "unless")
    }
    assert (own.evidence, own.half_life_days) == ("commitment", 9)
    assert parts["tells"] == [("news", phrase) for phrase in kinds()["funding"].told["news"]]
    assert (parts["about"], parts["unless"]) == ([("news", "for software")], [("news", "seed round")])
    assert {part for _, part, _ in Signal.model_validate({**given, "matches": ["loan"]}).words} == {"tells"}, (
        "other words, other doubts"
    )


def test_about_narrows_a_kind(layouts, tmp_path: Path) -> None:
    told = {
        "cto": ("leadership", "Chief Technology Officer", AS_OF.date()),
        "cfo": ("leadership", "Chief Financial Officer", AS_OF.date()),
    }
    signals = [{"id": "tech", "kind": "leadership", "about": ["technology", "CTO"], "means": "Looks at tools."}]
    rows = test_sql.result("core.signal", a_world(told, signals), layouts, tmp_path / "w.duckdb", THROUGH)
    assert [(row["organization_id"], row["kind"], row["evidence"]) for row in rows] == [("cto", "leadership", "change")]


@pytest.mark.parametrize("headline", TOLD["headlines"])
def test_of_who_comes_and_goes_only_the_role_is_told(headline: str) -> None:
    told = leadership(headline)
    assert told is not None and told.says == TOLD["headlines"][headline]
    assert told.role in headline
    assert "Petra" not in told.says and "Lindqvist" not in told.says


@pytest.mark.parametrize("headline", TOLD["no_change"])
def test_where_nobody_comes_or_goes_nothing_is_told(headline: str) -> None:
    assert leadership(headline) is None


def test_a_headline_made_to_take_long_does_not() -> None:
    with Effort() as hostile:
        leadership("joins as Chief and vice head of " * 3000 + "names " * 3000)
    assert hostile.turns < 100


def test_the_examples_in_the_module_are_right() -> None:
    assert doctest.testmod(headlines).failed == 0
