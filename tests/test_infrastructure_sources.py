"""Which sources are asked, how fast and how often, and what a replay asks of those that ask others."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.errors import Stop
from pipelines.records import Organization, Request
from pipelines.settings import Chosen, Settings
from pipelines.source import Source
from pipelines.sources import all_sources, budgets, chosen_sources, expected_sources, paces
from pipelines.web.web import open_web

NOW = datetime(2026, 1, 15, 8, tzinfo=UTC)
NAMES = [each.name for each in all_sources()]
ANVIL = Organization("org_anvil", "anvil.example", "Anvil Ltd")


def source(name: str, **more: object) -> Source:
    """Return a source that reads nothing."""
    given: dict[str, object] = {"description": "d", "hosts": "h", "terms": "t", "trust": 0.5, "fresh": timedelta(days=1)}
    given |= {"expected_share": 0.5, "states": frozenset(), "wants": lambda _: False, "read": lambda *_: ()}
    return Source(name=name, **{**given, **more})  # type: ignore[arg-type]


FOUR = (source("a"), source("b"), source("c", off_by_default=True), source("d"))


@pytest.mark.parametrize(
    ("chosen", "asked"),
    [
        (Chosen(), "abd"),
        (Chosen(never=("b",)), "ad"),
        (Chosen(also=("c",)), "abcd"),
        (Chosen(only=("c", "a")), "ac"),
        (Chosen(only=("a",), also=("d",)), "ad"),
        (Chosen(only=("a", "b"), never=("a",)), "b"),
        (Chosen(only=()), ""),
    ],
)
def test_settings_say_which_sources_are_asked(chosen: Chosen, asked: str) -> None:
    assert "".join(each.name for each in chosen_sources(chosen, FOUR)) == asked


@pytest.mark.parametrize("key", ["only", "also", "never"])
def test_a_misspelt_source_stops_with_the_names_there_are(key: str) -> None:
    with pytest.raises(Stop, match=r"there is no source gitub\. There are .*website"):
        chosen_sources(Chosen.model_validate({key: ["website", "gitub"]}))


def test_of_a_source_that_is_not_asked_nothing_is_expected() -> None:
    sources = expected_sources(Chosen(only=("website",)))
    assert [each.name for each in sources] == NAMES, "what it said before may still stand"
    assert {each.name for each in sources if each.expected_share} == {"website"}


def test_the_strictest_pace_and_the_smallest_budget_hold() -> None:
    one = source("a", paces={"x": 1.0}, budgets={"x": 9})
    other = source("b", paces={"x": 2.0, "y": 0.1}, budgets={"x": 5})
    assert (paces([one, other]), budgets([other, one])) == ({"x": 2.0, "y": 0.1}, {"x": 5})


@pytest.mark.parametrize("each", all_sources(), ids=lambda each: each.name)
def test_hosts_with_terms_of_their_own_are_named_as_hosts(each: Source) -> None:
    for host, seconds in each.paces.items():
        assert host == host.lower() and "/" not in host and "." in host
        assert 0 < seconds <= 10
    assert all(number > 0 and "." in host for host, number in each.budgets.items())


def holding(folder: Path, *hosts: str) -> Path:
    """Return a folder that holds a page of each host."""
    for host in hosts:
        (folder / host).mkdir(parents=True)
        (folder / host / "index.html").write_text("<p>Hello</p>", "utf-8")
    return folder


def test_a_replay_may_know_of_the_hosts_it_holds(tmp_path: Path) -> None:
    web = open_web([holding(tmp_path / "pages", "api.example", "acme.example")], tmp_path / "a", Settings(), NOW)
    requests = [Request("org", "api", "look", url) for url in ("https://api.example/x?y", "https://other.example/", "https://[")]
    assert [web.may_know(each) for each in requests] == [True, False, False]
    asyncio.run(web.answer(replace(requests[0], url="https://acme.example/")))
    again = open_web([tmp_path / "a"], tmp_path / "b", Settings(), NOW)
    hosts = ("https://acme.example/other", "https://www.acme.example/", "https://api.example/x", "https://acme.example:8080/")
    assert [again.may_know(replace(requests[0], url=each)) for each in hosts] == [True, True, False, True]


def test_of_the_world_anybody_may_know(tmp_path: Path) -> None:
    web = open_web(["live"], tmp_path, Settings(contact="robots@bullseye.example"), NOW)
    assert web.may_know(Request("org", "api", "look", "https://anybody.example/"))
