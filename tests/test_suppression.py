"""Whom to leave out: told in every spelling, kept as keyed hashes, of no use to whoever has not the key."""

import hashlib
import hmac
import json
import pickle
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipelines.errors import Stop
from pipelines.suppression import NOBODY, Suppression
from pipelines.suppression.book import Book, TakenList
from pipelines.suppression.entries import Entry, entries_of
from pipelines.suppression.keys import Keyring, mac, read_keys

DAY = date(2026, 3, 2)
ONE, TWO = "1" * 64, "2" * 64
MAILBOX, GMAIL, PHONE, DOMAIN = "ada.okapi@acme.example", "j.doe@gmail.com", "+49 30 1234567", "forbidden.example"
COMPANY, ONE_WORD, IDN = "Müller & Söhne GmbH & Co. KG", "Orange SA", "info@münchen.example"


def book(folder: Path, key: str | None = ONE) -> Book:
    return Book(folder / "suppression.parquet", folder / "suppression.key", key)


def suppress(folder: Path, values: Iterable[str], region: str | None = None, key: str | None = ONE) -> Suppression:
    kept = book(folder, key)
    kept.add([entry for value in values for entry in entries_of(value, region)], "list.csv", DAY)
    return kept.read()


@pytest.fixture(scope="module")
def suppressed(tmp_path_factory: pytest.TempPathFactory) -> Suppression:
    return suppress(tmp_path_factory.mktemp("book"), [MAILBOX, GMAIL, PHONE, DOMAIN, COMPANY, ONE_WORD, IDN])


def wide(text: str) -> str:
    """The text in full-width characters, as a Japanese keyboard types them."""
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


