"""What icp.yaml says of routes: who gets a lead, by which channel, how soon, and what they do with it.

Here: a route and its conditions as frozen types, and whether every lead finds one. Elsewhere: which lead takes which
(sql/core/route.sql).
"""

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from pydantic import Field

from pipelines.documents import Document, Place, meant
from pipelines.icp.rules import Id


class When(Document):
    """The conditions of a route; all given ones must hold, none given always holds."""

    ring: tuple[Literal["outside", "market", "profile", "persona", "problem", "bullseye", "unknown"], ...] | None = None
    """In which rings."""
    icp: tuple[Id, ...] | None = None
    """For which profiles, by id."""
    standing: tuple[Literal["prospect", "customer", "competitor", "partner"], ...] | None = None
    """What it is to us."""
    fit_at_least: float | None = None
    """From which fit on, 0 to 100."""
    readiness_at_least: float | None = None
    """From which readiness on, 0 to 100."""
    reach_at_least: float | None = None
    """From which reach on, 0 to 100."""


class Route(Document):
    """Who gets a lead and what they do with it. The first route whose conditions hold takes it."""

    id: Id
    action: Literal["sell", "nurture", "research", "repeat_sale", "leave_alone"]
    """What is done with the lead."""
    when: When = When()
    channel: str | None = None
    """By which sales channel."""
    owner: str
    """Who gets it."""
    within_days: Annotated[int, Field(ge=0)] | None = None
    """How soon."""
    play: str
    """What they do, in a sentence."""


def route_complaints(routes: Sequence[Route], profiles: Sequence[str]) -> Iterator[tuple[Place, str]]:
    """Say where leads would find no route, or a route no leads; `profiles` are the ids of those there are."""
    last = len(routes) - 1
    if routes[last].when != When():
        yield ("routes", last, "when"), "the last route must have no `when`, so that every lead has a route"
    for number, each in enumerate(routes[:last]):
        if each.when == When():
            said = f"route {each.id} has no `when`, so it takes every lead and the routes after it none; put it last"
            yield ("routes", number), said
    for number, each in enumerate(routes):
        for icp in (icp for icp in each.when.icp or () if icp not in profiles):
            said = f"route {each.id} asks for the profile {icp}, which `profiles` does not have"
            yield ("routes", number, "when", "icp"), f"{said}; {meant(icp, profiles)}".removesuffix("; ")
