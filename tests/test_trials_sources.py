"""Trials C6, C10 and C12: no answer, however wrong, takes more out of a source than `Skip`, or puts more in than what it says.

Every source is tried with its own typical answer made wrong in every place, and with what no answer should be. What is new among
the sources is tried as soon as it has a typical case.
"""

import html
import json
import socket
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from effort import Effort
from test_sources import DOCUMENTS, FOLDERS, SOURCES, load

from pipelines.errors import Skip
from pipelines.facts import Partition, read_partition, write_partition
from pipelines.lexicon import Lexicon
from pipelines.page import Page
from pipelines.pagestate import state_of
from pipelines.records import Capture, Fact, Request
from pipelines.source import Source
from pipelines.text import clean

HOSTILE = Path(__file__).parents[2] / "shared" / "hostile"
TYPICAL = {folder: load(folder).page() for folder in FOLDERS if folder.name.startswith("typical")}
DATA = [folder for folder in TYPICAL if (folder / "answer.json").exists()]
XML = [folder for folder in TYPICAL if (folder / "answer.xml").exists() or (folder / "sitemap.xml").exists()]
WRONG: tuple[Any, ...] = (
    *(None, True, 0, -1, 1e308, 10**400, "", "x", "\ud800\x00\u202e", "9" * 5000),
    *([], [None], {}, {"a": {}}, [[[]]]),
)
NO_ANSWERS = {
    "nothing": b"",
    "a word": b"null",
    "a list": b"[]",
    "an object": b"{}",
    "a text": b'"text"',
    "a number": b"1e400",
    "no number": b"NaN",
    "an endless number": b"[" + b"9" * 100_000 + b"]",
    "brackets": b"[" * 100_000,
    "braces": b'{"a":' * 100_000,
    "broken": b'{"jobs": [{"title": "Smith"',
    "bytes": b"\xff\xfe\x00\xd8" * 1000,
    "a page": b"<!doctype html><title>Too many requests</title><p>Slow down.</p>",
    "too many": b"Your request has been throttled: at most one in five seconds.",
    "lists of nothing": b"[[[[]]], [], [{}], [null]]",
    "lines": b"\n" * 100_000,
    "commas": b"," * 100_000,
}
TURNS = 500


def label(folder: Path) -> str:
    return f"{folder.parent.name}/{folder.name}"


def facts_of(source: Source, page: Page) -> list[Fact]:
    """What the source states, or nothing where it refuses the answer as it may; anything else it raises is a mistake."""
    try:
        if state_of(page) != "read" or not source.wants(page):
            return []
        stated = list(source.read(page.read_by(source.name, source.name), Lexicon({})))
        asked = list(source.follow(page))
    except Skip:
        return []
    assert {fact.organization_id for fact in stated} <= {"org_1"}
    assert {(each.organization_id, each.source) for each in asked} <= {("org_1", source.name)}
    return stated


def answered(folder: Path, body: bytes) -> Page:
    typical = TYPICAL[folder]
    return Page(replace(typical.capture, length=len(body)), body, typical.organization)


