"""What a source is: one public place to look, as a value and a few pure functions.

Here: the type, and nothing that fetches or parses. A source cannot open a socket (it yields requests), cannot invent a fact
(only `page.fact` makes one) and cannot forget the evidence. Elsewhere: the sources (`sources`, one file each), and the loop
that drives them (`enrich`).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from pipelines.lexicon import Lexicon
from pipelines.page import Page
from pipelines.records import Fact, Organization, Request


def no_requests(_: Organization | Page) -> Iterable[Request]:
    """Ask nothing: for sources that only read what others fetched, or follow nothing."""
    return ()


@dataclass(frozen=True, slots=True)
class Source:
    """One public place to look.

    `plan` says which requests an organization needs, `follow` which further ones a page suggests, whichever source it was asked
    for (bounded by the run's budget), `search` what to ask when its website was read: the organization then has the names,
    places and numbers of its own pages too, and `domain` is its website. A source asks on its own behalf only.
    `wants` which pages it reads, `read` which facts they state. `trust` (0 to 1) weighs its word against other sources',
    `fresh` is how long an answer need not be asked again, `expected_share` the share of organizations with a website it should
    have a fact about: a smaller one is a failed check. By host, `paces` says how many seconds its terms want between two
    requests, and `budgets` how many one run may send there: what is left over is for the next run, and nobody waits for such a
    host. One that is `off_by_default` is asked only where settings.yaml turns it on.
    """

    name: str
    description: str
    hosts: str
    terms: str
    trust: float
    fresh: timedelta
    expected_share: float
    states: frozenset[str]
    wants: Callable[[Page], bool]
    read: Callable[[Page, Lexicon], Iterable[Fact]]
    plan: Callable[[Organization], Iterable[Request]] = no_requests
    follow: Callable[[Page], Iterable[Request]] = no_requests
    search: Callable[[Organization], Iterable[Request]] = no_requests
    paces: Mapping[str, float] = field(default_factory=dict)
    budgets: Mapping[str, int] = field(default_factory=dict)
    off_by_default: bool = False
