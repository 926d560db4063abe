"""Canaries: persons planted in lead lists and on pages, and every place they must not sing.

A person of a lead list belongs into the tables and exports of leads and into the inbox. A person on a page belongs nowhere: only
role mailboxes are read. (The archive keeps pages as they were, and nobody else reads it.)
"""

import json
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from zipfile import ZipFile

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hearing import call
from test_trials_market import market, page, run, website

from pipelines import stages
from pipelines.errors import Stop
from pipelines.job import ROOT, Job
from pipelines.suppression.keys import VARIABLE

pytestmark = pytest.mark.slow

LISTED = ("zara.quillfeather", "quillfeather", "6175550142", "zara.private", "q.whiskers", "whiskers", "6175550177")
"""What leads to a person of the lead list: mailboxes, family names, digits of phone numbers."""
ON_PAGES = ("otto.okapi", "petra.puffin", "lenny-lynx", "marla_marmot", "nell.newt", "bert.badger", "ida.ibex", "cara.condor")
"""The mailboxes of persons on pages, before the @."""
LIST = """company,website,first name,last name,email,phone,job title,notes
Calm Ltd,calm.example,Zara,Quillfeather,zara.quillfeather@calm.example,+1 617 555 0142,Director,or zara.private@freebox.example
Quiet Ltd,quiet.example,Quentin,Whiskers,q.whiskers@quiet.example,+1 617 555 0177,Owner,
,,Nobody,Whiskers,whiskers@,+1 617 555 0177,,
"""
MAILTO = '<a href="mailto:otto.okapi@calm.example?subject=Hello">Otto writes back</a>'
PROSE = "<p>Every order is typed in by hand, sighs petra.puffin@calm.example, who would know.</p>"
META = '<meta name="description" content="We are a wholesaler. Write to lenny-lynx@calm.example about anything.">'
SECRET = "5eed" * 16
PERSON = {"@type": "Person", "name": "Marla", "email": "marla_marmot@calm.example"}
LD = {
    "@type": "Organization",
    "name": "Calm Ltd",
    "email": "mailto:nell.newt@calm.example",
    "employee": PERSON,
    "contactPoint": {"@type": "ContactPoint", "email": "bert.badger@calm.example", "contactType": "sales"},
}
OPENING = "<h2>Order entry clerk</h2><p>Apply to ida.ibex@calm.example with your letter.</p>"
NEWS = (
    "<article><h2>Calm opens new warehouse, says cara.condor@calm.example</h2>"
    "<time datetime=2025-12-20>20 December 2025</time></article>"
)
SITE = website("calm.example") | {
    "index.html": page(
        "calm.example",
        META + MAILTO + PROSE + '<a href="/careers">Careers</a><a href="/news">News</a><a href="/contact">Contact</a>'
        f'<script type="application/ld+json">{json.dumps(LD)}</script>',
    ),
    "careers.html": page("calm.example", OPENING),
    "news.html": page("calm.example", NEWS),
    "contact.html": page("calm.example", MAILTO + PROSE + "<p>Or mail sales@calm.example and otto.okapi@calm.example.</p>"),
}


class Run:
    """One run of the command line: its job and everything it said and logged."""

    def __init__(self, folder: Path) -> None:
        self.job = market(folder, {"calm.example": SITE, "quiet.example": website("quiet.example")}, {"fair.csv": LIST})
        self.home, self.release = self.job.home, self.job.home.current
        heard = StringIO()
        results = [call(heard, self.home.folder, *each) for each in self._commands(folder)]
        assert [result.exit_code for result in results] == [0] * len(results), results[0].output + repr(results[0].exception)
        self.said = {name: result.output for name, result in zip(("run", "status", "doctor"), results[1:], strict=False)}
        self.said["log"] = heard.getvalue()

    def _commands(self, folder: Path) -> Iterator[list[str]]:
        files = ["--icp", str(ROOT / "examples" / "icp.yaml"), "--settings", str(ROOT / "examples" / "settings.yaml")]
        leads = ["--leads", str(folder / "lists"), "--web", str(folder / "web"), "--as-of", "2026-01-15"]
        yield ["suppress", "add", "nobody@elsewhere.example"]
        yield ["run", *leads, *files]
        yield ["status"]
        yield ["doctor", *files]
        for layout in ("csv", "jsonl", "xlsx", "parquet", "hubspot", "salesforce"):
            yield ["export", "--layout", layout, "--to", str(folder / "exports")]

    def tables(self) -> Iterator[tuple[str, str]]:
        """Yield every table of warehouse and release with its rows as text."""
        for path in (self.home.warehouse, self.release / "bullseye.duckdb"):
            with duckdb.connect(path, read_only=True) as database:
                names = database.execute("select table_schema || '.' || table_name from information_schema.tables").fetchall()
                for (name,) in names:
                    yield name, str(database.table(name).fetchall())

    def files(self) -> Iterator[tuple[str, str]]:
        """Yield every file that is made of text, and those of a workbook; the inbox and the archive are people's own words."""
        for path in sorted(self.home.folder.parent.rglob("*")):
            own = path.relative_to(self.home.folder.parent).parts
            if not path.is_file() or own[0] in ("web", "lists") or own[:2] in (("home", "inbox"), ("home", "archive")):
                continue
            if path.suffix == ".xlsx":
                with ZipFile(path) as book:
                    yield path.name, " ".join(book.read(name).decode() for name in book.namelist())
            elif path.suffix == ".parquet":
                yield "/".join(own[-2:]), str(pq.read_table(path).to_pylist())
            elif path.suffix not in (".duckdb", ".pid"):
                yield path.name, path.read_text("utf-8", "replace")


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, SECRET)
        yield Run(tmp_path_factory.mktemp("privacy"))


