"""What one row of a lead list says.

Here: a row and the mapping of its headings make a sighting, or a `Skip` that says why there is none. Elsewhere: the mapping
(`headings`), each kind of value (`addresses`, `names`, `places`, `values`), the books (`reading`).
"""

import json
from collections.abc import Callable, Mapping
from typing import TypeVar

from pipelines.errors import Skip
from pipelines.ids import SEPARATOR, make_id
from pipelines.intake.addresses import Email, Website, email, website
from pipelines.intake.countries import country
from pipelines.intake.folding import fold, stated
from pipelines.intake.names import company_key, split_name
from pipelines.intake.rows import Row
from pipelines.intake.synonyms import Field
from pipelines.intake.values import day, e164

LONGEST_CELL = 2048
Headings = Mapping[Field, tuple[str, ...]]
Sighting = dict[str, object]
T = TypeVar("T")
# The raw fields as JSON text: in the list's order, and in the one order that hashes the same whatever theirs was.
as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
canonical = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


class Cells:
    """The cells of one row, each taken at most once; what nobody could take is what is left."""

    def __init__(self, fields: Mapping[str, str], headings: Headings) -> None:
        self._fields = fields
        self._headings = headings
        self._taken: set[str] = set()

    def take(self, field: Field, understand: Callable[[str], T | None]) -> T | None:
        """Return the field's first cell that can be understood, or None; a cell longer than any value is none."""
        for heading in self._headings.get(field, ()):
            text = self._fields.get(heading, "")
            if text and len(text) <= LONGEST_CELL and (value := understand(text)) is not None:
                self._taken.add(heading)
                return value
        return None

    def stated(self, field: Field) -> bool:
        """Say whether any cell of the field says something, understood or not."""
        return any(stated(self._fields.get(heading, "")) for heading in self._headings.get(field, ()))

    def left(self) -> dict[str, str]:
        """Return the cells with text in them that were not taken."""
        return {key: text for key, text in self._fields.items() if text and key not in self._taken and not text.isspace()}


def understand(row: Row, headings: Headings, default_country: str | None) -> Sighting:
    """Return what the row says, keyed by the columns of core.sighting; raises `Skip` for a row that is no lead."""
    if row.trouble is not None:
        raise row.trouble
    cells = Cells(row.fields, headings)
    company = cells.take("company", _company)
    key = company_key(company) if company else None
    site = cells.take("website", lambda text: website(text, key or ""))
    mail = cells.take("email", email)
    _refuse_nobody(cells, company, site, mail)
    first_name, last_name = _person(cells)
    land = cells.take("country", country)
    city = cells.take("city", _city)
    place = (land or "", fold(city or ""))
    return {
        "identity": _identity(site, mail, key, (first_name, last_name), place),
        "lead_id": make_id("lead", canonical(row.fields)),
        "company": company,
        "company_key": key,
        "website": site.written if site else None,
        "domain": site.domain if site else None,
        "email": mail.address if mail else None,
        "email_domain": mail.domain if mail else None,
        "first_name": first_name,
        "last_name": last_name,
        "job_title": cells.take("job_title", stated),
        "phone": cells.take("phone", lambda text: _phone(text, land or default_country)),
        "country": land,
        "city": city,
        "channel": cells.take("channel", stated),
        "campaign": cells.take("campaign", stated),
        "noted_on": cells.take("noted_on", day),
        "extra": as_json(cells.left()),
    }


def _refuse_nobody(cells: Cells, company: str | None, site: Website | None, mail: Email | None) -> None:
    """Raise `Skip` when nothing in the row says which organization it is about."""
    if company or site or (mail and mail.domain):
        return
    if mail:
        raise Skip("free_mail_only", "Only an address at a free mail provider is known; add the company or a work address.")
    if cells.stated("email"):
        raise Skip("broken_email", "The e-mail address is broken and no company is named; mend it or add the company.")
    if not cells.left():
        raise Skip("empty_row", "The row is empty; nothing to do.")
    raise Skip("no_company", "Neither a company, a website nor a work e-mail address is in the row; add one of them.")


def _company(text: str) -> str | None:
    """Return the company as written; a name without a letter or digit is none."""
    name = stated(text)
    return name if name and company_key(name) else None


def _person(cells: Cells) -> tuple[str | None, str | None]:
    """Return given and family name, from their own cells or from the full name."""
    first_name, last_name = cells.take("first_name", stated), cells.take("last_name", stated)
    if first_name or last_name:
        return first_name, last_name
    full_name = cells.take("full_name", stated)
    return split_name(full_name) if full_name else (None, None)


def _city(text: str) -> str | None:
    """Return the city as written, without the region or country after its comma."""
    return stated(text.partition(",")[0])


def _phone(text: str, region: str | None) -> str | None:
    return e164(text, region) or stated(text)


def _identity(
    site: Website | None,
    mail: Email | None,
    key: str | None,
    person: tuple[str | None, str | None],
    place: tuple[str, str],
) -> str:
    """Return what makes two rows the same lead: `email`, `person`, `domain` or `company`, and which."""
    if mail:
        return SEPARATOR.join(("email", mail.address))
    domain = site.domain if site else None
    name = fold(" ".join(part for part in person if part))
    if name:
        return SEPARATOR.join(("person", name, domain or key or ""))
    if domain:
        return SEPARATOR.join(("domain", domain))
    return SEPARATOR.join(("company", key or "", *place))
