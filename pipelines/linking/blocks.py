"""Which spellings are compared with each other at all: those that share a block, and no block is large.

Here: candidates as rows of spellings, and the blocks each row stands in. Elsewhere: names taken apart (`spellings`), what is
compared within a block (`likelihood`).
"""

from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd
import pyarrow as pa

from pipelines.linking.spellings import Spelling, spellings, spellings_of_domain

LARGEST_BLOCK = 60
"""A larger block is split by country, then by city; what is still larger is left alone, for it says nothing."""
BLOCKS = ("by_letters", "by_whole", "by_word", "by_skeleton", "by_start", "by_end", "by_phone", "by_profile")
CARRIED = ("candidate_id", "countries", "places", "regions", "phones", "profiles", "is_several")
SHORTEST_SKELETON = 4
EDGE = 6
"""How many letters a name's start and end have."""


class _Row(NamedTuple):
    """One way to write one name of a candidate; `at` is the candidate's row."""

    at: int
    name: str
    is_domain: bool
    spelling: Spelling


def spelling_rows(candidates: pa.Table) -> pa.Table:
    """Return one row for each way to write each candidate's names, and for its domain's own name, with the blocks it stands in.

    `candidates` has the columns of core.candidate. The rows come in the order of candidate ids, whatever theirs was.
    """
    candidates = candidates.sort_by("candidate_id")
    rows = list(_rows(candidates))
    carried = candidates.select(CARRIED).take(pa.array([row.at for row in rows], pa.int64()))
    said = pa.table(
        {
            "unique_id": pa.array(range(len(rows)), pa.int64()),
            "name": pa.array([row.name for row in rows], pa.string()),
            "is_domain": pa.array([row.is_domain for row in rows], pa.bool_()),
            "core": pa.array([row.spelling.core for row in rows], pa.list_(pa.string())),
            "letters": pa.array([row.spelling.letters for row in rows], pa.string()),
            "words": pa.array([" ".join(sorted(row.spelling.core)) for row in rows], pa.string()),
            "extra": pa.array([row.spelling.extra for row in rows], pa.string()),
            "numbers": pa.array([row.spelling.numbers for row in rows], pa.string()),
            "whole": pa.array([row.spelling.whole for row in rows], pa.string()),
            "skeleton": pa.array([row.spelling.skeleton for row in rows], pa.string()),
        }
    )
    for name, column in zip(carried.column_names, carried.columns, strict=True):
        said = said.append_column(name, column)
    has_domain = candidates["domain"].is_valid().take(pa.array([row.at for row in rows], pa.int64()))
    said = said.append_column("has_domain", has_domain)
    for name, block in _blocks(said).items():
        said = said.append_column(name, pa.array(block, pa.string(), from_pandas=True))
    return said


def anything_to_compare(rows: pa.Table) -> bool:
    """Say whether any two candidates share a block."""
    frame = rows.select(["candidate_id", *BLOCKS]).to_pandas()
    return any(bool((frame.groupby(block)["candidate_id"].nunique() > 1).any()) for block in BLOCKS)


def _rows(candidates: pa.Table) -> Iterator[_Row]:
    names, domains = candidates["names"].to_pylist(), candidates["domain"].to_pylist()
    for at, (written, domain) in enumerate(zip(names, domains, strict=True)):
        seen = set()
        for name in written or ():
            for spelling in spellings(name):
                if spelling not in seen:
                    seen.add(spelling)
                    yield _Row(at, name, False, spelling)
        for spelling in spellings_of_domain(domain) if domain else ():
            yield _Row(at, domain or "", True, spelling)


def _blocks(rows: pa.Table) -> dict[str, "pd.Series[str]"]:
    """Return the name of the block a row stands in by each way to block, or null."""
    text = rows.select(["letters", "whole", "skeleton"]).to_pandas()
    country, place = _first(rows, "countries").fillna(""), _first(rows, "places")
    word = pd.Series([max(core or [""], key=lambda each: (len(each), each)) for core in rows["core"].to_pylist()], dtype=str)
    where = "|" + country + "|" + place
    plain = {
        "by_letters": text["letters"],
        "by_whole": text["whole"],
        "by_word": word,
        "by_skeleton": text["skeleton"].where(text["skeleton"].str.len() >= SHORTEST_SKELETON),
        "by_start": text["letters"].str[:EDGE] + where,
        "by_end": text["letters"].str[-EDGE:] + where,
        "by_phone": _first(rows, "phones"),
        "by_profile": _first(rows, "profiles"),
    }
    return {name: _bounded(keys, country, place) for name, keys in plain.items()}


def _first(rows: pa.Table, column: str) -> "pd.Series[str]":
    """Return the first of each row's list, or null."""
    return pd.Series([each[0] if each else None for each in rows[column].to_pylist()], dtype=str)


def _bounded(keys: "pd.Series[str]", country: "pd.Series[str]", place: "pd.Series[str]") -> "pd.Series[str]":
    """Split the keys that too many rows have by country, then by place, and drop those that are still too many."""
    for split in (country, place):
        many = keys.groupby(keys).transform("size") > LARGEST_BLOCK
        keys = keys.where(~many, keys + "|" + split)
    return keys.where(keys.groupby(keys).transform("size") <= LARGEST_BLOCK)
