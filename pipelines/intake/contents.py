"""What a column holds, whatever it is called.

Here: how many of a column's different texts are addresses, numbers, countries, days, people, companies. Elsewhere: what one text
means (`addresses`, `phones`, `numbers`, …), and what follows from it (`headings`).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from pipelines.intake.addresses import email, linkedin, website
from pipelines.intake.countries import STATES, country
from pipelines.intake.days import day
from pipelines.intake.folding import fold, stated
from pipelines.intake.habits import PLAIN, Habit, habit
from pipelines.intake.names import AFTER, PARTICLES, TITLES, has_legal_form
from pipelines.intake.numbers import headcount, money, year
from pipelines.intake.phones import phone
from pipelines.intake.synonyms import Field
from pipelines.intake.values import postcode

MOST = 300
"""So many different texts of a column are looked at; more say nothing new."""
LONGEST = 500
LONGEST_NAME = 60
_WORD_OF_NAME = re.compile(r"[^\W\d_][^\W\d_.'’-]*(?:[.'’-][^\W\d_]*)*")
_DIALLED = re.compile(r"[+(]?[\d ()./–-]{6,}(?:(?:ext|x)\.? ?\d+)?")
_BAND = re.compile(
    r"\d[\d.,]*\s?[kK]?\s?(?:-|–|to|bis|a|à)\s?\d[\d.,]*\s?[kK]?(?:\s\D+)?|\d[\d.,]*\s?[kK]?\+(?:\s\D+)?", re.IGNORECASE
)
_POSTCODE = re.compile(
    r"\d{5}|\d{4} ?[A-Z]{2}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|\d\d-\d{3}|\d{5}-\d{3,4}|[A-Z]{1,2}-\d{4,5}"
)
CODES_OF_STATES = frozenset(
    """AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD
    TN TX UT VT VA WA WV WI WY DC AB BC MB NB NL NS ON PE QC SK NSW QLD VIC TAS""".split()
)


class Content:
    """The different stated texts of one column, and the share of them (0–1) that are something."""

    def __init__(self, heading: str, cells: Sequence[str]) -> None:
        self.heading = heading
        self.cells = cells

    @cached_property
    def texts(self) -> list[str]:
        """The different texts, as they came, those that say nothing left out."""
        given = dict.fromkeys(cell for cell in self.cells if stated(cell[:LONGEST]))
        return list(given)[:MOST]

    @cached_property
    def filled(self) -> float:
        """The share of cells that say something."""
        return sum(1 for cell in self.cells if stated(cell[:LONGEST])) / len(self.cells) if self.cells else 0.0

    @cached_property
    def habit(self) -> Habit:
        """How the column writes."""
        return habit(self.heading, self.texts)

    def share(self, test: Callable[[str], bool]) -> float:
        """Return the share of the different texts that pass the test; 0 when there are none."""
        return sum(1 for text in self.texts if len(text) <= LONGEST and test(text)) / len(self.texts) if self.texts else 0.0

    def of(self, field: Field) -> float | None:
        """Return the share of texts that the field understands, or None for a field that takes any text."""
        test = self.test(field)
        return None if test is None else self.share(test)

    def test(self, field: Field) -> Callable[[str], bool] | None:
        """Return the test whether the field understands a text, or None for a field that takes any."""
        return self._tests.get(field)

    @cached_property
    def _tests(self) -> Mapping[Field, Callable[[str], bool]]:
        return {
            "email": is_email,
            "website": is_website,
            "phone": is_phone,
            "country": lambda text: country(text) is not None,
            "noted_on": lambda text: is_day(text, self.habit),
            "employees": lambda text: headcount(text, self.habit) is not None,
            "revenue": lambda text: money(text, self.habit) is not None,
            "founded": lambda text: year(text) is not None,
            "postcode": lambda text: postcode(text) is not None,
            "linkedin": lambda text: linkedin(text) is not None,
            "person_linkedin": lambda text: linkedin(text) is not None,
        }


def is_email(text: str) -> bool:
    """Say whether the text is or holds an e-mail address."""
    return "@" in text and email(text) is not None


def is_website(text: str) -> bool:
    """Say whether the text is a website of its own, no profile on a network."""
    return "." in text and website(text) is not None


def is_phone(text: str) -> bool:
    """Say whether the text looks like a telephone number, or is one in any country: five digits and little else."""
    digits = sum(letter.isdigit() for letter in text)
    return digits >= 5 and (phone(text) is not None or digits >= sum(map(str.isalpha, text)))


def is_dialled(text: str) -> bool:
    """Say whether the text can be nothing but a telephone number: written as one dials, and no date or plain number."""
    written = text.strip()
    if written.isdigit() or not _DIALLED.fullmatch(written) or day(written):
        return False
    digits = sum(letter.isdigit() for letter in written)
    return written.startswith(("+", "00")) or (8 <= digits <= 15 and (written.startswith(("0", "(")) or written.count("-") == 2))


def is_day(text: str, column: Habit = PLAIN) -> bool:
    """Say whether the text is a day, be it in a form that could be two."""
    return day(text, column) is not None or bool(re.match(r"\s*\d{1,2}[/-]\d{1,2}[/-](\d{4}|\d\d)(?!\d)", text))


def is_country(text: str) -> bool:
    """Say whether the text names a country, in full or by a code in capitals, and no state of the USA."""
    written = text.strip()
    if len(written) <= 3:
        return written.isupper() and country(written) is not None
    return fold(written) not in STATES and country(written) is not None


def is_state(text: str) -> bool:
    """Say whether the text is a state of the USA in full, or a code of one there, in Canada or in Australia."""
    return text.strip() in CODES_OF_STATES or fold(text) in STATES or fold(text) == "georgia"


def is_band(text: str) -> bool:
    """Say whether the text is a range of head counts: 51-200, 10,001+."""
    return _BAND.fullmatch(text.strip()) is not None and headcount(text) is not None


def is_postcode(text: str) -> bool:
    """Say whether the text looks like a postcode: five digits, or as the Dutch, the British, the Poles write."""
    return _POSTCODE.fullmatch(text.strip()) is not None


def is_amount(text: str) -> bool:
    """Say whether the text is money that names its currency."""
    amount = money(text)
    return amount is not None and (amount.currency is not None or "$" in text)


def is_company(text: str) -> bool:
    """Say whether the text ends as only a company's name does."""
    return len(text) <= LONGEST_NAME and has_legal_form(text)


def is_title(text: str) -> bool:
    """Say whether the text is nothing but forms of address and degrees: Dr., Frau, Mr, Prof. Dr."""
    return all(word in TITLES or word in AFTER for word in fold(text).split())


def is_person(text: str) -> bool:
    """Say whether the text looks like a person's name: two to five words of letters with capitals, no legal form."""
    words = text.replace(",", " ").split()
    if not 2 <= len(words) <= 5 or len(text) > LONGEST_NAME or has_legal_form(text):
        return False
    return all(_WORD_OF_NAME.fullmatch(word) and (word[0].isupper() or fold(word) in PARTICLES) for word in words)


def is_same_mailbox(name: str, address: str) -> bool:
    """Say whether an e-mail address is named like the text: ada.lovelace@… for Ada Lovelace."""
    mailbox = fold(address.partition("@")[0]).replace(" ", "")
    words = [word for word in fold(name).split() if len(word) > 2]
    return bool(words) and any(word in mailbox for word in words)


def is_same_domain(name: str, address: str) -> bool:
    """Say whether an e-mail address or website is at a domain named like the text."""
    host = fold(address.rpartition("@")[2]).replace(" ", "")
    words = [word for word in fold(name).split() if len(word) > 2]
    return bool(words) and words[0] in host
