"""A person by name: who they are at, and in which spellings they come again.

Here: the one spelling of a name together with its organization, since a name alone is many people's. Elsewhere: their mailbox and
phone (`values`), hashing (`keys`), who is suppressed (`pipelines.suppression`).
"""

from collections.abc import Iterator

from pipelines.domains import registrable
from pipelines.suppression.entries import Entry
from pipelines.suppression.plain import plain_forms
from pipelines.suppression.values import companies, words


def persons(name: str, organization: str) -> Iterator[str]:
    """Yield a person of an organization, named by domain or in any legal form; the order of the names does not count.

    Without an organization it is the name alone: for rows that name none.

    >>> list(persons("Ada Otter", "Acme Ltd"))
    ['ada otter@acmeltd', 'ada otter@acme']
    """
    named_so = " ".join(sorted(words(plain_forms(name)[0])))
    form = plain_forms(organization)[0].strip()
    if not form and " " in named_so:
        yield f"{named_so}@"
    domain = registrable(form) if "." in form and " " not in form else None
    if " " in named_so:
        yield from (f"{named_so}@{each}" for each in ([domain] if domain else companies(form)))


def person_entries(name: str, organization: str) -> list[Entry]:
    """Return the person of that name at the organization; none for one word, which is nobody's whole name."""
    return [Entry("person", each) for each in list(persons(name, organization))[-1:]]
