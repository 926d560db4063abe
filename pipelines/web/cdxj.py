"""The index of an archive: CDXJ, a line for each answer.

Here: what a line says, written and read. A line of type `warc/revisit` stands for a record without a body and names, as other web
archives do, the record that has it (`orig.offset`, `orig.length`). Elsewhere: which lines count (`web.archive`), the records
(`web.warc`).
"""

import json
import re
from collections.abc import Mapping
from dataclasses import astuple, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from pipelines.records import Capture, Request, Response
from pipelines.web.urls import url_key

REVISIT = "warc/revisit"
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?([0-9]{1,9})", re.IGNORECASE)
_VALIDATOR = re.compile(r"[ -~]{1,1024}")
_NOT_KEPT = re.compile(r"(?:^|[,\s])no-(?:cache|store)(?![\w-])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a URL answered when it was last seen to, which may be later than its capture was fetched.

    `amended` is the digest of the body that lies there now, where somebody was taken out of it. `end` is the byte after its own
    record. `etag` and `modified` are what a later request is made conditional with, `max_age`
    the seconds for which the server says nobody need ask again.
    """

    key: str
    capture: Capture
    checked_at: datetime
    end: int
    etag: str = ""
    modified: str = ""
    max_age: int = 0
    amended: str = ""

    @property
    def conditions(self) -> dict[str, str]:
        """Headers by which a server need only say that nothing changed."""
        said = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in said.items() if value}

    @property
    def is_page(self) -> bool:
        """Whether it is an answer that can be read."""
        return 200 <= self.capture.status < 300


def is_same(capture: Capture, response: Response, digest: str, reservation: str) -> bool:
    """Say whether a response is what was captured before."""
    now = (digest, response.url, response.status, reservation)
    return (capture.digest, capture.url, capture.status, capture.reservation) == now


def recency(entry: Entry) -> tuple[datetime, datetime, str]:
    """Return by what entries are ordered, the latest last."""
    return entry.checked_at, entry.capture.fetched_at, entry.capture.capture_id


def seen(entry: Entry, request: Request, response: Response, end: int) -> Entry:
    """Return the entry as of a later answer to that request; what a 304 does not say stays as it was."""
    etag, modified = (_fit(response.header(name)) for name in ("etag", "last-modified"))
    told = bool(response.header("cache-control")) or response.status != 304
    return replace(
        entry,
        key=url_key(request.address),
        capture=replace(entry.capture, request=request),
        checked_at=response.fetched_at,
        end=end,
        etag=etag or (entry.etag if response.status == 304 else ""),
        modified=modified or (entry.modified if response.status == 304 else ""),
        max_age=_max_age(response) if told else entry.max_age,
    )


def line_of(entry: Entry, start: int) -> bytes:
    """Return the line of an entry whose own record begins at that byte."""
    capture, request = entry.capture, entry.capture.request
    own = {"offset": str(start), "length": str(entry.end - start), "mime": capture.content_type}
    if start != capture.offset:
        own |= {"mime": REVISIT, "orig.offset": str(capture.offset), "orig.mime": capture.content_type}
    said: dict[str, str | int] = {"reservation": capture.reservation, "headers": capture.headers}
    said |= {"etag": entry.etag, "modified": entry.modified, "max_age": entry.max_age, "amended": entry.amended}
    content = {
        "url": capture.url,
        "status": str(capture.status),
        "digest": capture.digest,
        "filename": capture.file,
        **own,
        "capture_id": capture.capture_id,
        "bytes": capture.length,
        **{name: value for name, value in said.items() if value},
        "fetched_at": capture.fetched_at.astimezone(UTC).isoformat(),
        "checked_at": entry.checked_at.astimezone(UTC).isoformat(),
        "request": astuple(request)[: 4 if request.is_plain else None],
    }
    stamp = entry.checked_at.astimezone(UTC).strftime("%Y%m%d%H%M%S")
    return f"{entry.key} {stamp} {json.dumps(content)}\n".encode()


def parsed(line: bytes, file: str) -> Entry | None:
    """Return the entry of a line, or None if the line is torn or damaged."""
    try:
        key, _, text = line.decode("utf-8").split(" ", 2)
        content: dict[str, Any] = json.loads(text)
        entry = Entry(
            key,
            _capture(content, file),
            datetime.fromisoformat(content["checked_at"]),
            int(content["offset"]) + int(content["length"]),
            str(content.get("etag", "")),
            str(content.get("modified", "")),
            int(content.get("max_age", 0)),
            str(content.get("amended", "")),
        )
    except (ValueError, KeyError, TypeError):
        return None
    return entry if line.endswith(b"\n") else None


def _capture(content: Mapping[str, Any], file: str) -> Capture:
    return Capture(
        capture_id=content["capture_id"],
        request=Request(*content["request"]),
        url=content["url"],
        status=int(content["status"]),
        content_type=content.get("orig.mime", content["mime"]),
        fetched_at=datetime.fromisoformat(content["fetched_at"]),
        digest=content["digest"],
        length=content["bytes"],
        file=file,
        offset=int(content.get("orig.offset", content["offset"])),
        reservation=content.get("reservation", ""),
        headers=content.get("headers", ""),
    )


def _fit(validator: str) -> str:
    """Return what a header may repeat; nothing where it is too long or no ASCII."""
    return validator if _VALIDATOR.fullmatch(validator) else ""


def _max_age(response: Response) -> int:
    said = ",".join(value for name, value in response.headers if name.lower() == "cache-control")
    found = _MAX_AGE.search(said)
    age = response.header("age").strip()
    passed = int(age[:9]) if age.isascii() and age.isdecimal() else 0
    return max(0, int(found[1]) - passed) if found and not _NOT_KEPT.search(said) else 0
