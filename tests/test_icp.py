"""What icp.yaml may say: every mistake is one sentence that names the place, and what is right becomes rows.

Here: one small profile that is right, and each mistake as one change to it. Elsewhere: what the rows mean (tests/sql).
"""

import copy
from pathlib import Path

import pytest
import yaml

from pipelines.documents import Mistaken
from pipelines.errors import Stop
from pipelines.icp import DIMENSIONS, RINGS, Icp, read_icp
from pipelines.icp.rows import READINESS_HALF_LIFE_DAYS, icp_rows
from pipelines.tables import read_tables

ROOT = Path(__file__).parents[1]
FOLDER = Path(__file__).parent / "icp"
RIGHT = yaml.safe_load((FOLDER / "right.yaml").read_text("utf-8"))
MISTAKES = yaml.safe_load((FOLDER / "mistakes.yaml").read_text("utf-8"))
NOTHING = object()


def read(tmp_path: Path, content: object) -> Icp:
    path = tmp_path / "icp.yaml"
    path.write_text(content if isinstance(content, str) else yaml.safe_dump(content, allow_unicode=True), "utf-8")
    return read_icp(path)


def changed(where: str, value: object) -> object:
    """Return what is right with one place in it, `rings/market/0/id`, set to something else or taken out."""
    content = copy.deepcopy(RIGHT)
    *steps, last = [int(part) if part.isdigit() else part for part in where.split("/")]
    place = content
    for step in steps:
        place = place[step]
    if value is NOTHING:
        del place[last]
    elif isinstance(last, int) and last == len(place):
        place.append(value)
    else:
        place[last] = value
    return content


@pytest.mark.parametrize("name", ["icp.yaml", "examples/icp.yaml"])
def test_the_profiles_of_the_house_are_right(name: str):
    icp = read_icp(ROOT / name)
    assert set(icp.rings) <= set(RINGS)
    assert [rule.id for _, rule in icp.rules] == [row["rule_id"] for row in icp_rows(icp)["raw.icp_rule"]]


def test_the_small_profile_is_right(tmp_path: Path):
    icp = read(tmp_path, RIGHT)
    assert [(ring, rule.id, rule.kind, rule.subject, rule.test.operator) for ring, rule in icp.rules] == [
        ("market", "river", "must", "mentions", "has"),
        ("profile", "size", "should", "employees", "between"),
        ("problem", "hungry", "must", "mentions", "has"),
        ("bullseye", "hires", "must", "signal.fisher", "within_days"),
    ]
    assert icp.phrases == {"rivers": ("river", "stream"), "fish": ("fish",), "promise.full": ("hungry otter",)}


def test_a_bare_no_is_the_word_where_silence_asks_for_it(tmp_path: Path):
    assert [rule.silence for _, rule in read(tmp_path, RIGHT).rules] == ["unknown", "unknown", "no", "unknown"]
    assert next(rule.silence for _, rule in read(tmp_path, changed("rings/market/0/silence", "no")).rules) == "no"


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake["shows"])
def test_each_mistake_is_one_sentence(tmp_path: Path, mistake: dict[str, object]):
    with pytest.raises(Mistaken) as stopped:
        read(tmp_path, changed(mistake["at"], mistake.get("becomes", NOTHING)))
    message = str(stopped.value)
    assert mistake["says"] in message
    assert message.startswith(str(tmp_path / "icp.yaml"))
    assert message.endswith((".", "?"))
    assert "\n" not in message
    assert len(stopped.value.mistakes) == 1, "one change is one mistake"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("vendor: One\nvendor: Two\n", "is not valid YAML: line 2: `vendor` stands twice; mend that line"),
        ("terms:\n  a: [fish]\n  b: [fish]\n  a: [river]\n", "line 4: `a` stands twice"),
        ("vendor: [One\n", "is not valid YAML: line 2: "),
        ("vendor: \x07\n", "is not valid YAML: "),
        ("- vendor\n", "at `top`: should be keys with values, `key: value`."),
        ("", "line 1, at `vendor`: is missing; write it; line 1, at `position`: is missing"),
    ],
)
def test_text_that_is_no_profile_is_a_sentence(tmp_path: Path, text: str, said: str):
    with pytest.raises(Stop, match=r"icp\.yaml") as stopped:
        read(tmp_path, text)
    assert said in str(stopped.value)
    assert "\n" not in str(stopped.value)


