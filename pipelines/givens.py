"""What SQL is given besides leads and facts: the vocabulary, the sources, the run, the profile. Settings reach SQL as rows.

Here: all of these as rows by table, and the fingerprint of everything that decides what a run makes. Elsewhere: the rows of
icp.yaml (`icp_rows`), the contracts (sql/raw).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from pipelines.catalogue import technologies
from pipelines.facts import EARLIER
from pipelines.icp import Icp
from pipelines.icp.rows import icp_rows
from pipelines.properties import PROPERTIES
from pipelines.settings import Reading
from pipelines.source import Source, no_requests

Row = Mapping[str, Any]


def given_rows(icp: Icp, sources: Sequence[Source], reading: Reading, as_of: datetime) -> dict[str, list[Row]]:
    """Return table -> rows of every table that settings and code fill. `as_of` is UTC without zone."""
    return {
        **icp_rows(icp),
        "raw.phrase": phrase_rows(icp),
        "raw.property": [asdict(each) for each in PROPERTIES.values()],
        "raw.technology": [asdict(each) for each in technologies().values()],
        "raw.source": [_source(each) for each in sources],
        "raw.run": [_run(reading, as_of)],
    }


def phrase_rows(icp: Icp) -> list[Row]:
    """Return what pages are listened to with, each phrase of a term once."""
    spoken = {(term, phrase.lower()) for term, phrases in icp.phrases.items() for phrase in phrases}
    return [{"term": term, "phrase": phrase} for term, phrase in sorted(spoken)]


def fingerprint(*parts: object) -> str:
    """Return a hash of anything that JSON can hold."""
    return hashlib.sha256(json.dumps(parts, default=str, sort_keys=True).encode()).hexdigest()


def fingerprint_files(paths: Iterable[Path], root: Path) -> str:
    """Return a hash of files' names and contents."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(f"{path.relative_to(root)}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _run(reading: Reading, as_of: datetime) -> Row:
    enough = {"enough_pages": reading.enough_pages, "enough_words": reading.enough_words}
    return {"as_of": as_of, **enough, "earlier_captures": EARLIER}


def _source(source: Source) -> Row:
    return {
        "name": source.name,
        "description": source.description,
        "terms": source.terms,
        "trust": source.trust,
        "fresh_days": max(1, source.fresh.days),
        "expected_share": source.expected_share,
        "asks": any(each is not no_requests for each in (source.plan, source.follow, source.search)),
    }
