"""Whose name a column holds when its heading only says that it is one.

Here: `Name`, `Title` and `Contact`, decided by what stands beside them and by what is in them. Elsewhere: all other headings
(`wording`), splitting a name (`names`).
"""

from collections.abc import Callable, Mapping, Sequence

from pipelines.intake import contents
from pipelines.intake.contents import Content
from pipelines.intake.synonyms import Field
from pipelines.intake.wording import Said

HALF = 0.5
A_FEW = 0.1
LIKELY, GUESSED = 0.85, 0.6
Known = set[Field | None]
Rows = Sequence[Mapping[str, str]]


def settle_names(heard: Mapping[str, Said], held: Mapping[str, Content], sample: Rows) -> dict[str, Said]:
    """Return what each heading says once `name`, `title`, `contact` and `linkedin` are settled by neighbours and content."""
    settled = dict(heard)
    for kind, settle in (("contact", _contact), ("linkedin", _linkedin), ("name", _name), ("title", _title)):
        for heading, words in heard.items():
            if words.kind == kind:
                settled[heading] = settle(words, held[heading], settled, sample)
    return {heading: _whole_name(words, held[heading], settled) for heading, words in settled.items()}


def _known(settled: Mapping[str, Said]) -> Known:
    return {each.field for each in settled.values()}


def _contact(words: Said, content: Content, settled: Mapping[str, Said], sample: Rows) -> Said:  # noqa: ARG001 - one of four
    """A contact is an address or a number if it looks like one, else the person."""
    field: Field = (
        "email"
        if content.share(contents.is_email) >= HALF
        else "phone"
        if content.share(contents.is_dialled) >= HALF
        else "full_name"
    )
    return words._replace(kind="field", field=field, certainty=LIKELY if content.texts else GUESSED)


def _linkedin(words: Said, content: Content, settled: Mapping[str, Said], sample: Rows) -> Said:  # noqa: ARG001 - one of four
    """A profile is a person's where the list is of people, unless its content says otherwise (`headings`)."""
    of_people = {"first_name", "last_name", "full_name", "job_title"} & _known(settled)
    return words._replace(field="person_linkedin" if of_people else "linkedin", certainty=GUESSED)


def _name(words: Said, content: Content, settled: Mapping[str, Said], sample: Rows) -> Said:
    """Decide whose name it is: what is in the column first, then what stands beside it."""
    known = _known(settled)
    by_neighbours = _by_neighbours(known)
    if by_neighbours in ("first_name", "last_name") or "company" in known:
        return words._replace(kind="field", field=by_neighbours, certainty=LIKELY)
    if by_content := _by_content(content, settled, sample):
        return words._replace(kind="field", field=by_content, certainty=LIKELY)
    return words._replace(kind="field", field=by_neighbours, certainty=GUESSED)


def _by_neighbours(known: Known) -> Field:
    """`Name` beside `Vorname` is the family name, beside a company or an e-mail address the person, else the company."""
    if ("last_name" in known) != ("first_name" in known):
        return "first_name" if "last_name" in known else "last_name"
    is_person = {"email", "job_title"} & known and "website" not in known
    return "full_name" if "company" in known or is_person else "company"


def _by_content(content: Content, settled: Mapping[str, Said], sample: Rows) -> Field | None:
    """Return whose name it is by legal forms, by the mailboxes and domains in the same rows, by its looks; None when unclear."""
    mailboxes = _agreement(content.heading, "email", settled, sample, contents.is_same_mailbox)
    domains = max(_agreement(content.heading, field, settled, sample, contents.is_same_domain) for field in ("email", "website"))
    if content.share(contents.is_company) >= A_FEW or domains > max(mailboxes, HALF):
        return "company"
    return "full_name" if mailboxes >= HALF and content.share(contents.is_person) >= HALF else None


def _agreement(heading: str, field: str, settled: Mapping[str, Said], sample: Rows, same: Callable[[str, str], bool]) -> float:
    """Return in what share of the rows that have both the name and the address are named alike."""
    others = [other for other, words in settled.items() if words.field == field]
    pairs = [(row[heading], row[others[0]]) for row in sample if others and row.get(heading) and row.get(others[0])]
    return sum(same(*pair) for pair in pairs) / len(pairs) if pairs else 0.0


def _title(words: Said, content: Content, settled: Mapping[str, Said], sample: Rows) -> Said:  # noqa: ARG001 - one of four
    """`Title` is nothing where it says Dr. or Mr, beside a person the job title, else the company unless something else is."""
    known = _known(settled)
    if (content.texts and content.share(contents.is_title) >= HALF) or "job_title" in known:
        return words._replace(kind="something else", field=None)
    if {"first_name", "last_name", "full_name", "email"} & known:
        return words._replace(kind="field", field="job_title", certainty=LIKELY)
    return words if "company" in known else words._replace(kind="field", field="company", certainty=GUESSED)


def _whole_name(words: Said, content: Content, settled: Mapping[str, Said]) -> Said:
    """A family or given name without its other half that mostly has two words is the whole name."""
    halves = {"first_name", "last_name"}
    alone = words.field in halves and not (halves - {words.field}) & _known(settled)
    if alone and "full_name" not in _known(settled) and content.share(contents.is_person) >= HALF:
        return words._replace(field="full_name", certainty=LIKELY)
    return words
