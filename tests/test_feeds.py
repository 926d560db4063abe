"""Feeds, the small files of a website, and the XML others wrote: what leads to them, what of it is read, what is refused."""

import socket
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from effort import Effort

from pipelines.errors import Skip
from pipelines.identity.visit import Found
from pipelines.keeping import not_asked
from pipelines.lexicon import Lexicon
from pipelines.markup import below, name_of, parsed, words_below, words_of
from pipelines.page import Page
from pipelines.records import Capture, Fact, Organization, Request
from pipelines.sources import all_sources
from pipelines.text import decode, mail_day

SHARED = Path(__file__).parents[2] / "shared"
FEEDS, HOSTILE = SHARED / "real/feeds", SHARED / "hostile/xml/defusedxml"
SOURCES = {source.name: source for source in all_sources()}
MOMENT = datetime(2026, 11, 16, tzinfo=UTC)
FINCH = Organization("org_1", "alderfinch.example", "Alder & Finch")
HERE = "https://www.alderfinch.example/"


def page(body: str | bytes, source: str = "feeds", kind: str = "feed", url: str = HERE, content_type: str = "text/xml") -> Page:
    content = body.encode() if isinstance(body, str) else body
    request = Request("org_1", source, kind, url)
    return Page(Capture("cap_1", request, url, 200, content_type, MOMENT, "", len(content), "", 0), content, FINCH)


def asked(body: str, kind: str = "home", source: str = "website") -> list[str]:
    requests = list(SOURCES["feeds"].follow(page(body, source, kind, content_type="text/html")))
    assert {(each.source, each.kind) for each in requests} <= {("feeds", "feed")}
    return [each.url for each in requests]


def read(body: str | bytes, url: str = f"{HERE}feed", content_type: str = "text/xml") -> list[Fact]:
    given = page(body, url=url, content_type=content_type).read_by("feeds", "feeds")
    facts = list(SOURCES["feeds"].read(given, Lexicon({})))
    assert all(given.says(fact.quote) for fact in facts)
    return facts


def news(facts: list[Fact]) -> list[tuple[str, date | None]]:
    return [(fact.value, fact.stated_on) for fact in facts if fact.property == "news"]


# Which page leads to which feed


def link(href: str, kind: str = "application/rss+xml", title: str = "", rel: str = "alternate") -> str:
    return f'<link rel="{rel}" type="{kind}" title="{title}" href="{href}">'


@pytest.mark.parametrize(
    ("written", "url"),
    [
        (link("/feed/"), "https://www.alderfinch.example/feed/"),
        (link("/atom.xml", "application/atom+xml"), "https://www.alderfinch.example/atom.xml"),
        (link("/feed.json", "application/json"), "https://www.alderfinch.example/feed.json"),
        (link("/x", "application/feed+json; charset=utf-8"), "https://www.alderfinch.example/x"),
        (link("https://feeds.feedburner.com/AlderFinch", rel="Alternate home"), "https://feeds.feedburner.com/AlderFinch"),
        ('<a href="/blog/rss.xml">RSS</a>', "https://www.alderfinch.example/blog/rss.xml"),
        ('<a href="https://blog.alderfinch.example/feed">RSS</a>', "https://blog.alderfinch.example/feed"),
    ],
)
def test_a_page_announces_its_feed_or_links_to_it(written: str, url: str):
    assert asked(written) == [url]


@pytest.mark.parametrize(
    "written",
    [
        link("/comments/feed/"),
        link("/feed/2", title="Alder & Finch » Comments Feed"),
        link("/jobs.rss"),
        link("/collections/all.atom", "application/atom+xml"),
        link("/index.php?title=Special:RecentChanges&feed=atom", "application/atom+xml"),
        link("/ror.xml"),
        link("/wp-json/wp/v2/pages/2", "application/json"),
        link("/data", "application/json"),
        link("/fr/", "text/html"),
        link("/feed/", rel="stylesheet"),
        link("javascript:alert(1)"),
        '<a href="https://elsewhere.example/feed">RSS</a>',
        '<a href="/feeding-the-lorry">Feeding</a>',
    ],
)
def test_feeds_of_comments_jobs_goods_and_others_are_left_alone(written: str):
    assert asked(written) == []


