"""Which technologies a trace tells of: one fast look-up for each kind of trace.

Here: the functions from a trace (an address, a script, a header, a DNS record …) to the technologies that leave it. Elsewhere:
what traces each leaves (`catalogue`), where they stand in a page (`sources.website.technology`) and in DNS (`sources.dns`).

Most pages have no trace of most technologies, so nothing is tried one by one: hosts are looked up from their end, words of a
script in a table, paths in one expression; only then the pattern itself is tried.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from pipelines.catalogue import Left, Technology, patterns

COOKIES = "set-cookie"
LONGEST = 2000
"""Letters of an address that are looked at; what is longer holds data."""
WORD = re.compile(r"[A-Za-z_$][\w$]*", re.ASCII)
APART = bytes(code if code < 128 and (chr(code).isalnum() or chr(code) in "_$") else 32 for code in range(256))
"""Leaves the words of a script apart; twice as fast as finding them one by one."""
TOKEN = re.compile(r"[\w$]+|[^\w\s]", re.ASCII)
SPELLINGS = {"'": "['\"`]", "=": "=(?!=)"}
"""Ways to write a token of a script, where they are not the token itself."""
ELSEWHERE = re.compile(r"(?:https?:)?//(?:[^/?#@\\]*@)?([^/?#:\\]+)(?::\d+)?(.*)", re.DOTALL)
NO_ADDRESS = ("data:", "blob:", "javascript:", "about:")
WITHIN = re.compile(r"[\w$]")
"""What cannot stand before a word, or it is no word of its own."""
ADDRESS = re.compile(r"//([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?::\d+)?(/[^\s'\"`<>\\]*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mark:
    """An attribute of an element that only one technology writes; `start` is how its value begins."""

    element: str
    attribute: str
    start: str
    left: Left


@dataclass(frozen=True, slots=True)
class Snippet:
    """A technology that a script calls, and where in the script."""

    technology: Technology
    start: int


def of_dns(kind: str, value: str) -> Iterator[Technology]:
    """Yield the technologies that a DNS record tells of.

    `kind` is mx, cname or ns (the host that the record names, with or without priority and dot at the end), spf (an include, or
    the whole record) or txt (the whole record).

    >>> [each.name for each in of_dns("mx", "1 ASPMX.L.GOOGLE.COM.")]
    ['Google Workspace']
    >>> [each.name for each in of_dns("txt", "docusign=05958488-4752-4ef2-95eb-aa7ba8a3bd0e")]
    ['Docusign']
    """
    text = value.strip().strip('"').lower()
    if kind == "txt":
        yield from _beginning(kind, text)
        return
    hosts = [word.rpartition(":")[2].rpartition("=")[2].rstrip(".") for word in text.split()]
    yield from dict.fromkeys(one for host in hosts for one in of_host(kind, host))


def of_host(kind: str, host: str, path: str = "") -> Iterator[Technology]:
    """Yield the technologies whose host is this or above it; `kind` says what a page has it for: load, image or form.

    >>> [each.name for each in of_host("load", *split("//js.hs-scripts.com/123.js"))]
    ['HubSpot']
    """
    ends, wild = _hosts(kind)
    for expression, start, left in wild:
        if path.startswith(start) and expression.search(host):
            yield from left
    while host:
        for start, left in ends.get(host, ()):
            if path.startswith(start):
                yield from left
        host = host.partition(".")[2]


def of_path(path: str) -> Iterator[Technology]:
    """Yield the technologies by which a file lies where it does, whoever's host that is.

    >>> [each.name for each in of_path("/wp-content/themes/pond/style.css?ver=6.8")]
    ['WordPress']
    """
    literals, expression = _paths()
    for match in expression.finditer(path.partition("?")[0]):
        yield from literals[match[0]]


def of_code(script: str) -> Iterator[Snippet]:
    """Yield the technologies that a script in a page calls as their snippets do, in the order of the script.

    >>> [each.technology.name for each in of_code("!function(f,b){f.fbq=1}(window);fbq( 'init', '123')")]
    ['Meta Pixel']
    """
    calls = _calls()
    words = calls.keys() & {*script.encode("ascii", "replace").translate(APART).split()}
    found = (_first(expression, left, script) for word in words for expression, left in calls[word])
    for start, left in sorted((each for each in found if each), key=lambda each: (each[0], each[1][0].name)):
        yield from (Snippet(one, start) for one in left)


def _first(expression: re.Pattern[str], left: Left, script: str) -> tuple[int, Left] | None:
    """Return where a script first says that as words of its own."""
    starts = (match.start() for match in expression.finditer(script))
    return next(((start, left) for start in starts if not WITHIN.match(script, start - 1, start)), None)


def of_loader(script: str) -> Iterator[Snippet]:
    """Yield the technologies whose script is loaded by a script in the page, one that makes elements."""
    if "createElement" in script:
        for match in ADDRESS.finditer(script):
            found = of_host("load", match[1].lower(), (match[2] or "").lower())
            yield from (Snippet(one, match.start()) for one in found)


def of_header(name: str, value: str) -> Iterator[Technology]:
    """Yield the technologies that a response header tells of; of a cookie the value is its name.

    >>> [each.name for each in of_header("server", "cloudflare")], [each.name for each in of_header("set-cookie", "PHPSESSID")]
    (['Cloudflare'], ['PHP'])
    """
    for expression, left in _headers().get(name, ()):
        if expression.search(value):
            yield from left


@cache
def header_names() -> frozenset[str]:
    """Return the names, in lower case, of the headers that tell of any technology."""
    return frozenset(_headers())


def of_generator(text: str) -> Iterator[Technology]:
    """Yield the technologies that the meta tag `generator` names."""
    return _beginning("generator", text.lower())


@cache
def marks() -> list[Mark]:
    """Return the attributes that tell of technologies."""
    found = []
    for pattern, left in patterns("mark"):
        place, _, start = pattern.partition("=")
        element, _, attribute = place.partition("@")
        found.append(Mark(element, attribute, start, left))
    return found


def split(address: str) -> tuple[str, str]:
    """Return host and rest of an address as a page writes it, in lower case; one of the page's own has no host.

    >>> split("//CDN.example:443/a.js?v=1"), split("a.js"), split("data:image/png;base64,//8=")
    (('cdn.example', '/a.js?v=1'), ('', '/a.js'), ('', ''))
    """
    lower = address[:LONGEST].lower()
    if match := ELSEWHERE.match(lower):
        return match[1], match[2]
    if lower.startswith(NO_ADDRESS):
        return "", ""
    return "", lower if lower.startswith("/") else f"/{lower}"


def _beginning(kind: str, text: str) -> Iterator[Technology]:
    for pattern, left in patterns(kind):
        if text.startswith(pattern.lower()):
            yield from left


@cache
def _hosts(kind: str) -> tuple[Mapping[str, list[tuple[str, Left]]], list[tuple[re.Pattern[str], str, Left]]]:
    """Technologies by the end of a host and the beginning of the path; those with a wild card apart, as expressions."""
    ends: dict[str, list[tuple[str, Left]]] = {}
    wild: list[tuple[re.Pattern[str], str, Left]] = []
    for pattern, left in patterns(kind):
        host, slash, path = pattern.lower().partition("/")
        if "*" in host:
            wild.append((re.compile(rf"(?:^|\.){_with_wild_cards(host, '[^.]*')}\Z"), slash + path, left))
        else:
            ends.setdefault(host, []).append((slash + path, left))
    return ends, wild


@cache
def _paths() -> tuple[Mapping[str, Left], re.Pattern[str]]:
    """Technologies by part of a path, and the expression for all of them; a slash at the end may begin the next."""
    literals = {pattern.lower().removesuffix("/"): left for pattern, left in patterns("path")}
    ways = sorted((pattern.lower() for pattern, _ in patterns("path")), key=lambda each: (each[:2], -len(each)))
    kinds = ("|".join(_path_way(each) for each in alike) for _, alike in groupby(ways, key=lambda each: each[:2]))
    return literals, re.compile("|".join(f"(?:{each})" for each in kinds))


def _path_way(pattern: str) -> str:
    end = "(?=/)" if pattern.endswith("/") else "(?![a-z0-9])" if pattern.endswith((".js", ".css")) else ""
    return re.escape(pattern.removesuffix("/")) + end


@cache
def _calls() -> Mapping[bytes, list[tuple[re.Pattern[str], Left]]]:
    """Expressions for what snippets say, by the longest word in each."""
    found: dict[bytes, list[tuple[re.Pattern[str], Left]]] = {}
    for pattern, left in patterns("code"):
        said = r"\s*".join(SPELLINGS.get(token, re.escape(token)) for token in TOKEN.findall(pattern))
        end = r"(?![\w$])" if WORD.match(pattern[-1]) else ""
        found.setdefault(max(WORD.findall(pattern), key=len).encode(), []).append((re.compile(f"{said}{end}", re.ASCII), left))
    return found


@cache
def _headers() -> Mapping[str, list[tuple[re.Pattern[str], Left]]]:
    """Expressions for the values of headers, by name; those of cookies are their names."""
    found: dict[str, list[tuple[re.Pattern[str], Left]]] = {}
    for pattern, left in patterns("header"):
        name, _, said = pattern.partition(": ")
        end = r"(?![\w-])" if said[-1:].isalnum() else ""
        found.setdefault(name, []).append((re.compile(rf"(?<![\w-]){re.escape(said)}{end}" if said else "", re.IGNORECASE), left))
    for pattern, left in patterns("cookie"):
        found.setdefault(COOKIES, []).append((re.compile(rf"\A{_with_wild_cards(pattern, '.*')}\Z"), left))
    return found


def _with_wild_cards(pattern: str, any_letters: str) -> str:
    return re.escape(pattern).replace(r"\*", any_letters)
