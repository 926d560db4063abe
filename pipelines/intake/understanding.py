"""What the rows of a lead list say, a block at a time.

Here: a block of rows and the mapping of its headings make sightings, and for the rows that are none the reason. Elsewhere: the
mapping (`headings`, `habits`), each kind of value for a whole column (`columns`), the books (`reading`).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.ids import SEPARATOR
from pipelines.intake import columns
from pipelines.intake.blocks import as_json_objects, fields_of, joined, mapped, nothing, says_something, where
from pipelines.intake.columns import COUNTS, PAIR, SUMS, TEXT, Meanings
from pipelines.intake.folding import fold, stated
from pipelines.intake.habits import PLAIN, Habit
from pipelines.intake.rows import Block, Column, Flags, Texts
from pipelines.intake.synonyms import Field

LONGEST_CELL = 2048
TOTALS = (
    *("total", "totals", "grand total", "subtotal", "sub total", "sum", "sums", "count", "summe", "gesamt", "gesamtsumme"),
    *("zwischensumme", "somme", "totale", "total general", "suma", "totaal", "summa", "i alt", "razem", "soma", "celkem"),
)
_LETTER = re.compile(r"[^\W\d_]{2}")
Headings = Mapping[Field, tuple[str, ...]]
TEXTS: tuple[Field, ...] = ("job_title", "channel", "campaign", "industry", "description", "note")
"""Fields that are kept as written."""
REFUSALS = {
    "free_mail_only": "Only an address at a free mail provider is known; add the company or a work address.",
    "broken_email": "The e-mail address is broken and no company is named; mend it or add the company.",
    "empty_row": "The row is empty; nothing to do.",
    "a_total": "The row sums up those above it and names no company; nothing to do.",
    "no_company": "Neither a company, a website nor a work e-mail address is in the row; add one of them.",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """How a list is to be read: the headings of each field, how columns write, and where it is from if its rows do not say."""

    headings: Headings
    habits: Mapping[str, Habit] = field(default_factory=dict)
    default_country: str | None = None
    null_words: frozenset[str] = frozenset()

    def field_of(self, heading: str) -> Field | None:
        """Return the field that a column is read as."""
        return next((field for field, headings in self.headings.items() if heading in headings), None)


@dataclass(frozen=True, slots=True)
class Understood:
    """What a block says: a column for each of core.sighting's that a row can say, and which of REFUSALS a row meets, if any."""

    columns: Mapping[str, Column]
    refusals: Texts


class Cells:
    """The cells of a block, each taken at most once; what nobody could take is what is left."""

    def __init__(self, block: Block, reading: Reading) -> None:
        self.rows = block.rows
        self._columns = {heading: _without(reading.null_words, column) for heading, column in block.columns.items()}
        self._reading = reading
        self._taken: dict[str, Flags] = {}

    def take(self, name: Field, understand: Callable[[Texts, Habit], Meanings], kinds: Sequence[pa.DataType] = TEXT) -> Meanings:
        """Return what each row's first cell of the field that can be understood means; a cell longer than any value cannot."""
        found: Meanings = [nothing(self.rows, kind) for kind in kinds]
        for heading in self._named(name):
            column = self._columns[heading]
            short = pc.less_equal(pc.binary_length(column), LONGEST_CELL)
            open_cells = where(pc.and_(short, pc.is_null(found[0])), column)
            meanings = understand(open_cells, self._reading.habits.get(heading, PLAIN))
            self._taken[heading] = pc.is_valid(meanings[0])
            found = [pc.coalesce(*both) for both in zip(found, meanings, strict=True)]
        return found

    def text(self, name: Field) -> Texts:
        """Return the clean text of the field."""
        return self.take(name, columns.texts)[0]

    def left(self) -> dict[str, Texts]:
        """Return heading -> the cells with text in them that were not taken."""
        return {heading: where(self._is_left(heading), column) for heading, column in self._columns.items()}

    def _named(self, name: Field) -> list[str]:
        return [heading for heading in self._reading.headings.get(name, ()) if heading in self._columns]

    def _is_left(self, heading: str) -> Flags:
        says, taken = says_something(self._columns[heading]), self._taken.get(heading)
        return says if taken is None else pc.and_not(says, taken)


def _without(null_words: frozenset[str], column: Texts) -> Texts:
    """Return the column without the cells that settings.yaml calls empty; `null_words` are in lower case."""
    if not null_words:
        return column
    says_nothing = pc.is_in(pc.utf8_lower(pc.utf8_trim_whitespace(column)), pa.array(sorted(null_words), pa.string()))
    return where(pc.invert(says_nothing), column)


