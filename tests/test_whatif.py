"""What if icp.yaml said something else: who moves, by which rule, and what each rule does, with the home left as it is.

Here: changed copies of examples/icp.yaml held against the home of the demo. Elsewhere: what icp.yaml may say (test_icp).
"""

import json
import shutil
from hashlib import sha256
from pathlib import Path

import pytest
import yaml
from rich.console import Console
from typer.testing import CliRunner

from pipelines import show_whatif
from pipelines.cli import app
from pipelines.home import Home
from pipelines.icp import Icp, read_icp
from pipelines.job import ROOT
from pipelines.settings import read_settings
from pipelines.tables import read_tables
from pipelines.warehouse import Warehouse
from pipelines.whatif import Asking, imagined
from pipelines.whatif.effects import Effects, effects
from pipelines.whatif.moves import OUTSIDE_IN, moves

pytestmark = pytest.mark.slow

EXAMPLE, SETTINGS = ROOT / "examples" / "icp.yaml", ROOT / "examples" / "settings.yaml"
SAID = "select * from core.fact where property in ('mentions', 'customer_mentions') order by all"
VERDICTS = "select verdict, count(*) as n from core.answer where rule_id = $1 group by verdict"
USELESS = """
- {id: has_lei, should: {lei: {has: [otter]}}, because: Nobody here is known by it.}
- {id: on_shopfy, should: {technology: {has: [Shopfy]}}, because: Shops like it.}
"""


def bullseye(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, [*arguments], env={"COLUMNS": "80", "TERM": "dumb"})
    return result.exit_code, result.stdout


def written(folder: Path, change: dict[str, object]) -> Path:
    """Write the example with some of its rules' parts changed: `ring/number/key` -> value, or another top-level key -> value."""
    content = yaml.safe_load(EXAMPLE.read_text("utf-8"))
    for where, value in change.items():
        *steps, last = where.split("/")
        place = content["rings"] if steps else content
        for step in steps:
            place = place[int(step) if step.isdigit() else step]
        place[last] = value
    path = folder / "other.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    return path


def hashes(home: Path) -> dict[str, str]:
    return {str(path): sha256(path.read_bytes()).hexdigest() for path in sorted(home.rglob("*")) if path.is_file()}


def asking(home: Path, reads_again: bool = True) -> Asking:
    return Asking(Home(home), read_settings(SETTINGS), reads_again)