def test_two_feeds_are_asked_for_at_most_and_only_once():
    several = "".join(link(f"/{name}") for name in ("news", "news", "blog", "press"))
    assert asked(several) == [f"{HERE}news", f"{HERE}blog"]
    assert asked(link("/a") + link("/b", "application/atom+xml") + link("/c")) == [f"{HERE}a", f"{HERE}c"]
    assert asked(link("/feed") + '<a href="/rss">RSS</a>') == [f"{HERE}feed"]


@pytest.mark.parametrize(
    ("source", "kind"), [("website", "customers"), ("website", "careers"), ("robots", "home"), ("feeds", "news")]
)
def test_only_the_home_page_and_news_pages_lead_to_feeds(source: str, kind: str):
    assert asked(link("/feed"), kind, source) == []
    assert asked(link("/feed"), "news") == [f"{HERE}feed"]


@pytest.mark.parametrize(
    ("source", "url"),
    [
        ("security_txt", "https://alderfinch.example/.well-known/security.txt"),
        ("llms_txt", "https://alderfinch.example/llms.txt"),
    ],
)
def test_small_files_are_asked_for_at_their_one_place(source: str, url: str):
    assert [each.url for each in SOURCES[source].plan(FINCH)] == [url]
    assert list(SOURCES[source].plan(Organization("org_1", None, "Alder & Finch"))) == []


@pytest.mark.parametrize("source", ["feeds", "security_txt", "llms_txt"])
def test_what_is_of_the_website_stands_or_falls_with_it(source: str):
    capture = page("x", source, source, "https://www.alderfinch.example/x").capture
    board = page("x", "lever", "board", "https://api.lever.co/v0/postings/alderfinch?mode=json").capture
    assert not_asked({"req_1": capture, "req_2": board}, Found()) == {"alderfinch.example": [capture], None: [board]}


# What feeds say


def items(*written: str) -> str:
    return "<rss><channel><title>Alder</title>" + "".join(f"<item>{each}</item>" for each in written) + "</channel></rss>"


def test_the_newest_forty_are_stated_whatever_their_order():
    written = [f"<title>Note number {day}</title><pubDate>{day} Oct 2026</pubDate>" for day in range(1, 32)] * 2
    more = [f"<title>Early note {day}</title><pubDate>{day} Sep 2026</pubDate>" for day in range(1, 29)]
    found = news(read(items(*more, *written)))
    assert len(found) == 40
    assert found[0] == ("Note number 31", date(2026, 10, 31))
    assert all(day and day >= date(2026, 10, 1) for _, day in found)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("<pubDate>Tue, 10 Nov 2026 08:00:00 GMT</pubDate>", date(2026, 11, 10)),
        ("<pubDate>10 Nov 26 08:00 EST</pubDate>", date(2026, 11, 10)),
        ("<pubDate>2026-11-10 08:00:00</pubDate>", date(2026, 11, 10)),
        ("<date>2026-11-10T08:00:00+01:00</date>", date(2026, 11, 10)),
        ("<pubDate>nonsense</pubDate><date>2026-11-10</date>", date(2026, 11, 10)),
        ("<published>2026-11-09</published><updated>2026-11-10</updated>", date(2026, 11, 9)),
    ],
)
def test_days_are_read_as_feeds_write_them(written: str, day: date):
    assert news(read(items(f"<title>Oak is back</title>{written}"))) == [("Oak is back", day)]


@pytest.mark.parametrize(
    "written", ["", "<pubDate>32 Nov 2026</pubDate>", "<pubDate>yesterday</pubDate>", "<pubDate>17 Nov 2026</pubDate>"]
)
def test_what_has_no_day_or_one_to_come_is_no_news(written: str):
    assert news(read(items(f"<title>Oak is back</title>{written}"))) == []


@pytest.mark.parametrize(
    "title", ["Comments on: Oak is back", "Comments for Alder &amp; Finch", "Jobs at Alder &amp; Finch", "Kommentare zu: Eiche"]
)
def test_a_feed_of_comments_or_jobs_says_by_its_title_that_it_is_no_news(title: str):
    entry = items("<title>Petra Lindqvist</title><pubDate>10 Nov 2026</pubDate>")
    assert read(entry.replace("<title>Alder</title>", f"<title>{title}</title>")) == []


@pytest.mark.parametrize(
    ("source", "own"),
    [
        ('<source url="https://blog.alderfinch.example/rss">Blog</source>', True),
        ('<source><link href="https://www.alderfinch.example/atom.xml"/></source>', True),
        ('<source url="https://paper.example/rss">Trade Paper</source>', False),
        ("<source>Trade Paper</source>", False),
    ],
)
def test_what_was_taken_over_is_own_news_only_from_an_own_feed(source: str, own: bool):
    entry = items(f"<title>Oak is back</title><pubDate>10 Nov 2026</pubDate>{source}")
    assert news(read(entry)) == [("Oak is back", date(2026, 11, 10))] * own


