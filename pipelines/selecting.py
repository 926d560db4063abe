"""Finding elements by CSS selectors, in what one walk over a document found.

Here: the selectors that readers need, each taken apart once: names, ids, classes and attributes, `:has()` and `:not()` of these,
and what stands in or right in what. Elsewhere: selectors beyond these (`page` asks Beautiful Soup), the elements (`walk`).
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache

from pipelines.walk import Element, Walk

PIECE = re.compile(
    r"""(?P<joint>\s*>\s*|\s+)|(?P<name>\*|[A-Za-z][\w-]*)|\.(?P<cls>-?[A-Za-z_][\w-]*)|\#(?P<id>-?[A-Za-z_][\w-]*)"""
    r"""|\[\s*(?P<key>[\w:-]+)\s*(?:(?P<how>[~|^$*]?=)\s*(?:"(?P<one>[^"]*)"|'(?P<two>[^']*)'|(?P<bare>[\w-]+))\s*)?\]"""
    r"""|:(?P<kind>has|not)\(\s*(?P<right>>?)(?P<inner>[^()]*)\)"""
)
COMMA = re.compile(r""",(?=(?:[^()"']|"[^"]*"|'[^']*'|\([^()]*\))*$)""")
COMPARED: dict[str, Callable[[str, str], bool]] = {
    "=": str.__eq__,
    "~=": lambda said, wanted: wanted in said.split(),
    "|=": lambda said, wanted: said == wanted or said.startswith(f"{wanted}-"),
    "^=": lambda said, wanted: bool(wanted) and said.startswith(wanted),
    "$=": lambda said, wanted: bool(wanted) and said.endswith(wanted),
    "*=": lambda said, wanted: bool(wanted) and wanted in said,
}


@dataclass(slots=True)
class Step:
    """What one element has to be, and where it stands to that of the step before: in it (a space), right in it (`>`)."""

    joint: str = " "
    name: str = "*"
    tests: list[Callable[[Element], bool]] = field(default_factory=list)
    others: list[tuple[str, "Selector"]] = field(default_factory=list)


Selector = list[list[Step]]
"""Alternatives, each a row of steps inwards."""


@cache
def selector_of(css: str) -> Selector | None:
    """Return a selector taken apart, or None where it is beyond us."""
    alternatives = [_steps(part.strip()) for part in COMMA.split(css)]
    known = [steps for steps in alternatives if steps]
    return known if len(known) == len(alternatives) else None


def select(walk: Walk, selector: Selector) -> list[Element]:
    """Return the elements that match, in document order."""
    if len(selector) == 1:
        return _matching(walk, selector[0])
    return sorted({each for steps in selector for each in _matching(walk, steps)}, key=_index)


def within(found: Sequence[Element], outer: Element) -> Sequence[Element]:
    """Return those of the elements, in document order, that lie in another."""
    return found[bisect_left(found, outer.index + 1, key=_index) : bisect_left(found, outer.last, key=_index)]


def _index(element: Element) -> int:
    return element.index


def _steps(css: str) -> list[Step]:
    """Return the steps of one alternative; none where it is beyond us."""
    steps = [Step()]
    place = 0
    while place < len(css):
        piece = PIECE.match(css, place)
        if piece is None or not _add(piece, steps):
            return []
        place = piece.end()
    return steps


def _add(piece: re.Match[str], steps: list[Step]) -> bool:
    """Add what a piece of a selector says; whether we know it."""
    step = steps[-1]
    if joint := piece["joint"]:
        steps.append(Step(joint.strip() or " "))
        return True
    if piece["kind"]:
        inner = selector_of(piece["inner"].strip())
        step.others += [(piece["kind"] + piece["right"], inner)] if inner else []
        return inner is not None
    if piece["name"]:
        step.name = piece["name"].lower()
    else:
        step.tests.append(_test(piece))
    return True


def _test(piece: re.Match[str]) -> Callable[[Element], bool]:
    """Return the test of a class, an id or an attribute."""
    key, how, wanted = piece["key"], piece["how"], piece["one"] or piece["two"] or piece["bare"] or ""
    if piece["cls"] or piece["id"]:
        key, how, wanted = ("class", "~=", piece["cls"]) if piece["cls"] else ("id", "=", piece["id"])
    if how is None:
        return lambda element: key in element.attrs
    compared = COMPARED[how]
    return lambda element: key in element.attrs and compared(element.attrs[key], wanted)


def _matching(walk: Walk, steps: list[Step]) -> list[Element]:
    found = _alike(walk, steps[0])
    for step in steps[1:]:
        outer, alike = set(found), _alike(walk, step)
        found = _inside(alike, found) if step.joint == " " else [each for each in alike if each.parent in outer]
    return found


def _inside(elements: list[Element], outer: list[Element]) -> list[Element]:
    """Return those of the elements that lie in one of the outer ones; both are in document order."""
    found, reach, place = [], -1, 0
    for each in elements:
        while place < len(outer) and outer[place].index < each.index:
            reach = max(reach, outer[place].last)
            place += 1
        if each.index < reach:
            found.append(each)
    return found


def _alike(walk: Walk, step: Step) -> list[Element]:
    """Return the elements that are what a step asks, wherever they stand."""
    found = walk.elements if step.name == "*" else walk.named.get(step.name, [])
    for test in step.tests:
        found = [each for each in found if test(each)]
    for kind, selector in step.others:
        others = select(walk, selector)
        if kind == "has":
            found = [each for each in found if within(others, each)]
        else:
            known = set(others) if kind == "not" else {each.parent for each in others}
            found = [each for each in found if (each in known) != (kind == "not")]
    return found
