"""What a page marks for machines in its text: microdata and RDFa."""

import pytest
from test_page import page

from pipelines.nodes import Data


def told(entity: Data) -> dict[str, object]:
    """What a thing says, as plain values."""
    return {
        key: [told(each) if isinstance(each.value, dict) else each.node.text for each in entity.get(key)]
        for key in entity.value
        if key != "@type"
    }


MICRODATA = """<div itemscope itemtype="http://schema.org/LocalBusiness"><h1 itemprop="name">Heron <b>Mills</b></h1>
    <a itemprop="url" href="https://heron.example/">us</a><img itemprop="logo" src="/logo.png">
    <div itemprop="address" itemscope itemtype="http://schema.org/PostalAddress">
        <p><span itemprop="streetAddress">12 Hill Street</span>, <span itemprop="addressLocality">Ulm</span></p></div>
    <time itemprop="foundingDate" datetime="1994-01-01">long ago</time><meta itemprop="openingHours" content="Mo-Fr 9:00-17:00">
    <span itemprop="telephone" content="+49 731 1234567">call us</span><span itemprop="telephone">0731 7654321</span></div>"""
RDFA = """<body vocab="https://schema.org/" typeof="Organization"><span property="name">Heron Mills</span>
    <div property="address" typeof="schema:PostalAddress"><span property="schema:postalCode">89073</span></div>
    <meta property="og:title" content="no part of it"></body>"""


def test_microdata_is_told_as_linked_data_is():
    (firm,) = page(MICRODATA).microdata
    assert firm.types == {"LocalBusiness"}
    assert told(firm) == {
        "name": ["Heron Mills"],
        "url": ["https://heron.example/"],
        "logo": ["/logo.png"],
        "address": [{"streetAddress": ["12 Hill Street"], "addressLocality": ["Ulm"]}],
        "foundingDate": ["1994-01-01"],
        "openingHours": ["Mo-Fr 9:00-17:00"],
        "telephone": ["+49 731 1234567", "0731 7654321"],
    }
    assert firm.text("address", "addressLocality").text == "Ulm"
    assert firm.get("address")[0].types == {"PostalAddress"}
    assert firm.get("nothing") == []


def test_what_is_marked_is_found_again_where_it_stands():
    made = page(MICRODATA)
    (firm,) = made.microdata
    assert made.soup.select_one(firm.text("name").locator).get_text() == "Heron Mills"
    place, _, attribute = firm.text("url").locator.rpartition("@")
    assert made.soup.select_one(place)[attribute] == "https://heron.example/"
    assert made.says(firm.text("telephone").text)
    assert made.fact("name", firm.text("name")).quote == "Heron Mills"


def test_rdfa_is_told_in_the_same_words():
    (firm,) = page(RDFA).microdata
    assert firm.types == {"Organization"}
    assert told(firm) == {"name": ["Heron Mills"], "address": [{"postalCode": ["89073"]}]}


def test_a_thing_within_another_that_is_no_part_of_it_stands_by_itself():
    found = page("""<div itemscope itemtype="http://schema.org/WebPage"><p itemprop="name">Page</p>
        <div itemscope itemtype="http://schema.org/Organization https://other.example/Firm"><p itemprop="name">Firm</p></div>
        <p itemprop="author creator">Ann</p></div><p itemprop="name">nobody's</p>""").microdata
    assert [each.types for each in found] == [{"WebPage"}, {"Organization", "Firm"}]
    assert [told(each) for each in found] == [{"name": ["Page"], "author": ["Ann"], "creator": ["Ann"]}, {"name": ["Firm"]}]


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<p itemprop=name>no thing</p>",
        "<meta property='og:title' content='x'><meta property='article:author' content='y'>",
        "<body property=name>x</body>",
    ],
)
def test_nothing_marked_is_nothing_told(html: str):
    assert page(html).microdata == []


@pytest.mark.parametrize("mark", ["itemscope itemprop='x y'", "typeof='T' property='a'", "itemprop=x", "itemscope itemtype=''"])
def test_marks_in_masses_end(mark: str):
    for html in (f"<div {mark}>x" * 3000, f"<div {mark}>x</div>" * 20_000):
        found = page(f"<div itemscope>{html}").microdata
        assert len(found) <= 1000
