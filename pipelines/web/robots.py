"""Are we welcome? What a host's robots.txt answers to a URL, by RFC 9309.

Here: the meaning of an answer, or of none, as one frozen value; nothing is fetched. Stricter than the RFC in one point: a host
that refuses to show its robots.txt (401, 403) is taken to refuse everything. Elsewhere: fetching it once (`web.web`), waiting
as long as it asks (`web.pace`).
"""

import re
from dataclasses import dataclass

from protego import Protego

from pipelines.errors import Skip

TOKEN = "bullseye"  # noqa: S105 - the product token of RFC 9309, not a secret
LONGEST_BODY = 500 * 1024
LONGEST_DELAY_SECONDS = 30.0
UNSTATED = ("not_in_archive", "too_many_redirects")
"""Reasons for which no robots.txt counts as none: nobody is asked, or the RFC calls it unavailable."""

_HTML = re.compile(r"\s*<(?:!doctype|html|head|body|\?xml)", re.IGNORECASE)
_OTHER_LINE = re.compile(r"^(?![ \t]*(?:user|agent|allow|dis|crawl)).*", re.IGNORECASE | re.MULTILINE)
"""Lines that are not about us: they must not end a group, as they do for Protego."""
_AGENT_LINE = re.compile(r"^([ \t]*user-agent[ \t]*:[ \t]*[a-z_-]+)[^\r\n]*", re.IGNORECASE | re.MULTILINE)
"""A product token ends where its version begins: `Bullseye/1.0` is about us."""


@dataclass(frozen=True, slots=True)
class Robots:
    """What one origin lets us do. `refusal` is the reason and sentence that hold for every URL, if any do."""

    rules: Protego | None = None
    refusal: tuple[str, str] | None = None

    def check(self, url: str) -> None:
        """Raise `Skip` (`robots_disallowed`, or why robots.txt could not be had) unless the URL may be asked for."""
        if self.refusal is not None:
            raise Skip(*self.refusal)
        if self.rules is not None and not self.rules.can_fetch(url, TOKEN):
            raise Skip("robots_disallowed", f"robots.txt asks programs to stay away from {url}.")

    @property
    def delay_seconds(self) -> float:
        """The pause it asks for between two requests; 0 when it asks for none or for nonsense."""
        return (self.rules.crawl_delay(TOKEN) if self.rules is not None else None) or 0.0

    def check_delay(self) -> None:
        """Raise `Skip` (`crawl_delay_too_long`) when it asks for a longer pause than a run can keep."""
        if self.delay_seconds > LONGEST_DELAY_SECONDS:
            sentence = f"robots.txt asks for {self.delay_seconds:g} seconds between requests, more than a run can wait."
            raise Skip("crawl_delay_too_long", sentence)


def answered(status: int, body: bytes = b"") -> Robots:
    """Return what an answer with that status (after redirects) and body means.

    >>> answered(404).refusal is None, answered(403).refusal[0], answered(503).refusal[0]
    (True, 'robots_disallowed', 'robots_unreachable')
    """
    if 200 <= status < 300:
        return Robots(rules=_rules(body))
    if status in (401, 403):
        return Robots(refusal=("robots_disallowed", f"The host refuses to show its robots.txt (HTTP {status})."))
    if status == 429 or not 400 <= status < 500:
        return Robots(refusal=("robots_unreachable", f"robots.txt answered HTTP {status}, so nothing else was asked."))
    return Robots()


def unanswered(reason: str, sentence: str) -> Robots:
    """Return what it means that robots.txt could not be had, for a reason as `Skip` gives them."""
    if reason in UNSTATED:
        return Robots()
    if reason.startswith("http_"):
        return answered(int(reason.removeprefix("http_")))
    return Robots(refusal=(reason, f"robots.txt could not be had, so nothing else was asked. {sentence}"))


def _rules(body: bytes) -> Protego | None:
    """Return the rules in the body; a page in place of a file holds none."""
    text = "\n".join(body[:LONGEST_BODY].decode("utf-8-sig", "replace").splitlines())
    if _HTML.match(text):
        return None
    return Protego.parse(_OTHER_LINE.sub("", _AGENT_LINE.sub(r"\1", text)))
