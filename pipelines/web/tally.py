"""How far a run has come: what was asked and what came of it, counted.

Here: counts and the line that a progress bar shows. Elsewhere: counting (`web.web`), showing (`cli`).
"""

from collections import Counter
from collections.abc import Callable

from pipelines.records import Captured, Miss

MOST_REASONS = 2


class Tally:
    """Counts of one run. `hosts` are those asked, `requests` those sent, `pages` and `misses` what was answered."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._begun = monotonic()
        self.hosts: set[str] = set()
        self.requests = 0
        self.unchanged = 0
        self.pages = 0
        self.misses: Counter[str] = Counter()

    def send(self, host: str) -> None:
        """Count a request that goes out."""
        self.hosts.add(host)
        self.requests += 1

    def take(self, answer: Captured | Miss) -> None:
        """Count an answer."""
        if isinstance(answer, Miss):
            self.misses[answer.reason] += 1
            return
        self.pages += 1
        self.unchanged += answer.unchanged

    def line(self) -> str:
        """Return hosts, pages, rate and the most frequent reasons for misses, in few words.

        >>> Tally(lambda: 0.0).line()
        ''
        """
        if not (self.pages or self.misses):
            return ""
        rate = self.pages / max(self._monotonic() - self._begun, 1.0)
        told = [f"{self.pages:,} pages ({rate:,.1f}/s)"]
        told = [f"{len(self.hosts):,} hosts", *told] if self.hosts else told
        reasons = [f"{count:,} {reason}" for reason, count in self.misses.most_common(MOST_REASONS)]
        return ", ".join([*told, *([f"missed {self.misses.total():,}: {', '.join(reasons)}"] if reasons else [])])