SPELLINGS = {
    "mailbox": [
        "ADA.OKAPI@ACME.EXAMPLE",
        "Ada.Okapi@acme.example",
        "ada.okapi+news@acme.example",
        "mailto:ada.okapi@acme.example?subject=Hello",
        "MAILTO:Ada.Okapi@Acme.Example",
        "Ada Okapi <ada.okapi@acme.example>",
        "<ada.okapi@acme.example>",
        '"Okapi, Ada" <ada.okapi@acme.example>',
        "ada.okapi@acme.example.",
        " ada.okapi@acme.example; otto@bolt.example",
        "'ada.okapi@acme.example",
        "=ada.okapi@acme.example",
        "e-mail:ada.okapi@acme.example",
        "ada.okapi%40acme.example",
        "ada.okapi%2540acme.example",
        "ada.okapi&#64;acme.example",
        "ada.okapi&#x40;acme&period;example",
        "ada.okapi\\u0040acme.example",
        wide("ada.okapi@acme.example"),
        "ada.okapi＠acme.example",
        "ada.okapi@acme。example",
        "ada\u200b.okapi@acme.example",
        "ada.okapi@acme\u00ad.example",
        "\ufeffada.okapi@acme.example",
        "\u202eada.okapi@acme.example\u202c",
        "hello\u200bada.okapi@acme.example",
        "ada.okapi (at) acme.example",
        "ada.okapi [at] acme [dot] example",
        "ada.okapi AT acme DOT example",
        "ada.okapi{at}acme{dot}example",
        "ada.okapi(at)acme(punkt)example",
        "ada.okapi_at_acme_dot_example",
        "ada.okapi[@]acme[.]example",
        "ada.okapi @ acme.example",
        "ada . okapi @ acme . example",
        "a d a . o k a p i @ a c m e . e x a m p l e",
        "ada.okapi@acme.\nexample",
        "ada.okapi(Ada)@acme.example",
        '"ada.okapi"@acme.example',
        "https://crm.example/contact?mail=ada.okapi@acme.example&x=1",
        '{"email": "ada.okapi@acme.example"}',
        "call Ada on Monday, ada.okapi@acme.example, or her deputy",
        "write to ada.okapi@acme.example.Then wait",
        "ada.okapi@acme.example/ada",
        "ftp://ada.okapi@acme.example/",
        "jdoe@gmail.com",
        "J.D.O.E@GMAIL.COM",
        "j.doe+shop@googlemail.com",
        "info@xn--mnchen-3ya.example",
        "INFO@MÜNCHEN.EXAMPLE",
        "info@mu\u0308nchen.example",
    ],
    "phone": [
        "+49 30 1234567",
        "+49301234567",
        "+49 (0)30 1234567",
        "+49 (30) 123-4567",
        "+49.30.123.45.67",
        "+49/30/1234567",
        "0049 30 1234567",
        "0049301234567",
        "011 49 30 1234567",
        "49301234567",
        "49 30 1234567",
        "030 1234567",
        "(030) 1234567",
        "030/1234567",
        "030-123 45 67",
        "0301234567",
        "301234567",
        "+49 30 1234567 ext. 12",
        "+49 30 1234567x12",
        "+49 30 1234567, Durchwahl 3",
        "tel:+49-30-1234567",
        "tel:+49301234567;ext=12",
        "Tel.: 030 / 12 34 567",
        wide("+49301234567"),
        "+٤٩ ٣٠ ١٢٣٤٥٦٧",
        "+49\u00a030\u00a01234567",
        "+49\u200b30\u200b1234567",
        "＋49 30 1234567",
        "+49–30–1234567",
        "49301234567.0",
        "4.9301234567E+10",
        "call Ada +49 30 1234567, ada at home",
        "%2B49301234567",
        "12 030 1234567",
        "whatsapp +49 30 1234567 or 0170 7654321",
    ],
    "domain": [
        "forbidden.example",
        "FORBIDDEN.example",
        "www.forbidden.example",
        "https://www.forbidden.example/about?x=1#y",
        "http://forbidden.example:8080/",
        "https://user:secret@forbidden.example/",
        "//forbidden.example",
        "shop.eu.forbidden.example",
        "forbidden.example.",
        "otto@forbidden.example",
        "otto@mail.forbidden.example",
        wide("forbidden.example"),
        "forbidden。example",
        "for\u200bbidden.example",
        "forbidden[.]example",
        "forbidden dot example",
        "forbidden (dot) example",
        "forbidden%2Eexample",
        "https%3A%2F%2Fforbidden.example%2Fabout",
        "see forbidden.example, they are nice",
        "look at forbidden.example.Then call",
        "hxxps://forbidden.example",
    ],
    "company": [
        "Müller & Söhne GmbH & Co. KG",
        "MÜLLER & SÖHNE GMBH",
        "Mueller und Soehne",
        "Muller + Sohne",
        "Müller &amp; Söhne",
        "Mu\u0308ller & So\u0308hne",
        "Müller-Söhne",
        "Die Firma Müller & Söhne GmbH",
        "we met Müller & Söhne at the fair",
        "Müller Söhne, Berlin",
        wide("Muller") + " & Sohne",
        "Orange S.A.",
        "ORANGE SA",
        "Orange Ltd",
        "sold to Orange SA last year",
    ],
}
AS_COMPANY = ["Müller & Söhne", "Orange", "orange (HQ)", "ORANGE", "Orange, Inc.", "O.R.A.N.G.E.", "MüllerSöhne", "Orange - EMEA"]
OTHERS = [
    "okapi@acme.example",
    "ada@acme.example",
    "ada.okapi@acme.example.org",
    "ada.okapi@mail.acme.example",
    "adaokapi@acme.example",
    "jdoe@outlook.com",
    "+49 30 1234568",
    "+43 30 1234567",
    "030 7654321",
    "1234567",
    "2026-03-02 10:22:33",
    "notforbidden.example",
    "forbidden.example.net",
    "forbidden",
    "example",
    "orange juice",
    "Orange",
    "an orange and a lemon",
    "Müller",
    "Söhne GmbH",
    "Müller & Partner GmbH",
    "",
    " ",
    "@",
    "a@b",
    "%",
    "&",
    "\\u",
]


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in SPELLINGS.items() for text in texts])
def test_a_suppressed_value_is_told_in_every_spelling(kind: str, text: str, suppressed: Suppression) -> None:
    assert suppressed.hits([text, "somebody else"]) == {text}


@pytest.mark.parametrize("text", AS_COMPANY)
def test_a_company_is_told_by_its_name_alone_where_names_stand(text: str, suppressed: Suppression) -> None:
    assert suppressed.company_hits([text, "Somebody Else Ltd"]) == {text}


