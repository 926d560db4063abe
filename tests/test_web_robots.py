"""What a robots.txt, or the lack of one, means for us. Its lines are tried on the cases in web/robots/."""

import itertools
import json
import random
import re
import sys
from pathlib import Path

import pytest
import yaml

from pipelines.errors import Skip
from pipelines.web.robots import TOKEN, Robots, answered, unanswered
from pipelines.web.robots_rules import LONGEST_BODY, MOST_STEPS, Rules, read

VECTORS = Path(__file__).parents[2] / "shared/hostile/robots/google_robots_vectors.jsonl"
CASES = [
    pytest.param(case, id=f"{path.stem}: {case['name']}")
    for path in sorted((Path(__file__).parent / "web/robots").glob("*.yaml"))
    for case in yaml.safe_load(path.read_text("utf-8"))
]
PAGE = "https://acme.example/private/page"
RULES = b"User-agent: *\nDisallow: /private/\n"


def verdict(meaning: Robots, url=PAGE):
    try:
        meaning.check(url)
    except Skip as skip:
        return skip.reason
    return "allowed"


def waits(meaning: Robots):
    try:
        meaning.check_delay()
    except Skip as skip:
        assert skip.reason == "crawl_delay_too_long"
        return False
    return True


def everyone(*lines: str) -> bytes:
    return "\n".join(("User-agent: *", *lines)).encode()


# What an answer means


BY_STATUS = {
    **dict.fromkeys((200, 203, 204, 206), "robots_disallowed"),
    **dict.fromkeys((400, 402, 404, 406, 408, 410, 418, 451, 499), "allowed"),
    **dict.fromkeys((401, 403), "robots_disallowed"),
    **dict.fromkeys(
        (0, 100, 103, 199, 300, 301, 302, 304, 308, 399, 429, 500, 502, 503, 504, 599, 600, 999), "robots_unreachable"
    ),
}
BY_REASON = {
    "http_404": "allowed",
    "http_410": "allowed",
    "http_401": "robots_disallowed",
    "http_403": "robots_disallowed",
    "http_429": "robots_unreachable",
    "http_500": "robots_unreachable",
    "http_304": "robots_unreachable",
    "not_in_archive": "allowed",
    "too_many_redirects": "allowed",
    "dns": "dns",
    "timeout": "timeout",
    "tls": "tls",
    "connection": "connection",
    "truncated": "truncated",
    "refused_address": "refused_address",
    "too_large": "too_large",
}


@pytest.mark.parametrize(("status", "expected"), BY_STATUS.items())
def test_status(status, expected):
    assert verdict(answered(status, RULES)) == expected


@pytest.mark.parametrize("status", [status for status, means in BY_STATUS.items() if means != "robots_disallowed"])
def test_the_body_of_an_error_says_nothing(status):
    meaning = answered(status, everyone("Disallow: /", "Crawl-delay: 9"))
    assert (meaning.rules, meaning.delay_seconds) == (Rules(), 0.0)


@pytest.mark.parametrize(("reason", "expected"), BY_REASON.items())
def test_no_answer(reason, expected):
    assert verdict(unanswered(reason, "It was so.")) == expected


def test_what_is_refused_says_why():
    with pytest.raises(Skip) as skip:
        unanswered("timeout", "It took too long.").check(PAGE)
    assert skip.value.sentence == "robots.txt could not be had, so nothing else was asked. It took too long."
    with pytest.raises(Skip) as skip:
        answered(200, RULES).check(PAGE)
    assert skip.value.sentence == f"robots.txt does not let programs ask for {PAGE}."


# What the lines say


@pytest.mark.parametrize("case", CASES)
def test_case(case, request):
    """Texts of the files `lines` and `groups` are whole; the others begin where everyone is spoken to."""
    assert case.keys() <= {"name", "text", "allows", "forbids", "delay"}
    whole = re.search(r"\[(lines|groups):", request.node.name)
    meaning = answered(200, case["text"].encode() if whole else everyone(case["text"]))
    allows, forbids = case.get("allows", []), case.get("forbids", [])
    found = {path: verdict(meaning, f"https://acme.example{path}") for path in allows + forbids}
    assert found == dict.fromkeys(allows, "allowed") | dict.fromkeys(forbids, "robots_disallowed")
    assert (meaning.delay_seconds, waits(meaning)) == (case.get("delay", 0), case.get("delay", 0) <= 30)


@pytest.mark.parametrize(
    "url",
    [
        *("http://acme.example/private/", "HTTPS://ACME.EXAMPLE:8443/private/?x#y", "//acme.example/private/", "/private/x"),
        *("https://[2606:4700::1]/private/", "https://8.8.8.8/private/a//b://c"),
    ],
)
def test_where_the_path_begins(url):
    assert verdict(answered(200, RULES), url) == "robots_disallowed"
    assert verdict(answered(200, RULES), url.replace("private", "public")) == "allowed"


