"""A page: what it says, where it stands, and what a fact about it may be."""

from datetime import UTC, date, datetime

import pytest

from pipelines.errors import Stop
from pipelines.ids import make_id
from pipelines.nodes import Node, absolute, entities, scalars
from pipelines.page import Page
from pipelines.records import Capture, Request
from pipelines.text import squeeze

URL = "https://acme.example/about/us"
MOMENT = datetime(2026, 11, 16, 8, 30, tzinfo=UTC)


def page(html: str | bytes, content_type: str = "text/html; charset=utf-8", url: str = URL) -> Page:
    body = html if isinstance(html, bytes) else html.encode()
    capture = Capture("cap_1", Request("org_1", "website", "about", url), url, 200, content_type, MOMENT, "", len(body), "", 0)
    return Page(capture, body)


def texts(nodes: list[Node]) -> list[str]:
    return [node.text for node in nodes]


# Facts


def test_a_fact_carries_its_evidence():
    node = page("<p>We are <b>Acme</b> of Ulm.</p>").read_by("website", "identity").select("p")[0]
    fact = page("<p>We are <b>Acme</b> of Ulm.</p>").read_by("website", "identity").fact("name", node, "Acme", confidence=0.7)
    assert fact.fact_id == make_id("fact", "org_1", "name", "Acme", "website", "cap_1")
    assert (fact.organization_id, fact.property, fact.value) == ("org_1", "name", "Acme")
    assert (fact.source, fact.reader, fact.capture_id, fact.url) == ("website", "identity", "cap_1", URL)
    assert (fact.quote, fact.observed_at, fact.stated_on, fact.confidence) == ("We are Acme of Ulm.", MOMENT, None, 0.7)


def test_a_fact_says_by_default_what_its_node_says():
    made = page("<p>  Acme \u202e&amp;\n Sons </p>")
    fact = made.fact("name", made.select("p")[0], stated_on=date(2026, 1, 1))
    assert (fact.value, fact.quote, fact.stated_on) == ("Acme & Sons", "Acme & Sons", date(2026, 1, 1))


def test_a_property_nobody_knows_is_a_mistake_in_a_reader():
    made = page("<p>blue</p>").read_by("website", "colours")
    with pytest.raises(Stop, match=r"Reader colours states favourite_colour.*properties\.py"):
        made.fact("favourite_colour", made.select("p")[0])


def test_long_values_are_cut_and_long_quotes_show_the_value():
    made = page(f"<p>{'before ' * 200}<b>Acme Anvils</b> {'after ' * 200}</p>")
    fact = made.fact("name", made.select("p")[0], "Acme Anvils")
    assert "Acme Anvils" in fact.quote
    assert len(fact.quote) <= 300
    assert len(made.fact("name", made.select("p")[0]).value) <= 500


def test_the_same_page_read_by_another_is_the_same_page():
    made = page("<p>once</p>")
    one, two = made.read_by("website", "identity"), made.read_by("structured_data", "structured_data")
    assert one.blocks is two.blocks is made.blocks
    assert (made.source, one.source, one.reader, two.source) == ("website", "website", "identity", "structured_data")


# Quotes


@pytest.mark.parametrize(
    "quote",
    [
        "Anvils & more",
        "Anvils\n  &   more",
        "Anvils & more, for everybody",
        "We ship to Ulm",
        "mailto:info@acme.example",
        "Acme Anvils",
        "Acme & Sons",
        "“Sturdy”",
        "12 Hill Street Ulm",
        "1994",
    ],
)
def test_a_page_says_what_stands_in_it(quote: str):
    made = page("""<html><head><script type="application/ld+json">{"name": "Acme & Sons", "foundingDate": 1994}</script></head>
        <p>Anvils &amp; <em>more</em>, for <a href="/all">everybody</a></p><p>We ship <!-- not --> to <script>x()</script>Ulm</p>
        <a href="mailto:info%40acme.example" title="Acme&#32;Anvils">write</a><a href="mailto:info@acme.example">w</a>
        <p>&ldquo;Sturdy&rdquo;</p><p>12 Hill Street<svg><title>pin</title></svg><br>Ulm</p></body></html>""")
    assert made.says(quote)
    assert made.says(quote), "a page remembers what it said"