def test_authors_are_never_stated():
    author = "<author>petra.lindqvist@alderfinch.example (Petra Lindqvist)</author><creator>Petra Lindqvist</creator>"
    facts = read(items(f"<title>Oak is back</title><pubDate>10 Nov 2026</pubDate>{author}"))
    assert news(facts) == [("Oak is back", date(2026, 11, 10))]
    assert not any("indqvist" in text for fact in facts for text in (fact.value, fact.quote))


def test_a_feed_of_one_encoding_says_so_where_the_bytes_do_not():
    body = '<?xml version="1.0" encoding="windows-1251"?>' + items("<title>Новый цех</title><pubDate>10 Nov 2026</pubDate>")
    assert news(read(body.encode("windows-1251"))) == [("Новый цех", date(2026, 11, 10))]
    assert news(read(body.encode())) == [("Новый цех", date(2026, 11, 10))]


def test_an_encoding_is_believed_only_where_the_bytes_are_not_in_the_usual_one():
    assert decode('<?xml version="1.0" encoding="latin1"?><a>é</a>'.encode(), "text/xml").endswith("<a>é</a>")
    assert decode('<?xml version="1.0" encoding="shift_jis"?><a>鉄</a>'.encode("shift_jis"), "").endswith("<a>鉄</a>")
    assert decode(b'<?xml version="1.0" encoding="idna"?><a>\xe9</a>', "").endswith("<a>é</a>")


@pytest.mark.parametrize(
    "written", ["", "x", "Tue, 99 Nov 2026 08:00", "Tue, 10 Nov 99999999999999999999", "1 2 3", "0" * 100_000]
)
def test_what_is_no_date_has_no_day(written: str):
    assert mail_day(written) is None


NO_FEEDS = {
    "AmazonWebServicesBlogFirstEntryContent.xml": "the text of an entry",
    "DuplicateContentAtomFeed.xml": "a page of XHTML with a document type",
    "HREFConsideredHarmfulFirstEntry.xml": "the text of an entry",
    "ITunesWithSingleQuotedAttributes.xml": "an element that is not closed",
    "InvalidDateFormat.xml": "ends in its middle",
    "PaulDixExplainsNothingFirstEntryContent.xml": "the text of an entry",
    "TechCrunchFirstEntry.xml": "the text of an entry",
    "TechCrunchFirstEntryDescription.xml": "the text of an entry",
    "TenderLovemakingFirstEntry.xml": "the text of an entry",
}


def test_all_real_feeds_are_read_but_those_that_are_none():
    if not FEEDS.exists():
        pytest.skip("../shared/real is not here")
    refused, read_well = set(), 0
    for path in sorted(FEEDS.iterdir()):
        with Effort() as effort:
            try:
                facts = read(path.read_bytes(), content_type="application/json" if path.suffix == ".json" else "text/xml")
                read_well += any(fact.property == "feed" for fact in facts)
            except Skip as skip:
                assert skip.reason == "unreadable_xml"
                refused.add(path.name)
        assert effort.turns < 200
    assert refused == set(NO_FEEDS)
    assert read_well >= 33


# XML that others wrote


def test_elements_are_named_and_heard():
    root = parsed(page('<A xmlns:b="urn:b"><b:C>one <i>two</i></b:C><c/><d><e>three</e></d></A>'))
    assert name_of(root) == "a"
    assert [words_of(each) for each in below(root, "c")] == ["one two", ""]
    assert words_below(root, "d", "e") == "three"
    assert words_below(root, "nowhere") == ""


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("\ufeff \n<?xml version='1.0'?><a>x</a>", "x"),
        ("<a>R&D & more</a>", "R&D & more"),
        ("<a>caf&eacute;&nbsp;&unheardof;</a>", "café &unheardof;"),
        ("<a>1\x0b2&#11;3&#x1F;4</a>", "1234"),
        ("<a><media:b>x</media:b></a>", "x"),
        ("<a><b c:d='e'>x</b></a>", "x"),
        ("<a>x</a>\n<script>track()</script>", "x"),
        ("<a>x<b/></a> & done", "x"),
        ("<a>&#65;&#x42;</a>", "AB"),
    ],
)
def test_what_people_commonly_get_wrong_is_mended(written: str, said: str):
    assert words_of(parsed(page(written))) == said