def wrong(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Yield the places of a JSON value, of each list but the first item, with the value that stands there."""
    yield path, value
    inside = value.items() if isinstance(value, dict) else enumerate(value[:1]) if isinstance(value, list) else ()
    for key, below in inside:
        yield from wrong(below, (*path, key))


def put(value: Any, path: tuple[str | int, ...], new: Any) -> Any:
    """Return the JSON value with another at the place."""
    if not path:
        return new
    key, *rest = path
    below = put(value[key], tuple(rest), new)
    return {**value, key: below} if isinstance(value, dict) else [*value[:key], below, *value[key + 1 :]]


@pytest.mark.parametrize("folder", DATA, ids=label)
def test_c10_an_answer_wrong_in_any_place_is_read_or_refused(folder: Path):
    source = SOURCES[folder.parent.name]
    content = json.loads((folder / "answer.json").read_text("utf-8"))
    for path, _ in wrong(content):
        for new in WRONG:
            body = json.dumps(put(content, path, new)).encode("utf-8", "surrogatepass")
            for fact in facts_of(source, answered(folder, body)):
                assert fact.value == clean(fact.value), f"{path} = {new!r}"


@pytest.mark.parametrize("folder", DATA, ids=label)
def test_an_answer_that_lacks_anything_is_read_or_refused(folder: Path):
    source = SOURCES[folder.parent.name]
    content = json.loads((folder / "answer.json").read_text("utf-8"))
    for path, value in wrong(content):
        for key in value if isinstance(value, dict) else ():
            less = put(content, path, {name: each for name, each in value.items() if name != key})
            facts_of(source, answered(folder, json.dumps(less).encode()))


@pytest.mark.parametrize("body", NO_ANSWERS.values(), ids=NO_ANSWERS)
@pytest.mark.parametrize("folder", TYPICAL, ids=label)
def test_what_is_no_answer_states_nothing_of_it(folder: Path, body: bytes):
    with Effort() as effort:
        facts = facts_of(SOURCES[folder.parent.name], answered(folder, body))
    assert effort.turns < TURNS
    assert len(facts) <= 1, "what is no answer says hardly anything"


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefgh", "bcdefghi", strict=True))
    + "]><{root}>&i;</{root}>"
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY x SYSTEM "{where}">]><{root}><title>&x;</title></{root}>'


def attacks(folder: Path) -> Iterator[bytes]:
    """Yield bombs and what would read files or ask servers, with the root that the source expects."""
    document = next(folder / name for name in DOCUMENTS if (folder / name).exists())
    root = document.read_text("utf-8").replace("<?xml", "").partition("<")[2].split(">")[0].split()[0]
    yield BOMB.format(root=root).encode()
    for where in ("file:///etc/passwd", "http://127.0.0.1:9/", "php://filter/x"):
        yield OUTSIDE.format(root=root, where=where).encode()
    yield f"<{root}>".encode() * 100_000
    yield f'<?xml version="1.0"?><!DOCTYPE {root} SYSTEM "http://127.0.0.1:9/x.dtd"><{root}/>'.encode()
    yield f'<{root} xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="file:///etc/passwd"/></{root}>'.encode()


@pytest.mark.parametrize("folder", XML, ids=label)
def test_c6_xml_reads_no_file_asks_nobody_and_takes_no_time(folder: Path, monkeypatch: pytest.MonkeyPatch):
    asked: list[object] = []
    monkeypatch.setattr(socket.socket, "connect", lambda _, address: asked.append(address))
    secret = Path("/etc/passwd").read_text("utf-8")[:20]
    given = [*attacks(folder), *(each.read_bytes() for each in sorted((HOSTILE / "xml" / "defusedxml").glob("*.xml")))]
    for body in given:
        with Effort() as effort:
            facts = facts_of(SOURCES[folder.parent.name], answered(folder, body))
        assert effort.turns < TURNS
        assert not any(secret in fact.value + fact.quote for fact in facts)
    assert asked == []


@pytest.mark.skipif(not HOSTILE.exists(), reason="the naughty strings of ../shared are not here")
def test_c12_naughty_text_is_kept_clean_and_comes_back_as_it_was_kept(tmp_path: Path):
    naughty = json.loads((HOSTILE / "strings" / "blns.json").read_text("utf-8"))
    facts = [_described(number, f"We sell kettles of copper {text}") for number, text in enumerate(naughty)]
    assert len(facts) == len(naughty) == 515
    for fact, text in zip(facts, naughty, strict=True):
        assert fact.value == clean(fact.value) == unicodedata.normalize("NFC", fact.value)
        assert not [each for each in fact.value if unicodedata.category(each) in ("Cc", "Cs")]
        assert fact.value.startswith(clean(f"We sell kettles of copper {text}")[:20])
    kept = Partition()
    for fact in facts:
        kept.put("core.fact", {name: getattr(fact, name) for name in fact.__slots__} | {"observed_at": datetime(2026, 1, 1)})  # noqa: DTZ001
    write_partition(tmp_path, 0, kept)
    back = {row["fact_id"]: (row["value"], row["quote"]) for row in read_partition(tmp_path, 0).rows["core.fact"]}
    assert back == {fact.fact_id: (fact.value, fact.quote) for fact in facts}


def _described(number: int, text: str) -> Fact:
    """What the website's home page with that description is read as."""
    body = f'<title>Otter</title><meta name="description" content="{html.escape(text)}">'.encode("utf-8", "surrogatepass")
    request = Request("org_1", "website", "home", f"https://otter{number}.example/")
    capture = Capture(f"cap_{number}", request, request.url, 200, "text/html", datetime(2026, 1, 1, tzinfo=UTC), "", 0, "", 0)
    page = Page(capture, body)
    (fact,) = [each for each in SOURCES["website"].read(page, Lexicon({})) if each.property == "description"]
    assert page.says(fact.quote)
    return fact
