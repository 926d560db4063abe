"""Which version is open (trial F7): the one the link leads to, at once and whole; the old one until its last reader leaves."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from shutil import rmtree
from typing import Any

import duckdb
import pytest
from portal import page_over, published

from pipelines.errors import Stop
from pipelines.home import Home
from pipelines.portal.opened import MOST_KEPT, Opened
from pipelines.reader import Reader


@pytest.fixture
def release(tmp_path: Path) -> Iterator[Any]:
    with published(tmp_path / "home") as publish:
        yield publish


def is_closed(reader: Reader) -> bool:
    try:
        reader.rows("select 1")
    except duckdb.Error as error:
        return "closed" in str(error).lower()
    return False


def test_f7_the_first_request_after_a_switch_sees_the_new_version(release: Any) -> None:
    page = page_over(release("one"))
    assert "Release <strong>one</strong>" in page.get("/").text
    for version in ("two", "three", "four"):
        release(version)
        assert f"Release <strong>{version}</strong>" in page.get("/").text


def test_who_reads_the_old_version_reads_on_and_the_last_to_leave_closes_it(release: Any) -> None:
    opened = Opened(release("one"))
    with opened.reading() as old, opened.reading():
        release("two")
        with opened.reading() as new, old.reader() as reader:
            assert (old.version, new.version) == ("one", "two")
            assert reader.count("mart.organization") == 4
    assert is_closed(old._reader) and not is_closed(new._reader)


def test_the_old_version_is_read_to_its_end_after_it_was_removed(release: Any) -> None:
    opened = Opened(release("one"))
    with opened.reading() as old:
        release("two")
        rmtree(old.folder)
        with old.reader() as reader:
            assert reader.count("mart.lead") == 5


@pytest.mark.parametrize("broken", ["bullseye.duckdb", "manifest.json", "quality.json"])
def test_while_a_version_cannot_be_opened_the_one_before_goes_on(release: Any, broken: str) -> None:
    home = release("one")
    opened = Opened(home)
    with opened.reading():
        pass
    release("two")
    whole = (home.releases / "two" / broken).read_bytes()
    (home.releases / "two" / broken).write_bytes(whole[:100])
    with opened.reading() as shown:
        assert shown.version == "one"
    (home.releases / "two" / broken).write_bytes(whole)
    with opened.reading() as shown:
        assert shown.version == "two"


def test_nothing_published_and_nothing_to_fall_back_on_are_sentences(release: Any, tmp_path: Path) -> None:
    with pytest.raises(Stop, match="Nothing is published"), Opened(Home(tmp_path / "nowhere")).reading():
        pass
    home = release("one")
    (home.releases / "one" / "quality.json").write_text("half")
    with pytest.raises(Stop, match="cannot be opened; run again"), Opened(home).reading():
        pass
    answer = page_over(Home(tmp_path / "nowhere")).get("/")
    assert answer.status_code == 503 and "Nothing is published" in answer.text


def test_who_asks_for_something_waits_for_nothing_else_that_is_worked_out(release: Any) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slowly(_: object) -> str:
        begun.set()
        assert go_on.wait(20)
        return "slow"

    with Opened(release()).reading() as shown, ThreadPoolExecutor(2) as others:
        waiting = [others.submit(shown.once, "slow", slowly) for _ in range(2)]
        assert begun.wait(20) and shown.once("another", lambda reader: 1) == 1
        go_on.set()
        assert [each.result(20) for each in waiting] == ["slow", "slow"]


def test_what_is_costly_is_worked_out_once_a_version_and_not_for_ever(release: Any) -> None:
    opened = Opened(release("one"))
    asked: list[int] = []
    with opened.reading() as shown:
        for _ in range(3):
            assert shown.once("what", lambda reader: asked.append(1) or 7) == 7
        for number in range(MOST_KEPT):
            shown.once(f"selection {number}", lambda reader: 1)
        shown.once("what", lambda reader: asked.append(2))
        assert len(shown._worked_out) <= MOST_KEPT
    release("two")
    with opened.reading() as shown:
        shown.once("what", lambda reader: asked.append(3))
    assert asked == [1, 2, 3]


def test_readers_of_many_threads_see_no_mixture_while_versions_switch(release: Any) -> None:
    opened, wrong, done = Opened(release("v0")), list[object](), threading.Event()

    def read() -> None:
        while not done.is_set():
            try:
                with opened.reading() as shown, shown.reader() as reader:
                    if reader.count("mart.lead") != shown.manifest["rows"]["mart.lead"] or shown.folder.name != shown.version:
                        wrong.append(shown.version)
            except (Stop, OSError, duckdb.Error) as error:
                wrong.append(error)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for each in threads:
        each.start()
    for number in range(1, 6):
        release(f"v{number}")
    done.set()
    for each in threads:
        each.join()
    assert wrong == []
    opened.close()


def test_closing_lets_go_of_what_nobody_reads(release: Any) -> None:
    opened = Opened(release("one"))
    with opened.reading() as shown:
        opened.close()
        with shown.reader() as reader:
            assert reader.count("mart.organization") == 4
    assert is_closed(shown._reader)
