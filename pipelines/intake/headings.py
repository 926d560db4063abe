"""Which field of a lead each column of a list is.

Here: the mapping by heading, by content as a second opinion, and by settings, which have the last word. Elsewhere: what a heading
says by itself (`wording`), what a column holds (`contents`), reading values through the mapping (`understanding`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from typing import Literal

from pipelines.errors import Stop
from pipelines.intake import contents
from pipelines.intake.addresses import linkedin
from pipelines.intake.contents import Content
from pipelines.intake.folding import fold
from pipelines.intake.people import settle_names
from pipelines.intake.synonyms import FIELDS, Field
from pipelines.intake.wording import WORST, Said, said
from pipelines.settings import Lists

NO_FIELD = "extra"
MOST = 0.6
NEARLY_ALL = 0.9
A_FEW = 0.2
ENOUGH = 3
"""So many different texts, and none of them understood, prove a heading wrong."""
SEVERAL: frozenset[Field] = frozenset(
    (
        "website",
        "email",
        "phone",
        "country",
        "city",
        "channel",
        "noted_on",
        "industry",
        "employees",
        "linkedin",
        "street",
        "postcode",
        "region",
    )
)
Because = Literal["settings", "heading", "content", "nothing"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, the field it is (None: kept as extra), who said so, its rank (0 is best), how sure (0–1)."""

    heading: str
    field: Field | None
    because: Because
    rank: int = 0
    confidence: float = 0.0


def map_headings(sample: Sequence[Mapping[str, str]], name: str, lists: Lists) -> list[Column]:
    """Return every column of the list called `name`, judged by some of its rows; raises `Stop` for a wrong override."""
    held = columns_of(sample)
    told = _overrides(name, lists)
    heard = settle_names({heading: said(heading) for heading in held}, held, sample)
    columns = [
        Column(heading, told[fold(heading)], "settings", confidence=1.0)
        if fold(heading) in told
        else _second_opinion(_by_heading(heading, heard[heading]), heard[heading], content)
        for heading, content in held.items()
    ]
    for field, looks_like, least, kinds in CLAIMS:
        columns = _claim(columns, held, heard, field, looks_like, least, kinds)
    return columns


def columns_of(sample: Sequence[Mapping[str, str]]) -> dict[str, Content]:
    """Return heading -> what its column holds, for every heading in any of the rows."""
    texts: dict[str, list[str]] = {}
    for fields in sample:
        for heading, text in fields.items():
            texts.setdefault(heading, []).append(text)
    return {heading: Content(heading, cells) for heading, cells in texts.items()}


def by_field(columns: Iterable[Column]) -> dict[Field, tuple[str, ...]]:
    """Return field -> the headings it is read from, best first: one, or several where a second may fill in for the first."""
    found: dict[Field, tuple[str, ...]] = {}
    for each in sorted(columns, key=lambda column: column.rank):
        if each.field and (each.field in SEVERAL or each.field not in found):
            found[each.field] = (*found.get(each.field, ()), each.heading)
    return found


def _overrides(name: str, lists: Lists) -> dict[str, Field | None]:
    """Return folded heading -> field (None: extra) as settings.yaml says for the patterns that match the list's name."""
    return {
        fold(heading): _known(heading, field)
        for pattern, headings in lists.headings.items()
        if fnmatch(name.casefold(), pattern.casefold())
        for heading, field in headings.items()
    }


def _known(heading: str, field: str) -> Field | None:
    if field == NO_FIELD:
        return None
    for each in FIELDS:
        if each == field:
            return each
    choices = ", ".join((*FIELDS, NO_FIELD))
    raise Stop(f"settings.yaml: lists.headings maps `{heading}` to {field}, which is no field; choose from {choices}.")


def _by_heading(heading: str, words: Said) -> Column:
    if words.field is None:
        return Column(heading, None, "nothing")
    return Column(heading, words.field, "heading", words.rank, words.certainty)


