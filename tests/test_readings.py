"""What was read of a page is kept: nothing is parsed twice, nothing stale is believed, nothing suppressed stays behind."""

import ast
import pickle
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from importlib.metadata import packages_distributions
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.enrich import Enrichment
from pipelines.errors import Skip
from pipelines.facts import content_of, read_all, read_partition
from pipelines.home import Home
from pipelines.ids import digest_bytes, make_id
from pipelines.lexicon import Lexicon
from pipelines.looking import Looking
from pipelines.page import Page
from pipelines.reading import CODE, LIBRARIES, read_page, reader_of, reading_fingerprint
from pipelines.readings import SCHEMA, Readings, forget_readings, key_of, read_readings, write_readings
from pipelines.readout import Heard, Reading, Sentence
from pipelines.records import Capture, Captured, Fact, Miss, Organization, Request
from pipelines.settings import Settings
from pipelines.source import Source
from pipelines.sources import all_sources
from pipelines.suppression import NOBODY, Suppression
from pipelines.suppression.book import Book
from pipelines.suppression.entries import entries_of
from pipelines.suppression.forget import NOTE, forget, forget_strangers

ROOT = Path(__file__).parents[1]
MONDAY = datetime(2026, 11, 16, 12, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
NAIVE = MONDAY.replace(tzinfo=None)
FILLER = "We make kettles of copper and have made them for a long time, by hand and with care. " * 8
UNQUOTED = "Zaphira Quolworth keeps the bees"
"""Stands in a paragraph that no fact quotes."""


def html(title: str, *rest: str) -> str:
    name = '<meta property="og:site_name" content="Otter">'
    return f"<html lang=en><title>{title}</title>{name}<p>{FILLER}</p>{''.join(f'<p>{each}</p>' for each in rest)}</html>"


SITE = {
    "https://otter.example/": html("Otter", '<a href="/about">About</a> <a href="/careers">Careers</a>', "Cast in Leeds"),
    "https://otter.example/about": html(
        "About Otter", "We are 40 employees.", f"{UNQUOTED} on the roof, and nobody else does so."
    ),
    "https://otter.example/careers": html("Careers", "We are hiring: head of kettles"),
    "https://heron.example/": html("Heron", "<meta property='og:site_name' content='Heron'>"),
}
OTTER = Organization("org_1", "otter.example", "Otter", "GB", ("Otter",), ("Leeds",))
HERON = Organization("org_2", "heron.example", "Otter")


class World:
    """Pages that can change; as in an archive, content that stays the same stays one capture."""

    def __init__(self, pages: Mapping[str, str] = SITE, moved: Mapping[str, str] | None = None) -> None:
        self.pages, self.moved, self.now = dict(pages), dict(moved or {}), MONDAY
        self.held: dict[str, tuple[datetime, bytes]] = {}
        self.opened: list[str] = []

    async def answer(self, request: Request, fresh_for: timedelta, may_leave: bool) -> Captured | Miss:
        url = self.moved.get(request.url, request.url)
        if url not in self.pages:
            return Miss(request, "http_404", "It answered HTTP 404.", self.now)
        body = self.pages[url].encode()
        name = make_id("cap", url, digest_bytes(body))
        since, _ = self.held.setdefault(name, (self.now, body))
        capture = Capture(name, request, url, 200, "text/html", since, digest_bytes(body), len(body), "f", 0)
        return Captured(capture, partial(self.body, capture), self.now, unchanged=since < self.now)

    def may_know(self, request: Request) -> bool:
        """As in a replay: hosts of whom nothing is held are asked nothing."""
        return any(url.startswith(request.url[: request.url.index("/", 8) + 1]) for url in self.pages)

    def so_far(self) -> str:
        return ""

    async def aclose(self) -> None:
        """Nothing is open."""

    def body(self, capture: Capture) -> bytes:
        self.opened.append(capture.url)
        if capture.capture_id not in self.held:
            raise Skip("broken_record", "It is lost.")
        return self.held[capture.capture_id][1]


class Leaky(World):
    """An archive that has lost every record it knows of."""

    def body(self, capture: Capture) -> bytes:
        raise Skip("broken_record", f"{capture.url} is lost.")


class Reader:
    """The seam: reads pages as ever, and remembers which."""

    def __init__(self, lexicon: Lexicon | None = None, sources: Sequence[Source] = ()) -> None:
        self.parsed: list[str] = []
        self.read = reader_of(sources or all_sources(), lexicon or Lexicon({}))

    def __call__(self, capture: Capture, body: bytes, organization: Organization) -> Reading:
        self.parsed.append(capture.url)
        return self.read(capture, body, organization)


def run(
    folder: Path,
    world: World,
    *organizations: Organization,
    readers: str = "readers",
    lexicon: Lexicon | None = None,
    suppression: Suppression = NOBODY,
) -> list[str]:
    """Enrich, whatever was done before, and return which pages were parsed for it."""
    run.number = getattr(run, "number", 0) + 1
    reader = Reader(lexicon)
    settings = Settings.model_validate({"storage": {"partitions": 1}, "guessing": {"most": 0}})
    looking = Looking(world, all_sources(), reader, settings, readers, suppression)
    given = Enrichment(looking, folder)
    given.run(organizations or (OTTER,), f"run {run.number}", lambda *_: None)
    return sorted(reader.parsed)


def stored(folder: Path) -> Path:
    return folder / "readings" / "000.parquet"


def texts(folder: Path) -> str:
    """Return all that a folder's readings hold, as one text."""
    return "".join(str(pq.read_table(path).to_pylist()) for path in (folder / "readings").glob("*.parquet"))


def values(folder: Path, name: str) -> set[str]:
    return {row["value"] for row in read_partition(folder, 0).rows["core.fact"] if row["property"] == name}


ALL = sorted(url for url in SITE if "otter" in url)


# Nothing is parsed twice


def test_what_did_not_change_is_parsed_once(tmp_path: Path):
    world = World()
    assert run(tmp_path, world) == ALL
    before, world.opened = content_of(tmp_path), []
    assert run(tmp_path, world) == []
    assert content_of(tmp_path) == before
    assert world.opened == [], "nor is it fetched from the archive"


def test_one_page_that_changed_is_the_only_one_parsed(tmp_path: Path):
    world = World()
    run(tmp_path, world)
    world.now, world.pages["https://otter.example/about"] = TUESDAY, html("About Otter", "We are 60 employees.")
    assert run(tmp_path, world) == ["https://otter.example/about"]
    facts = read_partition(tmp_path, 0).rows["core.fact"]
    assert {row["value"] for row in facts if row["property"] == "employees" and row["observed_at"] > NAIVE} == {"60"}
    assert run(tmp_path, world) == []


def test_other_readers_read_everything_again(tmp_path: Path):
    world = World()
    run(tmp_path, world)
    assert run(tmp_path, world, readers="better readers") == ALL


def test_other_phrases_are_listened_for_in_everything(tmp_path: Path):
    world = World()
    run(tmp_path, world, readers=reading_fingerprint({}))
    assert values(tmp_path, "mentions") == set()
    phrases = {"kettles": ["kettles of copper"]}
    assert run(tmp_path, world, readers=reading_fingerprint(phrases), lexicon=Lexicon(phrases)) == ALL
    assert values(tmp_path, "mentions") == {"kettles"}


@pytest.mark.parametrize(
    ("known", "parsed"),
    [
        ({"mail_domains": ("otter.example",)}, ALL),
        ({"phones": ("+441134960000",)}, ALL),
        ({"profiles": ("x",)}, ALL),
        ({"cities": ("York",)}, ALL),
        ({"names": ("Otter", "Nutria")}, ALL),
        ({"country": "US"}, ALL),
        ({"registrations": ("01234567",)}, ALL),
    ],
)
def test_what_is_looked_for_in_the_text_is_looked_for_again_when_the_lists_say_other_things(
    tmp_path: Path, known: Mapping[str, object], parsed: list[str]
):
    world = World()
    run(tmp_path, world)
    assert run(tmp_path, world, replace(OTTER, **known)) == parsed


def test_two_who_ask_for_one_page_have_a_reading_each(tmp_path: Path):
    world = World()
    one, other = OTTER, replace(OTTER, organization_id="org_9")
    assert run(tmp_path, world, one, other) == sorted(ALL * 2)
    assert run(tmp_path, world, one, other) == []
    assert {row["organization_id"] for row in read_partition(tmp_path, 0).rows["core.fact"]} == {"org_1", "org_9"}


def test_what_is_not_asked_for_now_is_not_parsed_again_either(tmp_path: Path):
    world = World()
    run(tmp_path, world)
    before = read_partition(tmp_path, 0).rows["core.fact"]
    world.pages, world.opened = {}, []
    assert (run(tmp_path, world), world.opened) == ([], [])
    assert read_partition(tmp_path, 0).rows["core.fact"] == before
    assert run(tmp_path, world, readers="better readers") == ALL


def test_a_page_that_cannot_be_read_is_not_tried_again(tmp_path: Path):
    def fail(_page: Page, _lexicon: Lexicon) -> Iterator[Fact]:
        raise Skip("unreadable", "It cannot be read.")

    (website,) = (each for each in all_sources() if each.name == "website")
    sources = [replace(website, read=fail)]
    settings, reader = Settings.model_validate({"storage": {"partitions": 1}}), Reader(sources=sources)
    looking = Looking(World(), sources, reader, settings, "readers")
    for day in ("monday", "tuesday"):
        Enrichment(looking, tmp_path).run([replace(OTTER, name=None)], day, lambda *_: None)
    assert reader.parsed == ["https://otter.example/"]
    assert [row["state"] for row in read_partition(tmp_path, 0).rows["raw.capture"]] == ["unreadable"]


def test_a_website_that_is_anothers_is_not_parsed_again_and_still_says_whose_it_is(tmp_path: Path):
    """The one sentence that is needed of its home page is kept with its reading."""
    about = html("Larkspur", "Our brands: Heron Kettles, Kestrel Kegs").replace('content="Otter"', 'content="Larkspur"')
    world = World({"https://larkspur.example/": about}, {"https://kegs.example/": "https://larkspur.example/"})
    mine = Organization("org_1", "kegs.example", "Kestrel Kegs", None, ("Kestrel Kegs",))
    assert run(tmp_path, world, mine) == ["https://larkspur.example/"]
    assert (values(tmp_path, "parent"), values(tmp_path, "other_owner")) == ({"Larkspur"}, {"Larkspur"})
    before = content_of(tmp_path)
    assert run(tmp_path, world, mine) == []
    assert content_of(tmp_path) == before


def test_what_is_known_to_be_lost_is_a_miss(tmp_path: Path):
    assert run(tmp_path, Leaky()) == []
    (miss,) = (row for row in read_partition(tmp_path, 0).rows["raw.miss"] if row["source"] == "website")
    assert (miss["reason"], miss["missed_at"]) == ("broken_record", NAIVE)


# The same with and without


def test_with_and_without_the_store_the_same_comes_out(tmp_path: Path):
    world = World()
    organizations = (OTTER, HERON, Organization("org_3", None, None))
    for day in (MONDAY, TUESDAY):
        world.now = day
        world.pages["https://otter.example/careers"] = html("Careers", f"As of {day:%A}")
        for name in ("with", "without"):
            run(tmp_path / name, world, *organizations)
            if name == "without":
                stored(tmp_path / name).unlink()
    assert content_of(tmp_path / "with") == content_of(tmp_path / "without")
    assert run(tmp_path / "without", world, *organizations) != run(tmp_path / "with", world, *organizations) == []
    assert content_of(tmp_path / "with") == content_of(tmp_path / "without")
    assert stored(tmp_path / "with").read_bytes() == stored(tmp_path / "without").read_bytes()


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


def of_another_making(path: Path) -> None:
    pq.write_table(pa.table({"key": ["reading_1"], "reading": ["{}"]}), path)


def no_reading(path: Path) -> None:
    table = pq.read_table(path)
    pq.write_table(table.set_column(2, SCHEMA.field(2), [['{"state": 7}'] * table.num_rows]), path)


DAMAGE: dict[str, Callable[[Path], object]] = {
    "gone": Path.unlink,
    "empty": lambda path: path.write_bytes(b""),
    "torn": lambda path: path.write_bytes(path.read_bytes()[:-100]),
    "rubbish": lambda path: path.write_bytes(b"PAR1" + b"\xff" * 400 + b"PAR1"),
    "flipped": flip,
    "another making": of_another_making,
    "no reading": no_reading,
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_what_is_damaged_is_read_again(tmp_path: Path, damage: str):
    world = World()
    run(tmp_path, world)
    before, whole = content_of(tmp_path), stored(tmp_path).read_bytes()
    DAMAGE[damage](stored(tmp_path))
    assert run(tmp_path, world) == ALL
    assert (content_of(tmp_path), stored(tmp_path).read_bytes()) == (before, whole)


def test_a_run_killed_while_writing_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    world = World()
    run(tmp_path, world)
    before, content = stored(tmp_path).read_bytes(), content_of(tmp_path)
    written = pq.write_table

    def killed(table: pa.Table, where: Path, **options: object) -> None:
        written(table, where, **options)
        if where.parent.name == "readings":
            where.write_bytes(where.read_bytes()[:99])
            raise KeyboardInterrupt

    monkeypatch.setattr(pq, "write_table", killed)
    world.pages["https://otter.example/about"] = html("About Otter", "We are 60 employees.")
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, world)
    monkeypatch.undo()
    assert (stored(tmp_path).read_bytes(), content_of(tmp_path)) == (before, content)
    assert run(tmp_path, world) == ["https://otter.example/about"]


def test_only_what_stands_is_kept(tmp_path: Path):
    world = World()
    run(tmp_path, world, OTTER, HERON)
    assert pq.read_metadata(stored(tmp_path)).num_rows == 4
    for number in range(3):
        world.now += timedelta(days=1)
        world.pages["https://otter.example/about"] = html("About Otter", f"We are {number}0 employees.")
        run(tmp_path, world, OTTER, HERON)
    assert pq.read_metadata(stored(tmp_path)).num_rows == 4 + 3, "what stands, and what it is compared with"
    run(tmp_path, world, OTTER)
    assert pq.read_metadata(stored(tmp_path)).num_rows == 3 + 3


# When it was last confirmed


def test_unchanged_content_keeps_its_facts_and_is_known_to_be_confirmed(tmp_path: Path):
    world = World()
    run(tmp_path, world)
    facts = read_partition(tmp_path, 0).rows["core.fact"]
    world.now = TUESDAY
    world.pages["https://otter.example/about"] += " "
    run(tmp_path, world)
    checked = {
        (row["kind"], row["fetched_at"].day): row["checked_at"].day for row in read_partition(tmp_path, 0).rows["raw.capture"]
    }
    assert checked == {("home", 16): 17, ("careers", 16): 17, ("about", 16): 16, ("about", 17): 17}
    after = read_partition(tmp_path, 0).rows["core.fact"]
    assert [row for row in facts if not row["url"].endswith("/about")] == [
        row for row in after if not row["url"].endswith("/about")
    ]
    world.now = MONDAY
    run(tmp_path, world)
    assert {row["checked_at"].day for row in read_partition(tmp_path, 0).rows["raw.capture"] if row["kind"] == "home"} == {17}
    early = read_all(tmp_path, "raw.capture", NAIVE, ["org_1"])
    assert set(early["checked_at"].to_pylist()) == {NAIVE}, "as of then, nobody knew"


# What is kept, and what is not


def a_fact(value: str, name: str = "description") -> Fact:
    where = ("https://otter.example/", "/html/p[2]", f"It says {value}.")
    return Fact(
        "fact_1",
        "org_1",
        name,
        value,
        "website",
        "reader",
        "cap_1",
        *where,
        MONDAY + timedelta(microseconds=7),
        date(2026, 2, 28),
        0.1 + 0.2,
    )


FULL = Reading(
    state="read",
    words=12,
    facts=(a_fact("brass “ö” \u2028"), a_fact("x")),
    follow=(Request("org_1", "website", "about", "https://otter.example/über"),),
    heard=Heard(name=True, country=True),
    stands_at="otter.example",
    sentence=Sentence("Otter is now Nutria.", "/html/p"),
)


@pytest.mark.parametrize("reading", [FULL, Reading("wall"), Reading("read", heard=Heard())])
def test_a_reading_comes_back_as_it_was(tmp_path: Path, reading: Reading):
    readings = Readings()
    readings.put("reading_1", "org_1", reading)
    write_readings(tmp_path, 7, readings, lambda *_: True)
    assert read_readings(tmp_path, 7).find("reading_1") == reading
    assert read_readings(tmp_path, 7).find("reading_2") is None
    assert pickle.loads(pickle.dumps(reading)) == reading  # noqa: S301 - our own


def test_what_nobody_found_or_put_is_not_kept(tmp_path: Path):
    readings = Readings()
    for key in ("reading_1", "reading_2"):
        readings.put(key, "org_1", FULL)
    write_readings(tmp_path, 0, readings, lambda *_: True)
    left = read_readings(tmp_path, 0)
    left.find("reading_2")
    write_readings(tmp_path, 0, left, lambda *_: True)
    assert pq.read_table(stored(tmp_path))["key"].to_pylist() == ["reading_2"]


def test_the_text_of_a_page_is_not_kept(tmp_path: Path):
    world = World()
    run(tmp_path, world)
    kept = texts(tmp_path)
    assert "40 employees" in kept, "but what a fact quotes"
    for word in ("Zaphira", "zaphira", "quolworth", "nobody else does so"):
        assert word not in kept


CAPTURE = Capture(
    "cap_1",
    Request("org_1", "website", "home", "https://otter.example/"),
    "https://otter.example/",
    200,
    "text/html",
    MONDAY,
    "d",
    9,
    "f",
    0,
)


@pytest.mark.parametrize(
    "other",
    [
        replace(CAPTURE, capture_id="cap_2"),
        replace(CAPTURE, url="https://www.otter.example/"),
        replace(CAPTURE, content_type="text/html; charset=latin-1"),
        replace(CAPTURE, reservation="x-robots-tag: noai"),
        replace(CAPTURE, headers="server: nginx"),
        replace(CAPTURE, request=replace(CAPTURE.request, source="robots")),
        replace(CAPTURE, request=replace(CAPTURE.request, kind="about")),
        replace(CAPTURE, request=replace(CAPTURE.request, organization_id="org_2")),
    ],
)
def test_whatever_decides_what_is_read_is_in_the_key(other: Capture):
    assert key_of(CAPTURE, OTTER, "r") != key_of(other, OTTER, "r")


def test_where_a_record_lies_is_not_in_the_key():
    assert key_of(CAPTURE, OTTER, "r") == key_of(replace(CAPTURE, file="g", offset=9), OTTER, "r")
    assert key_of(CAPTURE, OTTER, "r") != key_of(CAPTURE, replace(OTTER, domain="otter.com"), "r")
    assert key_of(CAPTURE, OTTER, "r") != key_of(CAPTURE, replace(OTTER, phones=("1",)), "r")
    assert key_of(CAPTURE, OTTER, "r") != key_of(CAPTURE, OTTER, "s")


def test_a_page_can_be_read_in_another_process():
    body = SITE["https://otter.example/"].encode()
    work = partial(read_page, CAPTURE, body, OTTER, all_sources(), Lexicon({"kettles": ["kettles of copper"]}))
    elsewhere: Callable[[], Reading] = pickle.loads(pickle.dumps(work))  # noqa: S301 - our own
    reading = elsewhere()
    assert reading == work()
    assert {fact.property for fact in reading.facts} >= {"name", "mentions"}
    assert (reading.state, reading.heard, reading.stands_at) == ("read", Heard(city=True), "otter.example")
    assert {request.kind for request in reading.follow} >= {"about", "careers"}


# Whoever is suppressed


MAILBOX, PHONE, COMPANY = "info@snark.example", "+44 113 496 0123", "Boojum Ltd"
NAMING = {
    "https://otter.example/": html("Otter", '<a href="/about">About</a>', f"Call {PHONE} for kettles"),
    "https://otter.example/about": html("About Otter", f"We are 40 employees. Write to {MAILBOX}"),
    "https://heron.example/": html("Heron").replace('content="Otter"', f'content="{COMPANY}"'),
}
TOKENS = ("snark", "4960123", "496 0123", "Boojum")


def given_away(folder: Path) -> list[str]:
    return [token for token in TOKENS if token in texts(folder)]


@pytest.fixture
def house(tmp_path: Path) -> tuple[Home, Book]:
    home = Home(tmp_path / "home")
    home.folder.mkdir()
    return home, Book(home.suppression, home.suppression_key, "1" * 64)


def suppress(book: Book) -> Suppression:
    entries = [entry for value in (MAILBOX, PHONE, COMPANY) for entry in entries_of(value, "GB")]
    book.add(entries, "list.csv", MONDAY.date())
    return book.read()


def test_whoever_is_suppressed_is_forgotten_in_what_was_read(house: tuple[Home, Book]):
    home, book = house
    world = World(NAMING)
    assert len(run(home.facts, world, OTTER, HERON)) == 3
    assert {"snark", "Boojum"} <= set(given_away(home.facts)), "without this the rest proves nothing"
    suppression = suppress(book)
    (home.facts / "readings" / "000.tmp").write_bytes(b"half of what names Boojum")
    forget(home, book)
    assert given_away(home.facts) == []
    assert [path.name for path in (home.facts / "readings").iterdir() if path.suffix != ".parquet"] == []
    assert run(home.facts, world, OTTER, HERON, suppression=suppression) != []
    assert given_away(home.facts) == [], "nor does it come in again"


def test_what_names_nobody_is_not_read_again_for_it(house: tuple[Home, Book]):
    home, book = house
    world = World({**NAMING, "https://otter.example/": SITE["https://otter.example/"]})
    run(home.facts, world, OTTER)
    suppression = suppress(book)
    forget(home, book)
    assert run(home.facts, world, OTTER, suppression=suppression) == ["https://otter.example/about"]


def test_what_may_hold_anything_is_removed(house: tuple[Home, Book]):
    home, book = house
    run(home.facts, World(NAMING), OTTER)
    flip(stored(home.facts))
    suppress(book)
    forget(home, book)
    assert not stored(home.facts).exists()


def test_what_was_read_for_strangers_is_forgotten(house: tuple[Home, Book]):
    home, _ = house
    run(home.facts, World(), OTTER, HERON)
    home.note(NOTE, "version")
    forget_strangers(home, {"org_2"})
    assert pq.read_table(stored(home.facts))["organization_id"].to_pylist() == ["org_2"]


def test_forgetting_nothing_writes_nothing(tmp_path: Path):
    forget_readings(tmp_path, lambda *_: False)
    assert list(tmp_path.iterdir()) == []
    run(tmp_path, World())
    before = stored(tmp_path).stat()
    forget_readings(tmp_path, lambda *_: True)
    assert stored(tmp_path).stat() == before


# The fingerprint


def led_to(module: str) -> Iterator[tuple[Path, set[str]]]:
    """Yield the files a module of ours leads to, itself first, each with the libraries it imports."""
    seen, waiting = set[Path](), [module]
    while waiting:
        path = ROOT.joinpath(*waiting.pop().split("."))
        file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        if file in seen or not file.exists():
            continue
        seen.add(file)
        nodes = list(ast.walk(ast.parse(file.read_text("utf-8"))))
        imported = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
        imported |= {
            name
            for node in nodes
            if isinstance(node, ast.ImportFrom) and node.module
            for name in (node.module, *(f"{node.module}.{alias.name}" for alias in node.names))
        }
        waiting += [name for name in imported if name.startswith("pipelines.")]
        yield file, {name.partition(".")[0] for name in imported} - set(sys.stdlib_module_names) - {"pipelines"}


def test_the_fingerprint_is_of_all_code_and_libraries_that_reading_leads_to():
    within = [ROOT / "pipelines" / name for name in CODE]
    assert [path for path in within if not path.exists()] == []
    modules = ["pipelines.reading", *(f"pipelines.sources.{path.stem}" for path in (ROOT / "pipelines/sources").glob("*.py"))]
    files = {file: imported for module in modules for file, imported in led_to(module)}
    libraries = set[str]()
    for file, imported in files.items():
        is_in = any(file == path or path in file.parents for path in within)
        assert is_in or file.name == "__init__.py", f"{file} decides what is read; add it to CODE in pipelines/reading.py"
        libraries |= imported
    named = {name for library in libraries for name in packages_distributions()[library]}
    assert {name.lower() for name in named} - {"pyarrow", "pydantic"} <= set(LIBRARIES)


def test_the_fingerprint_is_of_the_phrases_too():
    assert reading_fingerprint({"a": ["b"]}) == reading_fingerprint({"a": ("b",)})
    assert len({reading_fingerprint(each) for each in ({}, {"a": ["b"]}, {"a": ["c"]}, {"b": ["b"]})}) == 4
