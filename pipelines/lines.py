"""Lines of text looked through as one: which of them a pattern needs to look at.

Here: the lines that have one of some words, found in one pass over all of them. A page has hundreds of lines, and dozens of
readers with a pattern each; a line that lacks every word a pattern needs is none of its business. Elsewhere: the lines
(`document`).
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from pipelines.nodes import Node


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

    def numbers(self, *words: str) -> list[int]:
        """Return which nodes, counted from 0, have one of the words, in order."""
        found: set[int] = set()
        for word in words:
            place = self.lower.find(word)
            while place >= 0:
                number = bisect_right(self._ends, place)
                found.add(number)
                place = self.lower.find(word, self._ends[number])
        return sorted(found)
