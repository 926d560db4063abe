"""The bull's-eye: every organization in its ring and nowhere else, and no more dots than a page can show."""

import math

import pytest

from pipelines.portal.picture import EDGES, MOST_DOTS, SIZE, Dot, draw
from pipelines.show import RINGS


def from_the_middle(x: float, y: float) -> float:
    return math.hypot(x - SIZE / 2, y - SIZE / 2)


@pytest.mark.parametrize("count", [1, 7, 48, 200, MOST_DOTS])
@pytest.mark.parametrize("ring", RINGS)
def test_every_organization_is_a_dot_of_its_own_in_its_ring(ring: str, count: int) -> None:
    named = [Dot(f"org_{number}", f"Name {number}", "prospect") for number in range(count)]
    drawing = draw({ring: count}, {ring: named})
    drawn = {each.name: each for each in drawing.rings}
    inner, outer = EDGES[ring]
    assert [placed.dot for placed in drawn[ring].dots] == named
    assert len({(placed.x, placed.y) for placed in drawn[ring].dots}) == count
    assert all(inner < from_the_middle(placed.x, placed.y) + 0.1 < outer for placed in drawn[ring].dots)
    assert [each.dots for each in drawing.rings if each.name != ring] == [()] * (len(RINGS) - 1)


@pytest.mark.parametrize("total", [MOST_DOTS + 1, 1_234, 30_000, 300_000, 1_200_000, 10**9])
def test_more_than_a_page_can_show_share_dots_and_none_is_lost(total: int) -> None:
    counts = dict.fromkeys(RINGS, total // len(RINGS)) | {"bullseye": 3}
    drawing = draw(counts, {})
    assert sum(len(ring.dots) for ring in drawing.rings) <= MOST_DOTS
    for ring in drawing.rings:
        assert ring.count == counts[ring.name]
        assert (len(ring.dots) - 1) * drawing.each < ring.count <= len(ring.dots) * drawing.each


def test_rings_are_painted_from_the_outermost_in_and_the_same_each_time() -> None:
    counts = {"market": 5, "outside": 2}
    assert [each.name for each in draw(counts, {}).rings] == ["outside", "unknown", *reversed(RINGS[:5])]
    assert draw(counts, {}) == draw(counts, {})


def test_nobody_at_all_is_an_empty_picture() -> None:
    assert all(not each.dots for each in draw({}, {}).rings)
