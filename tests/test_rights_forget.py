"""H3: somebody who stands everywhere is forgotten everywhere, down to the bytes, and no list brings them back.

Here: a person planted in lead lists of three formats, on a page, in logs, in Dagster's storage, in two releases and an export;
forgetting interrupted at every step; a company forgotten as a whole. Files are searched by this test's own means.
"""

import gzip
import io
import json
import shutil
import sqlite3
import zlib
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from zipfile import ZipFile

import duckdb
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hearing import call
from test_trials_market import market, page, website
from typer.testing import Result
from warcio.archiveiterator import ArchiveIterator

from pipelines.home import Home
from pipelines.job import ROOT
from pipelines.portal.doors.journal import Download, append
from pipelines.rights import forget as forgetting

pytestmark = pytest.mark.slow

MAILBOX, OTHER = "zara.quillfeather@calm.example", "zq1970@freebox.example"
TRACES = ("quillfeather", "zq1970", "6175550142")
"""What leads to her, in small letters and digits without anything between."""
LISTED = f"""company,website,first name,last name,email,phone,job title,notes
Calm Ltd,calm.example,Zara,Quillfeather,{MAILBOX},+1 617 555 0142,Director,"met, at the fair"
Calm Ltd,calm.example,Otto,Colleague,otto.colleague@calm.example,,Clerk,
Quiet Ltd,quiet.example,Quentin,Kept,q.kept@quiet.example,,Owner,
,,Zara,Quillfeather,{MAILBOX.partition("@")[0]}@,,,
"""
JSON = json.dumps(
    [
        {"company": "Calm Limited", "name": "Quillfeather, Zara", "city": "Anytown"},
        {"company": "Quiet Ltd", "name": "Someone Else"},
    ]
)
SAYS = (
    f"<p>Orders are typed in by hand, all 120 a day, sighs {MAILBOX}, who would know.</p>"
    "<p>Ask Zara Quillfeather, our director, at +1 (617) 555-0142 about our plans.</p>"
)
SITE = website("calm.example") | {
    "about.html": page("calm.example", SAYS),
    "team.html": page("calm.example", f"<a href='mailto:{MAILBOX}'>Zara</a>"),
}
EXAMPLES = ["--icp", str(ROOT / "examples" / "icp.yaml"), "--settings", str(ROOT / "examples" / "settings.yaml")]


def workbook(path: Path) -> None:
    sheets = {
        "Booth": [["Company", "Website", "Full name", "E-mail"], ["Calm Ltd", "calm.example", "Zara Quillfeather", OTHER]],
        "Later": [["Company", "Website", "E-mail"], ["Quiet Ltd", "quiet.example", "two@quiet.example"]],
    }
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)


class House:
    """A home in which she stands everywhere."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.home = folder, Home(folder / "home")
        self.said = io.StringIO()

    def call(self, *words: str) -> Result:
        return call(self.said, self.home.folder, *words)

    def run(self, as_of: str = "2026-01-15", lists: Path | None = None) -> Result:
        leads = ["--leads", str(lists or self.folder / "lists")]
        return self.call("run", *leads, "--web", str(self.folder / "web"), "--as-of", as_of, *EXAMPLES)

    def forget(self, *words: str) -> Result:
        return self.call("forget", *words, *EXAMPLES)


def built(folder: Path) -> House:
    market(folder, {"calm.example": SITE, "quiet.example": website("quiet.example")}, {"fair.csv": LISTED, "crm.json": JSON})
    workbook(folder / "lists" / "booth.xlsx")
    house = House(folder)
    for as_of in ("2026-01-15", "2026-01-16"):
        assert (result := house.run(as_of)).exit_code == 0, result.output
    home = house.home.folder
    (home / "logs").mkdir()
    (home / "logs" / "run.log").write_text(f"INFO 12 rows\nERROR KeyError: '{MAILBOX}'\nINFO done\n", "utf-8")
    (home / "leftover.tmp").write_bytes(b64encode(f"to={MAILBOX};".encode()) + b"\n" + MAILBOX.upper().encode("utf-16-le"))
    (home / "dagster" / "history").mkdir(parents=True)
    with sqlite3.connect(home / "dagster" / "history" / "runs.db") as storage:
        storage.execute("pragma journal_mode = wal")
        storage.execute("create table event_logs (id integer primary key, run_id text, event text, packed blob)")
        event = json.dumps({"message": f"row of {MAILBOX} rejected", "tags": {"list": "fair.csv"}})
        storage.execute("insert into event_logs values (1, 'a', ?, ?)", [event, event.encode()])
        storage.execute("insert into event_logs values (2, 'a', 'STEP_SUCCESS', null)")
    storage.close()
    assert house.call("export", "--layout", "csv", "--to", str(folder / "exports")).exit_code == 0
    release = house.home.current.resolve()
    leads = pq.read_table(release / "tables" / "lead.parquet", columns=["lead_id"])["lead_id"].to_pylist()
    taken = Download("2026-01-16T09:00:00+00:00", "marta", "page", "hubspot", {}, len(leads), "0" * 64, release.name, "")
    append(house.home, taken, leads)
    return house


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> House:
    return built(tmp_path_factory.mktemp("before"))


def copied(before: House, folder: Path) -> House:
    shutil.copytree(before.folder, folder, symlinks=True, dirs_exist_ok=True)
    return House(folder)


@pytest.fixture(scope="module")
def after(before: House, tmp_path_factory: pytest.TempPathFactory) -> House:
    house = copied(before, tmp_path_factory.mktemp("after"))
    result = house.forget(MAILBOX, "+1 617 555 0142")
    assert result.exit_code == 0, result.output + repr(result.exception)
    house.told = result.output
    return house


def members(path: Path) -> Iterator[bytes]:
    content = path.read_bytes()
    while content:
        inflater = zlib.decompressobj(31)
        yield inflater.decompress(content)
        content = inflater.unused_data


def contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file in a folder, its bytes and what is packed in them."""
    for path in sorted(each for each in folder.rglob("*") if each.is_file() and not each.is_symlink()):
        name = path.relative_to(folder).as_posix()
        yield name, path.read_bytes()
        if path.suffix == ".gz":
            yield from ((name, content) for content in members(path))
        elif path.suffix == ".xlsx":
            with ZipFile(path) as book:
                yield from ((name, book.read(part)) for part in book.namelist())
        elif path.suffix == ".parquet":
            yield name, repr(pq.read_table(path).to_pylist()).encode()
        elif path.suffix == ".duckdb":
            yield from ((name, text) for text in tables(path))
        elif path.suffix == ".db":
            with sqlite3.connect(path) as storage:
                yield name, repr(storage.execute("select * from event_logs").fetchall()).encode()


