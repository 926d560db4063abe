"""Whatever is found and whatever is asked: what must hold of the whole chain, from rows to the mart.

Here: random worlds (organizations, pages, facts) and random profiles, from fixed seeds, and the laws they must obey.
Elsewhere: what one model makes of a few rows (tests/sql).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random

import pytest

from pipelines.givens import given_rows
from pipelines.icp import DIMENSIONS, RINGS, Icp
from pipelines.ids import make_id
from pipelines.intake.titles import understood
from pipelines.lexicon import persona_phrases
from pipelines.settings import Reading
from pipelines.source import Source
from pipelines.tables import read_tables
from pipelines.warehouse import Warehouse

SQL = Path(__file__).parents[1] / "sql"
AS_OF = datetime(2026, 1, 1)  # noqa: DTZ001 - moments in tables are UTC and say no zone
SEEDS = range(3)
ORGANIZATIONS = 24
TERMS = [f"t{number}" for number in range(8)]
PAGES = ("home", "about", "pricing", "careers", "news")
OUTWARD_IN = ("outside", "unknown", *RINGS)
Rows = dict[str, list[dict[str, object]]]
VALUES: Mapping[str, tuple[str, ...]] = {
    "mentions": (*TERMS, "promise.calm", "promise.fast", *sorted(persona_phrases())),
    "country": ("DE", "AT", "FR"),
    "employees": ("5", "40", "400", "a few dozen"),
    "technology": ("Typo3", "Shopify", "Odoo"),
    "buying_route": ("demo", "free_trial", "tender"),
    "site_part": ("blog", "team", "status", "api", "partners", "customers"),
    "opening": ("Order desk clerk", "Director of Sales", "Quality lead"),
    "name": ("Otter", "Otter Ltd", "The Otters"),
    "phone": ("+4930123456",),
}


@cache
def tables():
    return read_tables(SQL)


def a_test(draw: Random, tame: bool) -> tuple[str, dict[str, object]]:
    """Return a random subject and test; a tame one cannot turn to no by finding more words."""
    dimension = draw.choice(DIMENSIONS)
    tests = [
        ("mentions", {"has": draw.sample(TERMS, 2)}),
        ("technology", {"has": draw.sample(VALUES["technology"], 2)}),
        ("country", {"in": draw.sample(VALUES["country"], 2)}),
        ("employees", {"between": [10, draw.choice((100, 1000))]}),
        ("employees", {"at_least": draw.choice((10, 100))}),
        (f"persona.{dimension}", {draw.choice(("at_least", "at_most")): 0.5}),
        ("persona.distance", {"at_most": 0.5}),
        ("signal.desk", {"within_days": draw.choice((30, 300))}),
    ]
    wild = [("mentions", {"lacks": draw.sample(TERMS, 2)}), ("technology", {"lacks": draw.sample(VALUES["technology"], 1)})]
    return draw.choice(tests if tame else tests + wild)


def a_rule(draw: Random, name: str, kind: str, subject: str, test: object) -> dict[str, object]:
    return {
        "id": name,
        kind: {subject: test},
        "weight": draw.choice((3, 7, 11, 0.7, 13.37)),
        "silence": draw.choice(("no", "unknown")),
        "half_life_days": draw.choice((None, 30, 90)),
        "because": "It has to be so.",
    }


def an_icp(draw: Random, tame: bool = False) -> Icp:
    """Return a random profile that is right; a tame one has no never and no lacks."""
    kinds = ("must", "should", "should") if tame else ("must", "should", "should", "never")
    rings, own = {}, {}
    for ring in RINGS:
        rules = [a_rule(draw, f"{ring}-must", "must", "mentions", {"has": draw.sample(TERMS, 4)})]
        rules += [a_rule(draw, f"{ring}-{each}", draw.choice(kinds), *a_test(draw, tame)) for each in range(draw.randint(0, 4))]
        rings[ring] = rules
        own[ring] = [a_rule(draw, f"{ring}-own", draw.choice(kinds), *a_test(draw, tame))]
    profiles = [
        {"id": "all", "product": "Sorters", "segment": "anybody"},
        {"id": "few", "product": "Sieves", "segment": "mills", "rings": own, "promises": ["fast"]},
    ]
    routes = [
        {"id": f"route-{each}", "action": "sell", "owner": "us", "play": "Call.", "when": when}
        for each, when in enumerate(
            draw.sample(
                ({"ring": ["bullseye", "problem"]}, {"fit_at_least": 50}, {"standing": ["customer"]}, {"reach_at_least": 30}), 3
            )
        )
    ]
    return Icp.model_validate(
        {
            "vendor": "Orderly Otter",
            "position": "We sort.",
            "terms": {each: ["word"] for each in TERMS},
            "rings": rings,
            "profiles": draw.choice(((), profiles)),
            "promises": [
                {"id": each, "concern": "C.", "promise": "P.", "message": "M.", "recognised_by": ["word"]}
                for each in ("calm", "fast")
            ],
            "signals": [{"id": "desk", "matches": ["order desk"], "means": "They hire.", "half_life_days": 60}],
            "persona": dict.fromkeys(draw.sample(DIMENSIONS, 4), 0.5),
            "reach": {"buying_roles": ["cto", "owner"]},
            "routes": [*routes, {"id": "rest", "action": "nurture", "owner": "us", "play": "Write."}],
            "competitors": ["otter3.example"],
        }
    )


def organization_id(number: int) -> str:
    return make_id("org", "domain", f"otter{number}.example")


def a_fact(draw: Random, number: int, page: str, name: str, value: str) -> dict[str, object]:
    source, reader = draw.choice((("website", "one"), ("website", "two"), ("data", "three")))
    observed = AS_OF - timedelta(days=draw.randint(0, 500))
    return {
        "fact_id": make_id("fact", str(number), page, name, value, source),
        "organization_id": organization_id(number),
        "property": name,
        "value": value,
        "source": source,
        "reader": reader,
        "capture_id": f"cap_{number}_{page}",
        "url": f"https://otter{number}.example/{page}",
        "locator": "/html",
        "quote": f"{value}, says {page}",
        "observed_at": observed,
        "stated_on": draw.choice((None, observed.date())),
        "confidence": draw.choice((0.5, 0.6, 0.7)),
    }


def a_website(draw: Random, number: int) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield (table, row) of what was asked of one organization, what answered, and what it says."""
    for page in PAGES[: draw.choice((0, 1, 3, 5))]:
        asked = {
            "request_id": f"req_{number}_{page}",
            "organization_id": organization_id(number),
            "source": "website",
            "kind": page,
        }
        yield "raw.request", {**asked, "url": f"https://otter{number}.example/{page}", "body": "", "span": ""}
        if draw.random() < 0.2:
            sentence = {"reason": "timeout", "sentence": "It took too long.", "missed_at": AS_OF}
            yield "raw.miss", {**asked, "url": f"https://otter{number}.example/{page}", **sentence}
            continue
        yield (
            "raw.capture",
            {
                **asked,
                "capture_id": f"cap_{number}_{page}",
                "url": f"https://otter{number}.example/{page}",
                "status": 200,
                "content_type": "text/html",
                "fetched_at": AS_OF - timedelta(days=number),
                "checked_at": AS_OF,
                "digest": f"sha256:{number}{page}",
                "length": 1000,
                "file": "a.warc.gz",
                "offset": number,
                "state": "read",
                "words": draw.choice((50, 400)),
                "headers": "",
            },
        )
        yield "core.fact", a_fact(draw, number, page, "page", page)
        said = {
            (name, draw.choice(VALUES[name]))
            for name in draw.choices(list(VALUES), [6, *[1] * (len(VALUES) - 1)], k=draw.randint(3, 14))
        }
        for name, value in sorted(said):
            yield "core.fact", a_fact(draw, number, page, name, value)


