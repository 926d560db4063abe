"""What a robots.txt asks of us, by RFC 9309: its lines become rules, and the longest rule that fits a URL decides.

Here: bytes to rules, rules to yes or no, and the pause asked for. Slips that Google's parser forgives are forgiven here too
(`useragent`, `Disalow`, a missing colon). Whoever wrote the file, the work grows with its length and no faster. Elsewhere: what
an answer means that holds no rules (`web.robots`).
"""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

LONGEST_BODY = 500 * 1024
MOST_STEPS = 10**8
"""Characters compared for one URL at most, a tenth of a second; more wildcards than that are taken as a no."""
EVERYONE = "*"

Rule = tuple[bool, str, tuple[str, ...]]

_END = "\n"
"""Ends every path that is compared, so that `$` is one more character to find; nothing else is spelled so."""
_FIELD = re.compile(
    r"(?P<agent>user[- ]?agent)|(?P<allow>allow)|(?P<disallow>diss?all?ow|diasllow|disallaw)|(?P<delay>crawl[- ]?delay)",
    re.IGNORECASE,
)
_AGENT = re.compile(r"\*(?![^ \t])|[a-z_-]+", re.IGNORECASE)
"""A product token ends where its version begins: `Bullseye/1.0` is about us."""
_SECONDS = re.compile(r"\+?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:e[+-]?[0-9]+)?", re.IGNORECASE)
_HTML = re.compile(r"\s*<(?:!doctype|html|head|body|\?xml)", re.IGNORECASE | re.ASCII)
_BLANK = " \t\v\f"
_ORIGIN = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?(?://[^/?#]*)?", re.IGNORECASE)
_RAW = re.compile(r"[^\x00-\x7f]")
_ODD = re.compile(r"[^!-$&-~](?:(?<=%)[0-9A-Fa-f]{2})?")
_SPELLED = [chr(byte) if 0x20 < byte < 0x7F and chr(byte) not in "/?%*" else f"%{byte:02X}" for byte in range(256)]
"""How a byte is compared: plain, however it was written, but for those that mean something else when written plain."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a robots.txt asks of one agent: `ranked` holds (allows, how the path begins, what follows in turn), longest first.

    `steps` is how many characters may have to be compared for one of a path, because of wildcards.
    """

    ranked: tuple[Rule, ...] = ()
    delay_seconds: float = 0.0
    steps: int = 0

    def allow(self, url: str) -> bool:
        """Say whether the URL may be asked for; robots.txt itself always may.

        A URL with letters beyond ASCII is no URI yet: it is forbidden in any spelling, and allowed only by what precedes them.
        """
        asked = _ORIGIN.sub("", url, count=1).partition("#")[0].replace("*", "%2A")
        octets = f"/{asked.removeprefix('/')}".encode("utf-8", "surrogatepass").decode("latin-1")
        path = _compared(octets) + _END
        sure = path if asked.isascii() else _compared(_RAW.split(octets, maxsplit=1)[0])
        if path == f"/robots.txt{_END}":
            return True
        if self.steps * len(path) > MOST_STEPS:
            return False
        for allows, head, parts in self.ranked:
            where = sure if allows else path
            if where.startswith(head) and _follow(parts, where, len(head)):
                return allows
        return True


def read(body: bytes, token: str) -> Rules:
    """Return what the body asks of a product token: what it asks of everyone where it does not name the token.

    A page in place of a file asks nothing. What lies beyond `LONGEST_BODY` is not read, nor the line it begins in.

    >>> read(b"User-agent: *\\nDisallow: /*.pdf$\\nCrawl-delay: 2", "bullseye")
    Rules(ranked=((False, '/', ('.pdf\\n',)),), delay_seconds=2.0, steps=5)
    """
    text = _text(body)
    if _HTML.match(text):
        return Rules()
    groups = _groups(text, (token.lower(), EVERYONE))
    ours = groups.get(token.lower()) or groups.get(EVERYONE) or _Group()
    ranked = _ranked(ours.rules)
    return Rules(ranked, ours.delay_seconds, sum(len(max(parts, key=len, default="")) for _, _, parts in ranked))


@dataclass(slots=True)
class _Group:
    """What is said to one agent, wherever in the file: patterns and whether they allow, and the longest pause."""

    rules: dict[str, bool] = field(default_factory=dict)
    delay_seconds: float = 0.0


def _groups(text: str, agents: Collection[str]) -> Mapping[str, _Group]:
    """Return what is said to each of the agents that the text names.

    Rules are for all agents named since the last rule, whatever stands between (RFC 9309); a pause, which the RFC does not know,
    only for those named since the last pause or rule.
    """
    groups: dict[str, _Group] = {}
    named: dict[str, set[str]] = {"rule": set(), "delay": set()}
    said = set[str]()
    for name, value in _fields(text):
        if name == "agent":
            for kind in said:
                named[kind] = set()
            said.clear()
            if (agent := _agent(value)) in agents:
                groups.setdefault(agent, _Group())
                for each in named.values():
                    each.add(agent)
        elif name == "delay":
            said.add("delay")
            for agent in named["delay"]:
                groups[agent].delay_seconds = max(groups[agent].delay_seconds, _seconds(value))
        else:
            said |= named.keys()
            for agent in named["rule"]:
                rules = groups[agent].rules
                rules[value] = rules.get(value, False) or name == "allow"
    return groups


def _text(body: bytes) -> str:
    """Return the readable part of the body, a character for each byte: escapes are of bytes, whatever the encoding."""
    if body.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        body = body.decode("utf-16", "replace").encode()
    body = body.replace(BOM_UTF8, b"").replace(b"\0", b"")
    if len(body) > LONGEST_BODY:
        body = body[: LONGEST_BODY + 1]
        body = body[: max(body.rfind(b"\n"), body.rfind(b"\r"), 0)]
    return body.decode("latin-1")


def _fields(text: str) -> Iterator[tuple[str, str]]:
    """Yield the name (`agent`, `allow`, `disallow`, `delay`) and value of each line that has one of these."""
    for line in re.split(r"[\r\n]+", text):
        name, colon, value = line.partition("#")[0].partition(":")
        if not colon:
            words = re.split(r"[ \t]+", name.strip(_BLANK))
            name, value = words if len(words) == 2 else ("", "")
        if match := _FIELD.match(name.strip(_BLANK)):
            yield str(match.lastgroup), value.strip(_BLANK)


def _agent(value: str) -> str:
    match = _AGENT.match(value)
    return match[0].lower() if match else ""


def _seconds(value: str) -> float:
    """Return the pause in seconds; 0 for what is no number."""
    return float(value) if _SECONDS.fullmatch(value) else 0.0


def _ranked(rules: Mapping[str, bool]) -> tuple[Rule, ...]:
    """Return the rules that say something, the longest first and of two as long the one that allows."""
    both = [(each, allows) for value, allows in rules.items() for each in _patterns(value, allows)]
    both.sort(key=lambda rule: (-len(rule[0]), not rule[1]))
    split = ((allows, pattern.split("*")) for pattern, allows in both)
    return tuple((allows, head, tuple(filter(None, parts))) for allows, (head, *parts) in split)


def _patterns(value: str, allows: bool) -> Iterator[str]:
    """Yield the value as it is compared; who allows a folder's index page allows the folder."""
    if value:
        yield _compared(value[:-1]) + _END if value.endswith("$") else _compared(value)
    folder, slash, page = value.rpartition("/")
    if allows and slash and page.startswith("index.htm"):
        yield f"{_compared(folder)}/{_END}"


def _compared(text: str) -> str:
    """Return path and query, a character for each byte, in the spelling in which two of them are compared.

    >>> _compared("/%7eann/a b%2fc/\\xe9%e9/%zz?next=%2fd")
    '/~ann/a%20b%2Fc/%E9%E9/%25zz?next=/d'
    """
    path, mark, query = _ODD.sub(_spelled, text).partition("?")
    return path + mark + query.replace("%2F", "/").replace("%3F", "?")


def _spelled(odd: re.Match[str]) -> str:
    written = odd[0]
    return _SPELLED[int(written[1:], 16) if len(written) == 3 else ord(written)]


def _follow(parts: tuple[str, ...], path: str, at: int) -> bool:
    """Say whether the parts follow in turn: taking each where it first stands is enough, and never goes back."""
    for part in parts:
        at = path.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return True
