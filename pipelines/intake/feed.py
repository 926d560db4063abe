"""Lines handed to the csv module, with a way back.

Here: which lines a record took, whether its quotes ran past every bound, and handing lines out again. Elsewhere: what to do then
(`delimited`).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

MOST_LINES = 5_000
LEAST_LINES = 20
EARNED = 10
MOST_CHARACTERS = 1 << 25


@dataclass(frozen=True, slots=True)
class Taken:
    """The lines of one record; `is_open` when they ended, or went too far, inside quotes."""

    lines: Sequence[str]
    is_open: bool


class Feed(Iterator[str]):
    """An iterator over lines that remembers what the present record took. `prepare` is done to each line on its way out."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._again: list[str] = []
        self._taken: list[str] = []
        self._size = 0
        self._ran_out = False
        self._patience = MOST_LINES
        self.prepare: Callable[[str], str] | None = None
        self.position = 0
        """How many lines were taken for good."""

    def __next__(self) -> str:
        if len(self._taken) >= self._patience or self._size > MOST_CHARACTERS:
            self._ran_out = True
            raise StopIteration
        line = self._again.pop() if self._again else self._fresh()
        self._taken.append(line)
        self._size += len(line)
        return line

    def _fresh(self) -> str:
        try:
            line = next(self._lines)
        except StopIteration:
            self._ran_out = True
            raise
        return self.prepare(line) if self.prepare else line

    def take(self) -> Taken:
        """Return the lines handed out since the last call: those of the record that was just cut."""
        taken = Taken(self._taken, self._ran_out)
        self.position += len(self._taken)
        self._patience = min(MOST_LINES, self._patience + EARNED * len(self._taken))
        self._taken, self._size, self._ran_out = [], 0, False
        return taken

    def push_back(self, lines: Sequence[str]) -> None:
        """Hand these lines, prepared as they are, out again before any other.

        It costs patience, which every line earns back slowly: text made of stray quotes is read in linear time all the same.
        """
        self._patience = max(LEAST_LINES, self._patience - (EARNED + 1) * len(lines))
        self._again.extend(reversed(lines))
        self.position -= len(lines)

    def rest(self) -> list[str]:
        """Return the lines to be handed out again that nobody took."""
        return [*reversed(self._again)]
