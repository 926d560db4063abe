"""Values as people write them, understood; and what each module says of itself."""

import doctest
import importlib
import json
from datetime import date
from pathlib import Path

import pytest

from pipelines.domains import registrable
from pipelines.intake.addresses import email, linkedin, website
from pipelines.intake.countries import country
from pipelines.intake.days import day
from pipelines.intake.folding import stated
from pipelines.intake.free_mail import FREE_MAIL, is_free_mail
from pipelines.intake.names import company_key, has_legal_form, split_name
from pipelines.intake.phones import e164, phone, phones
from pipelines.intake.values import place, postcode


@pytest.mark.parametrize("module", ["addresses", "countries", "folding", "free_mail", "names", "phones", "values", "wording"])
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
        ("Ada Otter: ada@otter.example (work)", "ada@otter.example", "otter.example"),
        ("E-Mail:ada@otter.example.", "ada@otter.example", "otter.example"),
        ("broken@, bo@heron.example", "bo@heron.example", "heron.example"),
        ("ada@otter.example/bo@heron.example", "ada@otter.example", "otter.example"),
        ("'ada@otter.example", "ada@otter.example", "otter.example"),
        ('"ada otter"@otter.example', '"ada otter"@otter.example', "otter.example"),
        ("ada [at] otter [dot] example", "ada@otter.example", "otter.example"),
        ("ada(at)otter.example", "ada@otter.example", "otter.example"),
        ("ａｄａ＠ｏｔｔｅｒ．ｅｘａｍｐｌｅ", "ada@otter.example", "otter.example"),
        ("ada\u200b@otter.example", "ada@otter.example", "otter.example"),
        ("x7@privaterelay.appleid.com", "x7@privaterelay.appleid.com", None),
        ("ada@mail.gmx.de", "ada@mail.gmx.de", None),
        ("ada@mailinator.com", "ada@mailinator.com", None),
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


@pytest.mark.parametrize(
    "domain",
    """
    gmail.com googlemail.com yahoo.co.uk yahoo.fr hotmail.fr hotmail.it outlook.de live.nl gmx.de gmx.at gmx.net web.de
    t-online.de freenet.de orange.fr wanadoo.fr free.fr laposte.net sfr.fr libero.it virgilio.it tiscali.it alice.it
    qq.com 163.com 126.com sina.com mail.ru yandex.ru bk.ru wp.pl o2.pl onet.pl interia.pl seznam.cz centrum.cz post.cz
    ziggo.nl kpnmail.nl telenet.be skynet.be bluewin.ch hispeed.ch proton.me protonmail.com icloud.com me.com aol.com
    comcast.net verizon.net att.net sbcglobal.net cox.net btinternet.com virginmedia.com sky.com talktalk.net telia.com
    online.no mail.dk jubii.dk suomi24.fi kolumbus.fi sapo.pt uol.com.br bol.com.br terra.com.br rediffmail.com
    naver.com daum.net hanmail.net yahoo.co.jp docomo.ne.jp bigpond.com optusnet.com.au rogers.com shaw.ca sympatico.ca
    telefonica.net terra.es duck.com mozmail.com simplelogin.com privaterelay.appleid.com guerrillamail.com yopmail.com
    10minutemail.com trashmail.com temp-mail.org freemail.hu citromail.hu abv.bg ukr.net
    """.split(),
)
def test_where_anybody_can_have_an_address(domain):
    assert is_free_mail(domain)


@pytest.mark.parametrize(
    "domain",
    "siemens.com orange.com telekom.de microsoft.com apple.com google.com seznam-otter.example otter.example".split(),
)
def test_where_only_colleagues_have_one(domain):
    assert not is_free_mail(domain)


def test_a_mail_provider_is_the_website_of_who_runs_it():
    assert website("https://www.gmx.net", company_key("GMX GmbH")).domain == "gmx.net"
    assert website("https://www.gmx.net", company_key("Otter GmbH")) is None


