"""Values as people write them, understood; and what each module says of itself."""

import doctest
import importlib
from datetime import date

import pytest

from pipelines.domains import registrable
from pipelines.intake.addresses import email, website
from pipelines.intake.countries import country
from pipelines.intake.folding import stated
from pipelines.intake.free_mail import FREE_MAIL, is_free_mail
from pipelines.intake.names import company_key, has_legal_form, split_name
from pipelines.intake.values import day, e164


@pytest.mark.parametrize("module", ["addresses", "countries", "folding", "names", "values"])
def test_the_examples_in_the_docstrings(module):
    result = doctest.testmod(importlib.import_module(f"pipelines.intake.{module}"))
    assert (result.failed, result.attempted > 0) == (0, True)


@pytest.mark.parametrize(
    "text", ["", "  ", "n/a", "N/A", "-", "None", "NULL", "Unknown", "Select", "\u200b", "keine Angabe", "NaN"]
)
def test_words_for_nothing(text):
    assert stated(text) is None


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("https://www.otter.example/about?x=1", "otter.example"),
        ("WWW.Otter.Example", "otter.example"),
        ("http:/otter.example", "otter.example"),
        ("http://http://otter.example", "otter.example"),
        ("otter.example:8080", "otter.example"),
        ("otter.example; heron.example", "otter.example"),
        ("n/a https://shop.otter.co.uk", "otter.co.uk"),
        ("https://otter.github.io/docs", "otter.github.io"),
        ("http://müller.example", "xn--mller-kva.example"),
        ("https://www.linkedin.com/company/otter", None),
        ("facebook.com/otter", None),
        ("https://", None),
        ("http://url", None),
        ("http://[::1", None),
        ("http://192.0.2.1/", None),
        ("ftp://otter.example", None),
        ("javascript:alert(1)", None),
        ("ada@otter.example", None),
        ("www.gmail.com", None),
        ("coming soon", None),
    ],
)
def test_websites(text, domain):
    found = website(text)
    assert (found.domain if found else None) == domain


def test_a_network_is_the_website_of_who_runs_it():
    assert website("https://www.linkedin.com", company_key("LinkedIn Corp.")).domain == "linkedin.com"
    assert website("https://www.linkedin.com/company/otter", company_key("Otter")) is None
    assert website("https://x.com/otter", company_key("Xylophone Otter")) is None


@pytest.mark.parametrize(
    ("text", "address", "domain"),
    [
        ("Ada.Lovelace+x@Mail.Otter.CO.UK", "ada.lovelace+x@mail.otter.co.uk", "otter.co.uk"),
        ("mailto:ada@otter.example?subject=hi", "ada@otter.example", "otter.example"),
        ('"Ada" <ada@otter.example>, bo@heron.example', "ada@otter.example", "otter.example"),
        ("ada@müller.example", "ada@xn--mller-kva.example", "xn--mller-kva.example"),
        ("ada@Gmail.com", "ada@gmail.com", None),
        ("ada@yahoo.co.jp", "ada@yahoo.co.jp", None),
        (f"{'a' * 60}@otter.example", f"{'a' * 60}@otter.example", "otter.example"),
    ],
)
def test_emails(text, address, domain):
    assert email(text) == (address, domain)


@pytest.mark.parametrize(
    "text",
    ["ada", "ada@", "@otter.example", "a@b", "a..b@otter.example", "a b@otter", "a@-otter.example", f"{'a' * 260}@otter.example"],
)
def test_broken_emails(text):
    assert email(text) is None


def test_free_mail_is_listed_as_domains():
    listed = [line for line in FREE_MAIL.read_text("utf-8").split("\n") if line and not line.startswith("#")]
    assert len(listed) == len(set(listed)) > 150
    assert [each for each in listed if not each.endswith(".*") and registrable(each) != each] == []
    assert not is_free_mail("gmail-otter.example")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Germany", "DE"),
        ("ALLEMAGNE", "DE"),
        ("Duitsland", "DE"),
        ("United States of America", "US"),
        ("USA", "US"),
        ("U.S.", "US"),
        ("usa", "US"),
        ("UK", "GB"),
        ("England", "GB"),
        ("Großbritannien", "GB"),
        ("The Netherlands", "NL"),
        ("Côte d'Ivoire", "CI"),
        ("Korea, Republic of", "KR"),
        ("Germany (Deutschland)", "DE"),
        ("CHE", "CH"),
        ("fr", "FR"),
        ("NA", "NA"),
        ("Türkiye", "TR"),
        ("Hong Kong", "HK"),
        ("", None),
        ("n/a", None),
        ("Europe", None),
        ("Bavaria", None),
    ],
)
def test_countries(text, code):
    assert country(text) == code


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Otter GmbH & Co. KG", "OTTER"),
        ("Otter, Inc.", "Otter Incorporated"),
        ("Otter S.à r.l.", "Otter SARL"),
        ("Otter Sp. z o.o.", "otter sp.z o.o."),
        ("Otter Pty. Ltd.", "Otter"),
        ("Otter A/S", "Otter"),
        ("Müller + Söhne", "MULLER AND SOHNE AG"),
        ("Ben's Otters", "Bens Otters"),
        ("A. O. Heron", "AO Heron"),
        ("Ottér S.A. de C.V.", "Otter"),
        ("株式会社カワウソ", "カワウソ"),
    ],
)
def test_one_company_in_two_spellings(one, other):
    assert company_key(one) == company_key(other) != ""


@pytest.mark.parametrize("name", ["AG", "S.A.", "Co & Co", "株式会社", "Limited"])
def test_a_key_is_never_empty(name):
    assert company_key(name)


def test_legal_forms_only_count_at_the_end():
    assert company_key("SAS Otter") == "sas otter"
    assert not has_legal_form("Inc. is a magazine")
    assert company_key("Otter Holding") != company_key("Otter")


@pytest.mark.parametrize(
    ("full", "parts"),
    [
        ("Ada Lovelace", ("Ada", "Lovelace")),
        ("Lovelace, Ada", ("Ada", "Lovelace")),
        ("Prof. Dr. Ada M. Lovelace, PhD", ("Ada M.", "Lovelace")),
        ("Ludwig van der Otter", ("Ludwig", "van der Otter")),
        ("Cher", (None, "Cher")),
    ],
)
def test_full_names(full, parts):
    assert split_name(full) == parts


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        ("+49 (0)30 123456", None, "+4930123456"),
        ("0049 30 123456", None, "+4930123456"),
        ("030 123456", "DE", "+4930123456"),
        ("(415) 555-2671", "US", "+14155552671"),
        ("030 123456", None, None),
        ("1.2E+11", "DE", None),
        ("call me", "DE", None),
    ],
)
def test_phones(text, region, number):
    assert e164(text, region) == number


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2026-02-03", date(2026, 2, 3)),
        ("2026-02-03 19:58:00", date(2026, 2, 3)),
        ("20260203", date(2026, 2, 3)),
        ("3.2.2026", date(2026, 2, 3)),
        ("2/13/2026", date(2026, 2, 13)),
        ("13/2/2026", date(2026, 2, 13)),
        ("3/3/2026", date(2026, 3, 3)),
        ("3/2/2026", None),
        ("12. März 2026", date(2026, 3, 12)),
        ("Mar 12th, 2026", date(2026, 3, 12)),
        ("12 de marzo de 2026", date(2026, 3, 12)),
        ("30.2.2026", None),
        ("44561", None),
        ("soon", None),
    ],
)
def test_days(text, found):
    assert day(text) == found