def test_many_mistakes_are_told_together_but_not_all(tmp_path: Path):
    content = {**copy.deepcopy(RIGHT), **{f"key{number}": 1 for number in range(9)}}
    with pytest.raises(Stop) as stopped:
        read(tmp_path, content)
    assert str(stopped.value).count("there is no such key") == 5


MISPELT = """\
vendor: Orderly Otter
position: We sort what otters order.
terms:
  rivers: [river]
rings:
  market:
    - id: river
      must: {mentions: {has: [rivres]}}
      wieght: 3
      because: Otters live in rivers.
    - id: river
      must: {persona.opennes: {at_least: 0.5}}
      because: Otters are open.
  problem:
    - id: hungry
      must: {employes: {at_least: 3}}
      because: Hunger is what we cure.
  bullseye:
    - id: hires
      must: {openings: {at_most: many}}
      because: They pay for it.
promises:
  - {id: full, concern: Hunger., promise: Fish., message: Eat., recognised_by: [hungry otter]}
reach: {buying_roles: [CEO]}
routes:
  - {id: rest, action: nuture, owner: us, play: Write.}
"""


NOT_THERE = "rule river asks for the term rivres, which `terms` does not have; did you mean rivers?"
NOT_KNOWN = "rule river looks at persona.opennes, which is not known; did you mean openness?"


def test_each_mistake_names_its_line_and_what_was_probably_meant(tmp_path: Path):
    with pytest.raises(Mistaken) as stopped:
        read(tmp_path, MISPELT)
    weight, openings, action = map(str, stopped.value.mistakes)
    assert weight == "line 9, at `rings.market.0.wieght`: there is no such key; did you mean weight?"
    assert openings.startswith("line 20, at `rings.bullseye.0.must.openings.at_most`: should be a valid number")
    assert action.startswith("line 26, at `routes.0.action`: should be 'sell', ")
    assert action.endswith("or 'leave_alone'; did you mean nurture?")


def test_what_refers_to_nothing_is_told_all_at_once(tmp_path: Path):
    with pytest.raises(Mistaken) as stopped:
        read(tmp_path, MISPELT.replace("wieght", "weight").replace("nuture", "nurture").replace("many", "3"))
    assert [(each.line, each.place, each.sentence) for each in stopped.value.mistakes] == [
        (8, "rings.market.0.must.mentions.has", NOT_THERE),
        (11, "rings.market.1.id", "rule id river stands 2 times; ids must differ"),
        (12, "rings.market.1.must.persona.opennes", NOT_KNOWN),
        (16, "rings.problem.0.must.employes", "rule hungry looks at employes, which is not known; did you mean employees?"),
    ]
    assert str(stopped.value).endswith("did you mean employees?")


def test_a_mistake_in_a_profile_names_its_place(tmp_path: Path):
    rule = {"id": "tugs", "must": {"mentions": {"has": ["tug"]}}, "because": "Tugs pull."}
    profile = {"id": "barges", "product": "Barges", "segment": "ferries", "rings": {"profile": [rule]}, "promises": ["fulll"]}
    with pytest.raises(Mistaken) as stopped:
        read(tmp_path, changed("profiles", [profile]))
    assert {each.place: each.sentence.partition("; ")[2] for each in stopped.value.mistakes} == {
        "profiles.0.promises": "did you mean full?",
        "profiles.0.rings.profile.0.must.mentions.has": "",
    }


def test_a_file_that_is_not_there_or_not_utf8_is_a_sentence(tmp_path: Path):
    with pytest.raises(Stop, match=r"icp\.yaml does not exist; create it or name another file\."):
        read_icp(tmp_path / "icp.yaml")
    (tmp_path / "icp.yaml").write_bytes("vendor: Ötter".encode("latin-1"))
    with pytest.raises(Stop, match=r"icp\.yaml is not UTF-8; save it as UTF-8 and run again\."):
        read_icp(tmp_path / "icp.yaml")


def test_what_was_read_does_not_change(tmp_path: Path):
    icp = read(tmp_path, RIGHT)
    with pytest.raises(ValueError, match="frozen"):
        icp.vendor = "Mink"


def test_rows_have_the_columns_of_their_tables(tmp_path: Path):
    tables, rows = read_tables(ROOT / "sql"), icp_rows(read(tmp_path, RIGHT))
    assert set(rows) == {name for name in tables if name.startswith("raw.icp_")}
    for name, each in rows.items():
        assert each, f"the small profile has nothing for {name}"
        assert all(sorted(row) == sorted(column.name for column in tables[name].columns) for row in each), name