@pytest.mark.parametrize(
    ("text", "profile"),
    [
        ("https://www.linkedin.com/company/otter/", ("linkedin.com/company/otter", "organization")),
        ("http://de.linkedin.com/company/otter-gmbh/about/?x=1", ("linkedin.com/company/otter-gmbh", "organization")),
        ("linkedin.com/school/otter", ("linkedin.com/school/otter", "organization")),
        ("https://www.linkedin.com/in/ada-otter-1a2b", ("linkedin.com/in/ada-otter-1a2b", "person")),
        ("https://www.linkedin.com/sales/lead/ABC,NAME_SEARCH", ("linkedin.com/sales/lead/abc", "person")),
        ("https://www.linkedin.com/in/zo%C3%AB", ("linkedin.com/in/zoë", "person")),
        ("https://www.linkedin.com", None),
        ("https://notlinkedin.com/company/otter", None),
        ("https://www.linkedin.com/jobs/view/1", None),
        ("n/a", None),
    ],
)
def test_profiles(text, profile):
    assert linkedin(text) == profile


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
        ("D", "DE"),
        ("A", "AT"),
        ("DE - Germany", "DE"),
        ("Germany, DE", "DE"),
        ("Deutschland/Germany", "DE"),
        ("Czech Rep.", "CZ"),
        ("Německo", "DE"),
        ("Yhdysvallat", "US"),
        ("Stany Zjednoczone", "US"),
        ("日本", "JP"),
        ("Россия", "RU"),
        ("Magyarország", "HU"),
        ("California", "US"),
        ("Georgia", "GE"),
        ("CA", "CA"),
        ("us", "US"),
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
        ("Dr. Ada van der Berg, MBA", ("Ada", "van der Berg")),
        ("VAN DER BERG, ADA", ("Ada", "van der Berg")),
        ("ADA-MARIE O'OTTER", ("Ada-Marie", "O'Otter")),
        ("Otter, Ada, PhD", ("Ada", "Otter")),
        ("Frau Dr. Otter", (None, "Otter")),
        ("Dipl.-Ing. Otto Müller", ("Otto", "Müller")),
        ("Sig.ra Maria Rossi", ("Maria", "Rossi")),
        ("Pani Anna Nowak", ("Anna", "Nowak")),
        ("dhr. J. de Vries", ("J.", "de Vries")),
        ("A. B. Otter", ("A. B.", "Otter")),
        ("Jean-Luc Otter", ("Jean-Luc", "Otter")),
        ("van der Berg", (None, "van der Berg")),
        ("Ada Otter (Heron SA)", ("Ada", "Otter")),
        ("Ada Otter; Bo Heron", ("Ada", "Otter")),
        ("王小明", (None, "王小明")),
        ("Kim Min-jun", ("Kim", "Min-jun")),
        ("ada@otter.example", (None, None)),
        ("123", (None, None)),
        ("n/a", (None, None)),
        ("Otter Jr., Bo", ("Bo", "Otter")),
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
    ("text", "region", "numbers"),
    [
        ("+49 30 123456 ext. 12", None, [("+4930123456", "12")]),
        ("+1 415 555 2671 x12", None, [("+14155552671", "12")]),
        ("030 123456 Durchwahl 12", "DE", [("+4930123456", "12")]),
        ("030 123456 / +49 171 1234567", "DE", [("+4930123456", None), ("+491711234567", None)]),
        ("089 / 12 34 56", "DE", [("+4989123456", None)]),
        ("+33 1 23 45 67 89 ou 06 12 34 56 78", "FR", [("+33123456789", None), ("+33612345678", None)]),
        ("+4930123456; +4930123456", None, [("+4930123456", None)]),
        ("p:+491701234567", None, [("+491701234567", None)]),
        ("Tel.: +49 30 123456", None, [("+4930123456", None)]),
        ("'+49 30 123456", None, [("+4930123456", None)]),
        ("491701234567", None, [("+491701234567", None)]),
        ("491701234567.0", None, [("+491701234567", None)]),
        ("4.93E+11", "DE", []),
        ("+12", None, []),
        ("1234", "DE", []),
        ("+390612345678", None, [("+390612345678", None)]),
        ("+4917012345670171234", None, []),
        ("123456789012", None, []),
    ],
)
def test_several_phones_and_their_extensions(text, region, numbers):
    assert [tuple(each) for each in phones(text, region)] == numbers
    assert phone(text, region) == (numbers[0] if numbers else None)


@pytest.mark.parametrize(
    "number", ["+4930123456", "+14155552671", "+390612345678", "+74951234567", "+442071234567", "+35391234567"]
)
def test_the_quick_way_to_a_number_is_the_long_way(number):
    assert phone(number) == phone(f" {number} ")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("10117", "10117"),
        ("01067", "01067"),
        ("98109.0", "98109"),
        ("D-10117", "D-10117"),
        ("SW1A 1AA", "SW1A 1AA"),
        ("1012 AB", "1012 AB"),
        ("00-950", "00-950"),
        ("12345-6789", "12345-6789"),
        ("z:94105", "94105"),
        ("Berlin", None),
        ("1 River Road", None),
        ("n/a", None),
        ("2026-02-03", None),
    ],
)
def test_postcodes(text, found):
    assert postcode(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("10117 Berlin", ("10117", "Berlin")),
        ("A-1010 Wien", ("A-1010", "Wien")),
        ("1012 AB Amsterdam", ("1012 AB", "Amsterdam")),
        ("Berlin, Germany", (None, "Berlin")),
        ("n/a", (None, None)),
    ],
)
def test_places(text, found):
    assert place(text) == found


def test_any_text_is_understood_or_not_and_nothing_else():
    """No value function raises, whatever it is given, and each says the same twice."""
    file = Path(__file__).parents[2] / "shared/hostile/strings/blns.json"
    texts = [
        "",
        "\x00",
        "\ud800",
        "@",
        "[at]",
        "(" * 99,
        "+" * 99,
        "a@" * 999,
        "1" * 9999,
        "http://[",
        "\u202e",
        "💥 💥",
        "Ⅷ",
        "١٢٣",
    ]
    texts += json.loads(file.read_text("utf-8")) if file.exists() else []
    for understand in (
        email,
        website,
        linkedin,
        country,
        company_key,
        split_name,
        phones,
        postcode,
        place,
        stated,
        has_legal_form,
    ):
        for text in texts:
            assert understand(text) == understand(text)
    for text in texts:
        phones(text, "DE")


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
