"""A host's one spelling and the domain it belongs to."""

from pathlib import Path

import pytest

from pipelines.domains import ascii_host, registrable

CASES = {
    "acme.example": "acme.example",
    "WWW.Acme.Example.": "acme.example",
    "https://shop.acme.co.uk:8443/a?b=//c#d": "acme.co.uk",
    "acme.test/about": "acme.test",
    "//careers.acme.com": "acme.com",
    "münchen.example": "xn--mnchen-3ya.example",
    "XN--MNCHEN-3YA.example": "xn--mnchen-3ya.example",
    "acme.github.io": "acme.github.io",
    "github.io": "github.io",
    "www.github.io": "github.io",
    "www.com": "www.com",
    "https://user@acme.com/": "acme.com",
}
NOTHING = (
    "",
    " ",
    "localhost",
    "example",
    "co.uk",
    "192.0.2.1",
    "http://[2001:db8::1]/",
    "http://[broken/",
    "a b.com",
    "-",
    "n/a",
)


@pytest.mark.parametrize(("given", "domain"), CASES.items())
def test_registrable(given, domain):
    assert registrable(given) == domain


@pytest.mark.parametrize("given", NOTHING)
def test_no_domain(given):
    assert registrable(given) is None


def test_one_spelling():
    assert ascii_host("\uff21\uff23\uff2d\uff25\u3002example") == "acme.example"
    assert ascii_host(f"{'a' * 64}.example") is None
    assert ascii_host("acme..example") is None


def test_public_suffix_vectors():
    """The list's own vectors, but for what differs by purpose: a suffix somebody runs counts as their domain."""
    vectors = Path(__file__).parents[2] / "shared/real/text/psl/tests/tests.txt"
    if not vectors.exists():
        pytest.skip("the public suffix list's vectors are not on this machine")
    lines = [line.split() for line in vectors.read_text("utf-8").splitlines() if line.strip() and not line.startswith("//")]
    checked = [(given, wanted) for given, wanted in lines if wanted != "null" and ".example" not in given]
    wrong = [(given, wanted, registrable(given)) for given, wanted in checked if registrable(given) != ascii_host(wanted)]
    assert len(checked) > 30
    assert wrong == []
