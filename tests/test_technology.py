"""What a page uses: traces where machines leave them, the surest first, none looked for beyond bounds."""

from datetime import UTC, datetime

import pytest
from effort import Effort

from pipelines.lexicon import Lexicon
from pipelines.page import Page
from pipelines.records import Capture, Fact, Request
from pipelines.sources.website import technology

NOBODY = Lexicon({})


def page(body: str, *, headers: str = "", url: str = "https://pond.example/") -> Page:
    request = Request("org_1", "website", "home", url)
    moment = datetime(2026, 11, 16, tzinfo=UTC)
    return Page(Capture("cap_1", request, url, 200, "text/html", moment, "", len(body), "", 0, "", headers), body.encode())


def facts(body: str, **known: str) -> dict[str, Fact]:
    read = list(technology.read(page(body, **known), NOBODY))
    found = {fact.value: fact for fact in read}
    assert len(found) == len(read), "stated twice"
    return found


SNIPPET = "<script>posthog.init('phc_1')</script>"
LOADER = "<script>a=document.createElement('script');a.src='https://us-assets.i.posthog.com/static/array.js'</script>"
TAG = '<script src="https://us-assets.i.posthog.com/static/array.js"></script>'


@pytest.mark.parametrize(
    ("body", "confidence"),
    [(LOADER, 0.7), (SNIPPET, 0.85), (TAG, 0.9), (SNIPPET + LOADER, 0.85), (LOADER + TAG + SNIPPET, 0.9), (TAG + LOADER, 0.9)],
)
def test_the_surest_trace_is_quoted_once(body: str, confidence: float):
    fact = facts(body)["PostHog"]
    assert fact.confidence == confidence
    assert page(body).says(fact.quote)


def test_the_first_of_equal_traces_is_quoted():
    assert facts('<script src="//js.hs-scripts.com/1.js"></script><script src="//js.hsforms.net/2.js"></script>')[
        "HubSpot"
    ].quote.endswith("1.js")


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("/wp-content/uploads/frog.png", True),
        ("wp-content/uploads/frog.png", True),
        ("https://pond.example/wp-content/uploads/frog.png", True),
        ("//cdn.pond.example/wp-content/uploads/frog.png", True),
        ("https://lily.example/wp-content/uploads/frog.png", False),
        ("https://pond.example.lily.example/wp-content/frog.png", False),
        ("/frog.png?of=/wp-content/", False),
    ],
)
def test_only_the_pages_own_images_tell_by_where_they_lie(address: str, own: bool):
    assert ("WordPress" in facts(f'<img src="{address}">')) is own


def test_a_script_tells_by_where_it_lies_whoever_serves_it_and_a_frame_does_not():
    assert "WordPress" in facts('<script src="https://1a2b.pond-cdn.example/wp-includes/a.js"></script>')
    assert facts('<iframe src="https://lily.example/wp-includes/a.js"></iframe>') == {}


@pytest.mark.parametrize("relation", ["stylesheet", "preload", "STYLESHEET", "alternate stylesheet", "modulepreload"])
def test_a_link_that_loads(relation: str):
    assert "Webflow" in facts(f'<link rel="{relation}" href="https://cdn.prod.website-files.com/1/css/a.css">')


@pytest.mark.parametrize("relation", ["", "preconnect", "dns-prefetch", "canonical", "alternate", "icon", "nofollow"])
def test_a_link_that_loads_nothing(relation: str):
    assert facts(f'<link rel="{relation}" href="https://cdn.prod.website-files.com/1/css/a.css">') == {}


def test_headers_are_quoted_and_placed():
    found = facts("", headers="server: cloudflare\nset-cookie: PHPSESSID\ncf-ray: 8f3a-FRA\nx-unknown: nginx")
    assert {name: (fact.locator, fact.quote) for name, fact in found.items()} == {
        "Cloudflare": ("header server", "cloudflare"),
        "PHP": ("header set-cookie", "PHPSESSID"),
    }


def test_a_snippet_is_quoted_as_its_line_however_it_is_written():
    body = "<script>\n" + "x = 1;\n" * 50 + "if (a && b) { Intercom('boot', {app_id: 'abc'}) }\n" + "y = 2;\n" * 50 + "</script>"
    fact = facts(body)["Intercom"]
    assert fact.quote == "b) { Intercom('boot', {app_id: 'abc'}) }"
    assert page(body).says(fact.quote)


def test_a_snippet_in_one_endless_line_is_cut():
    body = f"<script>{'a=1;' * 500}fbq('init', '1');{'b=2;' * 500}</script>"
    fact = facts(body)["Meta Pixel"]
    assert fact.quote.startswith("fbq('init'")
    assert len(fact.quote) <= 200
    assert page(body).says(fact.quote)


@pytest.mark.parametrize(
    "kind", ["application/json", "application/ld+json", "text/template", "text/x-handlebars-template", "importmap"]
)
def test_data_in_a_script_does_not_run(kind: str):
    assert facts(f'<script type="{kind}">posthog.init("x")</script>') == {}


@pytest.mark.parametrize("kind", ["", "module", "text/javascript", "text/plain"])
def test_scripts_that_run_or_wait_for_consent_count(kind: str):
    assert "PostHog" in facts(f'<script type="{kind}">posthog.init("x")</script>')


def test_no_more_of_scripts_is_looked_through_than_is_worth_it():
    much = "a = 1; " * (technology.MOST_OF_ONE // 7)
    assert "PostHog" in facts(f"<script>{much[:-99]}</script>{SNIPPET}")
    assert facts(f"<script>{much} posthog.init('x')</script>") == {}
    many = f"<script>{much}</script>" * (technology.MOST_OF_ALL // len(much) + 2)
    assert facts(many + SNIPPET) == {}


@pytest.mark.slow
@pytest.mark.parametrize(
    "body",
    [
        "<img src=/wp-content/a.png>" * 20_000,
        "<script src=" + "/wp-content" * 200_000 + "></script>",
        "<script>" + "createElement//" * 50_000 + "</script>",
        "<script>" + "fbq(" * 100_000 + "</script>",
        "<script>createElement" + "//a.a" * 100_000 + "</script>",
        "<link rel=stylesheet href=//" + "a." * 100_000 + ">",
        '<script src="https://' + "@" * 100_000 + '"></script>',
        "<script>a</script>" * 20_000,
    ],
    ids=["images", "path", "loader", "calls", "hosts", "labels", "users", "scripts"],
)
def test_a_hostile_page_takes_no_time(body: str):
    given = page(body)
    _ = given.walk
    with Effort() as effort:
        list(technology.read(given, NOBODY))
    assert effort.turns < 200