@pytest.mark.parametrize(
    "body",
    [
        b"\xef\xbb\xbfUser-agent: *\nDisallow: /private/",
        b"\xef\xbb\xbf\xef\xbb\xbfUser-agent: *\nDisallow: /private/",
        b"# one file\n\xef\xbb\xbfUser-agent: *\n# and another\n\xef\xbb\xbfDisallow: /private/",
        RULES.decode().encode("utf-16"),
        f"\ufeff{RULES.decode()}".encode("utf-16-be"),
        RULES.decode().encode("utf-16-le"),
        RULES.decode().encode("utf-16-be"),
        RULES.decode().encode("utf-32"),
        b"\0\0User-agent: *\0\nDis\0allow: /private/\0\n",
        b"garbage \x80\xff\n" + RULES,
        RULES.replace(b"\n", b"\r"),
        b"# " + b"x" * 400_000 + b"\n" + RULES,
        RULES + b"# " + b"x" * 1_000_000,
        RULES + b"Disallow: /" + b"x" * 1_000_000,
        RULES + b"Allow: /" + b"private/" * 100_000,
    ],
)
def test_bytes(body):
    """A file means the same in any coat."""
    meaning = answered(200, body)
    assert (verdict(meaning), verdict(meaning, "https://acme.example/")) == ("robots_disallowed", "allowed")


@pytest.mark.parametrize(
    "body", [b"", b"\0", b"\xff\xfe\x00 garbage \x80", b"\xef\xbb", bytes(range(256)) * 9, b"\xfe\xff\xd8\x00"]
)
def test_bytes_that_say_nothing(body):
    assert answered(200, body) == Robots()


@pytest.mark.parametrize(("written", "asked"), [(b"\xe9", "%E9"), ("é".encode(), "%C3%A9"), (b"\xa0", "%A0"), (b"\x85", "%85")])
def test_escapes_are_of_bytes(written, asked):
    """Whatever the encoding of the file: its bytes are those of the URL."""
    meaning = answered(200, b"User-agent: *\nDisallow: /caf" + written + b"\n")
    assert verdict(meaning, f"https://acme.example/caf{asked}") == "robots_disallowed"
    assert verdict(meaning, "https://acme.example/caf") == "allowed"


def test_lone_surrogates_are_no_accident():
    assert verdict(answered(200, RULES), "https://acme.example/private/\ud800") == "robots_disallowed"


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_only_the_first_500_kib_count_up_to_the_end_of_a_line(end):
    """A line that is cut would say more than it says: `Allow: /p` allows what `Allow: /private/page` does not."""
    start = b"User-agent: *" + end + b"Disallow: /private" + end
    line = b"Allow: /private/page"
    for left in range(len(line) + 3):
        body = start + b"#" * (LONGEST_BODY - len(start) - len(end) - left) + end + line + end
        assert verdict(answered(200, body)) == ("allowed" if left >= len(line) else "robots_disallowed"), left


def test_a_delay_of_any_length_is_read():
    assert answered(200, everyone("Crawl-delay: " + "9" * 100_000)).delay_seconds == float("inf")
    assert answered(200, everyone("Crawl-delay: 0." + "0" * 100_000 + "1")).delay_seconds == 0


def test_who_has_no_rules_waits_for_nobody():
    assert [answered(404).delay_seconds, answered(503).delay_seconds, unanswered("dns", "").delay_seconds] == [0, 0, 0]


# Against others


def test_google_vectors():
    """141 of 142. Google compares `%62%61%7A` and `baz` as they are written; RFC 9309 (2.2.2, last row of its table) decodes."""
    if not VECTORS.exists():
        pytest.skip("Google's robots.txt vectors are not on this machine")
    vectors = [json.loads(line) for line in VECTORS.read_text("utf-8").splitlines()]
    differs = [
        (vector["test"], vector["robotstxt"].splitlines()[-1], vector["url"], vector["allowed"])
        for vector in vectors
        if read(vector["robotstxt"].encode(), vector["ua"]).allow(vector["url"]) != vector["allowed"]
    ]
    assert len(vectors) == 142
    assert differs == [("ID_Encoding", "Allow: /foo/bar/%62%61%7A", "http://foo.bar/foo/bar/baz", False)]


def fits(pattern: str, path: str) -> bool:
    """Say whether the pattern fits, by the definition: slow, and plainly right."""
    if pattern in ("", "$"):
        return not pattern or not path
    if pattern[0] == "*":
        return any(fits(pattern[1:], path[at:]) for at in range(len(path) + 1))
    return path[:1] == pattern[0] and fits(pattern[1:], path[1:])


def test_every_short_pattern_on_every_short_path():
    paths = ["/" + "".join(each) for length in range(5) for each in itertools.product("ab", repeat=length)]
    for length in range(6):
        for letters in itertools.product("ab*$", repeat=length):
            pattern = "/" + "".join(letters)
            rules = read(everyone(f"Disallow: {pattern}"), TOKEN)
            assert [rules.allow(path) for path in paths] == [not fits(pattern, path) for path in paths], pattern