@pytest.mark.parametrize("text", OTHERS)
def test_nobody_else_is_refused(text: str, suppressed: Suppression) -> None:
    assert suppressed.hits([text]) == frozenset()


@pytest.mark.parametrize("text", ["Oranges", "Orange Juice Ltd", "Blood Orange", "Müller", "KG", "", "GmbH & Co. KG"])
def test_no_other_company_is_refused(text: str, suppressed: Suppression) -> None:
    assert suppressed.company_hits([text]) == frozenset()


NO_VALUES = ("hello\u200bada.okapi@acme.example", "otto@mail.forbidden.example")
"""More than the value, or another."""


@pytest.mark.parametrize(
    "value",
    [each for texts in SPELLINGS.values() for each in texts if len(each) < 30 and " " not in each and each not in NO_VALUES],
)
def test_any_spelling_can_be_suppressed(value: str, tmp_path: Path) -> None:
    """What one spelling suppresses, the plainest one meets."""
    suppression = suppress(tmp_path, [value], "DE")
    plain = [MAILBOX, GMAIL, PHONE, DOMAIN, IDN, "otto@forbidden.example", "Mueller & Soehne GmbH", "Orange SA"]
    assert suppression.hits([*plain, "shop.eu.forbidden.example"])


@pytest.mark.parametrize(
    ("value", "region", "met", "not_met"),
    [
        ("030 1234567", "DE", ["+49 30 1234567", "030 1234567", "0049301234567"], ["+43 30 1234567"]),
        ("030 1234567", None, ["+49 30 1234567", "030 1234567", "+43 30 1234567"], ["+49 30 1234568"]),
        ("(617) 555-0142", "US", ["+1 617 555 0142", "1-617-555-0142", "617.555.0142", "6175550142"], ["+1 617 555 0143"]),
        ("+39 06 1234 5678", None, ["06 12345678", "+390612345678", "0039 06 12345678"], ["+39 6 12345678 9"]),
        ("8 (495) 123-45-67", "RU", ["+7 495 123 45 67", "84951234567", "495 1234567"], []),
        ("+44 20 7946 0958", None, ["020 7946 0958", "+44 (0)20 7946 0958"], ["+44 20 7946 0959"]),
    ],
)
def test_a_number_is_told_at_home_and_abroad(
    value: str, region: str | None, met: list[str], not_met: list[str], tmp_path: Path
) -> None:
    assert suppress(tmp_path, [value], region).hits([*met, *not_met]) == set(met)


@pytest.mark.parametrize(
    ("value", "entries"),
    [
        ("Ada <Ada.Okapi+x@Acme.Example>", [("mailbox", "ada.okapi@acme.example")]),
        ("J.Doe@googlemail.com", [("mailbox", "jdoe@gmail.com")]),
        ("info@MÜNCHEN.example", [("mailbox", "info@xn--mnchen-3ya.example")]),
        ("+49 30 1234567", [("phone", "49301234567"), ("national", "301234567"), ("tail", "234567")]),
        ("030 1234567", [("bare", "301234567"), ("tail", "234567")]),
        ("https://www.Acme.example/x", [("domain", "acme.example")]),
        ("*@acme.example", [("domain", "acme.example")]),
        ("@acme.example", [("domain", "acme.example")]),
        ("Müller & Söhne GmbH & Co. KG", [("company", "mullersohne"), ("head", "mullersohne")]),
        ("The Ærø Trading Company Limited", [("company", "arotrading"), ("head", "arotrading")]),
        ("A.C.M.E. S.p.A.", [("company", "acme")]),
        ("株式会社アクメ", [("company", "アクメ")]),
        ("ООО Ромашка", [("company", "ромашка")]),
        ("GmbH", [("company", "gmbh")]),
        ("gmail.com", []),
        ("https://linkedin.com/company/acme", []),
        ("", []),
        ("--", []),
        ("?", []),
    ],
)
def test_the_one_spelling_of_a_value_is_for_ever(value: str, entries: list[tuple[str, str]]) -> None:
    """Hashes of these are all that is kept: whoever changes a spelling here loses everybody suppressed so far."""
    assert entries_of(value) == [Entry(*each) for each in entries]