def tables(path: Path) -> Iterator[bytes]:
    with duckdb.connect(path, read_only=True) as database:
        names = database.execute("select table_schema || '.' || table_name from information_schema.tables").fetchall()
        for (name,) in names:
            yield repr(database.execute(f"from {name}").fetchall()).encode()


PACKED = [b64encode(b"\0" * shift + MAILBOX.encode())[4 * (shift > 0) : -4] for shift in range(3)]


def traces(folder: Path) -> dict[str, set[str]]:
    """What leads to her, by file: plainly, among other signs, in wide letters, in base64."""
    found: dict[str, set[str]] = {}
    for name, content in contents(folder):
        plain = content.lower().replace(b"\0", b"")
        digits = bytes(each for each in plain if each not in b" ()-+.")
        here = {each for each in TRACES if each.encode() in plain or (each.isdigit() and each.encode() in digits)}
        if here := here | {"base64" for each in PACKED if each in content}:
            found.setdefault(name, set()).update(here)
    return found


def test_she_stands_everywhere_before(before: House) -> None:
    """Without this the others prove nothing."""
    places = {name.partition("/")[0] for name in traces(before.home.folder)}
    wanted = {"inbox", "leads", "archive", "warehouse.duckdb", "releases", "logs", "leftover.tmp", "dagster"}
    assert wanted <= places
    assert {"base64", "quillfeather"} <= traces(before.home.folder)["leftover.tmp"]
    assert len([path for path in before.home.releases.iterdir() if not path.is_symlink()]) == 2
    rejected = pq.read_table(next(before.home.leads.rglob("rejected_row-*.parquet")))["fields"].to_pylist()
    assert any("Quillfeather" in each for each in rejected)


def test_nothing_of_her_is_in_any_file(after: House) -> None:
    assert traces(after.home.folder) == {}
    assert "0 of " in after.told and "hold it" in after.told


def test_nothing_said_or_logged_names_her(after: House) -> None:
    said = after.said.getvalue().lower()
    assert "suppressed for good" in said and not [each for each in TRACES if each in said]


def test_the_others_are_published_at_once(after: House) -> None:
    with duckdb.connect(after.home.current / "bullseye.duckdb", read_only=True) as release:
        persons = release.execute("select last_name from mart.lead order by all").fetchall()
        lists = release.execute("select name, rows_in, leads + rejected + duplicates from mart.lead_list order by all").fetchall()
        said = release.execute("select quote from mart.fact where quote like '%typed in by hand%'").fetchall()
    assert [name for (name,) in persons if name] == ["Colleague", "Else", "Kept"]
    assert lists == [("booth.xlsx / Booth", 1, 1), ("booth.xlsx / Later", 1, 1), ("crm.json", 2, 2), ("fair.csv", 4, 4)]
    assert len(said) > 2, "what pages say beside is known still"


def test_who_took_her_out_is_told(after: House) -> None:
    assert "Tell marta: the hubspot taken on 2026-01-16 held them, and lies outside of the home." in after.told