def test_many_rules_decide_as_the_longest_one_does():
    pick = random.Random(9309)
    for _ in range(500):
        said = [(pick.choice((True, False)), "/" + "".join(pick.choices("ab*", k=pick.randint(0, 4)))) for _ in range(8)]
        rules = read(everyone(*(f"{'Allow' if allows else 'Disallow'}: {pattern}" for allows, pattern in said)), TOKEN)
        for path in ("/", "/a", "/ab", "/ba", "/abab", "/bbaa"):
            fitting = [(len(pattern), allows) for allows, pattern in said if fits(pattern, path)]
            assert rules.allow(path) == max(fitting, default=(0, True))[1], (said, path)


# Hostile ones: every search looks at a path once, so what counts is how many there are.


def searches(rules: Rules, path: str) -> int:
    """Return how often a path is searched or asked for its beginning until the rules have decided."""
    return calls(lambda: rules.allow(path), ("find", "startswith"))


def calls(act, names=()):
    """Return how many functions were called, of all or of these names: steps that no other work on the machine can change."""
    count = 0

    def note(_frame, event, called):
        nonlocal count
        count += event == "c_call" and (not names or called.__name__ in names)

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        act()
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("end", ["", "$", "b", "b$", "*", "*$"])
@pytest.mark.parametrize("stars", [1000, 100_000, 250_000])
def test_a_pattern_is_searched_for_no_longer_than_the_path_is(end, stars):
    """A pattern that backtracks would take the age of the universe."""
    rules = read(everyone("Disallow: /" + "*a" * stars + end), TOKEN)
    assert len(rules.ranked) == 1
    for length in (100, 200, 400, 800):
        path = "/" + "a" * length
        assert rules.allow(path) is True
        assert length <= searches(rules, path) <= length + 4


def test_the_longest_pattern_is_still_understood():
    """Nothing is given up: half a megabyte of wildcards says what it says."""
    path = "/" + "a" * 2000
    assert read(everyone("Disallow: /" + "*a" * 2000 + "$"), TOKEN).allow(path) is False
    assert read(everyone("Disallow: /" + "*a" * 2001 + "$"), TOKEN).allow(path) is True
    assert read(everyone("Disallow: /" + "*" * 500_000 + "a$"), TOKEN).allow(path) is False
    assert read(everyone("Disallow: /" + "*" * 500_000 + "b$"), TOKEN).allow(path) is True
    assert searches(read(everyone("Disallow: /" + "*" * 500_000 + "b$"), TOKEN), path) == 2


@pytest.mark.parametrize("line", ["Disallow: /*a*a*{}$", "Disallow: /a{}", "Allow: /*{}*", "Disallow: *a*{}*a*b$"])
def test_rules_are_tried_once_each(line):
    path = "/" + "a" * 500
    few, many = (read(everyone(*(line.format(each) for each in range(count))), TOKEN) for count in (1000, 2000))
    assert (len(few.ranked), len(many.ranked)) == (1000, 2000)
    assert searches(many, path) <= 2 * searches(few, path) <= 2 * 1000 * 5


def test_many_wildcards_are_still_understood():
    """More than any honest website has, on a longer path than most."""
    rules = read(everyone(*(f"Disallow: /*/shelf{each:04}/*.php$" for each in range(5000))), TOKEN)
    assert rules.allow("/shop/shelf4999/" + "a" * 1000 + ".php") is False
    assert rules.allow("/shop/shelf5000/" + "a" * 1000 + ".php") is True


def test_more_wildcards_than_can_be_tried_are_a_no():
    """One search costs at most the letters of the path times those of what is looked for; the sum of these is bounded."""
    part = "a" * 98 + "ba"
    rules = read(everyone(*(f"Disallow: /*{part}{each:04}" for each in range(4000))), TOKEN)
    assert (rules.steps, MOST_STEPS) == (4000 * 104, 10**8)
    assert rules.allow("/" + "a" * (MOST_STEPS // rules.steps - 2)) is True
    assert rules.allow("/" + "a" * (MOST_STEPS // rules.steps)) is False
    assert rules.allow("/robots.txt") is True


@pytest.mark.parametrize(
    "line",
    [
        *(
            "User-agent: *\n",
            "User-agent: *\nDisallow: /a{}\n",
            "Disallow: /*{}a\n",
            "Crawl-delay: {}\n",
            "a b\n",
            "\r",
            ":\n",
            "%41",
        ),
        *(" a", "\t", "#", "User-agent: *\nUser-agent: bullseye\nDisallow: /%4{}\n", "Sitemap: /{}\n", "Allow: /{}/index.html\n"),
    ],
)
def test_reading_takes_steps_in_proportion(line):
    few, many = (everyone("".join(line.format(each) for each in range(count))) for count in (2000, 4000))
    assert calls(lambda: read(many, TOKEN)) <= 2.01 * calls(lambda: read(few, TOKEN)) + 50


def test_what_is_not_said_to_us_is_not_kept():
    others = "".join(f"User-agent: other{each}\nDisallow: /{each}\n# {each}\nSitemap: /{each}.xml\n" for each in range(5000))
    rules = read(
        f"{others}User-agent: *\nDisallow: /everyone\nUser-agent: bullseye\nDisallow: /us\nDisallow: /us\n".encode(), TOKEN
    )
    assert rules == Rules(ranked=((False, "/us", ()),))
