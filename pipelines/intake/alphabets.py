"""Which of the encodings from before Unicode a text is in, told by the letters that come out.

Here: for each encoding what its languages are written with, and how well a text fits. A statistical guess of whole texts is right
less often: lists are short, mostly ASCII, and full of names. Elsewhere: byte order marks, UTF-8 and UTF-16 (`encodings`).
"""

import re
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

SURE = 0.8
NEUTRAL = frozenset("“”„‘’‚–—…•·«»‹›€£$¥§©®™°ªº²³½¼¾±×\u00a0´`¨¿¡†‰№")
WEST = (
    "äöüß",
    "éèêëàâçîïôûùœæÿü",
    "áéíóúñüçàèòï",
    "ãõáéíóúâêôçà",
    "åäöéøæ",
    "àèéìòùí",
    "ëïéóöüáèê",
    "áðéíóúýþæö",
    "äöõšžü",
)
MIDDLE = ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíľĺňóôŕšťúýž", "áéíóöőúüű", "ăâîșțşţ", "čćđšž", "äöüß")
TURKISH = ("çğıi\u0307öşüâî",)
BALTIC = ("āčēģīķļņšūž", "ąčęėįšųūž", "äöõüšž")
CYRILLIC = ("оеаинтсрвлкмдпуяызьбгчйхжшюцщэфъё", "оаинівтеркслдумпязьгбйчхжїщєшюцфґ", "аиоенрстлвдкупмјзгбчшжћцљњђхџф")
GREEK = ("αοιετσνηυρπκμλςόήίάωγέδθύχφβώξζψϊϋ",)
HEBREW = ("יוהלארתבשמםנכדקעחספגטזןךץצףײװ",)
ARABIC = ("اليمنوترةبسدعفهكحقأجشصطىخزضإغذئثظءآؤپچژگک",)
THAI = ("านรอกงเวมลยสตคทดปแบจหพชขใไโผศณซฐธภฉถะฒษฝฟญฎฏฤฑฆฮ่้็ิีุู์ั๋๊ำ",)
ALPHABETS: Mapping[str, tuple[str, ...]] = {
    "cp1252": WEST,
    "cp1250": MIDDLE,
    "iso8859_2": MIDDLE,
    "cp1254": TURKISH,
    "cp1257": BALTIC,
    "mac_roman": WEST,
    "cp850": WEST,
    "cp852": MIDDLE,
    "mac_latin2": MIDDLE,
    "cp1251": CYRILLIC,
    "koi8_r": CYRILLIC,
    "cp866": CYRILLIC,
    "cp1253": GREEK,
    "iso8859_7": GREEK,
    "cp1255": HEBREW,
    "cp1256": ARABIC,
    "iso8859_6": ARABIC,
    "cp874": THAI,
}
"""Encoding -> the letters beyond ASCII of each language it was made for; those of other scripts the most frequent first."""
EAST: Mapping[str, tuple[int, int]] = {
    "cp949": (0xB0, 0xC8),
    "euc_jp": (0xA1, 0xCF),
    "cp932": (0x81, 0x98),
    "big5": (0xA1, 0xC6),
    "gb18030": (0xA1, 0xD7),
}
"""Encoding of two bytes a sign -> the first bytes of its punctuation and its frequent signs."""
_FOREIGN = re.compile(r"[^\x00-\x7f]")
_FOREIGN_BYTES = re.compile(rb"[\x80-\xff]")
_HUMP = re.compile(r"[^\W\d_A-Z][^\W\d_a-z]")
_INSIDE = re.compile(r"(?<=[^\W\d_])[^\w\s\x00-\x7f’·‘´\u0590-\u06ff\u0e00-\u0e7f](?=[^\W\d_])")
_MIXED = re.compile(r"[A-Za-z][^\W\d_\x00-\u024f]|[^\W\d_\x00-\u024f][A-Za-z]")
_KANA = re.compile(r"[\u3041-\u30fa]")


class Fit(NamedTuple):
    """How well a text fits an encoding, from 0 to 1; at least SURE is good enough to go by."""

    codec: str
    share: float


def fit_best(data: bytes) -> Fit:
    """Return the encoding whose letters the bytes make the most sense in; total. The one that is commoner wins a draw."""
    lines = [line for line in data.splitlines() if _FOREIGN_BYTES.search(line)][:400]
    sample = b"\n".join(lines)
    fits = [Fit(codec, _share_of_alphabet(sample, codec)) for codec in ALPHABETS]
    fits += [Fit(codec, _share_of_signs(sample, codec)) for codec in EAST]
    return max(fits, key=lambda fit: round(fit.share, 2))


def _decoded(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


def _share_of_alphabet(data: bytes, codec: str) -> float:
    """Return the share of the letters beyond ASCII that are of one of its languages, where letters stand as they do in words."""
    text = _decoded(data, codec)
    letters = Counter(_FOREIGN.findall(text)) if text else None
    if not text or not letters:
        return 0.0
    total: int = letters.total()
    wrong = len(_INSIDE.findall(text)) + len(_MIXED.findall(text))
    wrong += sum(hump[1].isupper() and hump[0].islower() and not hump.isascii() for hump in _HUMP.findall(text))
    alphabets = ALPHABETS[codec]
    every = frozenset("".join(alphabets))
    shares = [_share(letters, alphabet) for alphabet in alphabets]
    together = sum(count for letter, count in letters.items() if letter.lower() in every or letter in NEUTRAL) / total
    any_of_them = together - 0.1 if max(every) < "\u0308" else 0.0
    return float(max(*shares, any_of_them) - wrong / total)


def _share(letters: Counter[str], alphabet: str) -> float:
    """Return the share of the letters in the alphabet; in one of another script frequent letters count more."""
    known = {letter: count for letter, count in letters.items() if letter.lower() in alphabet}
    share: float = (sum(known.values()) + sum(count for letter, count in letters.items() if letter in NEUTRAL)) / letters.total()
    if not known or alphabet[0] < "\u0370":
        return share
    rank = sum(alphabet.index(letter.lower()) * count for letter, count in known.items()) / sum(known.values()) / len(alphabet)
    return float(share) * (1.1 - 0.5 * max(rank, 0.2))


def _share_of_signs(data: bytes, codec: str) -> float:
    """Return the share of the signs that are frequent ones; 0 where the bytes are none, or stand among Latin letters."""
    text = _decoded(data, codec)
    signs = _FOREIGN.findall(text) if text else []
    if not text or not signs:
        return 0.0
    first, last = EAST[codec]
    often = sum(len(raw := sign.encode(codec)) == 2 and first <= raw[0] <= last for sign in signs)
    kana = bool(_KANA.search(text)) and codec in ("euc_jp", "cp932")
    return float(often) / len(signs) - len(_MIXED.findall(text)) / len(signs) + (0.05 if kana else 0.0)
