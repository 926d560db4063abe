"""A person by name: who they are at, and in which spellings they come again.

Here: the one spelling of a name together with its organization, since a name alone is many people's, and the names that stand in
a row, whatever its columns are called. Elsewhere: their mailbox and phone (`values`), hashing (`keys`), who is suppressed
(`pipelines.suppression`).
"""

from collections.abc import Callable, Iterator, Sequence

from pipelines.domains import registrable
from pipelines.intake.names import AFTER, TITLES
from pipelines.suppression.entries import Entry
from pipelines.suppression.plain import plain_forms
from pipelines.suppression.values import MOST_WORDS, companies, domains, form_length, squeezed, words


def persons(name: str, organization: str) -> Iterator[str]:
    """Yield a person of an organization, named by domain or in any legal form; the order of the names does not count.

    Without an organization it is the name alone: for rows that name none.

    >>> list(persons("Dr. Ada Otter", "Acme Ltd"))
    ['ada dr otter@acmeltd', 'ada dr otter@acme', 'ada otter@acmeltd', 'ada otter@acme']
    """
    for each in _spellings(name):
        yield from (f"{each}@{place}" for place in places_of(organization))


def person_entries(name: str, organization: str) -> list[Entry]:
    """Return the person of that name at the organization; none for one word, which is nobody's whole name."""
    spelled, place = _spellings(name), places_of(organization)[-1:]
    parts = dict.fromkeys(word for each in spelled for word in each.split()) if place else ()
    return [Entry("person", f"{each}@{at}") for each in spelled for at in place] + [Entry("part", each) for each in parts]


def places_of(organization: str) -> list[str]:
    """Return an organization as persons are of it: its domain, or its name with and without legal forms; itself where it is none.

    >>> places_of("www.acme.example"), places_of("Acme Ltd"), places_of(""), places_of("-")
    (['acme.example'], ['acmeltd', 'acme'], [''], [])
    """
    form = plain_forms(organization)[0].strip()
    if not form:
        return [""]
    domain = registrable(form) if "." in form and " " not in form else None
    return [domain] if domain else list(companies(form))


def names_in(cells: Sequence[str], is_part: Callable[[str], bool]) -> Iterator[str]:
    """Yield the names of several words, all of them parts of somebody's, that stand in the cells or across two of them.

    Titles and initials between the words are passed over. What ends a cell with a legal form is a company's name.
    """
    run: list[str] = []
    for cell in cells:
        said = words_of(cell)
        for place, word in enumerate(said):
            if is_part(word):
                run.append(word)
            elif form_length(said, place) == len(said) - place:
                run = []
            elif not _is_beside(word):
                yield from _names_of(run)
                run = []
    yield from _names_of(run)


def places_in(cells: Sequence[str]) -> Iterator[str]:
    """Yield every organization that may be named in the cells, as `places_of` has them."""
    for cell in cells:
        said = words_of(cell)
        for start in range(len(said)):
            yield from (squeezed(said[start:end]) for end in range(start + 1, min(start + MOST_WORDS, len(said)) + 1))
        yield from filter(None, map(registrable, domains(plain_forms(cell)[0])))


def words_of(cell: str) -> list[str]:
    """Return the words of a text as names are compared."""
    return words(plain_forms(cell)[0])


def _spellings(name: str) -> list[str]:
    """Return a name of several words as it is, and without titles and initials."""
    said = words_of(name)
    bare = [word for word in said if not _is_beside(word)]
    return list(dict.fromkeys(" ".join(sorted(each)) for each in (said, bare) if len(each) > 1))


def _is_beside(word: str) -> bool:
    return len(word) == 1 or word in TITLES or word in AFTER


def _names_of(run: Sequence[str]) -> Iterator[str]:
    for start in range(len(run) - 1):
        for end in range(start + 2, min(start + MOST_WORDS, len(run)) + 1):
            yield " ".join(sorted(run[start:end]))
