"""What hosts say of themselves: robots.txt and tdmrep.json, asked for once a run, whoever needs them.

Here: one answer of each origin, and what it means, kept for the run; that whoever asked had spent its budget is no answer of the
origin, and the next one asks. Elsewhere: the meaning (`web.robots`, `web.reserved`), how they are asked for (`web.web`).
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from functools import partial

from pipelines.errors import Skip
from pipelines.records import Capture, Captured, Miss, Request
from pipelines.web.guard import Target
from pipelines.web.guest import SPENT
from pipelines.web.reserved import NO_POLICY, TDMREP, TdmPolicy, read_tdmrep
from pipelines.web.robots import Robots, answered, unanswered
from pipelines.web.urls import is_of_origin

SOURCE = "robots"
Ask = Callable[[Request], Awaitable[Captured | Miss]]


@dataclass(slots=True)
class _Origin:
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    policy_turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    said: tuple[Captured | Miss, Robots] | None = None
    policy: TdmPolicy | None = None


class Origins:
    """The origins of a run. Belongs to one event loop."""

    def __init__(self, ask: Ask, body_of: Callable[[Capture], bytes]) -> None:
        self._ask = ask
        self._body_of = body_of
        self._origins: defaultdict[str, _Origin] = defaultdict(_Origin)

    async def answer(self, target: Target, request: Request) -> Captured | Miss:
        """Return the answer to the robots.txt of the target's origin, for that request."""
        answer, _ = await self._said(target, request)
        if isinstance(answer, Miss):
            return replace(answer, request=request)
        return replace(answer, capture=replace(answer.capture, request=request))

    async def robots(self, target: Target, organization_id: str) -> Robots:
        """Return what the robots.txt of the target's origin means."""
        _, robots = await self._said(target, Request(organization_id, SOURCE, "robots", f"{target.origin}/robots.txt"))
        return robots

    async def _said(self, target: Target, request: Request) -> tuple[Captured | Miss, Robots]:
        """Return the answer and its meaning; the first who wants to know asks."""
        known = self._origins[target.origin]
        async with known.turn:
            if known.said is None:
                answer = await self._ask(replace(request, source=SOURCE))
                if isinstance(answer, Miss) and answer.reason == SPENT:
                    return answer, _meaning(answer)
                known.said = (answer if isinstance(answer, Miss) else self._light(answer), _meaning(answer))
        return known.said

    async def policy(self, target: Target, organization_id: str) -> TdmPolicy:
        """Return what the target's origin reserves; nothing where it does not say."""
        known = self._origins[target.origin]
        async with known.policy_turn:  # its own: asking for the file takes the other
            if known.policy is None:
                request = Request(organization_id, SOURCE, "tdmrep", f"{target.origin}{TDMREP}")
                answer = await self._ask(request)
                if isinstance(answer, Miss) and answer.reason == SPENT:
                    raise Skip(answer.reason, answer.sentence)
                known.policy = _policy(answer)
        return known.policy

    def _light(self, answer: Captured) -> Captured:
        """Return the answer without its body, which stays in the archive: there may be as many as hosts."""
        return replace(answer, content=partial(self._body_of, answer.capture))


def _meaning(answer: Captured | Miss) -> Robots:
    if isinstance(answer, Miss):
        return unanswered(answer.reason, answer.sentence)
    return answered(answer.capture.status, answer.body)


def _policy(answer: Captured | Miss) -> TdmPolicy:
    return NO_POLICY if isinstance(answer, Miss) else read_tdmrep(answer.body)


def of_itself(request: Request) -> bool:
    """Say whether a request is for what an origin says of itself, which holds for that origin only."""
    return request.source == SOURCE or is_of_origin(request.url)
