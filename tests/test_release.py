"""Write, audit, publish: a release is whole or not there, readers never see a mixture, the same inputs give the same bytes."""

import csv
import errno
import hashlib
import json
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from release.world import GIVENS, PEOPLE, make_warehouse, verdicts_of

from pipelines.errors import Stop
from pipelines.quality import Verdict
from pipelines.reader import open_release
from pipelines.release import snapshot
from pipelines.release.datapackage import field_type
from pipelines.release.dictionary import column_types, dictionary
from pipelines.release.manifest import damaged, files_of, sha256
from pipelines.release.snapshot import publish
from pipelines.warehouse import Warehouse

ONE, TWO = "2026-03-01T120000Z-11111111", "2026-03-02T120000Z-22222222"
CHANGING = {"bullseye.duckdb", "SHA256SUMS"}


class KilledError(BaseException):
    """What stands for a kill: nothing catches it."""


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    with make_warehouse(tmp_path_factory.mktemp("home")) as open_warehouse:
        yield open_warehouse


@pytest.fixture
def releases(warehouse: Warehouse, tmp_path: Path) -> Path:
    return warehouse.path.parent / f"releases-{tmp_path.name}"


def put(warehouse: Warehouse, releases: Path, version: str = ONE, keep: int = 5) -> Path:
    return publish(warehouse, verdicts_of(warehouse), releases, version, GIVENS, keep)


def seen(folder: Path) -> dict[str, tuple[str, int]]:
    """Everything under a folder as a reader sees it: what links point to, what files hold, when they were written."""
    return {
        path.relative_to(folder).as_posix(): (
            str(path.readlink()) if path.is_symlink() else sha256(path) if path.is_file() else "",
            path.lstat().st_mtime_ns,
        )
        for path in sorted(folder.rglob("*"))
    }


def test_a_release_holds_everything_people_take(warehouse: Warehouse, releases: Path) -> None:
    release = put(warehouse, releases)
    tables = sorted(each.name for each in warehouse.tables.values() if each.schema == "mart")
    assert files_of(release) == sorted(
        [
            "SHA256SUMS", "bullseye.duckdb", "datapackage.json", "dictionary.md", "leads.csv", "manifest.json", "quality.html",
            "quality.json", *(f"tables/{name}.parquet" for name in tables),
        ]
    )  # fmt: skip
    current = releases / "current"
    assert current.readlink() == Path(ONE)
    with open_release(current / "bullseye.duckdb") as reader:
        for name in tables:
            assert reader.count(f"mart.{name}") == pq.read_table(release / "tables" / f"{name}.parquet").num_rows
    assert sorted(path.name for path in releases.iterdir()) == [ONE, "current"]


