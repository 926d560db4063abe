"""What a page says, as quotes are held against it.

Here: the readings of one page in which a quote may stand, each worked out once and only if those before it lack the quote.
Elsewhere: what those readings are made of (`page`), which quotes are looked for (`quotes`).
"""

from collections.abc import Iterable, Iterator

from pipelines.mailboxes import WITHHELD
from pipelines.text import squeeze


class Sayings:
    """What a page says, reading by reading, squeezed; the cheapest come first."""

    def __init__(self, readings: Iterable[str]) -> None:
        self._known: list[str] = []
        self._more = iter(readings)

    def have(self, quote: str) -> bool:
        """Whether one of them has the quote, but for persons' mailboxes."""
        wanted = [squeeze(piece) for piece in quote.split(WITHHELD)]
        return any(wanted) and any(all(piece in each for piece in wanted) for each in self._remembered())

    def _remembered(self) -> Iterator[str]:
        """Yield the readings, each worked out once: a page has many quotes."""
        yield from self._known
        for each in self._more:
            self._known.append(each)
            yield each