def the_lists(draw: Random) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield (table, row) of two lists: leads, and customers of whom some are in the first as well."""
    nothing = dict.fromkeys(each.name for each in tables()["core.sighting"].columns)
    for kind, numbers in (("leads", [n for n in range(ORGANIZATIONS) for _ in range(draw.randint(1, 3))]), ("customers", [1, 2])):
        listed = {"list_id": f"list_{kind}", "name": f"{kind}.csv", "kind": kind, "format": "csv", "rows_in": len(numbers)}
        yield "raw.lead_list", {**listed, "received_on": date(2026, 1, 1)}
        for row, number in enumerate(numbers, 1):
            stands = {"row_id": f"row_{kind}_{row}", "list_id": f"list_{kind}", "row_number": row}
            yield "raw.lead_row", {**stands, "fields": "{}"}
            yield (
                "core.sighting",
                {
                    **nothing,
                    **stands,
                    "identity": f"email\x1f{kind}{row}@otter{number}.example",
                    "lead_id": f"lead_{kind}_{row}",
                    "company": f"Otter {number}",
                    "company_key": f"otter {number}",
                    "domain": f"otter{number}.example",
                    "email_domain": draw.choice((None, f"otter{number}.example")),
                    "job_title": draw.choice((None, "CTO", "Director", "Owner and driver")),
                    "extra": "{}",
                },
            )


def a_world(seed: int, tame: bool = False) -> Rows:
    """Return the rows of every contract, the same for the same seed."""
    draw = Random(seed)
    sources = [
        Source(name, "d", "h", "t", trust, timedelta(9), 0.5, frozenset(), bool, iter)
        for name, trust in (("website", 0.7), ("data", 0.9))
    ]
    world: Rows = defaultdict(list)
    world.update({name: list(rows) for name, rows in given_rows(an_icp(draw, tame), sources, Reading(), AS_OF).items()})
    for number in range(ORGANIZATIONS):
        for table, row in a_website(draw, number):
            world[table].append(row)
    for table, row in the_lists(draw):
        world[table].append(row)
    world["core.job_title"] = understood(["CTO", "Director", "Owner and driver"]).to_pylist()
    world["core.fact"] = list({row["fact_id"]: row for row in world["core.fact"]}.values())
    return world


def built(world: Rows, path: Path) -> Warehouse:
    warehouse = Warehouse(path, tables(), (SQL / "macros.sql").read_text("utf-8"), threads=2)
    for table, rows in world.items():
        warehouse.load(table, rows)
    warehouse.build()
    return warehouse


@pytest.fixture(scope="module", params=SEEDS)
def warehouse(request, tmp_path_factory) -> Iterator[Warehouse]:
    with built(a_world(request.param), tmp_path_factory.mktemp("world") / "w.duckdb") as opened:
        yield opened


def by(rows: Iterable[Mapping[str, object]], key: str) -> dict[object, Mapping[str, object]]:
    return {row[key]: row for row in rows}


def test_the_worlds_are_worth_asking_about(warehouse: Warehouse):
    verdicts = Counter(row["verdict"] for row in warehouse.rows("from core.answer"))
    assert min(verdicts[each] for each in ("yes", "no", "unknown")) > 10
    assert warehouse.count("core.organization") == ORGANIZATIONS
    assert {row["standing"] for row in warehouse.rows("from core.organization")} == {"prospect", "customer", "competitor"}


def test_every_table_holds_its_grain(warehouse: Warehouse):
    for name, table in tables().items():
        keys = ", ".join(f'"{column}"' for column in table.grain)
        twice = warehouse.rows(f"select {keys} from {name} group by {keys} having count(*) > 1")  # noqa: S608 - names of sql/
        assert not twice, name


def test_figures_are_within_bounds_and_the_sum_of_their_published_reasons(warehouse: Warehouse):
    sums: dict[tuple[object, ...], Decimal] = defaultdict(Decimal)
    for row in warehouse.rows("from mart.fit_reason"):
        assert row["points"] >= 0
        sums[row["organization_id"], row["icp"], row["figure"]] += Decimal(str(row["points"]))
    for row in warehouse.rows("from mart.fit") + warehouse.rows("from mart.fit_by_icp"):
        assert 0 <= row["coverage"] <= 1
        for figure in ("fit", "readiness", "reach"):
            value, total = row[figure], sums[row["organization_id"], row["icp"], figure]
            assert value is None or 0 <= value <= 100
            assert total == (0 if value is None else Decimal(str(value)))
    assert {row["difference"] for row in warehouse.rows("from mart.score_audit")} == {0}


def test_an_organization_stands_where_it_gets_farthest_in(warehouse: Warehouse):
    reached = defaultdict(list)
    for row in warehouse.rows("from mart.fit_by_icp"):
        reached[row["organization_id"]].append(OUTWARD_IN.index(row["ring"]))
    best = warehouse.rows("from mart.fit")
    assert {row["organization_id"]: OUTWARD_IN.index(row["ring"]) for row in best} == {
        key: max(all_) for key, all_ in reached.items()
    }
    assert {row["icp"] for row in best} <= {row["icp"] for row in warehouse.rows("from raw.icp_profile")}


def test_every_lead_has_exactly_one_route_and_one_row(warehouse: Warehouse):
    leads = [row["lead_id"] for row in warehouse.rows("select lead_id from core.lead order by lead_id")]
    for table in ("mart.route", "mart.lead"):
        assert [row["lead_id"] for row in warehouse.rows(f"select lead_id from {table} order by lead_id")] == leads  # noqa: S608


def test_the_unread_are_unknown_and_never_poor(warehouse: Warehouse):
    rows = warehouse.rows("from mart.fit join mart.organization using (organization_id) where pages_read = 0")
    assert rows
    for row in rows:
        assert row["ring"] == ("outside" if row["standing"] == "competitor" else "unknown")
        assert (row["fit"], row["readiness"], row["coverage"]) == (None, None, 0)


def test_a_gap_stands_exactly_where_a_must_holds(warehouse: Warehouse):
    held = {row["organization_id"] for row in warehouse.rows("from mart.fit where ring not in ('outside', 'bullseye')")}
    gaps = warehouse.rows("from mart.gap")
    assert {row["organization_id"] for row in gaps} == held
    assert all(OUTWARD_IN.index(row["next_ring"]) == OUTWARD_IN.index(row["ring"]) + 1 for row in gaps)


def test_whoever_is_outside_is_told_why(warehouse: Warehouse):
    for row in warehouse.rows("from mart.fit"):
        assert (row["ring"] == "outside") == bool(row["disqualifications"])


def test_every_answer_rests_on_facts_about_that_organization(warehouse: Warehouse):
    owner = {row["fact_id"]: row["organization_id"] for row in warehouse.rows("from mart.fact")}
    for row in warehouse.rows("from mart.fit_reason where figure <> 'reach'"):
        assert {owner[fact_id] for fact_id in row["fact_ids"]} <= {row["organization_id"]}
        assert row["fact_ids"] or row["verdict"] == "unknown", row


def test_no_cell_is_without_citation_and_every_citation_is_a_fact(warehouse: Warehouse):
    assert warehouse.count("mart.uncited_cell") == 0
    facts = by(warehouse.rows("from mart.fact"), "fact_id")
    for row in warehouse.rows("from mart.evidence"):
        assert row["quote"] == facts[row["fact_id"]]["quote"]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_rows_changes_no_byte(seed: int, tmp_path: Path):
    world, shuffle = a_world(seed), Random(seed + 1000)
    shuffled = {table: shuffle.sample(rows, len(rows)) for table, rows in world.items()}
    files = {}
    for side, rows in (("one", world), ("other", shuffled)):
        (tmp_path / side).mkdir()
        with built(rows, tmp_path / side / "w.duckdb") as opened:
            for name in [name for name in tables() if name.startswith("mart.")]:
                opened.write_parquet(name, tmp_path / side / f"{name}.parquet")
        files[side] = {path.name: path.read_bytes() for path in (tmp_path / side).glob("*.parquet")}
    assert [name for name in files["one"] if files["one"][name] != files["other"][name]] == []


@pytest.mark.parametrize("seed", (0, 2, 3))  # in the world of 1 nobody has a way in
def test_finding_what_is_asked_for_moves_nobody_outward(seed: int, tmp_path: Path):
    world, draw = a_world(seed, tame=True), Random(seed)
    read = sorted({(int(str(row["capture_id"]).split("_")[1]), str(row["kind"])) for row in world["raw.capture"]})
    more = {row["fact_id"]: row for row in (a_fact(draw, number, page, "mentions", draw.choice(TERMS)) for number, page in read)}
    known = {row["fact_id"] for row in world["core.fact"]}
    found = {**world, "core.fact": [*world["core.fact"], *[row for row in more.values() if row["fact_id"] not in known]]}
    with built(world, tmp_path / "before.duckdb") as before, built(found, tmp_path / "after.duckdb") as after:
        was, now = (
            {(row["organization_id"], row["icp"]): row for row in each.rows("from mart.fit_by_icp")} for each in (before, after)
        )
    moved = 0
    for organization, row in was.items():
        ring, further = OUTWARD_IN.index(row["ring"]), OUTWARD_IN.index(now[organization]["ring"])
        assert further >= ring, organization
        moved += further > ring
        for figure in ("fit", "readiness", "coverage"):
            assert row[figure] is None or now[organization][figure] >= row[figure], (organization, figure)
    assert moved, "the world must give somebody a way in"