@pytest.fixture(scope="module")
def stricter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example, but for organizations of sixty people on, and with words for a problem that nobody listened for."""
    terms = yaml.safe_load(EXAMPLE.read_text("utf-8"))["terms"]
    change = {
        "profile/0/must": {"employees": {"between": [60, 2500]}},
        "terms": {**terms, "desk": ["order desk"]},
        "problem/0/must": {"mentions": {"has": ["retyping", "desk"]}},
    }
    return written(tmp_path_factory.mktemp("stricter"), change)


@pytest.fixture(scope="module")
def told(demo_home: Path, stricter: Path) -> dict[str, object]:
    """What `icp diff --json` says of it, and whether the home is as it was."""
    before = hashes(demo_home)
    code, said = bullseye("icp", "diff", str(stricter), "--json", "--home", str(demo_home), "--settings", str(SETTINGS))
    assert code == 0, said
    return {**json.loads(said), "untouched": hashes(demo_home) == before}


def test_the_home_stays_as_it_was_byte_for_byte(told: dict[str, object]):
    assert told["untouched"]


def test_who_falls_out_is_told_with_the_rule_and_what_it_found(told: dict[str, object]):
    outward = [row for row in told["moves"] if row["inward"] < 0]
    assert {row["domain"] for row in outward} >= {"harbour-rope.example", "oldmill-flour.example", "quiet-kiln.example"}
    for row in outward:
        (why,) = row["why"]
        assert (row["ring"]["after"], why["rule"], why["before"]["verdict"], why["after"]["verdict"]) == (
            "outside",
            "size",
            "yes",
            "no",
        )
        assert why["after"]["disqualifies"] and 25 <= int(why["after"]["finding"].removeprefix("employees: ")) < 60
        assert why["after"]["quote"] and why["after"]["url"].startswith("https://")


def test_who_moves_inward_is_told_in_words_nobody_listened_for_before(told: dict[str, object]):
    inward = {row["domain"]: row for row in told["moves"] if row["inward"] > 0}
    assert "hummel-hydraulik.example" in inward
    for row in inward.values():
        (why,) = row["why"]
        assert (why["rule"], why["before"]["verdict"], why["after"]["verdict"]) == ("types_orders", "no", "yes")
        assert "order desk" in why["after"]["quote"].lower()
    assert told["unheard"] == [] and told["pages_lost"] == 0


def test_the_rings_add_up_and_everybody_who_is_elsewhere_is_told(told: dict[str, object]):
    assert sum(row["before"] for row in told["rings"]) == sum(row["after"] for row in told["rings"])
    assert [row["ring"] for row in told["rings"]] == list(reversed(OUTSIDE_IN))
    for row in told["rings"]:
        came = sum(each["ring"]["after"] == row["ring"] for each in told["moves"] if each["inward"])
        left = sum(each["ring"]["before"] == row["ring"] for each in told["moves"] if each["inward"])
        assert row["after"] - row["before"] == came - left


def test_nobody_moves_between_a_profile_and_itself(demo_home: Path):
    with imagined(asking(demo_home), None) as last, imagined(asking(demo_home), read_icp(EXAMPLE)) as same:
        assert moves(last, same) == []
        assert same.heard.terms == () and same.heard.pages == 0


def test_pages_read_again_say_what_they_said_in_the_run(demo_home: Path, tmp_path: Path):
    shutil.copytree(demo_home, tmp_path / "home", symlinks=True)
    macros = (ROOT / "sql" / "macros.sql").read_text("utf-8")
    with Warehouse(tmp_path / "home" / "warehouse.duckdb", read_tables(ROOT / "sql"), macros) as warehouse:
        said = warehouse.rows(SAID)
        warehouse.load("raw.phrase", [])
    with imagined(asking(tmp_path / "home"), read_icp(EXAMPLE)) as world:
        assert len(world.heard.terms) == len(read_icp(EXAMPLE).phrases) and world.heard.pages > 100
        assert world.warehouse.rows(SAID) == said and said


def test_what_nobody_listened_for_is_unknown_and_said_to_be(demo_home: Path, stricter: Path):
    with imagined(asking(demo_home, reads_again=False), read_icp(stricter)) as world:
        found = {row["verdict"]: row["n"] for row in world.warehouse.rows(VERDICTS, ["types_orders"])}
    assert world.heard.unheard == ("desk",)
    assert "no" not in found and found["yes"] > 5
    console = Console(width=80)
    with console.capture() as said:
        show_whatif.moves(console, [], [], world.heard)
    assert "Nobody listened for desk yet" in said.get()


def test_a_promise_worded_otherwise_is_recognised_as_before_until_pages_are_read(demo_home: Path, tmp_path: Path):
    promises = yaml.safe_load(EXAMPLE.read_text("utf-8"))["promises"]
    promises[0]["recognised_by"] = ["xylophone repair"]
    icp = read_icp(written(tmp_path, {"promises": promises}))
    recognised = "select count(*) as n from core.recognition where promise_id = 'fewer_keystrokes'"
    with imagined(asking(demo_home, reads_again=False), icp) as unread, imagined(asking(demo_home), icp) as read:
        assert unread.heard.unheard == ("promise.fewer_keystrokes",)
        assert unread.warehouse.rows(recognised)[0]["n"] > 5 and read.warehouse.rows(recognised)[0]["n"] == 0


def test_a_term_that_is_gone_says_nothing_more(demo_home: Path, tmp_path: Path):
    terms = yaml.safe_load(EXAMPLE.read_text("utf-8"))["terms"]
    change = {
        "terms": {name: words for name, words in terms.items() if name != "mixed_formats"},
        "problem/1/should": {"mentions": {"lacks": ["entry_errors"]}},
    }
    with imagined(asking(demo_home), read_icp(written(tmp_path, change))) as world:
        assert world.heard.dropped == ("mixed_formats",)
        assert not [row for row in world.warehouse.rows(SAID) if row["value"] == "mixed_formats"]


def fits(said: str, besides: str) -> bool:
    """Whether nothing is cut off or goes beyond eighty columns, but for lines with a path in them."""
    lines = [line.rstrip() for line in said.splitlines() if besides not in line]
    heads = [line for line in lines if line.startswith(" ring")]
    return bool(heads) and max(map(len, lines)) <= 80 and not [line for line in heads if "…" in line]


def test_a_diff_says_who_and_why_in_eighty_columns(demo_home: Path, stricter: Path):
    given = ("--home", str(demo_home), "--settings", str(SETTINGS))
    code, said = bullseye("icp", "diff", str(EXAMPLE), str(stricter), *given)
    flat = " ".join(said.split())
    assert code == 0 and fits(said, str(stricter))
    for wanted in (
        "organizations would be elsewhere; nothing is published or changed.",
        "pages of the archive were read again for desk.",
        "By rule: size 5, types_orders 1.",
        "Harbour Rope & Twine harbour-rope.example, 2 leads problem → outside, route dealer → outside, fit",
        "size was yes, is no, which puts it outside (employees: 57).",
        "types_orders was no, is yes (mentions: desk).",
    ):
        assert wanted in flat, wanted


@pytest.mark.parametrize("profiles", [[], ["a", "b", "c"]])
def test_a_diff_of_none_or_three_is_wrong_use(profiles: list[str], demo_home: Path):
    assert bullseye("icp", "diff", *profiles, "--home", str(demo_home))[0] == 2


def test_where_nothing_was_run_nothing_is_told(tmp_path: Path):
    code, said = bullseye("icp", "check", str(EXAMPLE), "--home", str(tmp_path))
    assert code == 0 and "once something was run" in said
    result = CliRunner().invoke(app, ["icp", "diff", str(EXAMPLE), "--home", str(tmp_path)])
    assert "Nothing was run in" in str(result.exception)
    assert not list(tmp_path.iterdir())


@pytest.fixture(scope="module")
def useless(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Icp, Effects]:
    """The example with lines of no use, and what is said of them."""
    content = yaml.safe_load(EXAMPLE.read_text("utf-8"))
    shoulds = content["rings"]["profile"] + yaml.safe_load(USELESS)
    promise = {
        "id": "dryness",
        "concern": "Rain.",
        "promise": "Roofs.",
        "message": "Stay dry.",
        "recognised_by": ["umbrella stand"],
    }
    change = {
        "terms": {**content["terms"], "unheard_of": ["xylophone repair"], "everywhere": ["the", "and", "und", "de", "in"]},
        "promises": [*content["promises"], promise],
    }
    path = written(tmp_path_factory.mktemp("useless"), change)
    whole = yaml.safe_load(path.read_text("utf-8"))
    whole["rings"]["profile"] = shoulds
    path.write_text(yaml.safe_dump(whole, allow_unicode=True), "utf-8")
    icp = read_icp(path)
    with imagined(asking(demo_home), icp) as world:
        return icp, effects(world, icp)


@pytest.mark.parametrize(
    "sentence",
    [
        "Rule has_lei never says anything but unknown: nothing is known of lei of any organization.",
        "Rule on_shopfy asks for the technology Shopfy, which we would not recognise; did you mean Shopify?",
        "Term unheard_of is never mentioned.",
        "Term unheard_of is asked for by no rule.",
        "Route partner takes no lead.",
        "Promise dryness is recognised by nobody.",
    ],
)
def test_a_line_of_no_use_is_told(sentence: str, useless: tuple[Icp, Effects]):
    assert sentence in useless[1].warnings


def test_a_term_of_everybody_is_told_with_its_phrase(useless: tuple[Icp, Effects]):
    (told,) = [each for each in useless[1].warnings if each.startswith("Term everywhere is mentioned by ")]
    assert told.endswith(": it tells few apart.") and "organizations that were read, “" in told


def test_what_is_of_use_is_not_told(useless: tuple[Icp, Effects]):
    told = " ".join(useless[1].warnings)
    assert not [word for word in ("types_orders", "size", "retyping", "fewer_keystrokes", "dealer ") if word in told]


def test_every_rule_answers_for_everybody_and_its_consequences_are_counted(useless: tuple[Icp, Effects]):
    icp, found = useless
    everybody = sum(row["organizations"] for row in found.rings)
    assert [row["rule_id"] for row in found.rules] == [rule.id for _, rule in icp.rules]
    assert all(row["yes"] + row["no"] + row["unknown"] == everybody for row in found.rules)
    rules = {row["rule_id"]: row for row in found.rules}
    assert rules["winding_up"]["outside"] == rules["winding_up"]["yes"] == 1
    assert rules["size"]["outside"] == rules["size"]["no"] == 2
    assert rules["errors_hurt"]["outside"] == rules["errors_hurt"]["alone"] == 0
    assert found.research[0]["rule_id"] == "size" and found.research[0]["organizations"] == rules["size"]["alone"] == 6


def test_each_profile_is_shown_by_itself(demo_home: Path, tmp_path: Path):
    own = [{"id": "certified", "must": {"certification": {"has": ["ISO 9001"]}}, "because": "Who is audited keeps order."}]
    profiles = [
        {"id": "inbox", "product": "Pelican Inbox", "segment": "wholesalers"},
        {"id": "audit", "product": "Pelican Audit", "segment": "those who are audited", "rings": {"profile": own}},
    ]
    path = written(tmp_path, {"profiles": profiles})
    code, said = bullseye("icp", "check", str(path), "--home", str(demo_home), "--settings", str(SETTINGS))
    inbox, audit = said.split("What inbox")[1].split("What audit")
    assert code == 0 and fits(said, str(path)) and "2 profiles" in said
    assert "certified" in audit and "certified" not in inbox


def test_mistakes_are_shown_with_their_lines(tmp_path: Path):
    path = tmp_path / "icp.yaml"
    text = EXAMPLE.read_text("utf-8").replace("has: [trade]", "has: [trad]").replace("employees:", "employes:")
    path.write_text(text, "utf-8")
    code, said = bullseye("icp", "check", str(path), "--home", str(tmp_path))
    said = " ".join(said.split())
    assert code == 1 and "has 2 mistakes" in said
    for wanted, hint in (("has: [trad]", "did you mean trade?"), ("employes:", "did you mean employees?")):
        number = next(number for number, line in enumerate(text.splitlines(), 1) if wanted in line)
        assert f"line {number} " in said and hint in said and wanted in said