def heard(canaries: tuple[str, ...], text: str) -> list[str]:
    """The canaries that sing in a text, phone numbers however they are written."""
    folded = text.lower()
    digits = re.sub(r"[\s().+-]", "", folded)
    return [each for each in canaries if each in folded or (each.isdigit() and each in digits)]


def test_the_canaries_are_alive(ran: Run) -> None:
    """Without this the others prove nothing: pages were read, and leads hold the persons of the list."""
    tables = dict(ran.tables())
    assert "quillfeather" in tables["mart.lead"].lower() and "6175550142" in tables["mart.lead"]
    assert "sales@calm.example" in tables["mart.fact"] and "typed in by hand" in tables["mart.fact"]
    assert {"order entry clerk", "careers"} & set(re.findall(r"order entry clerk|careers", tables["mart.fact"].lower()))


def test_the_key_is_in_no_file_and_nothing_said(ran: Run) -> None:
    """H10: it was in use, since somebody is suppressed, and it is nowhere: not in the home, the exports, or a log."""
    assert ran.home.suppression.exists() and not ran.home.suppression_key.exists()
    files = [path for path in ran.home.folder.parent.rglob("*") if path.is_file()]
    kept = [path for path in files if any(form in path.read_bytes() for form in (SECRET.encode(), bytes.fromhex(SECRET)))]
    assert len(files) > 50 and kept == [] and not any(SECRET in text for text in ran.said.values())


def test_no_table_knows_a_person_of_a_page(ran: Run) -> None:
    assert {name: found for name, text in ran.tables() if (found := heard(ON_PAGES, text))} == {}


def test_no_file_knows_a_person_of_a_page(ran: Run) -> None:
    assert {name: found for name, text in ran.files() if (found := heard(ON_PAGES, text))} == {}


def test_nothing_said_or_logged_names_a_person(ran: Run) -> None:
    assert {where: found for where, text in ran.said.items() if (found := heard(ON_PAGES + LISTED, text))} == {}


def test_persons_of_the_list_are_only_where_leads_are(ran: Run) -> None:
    joining = {"core.candidate", "core.tie", "core.known_by"}  # phones and mailboxes join rows to one organization
    wanted = joining | {"raw.lead_row", "raw.rejected_row", "core.sighting", "core.lead", "mart.lead", "mart.lead_as_listed"}
    assert {name for name, text in ran.tables() if heard(LISTED, text)} <= wanted


def test_persons_of_the_list_are_only_in_files_of_leads(ran: Run) -> None:
    exports = {"leads.csv", "leads.jsonl", "leads.xlsx", "leads.parquet", "hubspot-contacts.csv", "salesforce-leads.csv"}
    read = {"lead_row.parquet", "rejected_row.parquet", "sighting.parquet"}
    found = {re.sub(r"-[0-9]{6}\b", "", name.rpartition("/")[2]) for name, text in ran.files() if heard(LISTED, text)}
    assert found <= exports | read | {"lead.parquet", "lead_as_listed.parquet"}


@pytest.mark.parametrize("name", ["quality.json", "quality.html", "manifest.json", "datapackage.json", "dictionary.md"])
def test_what_describes_a_release_names_no_person(name: str, ran: Run) -> None:
    text = (ran.release / name).read_text("utf-8")
    assert len(text) > 500 and heard(ON_PAGES + LISTED, text) == []


@pytest.mark.parametrize("name", ["verdicts.json", "stages.json"])
def test_what_a_run_notes_names_no_person(name: str, ran: Run) -> None:
    text = (ran.home.folder / name).read_text("utf-8")
    assert len(text) > 50 and heard(ON_PAGES + LISTED, text) == []


def test_a_broken_promise_shows_rows_without_persons(tmp_path: Path) -> None:
    """A fact whose property is an address breaks its promise, whose examples would print it."""
    job = market(tmp_path, {"quiet.example": website("quiet.example")}, {"fair.csv": LIST})
    run(job)
    before = job.home.current.resolve()
    _rename_property(job, "zara.quillfeather@calm.example +1 617 555 0142")
    assert stages.look(job).organizations == 0, "what was tampered with is not read again"
    stages.reason(job)
    verdicts = stages.check(job)
    examples = [example for verdict in verdicts if verdict.stops for example in verdict.unexpected]
    assert any("calm.example" in example for example in examples), "the broken row is shown"
    with pytest.raises(Stop, match=r"core\.fact promises references\(property") as stop:
        stages.publish(job, verdicts)
    told = f"{stop.value} {examples} {job.home.verdicts.read_text('utf-8')}"
    assert heard(LISTED, told) == []
    assert job.home.current.resolve() == before


def _rename_property(job: Job, name: str) -> None:
    path = next(each for each in sorted((job.home.facts / "core.fact").glob("*.parquet")) if pq.read_metadata(each).num_rows)
    table = pq.read_table(path)
    names = pa.array([name, *table["property"].to_pylist()[1:]])
    pq.write_table(table.set_column(table.schema.get_field_index("property"), table.schema.field("property"), names), path)
