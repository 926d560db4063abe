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
    "open to robots": ("read", f'<meta name="robots" content="index, follow, max-snippet:-1">{LONG}'),
}


def page(html: str, kind: str = "home") -> Page:
    request = Request("org_1", "website", kind, "https://acme.example/")
    moment = datetime(2026, 11, 16, tzinfo=UTC)
    return Page(Capture("cap_1", request, request.url, 200, "text/html", moment, "", 0, "", 0), html.encode())


@pytest.mark.parametrize("name", PAGES)
def test_state(name: str):
    state, html = PAGES[name]
    assert state_of(page(html)) == state


@pytest.mark.parametrize("kind", ["robots", "sitemap", "sitemap_part"])
def test_what_is_no_page_is_read_as_it_is(kind: str):
    assert state_of(page("<title>404 not found</title>", kind)) == "read"


def test_silent_states_are_states():
    assert {state for state, _ in PAGES.values()} - {"read", "needs_browser"} == SILENT
