"""Captures and facts as files: what is written is read, and nothing half-written counts."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.facts import (
    SCHEMAS,
    Partition,
    content_of,
    earlier_facts,
    read_all,
    read_partition,
    read_parts,
    stamp_of,
    standing_facts,
    write_partition,
)

EARLY, LATE, SOON, FUTURE = map(datetime.fromisoformat, ("2026-01-01", "2026-06-01", "2026-11-16", "2027-01-01"))
"""Moments in UTC without zone, as tables keep them."""


def request(number: int, organization: str = "org_1") -> dict[str, Any]:
    return {
        "request_id": f"req_{number}",
        "organization_id": organization,
        "source": "website",
        "kind": "home",
        "url": f"https://{number}/",
    }


def capture(number: int, when: datetime, organization: str = "org_1", **more: Any) -> dict[str, Any]:
    given = {
        "capture_id": f"cap_{number}",
        "content_type": "text/html",
        "digest": "sha256:0",
        "file": "part-000.warc.gz",
        "headers": "server: nginx",
        "state": "read",
    }
    return {
        **request(number, organization),
        **given,
        "status": 200,
        "fetched_at": when,
        "checked_at": when,
        "length": 10,
        "offset": 0,
        "words": 2,
        **more,
    }


def miss(number: int, when: datetime) -> dict[str, Any]:
    return {**request(number), "reason": "dns", "sentence": "No such host.", "missed_at": when}


def fact(number: int, when: datetime, organization: str = "org_1", **more: Any) -> dict[str, Any]:
    given = {
        "fact_id": f"fact_{number}",
        "organization_id": organization,
        "property": "name",
        "value": "Acme",
        "source": "website",
    }
    where = {"reader": "identity", "capture_id": "cap_1", "url": "https://1/", "locator": "title", "quote": "Acme"}
    return {**given, **where, "observed_at": when, "stated_on": None, "confidence": 0.9, **more}


def partition(inputs: str = "in", **rows: list[dict[str, Any]]) -> Partition:
    kept = Partition(inputs=inputs)
    for table, given in rows.items():
        for row in given:
            kept.put(table.replace("__", "."), row)
    return kept


def values(
    folder: Path, table: str, column: str, as_of: datetime = SOON, organizations: tuple[str, ...] = ("org_1", "org_2")
) -> list[Any]:
    return sorted(read_all(folder, table, as_of, organizations)[column].to_pylist())


def test_what_is_written_is_read(tmp_path: Path):
    rows = {
        "raw__request": [{**request(1), "body": "", "span": ""}, {**request(2), "body": '{"a": 1}', "span": "bytes=0-9"}],
        "raw__capture": [capture(1, EARLY)],
        "raw__miss": [miss(2, LATE)],
        "core__fact": [fact(1, EARLY, stated_on=date(2025, 12, 24)), fact(2, LATE)],
    }
    write_partition(tmp_path, 3, partition(**rows))
    kept = read_partition(tmp_path, 3)
    assert kept.rows == {name.replace("__", "."): given for name, given in rows.items()}
    assert kept.inputs == stamp_of(tmp_path, 3) == "in"


def test_partitions_are_read_one_by_one_and_are_all_there_is(tmp_path: Path):
    for number in (1, 2, 11):
        write_partition(
            tmp_path, number, partition(raw__request=[request(number)], core__fact=[fact(number, EARLY), fact(20 + number, LATE)])
        )
    (tmp_path / "core.fact" / "002.parquet").unlink()
    parts = list(read_parts(tmp_path, LATE, ["org_1"]))
    assert [part["core.fact"]["fact_id"].to_pylist() for part in parts] == [["fact_1", "fact_21"], [], ["fact_11", "fact_31"]]
    for table in SCHEMAS:
        assert pa.concat_tables([part[table] for part in parts]) == read_all(tmp_path, table, LATE, ["org_1"])
    assert not any(part["core.fact"].num_rows for part in read_parts(tmp_path, LATE, ["org_2"]))


def test_requests_from_before_anything_was_posted_posted_nothing(tmp_path: Path):
    write_partition(tmp_path, 0, partition(raw__request=[{**request(1), "body": "{}", "span": ""}]))
    path = tmp_path / "raw.request" / "000.parquet"
    pq.write_table(pq.read_table(path).drop_columns(["body", "span"]), path)
    assert read_partition(tmp_path, 0).rows["raw.request"] == [{**request(1), "body": "", "span": ""}]
    assert values(tmp_path, "raw.request", "body") == [""]


def test_a_partition_that_was_never_written_is_empty(tmp_path: Path):
    assert read_partition(tmp_path, 0) == Partition()
    assert stamp_of(tmp_path, 0) == ""
    for table, schema in SCHEMAS.items():
        found = read_all(tmp_path, table, SOON, ["org_1"])
        assert (found.num_rows, found.schema) == (0, schema)


@pytest.mark.parametrize("lost", SCHEMAS)
def test_half_a_partition_is_none(tmp_path: Path, lost: str):
    write_partition(tmp_path, 0, partition(raw__request=[request(1)], core__fact=[fact(1, EARLY)]))
    (tmp_path / lost / "000.parquet").unlink()
    assert read_partition(tmp_path, 0) == Partition()


def test_a_partition_of_two_makings_counts_as_neither(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write_partition(tmp_path, 0, partition("old", core__fact=[fact(1, EARLY)]))
    written = pq.write_table

    def killed(table: Any, where: Path, **options: Any) -> None:
        if where.parent.name == "core.fact":
            raise KeyboardInterrupt
        written(table, where, **options)

    monkeypatch.setattr(pq, "write_table", killed)
    with pytest.raises(KeyboardInterrupt):
        write_partition(tmp_path, 0, partition("new", raw__request=[request(1)], core__fact=[fact(2, LATE)]))
    assert stamp_of(tmp_path, 0) == read_partition(tmp_path, 0).inputs == ""
    assert values(tmp_path, "core.fact", "fact_id") == ["fact_1"]


def test_a_leftover_does_no_harm(tmp_path: Path):
    write_partition(tmp_path, 0, partition(core__fact=[fact(1, EARLY)]))
    (tmp_path / "core.fact" / "000.tmp").write_bytes(b"half a file")
    (tmp_path / "core.fact" / "001.tmp").write_bytes(b"half of another")
    assert values(tmp_path, "core.fact", "fact_id") == ["fact_1"]
    write_partition(tmp_path, 0, partition(core__fact=[fact(2, EARLY)]))
    assert values(tmp_path, "core.fact", "fact_id") == ["fact_2"]
    assert not (tmp_path / "core.fact" / "000.tmp").exists()


def test_what_was_seen_later_stands(tmp_path: Path):
    write_partition(tmp_path, 0, partition(raw__capture=[capture(1, EARLY, state="wall"), capture(1, EARLY, state="read")]))
    assert values(tmp_path, "raw.capture", "state") == ["read"]


def test_the_same_rows_in_any_order_are_the_same_bytes(tmp_path: Path):
    rows = [fact(number, EARLY) for number in range(9)]
    write_partition(tmp_path / "a", 0, partition(core__fact=rows))
    write_partition(tmp_path / "b", 0, partition(core__fact=rows[::-1] + rows))
    for table in SCHEMAS:
        assert (tmp_path / "a" / table / "000.parquet").read_bytes() == (tmp_path / "b" / table / "000.parquet").read_bytes()


def test_only_what_was_known_at_the_moment_is_read(tmp_path: Path):
    write_partition(
        tmp_path, 0, partition(core__fact=[fact(1, EARLY), fact(2, SOON), fact(3, FUTURE)], raw__miss=[miss(1, FUTURE)])
    )
    assert values(tmp_path, "core.fact", "fact_id", EARLY) == ["fact_1"]
    assert values(tmp_path, "core.fact", "fact_id", SOON) == ["fact_1", "fact_2"]
    assert values(tmp_path, "core.fact", "fact_id", FUTURE) == ["fact_1", "fact_2", "fact_3"]
    assert values(tmp_path, "raw.miss", "request_id", SOON) == []


def test_only_the_organizations_asked_for_are_read(tmp_path: Path):
    write_partition(tmp_path, 0, partition(core__fact=[fact(1, EARLY, "org_1"), fact(2, EARLY, "org_2")]))
    write_partition(tmp_path, 1, partition(core__fact=[fact(3, EARLY, "org_3")]))
    assert values(tmp_path, "core.fact", "fact_id", organizations=("org_2", "org_3", "org_9")) == ["fact_2", "fact_3"]
    assert values(tmp_path, "core.fact", "fact_id", organizations=()) == []


def test_stamps_do_not_leak_into_what_is_read(tmp_path: Path):
    write_partition(tmp_path, 0, partition("a", core__fact=[fact(1, EARLY)]))
    write_partition(tmp_path, 1, partition("b", core__fact=[fact(2, EARLY)]))
    assert not read_all(tmp_path, "core.fact", SOON, ["org_1"]).schema.metadata
    assert json.loads(pq.read_schema(tmp_path / "core.fact" / "000.parquet").metadata[b"bullseye"])["inputs"] == "a"


def test_content_is_what_is_said_and_not_where_it_lies(tmp_path: Path):
    write_partition(tmp_path / "a", 0, partition(raw__capture=[capture(1, EARLY)]))
    write_partition(tmp_path / "b", 0, partition("other", raw__capture=[capture(1, EARLY, file="part-009.warc.gz", offset=77)]))
    write_partition(tmp_path / "c", 0, partition(raw__capture=[capture(1, EARLY, state="wall")]))
    one, two, three = (content_of(tmp_path / name) for name in "abc")
    assert one == two != three


def of_before(folder: Path) -> None:
    """Make a partition's captures what they were before anybody noted when they were confirmed, and which headers came."""
    path = folder / "raw.capture" / "000.parquet"
    table = pq.read_table(path)
    pq.write_table(table.drop_columns(["checked_at", "headers"]), path)