def test_hmac_is_hmac_sha_256() -> None:
    for key, message in ((b"k" * 32, b"message"), (b"\0" * 64, b""), (bytes(range(32)), b"x" * 1000)):
        assert mac(key)(message) == hmac.digest(key, message, "sha256")


def test_what_is_kept_says_nothing_without_the_key(tmp_path: Path) -> None:
    """H2: a dictionary that holds every value finds none of them, hashed plainly, without a key, or with a wrong one."""
    values = [MAILBOX, PHONE, DOMAIN, COMPANY]
    suppress(tmp_path, values)
    kept = {row["hash"] for row in pq.read_table(tmp_path / "suppression.parquet").to_pylist()}
    guesses = {entry for value in values for entry in entries_of(value)}
    texts = [*values, *(entry.value for entry in guesses), *(f"{entry.kind}\x1f{entry.value}" for entry in guesses)]
    hashes = ("md5", "sha1", "sha256", "sha512", "blake2s", "blake2b", "sha3_256")
    plain = {hashlib.new(name, text.encode()).digest()[:32] for name in hashes for text in texts}
    keyed = {
        hmac.digest(key, text.encode(), "sha256") for key in (b"", b"\0" * 32, b"bullseye", bytes.fromhex(TWO)) for text in texts
    }
    assert not kept & (plain | keyed)
    assert len(kept) == len(guesses) and kept == {Keyring([ONE]).hash(*entry, 1) for entry in guesses}


def test_no_file_holds_a_value(tmp_path: Path) -> None:
    suppress(tmp_path, [MAILBOX, PHONE, DOMAIN, COMPANY, ONE_WORD], key=None)
    table = pq.read_table(tmp_path / "suppression.parquet")
    said = b"".join(path.read_bytes() for path in tmp_path.iterdir()) + repr((table.to_pylist(), table.schema.metadata)).encode()
    for value in (b"ada", b"okapi", b"acme", b"1234567", b"forbidden", b"mullersohne", b"orange", b"list.csv"):
        assert value not in said.lower()


def test_a_key_makes_itself_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    suppress(tmp_path, [MAILBOX], key=None)
    key = tmp_path / "suppression.key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert len(bytes.fromhex(key.read_text("ascii"))) == 32
    key.chmod(0o644)
    with pytest.raises(Stop, match=r"may be read by others than its owner.*chmod 600") as stop:
        book(tmp_path, None).read()
    assert key.read_text("ascii").strip() not in str(stop.value)


def test_nothing_suppressed_needs_no_key(tmp_path: Path) -> None:
    empty = book(tmp_path, None).read()
    assert not empty and not empty.version and not NOBODY
    assert empty.hits([MAILBOX]) == empty.company_hits([COMPANY]) == frozenset()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("key", ["", "short", "g" * 64, "1" * 63, f"{ONE},x"])
def test_what_is_no_key_is_one_sentence_that_does_not_repeat_it(key: str, tmp_path: Path) -> None:
    with pytest.raises(Stop, match="holds no suppression key; a key is 64 hexadecimal digits") as stop:
        read_keys(tmp_path / "key", key)
    assert not key or key not in str(stop.value)


def test_a_wrong_or_missing_key_stops_everything(tmp_path: Path) -> None:
    suppress(tmp_path, [MAILBOX])
    with pytest.raises(Stop, match="is not the key that"):
        book(tmp_path, TWO).read()
    with pytest.raises(Stop, match="is missing; put"):
        book(tmp_path, None).read()
    with pytest.raises(Stop, match="is missing; put"):
        book(tmp_path, None).add(entries_of(PHONE), "", DAY)


def test_a_damaged_list_stops_everything(tmp_path: Path) -> None:
    suppress(tmp_path, [MAILBOX])
    path = tmp_path / "suppression.parquet"
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(Stop, match="is damaged; put its last whole copy back"):
        book(tmp_path).read()