@pytest.mark.parametrize("quote", ["", "  ", "Anvils or more", "nails", "Anvils & more\u2026", "lliU"])
def test_a_page_does_not_say_what_nobody_wrote(quote: str):
    assert not page("<p>Anvils &amp; more</p><p>Ulm</p>").says(quote)


# Text as it is seen


def test_words_are_apart_where_they_are_seen_apart():
    made = page("<p><span>Tel</span><span>123</span></p><p>Ac<b>me</b> An<sup>2</sup>vils</p><p>one<br>two</p><p><a>x</a>, y</p>")
    assert texts(made.blocks) == ["Tel 123", "Acme An2vils", "one two", "x, y"]
    assert texts(made.select("p")) == texts(made.blocks)


def test_rows_end_where_lines_do():
    made = page("<div>Acme<br/>12 Hill <b>Street</b><br><br>Ulm<p>next</p>last</div>")
    assert texts(made.rows) == ["Acme", "12 Hill Street", "Ulm", "next", "last"]
    assert texts(made.blocks) == ["Acme 12 Hill Street Ulm", "next", "last"]


def test_nobody_reads_scripts_templates_and_options():
    made = page("""<head><title>t</title></head><body>seen<script>no()</script><style>no{}</style><noscript>no</noscript>
        <template><p>no</p></template><svg><text>no</text></svg><select><option>no</option></select><textarea>no</textarea>
        <!-- no --></body>""")
    assert texts(made.blocks) == ["seen"]
    assert made.words == 1


def test_content_is_what_stands_outside_navigation():
    made = page("""<header>top</header><nav><ul><li>menu</li></ul></nav><main><article><header>own</header>text</article></main>
        <footer><p>foot</p></footer>""")
    assert texts(made.content) == ["own", "text"]
    assert texts(made.rows) == ["top", "menu", "own", "text", "foot"]


def test_three_hundred_boxes_lose_nothing():
    made = page("<div>" * 300 + "needle" + "</div>" * 300 + "<p>after</p>")
    assert texts(made.blocks) == ["needle", "after"]
    assert made.soup.select_one(made.blocks[0].locator).get_text() == "needle"


def test_a_page_of_nothing_is_a_page():
    made = page(b"")
    assert (made.blocks, made.rows, made.links, made.linked_data, made.words) == ([], [], [], [], 0)
    assert made.first("title") is None
    assert made.meta("robots") is None
    assert not made.says("anything")


# Elements


def test_select_in_document_order_whatever_the_names():
    made = page('<h1>a</h1><p class="x">b</p><h2>c</h2><p>d</p><h1 id="z">e</h1>')
    assert texts(made.select("h2, h1")) == ["a", "c", "e"]
    assert texts(made.select("h1[id], p")) == ["b", "d", "e"]
    assert texts(made.select("p.x, h1 + p")) == ["b"]
    assert texts(made.select('h1[id="z"]')) == ["e"]


def test_a_title_in_a_drawing_is_not_the_pages():
    made = page("<body><svg><title>icon</title></svg><title>Acme</title>")
    assert made.first("title").text == "Acme"


def test_items_keep_together_what_belongs_together():
    made = page("<li><time>1</time><h3>a</h3></li><li><h3>b</h3><h3>c</h3></li>")
    assert [[texts(nodes) for nodes in item] for item in made.items("li", "time", "h3")] == [[["1"], ["a"]], [[], ["b", "c"]]]


def test_meta_by_name_property_or_itemprop_in_any_case_and_never_empty():
    made = page(
        '<meta name="Description" content=""><meta NAME="description" content=" A "><meta property="og:title" content="B">'
    )
    assert (made.meta("description").text, made.meta("OG:title").text, made.meta("keywords")) == ("A", "B", None)
    assert made.meta("description").locator.endswith("@content")


def test_attributes_are_nodes_of_their_own():
    made = page('<a href="tel:1">x</a><a>y</a><a href="">z</a><img src="a.png">')
    assert [(node.text, node.locator.rpartition("@")[2]) for node in made.attributes("href", "a", "img")] == [("tel:1", "href")]


