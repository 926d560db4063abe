"""The page of verdicts: the worst first, the same every time, and in need of nothing but itself."""

import re
from datetime import datetime
from html.parser import HTMLParser

from pipelines.promises import parse_promise
from pipelines.quality import Verdict
from pipelines.release.report import render_report

NOON = datetime(2026, 1, 1, 12)  # noqa: DTZ001 - moments in tables are UTC and say no zone


def verdict(table, text, passed, loudness="expect", unexpected=()):
    return Verdict(parse_promise(table, text, loudness), passed, "3 rows" if passed else "1 of 3 rows", unexpected)


VERDICTS = [
    verdict("core.fine", "not_null(a)", True),
    verdict("mart.warned", "rows_between(5, 9)", False, "warn"),
    verdict("mart.broken", "unique(a)", True),
    verdict("mart.broken", "matches(a, ^<b>&\"'$)", False, unexpected=("a=<script>alert(1)</script>", "a='\"&")),
]


def page(verdicts=VERDICTS):
    return render_report(verdicts, as_of=NOON, gx_version="1.24.1")


class Balance(HTMLParser):
    """Fails on a tag that is closed by another; keeps what text and attributes there are."""

    def __init__(self):
        super().__init__()
        self.open, self.tags, self.attributes, self.text = [], [], [], ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [value or "" for _, value in attrs]
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def test_the_page_says_the_worst_first():
    text = page()
    assert text.index("mart.broken") < text.index("mart.warned") < text.index("core.fine")
    assert text.index("matches(a") < text.index("unique(a)")
    assert "1 broken promise stops the release" in text
    assert "Great Expectations 1.24.1, as of 2026-01-01 12:00 UTC" in text
    assert text.count("<details open>") == 2
    assert "Every promise that could stop the release is kept" in page(VERDICTS[:3])


def test_the_page_needs_nothing_else_and_runs_nothing():
    read = Balance()
    read.feed(page())
    assert read.open == []
    assert not {"script", "link", "img", "iframe", "a"} & set(read.tags)
    assert not any(re.match(r"(https?:)?//|javascript:|data:", value) for value in read.attributes)
    assert "url(" not in page()
    assert "@import" not in page()
    assert "a=<script>alert(1)</script>" in read.text
    assert "matches(a, ^<b>&\"'$)" in read.text


def test_the_same_verdicts_are_the_same_page():
    assert page() == page(list(VERDICTS))
    assert page() != page(VERDICTS[:3])
    assert render_report([], as_of=NOON, gx_version="1.24.1").count("<dd>0</dd>") == 4
