"""How much work something is, on whatever machine and however busy it is.

Here: CPU time as a multiple of what a yardstick takes in the same breath, so that what takes longer because the machine is slow
weighs no more. Elsewhere: speeds (benchmarks/), which no test asserts.
"""

from time import process_time
from typing import Self

TURNS = 100_000


class Effort:
    """The work of a block. `turns`: as many hundred thousand turns of a plain loop are worth it; about a hundred are a second."""

    turns = 0.0

    def __enter__(self) -> Self:
        self._yardstick = turns_of()
        self._begun = process_time()
        return self

    def __exit__(self, *raised: object) -> None:
        taken = process_time() - self._begun
        self.turns = taken / max(self._yardstick, turns_of())


def turns_of() -> float:
    """Return the CPU seconds that a hundred thousand turns take just now."""
    begun = process_time()
    sum(number * number % 7 for number in range(TURNS))
    return process_time() - begun
