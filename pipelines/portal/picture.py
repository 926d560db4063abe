"""The bull's-eye, drawn: every organization a dot in its ring, or every so many of them when there are more than a page can show.

Here: where the dots stand; the same release gives the same picture. Elsewhere: the SVG (`templates/bullseye.html`), its colours
(`static/portal.css`), the same as a table (`templates/front.html`).
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipelines.show import RINGS

SIZE = 720
"""Width and height, in the picture's own units."""
MOST_DOTS = 600
EDGES: Mapping[str, tuple[int, int]] = {
    "bullseye": (0, 62), "problem": (62, 118), "persona": (118, 168), "profile": (168, 214), "market": (214, 258),
    "unknown": (270, 308), "outside": (308, 348),
}  # fmt: skip
"""Ring -> where it begins and ends, from the middle. Those nobody knows and those outside stand apart from the target."""
_PITCHES = [number / 4 for number in range(84, 12, -1)]
"""How far dots may stand from each other, widest first."""
_LABEL = 13
"""Room that the name of a ring takes at its outer edge."""


@dataclass(frozen=True, slots=True)
class Dot:
    """An organization in the picture."""

    organization_id: str
    name: str
    standing: str


@dataclass(frozen=True, slots=True)
class Placed:
    """A dot at its place; `dot` is None when it stands for several organizations."""

    x: float
    y: float
    dot: Dot | None


@dataclass(frozen=True, slots=True)
class Ring:
    """A ring with its dots; `count` is of organizations."""

    name: str
    inner: int
    outer: int
    count: int
    dots: tuple[Placed, ...]

    @property
    def label_at(self) -> float:
        """How high its name stands."""
        return SIZE / 2 - self.outer + _LABEL + 1


@dataclass(frozen=True, slots=True)
class Drawing:
    """The picture: rings from the outermost in, as they are painted. Each dot stands for `each` organizations, at most."""

    rings: tuple[Ring, ...]
    each: int
    radius: float
    size: int = SIZE


def draw(counts: Mapping[str, int], named: Mapping[str, Sequence[Dot]]) -> Drawing:
    """Return the picture of so many organizations a ring; with `named` ones each has a dot of its own."""
    each = 1 if named else _standing_for(counts)
    wanted = {ring: math.ceil(counts.get(ring, 0) / each) for ring in RINGS}
    pitch = next((one for one in _PITCHES if all(_room(ring, one) >= wanted[ring] for ring in RINGS)), _PITCHES[-1])
    drawn = [_ring(ring, counts.get(ring, 0), wanted[ring], named.get(ring, ()), pitch) for ring in reversed(RINGS)]
    order = sorted(drawn, key=lambda ring: -ring.outer)
    return Drawing(tuple(order), each, round(min(pitch * 0.36, 6.5), 1))


def _standing_for(counts: Mapping[str, int]) -> int:
    """Return a round number of organizations that a dot stands for, so that there are not too many dots."""
    total = sum(counts.values())
    scales = (step * 10**power for power in range(9) for step in (1, 2, 5))
    return next((scale for scale in scales if total / scale + len(counts) <= MOST_DOTS), total)


def _ring(name: str, count: int, wanted: int, dots: Sequence[Dot], pitch: float) -> Ring:
    inner, outer = EDGES[name]
    places = list(_places(name, wanted, pitch))
    known: Sequence[Dot | None] = dots or [None] * len(places)
    return Ring(name, inner, outer, count, tuple(Placed(x, y, dot) for (x, y), dot in zip(places, known, strict=False)))


def _places(ring: str, wanted: int, pitch: float) -> Iterator[tuple[float, float]]:
    """Yield places on circles within the ring, evenly around, each circle with its share of the dots."""
    circles = _circles(ring, pitch)
    left, room = wanted, sum(most for _, most in circles)
    for number, (radius, most) in enumerate(circles):
        here = min(most, math.ceil(left * most / room)) if room else 0
        left, room = left - here, room - most
        for step in range(here):
            angle = 2 * math.pi * (step / here + number * 0.382) - math.pi / 3
            yield round(SIZE / 2 + radius * math.cos(angle), 1), round(SIZE / 2 + radius * math.sin(angle), 1)


def _circles(ring: str, pitch: float) -> list[tuple[float, int]]:
    """Return the circles that fit into a ring, innermost first, and how many dots each has room for."""
    inner, outer = EDGES[ring]
    first = inner + pitch * 0.6 if inner else pitch
    rows = max(1, int((outer - _LABEL - first) // pitch) + 1)
    radii = [first + row * pitch for row in range(rows)]
    return [(radius, max(1, int(2 * math.pi * radius / pitch))) for radius in radii]


def _room(ring: str, pitch: float) -> int:
    return sum(most for _, most in _circles(ring, pitch))
