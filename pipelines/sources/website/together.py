"""What stands together on a page, by the places of its nodes.

Here: the section a heading heads, the card a date stands in. A place is a path of elements; what shares more of it stands nearer.
Elsewhere: what is looked for in them (`customers`, `news`).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from pipelines.nodes import Node

STEP = " > "
HIGHEST, MOST_SAYING, OTHER_HEADINGS = 5, 60, 2


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the nodes that stand with it."""

    heading: Node
    nodes: tuple[Node, ...]


def element(node: Node) -> str:
    """Return the place of the element, where a node is one of its attributes."""
    return node.locator.partition("@")[0]


def around(place: str) -> Iterator[str]:
    """Yield a place and those around it, innermost first."""
    while place:
        yield place
        place = place.rpartition(STEP)[0]


def sections(headings: Sequence[Node], nodes: Sequence[Node], others: Sequence[Node], fewest: int = 3) -> Iterator[Section]:
    """Yield for each heading the nodes that stand nearest around it, at least so many.

    It is the smallest element around the heading that holds enough of them, and not more than two further headings (`others`).
    """
    inside = Counter(each for node in nodes for each in around(element(node)))
    headed = Counter(each for node in others for each in around(element(node)))
    for heading in headings:
        climbed = list(around(heading.locator))[: HIGHEST + 1]
        found = next((each for each in climbed if inside[each] >= fewest), None)
        if found and STEP in found and headed[found] <= OTHER_HEADINGS + 1:
            held = tuple(node for node in nodes if _within(element(node), found))
            if len({node.text for node in held}) <= MOST_SAYING:
                yield Section(heading, held)


def _within(place: str, outer: str) -> bool:
    return place == outer or place.startswith(outer + STEP)


def cards(dated: Sequence[tuple[Node, date]], highest: int = 6) -> Iterator[tuple[Node, date, str]]:
    """Yield each dated node with its day and the largest element around it that holds no other day: the card it stands in."""
    days: dict[str, set[date]] = {}
    for node, day in dated:
        for place in around(element(node)):
            days.setdefault(place, set()).add(day)
    for node, day in dated:
        alone = [each for each in list(around(element(node)))[:highest] if len(days[each]) == 1]
        if alone:
            yield node, day, alone[-1]
