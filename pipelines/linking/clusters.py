"""Candidates become organizations: the surest link first, and never against what speaks against it.

Here: which links are taken, which are left to a person and why, and what each candidate ends up in. Elsewhere: where links come
from (`likelihood`, sql/core/namesake.sql), the tables they become (`resolution`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

SAME_ANYWHERE = frozenset(("same phone", "same profile"))
"""What makes two names in two countries one organization after all."""
DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class Candidate:
    """What links are held against: a candidate's domain, if it has one, and the countries its leads give."""

    candidate_id: str
    domain: str | None
    countries: frozenset[str]


@dataclass(frozen=True, slots=True)
class Link:
    """Two candidates, what speaks for their being one (`key`, `agrees`) and against it, and how sure that is, 0 to 1."""

    left_id: str
    right_id: str
    key: str
    probability: float
    left_name: str
    right_name: str
    agrees: tuple[str, ...] = ()
    disagrees: tuple[str, ...] = ()
    is_safe: bool = False
    """Whether joining two costs less than not joining one: a customer taken for a prospect is worse than the reverse."""
    verdict: str = "review"
    because: str = ""

    @property
    def pair(self) -> frozenset[str]:
        """The two candidates, whichever comes first."""
        return frozenset((self.left_id, self.right_id))

    def to(self, verdict: str, because: str) -> "Link":
        """Return the link with its verdict and the reason."""
        return replace(self, verdict=verdict, because=because)


class Membership(NamedTuple):
    """A candidate that belongs to another's organization, and the weakest link on the way there."""

    candidate_id: str
    organization_id: str
    link: Link


class Clusters:
    """Groups of candidates that grow as links are taken; a link that would put together what belongs apart is not."""

    def __init__(self, candidates: Iterable[Candidate], apart: Iterable[frozenset[str]]) -> None:
        self._group: dict[str, str] = {}
        self._members: dict[str, list[str]] = {}
        self._domains: dict[str, str] = {}
        self._countries: dict[str, frozenset[str]] = {}
        self._enemies: dict[str, set[str]] = defaultdict(set)
        for each in candidates:
            self._group[each.candidate_id] = each.candidate_id
            self._members[each.candidate_id] = [each.candidate_id]
            self._countries[each.candidate_id] = each.countries
            if each.domain:
                self._domains[each.candidate_id] = each.domain
        for one, other in map(sorted, apart):
            self._enemies[one].add(other)
            self._enemies[other].add(one)

    def __contains__(self, candidate_id: str) -> bool:
        return candidate_id in self._group

    def against(self, link: Link) -> str:
        """Return in words what speaks against putting the two together, or an empty text."""
        one, other = self._group[link.left_id], self._group[link.right_id]
        if one == other:
            return ""
        if self._enemies and any(
            self._enemies[each] & set(self._members[other]) for each in self._members[one] if self._enemies.get(each)
        ):
            return "settings.yaml says they are apart"
        if link.key == DECIDED:
            return ""
        if one in self._domains and other in self._domains:
            return f"each has a website of its own, {' and '.join(sorted((self._domains[one], self._domains[other])))}"
        here, there = self._countries[one], self._countries[other]
        if here and there and not here & there and not SAME_ANYWHERE & set(link.agrees):
            return f"they are in different countries, {' and '.join(sorted(('/'.join(sorted(here)), '/'.join(sorted(there)))))}"
        return ""

    def join(self, link: Link) -> bool:
        """Put the groups of both together and say whether they were two."""
        one, other = sorted((self._group[link.left_id], self._group[link.right_id]), key=lambda each: -len(self._members[each]))
        if one == other:
            return False
        for each in self._members[other]:
            self._group[each] = one
        self._members[one] += self._members.pop(other)
        self._countries[one] |= self._countries.pop(other)
        if other in self._domains:
            self._domains.setdefault(one, self._domains[other])
        return True


def cluster(
    candidates: Sequence[Candidate], links: Iterable[Link], apart: Iterable[frozenset[str]], join_at: float
) -> tuple[list[Link], list[Membership]]:
    """Return every link with its verdict, and the candidates that belong to another's organization.

    An organization goes by its member with a domain, else by the smallest id. The order of the arguments does not matter.
    """
    apart = list(apart)
    clusters = Clusters(candidates, apart)
    known = [link for link in links if link.left_id in clusters and link.right_id in clusters]
    ordered = sorted(known, key=lambda link: (link.key != DECIDED, -link.probability, link.key, link.left_id, link.right_id))
    torn = _torn(ordered, {each.candidate_id: each for each in candidates}, join_at)
    settled: list[Link] = []
    taken: list[Link] = []
    for link in ordered:
        against = "settings.yaml says so" if link.pair in apart else clusters.against(link)
        if link.pair in apart:
            settled.append(link.to("apart", against))
        elif against:
            settled.append(link.to("review", against))
        elif link.key != DECIDED and link.probability < join_at and not link.is_safe:
            settled.append(link.to("review", "it is not sure enough"))
        elif link.pair in torn:
            settled.append(link.to("review", "another candidate has as good a claim"))
        else:
            if clusters.join(link):
                taken.append(link)
            settled.append(link.to("joined", "settings.yaml says so" if link.key == DECIDED else "nothing speaks against it"))
    return settled, _memberships(taken, {each.candidate_id: each.domain for each in candidates})


def _torn(links: Sequence[Link], candidates: Mapping[str, Candidate], join_at: float) -> set[frozenset[str]]:
    """Return the pairs in which a candidate without a domain is drawn to several that cannot all be one organization."""
    drawn: dict[str, list[str]] = defaultdict(list)
    for link in links:
        if link.key == "linked" and link.probability >= join_at:
            for one, other in ((link.left_id, link.right_id), (link.right_id, link.left_id)):
                if candidates[one].domain is None:
                    drawn[one].append(other)
    return {
        frozenset((one, other))
        for one, others in drawn.items()
        if _many([candidates[each] for each in others])
        for other in others
    }


def _many(candidates: Sequence[Candidate]) -> bool:
    """Say whether these cannot all be one: two domains, or countries that have nothing in common."""
    countries = [each.countries for each in candidates if each.countries]
    return len({each.domain for each in candidates} - {None}) > 1 or bool(countries and not frozenset.intersection(*countries))


def _memberships(taken: Sequence[Link], domains: Mapping[str, str | None]) -> list[Membership]:
    """Walk from the one each organization goes by along the links that were taken; they form no circle."""
    links: dict[str, list[Link]] = defaultdict(list)
    for link in taken:
        links[link.left_id].append(link)
        links[link.right_id].append(link)
    found: list[Membership] = []
    seen: set[str] = set()
    for root in sorted(links, key=lambda each: (domains[each] is None, each)):
        todo: list[tuple[str, Link | None]] = [(root, None)] if root not in seen else []
        while todo:
            here, weakest = todo.pop()
            if here in seen:
                continue
            seen.add(here)
            if weakest is not None:
                found.append(Membership(here, root, weakest))
            for link in links[here]:
                there = link.right_id if link.left_id == here else link.left_id
                todo.append((there, link if weakest is None or link.probability < weakest.probability else weakest))
    return sorted(found)
