"""H1 and E8: whoever is suppressed arrives again in a thousand spellings, and is nowhere; what was known of them is gone.

Here: one market before and after somebody is suppressed, and every file and table of the home read through. The inbox holds lead
lists as people brought them, and the archive pages as they were: both are left out here, and no release is made of them alone.
"""

import json
import re
import shutil
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote
from zipfile import ZipFile

import duckdb
import pyarrow.parquet as pq
import pytest
from hearing import call
from test_trials_market import page, website, write
from typer.testing import Result
from warcio.archiveiterator import ArchiveIterator

from pipelines.errors import Stop
from pipelines.home import Home
from pipelines.job import ROOT

pytestmark = pytest.mark.slow

MAILBOX, PHONE, DOMAIN = "zebulon.quagga@calm.example", "+49 30 87654321", "snarkhunt.example"
COMPANY, ONE_WORD = "Jabberwock & Söhne GmbH", "Bandersnatch AG"
TOKENS = ("zebulon", "quagga", "87654321", "snarkhunt", "jabberwock", "bandersnatch")
"""What gives them away, in small letters and digits without anything between."""
LISTS = {
    "do-not-contact.csv": f"email;phone;website;company\n{MAILBOX};;;\n;{PHONE};;\n;;https://www.{DOMAIN}/;\n;;;{COMPANY}\n",
    "robinson.txt": f"{ONE_WORD}\n",
}
COLUMNS = (
    "company",
    "website",
    "first name",
    "last name",
    "email",
    "phone",
    "job title",
    "country",
    "city",
    "notes",
    "Referred by",
)
FREE = ("notes", "Referred by", "job title", "last name", "company")
"""Columns in which any text may stand."""


