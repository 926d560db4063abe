"""What a page is, before anything on it is believed."""

from datetime import UTC, datetime

import pytest

from pipelines.page import Page
from pipelines.pagestate import SILENT, state_of
from pipelines.records import Capture, Request

LONG = "<p>" + "Every word of this is worth reading. " * 60 + "</p>"
SCRIPT = "<script src='/app.js'></script>"

PAGES = {
    "a page": ("read", f"<title>Acme</title>{LONG}"),
    "a short page without scripts": ("read", "<title>Acme</title><p>We make anvils.</p>"),
    "an empty page": ("read", ""),
    "a shell": ("needs_browser", f"<title>Acme</title><div id=root></div><noscript>Enable JavaScript</noscript>{SCRIPT}"),
    "a page with scripts": ("read", f"<title>Acme</title>{LONG}{SCRIPT}"),
    "an error served as found": ("soft_404", "<title>404 – Page not found</title><p>Sorry.</p>"),
    "the same in German": ("soft_404", "<h1>Seite nicht gefunden</h1>"),
    "the same in French": ("soft_404", "<h2>Page introuvable</h2>"),
    "the same in Spanish": ("soft_404", "<h1>Página no encontrada</h1>"),
    "a long page on lost and found": ("read", f"<title>Not found: how to lose keys</title>{LONG}"),
    "a street with that number": ("read", "<title>Acme</title><p>404 Hill Street was not found by anybody.</p>"),
    "parking in the text": ("parked", "<title>acme.example</title><p>This domain is parked free of charge.</p>"),
    "parking in German": ("parked", "<p>Diese Domain steht zum Verkauf!</p>"),
    "parking in the title of a long page": ("parked", f"<title>Acme.example is for sale</title>{LONG}"),
    "a house that is for sale": ("read", "<title>The mill is for sale</title><p>It has a wheel.</p>"),
    "a wall": ("wall", "<title>Just a moment...</title><p>Checking your browser before you go on</p>"),
    "a wall in the text": ("wall", "<p>Please verify you are a human.</p>"),
    "a long page on walls": ("read", f"<h1>Access denied: a history of doors</h1>{LONG}"),
    "reserved": ("reserved", f'<meta name="robots" content="noindex, follow">{LONG}'),
    "reserved from learners": ("reserved", f'<meta name="ROBOTS" content="NOAI">{LONG}'),
    "reserved altogether": ("reserved", f'<meta name="robots" content="none">{LONG}'),
    "reserved by the second of two tags": (
        "reserved",
        f'<meta name="robots" content="follow"><meta name="robots" content="nofollow noai">{LONG}',
    ),
    "reserved from us": ("reserved", f'<meta name="Bullseye" content="noindex">{LONG}'),
    "reserved from another": ("read", f'<meta name="otherbot" content="noindex">{LONG}'),
    "reserved from mining": ("reserved", f'<meta name="tdm-reservation" content="1">{LONG}'),
    "open to mining": ("read", f'<meta name="tdm-reservation" content="0">{LONG}'),
    "not shown from a cache": ("read", f'<meta name="robots" content="index, noarchive">{LONG}'),
    "not shown in snippets": ("read", f'<meta name="robots" content="max-snippet: 0">{LONG}'),
    "reserved since a date": ("reserved", f'<meta name="robots" content="unavailable_after: 2026-11-15">{LONG}'),
    "open until a date": ("read", f'<meta name="robots" content="unavailable_after: 2026-11-17">{LONG}'),
    "reserved far down": ("reserved", f'{LONG}<p>{"so on " * 100_000}<meta name="robots" content="noindex">'),
    "for sale and reserved": ("parked", f'<title>This domain is for sale</title><meta name="robots" content="noindex">{LONG}'),
    "open to robots": ("read", f'<meta name="robots" content="index, follow, max-snippet:-1">{LONG}'),
}


HEADERS = {
    "x-robots-tag: noindex": "reserved",
    "x-robots-tag: nofollow, NoAI": "reserved",
    "x-robots-tag: none": "reserved",
    "x-robots-tag: nofollow\nx-robots-tag: noindex": "reserved",
    "x-robots-tag: otherbot: noindex": "read",
    "x-robots-tag: otherbot: nofollow, bullseye: noindex": "reserved",
    "x-robots-tag: *: noindex": "reserved",
    "x-robots-tag: otherbot : noindex, nofollow": "read",
    "x-robots-tag: otherbot: noindex\nx-robots-tag: noai": "reserved",
    "x-robots-tag: unavailable_after: 25 Jun 2030 15:00:00 PST, noindex": "reserved",
    "x-robots-tag: max-snippet:-1, max-image-preview: none": "read",
    "x-robots-tag: max-snippet:-1, nosnippet": "read",
    "x-robots-tag: otherbot: nofollow": "read",
    "x-robots-tag: unavailable_after: 25 Jun 2020 15:00:00 PST": "reserved",
    "x-robots-tag: ": "read",
    "tdm-reservation: 0\nx-robots-tag: nofollow": "read",
    "meta robots: noindex": "reserved",
    "meta tdm-reservation: 1": "reserved",
    "tdmrep.json: 1 for /blog/*": "reserved",
    "x-robots-tag: otherbot: nofollow\ntdmrep.json: 1 for /": "reserved",
    "tdm-reservation: 1": "reserved",
    "tdm-reservation: 0": "read",
    "": "read",
}


def page(html: str, kind: str = "home", reservation: str = "") -> Page:
    request = Request("org_1", "website", kind, "https://acme.example/")
    moment = datetime(2026, 11, 16, tzinfo=UTC)
    return Page(Capture("cap_1", request, request.url, 200, "text/html", moment, "", 0, "", 0, reservation), html.encode())


@pytest.mark.parametrize("name", PAGES)
def test_state(name: str):
    state, html = PAGES[name]
    assert state_of(page(html)) == state


@pytest.mark.parametrize("headers", HEADERS)
def test_headers_reserve_as_tags_do(headers: str):
    assert state_of(page(f"<title>Acme</title>{LONG}", reservation=headers)) == HEADERS[headers]


@pytest.mark.parametrize("kind", ["sitemap", "robots"])
def test_a_list_for_robots_that_is_not_for_search_results_is_read(kind: str):
    assert state_of(page("<urlset/>", kind, "x-robots-tag: noindex")) == "read"


@pytest.mark.parametrize("kind", ["home", "sitemap"])
def test_what_reserved_itself_and_was_not_kept_is_reserved(kind: str):
    assert state_of(page("", kind, "meta robots: noai")) == "reserved"


@pytest.mark.parametrize("kind", ["robots", "sitemap", "sitemap_part"])
def test_what_is_no_page_is_read_as_it_is(kind: str):
    assert state_of(page("<title>404 not found</title>", kind)) == "read"


def test_silent_states_are_states():
    assert {state for state, _ in PAGES.values()} - {"read", "needs_browser"} == SILENT