def _second_opinion(column: Column, words: Said, content: Content) -> Column:
    """Let a column of e-mail addresses be e-mail whatever it is called, and one that holds nothing of its field not be it."""
    if words.kind in ("somebody else", "something else"):
        return column
    if better := _unmistakable(column, words, content):
        return better
    share = content.of(column.field) if column.field else None
    if share is None or not content.texts:
        return column
    hopeless = share == 0 and (len(content.texts) >= ENOUGH or (column.field == "email" and not _any_at(content)))
    if hopeless:
        return Column(column.heading, None, "nothing")
    sure = column.confidence + 0.04 if share >= MOST else column.confidence * (0.4 + share)
    return replace(column, confidence=round(min(sure, 0.99), 2))


def _any_at(content: Content) -> bool:
    return any("@" in text for text in content.texts)


def _unmistakable(column: Column, words: Said, content: Content) -> Column | None:
    """Return the column as what it must be by its content: addresses of mailboxes and profiles look like nothing else."""
    mailboxes = content.share(contents.is_email)
    if column.field not in ("email", "note", "description") and mailboxes >= MOST:
        return Column(column.heading, "email", "content", 2 * WORST, round(mailboxes * NEARLY_ALL, 2))
    if words.kind == "linkedin" or column.field not in ("linkedin", "person_linkedin", "note", "description"):
        profiles = [found for text in content.texts if (found := linkedin(text))]
        if profiles and len(profiles) >= MOST * len(content.texts):
            of_people = sum(each.of == "person" for each in profiles) * 2 > len(profiles)
            field: Field = "person_linkedin" if of_people else "linkedin"
            return Column(
                column.heading, field, "content", column.rank or WORST, round(len(profiles) / len(content.texts) * 0.95, 2)
            )
    names = column.field in ("company", "full_name", "job_title") and len(content.texts) >= ENOUGH
    if names and content.share(contents.is_website) >= NEARLY_ALL:
        return Column(column.heading, "website", "content", 2 * WORST, NEARLY_ALL)
    return None


Kinds = frozenset[str]
UNKNOWN: Kinds = frozenset(("nothing", "unknown", "name", "title", "contact"))
NOTHING: Kinds = frozenset(("nothing",))
# Five digits are a postcode only beside a place.
NEEDS: Mapping[Field, Kinds] = {"postcode": frozenset(("city", "region", "street"))}
# One or two codes of states may be countries: DE, CA.
DIFFERENT: Mapping[Field, int] = {"region": 3}
# The fields that a column can claim by its content when no heading names them: what it has to look like, what share of it, and
# how little its heading may say.
CLAIMS: tuple[tuple[Field, Callable[[str], bool], float, Kinds], ...] = (
    ("website", contents.is_website, MOST, UNKNOWN),
    ("phone", contents.is_dialled, MOST, UNKNOWN),
    ("region", contents.is_state, NEARLY_ALL, UNKNOWN),
    ("country", contents.is_country, NEARLY_ALL, UNKNOWN),
    ("employees", contents.is_band, NEARLY_ALL, UNKNOWN),
    ("company", contents.is_company, A_FEW, UNKNOWN),
    ("full_name", contents.is_person, NEARLY_ALL, NOTHING),
    ("noted_on", contents.is_day, NEARLY_ALL, NOTHING),
    ("revenue", contents.is_amount, NEARLY_ALL, NOTHING),
    ("postcode", contents.is_postcode, MOST, NOTHING),
)


def _claim(
    columns: list[Column],
    held: Mapping[str, Content],
    heard: Mapping[str, Said],
    field: Field,
    looks_like: Callable[[str], bool],
    least: float,
    kinds: Kinds,
) -> list[Column]:
    """Give a field that no heading names to the column that looks most like it, of those that are nothing else."""
    known = {each.field for each in columns}
    if field in known or not NEEDS.get(field, known) & known:
        return columns
    open_columns = [each.heading for each in columns if each.because == "nothing" and heard[each.heading].kind in kinds]
    shares = {
        heading: held[heading].share(looks_like)
        for heading in open_columns
        if len(held[heading].texts) >= DIFFERENT.get(field, 1)
    }
    best = max(shares, key=lambda heading: shares[heading], default=None)
    if best is None or shares[best] < least:
        return columns
    claimed = Column(best, field, "content", WORST, round(0.4 + 0.4 * shares[best], 2))
    return [claimed if each.heading == best else each for each in columns]
