"""Downloads: exactly what is selected, in the layout somebody asks for.

Here: which files there are, and one of them on its way: its pieces and its rows. Elsewhere: columns and formats (`release`),
which organizations (`selection`), how it goes out and is written down (`sending`).

Text goes out a page of rows at a time, so that memory does not grow with the rows. Spreadsheets, Parquet and what takes several
files are written beside, and removed once they are gone.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import TypeVar
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pyarrow as pa
from starlette.exceptions import HTTPException

from pipelines.portal.opened import Opened, Release
from pipelines.portal.overview import known
from pipelines.portal.selection import Selection, selected
from pipelines.portal.table import leads_of, organizations_of
from pipelines.questions import OUTDATED, is_outdated
from pipelines.reader import Reader
from pipelines.release.files import csv_pieces, line_pieces
from pipelines.release.layouts import LAYOUTS, Layout, Only, find_sheet, pages, write_sheet

Each = TypeVar("Each")
CHOSEN = Only("select organization_id, leads from chosen_organization", "select place, lead_id, organization_id from chosen_lead")
PIECE_BYTES = 1 << 18
_WITH_LEADS = """
    select chosen.organization_id, count(lead.lead_id) as leads
    from ({organizations}) as chosen
    left join chosen_lead as lead using (organization_id)
    group by all
"""
_IDS = "select organization_id as id from chosen_organization union all select lead_id from chosen_lead"
_MOST = "select greatest((select count(*) from chosen_lead), (select count(*) from chosen_organization)) as rows"
_STREAMED: Mapping[str, Callable[[Iterable[pa.Table]], Iterator[bytes]]] = {"csv": csv_pieces, "jsonl": line_pieces}
_MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}
_FIRST_MOMENT = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Way:
    """A file somebody can take: what it is called, for whom it is, and the sheet in the layout it is made of."""

    name: str
    title: str
    sheet: str
    layout: Layout

    @property
    def stem(self) -> str:
        """Its name without the ending."""
        return self.name.rpartition(".")[0]


WAYS: Mapping[str, Way] = {
    each.name: each
    for each in (
        Way("leads.csv", "CSV", "leads", LAYOUTS["csv"]),
        Way("leads.xlsx", "XLSX", "leads", LAYOUTS["xlsx"]),
        Way("leads.parquet", "Parquet", "leads", LAYOUTS["parquet"]),
        Way("leads.jsonl", "JSON lines", "lines", LAYOUTS["jsonl"]),
        Way("hubspot-companies.csv", "HubSpot companies", "hubspot.companies", LAYOUTS["hubspot"]),
        Way("hubspot-contacts.csv", "HubSpot contacts", "hubspot.contacts", LAYOUTS["hubspot"]),
        Way("salesforce-leads.csv", "Salesforce leads", "salesforce.leads", LAYOUTS["salesforce"]),
    )
}


class Parcel:
    """A download on its way; `rows` counts those that went into it."""

    def __init__(self, way: Way, release: Release, reader: Reader, selection: Selection, held: ExitStack) -> None:
        self.way, self.release, self.selection, self.rows = way, release, selection, 0
        self._reader, self._held = reader, held
        self.is_split = self._most_rows() > way.layout.most_rows - 1

    @property
    def filename(self) -> str:
        """What it is to be called: the file, and the release it is of."""
        return f"{self.way.stem}-{self.release.version}.{'zip' if self.is_split else self.way.layout.suffix}"

    @property
    def media(self) -> str:
        """Its media type."""
        return _MEDIA["zip" if self.is_split else self.way.layout.suffix]

    @property
    def suppression(self) -> str:
        """The version of the list of whom to leave out that its release was made with."""
        return str(self.release.manifest["made_from"].get("suppression", ""))

    def pieces(self) -> Iterator[bytes]:
        """Yield its bytes; the same release and selection give the same."""
        if self.way.layout.suffix in _STREAMED and not self.is_split:
            return _sliced(ahead(_STREAMED[self.way.layout.suffix](self._pages())))
        return self._from_files()

    def ids(self) -> Iterator[str]:
        """Yield the ids of the organizations and leads it is about."""
        for row in self._reader.rows(_IDS):
            yield row["id"]

    def close(self) -> None:
        """Let go of the release."""
        self._held.close()

    def _pages(self) -> Iterator[pa.Table]:
        return self._counted(page for _, page in pages(self._reader, find_sheet(self.way.sheet, CHOSEN)))

    def _most_rows(self) -> int:
        """Return how many rows there are at most: one a lead, or one an organization."""
        return int(self._reader.rows(_MOST)[0]["rows"])

    def _from_files(self) -> Iterator[bytes]:
        with TemporaryDirectory(prefix="bullseye-") as folder:
            whole = self._zipped(Path(folder)) if self.is_split else Path(folder) / self.way.name
            if not self.is_split:
                self.way.layout.write(whole, self._pages())
            with whole.open("rb") as file:
                while piece := file.read(PIECE_BYTES):
                    yield piece

    def _zipped(self, folder: Path) -> Path:
        """Return an archive of as many files as it takes; each is removed as soon as it is in it."""
        counting = replace(self.way.layout, write=self._write)
        files = write_sheet(self._reader, counting, find_sheet(self.way.sheet, CHOSEN), folder)
        with ZipFile(folder / "parts.zip", "w", ZIP_DEFLATED) as archive:
            for path in files:
                with path.open("rb") as file, archive.open(ZipInfo(path.name, _FIRST_MOMENT), "w", force_zip64=True) as entry:
                    copyfileobj(file, entry, PIECE_BYTES)
                path.unlink()
        return folder / "parts.zip"

    def _write(self, path: Path, content: Iterable[pa.Table]) -> None:
        self.way.layout.write(path, self._counted(content))

    def _counted(self, content: Iterable[pa.Table]) -> Iterator[pa.Table]:
        for page in content:
            self.rows += page.num_rows
            yield page


def pack(opened: Opened, name: str, asked: Iterable[tuple[str, str]]) -> Parcel:
    """Return what is asked for, ready to go; whoever takes it closes it.

    Raises a refusal for what there is none of, and for everything while the list of whom to leave out is newer than the release:
    somebody who is in it may have asked to be forgotten.
    """
    if name not in WAYS:
        raise HTTPException(404, f"There is no such file; choose from {', '.join(WAYS)}.")
    with ExitStack() as held:
        release = held.enter_context(opened.reading())
        if is_outdated(opened.home, release.manifest):
            raise HTTPException(409, OUTDATED)
        selection = selected(asked, known(release))
        reader = held.enter_context(release.reader())
        choose(reader, selection)
        return Parcel(WAYS[name], release, reader, selection, held.pop_all())


def choose(reader: Reader, selection: Selection) -> None:
    """Keep which leads and organizations are selected, so that it is worked out once."""
    reader.keep("chosen_lead", leads_of(selection), selection.parameters())
    organizations = _WITH_LEADS.format(organizations=organizations_of(selection))
    reader.keep("chosen_organization", organizations, selection.parameters())


def ahead(each: Iterator[Each]) -> Iterator[Each]:
    """Yield the same, the next one being worked out while one is at work on the last."""
    with ThreadPoolExecutor(1) as beside:
        coming = beside.submit(lambda: next(each, None))
        while (come := coming.result()) is not None:
            coming = beside.submit(lambda: next(each, None))
            yield come


def _sliced(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the same bytes in pieces none of which is large: others are served between them."""
    for piece in pieces:
        yield from (piece[first : first + PIECE_BYTES] for first in range(0, len(piece), PIECE_BYTES))
