"""A shortcut says what the long way says, or nothing."""

import random

import phonenumbers
import pyarrow as pa
import pytest

from pipelines.intake import shortcuts
from pipelines.intake.addresses import email, website
from pipelines.intake.columns import companies, emails, people, phones, texts, websites
from pipelines.intake.names import LEGAL_FORMS, company_key
from pipelines.intake.phones import phone
from pipelines.intake.shortcuts import NULL_WORDS

WORDS = [
    "Otter",
    "teal",
    "AND",
    "and",
    "3M",
    "Co",
    "a",
    "the",
    "Nord",
    "x1",
    "unknown",
    "www",
    *(word for form in LEGAL_FORMS for word in form),
]
ENDS = (" ", " ", " ", ", ", ".", "", ",")
HOSTS = [
    "acme.com",
    "www.acme.com",
    "acme.co.uk",
    "co.uk",
    "acme.github.io",
    "github.io",
    "www.com",
    "gmail.com",
    "gmx.net",
    "linkedin.com",
]
HOSTS += [
    "awww.com",
    "acme.example",
    "acme.invalid",
    "acme.local",
    "a-.com",
    "-a.com",
    "acme.de",
    "acme.ck",
    "www.ck",
    "ACME.com",
    "acme.museum",
]


def column(given):
    return pa.array(given, pa.string())


def hold(shortcut, given, slow):
    """Assert that where the shortcut speaks it says what `slow` says; return how often it spoke."""
    parts = [each.to_pylist() for each in shortcut(column(given))]
    spoken = {text: said for text, *said in zip(given, *parts, strict=True) if said[0] is not None}
    assert spoken == {text: slow(text) for text in spoken}
    return len(spoken)


@pytest.mark.parametrize("seed", range(6))
def test_companies(seed):
    chance = random.Random(seed)
    names = [
        "".join(chance.choice(ENDS).join(chance.choices(WORDS, k=chance.randint(1, 4))) + chance.choice(ENDS) for _ in "12")
        for _ in range(2000)
    ]
    assert hold(shortcuts.companies, names, lambda name: [name, company_key(name)]) > 50


def test_null_words_are_left_to_the_long_way():
    words = sorted(NULL_WORDS | {word.upper() for word in NULL_WORDS})
    assert hold(shortcuts.companies, words, lambda _: "nothing") == 0


@pytest.mark.parametrize(
    "around", ["{}", "https://{}", "http://{}/", "https://www.{}/", "HTTPS://{}", "ftp://{}", "{}:80", "{}?a", "//{}"]
)
def test_websites(around):
    hold(shortcuts.websites, [around.format(host) for host in HOSTS], lambda text: list(website(text) or (None, None)))


def test_the_usual_websites_need_no_long_way():
    assert (
        hold(shortcuts.websites, ["https://acme.com/", "acme.de", "http://www.acme.example"], lambda text: list(website(text)))
        == 3
    )


@pytest.mark.parametrize("box", ["ada", "a.b", "a..b", ".a", "a+b", "A", "x" * 64, "x" * 65, "ä", "a@b", "mailto:a", "a b"])
def test_emails(box):
    hold(shortcuts.emails, [f"{box}@{host}" for host in HOSTS], lambda text: list(email(text) or (None, None)))


def test_the_usual_emails_need_no_long_way():
    assert hold(shortcuts.emails, ["ada@acme.com", "a.b@acme.de", "a_b+c@acme.example"], lambda text: list(email(text))) == 3


@pytest.mark.parametrize(
    "write", ["{0}{1}", "{0} {1}", "({0}) {1}", "{0}/{1}", "{0}-{1}", "{0}.{1}", "{0} ({1})", "{0}  {1}", "{0}x{1}"]
)
@pytest.mark.parametrize("plus", ["+", ""])
def test_phones(plus, write):
    chance = random.Random(f"{plus}{write}3")
    regions = [*sorted(phonenumbers.SUPPORTED_REGIONS), ""]
    numbers = []
    for _ in range(4000):
        region = chance.choice(regions)
        code = str(phonenumbers.country_code_for_region(region)) if plus else chance.choice(["0", "0", "", "1", "00"])
        digits = "".join(chance.choices("0123456789", k=chance.randint(6, 11)))
        numbers.append(f"{region}:{plus}{write.format(code + digits[:3], digits[3:])}")
    said = shortcuts.phones(column(numbers))[0].to_pylist()
    spoken = {number: each for number, each in zip(numbers, said, strict=True) if each}
    assert len(spoken) > 100 or write not in ("{0}{1}", "{0} {1}", "{0}/{1}", "{0}-{1}", "{0}.{1}")
    for number, each in spoken.items():
        region, _, text = number.partition(":")
        assert (number, phone(text, region or None)) == (number, (each, None))


@pytest.mark.parametrize(
    "placed", ["DE:030 1234567", "US:(212) 555-1234", "GB:020 7946 0000", ":+49 30 1234567", "FR:01.23.45.67.89"]
)
def test_the_usual_phones_need_no_long_way(placed):
    assert shortcuts.phones(column([placed]))[0].to_pylist()[0].startswith("+")


def test_both_ways_together_keep_every_row_in_its_place():
    given = ["ada@acme.com", None, "Ada <ada@acme.com>", "", "nobody", "bob@gmail.com", "ADA@ACME.COM"]
    address, domain = emails(column(given))
    assert address.to_pylist() == ["ada@acme.com", None, "ada@acme.com", None, None, "bob@gmail.com", "ada@acme.com"]
    assert domain.to_pylist() == ["acme.com", None, "acme.com", None, None, None, "acme.com"]


def test_a_company_named_like_a_network_may_have_its_website():
    sites = column(["linkedin.com", "linkedin.com", "acme.com"])
    written, domain = websites(column(["linkedin", "otter", None]), sites)
    assert (written.to_pylist(), domain.to_pylist()) == (["linkedin.com", None, "acme.com"], ["linkedin.com", None, "acme.com"])


def test_columns_without_any_text():
    nothing = column([None, ""])
    for parts in (
        texts(nothing),
        companies(nothing),
        emails(nothing),
        people(nothing),
        websites(nothing, nothing),
        phones(nothing, nothing),
    ):
        assert all(part.to_pylist() == [None, None] for part in parts)
