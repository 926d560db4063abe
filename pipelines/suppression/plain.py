"""Text as it can be searched for what is suppressed: every disguise of a spelling taken off, whatever cell or page it stood in.

Here: compatibility characters, marks nobody sees, percent-encoding, entities, `(at)` and `dot`. Elsewhere: which values stand
in the plain text (`values`). Nothing of this is kept: it is only looked at.
"""

import re
import unicodedata
from html import unescape
from urllib.parse import unquote

# Format characters, variation selectors, fillers, soft hyphens, controls but for white space: they take no room on a screen.
UNSEEN = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
DEEPEST = 3
"""How often a text may be encoded over again."""
SHORT = 320
"""Characters up to which blanks within an address are looked past: an address is no longer."""
_STOPS = str.maketrans({"。": ".", "․": ".", "﹒": ".", "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-"})
_ENCODED = re.compile(r"%[0-9a-f]{2}|&#?\w|\\u[0-9a-f]{4}|\\x[0-9a-f]{2}", re.IGNORECASE)
_ESCAPED = re.compile(r"\\u([0-9a-f]{4})|\\x([0-9a-f]{2})", re.IGNORECASE)
_AT_WORDS = r"at|ät|æt|arroba|arobase|chez|chiocciola|klammeraffe|@"
_DOT_WORDS = r"dot|punkt|point|punto|punt|ponto|period|\."
_AT = re.compile(rf"\s*[\[({{<*_-]+\s*(?:{_AT_WORDS})\s*[\])}}>*_-]+\s*|\s+(?:{_AT_WORDS})\s+|\s*@\s*")
_DOT = re.compile(rf"\s*[\[({{<*_-]+\s*(?:{_DOT_WORDS})\s*[\])}}>*_-]+\s*|\s+(?:{_DOT_WORDS})\s+|\s*\.\s*")
_SAID = re.compile(rf"[\s\[({{<*_-](?:{_AT_WORDS}|{_DOT_WORDS})(?=[\s\])}}>*_-])|[@.]\s|\s[@.]")
_REMARK = re.compile(r"\([^()]*\)|\"")
_DIGIT = re.compile(r"(?![0-9])\d")
_BLANK = re.compile(r"\s+")
_DISGUISED = re.compile(r"[^ -~]|%[0-9A-Fa-f]{2}|&[#\w]|\\[ux]")


def plain_forms(text: str) -> list[str]:
    """Return what the text may be read as, in lower case: itself undisguised and, where it is spelled out, as it is meant.

    >>> plain_forms("Ada＠ACME．example")
    ['ada@acme.example']
    >>> "ada@acme.example" in plain_forms("ada (at) acme dot example")
    True
    """
    forms = _undisguised(text) if _DISGUISED.search(text) else [text.lower()]
    for form in list(forms):
        forms += (each for each in _spelled_out(form) if each not in forms)
    return forms


def _undisguised(text: str) -> list[str]:
    """Return the text in one script of signs; a mark nobody sees may join words or part them, so it is read as both."""
    plain = _folded(text)
    if UNSEEN.search(plain):
        return [UNSEEN.sub("", plain), UNSEEN.sub(" ", plain)]
    return [plain]


def _folded(text: str) -> str:
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    for _ in range(DEEPEST):
        if not _ENCODED.search(plain):
            break
        plain = unicodedata.normalize("NFKC", _decoded(plain))
    plain = plain.casefold()
    if plain.isascii():
        return plain
    return unicodedata.normalize("NFC", _DIGIT.sub(lambda found: str(unicodedata.digit(found[0])), plain.translate(_STOPS)))


def _decoded(text: str) -> str:
    """Take one layer of encoding off; what decodes to no text is left as it is."""
    escaped = _ESCAPED.sub(lambda found: chr(int(found[1] or found[2], 16)), text)
    whole = escaped.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return unquote(unescape(whole))


def _spelled_out(form: str) -> list[str]:
    """Return the form with `(at)` and `dot` as signs, without remarks and quotes, and without any blank."""
    found = []
    if _SAID.search(form):
        found.append(_DOT.sub(".", _AT.sub("@", form)))
    if "@" in form:
        if "(" in form or '"' in form:
            found.append(_REMARK.sub("", form))
        if len(form) <= SHORT and len(bare := _BLANK.sub("", form)) < len(form):
            found.append(bare)
    return found
