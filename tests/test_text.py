"""Bytes to text, and text as it is kept."""

import json
import unicodedata
from datetime import date
from pathlib import Path

import pytest

from pipelines.text import bare, clean, cut, decode, excerpt, fold, iso_day, squeeze

NAUGHTY = Path(__file__).parents[2] / "shared" / "hostile" / "strings" / "blns.json"
HTML, LATIN = "text/html", "text/html; charset=iso-8859-1"
META = '<meta charset="{}"><p>Zürich – Œuvre €5'

# What a page says of itself, and what its bytes are.
PAGES = {
    "a byte-order mark beats everything": (b"\xef\xbb\xbf" + "Zürich".encode(), LATIN, "Zürich"),
    "a mark of UTF-16": (b"\xff\xfe" + "Zürich".encode("utf-16-le"), HTML, "Zürich"),
    "a mark of UTF-16, the other way round": (b"\xfe\xff" + "Zürich".encode("utf-16-be"), HTML, "Zürich"),
    "the header": ("Zürich".encode("cp1250"), "text/html; charset=windows-1250", "Zürich"),
    "the header in quotes": ("東京".encode("shift_jis"), 'text/html; CHARSET="Shift_JIS"', "東京"),
    "the header beats the tag": (
        "<meta charset=utf-8>ü".encode("cp1252"),
        "text/html; charset=windows-1252",
        "<meta charset=utf-8>ü",
    ),
    "the tag": (META.format("windows-1252").encode("cp1252"), HTML, META.format("windows-1252")),
    "the old tag": (
        '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-15">€'.encode("iso-8859-15"),
        HTML,
        '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-15">€',
    ),
    "latin-1 is windows-1252 to browsers": ("“5 €”".encode("cp1252"), LATIN, "“5 €”"),
    "ascii is windows-1252 to browsers": ("“5 €”".encode("cp1252"), "text/html; charset=us-ascii", "“5 €”"),
    "nothing said, UTF-8": ("Zürich".encode(), HTML, "Zürich"),
    "nothing said, not UTF-8": ("Zürich".encode("cp1252"), HTML, "Zürich"),
    "an encoding nobody knows": ("Zürich".encode(), "text/html; charset=klingon", "Zürich"),
    "no encoding of text": ("Zürich".encode(), "text/html; charset=hex", "Zürich"),
    "a header that is not true": ("Zürich".encode("cp1252"), "text/html; charset=utf-8", "Zürich"),
    "a tag that is not true": ("<meta charset=utf-8>Zürich".encode("cp1252"), HTML, "<meta charset=utf-8>Zürich"),
    "bytes of nothing": (bytes(range(128, 160)), HTML, None),
    "nothing": (b"", HTML, ""),
}

TWICE = {
    "Â© 2026 CafÃ©": "© 2026 Café",
    "Ãœber MÃ¼ller und SÃ¶hne â€“ seit 1900": "Über Müller und Söhne – seit 1900",
    "donâ€™t â€œquoteâ€\x9d â€¦": "don’t “quote” …",
    "donâ\x80\x99t": "don’t",
    "Â\xa0": "\xa0",
    "NÃO à la CAFÉ» 12°C, Ânes, Ãlamo, â, naïve, Â": "NÃO à la CAFÉ» 12°C, Ânes, Ãlamo, â, naïve, Â",
    "Zürich – “quoted” €5": "Zürich – “quoted” €5",
}


@pytest.mark.parametrize("name", PAGES)
def test_decode(name: str):
    body, content_type, text = PAGES[name]
    found = decode(body, content_type)
    assert found == text if text is not None else len(found) == len(body)


@pytest.mark.parametrize("text", TWICE)
def test_what_was_encoded_twice_is_mended_and_nothing_else(text: str):
    assert decode(text.encode(), HTML) == TWICE[text]


def test_clean_leaves_one_line_without_what_breaks_things():
    assert clean(" a\t\nb\u00a0 c\u2028d ") == "a b cd"
    assert clean("\x00\x07\x1b\x7f\x85\u200b\u200e\u202e\u2066\ufeff\ufffe\ud800x") == "\u200ex"
    assert clean("e\u0301") == "é"
    assert clean("👩\u200d🚀 =1+1") == "👩\u200d🚀 =1+1"
    assert clean(clean(" a\u202e  b ")) == clean(" a\u202e  b ")


@pytest.mark.skipif(not NAUGHTY.exists(), reason="the naughty strings of ../shared are not here")
def test_naughty_strings_become_harmless_and_stay_what_they_are():
    for text in json.loads(NAUGHTY.read_text("utf-8")):
        kept = clean(text)
        assert clean(kept) == kept
        assert kept == unicodedata.normalize("NFC", kept)
        assert not [each for each in kept if unicodedata.category(each) in ("Cc", "Cs") or each in "\u202e\u2066\ufeff\ufffe\n"]
        assert kept.encode("utf-8").decode("utf-8") == kept


def test_squeeze_and_fold_are_what_spellings_have_in_common():
    assert squeeze(" A\u00a0b\n c ") == squeeze("Ab c") == "Abc"
    assert fold("STRASSE Łódź Ünal") == fold("straße łódź unal")
    assert fold("Zoë") != fold("Zob")


def test_cut_between_words_where_that_loses_little():
    assert cut("one two three", 20) == "one two three"
    assert cut("one two three", 9) == "one two"
    assert cut("onetwothreefour five", 10) == "onetwothre"
    assert cut("", 5) == ""


def test_an_excerpt_shows_what_is_wanted():
    text = f"{'start ' * 100}the needle here {'end ' * 100}"
    assert "needle" in excerpt(text, "needle", 100)
    assert len(excerpt(text, "needle", 100)) <= 100
    assert excerpt(text, "nowhere", 100) == cut(text, 100)
    assert excerpt("short", "short", 100) == "short"
    assert "x" * 50 in excerpt("y" * 500 + "x" * 50, "x" * 50, 100) or excerpt("y" * 500 + "x" * 50, "x" * 50, 100)


def test_bare_is_what_is_left_without_markup():
    assert bare("<p class='a>b'>a<!-- <b>no</b> --><SCRIPT>no()</SCRIPT >b<style>no{}</style>c<br/>d</p>") == "b'>abcd"
    assert bare("a < b") == "a < b"


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-02-03", date(2026, 2, 3)),
        ("2026-02-03T10:00:00Z", date(2026, 2, 3)),
        ("2026-02-30", None),
        ("3 Feb 2026", None),
        ("", None),
    ],
)
def test_iso_day(written: str, day: date | None):
    assert iso_day(written) == day