def test_a_capture_of_before_was_last_confirmed_when_it_was_fetched(tmp_path: Path):
    write_partition(tmp_path, 0, partition("in", raw__capture=[capture(1, EARLY)]))
    write_partition(tmp_path, 1, partition("in", raw__capture=[capture(2, LATE, checked_at=SOON)]))
    of_before(tmp_path)
    assert read_partition(tmp_path, 0).rows["raw.capture"] == [capture(1, EARLY, headers="")]
    found = read_all(tmp_path, "raw.capture", SOON, ["org_1"])
    assert found.schema == SCHEMAS["raw.capture"]
    assert found["checked_at"].to_pylist() == [EARLY, SOON]
    before = content_of(tmp_path)
    write_partition(tmp_path, 0, read_partition(tmp_path, 0))
    assert content_of(tmp_path) == before


def test_what_was_confirmed_after_the_moment_was_not_known_then(tmp_path: Path):
    write_partition(
        tmp_path, 0, partition(raw__capture=[capture(1, EARLY, checked_at=FUTURE), capture(2, EARLY, checked_at=LATE)])
    )
    assert values(tmp_path, "raw.capture", "checked_at") == [EARLY, LATE]
    assert values(tmp_path, "raw.capture", "checked_at", FUTURE) == [LATE, FUTURE]


