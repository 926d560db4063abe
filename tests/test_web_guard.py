"""Which URLs may be asked for, which addresses may be dialled: the tables of tests/web, and mutations against another parser."""

import ipaddress
import json
import random
from pathlib import Path

import pytest
import yaml

from pipelines.errors import Skip
from pipelines.web.guard import LONGEST_URL, TERMS_FORBID, Target, check_url, forbidden

SHARED = Path(__file__).parents[2] / "shared/hostile/ssrf/ip_table_49deny_9allow.json"
LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)
URLS = yaml.safe_load((Path(__file__).parent / "web/urls.yaml").read_text("utf-8"))
ADDRESSES = yaml.safe_load((Path(__file__).parent / "web/addresses.yaml").read_text("utf-8"))
REFUSED = [(str(address), kind) for kind, addresses in ADDRESSES["refused"].items() for address in addresses]

MUTATIONS = 20_000
PIECES = (
    *"/\\:@?#;%[]., -_\t\n\r\0\x7f017abcdefxXA!$&'*~|^`{}\"<>",
    *"\xad\u200b\u200c\u200d\u3002\uff0e\uff61\uff0f\uff1a\uff20\uff11①ßẞςΣİıKſ℀℡Ⅷüéא१\u202e\ufeff\ufffd💩\x85\xa0\u0308",
    *(
        "xn--",
        "xn--a",
        "xn--fa-hia",
        "%2e",
        "%00",
        "%40",
        "%2f",
        "%5c",
        "%zz",
        "..",
        "./",
        "/../",
        "//",
        "http:",
        "https:",
        "HTTP",
    ),
    *(":80", ":443", ":0", ":65536", ":080", "@@", "0x", "0X7f", "127.1", "2130706433", "[::1]", "[::]", "%25eth0"),
)


def reason(url, **but):
    with pytest.raises(Skip) as refusal:
        check_url(url, **but)
    assert refusal.value.sentence.endswith(".")
    return refusal.value.reason


@pytest.mark.parametrize("row", URLS, ids=lambda row: ascii(row["url"]))
def test_no_url_is_read_as_others_would_not(row):
    """What is asked for is at the host that the WHATWG's parser reads; anything that could be misread is refused."""
    if "asked" not in row:
        assert reason(row["url"]) == "refused_url"
        return
    target = check_url(row["url"])
    assert target.url == row["asked"]
    assert target.host == row["host"].strip("[]")
    assert check_url(target.url) == target


def test_the_table_of_urls_is_what_another_parser_says():
    ada_url = pytest.importorskip("ada_url", reason="there is no second URL parser here")
    wrong = {row["url"]: host for row in URLS if (host := _host(ada_url, row["url"])) != row.get("host")}
    assert wrong == {}


def test_mutated_urls_are_asked_as_another_parser_spells_them_or_not_at_all():
    ada_url = pytest.importorskip("ada_url", reason="there is no second URL parser here")
    seeds = [row["url"] for row in URLS if "asked" in row]
    chance = random.Random(9)
    asked, differing = 0, []
    for url in (_mutated(chance, chance.choice(seeds)) for _ in range(MUTATIONS)):
        target = _target(url)
        if target is not None:
            asked += 1
            if not ada_url.check_url(url) or ada_url.URL(url).href.partition("#")[0] != target.url:
                differing.append((url, target.url))
    assert differing == []
    assert asked > MUTATIONS / 10


def _host(ada_url, url):
    return ada_url.URL(url).hostname or None if ada_url.check_url(url) else None


def _target(url) -> Target | None:
    try:
        return check_url(url)
    except Skip:
        return None


def _mutated(chance, url):
    """Put something odd in, or take something out, most often before the path begins."""
    for _ in range(chance.randint(1, 2)):
        at = chance.randrange(len(url) + 1) if chance.random() < 0.4 else min(len(url), chance.randint(0, 24))
        taken = chance.choice((0, 0, 0, 1))
        url = url[:at] + chance.choice((*PIECES, "")) + url[at + taken :]
    return url


@pytest.mark.parametrize(
    "url",
    [
        "http://acme.example/" + "a" * (LONGEST_URL - len("http://acme.example/") + 1),
        "http://acme.example/" + "ü" * (LONGEST_URL // 6),
        f"http://{'a' * 64}.example/",
        f"http://{'a.' * 124}example/",
    ],
)
def test_too_long(url):
    assert reason(url) == "refused_url"


def test_just_not_too_long():
    url = "http://acme.example/" + "a" * (LONGEST_URL - len("http://acme.example/"))
    assert check_url(url).url == url
    assert check_url(f"http://{'a' * 63}.example/").host == "a" * 63 + ".example"


@pytest.mark.parametrize("domain", [*TERMS_FORBID, "WWW.LinkedIn.com", "de.linkedin.com", "m.facebook.com"])
def test_terms_forbid(domain):
    assert reason(f"https://{domain}/company/acme") == "terms_forbid"


def test_test_servers_may_have_any_port_and_name():
    assert check_url("http://localhost:8000/", open_hosts=("localhost",)).port == 8000
    assert check_url("http://127.0.0.1:8000/", allowed=LOOPBACK).port == 8000
    assert reason("http://10.0.0.1:8000/", allowed=LOOPBACK) == "refused_url"
    assert reason("http://localhost:65536/", open_hosts=("localhost",)) == "refused_url"


@pytest.mark.parametrize(("address", "kind"), REFUSED)
def test_forbidden(address, kind):
    assert forbidden(address)


@pytest.mark.parametrize("address", ADDRESSES["permitted"])
def test_permitted(address):
    assert forbidden(address) is None


def test_the_network_is_named():
    assert forbidden("::ffff:10.9.8.7") == "10.0.0.0/8"
    assert forbidden("2606:4700::169.254.169.254") == "ends in 169.254.0.0/16"


def test_allowed_networks_open_no_others():
    assert forbidden("127.0.0.1", LOOPBACK) is None
    assert forbidden("::ffff:127.0.0.1", LOOPBACK) is None
    assert forbidden("::1", LOOPBACK)
    assert forbidden("10.0.0.1", LOOPBACK)


def test_address_table():
    if not SHARED.exists():
        pytest.skip("the table of addresses is not on this machine")
    table = json.loads(SHARED.read_text())
    assert (len(table["bad"]), len(table["good"])) == (49, 9)
    assert [address for address in table["bad"] if not forbidden(address)] == []
    assert [address for address in table["good"] if forbidden(address)] == []