def test_rows_hold_their_grain_whatever_stands_twice(tmp_path: Path):
    content = changed("terms/fish", ["fish", "fish"])
    content["rings"]["market"][0]["must"] = {"country": {"in": ["DE", "de", "AT"]}}
    content["signals"][0]["matches"] = ["Fisher", "fisher"]
    content["competitors"] = ["mink.example", "MINK.example"]
    tables, rows = read_tables(ROOT / "sql"), icp_rows(read(tmp_path, content))
    for name, each in rows.items():
        keys = [tuple(row[column] for column in tables[name].grain) for row in each]
        assert len(keys) == len(set(keys)), name
    assert [row["value"] for row in rows["raw.icp_operand"] if row["rule_id"] == "river"] == ["de", "at"]
    assert [row["word"] for row in rows["raw.icp_buying_role"]] == [" ceo ", " chief otter ", " ceo "]


def test_rules_become_rows(tmp_path: Path):
    rows = {row["rule_id"]: row for row in icp_rows(read(tmp_path, RIGHT))["raw.icp_rule"]}
    river, size, hungry, hires = (rows[name] for name in ("river", "size", "hungry", "hires"))
    assert [row["position"] for row in rows.values()] == [0, 1, 2, 3]
    assert [row["ring_number"] for row in rows.values()] == [1, 2, 4, 5]
    assert [row["figure"] for row in rows.values()] == ["fit", "fit", "readiness", "readiness"]
    assert (size["low"], size["high"]) == (10, 90)
    assert (river["low"], river["high"]) == (None, None)
    assert (hires["low"], hires["high"]) == (None, 90)
    assert [row["half_life_days"] for row in rows.values()] == [None, None, READINESS_HALF_LIFE_DAYS, 30]
    assert (river["weight"], size["weight"]) == (3, 10)
    assert (hungry["silence"], hires["closes"], river["closes"]) == ("no", "sales", "research")


def test_a_never_weighs_nothing(tmp_path: Path):
    content = changed(
        "rings/profile/0", {"id": "mink", "never": {"name": {"has": ["Mink"]}}, "weight": 50, "because": "Minks eat otters."}
    )
    rows = icp_rows(read(tmp_path, content))["raw.icp_rule"]
    assert {row["rule_id"]: row["weight"] for row in rows}["mink"] == 0


@pytest.mark.parametrize(
    ("test", "operator", "bounds"),
    [
        ({"at_least": 3}, "at_least", (3, None)),
        ({"at_most": 3}, "at_most", (None, 3)),
        ({"between": [3, 3]}, "between", (3, 3)),
        ({"in": ["3"]}, "in", (None, None)),
    ],
)
def test_bounds_of_the_operators(tmp_path: Path, test: dict[str, object], operator: str, bounds: tuple[object, object]):
    row = icp_rows(read(tmp_path, changed("rings/profile/0/should", {"employees": test})))["raw.icp_rule"][1]
    assert (row["operator"], (row["low"], row["high"])) == (operator, bounds)


def test_routes_signals_promises_and_reach_become_rows(tmp_path: Path):
    rows = icp_rows(read(tmp_path, RIGHT))
    assert [(row["route_id"], row["position"], row["rings"]) for row in rows["raw.icp_route"]] == [
        ("sell", 0, ("bullseye",)),
        ("rest", 1, None),
    ]
    signals = [(row["signal_id"], row["kind"], row["half_life_days"]) for row in rows["raw.icp_signal"]]
    assert signals == [("fisher", "opening", 60)]
    assert [(row["promise_id"], row["term"]) for row in rows["raw.icp_promise"]] == [("full", "promise.full")]
    assert sum(row["points"] for row in rows["raw.icp_reach"]) == 100
    assert rows["raw.icp_competitor"] == [{"domain": "mink.example"}]
    assert rows["raw.icp_persona"] == [{"dimension": "openness", "own_value": 0.5}]


def test_the_dimensions_are_those_sql_knows():
    text = (ROOT / "sql" / "core" / "dimension.sql").read_text("utf-8")
    assert [line.split("'")[1] for line in text.splitlines() if line.startswith("    ('")] == list(DIMENSIONS)
