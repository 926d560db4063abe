"""Which job board the organization posts on, by what its pages link to or embed.

Here: the boards we know, how each names an account in its addresses, and what is one posting on it. Elsewhere: the titles a page
lists (`hiring`), what a board itself says (a source each).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from pipelines.nodes import Node
from pipelines.page import Page
from pipelines.records import Fact
from pipelines.sources.website.heard import about_customers
from pipelines.text import fold

ACCOUNT = r"(?P<account>[\w.&%-]+)"
OWN = r"(?P<account>[\w-]+)"
"""An account that is a subdomain."""
# Board, by its domain -> the address of an account's page, host and path; where it ends is where its postings begin.
ADDRESSES: dict[str, tuple[str, ...]] = {
    "greenhouse.io": (
        rf"(?:job-)?boards(?:\.eu)?\.greenhouse\.io/embed/job_(?:board|app)(?:/js)?/?\?(?:[^#]*&)?for={ACCOUNT}",
        rf"(?:job-)?boards(?:\.eu)?\.greenhouse\.io/{ACCOUNT}",
        rf"boards-api\.greenhouse\.io/v1/boards/{ACCOUNT}",
    ),
    "lever.co": (rf"jobs(?:\.eu)?\.lever\.co/{ACCOUNT}", rf"api(?:\.eu)?\.lever\.co/v0/postings/{ACCOUNT}"),
    "ashbyhq.com": (rf"jobs\.ashbyhq\.com/{ACCOUNT}", rf"api\.ashbyhq\.com/posting-api/job-board/{ACCOUNT}"),
    "workable.com": (rf"apply\.workable\.com/{ACCOUNT}", rf"{OWN}\.workable\.com"),
    "recruitee.com": (rf"{OWN}\.recruitee\.com",),
    "teamtailor.com": (rf"{OWN}(?:\.(?:na|eu|app))?\.teamtailor\.com",),
    "personio.de": (rf"{OWN}\.jobs\.personio\.de",),
    "personio.com": (rf"{OWN}\.jobs\.personio\.com",),
    "smartrecruiters.com": (rf"(?:jobs|careers)\.smartrecruiters\.com/{ACCOUNT}",),
    "myworkdayjobs.com": (rf"{OWN}\.(?:wd\d+\.)?myworkdayjobs(?:-impl)?\.com(?:/[a-z]{{2}}-[A-Z]{{2}})?/[\w-]+",),
    "bamboohr.com": (rf"{OWN}\.bamboohr\.com/(?:careers|jobs)",),
    "breezy.hr": (rf"{OWN}\.breezy\.hr",),
    "jobvite.com": (rf"(?:jobs|careers)\.jobvite\.com/{ACCOUNT}",),
    "icims.com": (rf"(?:(?:careers|jobs|uscareers|global)-)?{OWN}\.icims\.com",),
    "rippling.com": (rf"ats\.rippling\.com/(?:[a-z]{{2}}-[A-Z]{{2}}/)?{ACCOUNT}",),
    "gem.com": (rf"jobs\.gem\.com/{ACCOUNT}",),
    "join.com": (rf"join\.com/companies/{ACCOUNT}",),
    "softgarden.io": (rf"{OWN}\.(?:career\.)?softgarden\.(?:io|de)",),
    "applytojob.com": (rf"{OWN}\.applytojob\.com",),
    "pinpointhq.com": (rf"{OWN}\.pinpointhq\.com",),
    "comeet.com": (rf"(?:www\.)?comeet\.com?/jobs/{ACCOUNT}",),
    "welcometothejungle.com": (rf"(?:www\.)?welcometothejungle\.com/[a-z]{{2}}/companies/{ACCOUNT}",),
    "factorialhr.com": (rf"{OWN}\.factorialhr\.(?:com|de|es|fr|it)",),
    "homerun.co": (rf"{OWN}\.homerun\.co",),
    "onlyfy.jobs": (rf"{OWN}\.onlyfy\.jobs", rf"{OWN}\.jobbase\.io"),
    "dvinci-hr.com": (rf"{OWN}\.dvinci-hr\.com",),
    "rexx-systems.com": (rf"{OWN}\.rexx-systems\.com",),
    "hibob.com": (rf"{OWN}\.careers\.hibob\.com",),
    "dover.com": (rf"app\.dover\.(?:com|io)/(?:jobs|apply)/{ACCOUNT}",),
    "zohorecruit.com": (rf"{OWN}\.zohorecruit\.(?:com|eu|in)",),
    "freshteam.com": (rf"{OWN}\.freshteam\.com",),
    "paylocity.com": (rf"recruiting\.paylocity\.com/[Rr]ecruiting/[Jj]obs/All/{ACCOUNT}",),
    "ultipro.com": (rf"recruiting\d?\.ultipro\.(?:com|ca)/{ACCOUNT}",),
    "taleo.net": (rf"{OWN}\.taleo\.net/careersection",),
    "eightfold.ai": (rf"{OWN}\.eightfold\.ai/careers",),
    "avature.net": (rf"{OWN}\.avature\.net/careers",),
    "trakstar.com": (rf"{OWN}\.hire\.trakstar\.com",),
    "jobscore.com": (rf"careers\.jobscore\.com/careers/{ACCOUNT}",),
    "kula.ai": (rf"careers\.kula\.ai/{ACCOUNT}",),
    "hireology.com": (rf"careers\.hireology\.com/{ACCOUNT}",),
    "wellfound.com": (rf"(?:www\.)?wellfound\.com/company/{ACCOUNT}/jobs",),
}
COMPILED = [(board, re.compile(rf"https?://{each}(?=[/?#&]|$)")) for board, several in ADDRESSES.items() for each in several]
PAGES = {
    "greenhouse.io": "https://boards.greenhouse.io/",
    "lever.co": "https://jobs.lever.co/",
    "ashbyhq.com": "https://jobs.ashbyhq.com/",
}
"""Where people see the account, of boards that have another address for programs."""
FOR_PROGRAMS = re.compile(r"/embed/|//(?:boards-)?api\b")
HOST = re.compile(r"https?://(?:[\w-]+\.)*([\w-]+)\.[a-z]+(?=[/?#&]|$)")
DOMAINS = frozenset({board.partition(".")[0] for board in ADDRESSES} | {"myworkdayjobs-impl", "jobbase"})
"""What stands before the last point in the host of every board: most links are to others, and are not looked at twice."""
NO_ACCOUNT = frozenset("www embed api app help support blog jobs careers info status developers docs marketing resources go static cdn assets login static1 job j v1 widget scripts".split())  # fmt: skip
NO_POSTING = frozenset("embed jobs about widget careers search application apply".split())
POSTING_ID = re.compile(r"[?&](?:gh_jid|ashby_jid|lever-jid|jobId|job_id)=[\w-]+", re.IGNORECASE)
KINDS = ("home", "careers", "about", "contact")
ELSEWHERE_SURE = 0.7


@dataclass(frozen=True, slots=True)
class Account:
    """An organization's page on a board: the board, the account's name there, and the address."""

    board: str
    name: str
    url: str


@lru_cache(4096)
def account_of(url: str) -> Account | None:
    """Return the account on a board that an address leads to, or None."""
    host = HOST.match(url)
    if host is None or host[1] not in DOMAINS:
        return None
    for board, pattern in COMPILED:
        match = pattern.match(url)
        if match and match["account"].lower() not in NO_ACCOUNT:
            written = PAGES[board] + match["account"] if FOR_PROGRAMS.search(match[0]) else match[0]
            return Account(board, match["account"].lower(), written)
    return None


@lru_cache(4096)
def is_posting(url: str) -> bool:
    """Whether an address is one posting, on a board or by a board's number on a page of one's own."""
    if "?" in url and POSTING_ID.search(url):
        return True
    account = account_of(url)
    if account is None:
        return False
    rest = urlsplit(url[len(account.url) :]).path.strip("/") if url.startswith(account.url) else ""
    return any(part.lower() not in NO_POSTING for part in rest.split("/") if part)


def boards(page: Page) -> Iterator[Fact]:
    """State the job board and where on it the organization is; nothing where a page names accounts of several."""
    if about_customers(page):
        return
    found: dict[tuple[str, str], tuple[Account, Node]] = {}
    for each in _addresses(page):
        if account := account_of(each.text):
            found.setdefault((account.board, account.name), (account, each))
    own = [each for each in found.values() if _is_own(each[0], page)] if len(found) > 1 else list(found.values())
    if len(own) != 1:
        return
    account, node = own[0]
    confidence = 0.9 if page.kind in KINDS or _is_own(account, page) else ELSEWHERE_SURE
    yield page.fact("job_board", node, account.board, confidence=confidence)
    yield page.fact("job_board_url", node, account.url, confidence=confidence)


def _addresses(page: Page) -> Iterator[Node]:
    """Yield the addresses that lead to a board; a careers page may itself be one, and say so of where it stands."""
    if page.kind == "careers":
        yield from filter(None, (page.meta("og:url"), *page.attributes("href", "link")))
    yield from (link.node.attribute("href") for link in page.links if account_of(link.url))
    yield from page.attributes("src", "iframe", "script")


def _is_own(account: Account, page: Page) -> bool:
    """Whether an account is named like the website or its owner."""
    host = (urlsplit(page.url).hostname or "").removeprefix("www.")
    names = (host.partition(".")[0], page.organization.name or "", *page.organization.names)
    letters = re.sub(r"[^a-z0-9]", "", fold(account.name))
    return any(
        own and (letters.startswith(own) or (len(letters) > 3 and own.startswith(letters)))
        for own in (re.sub(r"[^a-z0-9]", "", fold(each)) for each in names)
    )