@pytest.mark.parametrize(
    ("states", "standing", "earlier"),
    [
        (("read", "read", "read"), [3], [1, 2]),
        (("read", "read", "wall"), [2], [1]),
        (("read", "read", "other_shape"), [2], [1]),
        (("read", "needs_browser", "read"), [3], [1]),
        (("read", "read", "soft_404"), [3], [1, 2]),
    ],
)
def test_what_stood_before_is_kept_apart_where_it_was_read(
    states: tuple[str, ...], standing: list[int], earlier: list[int]
) -> None:
    """Whatever hides or garbles a page unsays nothing; of what was not read nothing is compared."""
    moments = (EARLY, LATE, SOON)
    rows = [
        capture(number, when, request_id="req_1", state=state)
        for number, when, state in zip((1, 2, 3), moments, states, strict=True)
    ]
    said = [fact(number, when, capture_id=f"cap_{number}") for number, when in zip((1, 2, 3), moments, strict=True)]
    said.append(fact(4, EARLY, capture_id="cap_1", property="mentions"))
    captures = pa.Table.from_pylist(rows, schema=SCHEMAS["raw.capture"])
    facts = pa.Table.from_pylist(said, schema=SCHEMAS["core.fact"])
    assert [row["fact_id"] for row in standing_facts(captures, facts).to_pylist()] == [f"fact_{each}" for each in standing]
    told = earlier_facts(captures, facts, {"name"}).to_pylist()
    assert [row["fact_id"] for row in told] == [f"fact_{each}" for each in earlier], "mentions are not watched"
