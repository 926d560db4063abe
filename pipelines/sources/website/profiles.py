"""Profiles on social networks and code forges that a page links to.

Here: which links are profiles at all, and which of them are the organization's: a page also links to its authors, its customers
and to buttons for sharing, and a person's profile is nobody's business here. Elsewhere: other links (`parts`).
"""

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from pipelines.domains import registrable
from pipelines.nodes import Link
from pipelines.page import Page
from pipelines.sources.website.heard import about_customers
from pipelines.text import fold
from pipelines.voices import ASIDE, PERSON, QUOTE

PROFILE = re.compile(
    r"https?://(?:www\.|m\.|mobile\.|[a-z]{2}\.)?((linkedin\.com/(?:company|school|showcase)|xing\.com/(?:companies|pages)|discord\.gg|discord\.com/invite"
    r"|twitter\.com|x\.com|github\.com|gitlab\.com|facebook\.com|instagram\.com|tiktok\.com(?=/@)|youtube\.com/(?:c|channel|user)|youtube\.com(?=/@))/(@?[^/?#]+))/?(?:[?#].*)?",
    re.IGNORECASE,
)  # fmt: skip
NO_HANDLE = re.compile(
    r"(?:share|sharer|intent|home|hashtag|search|login|signup|plugins|tr|policies|policy|privacy|help|legal|explore|about|settings|i|p|reel|stories|watch|dialog"
    r"|groups|events|pages|profile|people|photo|features|pricing|sponsors|topics|orgs|apps|marketplace|security|company|tos|terms|embed)(?:\.php)?",
    re.IGNORECASE,
)
BUTTON = re.compile(
    r"(?:(?:follow|find|join|connect with|visit|like|watch|see)?\s*(?:us|our|me)?\s*(?:on|at|in|auf|sur|en|bei)?\s*)?@?(?:linked ?in|xing|twitter|x(?: \(twitter\))?|x/twitter|github"
    r"|gitlab|facebook|instagram|youtube|tiktok|discord)(?:\s*(?:page|profile|channel|logo|icon|community|server|company page))?|(?:follow|join|find) us|[^\w]{1,3}|\w{1,2}",
    re.IGNORECASE,
)  # fmt: skip
"""What a link to one's own profile says, where it says anything."""
ORGANIZATIONS_ONLY = ("linkedin.com", "xing.com", "discord.", "youtube.com/c")
DRESS = re.compile(
    r"^(?:get|try|use|the|hello|team|we)|(?:hq|ai|inc|app|labs|official|gmbh|global|tech|io|dev|news|group|eu|us|uk)$"
)
LETTERS = re.compile(r"[^a-z0-9]+")
LEAST = 3


def profiles(page: Page) -> Iterator[tuple[str, Link, float]]:
    """Yield (profile, link that says it, confidence) of each profile that is the organization's own.

    It is one with a handle like the site's name; else it has to be the only one of its network, on a page that is not about
    others, behind a link that says no more than the network's name. Nothing in a quotation or a person's card counts.
    """
    found = [(match, link) for link in page.links if (match := PROFILE.fullmatch(link.url)) and not NO_HANDLE.fullmatch(match[3])]
    found = [(match, link) for match, link in found if not link.node.voices & {QUOTE, PERSON}]
    names = _own_names(page)
    for match, link in found:
        network, handle = match[2].lower(), match[3]
        if _alike(handle, names):
            yield f"https://{network}/{handle}", link, 0.85
        elif _is_only(match, link, page, [each for each, _ in found]):
            yield f"https://{network}/{handle}", link, 0.85 if network.startswith(ORGANIZATIONS_ONLY) else 0.65


def _is_only(match: re.Match[str], link: Link, page: Page, found: list[re.Match[str]]) -> bool:
    """Whether a profile with another name can only be the site's own."""
    network = match[2].lower()
    rivals = {each[3].lower() for each in found if each[2].lower() == network}
    own_place = ASIDE in link.node.voices if network.startswith(ORGANIZATIONS_ONLY) else False
    plain = not link.node.text or network.startswith("discord.") or bool(BUTTON.fullmatch(link.node.text))
    return len(rivals) == 1 and plain and not about_customers(page) and (own_place or page.kind in ("home", "contact"))


def _own_names(page: Page) -> list[str]:
    """Return what the site calls itself, in bare letters: its domain's label, and its title where that is not about others."""
    label = (registrable(page.url) or urlsplit(page.url).hostname or "").partition(".")[0]
    title = page.first("title") if page.kind in ("home", "contact") and not about_customers(page) else None
    return [LETTERS.sub("", fold(each)) for each in (label, title.text if title else "")]


def _alike(handle: str, names: list[str]) -> bool:
    letters = LETTERS.sub("", fold(unquote(handle)))
    core = DRESS.sub("", letters)
    label, title = names
    if len(core) > LEAST and core in title:
        return True
    return len(label) >= LEAST and (
        label in letters or (len(core) >= LEAST and (label.startswith(core) or core.startswith(label[:5])))
    )
