"""What is written down of a value that somebody gives to be suppressed.

Here: telling what kind a value is of, and its entries: the value in its one spelling, and what helps to find it. Elsewhere: the
spellings (`values`), hashing and keeping (`book`), lists of values (`lists`).
"""

import re
from typing import NamedTuple

import phonenumbers

from pipelines.intake.addresses import NETWORKS
from pipelines.intake.free_mail import is_free_mail
from pipelines.suppression import values
from pipelines.suppression.plain import plain_forms

KINDS = ("mailbox", "phone", "domain", "company", "person")
"""What can be suppressed."""
_EXTENSION = re.compile(r"\s*[,;(]?\s*(?:;?ext(?:ension)?[.=:]?|x|#|dw|durchwahl|poste|anexo|ramal|int\.?)\s*[0-9]{1,6}\)?$")
_SPREADSHEET = re.compile(r"[0-9]{7,15}\.0|[0-9]\.[0-9]{5,14}e\+[0-9]{1,2}")
"""A number that a spreadsheet took for one to reckon with."""
_LABEL = re.compile(r"^(?:tel|phone|telefon|mobile|mobil|fax|whatsapp)\.?:?\s*")


class Entry(NamedTuple):
    """One thing to be hashed. Kinds besides those of `KINDS` help to find them: tail, national, bare, head and part."""

    kind: str
    value: str


def entries_of(text: str, region: str | None = None, *, company: bool = True) -> list[Entry]:
    """Return the entries of a value as somebody wrote it: an e-mail address, a phone, a website or domain, else a company.

    `region` (alpha-2) is where a national number is from; without one it is suppressed in every country. With `company` false
    what is nothing else is nothing. An empty list is what cannot be suppressed: nothing, or what everybody shares.
    """
    forms = [form.strip() for form in plain_forms(text)]
    domain = next((found for form in forms if (found := domain_entries(re.sub(r"^[*.@]+", "", form)))), [])
    known = mailbox_entries(text) or phone_entries(forms[0], region) or domain
    is_address = " " not in forms[0] and any(values.domains(forms[0]))
    return known or (company_entries(forms[0]) if company and not is_address else [])


def mailbox_entries(text: str) -> list[Entry]:
    """Return the mailboxes the text names."""
    for form in plain_forms(text):
        if found := list(dict.fromkeys(values.mailboxes(form))):
            return [Entry("mailbox", each) for each in found]
    return []


def phone_entries(form: str, region: str | None) -> list[Entry]:
    """Return the number that the plain text is, with what it may be dialled as; none for a text that is no number."""
    written = _EXTENSION.sub("", _LABEL.sub("", form.strip()))
    written = f"{float(written):.0f}" if _SPREADSHEET.fullmatch(written) else written
    digits = "".join(filter(str.isdigit, written))
    if not values.LEAST_DIGITS <= len(digits) <= values.MOST_DIGITS or any(map(str.isalpha, written)):
        return []
    try:
        number = phonenumbers.parse(f"+{written[2:]}" if written.startswith("00") else written, region)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        bare = digits.lstrip("0")
        return [Entry("bare", bare), Entry("tail", values.tail(bare))] if len(bare) >= values.LEAST_DIGITS else []
    national, whole = str(number.national_number), f"{number.country_code}{phonenumbers.national_significant_number(number)}"
    return [Entry("phone", whole), Entry("national", national), Entry("tail", values.tail(whole))]


def domain_entries(form: str) -> list[Entry]:
    """Return the host that the plain text is, or is a URL of; none for one that everybody shares, such as a mail provider's."""
    host = next(values.domains(form.partition("://")[2] or form), "") if " " not in form else ""
    domain = host.removeprefix("www.")
    shared = is_free_mail(domain) or domain in NETWORKS
    return [Entry("domain", domain)] if domain and not shared and values.is_domain(domain) else []


def company_entries(form: str) -> list[Entry]:
    """Return the company that the plain text names."""
    name = values.bare_name(form)
    if not name:
        return []
    head = [Entry("head", "".join(name[:2]))] if len(name) > 1 else []
    return [Entry("company", "".join(name)), *head]
