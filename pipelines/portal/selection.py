"""Which organizations somebody wants to see: filters as a query string, as words, and as SQL.

Here: the filters and sorts there are, and what a request may say of them. Values reach SQL as parameters only; what is no filter,
no sort and no value of this release is refused in a sentence. Elsewhere: the pages (`app`), what is done with a selection
(`table`, `downloads`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NoReturn
from urllib.parse import urlencode

from starlette.exceptions import HTTPException

from pipelines.portal.wording import listed, spoken

NOT_KNOWN = "?"
"""Stands for a value that nobody knows, which is not the same as none."""
LONGEST_SEARCH, MOST_VALUES, MOST_PAGES = 100, 100, 1_000_000
_JOINED = " join mart.{0} as {0} using (organization_id)"
_LEADS = "fit.organization_id in (select lead.organization_id from mart.lead as lead where {})"
_SEARCHED = """
    contains(lower(concat_ws(' ', organization.name, organization.listed_name, organization.domain)), lower($search))
"""


@dataclass(frozen=True, slots=True)
class Filter:
    """Something to choose by: its name in the address, what people call it, and the column it looks at."""

    name: str
    title: str
    column: str

    @property
    def of_leads(self) -> bool:
        """Whether it chooses leads, and organizations by having one."""
        return self.column.startswith("lead.")

    @property
    def table(self) -> str:
        """The table it looks at, by the name it has in queries."""
        return self.column.partition(".")[0]

    @property
    def condition(self) -> str:
        """The condition, of which the values are the parameter of the filter's name."""
        return f"list_contains(${self.name}, {self.value})"

    @property
    def value(self) -> str:
        """What of a row is compared."""
        return f"coalesce({self.column}, '{NOT_KNOWN}')"


FILTERS: Mapping[str, Filter] = {
    each.name: each
    for each in (
        Filter("ring", "Ring", "fit.ring"),
        Filter("icp", "Profile", "fit.icp"),
        Filter("industry", "Industry", "organization.industry"),
        Filter("country", "Country", "organization.country"),
        Filter("promise", "Promise", "message.promise_id"),
        Filter("route", "Route", "lead.route"),
        Filter("owner", "Owner", "lead.route_owner"),
        Filter("list", "List", "lead.list"),
        Filter("channel", "Channel", "lead.channel"),
    )
}
_RING = "list_position(['outside', 'unknown', 'market', 'profile', 'persona', 'problem', 'bullseye'], fit.ring)"
SORTS: Mapping[str, str] = {
    "best": f"{_RING} desc, fit.fit desc nulls last, fit.readiness desc nulls last",
    "worst": f"{_RING}, fit.fit nulls last, fit.readiness nulls last",
    "name": "lower(coalesce(organization.name, organization.listed_name, organization.domain)) nulls last",
    "name-down": "lower(coalesce(organization.name, organization.listed_name, organization.domain)) desc nulls last",
    **{each: f"fit.{each} desc nulls last" for each in ("fit", "readiness", "reach", "coverage")},
    **{f"{each}-up": f"fit.{each} nulls last" for each in ("fit", "readiness", "reach", "coverage")},
}
Values = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Selection:
    """Filter -> values, in order; what is searched for; how it is sorted; which page of it."""

    chosen: tuple[tuple[str, tuple[str, ...]], ...] = ()
    search: str = ""
    sort: str = "best"
    page: int = 1

    def values(self, name: str) -> tuple[str, ...]:
        """Return what is chosen of a filter."""
        return dict(self.chosen).get(name, ())

    @property
    def canonical(self) -> dict[str, object]:
        """What is selected, the same for the same selection however it was asked for; how it is shown is no part of it."""
        return {**{name: list(values) for name, values in self.chosen}, **({"search": self.search} if self.search else {})}

    @property
    def query(self) -> str:
        """What is selected, as the query string of an address."""
        return urlencode([*self._pairs(), *([("search", self.search)] if self.search else [])])

    def address(self, *, sort: str = "", page: int = 1) -> str:
        """Return the query string of one page of it, sorted so or as it is."""
        shown = {"sort": sort or self.sort, "page": str(page)}
        told = urlencode([(name, value) for name, value in shown.items() if value not in ("best", "1")])
        return "&".join(filter(None, (self.query, told)))

    def without(self, name: str, value: str) -> str:
        """Return the query string of the same with one value less."""
        left = [(each, tuple(v for v in values if (each, v) != (name, value))) for each, values in self.chosen]
        return replace(self, chosen=tuple((each, values) for each, values in left if values)).query

    def tables(self, *, sorted_too: bool = False) -> str:
        """Return the FROM clause of the tables that are looked at, and no other, since each costs a join of all organizations."""
        asked = [FILTERS[name].table for name, _ in self.chosen] + ["organization"] * bool(self.search)
        order = SORTS[self.sort] if sorted_too else ""
        joined = [each for each in ("organization", "message") if each in asked or f"{each}." in order]
        return "from mart.fit as fit" + "".join(_JOINED.format(each) for each in joined)

    @property
    def where(self) -> str:
        """The condition on organizations, for `tables`; of those about leads one lead has to meet all."""
        conditions = [FILTERS[name].condition for name, _ in self.chosen if not FILTERS[name].of_leads]
        conditions += [_LEADS.format(self.of_leads)] if self.of_leads else []
        conditions += [_SEARCHED] if self.search else []
        return " and ".join(conditions) or "true"

    @property
    def of_leads(self) -> str:
        """The condition on leads; empty when any lead will do."""
        return " and ".join(FILTERS[name].condition for name, _ in self.chosen if FILTERS[name].of_leads)

    def parameters(self, *, leads_only: bool = False) -> dict[str, object]:
        """Return the values that the conditions ask for, or the one on leads alone."""
        told = {name: list(values) for name, values in self.chosen if FILTERS[name].of_leads or not leads_only}
        return {**told, **({"search": self.search} if self.search and not leads_only else {})}

    @property
    def sentence(self) -> str:
        """What is selected, in words; empty when it is everything."""
        words = [
            f"{FILTERS[name].title.lower()} is {listed([spoken(name, each) for each in values])}" for name, values in self.chosen
        ]
        return ", ".join([*words, *([f"name or domain has “{self.search}”"] if self.search else [])])

    def _pairs(self) -> list[tuple[str, str]]:
        return [(name, value) for name, values in self.chosen for value in values]