def wide(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


def cased(text: str) -> Iterator[str]:
    yield from (text, text.upper(), text.title(), text.swapcase(), wide(text), "\u200b".join((text[:3], text[3:])))


def of_mailbox() -> Iterator[str]:
    local, _, host = MAILBOX.partition("@")
    for each in cased(MAILBOX):
        yield from (
            each,
            f"mailto:{each}",
            f"Z. Quagga <{each}>",
            f" {each} ",
            f"{each};bolt@bolt.example",
            f"call {each} now",
            f"<{each}>.",
        )
    for tag in ("x", "newsletter", "2026-01", "a+b"):
        yield f"{local}+{tag}@{host}"
    for at in ("(at)", " [at] ", " AT ", "{at}", "_at_", "&#64;", "&commat;", "%40", "%2540", "＠", " @ ", "[@]", "\\u0040"):
        yield from (f"{local}{at}{host}", f"{local}{at}{host.replace('.', ' dot ')}", f"{local}{at}{host.replace('.', '[.]')}")
    yield from (
        quote(f"mailto:{MAILBOX}", safe=""),
        f"{MAILBOX}.",
        f'"{local}"@{host}',
        f"{local}(Zebulon)@{host}",
        f"https://x.example/?m={MAILBOX}",
    )


def of_phone() -> Iterator[str]:
    country, area, number = "49", "30", "87654321"
    for sign in (" ", "-", ".", "/", "", "\u00a0", " - ", "\u2011"):
        parts = (number, sign.join((number[:4], number[4:])), sign.join((number[:2], number[2:4], number[4:6], number[6:])))
        for part in parts:
            for start in (
                f"+{country}{sign}{area}",
                f"00{country}{sign}{area}",
                f"+{country} (0){area}",
                f"0{area}",
                f"(0{area})",
                f"{country}{sign}{area}",
            ):
                yield f"{start}{sign}{part}"
    for each in (PHONE, "030 87654321"):
        yield from (
            wide(each),
            f"tel:{each}",
            f"{each} ext. 17",
            f"{each}x17",
            f"Tel. {each}, nachmittags",
            each.replace(" ", "\u200b"),
            f"{each};01",
        )
    yield from ("493087654321.0", "4.93087654321E+11", "٠٣٠٨٧٦٥٤٣٢١")


def of_domain() -> Iterator[str]:
    for host in (DOMAIN, f"www.{DOMAIN}", f"shop.eu.{DOMAIN}"):
        for each in cased(host):
            yield from (each, f"https://{each}/", f"http://{each}:8080/a?b#c", f"//{each}/de", f"see {each}, please", f"{each}.")
        yield from (
            f"otto@{host}",
            f"Otto <otto+x@{host}>",
            host.replace(".", "[.]"),
            host.replace(".", " dot "),
            host.replace(".", "。"),
            quote(f"https://{host}/", safe=""),
        )


def of_company() -> Iterator[str]:
    names = (
        "Jabberwock & Söhne",
        "Jabberwock und Soehne",
        "Jabberwock + Sohne",
        "Jabberwock Söhne",
        "Jabberwock-Söhne",
        "Jabberwock, Söhne",
        "The Jabberwock and Söhne",
    )
    for name in names:
        for form in ("", " GmbH", " G.m.b.H.", " GmbH & Co. KG", ", Inc.", " S.A.", " (Berlin)"):
            yield from (f"{name}{form}", f"{name}{form}".upper(), wide(f"{name}{form}"), f"we met {name}{form} at the fair")
    for form in ("AG", "A.G.", "GmbH", "Ltd.", "Inc", "S.p.A."):
        yield from (f"Bandersnatch {form}", f"BANDERSNATCH {form}", f"sold to Bandersnatch {form} in May")


def variants() -> Iterator[tuple[str, str]]:
    """Every spelling in the columns it may stand in: its own, another's, and free text."""
    own = {"email": of_mailbox, "phone": of_phone, "website": of_domain, "company": of_company}
    for at, (column, spellings) in enumerate(own.items()):
        for number, text in enumerate(dict.fromkeys(spellings())):
            yield column, text
            yield FREE[(number + at) % len(FREE)], text


def rows() -> Iterator[dict[str, str]]:
    for number, (column, text) in enumerate(variants()):
        row = {"company": "Quiet Ltd", "website": "quiet.example", "last name": f"Wombat{number}", "notes": f"stand {number}"}
        yield {**row, column: text}
    for number, name in enumerate(("Bandersnatch", "BANDERSNATCH", "bandersnatch (HQ)", "Jabberwock & Söhne, Berlin")):
        yield {"company": name, "city": "Berlin", "last name": f"Numbat{number}"}


PLAIN = [
    {"company": "Quiet Ltd", "website": "quiet.example", "last name": "Quagga", "email": MAILBOX},
    {"company": "Quiet Ltd", "website": "quiet.example", "last name": "Wombat", "phone": PHONE},
    {"company": "Snark", "website": DOMAIN, "last name": "Hunter"},
    {"company": COMPANY, "city": "Berlin"},
    {"company": ONE_WORD, "city": "Berlin"},
]
CONTROLS = [
    {
        "company": "Quiet Ltd",
        "website": "quiet.example",
        "last name": "Kept",
        "email": "kept@quiet.example",
        "phone": "+49 30 11122233",
    },
    {"company": "Calm Ltd", "website": "calm.example", "last name": "Colleague", "email": "z.colleague@calm.example"},
]
PROSE = (
    f"<p>Orders are typed in by hand, says {MAILBOX}, call {PHONE} or see <a href='https://{DOMAIN}/x'>them</a>.</p>"
    f"<p>We have 120 orders a day, each typed in by hand for {COMPANY}.</p><footer>Bandersnatch AG, info@calm.example</footer>"
)
WEB = {
    "quiet.example": website("quiet.example"),
    "calm.example": website("calm.example")
    | {"contact.html": page("calm.example", PROSE), "about.html": page("calm.example", PROSE)},
    DOMAIN: website(DOMAIN),
}


class House:
    """A home on the market, and everything said and logged in it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.home = folder, Home(folder / "home")
        for host, files in WEB.items():
            write(folder / "web" / host, files)
        self.heard = StringIO()

    def call(self, *words: str) -> Result:
        """Call the command line on the home, and keep what it says and logs."""
        return call(self.heard, self.home.folder, *words)

    def bring(self, name: str, content: str) -> list[str]:
        """Write a list and return the words that bring it."""
        write(self.folder / "lists", {name: content})
        return ["--leads", str(self.folder / "lists" / name)]

    def run(self, *more: str) -> Result:
        """Run with further words."""
        settings = self.folder / "settings.yaml"
        settings.write_text("lists: {default_country: DE}\nguessing: {most: 1}\nstorage: {partitions: 2}\n", "utf-8")
        given = ["--web", str(self.folder / "web"), "--as-of", "2026-01-15", "--settings", str(settings)]
        return self.call("run", *given, "--icp", str(ROOT / "examples" / "icp.yaml"), *more)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What the warehouse answers."""
        with duckdb.connect(self.home.warehouse, read_only=True) as database:
            return database.execute(sql).fetchall()


def as_lines(listed: Iterable[Mapping[str, str]]) -> str:
    return "\n".join(json.dumps({column: row.get(column, "") for column in COLUMNS}, ensure_ascii=False) for row in listed)


CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
"""What stands in no text: of a file of numbers, 56, 55, 54 … in four bytes each are not the digits 8765…"""


def contents(folder: Path) -> Iterator[tuple[str, str]]:
    """Every file in a folder as text: tables by their rows, workbooks by their parts, and all by their bytes."""
    for path in sorted(each for each in folder.rglob("*") if each.is_file() and not each.is_symlink()):
        name = path.relative_to(folder).as_posix()
        yield name, CONTROL.sub("ø", path.read_bytes().decode("utf-8", "ignore"))
        if path.suffix == ".parquet":
            table = pq.read_table(path)
            yield name, json.dumps(table.to_pylist(), default=repr, ensure_ascii=False) + repr(table.schema.metadata)
        elif path.suffix == ".xlsx":
            with ZipFile(path) as book:
                yield name, " ".join(book.read(part).decode() for part in book.namelist())
        elif path.suffix == ".duckdb":
            yield from ((f"{name} {table}", text) for table, text in tables(path))


def tables(path: Path) -> Iterator[tuple[str, str]]:
    with duckdb.connect(path, read_only=True) as database:
        names = database.execute("select table_schema || '.' || table_name from information_schema.tables").fetchall()
        for (name,) in names:
            found = database.execute(f"select * from {name}").fetchall()  # noqa: S608 - our own names
            yield name, json.dumps(found, default=str, ensure_ascii=False)


def given_away(text: str) -> list[str]:
    """The tokens in a text, however they are spelled in it."""
    plain = unicodedata.normalize("NFKC", unquote(unquote(text))).casefold()
    plain = "".join(str(unicodedata.digit(sign)) if sign.isdigit() and not sign.isascii() else sign for sign in plain)
    squeezed = re.sub(r"[\W_]+", "", plain)
    return [token for token in TOKENS if token in squeezed]


def leaks(folder: Path) -> dict[str, list[str]]:
    """What in a folder gives somebody away, but for an archive."""
    return {name: found for name, text in contents(folder) if not name.startswith("archive/") and (found := given_away(text))}


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A house where everybody came in, was looked up and was published."""
    made = House(tmp_path_factory.mktemp("before"))
    result = made.run(*made.bring("fair.jsonl", as_lines([*PLAIN, *CONTROLS])))
    assert result.exit_code == 0, result.output
    return made


@pytest.fixture(scope="module")
def house(before: House, tmp_path_factory: pytest.TempPathFactory) -> House:
    """The same house after they were suppressed, and came again in every spelling."""
    made = House(tmp_path_factory.mktemp("after"))
    shutil.copytree(before.home.folder, made.home.folder, symlinks=True)
    (made.home.inbox / "do not contact.csv").write_text(LISTS["do-not-contact.csv"], "utf-8")
    robinson = made.bring("robinson.txt", LISTS["robinson.txt"])[1]
    result = made.run("--suppressed", robinson, *made.bring("again.jsonl", as_lines([*rows(), *CONTROLS])))
    assert result.exit_code == 0, result.output
    return made


def test_the_canaries_are_alive(before: House) -> None:
    """Without this the others prove nothing: before anybody was suppressed they stood everywhere."""
    found = leaks(before.home.folder)
    for place in ("warehouse.duckdb raw.lead_row", "warehouse.duckdb mart.lead", "warehouse.duckdb core.sighting"):
        assert found[place] == list(TOKENS)
    assert {"snarkhunt", "jabberwock", "87654321"} <= set(found["warehouse.duckdb mart.fact"])
    assert any(name.startswith("releases/") and name.endswith("leads.csv") for name in found)
    assert any(name.startswith("facts/raw.request") for name in found)


def test_a_thousand_spellings_are_refused_and_counted(house: House) -> None:
    refused = len(list(rows())) + len(PLAIN)
    assert refused >= 1000
    rejected = house.rows("select reason, count(*), count(distinct sentence), max(fields) from raw.rejected_row group by reason")
    assert [(reason, number, fields) for reason, number, _, fields in rejected] == [("suppressed", refused, "{}")]
    assert house.rows("select distinct fields from raw.lead_row join raw.rejected_row using (row_id, fields)") == [("{}",)]
    assert house.rows("select sum(lost), sum(suppressed) from core.conservation") == [(0, 5)]


def test_nothing_of_them_is_in_the_home(house: House) -> None:
    """In no table, release, fact, note or log: 0 of more than a thousand."""
    assert leaks(house.home.folder) == {}


def test_nothing_said_or_logged_names_them(house: House) -> None:
    for words in (["status"], ["suppress", "list"], ["doctor"]):
        house.call(*words)
    assert given_away(house.heard.getvalue()) == []


def test_no_export_holds_them(house: House) -> None:
    for layout in ("csv", "jsonl", "xlsx", "parquet", "hubspot", "salesforce"):
        assert house.call("export", "--layout", layout, "--to", str(house.folder / "exports")).exit_code == 0
    assert len(list((house.folder / "exports").iterdir())) >= 6
    assert leaks(house.folder / "exports") == {}


def test_everybody_else_is_still_there(house: House) -> None:
    """A colleague of whoever is suppressed by their mailbox, and what pages say beside."""
    leads = house.rows("select last_name, organization_domain from mart.lead order by last_name")
    assert leads == [("Colleague", "calm.example"), ("Kept", "quiet.example")]
    said = house.rows("select quote from mart.fact join mart.organization using (organization_id) where domain = 'calm.example'")
    assert len(said) > 5 and any("typed in by hand" in quote for (quote,) in said)


def test_nobody_suppressed_is_looked_up(house: House) -> None:
    assert (
        house.rows("select distinct organization_id from raw.request except select organization_id from core.organization") == []
    )
    assert {host for (host,) in house.rows("select distinct regexp_extract(url, '//([^/]+)', 1) from raw.request")} <= {
        "calm.example",
        "quiet.example",
        "www.calm.example",
        "www.quiet.example",
    }


def test_releases_that_may_hold_them_are_gone(house: House, before: House) -> None:
    (release,) = (path for path in house.home.releases.iterdir() if not path.is_symlink())
    assert (
        release.resolve() == house.home.current.resolve()
        and not (house.home.releases / before.home.current.resolve().name).exists()
    )
    made_from = json.loads((release / "manifest.json").read_text("utf-8"))["made_from"]
    assert re.fullmatch("[0-9a-f]{16}", made_from["suppression"])


def test_the_lists_themselves_do_not_lie_around(house: House) -> None:
    names = [path.name for path in house.home.inbox.rglob("*") if path.is_file()]
    assert [name for name in names if "contact" in name or "robinson" in name] == []
    lists = house.rows("select name, kind, format, rows_in from raw.lead_list where kind = 'suppressed' order by name")
    assert lists == [("do not contact.csv", "suppressed", "hashes", 4), ("robinson.txt", "suppressed", "hashes", 1)]


def test_pages_are_archived_without_whoever_is_suppressed(tmp_path: Path) -> None:
    """H1, page text: their mailbox and number are masked in what a run brings; the records stay whole, and quotes true."""
    made = House(tmp_path)
    spelled = f"<p>Or {MAILBOX.upper()}, {quote(MAILBOX)}, {MAILBOX.replace('@', '&#64;')}, tel. 030 / 8765 4321.</p>"
    write(made.folder / "web" / "calm.example", {"about.html": page("calm.example", PROSE + spelled)})
    assert made.call("suppress", "add", MAILBOX, PHONE).exit_code == 0
    assert made.run(*made.bring("fair.jsonl", as_lines(CONTROLS))).exit_code == 0
    bodies = [body for path in sorted(made.home.archive.glob("*.warc.gz")) for body in archived(path)]
    assert [found for body in bodies if (found := set(given_away(body)) & {"zebulon", "quagga", "87654321"})] == []
    assert any("each typed in by hand for" in body and "xxxx@calm.example" in body for body in bodies)
    assert made.rows("select count(*) > 5, count(*) filter (quote like '%typed in by hand%') > 0 from core.fact") == [
        (True, True)
    ]


def archived(path: Path) -> Iterator[str]:
    """Every record of a WARC, its heads and its body as it was meant."""
    with path.open("rb") as file:
        for record in ArchiveIterator(file):
            heads = f"{record.rec_headers.to_str()} {record.http_headers.to_str() if record.http_headers else ''}"
            yield heads + record.content_stream().read().decode("utf-8", "replace")


def test_the_same_again_has_nothing_to_do(house: House) -> None:
    release = house.home.current.resolve()
    made = {path: path.stat().st_mtime_ns for path in release.rglob("*")}
    assert house.run("--suppressed", str(house.folder / "lists" / "robinson.txt")).exit_code == 0
    assert house.home.current.resolve() == release
    assert {path: path.stat().st_mtime_ns for path in release.rglob("*")} == made


def test_an_export_waits_until_whoever_was_suppressed_is_forgotten(before: House, tmp_path: Path) -> None:
    """E8: between the suppression and the next run nothing leaves the house."""
    made = House(tmp_path)
    shutil.copytree(before.home.folder, made.home.folder, symlinks=True)
    assert made.call("export", "--layout", "csv", "--to", str(tmp_path / "one")).exit_code == 0
    assert made.call("suppress", "add", "Kept@QUIET.example").output.startswith("Suppressed: 1 mailbox new.")
    stopped = made.call("export", "--layout", "csv", "--to", str(tmp_path / "two"))
    assert isinstance(stopped.exception, Stop) and "run again first, then export" in str(stopped.exception)
    assert not (tmp_path / "two").exists()
    assert made.run().exit_code == 0
    assert made.call("export", "--layout", "csv", "--to", str(tmp_path / "three")).exit_code == 0
    assert "kept@quiet.example" in (tmp_path / "one" / "leads.csv").read_text("utf-8")
    assert "kept@" not in (tmp_path / "three" / "leads.csv").read_text("utf-8")


def test_a_list_that_is_gone_stops_the_run(before: House, tmp_path: Path) -> None:
    made = House(tmp_path)
    shutil.copytree(before.home.folder, made.home.folder, symlinks=True)
    assert made.call("suppress", "add", DOMAIN).exit_code == 0
    assert made.run().exit_code == 0
    made.home.suppression.unlink()
    stopped = made.run()
    assert "is missing, so nobody can tell whom to leave out" in str(stopped.exception)
