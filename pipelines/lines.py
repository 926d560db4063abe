"""Lines of text looked through as one: which of them a pattern needs to look at.

Here: the lines that have one of some words, found in one pass over all of them. A page has hundreds of lines, and dozens of
readers with a pattern each; a line that lacks every word a pattern needs is none of its business. Elsewhere: the lines
(`document`).
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate

from pipelines.nodes import Node

FIGURES = re.compile(r"\d.*")
"""From the first figure in a line to its end."""


class Lines:
    """Nodes by what they say."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        self._nodes = nodes
        texts = [node.text.lower() for node in nodes]
        self.lower = "\n".join(texts)
        """All they say in lower case, a line each."""
        self._ends = list(accumulate(len(text) + 1 for text in texts))

    def mention(self, *words: str) -> bool:
        """Whether one of the words, in lower case, stands anywhere in them, be it within another word."""
        return any(word in self.lower for word in words)

    def having(self, *words: str) -> list[Node]:
        """Return the nodes that have one of the words, in order."""
        return [self._nodes[number] for number in self.numbers(*words)]

    def at(self, place: int) -> int:
        """Return which node, counted from 0, has that place of `lower`."""
        return bisect_right(self._ends, place)

    def numbers(self, *words: str) -> list[int]:
        """Return which nodes, counted from 0, have one of the words, in order."""
        found: set[int] = set()
        for word in words:
            place = self.lower.find(word)
            while place >= 0:
                number = self.at(place)
                found.add(number)
                place = self.lower.find(word, self._ends[number])
        return sorted(found)

    @cached_property
    def figured(self) -> list[int]:
        """Which nodes, counted from 0, have a figure, in order."""
        return list(dict.fromkeys(self.at(match.start()) for match in FIGURES.finditer(self.lower)))