@pytest.mark.parametrize(
    "written",
    [
        *("", "words", "<a>", "<a><b></a>", "<a>x</a", "<a b=c>x</a>", "<!DOCTYPE a><a/>"),
        "<a>" * 200 + "</a>" * 200,
        '<a xmlns="' + "u" * 501 + '"/>',
        "<a>" + "&" * 30_000 + "</a>",
        "<a>" + "x" * (5 * 1024 * 1024) + "</a>",
    ],
    ids=lambda written: written[:20],
)
def test_what_is_incomplete_or_beyond_bounds_is_refused(written: str):
    with pytest.raises(Skip) as refused:
        parsed(page(written), "other_shape")
    assert refused.value.reason == "other_shape"


def test_elements_beyond_number_are_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("pipelines.markup.MOST_ELEMENTS", 100)
    assert len(parsed(page("<a>" + "<b/>" * 99 + "</a>"))) == 99
    with pytest.raises(Skip):
        parsed(page("<a>" + "<b/>" * 100 + "</a>"))


MEGA = 1024 * 1024
KILLERS = {
    "elements": b"<rss><channel>" + b"<item><title>x</title></item>" * 60_000 + b"</channel></rss>",
    "attributes": b"<a " + b" ".join(b'a%d=""' % number for number in range(100_000)) + b"/>",
    "depth": b"<a>" * MEGA,
    "comments": b"<!--" * MEGA,
    "brackets": b"<a" * 2 * MEGA,
    "namespace": b'<a xmlns="' + b"u" * MEGA + b'">' + b"<b/>" * 200_000 + b"</a>",
    "ampersands": b"<a>" + b"&" * 4 * MEGA + b"</a>",
    "names": b"<a>" + b"&a" * 2 * MEGA + b"</a>",
    "prefixes": b"<a>" + b"".join(b"<p%d:x/>" % number for number in range(300_000)) + b"</a>",
    "declarations": b"<a " + b"xmlns:" * 700_000 + b"/>",
    "blanks": b"<?xml " + b" " * 4 * MEGA,
    "quotes": b"<a xmlns='" * 400_000,
    "ten megabytes": b"<rss>" + b"x" * 10 * MEGA + b"</rss>",
}


@pytest.mark.parametrize("name", KILLERS)
def test_no_document_takes_long(name: str):
    with Effort() as effort:
        try:
            parsed(page(KILLERS[name]))
        except Skip as skip:
            assert skip.reason == "unreadable_xml"
    assert effort.turns < 400


@pytest.fixture
def _nothing_is_opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def refuse(*given: object, **_: object) -> None:
        raise AssertionError(f"{given} was opened")

    with monkeypatch.context() as patch:
        patch.setattr("builtins.open", refuse)
        patch.setattr("io.open", refuse)
        patch.setattr(socket, "socket", refuse)
        yield


@pytest.mark.usefixtures("_nothing_is_opened")
@pytest.mark.parametrize(
    "declared", ['SYSTEM "file:///etc/hostname"', 'SYSTEM "http://127.0.0.1:9/x"', '"&b;&b;"', "PUBLIC 'x' '/etc/passwd'"]
)
@pytest.mark.parametrize(
    "place", ["<!DOCTYPE a [<!ENTITY b {}>]><a>&b;</a>", "<!DOCTYPE a {}><a/>", "<!DOCTYPE a [<!ENTITY % b {}> %b;]><a/>"]
)
def test_no_document_type_is_ever_looked_at(declared: str, place: str):
    with pytest.raises(Skip):
        parsed(page(place.format(declared)))


def test_of_documents_that_attack_parsers_only_harmless_ones_are_read():
    if not HOSTILE.exists():
        pytest.skip("../shared/hostile is not here")
    harmless = set()
    for path in sorted(HOSTILE.iterdir()):
        with Effort() as effort:
            try:
                harmless.add(f"{path.name}: {name_of(parsed(page(path.read_bytes())))}")
            except Skip as skip:
                assert skip.reason == "unreadable_xml"
        assert effort.turns < 100
    # What these would include or execute is nothing a parser does.
    assert harmless == {
        "schema-include.xsd: schema",
        "simple-ns.xml: root",
        "simple.xml: root",
        "xalan_exec.xsl: stylesheet",
        "xalan_write.xsl: stylesheet",
    }