def test_after_rotation_everybody_is_still_told_and_the_old_key_is_of_no_use(tmp_path: Path) -> None:
    before = suppress(tmp_path, [MAILBOX, PHONE, COMPANY], key=None)
    kept = book(tmp_path, None)
    old_key, old = kept.key_path.read_text("ascii"), {row["hash"] for row in pq.read_table(kept.path).to_pylist()}
    assert kept.rotate() == 2
    assert kept.rotate() == 3
    after = kept.read()
    assert after.hits([MAILBOX, "030 1234567", DOMAIN]) == {MAILBOX, "030 1234567"}
    assert after.company_hits(["Müller und Söhne"]) and after.version == before.version
    new = {row["hash"] for row in pq.read_table(kept.path).to_pylist()}
    guessed = {Keyring([old_key.strip()]).hash(*entry, 1) for value in (MAILBOX, PHONE, COMPANY) for entry in entries_of(value)}
    assert guessed == old and not new & old
    with pytest.raises(Stop, match="is not the key that"):
        book(tmp_path, old_key).read()
    kept.add(entries_of(DOMAIN), "", DAY)
    assert kept.read().hits([MAILBOX, DOMAIN]) == {MAILBOX, DOMAIN}
    assert kept.key_path.stat().st_mode & 0o777 == 0o600


def test_a_rotation_that_was_killed_is_finished_with_the_key_it_made(tmp_path: Path) -> None:
    suppress(tmp_path, [MAILBOX], key=None)
    kept = book(tmp_path, None)
    kept.key_path.write_text(kept.key_path.read_text("ascii") + TWO + "\n", "ascii")
    assert kept.read().hits([MAILBOX]), "the hashes lie under the first key still"
    assert kept.rotate() == 2
    assert kept.read().hits([MAILBOX]) and len(kept.key_path.read_text("ascii").split()) == 2


def test_keys_of_the_environment_are_rotated_by_adding_one(tmp_path: Path) -> None:
    suppress(tmp_path, [MAILBOX])
    with pytest.raises(Stop, match="Add a new key to BULLSEYE_SUPPRESSION_KEY"):
        book(tmp_path, ONE).rotate()
    assert book(tmp_path, f"{ONE},{TWO}").read().hits([MAILBOX])
    assert book(tmp_path, f"{ONE},{TWO}").rotate() == 2
    assert book(tmp_path, f"{ONE},{TWO}").read().hits([MAILBOX])
    assert not (tmp_path / "suppression.key").exists()


def test_the_version_changes_with_what_is_suppressed_and_not_otherwise(tmp_path: Path) -> None:
    kept = book(tmp_path)
    assert kept.version == ""
    assert kept.add(entries_of(MAILBOX), "a.csv", DAY) == {"mailbox": 1}
    first = kept.version
    assert kept.add(entries_of(MAILBOX.upper()), "b.csv", DAY) == {}
    assert kept.version == first
    assert kept.add([*entries_of(PHONE), *entries_of("030 7654321")], "b.csv", DAY) == {"phone": 2}
    assert kept.version != first and kept.counts() == {"mailbox": 1, "phone": 2}


def test_a_list_taken_in_is_noted_once_by_name_and_number(tmp_path: Path) -> None:
    kept = book(tmp_path)
    taken = TakenList(kept.content_id(b"ada@acme.example"), "robinson.csv", 3, 1, DAY)
    for _ in range(2):
        kept.add_list(entries_of(MAILBOX), taken)
    assert kept.lists == (taken,)
    plain = hashlib.sha256(b"ada@acme.example").hexdigest()
    assert plain[:16] not in taken.list_id and plain not in json.dumps(str(pq.read_schema(kept.path).metadata))
    kept_id = kept.content_id(b"ada@acme.example")
    book(tmp_path, f"{ONE},{TWO}").rotate()
    assert book(tmp_path, f"{ONE},{TWO}").content_id(b"ada@acme.example") == kept_id


def test_it_travels_to_another_process(suppressed: Suppression) -> None:
    there = pickle.loads(pickle.dumps(suppressed))  # noqa: S301 - our own
    assert there.hits([MAILBOX, "030 1234567", "nobody"]) == {MAILBOX, "030 1234567"} and there.version == suppressed.version
    assert pickle.loads(pickle.dumps(suppressed)) is there  # noqa: S301
    assert not pickle.loads(pickle.dumps(NOBODY))  # noqa: S301


def test_nothing_shows_a_key(tmp_path: Path) -> None:
    suppression = suppress(tmp_path, [MAILBOX])
    said = f"{book(tmp_path)!r} {suppression!r} {vars(suppression)!r} {Keyring([ONE])!r}"
    assert ONE not in said and "okapi" not in said