def test_the_archive_can_still_be_replayed(after: House) -> None:
    """Every record is whole, and the pages of her organization say everything else."""
    bodies = []
    for path in sorted(after.home.archive.glob("*.warc.gz")):
        with path.open("rb") as file:
            for record in ArchiveIterator(file, check_digests=True):
                bodies.append(record.content_stream().read())
                assert record.digest_checker.passed is not False, record.digest_checker.problems
    assert sum(b"typed in by hand" in body and b"our director" in body for body in bodies) >= 1
    (lines,) = (
        [
            json.loads(line.split(" ", 2)[2])
            for path in sorted(after.home.archive.glob("*.cdxj"))
            for line in path.read_text("utf-8").splitlines()
        ],
    )
    assert sum("amended" in line for line in lines) >= 1


def test_the_same_list_and_another_do_not_bring_her_back(before: House, after: House, tmp_path: Path) -> None:
    house = copied(after, tmp_path)
    assert house.run("2026-01-17").exit_code == 0
    other = tmp_path / "other"
    other.mkdir()
    (other / "again.csv").write_text(
        f"email,name,company\n{MAILBOX.title()},Z. Q.,Calm\n,Zara QUILLFEATHER,Calm Ltd.\nnew@quiet.example,N,Quiet\n", "utf-8"
    )
    assert house.run("2026-01-18", other).exit_code == 0
    assert traces(house.home.folder) == {}
    with duckdb.connect(house.home.current / "bullseye.duckdb", read_only=True) as release:
        rows = release.execute("select name, leads, rejected from mart.lead_list where name = 'again.csv'").fetchall()
    assert rows == [("again.csv", 1, 2)]


def test_a_page_that_changed_brings_no_address_back(after: House, tmp_path: Path) -> None:
    house = copied(after, tmp_path)
    about = house.folder / "web" / "calm.example" / "about.html"
    about.write_text(page("calm.example", f"{SAYS}<p>And now we have 130 orders a day.</p>"), "utf-8")
    assert house.run("2026-03-18").exit_code == 0
    told = traces(house.home.folder)
    assert {name.partition("/")[0] for name, found in told.items() if found & {"6175550142", "base64"}} == set()
    assert not any(MAILBOX.encode() in content for _, content in contents(house.home.folder))
    assert any(b"130 orders" in content for _, content in contents(house.home.archive)), "the page was read anew"


STEPS = ("amend", "forget_in", "_clear_lists", "mask", "_drop_releases", "drop_made")


def test_interrupted_at_every_step_and_called_again_it_finishes(
    before: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed just after a step was done, and the same again, killed after the next; whoever is called last finishes."""
    house = copied(before, tmp_path)
    for step in STEPS:
        real = getattr(forgetting, step)

        def killed(*given: object, real: Callable[..., object] = real) -> object:
            real(*given)
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(forgetting, step, killed)
            assert house.forget(MAILBOX, "+1 617 555 0142").exit_code != 0, step
        assert traces(house.home.folder) or step == STEPS[-1], "there is something left to do"
    again = house.forget(MAILBOX, "+1 617 555 0142")
    assert again.exit_code == 0, again.output
    assert traces(house.home.folder) == {}


def test_a_company_is_forgotten_as_a_whole(before: House, tmp_path: Path) -> None:
    house = copied(before, tmp_path)
    result = house.forget("Calm Ltd")
    assert result.exit_code == 0, result.output + repr(result.exception)
    held = [name for name, content in contents(house.home.folder) if b"calm.example" in content.lower()]
    assert held == []
    with duckdb.connect(house.home.current / "bullseye.duckdb", read_only=True) as release:
        assert set(release.execute("select domain from mart.organization").fetchall()) <= {("quiet.example",), (None,)}
        assert release.execute("select count(*) from mart.fact").fetchall()[0][0] > 10


def test_a_name_needs_its_company_and_an_id_is_enough(before: House, tmp_path: Path) -> None:
    house = copied(before, tmp_path)
    with duckdb.connect(house.home.current / "bullseye.duckdb", read_only=True) as release:
        ((lead_id,),) = release.execute("select lead_id from mart.lead where last_name = 'Colleague'").fetchall()
    assert house.forget(lead_id).exit_code == 0
    assert not any(b"colleague" in content.lower() for _, content in contents(house.home.folder))
    assert house.forget("Quentin Kept", "--of", "Quiet Ltd").exit_code == 0
    assert not any(b"q.kept" in content.lower() for _, content in contents(house.home.folder))
    refused = house.forget("lead_0000000000000000")
    assert "Value 1 is nobody that can be looked for" in str(refused.exception)


def test_what_cannot_be_read_leaves_and_what_cannot_be_masked_is_named(before: House, tmp_path: Path) -> None:
    house = copied(before, tmp_path)
    (house.home.inbox / "card.vcf").write_text(f"BEGIN:VCARD\nEMAIL:{MAILBOX}\nEND:VCARD\n", "utf-8")
    strange = house.home.folder / "strange.bin"
    strange.write_bytes(b"\0\1\2" + gzip.compress(b"x") + MAILBOX.encode() + b"\0")
    result = house.forget(MAILBOX)
    assert result.exit_code == 1
    assert "1 of " in result.output and "strange.bin" in result.output.replace("\n", "")
    strange.unlink()
    assert {name for name, found in traces(house.home.folder).items() if found - {"6175550142"}} == set()
