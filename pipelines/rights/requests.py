"""Requests of people, and by when each has to be met.

Here: that somebody asked, on which day and for what, and that they were answered: never who. Half of the time before a deadline
is the alarm. Elsewhere: doing what they ask (`forget`, `whence`), how many days there are (`settings`).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

from pipelines.errors import Stop
from pipelines.lock import in_turn

What = Literal["forget", "whence", "object", "correct"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: its number, what for, since when, and until when it has to be met; `answered_on` is None while it is open."""

    number: int
    what: str
    asked_on: date
    due_on: date
    answered_on: date | None = None

    def is_late(self, day: date) -> bool:
        """Say whether half of the time is over, or all of it."""
        return self.answered_on is None and (day - self.asked_on) * 2 >= self.due_on - self.asked_on


def note_request(path: Path, what: What, asked_on: date, days: int) -> Asked:
    """Write down that somebody asked, and return it with its number."""
    with in_turn(path):
        number = max((each.number for each in requests(path)), default=0) + 1
        asked = Asked(number, what, asked_on, asked_on + timedelta(days=days))
        _append(path, {"number": number, "what": what, "asked_on": asked_on, "due_on": asked.due_on})
    return asked


def note_answer(path: Path, number: int, on: date) -> None:
    """Write down that a request was met; raises `Stop` for one that there is not, or that was met before."""
    with in_turn(path):
        if number not in {each.number for each in requests(path) if each.answered_on is None}:
            raise Stop(f"There is no open request {number}; `bullseye rights due` lists those that are.")
        _append(path, {"number": number, "answered_on": on})


def requests(path: Path) -> list[Asked]:
    """Return all requests, the one that is due first first."""
    asked: dict[int, dict[str, Any]] = {}
    for line in _lines(path):
        asked[line["number"]] = asked.get(line["number"], {}) | line
    return sorted(map(_understood, asked.values()), key=lambda each: (each.due_on, each.number))


def drop_answered(path: Path, before: date) -> int:
    """Drop what was answered before a day, and return how many requests that were."""
    with in_turn(path):
        old = {each.number for each in requests(path) if each.answered_on and each.answered_on < before}
        if old:
            kept = [line for line in _lines(path) if line["number"] not in old]
            aside = path.with_suffix(".tmp")
            aside.write_text("".join(f"{json.dumps(line)}\n" for line in kept), "utf-8")
            aside.replace(path)
    return len(old)


def _append(path: Path, said: dict[str, object]) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{json.dumps(said, default=str)}\n")


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text("utf-8").splitlines() if path.exists() else ():
        yield json.loads(line)


def _understood(said: dict[str, Any]) -> Asked:
    days = {name: date.fromisoformat(value) for name, value in said.items() if name.endswith("_on")}
    return Asked(number=said["number"], what=said["what"], **days)