def test_links_are_absolute_http_without_fragments():
    made = page("""<base href="https://acme.example/shop/"><a href="a?b=1#c">A</a>
        <a href="/d"> D <b>d</b></a><a href="//e.example">E</a>
        <a href="javascript:alert(1)">j</a><a href="mailto:a@b.example">m</a><a href="http://[">h</a><a href="http://">n</a><a>o</a>
        <a href=" https://f.example/ " aria-label="F"></a><area href="g">""")
    assert [(link.url, link.words) for link in made.links] == [
        ("https://acme.example/shop/a?b=1", "a"),
        ("https://acme.example/d", "d d"),
        ("https://e.example", "e"),
        ("https://f.example/", "f"),
        ("https://acme.example/shop/g", ""),
    ]


@pytest.mark.parametrize("base", ["http://[", "javascript:alert(1)", "", "mailto:a@b.example", "http://"])
def test_a_base_that_leads_nowhere_is_none(base: str):
    assert [link.url for link in page(f'<base href="{base}"><a href="x">x</a>').links] == ["https://acme.example/about/x"]


# Where things stand


def test_locators_find_their_node_again():
    made = page("""<div id="one"><p>a</p><p>b<span>c</span></p></div><div><p id="9">d</p><p id="two words">e</p></div>
        <div id="one"><p>f</p><p>g</p></div><o:p>h</o:p><h1 id="h1">i</h1>""")
    for node in (*made.blocks, *made.select("span, div, h1")):
        said = squeeze("".join(made.soup.select_one(node.locator).strings))
        assert said == squeeze(node.text), node.locator


def test_locators_begin_at_an_id_that_is_the_first_of_its_name():
    made = page('<div id="main"><p>a</p></div><div id="main"><p>b</p></div>')
    assert made.blocks[0].locator == "#main > p:nth-of-type(1)"
    assert "#main" not in made.blocks[1].locator


def test_places_that_stand_together_are_one_place():
    made = page("<p>12 Hill Street</p><p>Ulm</p>")
    whole = made.blocks[0].through(made.blocks[1:])
    assert whole.text == "12 Hill Street Ulm"
    assert whole.locator == f"{made.blocks[0].locator} … {made.blocks[1].locator}"
    assert made.says(whole.text)


def test_lines_of_plain_text_are_numbered():
    made = page("User-agent: *\r\n\r\nDisallow: /", "text/plain")
    assert [(node.text, node.locator) for node in made.lines] == [
        ("User-agent: *", "line 1"),
        ("", "line 2"),
        ("Disallow: /", "line 3"),
    ]


# Linked data


def test_linked_data_knows_where_it_stands():
    made = page('<script id="ld" type="application/ld+json">{"@graph": [{"@type": "Org", "name": ["", "Acme"]}]}</script>')
    (entity,) = made.linked_data
    assert entity.types == {"Org"}
    assert (entity.text("name").text, entity.text("name").locator) == ("Acme", "#ld#/@graph/0/name/1")
    assert entity.text("name", "first") is None
    assert entity.get("nothing") == []


@pytest.mark.parametrize(
    "text", ["", "{", "null", "[" * 100_000, '"' + "x" * (256 * 1024) + '"', "9" * 5000, '{"a": 1e999}', "[1, [2]]"]
)
def test_linked_data_of_any_text_is_data_or_nothing(text: str):
    for entity in entities(text, "here"):
        assert entity.text("name") is None
        assert entity.types == frozenset()


def test_at_most_fifty_scripts_are_read():
    made = page('<script type="application/ld+json">{"name": "x"}</script>' * 60)
    assert len(made.linked_data) == 50


def test_scalars_of_a_deep_value_need_no_stack():
    deep: object = "needle"
    for _ in range(50_000):
        deep = [deep]
    assert list(scalars(deep)) == ["needle"]
    assert sorted(scalars({"a": [1, {"b": None}], "c": "d"})) == ["1", "None", "d"]


# The pieces by themselves


@pytest.mark.parametrize(
    ("href", "url"),
    [("b#c", "https://a.example/b"), ("//x", "https://x"), ("ftp://x/", ""), ("http://]", ""), ("#", "https://a.example/")],
)
def test_absolute(href: str, url: str):
    assert absolute("https://a.example/", href) == url