def test_the_manifest_holds_what_it_says(warehouse: Warehouse, releases: Path) -> None:
    release = put(warehouse, releases)
    manifest = json.loads((release / "manifest.json").read_text("utf-8"))
    assert (manifest["version"], manifest["as_of"]) == (ONE, GIVENS["as_of"])
    assert manifest["made_from"] == {key: value for key, value in GIVENS.items() if key != "as_of"}
    assert manifest["rows"]["mart.lead"] == len(PEOPLE)
    assert set(manifest["files"]) == set(files_of(release)) - CHANGING - {"manifest.json"}
    for path, said in manifest["files"].items():
        content = (release / path).read_bytes()
        assert said == {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    sums = dict(reversed(line.split("  ")) for line in (release / "SHA256SUMS").read_text("utf-8").splitlines())
    assert sums == {path: sha256(release / path) for path in files_of(release) if path != "SHA256SUMS"}


def test_the_same_content_gives_the_same_bytes_but_for_duckdbs_own_file(tmp_path: Path) -> None:
    folders = []
    for name in ("one", "two"):
        with make_warehouse(tmp_path / name) as made:
            folders.append(put(made, tmp_path / name / "releases"))
    one, two = ({path: (folder / path).read_bytes() for path in files_of(folder)} for folder in folders)
    assert one.keys() == two.keys()
    assert {path for path in one if one[path] != two[path]} <= CHANGING


def test_other_content_has_another_content_hash(warehouse: Warehouse, releases: Path, tmp_path: Path) -> None:
    with make_warehouse(tmp_path, PEOPLE[:-1]) as fewer:
        folders = [put(warehouse, releases), put(fewer, tmp_path / "releases")]
    one, two = (json.loads((folder / "manifest.json").read_text("utf-8"))["content"] for folder in folders)
    assert one != two


def test_a_broken_promise_leaves_everything_as_it_was(warehouse: Warehouse, releases: Path) -> None:
    put(warehouse, releases)
    before = seen(releases)
    with pytest.raises(Stop) as stopped:
        publish(warehouse, verdicts_of(warehouse, "mart.fit"), releases, TWO, GIVENS, 5)
    assert str(stopped.value).startswith(
        "Nothing was published and the previous release stands, because promises are broken: "
        "mart.fit promises unique(organization_id), found 3 of 5 rows; mart.fit promises not_null(organization_id)"
    )
    assert seen(releases) == before


def test_a_broken_promise_makes_no_first_release(warehouse: Warehouse, releases: Path) -> None:
    with pytest.raises(Stop, match="Nothing was published"):
        publish(warehouse, verdicts_of(warehouse, "mart.lead"), releases, ONE, GIVENS, 5)
    assert not releases.exists()


def test_a_promise_nobody_checked_counts_as_broken(warehouse: Warehouse, releases: Path) -> None:
    verdicts = [each for each in verdicts_of(warehouse) if each.promise.text != "between(coverage, 0, 1)"]
    with pytest.raises(Stop, match=r"mart\.fit promises between\(coverage, 0, 1\), which was never checked\.$"):
        publish(warehouse, verdicts, releases, ONE, GIVENS, 5)


def test_a_broken_warning_is_published_and_said(warehouse: Warehouse, releases: Path) -> None:
    verdicts = [
        Verdict(each.promise, each.loudness == "expect", "1 of 4 rows" if each.loudness == "warn" else "4 rows")
        for each in verdicts_of(warehouse)
    ]
    release = publish(warehouse, verdicts, releases, ONE, GIVENS, 5)
    said = json.loads((release / "manifest.json").read_text("utf-8"))["promises"]["warnings"]
    assert "mart.organization: between(founded_year, 1500, 2100)" in said
    rows = json.loads((release / "quality.json").read_text("utf-8"))
    assert {row["loudness"] for row in rows if not row["passed"]} == {"warn"}
    assert "founded_year" in (release / "quality.html").read_text("utf-8")


STEPS = ("clear_leftovers", "build", "export", "sums", "settle", "switch_in", "point_at", "prune", "_sync")


@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_a_run_killed_at_any_step_leaves_a_whole_release_and_the_next_finishes(
    warehouse: Warehouse, releases: Path, monkeypatch: pytest.MonkeyPatch, step: str, done: bool
) -> None:
    put(warehouse, releases)
    first = seen(releases / ONE)
    real: Callable[..., Any] = getattr(snapshot, step)

    def kill(*arguments: object) -> None:
        if done:
            real(*arguments)
        raise KilledError

    with monkeypatch.context() as patched, pytest.raises(KilledError):
        patched.setattr(snapshot, step, kill)
        put(warehouse, releases, TWO)
    current = (releases / "current").readlink().name
    assert current == (TWO if step == "prune" or (step == "point_at" and done) else ONE)
    assert seen(releases / ONE) == first
    assert_whole(releases / current)
    assert_whole(put(warehouse, releases, TWO))
    assert sorted(path.name for path in releases.iterdir()) == [ONE, TWO, "current"]
    assert (releases / "current").readlink() == Path(TWO)


def assert_whole(release: Path) -> None:
    for line in (release / "SHA256SUMS").read_text("utf-8").splitlines():
        digest, path = line.split("  ")
        assert sha256(release / path) == digest


def test_a_killed_switch_leaves_a_stale_link_that_does_not_hinder(warehouse: Warehouse, releases: Path) -> None:
    put(warehouse, releases)
    (releases / ".aside-current").symlink_to("nowhere")
    (releases / ".aside-old-gone").mkdir()
    (releases / ".aside-old-gone" / "rest").write_text("rest")
    put(warehouse, releases, TWO)
    assert sorted(path.name for path in releases.iterdir()) == [ONE, TWO, "current"]


def test_what_a_reader_has_no_memory_for_lies_beside_the_release_until_it_is_gone(warehouse: Warehouse, releases: Path) -> None:
    with open_release(put(warehouse, releases) / "bullseye.duckdb") as reader:
        (row,) = reader.rows("select current_setting('temp_directory') as place")
    own, over = Path(row["place"]), releases / ".spill-99999999"
    assert own.parent == releases.resolve()
    for each in (own, over):
        each.mkdir()
        (each / "duckdb_temp").write_text("ada@tin-anchor.example")
    put(warehouse, releases, TWO)
    assert own.exists() and not over.exists(), "one of a process that is at work stays"
    shutil.rmtree(own)


def test_a_release_that_is_there_is_not_written_again_but_made_current(warehouse: Warehouse, releases: Path) -> None:
    put(warehouse, releases)
    before = seen(releases / ONE)
    put(warehouse, releases, TWO)
    assert put(warehouse, releases) == releases / ONE
    assert seen(releases / ONE) == before
    assert (releases / "current").readlink() == Path(ONE)


@pytest.mark.parametrize("name", ["bullseye.duckdb", "leads.csv", "SHA256SUMS"])
def test_a_release_that_is_damaged_is_written_again(name: str, warehouse: Warehouse, releases: Path) -> None:
    release = put(warehouse, releases)
    before = {path: digest for path, digest in seen(release).items() if path not in CHANGING}
    (release / name).write_bytes((release / name).read_bytes()[:-9])
    assert damaged(release) != []
    assert put(warehouse, releases) == release
    assert damaged(release) == []
    assert {path: digest for path, (digest, _) in seen(release).items() if path not in CHANGING} == {
        path: digest for path, (digest, _) in before.items()
    }
    assert names(releases) == [ONE, "current"]


def test_a_full_disk_stops_with_a_sentence_and_leaves_the_release(
    warehouse: Warehouse, releases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(warehouse, releases)
    before = seen(releases / ONE)

    def full(_: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(snapshot, "settle", full)
    with pytest.raises(Stop, match=r"cannot be written: No space left on device; the previous release stands"):
        put(warehouse, releases, TWO)
    assert seen(releases / ONE) == before
    assert (releases / "current").readlink() == Path(ONE)


def test_only_the_latest_releases_stay_and_never_less_than_the_current(
    warehouse: Warehouse, releases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "build", lambda draft: build_quickly(draft.folder, draft.version))
    for number in range(5):
        put(warehouse, releases, f"v{number}", keep=3)
    (releases / "notes").mkdir()
    assert names(releases) == ["current", "notes", "v2", "v3", "v4"]
    put(warehouse, releases, "v2", keep=1)
    assert names(releases) == ["current", "notes", "v2"]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def build_quickly(folder: Path, version: str) -> None:
    """Make a release of two files that only belong together."""
    folder.mkdir()
    for name in ("manifest.json", "rows"):
        (folder / name).write_text(version)


def test_a_reader_never_sees_two_releases_at_once_nor_none(
    warehouse: Warehouse, releases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "build", lambda draft: build_quickly(draft.folder, draft.version))
    put(warehouse, releases, "v0", keep=50)
    torn, reads, over = [], [], threading.Event()

    def read() -> None:
        while not over.is_set():
            release = (releases / "current").resolve(strict=True)
            said = {(release / name).read_text() for name in ("manifest.json", "rows")} | {release.name}
            reads.append(release.name)
            torn.extend([said] if len(said) > 1 else [])

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for number in range(1, 101):
            put(warehouse, releases, f"v{number}", keep=50)
    finally:
        over.set()
        reader.join()
    assert torn == []
    assert len(set(reads)) > 5


def test_who_has_the_old_release_open_keeps_it(warehouse: Warehouse, releases: Path) -> None:
    put(warehouse, releases)
    with open_release(releases / "current" / "bullseye.duckdb") as old:
        put(warehouse, releases, TWO, keep=1)
        assert names(releases) == [TWO, "current"]
        assert old.count("mart.lead") == len(PEOPLE)


def test_the_dictionary_explains_every_published_column_and_export(warehouse: Warehouse) -> None:
    tables = [table for table in warehouse.tables.values() if table.schema == "mart"]
    page = dictionary(tables, column_types(warehouse, tables))
    for table in tables:
        assert f"## {table.full_name}\n\n{table.description}\n" in page
        section = page.partition(f"## {table.full_name}\n")[2].partition("\n## ")[0]
        for column in table.columns:
            assert f"| `{column.name}` | " in section
            assert column.description.replace("|", "\\|") in section
    assert "| `reasons` | varchar[] |" in page
    assert "| Company domain name | " in page
    assert "[not provided]" in page
    assert dictionary(reversed(tables), column_types(warehouse, tables)) == page


def test_the_data_package_describes_its_files(warehouse: Warehouse, releases: Path) -> None:
    release = put(warehouse, releases)
    package = json.loads((release / "datapackage.json").read_text("utf-8"))
    resources = {each["path"]: each for each in package["resources"]}
    assert set(resources) == {path for path in files_of(release) if path.endswith((".csv", ".parquet"))}
    for path, resource in resources.items():
        columns = [field["name"] for field in resource["schema"]["fields"]]
        assert resource["hash"] == f"sha256:{sha256(release / path)}"
        assert all(field["description"] for field in resource["schema"]["fields"])
        assert set(resource["schema"]["primaryKey"]) <= set(columns)
        if path.endswith(".parquet"):
            assert columns == pq.read_schema(release / path).names
    with (release / "leads.csv").open(encoding="utf-8", newline="") as file:
        assert next(csv.reader(file)) == [field["name"] for field in resources["leads.csv"]["schema"]["fields"]]
    keys = [key["reference"]["resource"] for each in resources.values() for key in each["schema"]["foreignKeys"]]
    assert "organization.parquet" in keys
    assert set(keys) <= {resource["name"] for resource in resources.values()}


@pytest.mark.parametrize(
    ("duckdb_type", "expected"),
    [
        ("VARCHAR", "string"), ("BIGINT", "integer"), ("HUGEINT", "integer"), ("INTEGER", "integer"), ("DOUBLE", "number"),
        ("DECIMAL(3,2)", "number"), ("BOOLEAN", "boolean"), ("DATE", "date"), ("TIMESTAMP", "datetime"), ("VARCHAR[]", "array"),
        ("TIMESTAMP WITH TIME ZONE", "datetime"), ("STRUCT(a INTEGER)", "object"), ("STRUCT(a INTEGER)[]", "array"),
    ],
)  # fmt: skip
def test_types_have_their_name_in_frictionless(duckdb_type: str, expected: str) -> None:
    assert field_type(duckdb_type) == expected


def test_a_list_is_text_in_a_text_file() -> None:
    assert field_type("VARCHAR[]", as_text=True) == "string"
