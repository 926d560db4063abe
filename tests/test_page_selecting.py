"""Elements by CSS selectors: ours say what Beautiful Soup's say."""

import pytest
from effort import Effort
from test_page import page, texts

from pipelines.selecting import selector_of

HTML = """<div id="one" class="Card card big"><h2>a</h2><p>b<span class="x">c</span></p>
    <ul><li>d<time datetime="2026">e</time></li><li>f</li></ul></div><div class="card"><div class="card">
    <p title='q"t' lang="en-GB" data-a:b="1">g</p></div><a href="mailto:x@y.example">h</a></div>
    <p class="big">i</p><svg><p class="big">no</p></svg><template><p>no</p></template>"""
OURS = [
    *("p", "*", "h2, p, p", "P", "p.big", ".card", ".card.big", "#one", "div#one p", "div > p", "div div > p"),
    *(".card .card p", "ul > li > time", "[title]", "p[title]", '[class="card"]', "[class~=card]", "[class~='big']"),
    *('[href^="mailto:"]', '[href$="example"]', '[href*="@y"]', '[lang|="en"]', "li:has(time)", "p:not(.big)", "p[nothing]"),
    *("li:has(time[datetime]), h2", "div:has(> p)", "div:has(> time)", "nothing", ".no", "div:not([id])", "*:has(> time)"),
    *('[href^=""]', '[title="q,t"], h2'),
]
THEIRS = ["h2 + p", "h2 ~ ul", "li:first-child", "p:is(.big)", "ul li:nth-of-type(2)", "li:not(:has(time))"]


@pytest.mark.parametrize("css", [*OURS, *THEIRS])
def test_what_matches_is_what_beautiful_soup_matches(css: str):
    made = page(HTML)
    if css in THEIRS:
        assert selector_of(css) is None
    found = [(node.locator, node.text) for node in made.select(css)]
    tags = [tag for tag in made.soup.select(css) if not (tag.name in ("svg", "template") or tag.find_parent(["svg", "template"]))]
    assert [made.soup.select_one(locator) for locator, _ in found] == tags


@pytest.mark.parametrize("css", OURS)
def test_ours_need_no_soup(css: str):
    assert selector_of(css) is not None


@pytest.mark.parametrize("css", ["p", "div p", "div > p", "div:has(p)", "p:not(.x)"])
def test_selecting_in_masses_ends(css: str):
    for html in ("<div>" * 20_000 + "<p>x", "<div><p class=x>y</p></div>" * 20_000):
        made = page(html)
        with Effort() as effort:
            assert made.walk.elements
            assert made._matching(css) is not None
        assert effort.turns < 500


def test_items_ask_for_what_lies_within():
    made = page(HTML)
    assert [[texts(nodes) for nodes in item] for item in made.items("ul, .card .card", "li", "p")] == [
        [["d e", "f"], []],
        [[], ["g"]],
    ]