def understand(block: Block, reading: Reading) -> Understood:
    """Return what the rows say, and why some of them are no leads."""
    cells = Cells(block, reading)
    company, key = cells.take("company", columns.companies, PAIR)
    site, domain = cells.take("website", partial(columns.websites, key), PAIR)
    address, email_domain = cells.take("email", columns.emails, PAIR)
    refusals = pc.coalesce(_refusals(block, reading, pc.coalesce(company, domain, email_domain), address), _totals(block, key))
    who = _person(cells)
    place = _place(cells)
    region = pc.coalesce(place["country"], pa.scalar(reading.default_country, pa.string()))
    number, extension = cells.take("phone", partial(columns.phones, region), PAIR)
    said: dict[str, Column] = {
        "identity": _identity(address, domain, key, who, place),
        "company": company,
        "company_key": key,
        "website": site,
        "domain": domain,
        "email": address,
        "email_domain": email_domain,
        **who,
        "phone": number,
        "phone_extension": extension,
        **place,
        **_size(cells),
        **{name: cells.text(name) for name in TEXTS},
        "linkedin": cells.take("linkedin", partial(columns.profiles, "organization"))[0],
        "noted_on": cells.take("noted_on", columns.days, [pa.date32()])[0],
    }
    return Understood({**said, "extra": as_json_objects(cells.left(), block.rows)}, refusals)


def _refusals(block: Block, reading: Reading, organization: Texts, address: Texts) -> Texts:
    """Return why a row is refused: because nothing in it says which organization it is about."""
    if not organization.null_count:
        return nothing(block.rows)
    lost = pc.is_null(organization)
    rows = {heading: column.filter(lost) for heading, column in block.columns.items()}
    mails = [mapped(rows[heading], stated) for heading in reading.headings.get("email", ()) if heading in rows]
    cells = [where(says_something(column), column) for column in rows.values()]
    none = nothing(organization.null_count)
    reason = pc.case_when(
        pc.make_struct(
            pc.is_valid(address.filter(lost)), pc.is_valid(pc.coalesce(none, *mails)), pc.is_null(pc.coalesce(none, *cells))
        ),
        "free_mail_only",
        "broken_email",
        "empty_row",
        "no_company",
    )
    return pc.replace_with_mask(nothing(block.rows), lost, reason)


def _totals(block: Block, key: Texts) -> Texts:
    """Return which rows only sum up others: what would be their company is the word for it, and beside it are no words."""
    reasons: list[str | None] = [None] * block.rows
    for row in pc.indices_nonzero(pc.is_in(key, pa.array(TOTALS))).to_pylist():
        if sum(_LETTER.search(text) is not None for text in fields_of(block, row).values()) == 1:
            reasons[row] = "a_total"
    return pa.array(reasons, pa.string())


def _person(cells: Cells) -> dict[str, Column]:
    """Return who the lead is; the name from its own cells or, where a row has none of these, from the full name."""
    first_name, last_name = cells.text("first_name"), cells.text("last_name")
    unnamed = pc.and_(pc.is_null(first_name), pc.is_null(last_name))
    family, given = cells.take("full_name", lambda column, _: columns.people(where(unnamed, column)), PAIR)
    return {
        "first_name": pc.coalesce(first_name, given),
        "last_name": pc.coalesce(last_name, family),
        "person_linkedin": cells.take("person_linkedin", partial(columns.profiles, "person"))[0],
    }


def _place(cells: Cells) -> dict[str, Column]:
    return {
        "country": cells.take("country", columns.countries)[0],
        "region": cells.text("region"),
        "postcode": cells.take("postcode", columns.postcodes)[0],
        "city": cells.take("city", columns.cities)[0],
        "street": cells.text("street"),
    }


def _size(cells: Cells) -> dict[str, Column]:
    """Return how big the organization is said to be, and since when it is there."""
    _, fewest, most = cells.take("employees", columns.headcounts, COUNTS)
    _, least, highest, currency = cells.take("revenue", columns.sums, SUMS)
    return {
        "employees_low": fewest,
        "employees_high": most,
        "revenue_low": least,
        "revenue_high": highest,
        "revenue_currency": currency,
        "founded": cells.take("founded", columns.years, [pa.int16()])[0],
    }


def _identity(address: Texts, domain: Texts, key: Texts, who: Mapping[str, Texts], place: Mapping[str, Texts]) -> Texts:
    """Return what makes two rows the same lead: `email`, `person`, `domain` or `company`, and which."""
    if not address.null_count:
        return joined(f"email{SEPARATOR}", address)
    parts = who["first_name"], who["last_name"], key, place["country"], mapped(place["city"], fold)
    first_name, last_name, key, land, city = (pc.fill_null(each, "") for each in parts)
    name = mapped(where(pc.is_null(address), joined(first_name, " ", last_name)), fold)
    return pc.coalesce(
        joined(f"email{SEPARATOR}", address),
        joined(f"person{SEPARATOR}", where(pc.not_equal(name, ""), name), SEPARATOR, pc.coalesce(domain, key)),
        joined(f"domain{SEPARATOR}", domain),
        joined(f"company{SEPARATOR}", key, SEPARATOR, land, SEPARATOR, city),
    )
