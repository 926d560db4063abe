"""XML that others wrote: sitemaps, feeds, answers of job boards.

Here: parsing it within bounds, and naming its elements. A document type is refused before anything in it is looked at, so nothing
can be expanded or fetched; what people commonly get wrong is mended, what is incomplete is not. Elsewhere: what the elements say
(`sources`), HTML (`page`).
"""

import re
from collections.abc import Iterator
from html.entities import name2codepoint
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from pipelines.errors import Skip
from pipelines.page import Page
from pipelines.text import clean

MOST_LETTERS = 5 * 1024 * 1024
MOST_ELEMENTS = 400_000
DEEPEST = 100
MOST_PREFIXES, MOST_STRAY = 50, 20_000
"""How many mistakes are mended."""
# Every element is named with its whole namespace: a long one times many elements takes for ever.
LONG_NAMESPACE = re.compile(r"""xmlns(?::[\w.-]+)?\s*=\s*(?:"[^"]{500}|'[^']{500})""")
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
FORBIDDEN_NUMBER = re.compile(r"&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]));")
STRAY = re.compile(r"&(?!#\d{1,7};|#x[\da-fA-F]{1,6};|(?:amp|lt|gt|quot|apos);)(?:([A-Za-z][A-Za-z0-9]{1,30});)?")
ROOT = re.compile(r"<([A-Za-z_][\w.:-]*)[^<>]*?(?=/?>)")
PREFIX = re.compile(r"</?([A-Za-z_][\w.-]*):|\s([A-Za-z_][\w.-]*):[\w.-]+\s*=")


class _Builder(TreeBuilder):
    """A tree that stops growing where no honest document goes."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = self._elements = 0

    def start(self, tag: str, attributes: dict[str, str], /) -> Element:
        self._depth += 1
        self._elements += 1
        if self._depth > DEEPEST or self._elements > MOST_ELEMENTS:
            raise ValueError("too deep or too many elements")
        return super().start(tag, attributes)

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(tag)


def parsed(page: Page, reason: str = "unreadable_xml") -> Element:
    """Return the root of the page's XML; raises `Skip` for that reason where it is none that we read."""
    text = FORBIDDEN.sub("", page.source_text)
    if len(text) > MOST_LETTERS or LONG_NAMESPACE.search(text):
        raise Skip(reason, f"{page.url} is larger than the XML we read.")
    text = text[max(text.find("<"), 0) :]
    try:
        return _tree(text)
    except ParseError:
        mended = _mended(text)
    except (DefusedXmlException, ValueError, LookupError) as error:
        raise Skip(reason, f"{page.url} is no XML we read ({type(error).__name__}).") from None
    try:
        return _tree(mended)
    except (DefusedXmlException, ParseError, ValueError, LookupError) as error:
        raise Skip(reason, f"{page.url} is no XML we can read ({type(error).__name__}).") from None


def name_of(element: Element) -> str:
    """Return the element's name in lower case, without its namespace."""
    return str(element.tag).rpartition("}")[2].lower()


def below(element: Element, *path: str) -> list[Element]:
    """Return the elements along a path of names, child by child, in document order."""
    reached = [element]
    for name in path:
        reached = [child for each in reached for child in each if name_of(child) == name]
    return reached


def words_of(element: Element) -> str:
    """Return all the text in the element, on one line."""
    return clean("".join(element.itertext()))


def words_below(element: Element, *path: str) -> str:
    """Return the first text along a path of names, or an empty string."""
    return next(filter(None, map(words_of, below(element, *path))), "")


def _tree(text: str) -> Element:
    parser = DefusedXMLParser(target=_Builder(), forbid_dtd=True)
    parser.feed(text)
    root: Element = parser.close()
    return root


def _mended(text: str) -> str:
    """Return the text without what is commonly wrong: stray `&`, HTML's entities, undeclared prefixes, words after the end."""
    text = STRAY.sub(_character, FORBIDDEN_NUMBER.sub("", text), MOST_STRAY)
    root = ROOT.search(text)
    if root is None:
        return text
    missing = (prefix for prefix in _prefixes(text) if f"xmlns:{prefix}" not in root[0])
    declared = "".join(f' xmlns:{prefix}="{prefix}"' for prefix in missing)
    end = text.rfind(f"</{root[1]}>")
    whole = text if end < 0 else text[: end + len(root[1]) + 3]
    return whole[: root.end()] + declared + whole[root.end() :]


def _prefixes(text: str) -> Iterator[str]:
    """Yield the prefixes that the text uses, each once."""
    found: set[str] = {"xml", "xmlns"}
    for match in PREFIX.finditer(text):
        prefix = match[1] or match[2]
        if prefix not in found and len(found) < MOST_PREFIXES:
            found.add(prefix)
            yield prefix


def _character(stray: re.Match[str]) -> str:
    """Return the character that HTML has under that name, or the ampersand as one."""
    if (number := name2codepoint.get(stray[1] or "")) is not None:
        return f"&#{number};"
    return f"&amp;{stray[0][1:]}"
