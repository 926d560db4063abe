"""Are we welcome? What a host's robots.txt answers to a URL, by RFC 9309.

Here: the meaning of an answer, or of none, as one frozen value; nothing is fetched. Stricter than the RFC in one point: a host
that refuses to show its robots.txt (401, 403) is taken to refuse everything. Elsewhere: how its lines are read
(`web.robots_rules`), fetching it once (`web.origins`), waiting as long as it asks (`web.pace`).
"""

from dataclasses import dataclass, field

from pipelines.errors import Skip
from pipelines.web.robots_rules import Rules, read

TOKEN = "bullseye"  # noqa: S105 - the product token of RFC 9309, not a secret
LONGEST_DELAY_SECONDS = 30.0
UNSTATED = ("not_in_archive", "too_many_redirects")
"""Reasons for which no robots.txt counts as none: nobody is asked, or the RFC calls it unavailable."""


@dataclass(frozen=True, slots=True)
class Robots:
    """What one origin lets us do. `refusal` is the reason and sentence that hold for every URL, if any do."""

    rules: Rules = field(default_factory=Rules)
    refusal: tuple[str, str] | None = None

    def check(self, url: str) -> None:
        """Raise `Skip` (`robots_disallowed`, or why robots.txt could not be had) unless the URL may be asked for."""
        if self.refusal is not None:
            raise Skip(*self.refusal)
        if not self.rules.allow(url):
            raise Skip("robots_disallowed", f"robots.txt does not let programs ask for {url}.")

    @property
    def delay_seconds(self) -> float:
        """The pause it asks for between two requests; 0 when it asks for none or for nonsense."""
        return self.rules.delay_seconds

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
        return Robots(rules=read(body, TOKEN))
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
