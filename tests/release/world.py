"""A small warehouse for the tests of the release: the real sql/, and rows by hand."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pipelines.givens import given_rows
from pipelines.icp import read_icp
from pipelines.ids import make_id
from pipelines.intake.tables import SIGHTING
from pipelines.quality import Verdict
from pipelines.settings import Reading
from pipelines.tables import read_tables
from pipelines.warehouse import Warehouse

ROOT = Path(__file__).parents[2]
AS_OF, SEEN = datetime.fromisoformat("2026-03-01T12:00"), datetime.fromisoformat("2026-02-20")
GIVENS = {"as_of": "2026-03-01T12:00:00Z", "lead_lists": [{"name": "fair.csv", "sha256": "ab" * 32}], "inputs": "12" * 32}
Row = Mapping[str, Any]

LEAD: dict[str, Any] = dict.fromkeys(SIGHTING.names)
PEOPLE: list[Row] = [
    {
        "company": "Tin Anchor", "domain": "tin-anchor.example", "first_name": "Ada", "last_name": "Brandt",
        "email": "ada@tin-anchor.example", "job_title": "Head bookkeeper", "phone": "+4930111111", "country": "DE",
        "city": "Bremen", "channel": "Trade fair",
    },
    {"company": "TIN ANCHOR Holding", "domain": "tin-anchor.example", "first_name": "Bo", "email": "bo@tin-anchor.example"},
    {"company": "Velvet Crane", "domain": "velvet-crane.example", "country": "AT", "city": "Graz", "phone": "+4331622222"},
    {"company": "Only A Name", "country": "FR"},
    {"company": "Old Friend", "domain": "old-friend.example", "last_name": "Quast", "list": "customers.csv"},
]  # fmt: skip
FACTS: dict[str, list[tuple[str, str]]] = {
    "tin-anchor.example": [
        ("name", "Tin Anchor GmbH"), ("country", "AT"), ("city", "Wien"), ("street", "Am Kai 1"), ("postcode", "1010"),
        ("phone", "+43133333"), ("employees", "120"), ("industry", "52 Finance and Insurance"),
        ("description", "We keep\nledgers."),
        ("mentions", "ledger"), ("mentions", "paper"), ("mentions", "promise.order"), ("certification", "ISO 27001"),
        ("certification", "SOC 2"), ("founded_year", "1999"),
    ],
    "velvet-crane.example": [("country", "AT"), ("employees", "3"), ("name", "Velvet Crane")],
}  # fmt: skip


def make_warehouse(
    folder: Path, people: Sequence[Row] = PEOPLE, facts: Mapping[str, Sequence[tuple[str, str]]] = FACTS
) -> Warehouse:
    """Return an open warehouse in `folder`, built from these leads and facts (domain -> property, value)."""
    warehouse = Warehouse(
        folder / "warehouse.duckdb", read_tables(ROOT / "sql"), (ROOT / "sql" / "macros.sql").read_text("utf-8")
    )
    icp = read_icp(Path(__file__).with_name("icp.yaml"))
    source = {
        "name": "website",
        "description": "Its website.",
        "terms": "Public.",
        "trust": 0.9,
        "fresh_days": 30,
        "expected_share": 0.5,
        "asks": True,
    }
    given = {**given_rows(icp, [], Reading(), AS_OF), "raw.source": [source]}
    for table, rows in {**given, **_lists(people), **_web(facts)}.items():
        warehouse.load(table, rows)
    warehouse.build()
    return warehouse


def verdicts_of(warehouse: Warehouse, broken: str = "") -> list[Verdict]:
    """Return a kept verdict for every promise, but for those of the table `broken`."""
    return [
        Verdict(promise, passed=table.full_name != broken, observed="3 of 5 rows" if table.full_name == broken else "5 rows")
        for table in warehouse.tables.values()
        for promise in table.promises
    ]


def _lists(people: Sequence[Row]) -> dict[str, list[Row]]:
    lists: dict[str, int] = {}
    sightings, rows = [], []
    for number, person in enumerate(people, 1):
        name = str(person.get("list", "fair.csv"))
        lists[name] = lists.get(name, 0) + 1
        own = {key: value for key, value in person.items() if key != "list"}
        ids = {"row_id": make_id("row", str(number)), "list_id": make_id("list", name), "row_number": number}
        rows.append({**ids, "fields": json.dumps(own, default=str)})
        identity = {"identity": str(number), "lead_id": make_id("lead", str(number)), "extra": "{}"}
        domain = str(own.get("email") or "").rpartition("@")[2] or None
        key = {"company_key": str(own.get("company") or "").lower() or None, "email_domain": domain}
        sightings.append({**LEAD, **ids, **identity, **key, **own})
    return {
        "raw.lead_list": [
            {
                "list_id": make_id("list", name), "name": name, "kind": name.partition(".")[0] if "custom" in name else "leads",
                "format": "csv", "rows_in": count, "received_on": date(2026, 2, 1),
            }
            for name, count in lists.items()
        ],
        "raw.lead_row": rows,
        "core.sighting": sightings,
    }  # fmt: skip


def _web(facts: Mapping[str, Sequence[tuple[str, str]]]) -> dict[str, list[Row]]:
    requests, captures, stated = [], [], []
    for domain, said in facts.items():
        organization, url = make_id("org", "domain", domain), f"https://{domain}/about"
        asked = {"organization_id": organization, "source": "website", "kind": "about", "url": url}
        request, capture = make_id("req", domain), make_id("cap", domain)
        requests.append({**asked, "request_id": request, "body": "", "span": ""})
        captures.append(
            {
                **asked, "request_id": request, "capture_id": capture, "status": 200, "content_type": "text/html", "length": 9,
                "fetched_at": SEEN, "checked_at": SEEN, "digest": "sha256:00", "file": "a.warc", "offset": 0, "state": "read",
                "words": 400, "headers": "",
            }
        )  # fmt: skip
        stated += [_fact(organization, capture, url, name, value) for name, value in said]
    return {"raw.request": requests, "raw.capture": captures, "core.fact": stated}


def _fact(organization: str, capture: str, url: str, name: str, value: str) -> Row:
    return {
        "fact_id": make_id("fact", organization, name, value), "organization_id": organization, "property": name, "value": value,
        "source": "website", "reader": "website", "capture_id": capture, "url": url, "locator": "/html", "quote": f"so: {value}",
        "observed_at": SEEN, "stated_on": None, "confidence": 0.9,
    }  # fmt: skip
