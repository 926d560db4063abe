"""Any lead list as rows, whatever its format and whatever its name says.

Here: what a file is, told by what is in it, its ending as a second opinion, and the sentence for what is no list. Elsewhere: the
readers (`delimited`, `plain`, `notation`, `workbook`, `parquet`, `markdown`, `erased`).
"""

import gzip
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from pipelines.errors import Skip
from pipelines.intake.archives import UNREADABLE, parts_of
from pipelines.intake.delimited import find_layout, lines_of
from pipelines.intake.encodings import open_text
from pipelines.intake.erased import START, read_erased
from pipelines.intake.layout import count_known
from pipelines.intake.markdown import read_markdown
from pipelines.intake.notation import is_a_line, read_json, read_lines
from pipelines.intake.parquet import read_parquet
from pipelines.intake.plain import read_table
from pipelines.intake.rows import Sheet
from pipelines.intake.workbook import read_workbook

DELIMITED = frozenset((".csv", ".tsv", ".tab", ".txt", ".psv", ".dat", ".xls", ".xlsx"))
MARKDOWN = frozenset((".md", ".markdown", ".mdx"))
NOTATION = frozenset((".json", ".jsonl", ".ndjson", ".geojson"))
NO_LISTS = frozenset(
    ".yaml .yml .toml .ini .cfg .xml .html .htm .css .js .ts .py .sh .sql .log .rst .tex .eml .vcf .ics .svg .pem .key".split()
)
NO_WORKBOOKS = frozenset(".docx .pptx .odt .ods .odp .numbers .pages .key .zip .jar .epub .xlsb .kmz".split())
BINARY = (
    (b"%PDF", "A PDF file"),
    (b"\xd0\xcf\x11\xe0", "An old Excel file (.xls), or one protected by a password,"),
    (b"\x89PNG", "A picture"),
    (b"\xff\xd8\xff", "A picture"),
    (b"GIF8", "A picture"),
    (b"RIFF", "A picture or a sound"),
    (b"SQLite format 3", "A database"),
    (b"Rar!", "A RAR archive"),
    (b"7z\xbc\xaf", "A 7z archive"),
    (b"BZh", "A bzip2 archive"),
    (b"\xfd7zXZ", "An xz archive"),
    (b"\x28\xb5\x2f\xfd", "A zstd archive"),
    (b"ARROW1", "An Arrow file"),
    (b"Obj\x01", "An Avro file"),
    (b"ORC", "An ORC file"),
    (b"\x7fELF", "A program"),
    (b"MZ\x90", "A program"),
    (b"{\\rtf", "A rich text document"),
    (b"BEGIN:VCARD", "A file of address cards"),
    (b"bplist", "A property list"),
)
ZIPPED = (
    ("xl/workbook.bin", "A binary workbook (.xlsb)"),
    ("content.xml", "An OpenDocument file (.ods)"),
    ("word/document.xml", "A Word document"),
    ("ppt/presentation.xml", "A presentation"),
    ("Index/Document.iwa", "A Numbers document"),
    ("Index.zip", "A Numbers document"),
)
MARKUP = re.compile(r"\s*<(?:!doctype|html|head|body|table|\?xml|svg|rss|feed)\b", re.IGNORECASE)
JSON = re.compile(r'\s*(?:\{\s*["}]|\[\s*[\[{\]])')
FRONT_MATTER = re.compile(r"---[ \t]*\r?\n.*?^---[ \t]*$", re.DOTALL | re.MULTILINE)
HEAD = 1 << 16
MOST_INFLATED = 4_000_000_000
MOST_RATIO = 100
NO_BOMB = 100_000_000


def read_sheets(path: Path) -> Iterator[Sheet]:
    """Yield the tables of the file, a workbook's sheets one by one; raises `Skip` when it cannot be read at all."""
    with path.open("rb") as file:
        head = file.read(32)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        yield from _read_zip(path)
    elif head.startswith(b"PAR1"):
        yield read_parquet(path)
    elif head.startswith(b"\x1f\x8b"):
        yield from _read_gzip(path)
    elif head.startswith(START):
        yield from read_erased(path)
    else:
        for magic, what in BINARY:
            if head.startswith(magic):
                raise _unsupported(what)
        yield _reader(path)(path)


def _unsupported(what: str) -> Skip:
    return Skip("unsupported_format", f"{what} cannot be read; save the list as CSV, XLSX or JSON and bring that.")


def _read_zip(path: Path) -> Iterator[Sheet]:
    """Yield the sheets of a workbook; raises `Skip` for whatever else is zipped."""
    if path.suffix.lower() in NO_WORKBOOKS:
        raise _unsupported(f"A {path.suffix.lower()} file")
    parts = parts_of(path)
    if any(part.endswith("workbook.xml") for part in parts):
        yield from read_workbook(path)
        return
    found = (what for part, what in ZIPPED if part in parts)
    raise _unsupported(next(found, "A zip archive"))


def _read_gzip(path: Path) -> Iterator[Sheet]:
    """Yield the tables of what is packed in the file; raises `Skip` when it is damaged or holds far more than its size says."""
    most = min(max(NO_BOMB, MOST_RATIO * path.stat().st_size), MOST_INFLATED)
    with TemporaryDirectory() as folder:
        inner = Path(folder) / f"list{Path(path.stem).suffix}"
        try:
            with gzip.open(path) as packed, inner.open("wb") as out:
                while chunk := packed.read(1 << 20):
                    out.write(chunk)
                    if out.tell() > most:
                        raise Skip("unsafe_archive", "The file holds far more than its size says; unpack it and bring its lists.")
        except UNREADABLE:
            raise Skip("broken_archive", "The packed file is damaged; unpack it, or export the list again.") from None
        with inner.open("rb") as file:
            if file.read(2) == b"\x1f\x8b":
                raise _unsupported("A file packed twice")
        yield from read_sheets(inner)


def _reader(path: Path) -> Callable[[Path], Sheet]:
    """Return what reads the text in the file; raises `Skip` when it is no list."""
    suffix = path.suffix.lower()
    if suffix in NO_LISTS:
        raise _unsupported(f"A {suffix} file")
    with open_text(path) as file:
        text = file.read(HEAD).lstrip("\ufeff")
    if MARKUP.match(text):
        raise _unsupported("A page of HTML or XML, whatever its name says,")
    if suffix in NOTATION or (JSON.match(text) and suffix not in MARKDOWN):
        first, _, rest = text.partition("\n")
        return read_lines if suffix in (".jsonl", ".ndjson") or (rest.strip() and is_a_line(first)) else read_json
    if suffix in MARKDOWN or (suffix not in DELIMITED and FRONT_MATTER.match(text)):
        return read_markdown
    if suffix not in DELIMITED and text.strip() and not _is_table(path):
        raise _unsupported(f"A {suffix} file without a table" if suffix else "A file without an ending and without a table")
    return read_table


def _is_table(path: Path) -> bool:
    """Say whether a text file of any name has columns, or a heading we know."""
    layout = find_layout(list(lines_of(path, 50)))
    return bool(layout.dialect.delimiter) or count_known(layout.headings) > 0