def selected(asked: Iterable[tuple[str, str]], known: Mapping[str, Iterable[str]]) -> Selection:
    """Return what a query string selects, where `known` has the values of each filter; raises a refusal for anything else."""
    told: dict[str, list[str]] = {}
    for name, value in asked:
        if value.strip():
            told.setdefault(name, []).append(value)
    if strange := told.keys() - FILTERS.keys() - {"search", "sort", "page"}:
        _refuse(f"{_count(len(strange))} of what was asked for is no filter here; choose from {listed([*FILTERS, 'search'])}.")
    chosen = tuple((name, _values(FILTERS[name], told[name], known[name])) for name in FILTERS if name in told)
    return Selection(chosen, _search(_one(told, "search", "")), _sort(_one(told, "sort", "best")), _page(_one(told, "page", "1")))


def _values(of: Filter, told: Sequence[str], known: Iterable[str]) -> tuple[str, ...]:
    values = tuple(sorted(set(told)))
    if len(values) > MOST_VALUES or not set(values) <= {*known, NOT_KNOWN}:
        _refuse(f"This release has no such {of.title.lower()}; go back to the organizations and choose from those it has.")
    return values


def _one(told: Mapping[str, Sequence[str]], name: str, otherwise: str) -> str:
    values = told.get(name, [otherwise])
    if len(values) > 1:
        _refuse(f"There can be only one {name} at a time; leave out the others.")
    return values[0]


def _search(words: str) -> str:
    plain = " ".join(words.split())
    if len(plain) > LONGEST_SEARCH or not plain.isprintable():
        _refuse(f"What is searched for has at most {LONGEST_SEARCH} letters; write fewer of them.")
    return plain


def _sort(name: str) -> str:
    if name not in SORTS:
        _refuse(f"There is no such order; choose from {listed(SORTS)}.")
    return name


def _page(number: str) -> int:
    if not (
        number.isascii() and number.isdecimal() and 1 <= len(number) <= len(str(MOST_PAGES)) and 1 <= int(number) <= MOST_PAGES
    ):
        _refuse("There is no such page; begin with page 1.")
    return int(number)


def _count(number: int) -> str:
    return "One" if number == 1 else str(number)


def _refuse(sentence: str) -> NoReturn:
    raise HTTPException(400, sentence)
