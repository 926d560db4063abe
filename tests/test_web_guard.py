"""Which URLs may be asked for, which addresses may be dialled."""

import ipaddress
import json
from pathlib import Path

import pytest

from pipelines.errors import Skip
from pipelines.web.guard import LONGEST_URL, TERMS_FORBID, check_url, forbidden

TABLE = Path(__file__).parents[2] / "shared/hostile/ssrf/ip_table_49deny_9allow.json"
LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)
GOOD = {
    "http://acme.example": "http://acme.example/",
    "HTTPS://WWW.Acme.Example:443/A b/ü?x=ö#top": "https://www.acme.example/A%20b/%C3%BC?x=%C3%B6",
    "http://acme.example.?q=1": "http://acme.example/?q=1",
    "http://acme.example:443/": "http://acme.example:443/",
    "http://acme.example:/": "http://acme.example/",
    "http://münchen.example/": "http://xn--mnchen-3ya.example/",
    "http://[2606:4700:4700:0::1111]/": "http://[2606:4700:4700::1111]/",
    "http://x.community/%41%zz": "http://x.community/%41%zz",
}
BAD = (
    "",
    "acme.example",
    "//acme.example/",
    "ftp://acme.example/",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "http:acme.example",
    "http:///acme.example",
    "http://user@acme.example/",
    "http://user:secret@acme.example/",
    "http://user:80@acme.example/",
    "http://acme.example@evil.example/",
    "http://acme.example\\@evil.example/",
    "http://acme.example/\\evil",
    "http://acme.example/\r\nHost: evil.example",
    "http://acme.example/\tx",
    "http://acme.example/\x00",
    "http://acme\u200b.example/",
    "http://acme.example/\ud800",
    "http://ac me.example/",
    "http://%61cme.example/",
    "http://acme..example/",
    "http://acme.example:22/",
    "http://acme.example:8080/",
    "http://acme.example:99999/",
    "http://acme.example:80:80/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://127.1/",
    "http://0177.0.0.1/",
    "http://1.2.3/",
    "http://[::1/",
    "http://[fe80::1%25eth0]/",
    "http://intranet/",
    "http://localhost/",
    "http://printer.local/",
    "http://metadata.google.internal/",
    "http://acme.example/" + "a" * LONGEST_URL,
)


@pytest.mark.parametrize(("given", "url"), GOOD.items())
def test_one_spelling(given, url):
    assert check_url(given).url == url
    assert check_url(url).url == url


@pytest.mark.parametrize("url", BAD)
def test_refused(url):
    with pytest.raises(Skip) as refusal:
        check_url(url)
    assert refusal.value.reason == "refused_url"


@pytest.mark.parametrize("domain", [*TERMS_FORBID, "WWW.LinkedIn.com.", "de.linkedin.com", "m.facebook.com"])
def test_terms_forbid(domain):
    with pytest.raises(Skip) as refusal:
        check_url(f"https://{domain}/company/acme")
    assert refusal.value.reason == "terms_forbid"


def test_test_servers_may_have_any_port_and_name():
    assert check_url("http://localhost:8000/", open_hosts=("localhost",)).port == 8000
    assert check_url("http://127.0.0.1:8000/", allowed=LOOPBACK).port == 8000
    with pytest.raises(Skip):
        check_url("http://10.0.0.1:8000/", allowed=LOOPBACK)


@pytest.mark.parametrize(
    "address",
    "0.0.0.0 10.1.2.3 100.64.0.1 127.0.0.1 168.63.129.16 169.254.169.254 172.16.0.1 192.0.0.8 192.88.99.1 192.168.1.1 198.18.0.1 "
    "224.0.0.1 255.255.255.255 :: ::1 ::ffff:127.0.0.1 ::127.0.0.1 64:ff9b::7f00:1 64:ff9b:1::1 2001:db8::1 2002:7f00:1:: "
    "fc00::1 fe80::1 fe80::1%eth0 fec0::1 ff02::1 127.1 nonsense".split(),
)
def test_forbidden(address):
    assert forbidden(address)


@pytest.mark.parametrize("address", "8.8.8.8 172.32.0.1 ::ffff:8.8.8.8 2606:4700:4700::1111".split())
def test_permitted(address):
    assert forbidden(address) is None


def test_allowed_networks_open_no_others():
    assert forbidden("127.0.0.1", LOOPBACK) is None
    assert forbidden("::ffff:127.0.0.1", LOOPBACK) is None
    assert forbidden("::1", LOOPBACK)
    assert forbidden("10.0.0.1", LOOPBACK)


def test_address_table():
    if not TABLE.exists():
        pytest.skip("the table of addresses is not on this machine")
    table = json.loads(TABLE.read_text())
    assert [address for address in table["bad"] if not forbidden(address)] == []
    assert [address for address in table["good"] if forbidden(address)] == []
