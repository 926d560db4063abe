"""The numbers an organization is registered under, as its legal pages and footers give them.

Here: British and Irish company numbers, German registers with their kind, French SIREN, VAT identification numbers. A number counts
only behind the words that say what it is, and where it has check digits they have to fit. Elsewhere: the name of the company
(`imprints`), what registers say of it (their sources).
"""

import re
from collections.abc import Iterator

from pipelines.lexicon import Lexicon
from pipelines.nodes import Node
from pipelines.page import Page
from pipelines.records import Fact

LONGEST = 700
HINT = re.compile(
    r"egist|REGIST|ompany [Nn]|COMPANY N|HR ?[AB]|SIRE|RCS|R\.C\.S|VAT|Vat|USt|Ust|UID|MwSt|TVA|BTW|KVK|KvK|IVA|CVR|CHE-"
)
BRITAIN = r"(?:England(?:\s*(?:and|&|/|,)\s*Wales)?|Scotland|Wales|Northern Ireland|the UK|the United Kingdom|Great Britain|UK|Companies House)"
NUMBER = r"(?P<number>(?:SC|NI|OC|SO|NC|LP)\s?\d{6}|\d{6,8})(?![\d-])"
NO = r"(?:registration|registered|reg\.?)?\s*(?:numbers?|no|nr|num|№|#)?[.:]?\s*(?:is\s+)?:?\s*"
COMPANY_NUMBERS = (
    re.compile(rf"\b(?:registered|registration|incorporated|reg\.?)\s+(?:company\s+)?(?:in|at|with)\s+{BRITAIN}[^.;|\d]{{0,60}}?(?:\.\s*)?(?:company\s+)?{NO}{NUMBER}", re.IGNORECASE),
    re.compile(rf"\bcompan(?:y|ies)(?:\s+house)?\s+(?:{NO}|registration\s+(?:no|number)[.:]?\s*){NUMBER}", re.IGNORECASE),
)  # fmt: skip
IRELAND = re.compile(
    rf"\b(?:registered|incorporated)\s+in\s+(?:the\s+republic\s+of\s+)?Ireland\b[^.;|\d]{{0,40}}?{NO}(?P<number>\d{{5,6}})\b",
    re.IGNORECASE,
)
NORTH = re.compile(r"\bregistered in Northern Ireland", re.IGNORECASE)
NOT_THIS = re.compile(
    r"\b(?:vat|charity|fca|financial|authorised|ico|data protection|tax|phone|tel)\b[^.;|]{0,30}$", re.IGNORECASE
)
GERMAN = re.compile(r"\bHR\s?(?P<kind>[AB])\s*(?:-?\s?(?:Nr|Nummer|No)\.?)?\s*[:\s-]\s*(?P<number>\d{2,6})\b(?!\s?[/-]?\d)")
FRENCH = re.compile(
    r"\b(?:SIREN|SIRET|R\.?C\.?S\.?(?:\s+(?:de\s+)?[A-ZÀ-Ž][\w'’-]+(?:\s[A-Z](?=\s))?)?)\W{0,4}(?:(?:sous le |n°|no\.?|num[ée]ro)\W*)*(?:[AB]\s)?(?P<number>\d{3}[\s.]?\d{3}[\s.]?\d{3})(?:[\s.]?\d{5})?\b"
)
VAT_LABEL = r"(?:VAT|USt\.?|Umsatzsteuer|TVA|BTW|IVA|MwSt\.?|UID|CVR|intracommunautaire|Identifikationsnummer)"
VAT = re.compile(
    rf"\b{VAT_LABEL}[^|;]{{0,60}}?\b(?P<number>DE ?\d{{9}}|DE ?\d{{3}} ?\d{{3}} ?\d{{3}}|ATU ?\d{{8}}|FR ?[0-9A-Z]{{2}} ?(?:\d{{3}} ?){{2}}\d{{3}}|GB ?\d{{3}} ?\d{{4}} ?\d{{2}}|NL ?\d{{9}} ?B ?\d{{2}}|BE ?[01]\d{{3}}[ .]?\d{{3}}[ .]?\d{{3}}"
    r"|IE ?\d[\dA-Z+*]\d{5}[A-Z]{1,2}|IT ?\d{11}|ES ?[A-Z]\d{7}[A-Z\d]|ES ?\d{8}[A-Z]|DK ?(?:\d{2} ?){3}\d{2}|SE ?\d{12}|FI ?\d{8}|PL ?\d{10}|PT ?\d{9}|CZ ?\d{8,10}|LU ?\d{8}|CHE[- ]?\d{3}\.?\d{3}\.?\d{3})(?!\d)",
    re.IGNORECASE,
)  # fmt: skip
BRITISH_VAT = re.compile(r"\bVAT\b[^|;\d]{0,40}?(?P<number>\d{3} ?\d{4} ?\d{2})(?!\d)", re.IGNORECASE)
GB_WEIGHTS = (8, 7, 6, 5, 4, 3, 2)


def read(page: Page, _: Lexicon) -> Iterator[Fact]:
    """State the first number of each kind that the page gives."""
    stated: set[str] = set()
    for row in (page.rows[number] for number in page.row_lines.figured):
        if len(row.text) <= LONGEST and HINT.search(row.text):
            for name, number in _numbers(row):
                if name not in stated:
                    stated.add(name)
                    yield page.fact(name, row, number, confidence=0.85 if page.kind == "legal" else 0.8)


def _numbers(row: Node) -> Iterator[tuple[str, str]]:
    if registered := _registered(row.text):
        yield "registration_number", registered
    if match := VAT.search(row.text):
        number = re.sub(r"[ .-]", "", match["number"]).upper()
        if not number.startswith("GB") or _is_british_vat(number[2:]):
            yield "vat_id", number
    elif (match := BRITISH_VAT.search(row.text)) and _is_british_vat(number := match["number"].replace(" ", "")):
        yield "vat_id", f"GB{number}"


def _registered(text: str) -> str | None:
    """Return the number of a register of companies that a line gives."""
    for shape in COMPANY_NUMBERS:
        match = shape.search(text)
        if match and not NOT_THIS.search(text[: match.start("number")].rpartition("ompany")[2]):
            return re.sub(r"\s", "", match["number"]).upper().zfill(8)
    if match := IRELAND.search(text):
        return match["number"]
    if match := GERMAN.search(text):
        return f"HR{match['kind']} {match['number']}"
    match = FRENCH.search(text)
    siren = re.sub(r"[\s.]", "", match["number"]) if match else ""
    return siren if siren and _fits_luhn(siren) else None


def _fits_luhn(digits: str) -> bool:
    doubled = (int(each) * (1 + place % 2) for place, each in enumerate(reversed(digits)))
    return sum(each - 9 * (each > 9) for each in doubled) % 10 == 0


def _is_british_vat(digits: str) -> bool:
    """Whether the last two of nine digits check the others, in the way used before 2010 or since."""
    total = sum(weight * int(digit) for weight, digit in zip(GB_WEIGHTS, digits, strict=False))
    return (total + int(digits[7:9])) % 97 in (0, 42)
