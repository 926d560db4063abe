"""Registers that are published as one big file: a data engineer downloads it, and it answers record by record as if asked.

Here: which registers there are, and what a file answers to `?CompanyNumber=01234567` or `?CompanyName=…`: its header and the
records that match, as they stand in it, dated as the file is. Such an answer is archived like any other, so that facts can quote
it; nobody is asked, and without a file nobody answers. Elsewhere: finding records (`web.bulk_index`), their meaning (`sources`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from pipelines.errors import Stop
from pipelines.identity.naming import squeezed
from pipelines.records import Capture, Captured, Miss, Request, Response
from pipelines.settings import RegisterName
from pipelines.text import iso_day
from pipelines.web.bulk_index import Fold, Index, cells, header_of, open_index, record_at
from pipelines.web.urls import host_of
from pipelines.web.web import Web

MOST = 10
"""Records in one answer: of more namesakes nobody could tell which is meant."""
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)")


def company_number(written: str) -> str:
    """Return the number as British registers write it: eight letters and digits, zeros before.

    >>> company_number("sc 12345"), company_number("123 456")
    ('SC012345', '00123456')
    """
    code = written if written.isalnum() else re.sub(r"[\W_]", "", written)
    letters = code.rstrip("0123456789").upper()
    return letters + code[len(letters) :].zfill(8 - len(letters)) if code else ""


@dataclass(frozen=True, slots=True)
class Layout:
    """The address a register's records are asked at, and by which of its columns, each with what makes two spellings one."""

    url: str
    columns: Mapping[str, Fold]


LAYOUTS: Mapping[RegisterName, Layout] = {
    "companies_house": Layout(
        "https://download.companieshouse.gov.uk/BasicCompanyDataAsOneFile.csv",
        {"CompanyNumber": company_number, "CompanyName": squeezed},
    )
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a file does not answer: a code, and a sentence for people."""

    reason: str
    sentence: str


class Register:
    """One register's file. It is indexed when it is first asked, once in its lifetime."""

    def __init__(self, name: RegisterName, path: Path, folder: Path) -> None:
        if not path.is_file():
            raise Stop(f"settings.yaml names {path} as the file of {name}, and there is none; download it, or take the line out.")
        self._layout = LAYOUTS[name]
        self._path = path
        self._folder = folder / name
        written = _DAY.search(path.name)
        told = iso_day(written[1]) if written else None
        day = datetime.combine(told, time(0)) if told else datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
        self.day = day.replace(tzinfo=UTC)

    @cached_property
    def _index(self) -> Index:
        return open_index(self._path, self._layout.columns, self._folder)

    def answer(self, url: str) -> Response | Refusal:
        """Return the file's answer, or why it has none: a question it does not take, more records than anybody tells apart."""
        asked = parse_qsl(urlsplit(url).query)
        if len(asked) != 1 or asked[0][0] not in self._layout.columns:
            sentence = f"{url} asks a register's file for something else than {', '.join(self._layout.columns)}."
            return Refusal("refused_url", sentence)
        column, value = asked[0]
        fold = self._layout.columns[column]
        folded = fold(value)
        places = self._index.places(column, folded) if folded else []
        if len(places) > MOST:
            sentence = f"{self._path.name} has {len(places)} records for {url}; nobody tells them apart."
            return Refusal("too_many_namesakes", sentence)
        with self._path.open("rb") as file:
            header, names = header_of(file)
            records = [record_at(file, each) for each in places]
        # Two values may share a hash.
        same = [record for record in records if fold(dict(zip(names, cells(record), strict=False)).get(column, "")) == folded]
        return Response(url, 200, (("Content-Type", "text/csv; charset=utf-8"),), b"".join([header, *same]), self.day)


class Registers:
    """All registers that answer from files, as of one moment; raises `Stop` for a file that is not there."""

    def __init__(self, files: Mapping[RegisterName, Path], folder: Path, as_of: datetime) -> None:
        self.as_of = as_of.replace(tzinfo=UTC) if as_of.tzinfo is None else as_of
        self._hosts = {host_of(layout.url): name for name, layout in LAYOUTS.items()}
        self._registers = {name: Register(name, path, folder) for name, path in files.items()}

    def holds(self, url: str) -> bool | None:
        """Say whether a file answers for the URL; None where it is no register's."""
        name = self._hosts.get(host_of(url))
        return None if name is None else name in self._registers

    def answer(self, url: str) -> Response | Refusal | None:
        """Return the file's answer or why there is none; None where the URL is no register's."""
        name = self._hosts.get(host_of(url))
        if name is None:
            return None
        register = self._registers.get(name)
        if register is None:
            return Refusal("no_register_file", f"settings.yaml names no file of {name}, which alone answers for {url}.")
        if register.day > self.as_of:
            return Refusal("not_in_archive", f"The file of {name} is of {register.day:%Y-%m-%d}, after the moment of this run.")
        return register.answer(url)


class Filed:
    """A web, some of whose answers come from the files of registers."""

    def __init__(self, web: Web, registers: Registers) -> None:
        self._web = web
        self._registers = registers

    async def answer(self, request: Request, fresh_for: timedelta, may_leave: bool) -> Captured | Miss:
        """Return the file's answer, archived, or what the web says."""
        told = self._registers.answer(request.url)
        if told is None:
            return await self._web.answer(request, fresh_for, may_leave)
        if isinstance(told, Refusal):
            return Miss(request, told.reason, told.sentence, self._registers.as_of)
        return self._web.keep(request, told)

    def may_know(self, request: Request) -> bool:
        """Say whether an answer is thinkable: of a register, where its file is named."""
        held = self._registers.holds(request.url)
        return self._web.may_know(request) if held is None else held

    def body(self, capture: Capture) -> bytes:
        """Return the body of an earlier capture; raises `Skip` when it is lost."""
        return self._web.body(capture)

    def so_far(self) -> str:
        """Return in few words what was asked and came back in this run."""
        return self._web.so_far()

    async def aclose(self) -> None:
        """Hang up everywhere."""
        await self._web.aclose()


def fingerprint_of(files: Mapping[RegisterName, Path]) -> list[tuple[str, int, int]]:
    """Return by what the files are known to be others than before."""
    states = {name: path.stat() for name, path in sorted(files.items()) if path.is_file()}
    return [(name, state.st_size, state.st_mtime_ns) for name, state in states.items()]
