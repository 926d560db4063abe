"""Every technology is told by each trace the catalogue gives it, and by nothing else.

`tests/signatures/*.yaml` has for each technology an example of each kind of trace (what a vendor's customers really have in their
pages, headers and DNS) and, under `not`, near misses: the vendor's own website, what looks alike, another's trace.
"""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines import signatures
from pipelines.catalogue import FILE, IMPLIES, Technology, patterns, technologies

HERE = Path(__file__).parent / "signatures"
WRITTEN: dict[str, dict[str, dict[str, list[str]]]] = yaml.safe_load(FILE.read_text("utf-8"))
TRACES = {name: traces for each in WRITTEN.values() for name, traces in each.items()}
EXAMPLES: dict[str, dict[str, Any]] = {
    name: example for path in sorted(HERE.glob("*.yaml")) for name, example in yaml.safe_load(path.read_text("utf-8")).items()
}
HOSTS = ("load", "image", "form")
DNS = ("mx", "spf", "txt", "cname", "ns")
KINDS = (*HOSTS, "path", "code", "mark", "generator", "header", "cookie", *DNS)
NAME = re.compile(r"^(?:  )?([^\s#][^:]*(?::\S[^:]*)*): \{", re.MULTILINE)


def found(kind: str, trace: Any) -> Iterator[Technology]:
    """Look a trace up as the reader of pages, or of DNS, does."""
    if kind in HOSTS:
        return signatures.of_host(kind, *signatures.split(trace))
    if kind == "path":
        return signatures.of_path(signatures.split(trace)[1])
    if kind == "code":
        return (snippet.technology for snippet in signatures.of_code(trace))
    if kind == "mark":
        element, attribute, value = trace
        marks = [mark for mark in signatures.marks() if (mark.element, mark.attribute) == (element, attribute)]
        return (one for mark in marks if str(value).startswith(mark.start) for one in mark.left)
    if kind == "generator":
        return signatures.of_generator(trace)
    if kind == "header":
        name, _, value = trace.partition(": ")
        return signatures.of_header(name, value)
    return signatures.of_header("set-cookie", trace) if kind == "cookie" else signatures.of_dns(kind, trace)


def names(kind: str, trace: Any) -> set[str]:
    """Return what a trace tells of; an address is looked up by host and by path, as that of a script is."""
    kinds = {"load": ("load", "path"), "path": ("load", "path"), "image": ("image", "path")}.get(kind, (kind,))
    return {technology.name for each in kinds for technology in found(each, trace)}


def implied(name: str) -> set[str]:
    below = [implied(other) for other in TRACES[name].get(IMPLIES, ())]
    return {name}.union(*below)


def near_misses(name: str) -> list[str]:
    misses = EXAMPLES[name]["not"]
    return misses if isinstance(misses, list) else [misses]


def test_there_are_enough_of_them_in_kinds_a_buyer_knows():
    assert len(technologies()) >= 700
    assert len({each.category for each in technologies().values()}) >= 50
    for name, each in technologies().items():
        assert each.name == name == name.strip()
        assert each.category in WRITTEN


def test_no_technology_is_written_twice():
    """The loader takes the last of two; so does nobody notice."""
    twice = [name for name, times in Counter(NAME.findall(FILE.read_text("utf-8"))).items() if times > 1]
    assert not twice
    assert set(NAME.findall(FILE.read_text("utf-8"))) == set(TRACES)
    texts = [path.read_text("utf-8") for path in sorted(HERE.glob("*.yaml"))]
    assert not [name for name, times in Counter(name for text in texts for name in NAME.findall(text)).items() if times > 1]


def test_nothing_is_misspelt_in_the_catalogue():
    kinds = {kind for traces in TRACES.values() for kind in traces}
    assert kinds == {*KINDS, IMPLIES}
    assert all(other in TRACES for traces in TRACES.values() for other in traces.get(IMPLIES, ()))
    assert all(isinstance(pattern, str) and pattern for traces in TRACES.values() for each in traces.values() for pattern in each)


def test_every_technology_has_an_example_of_each_kind_and_a_near_miss():
    assert set(EXAMPLES) == set(TRACES)
    for name, traces in TRACES.items():
        assert set(EXAMPLES[name]) == {*traces, "not"} - {IMPLIES}, f"{name}: examples of other kinds than its traces"


@pytest.mark.parametrize("name", TRACES)
def test_an_example_tells_of_its_technology_and_of_no_other(name: str):
    for kind, trace in EXAMPLES[name].items():
        if kind != "not":
            assert names(kind, trace) == implied(name), f"{kind} {trace}"


@pytest.mark.parametrize("name", TRACES)
def test_a_near_miss_tells_nothing(name: str):
    for trace in near_misses(name):
        for kind in KINDS:
            if kind != "mark":
                assert name not in names(kind, trace), f"{trace} as {kind}"


def addresses(pattern: str) -> Iterator[tuple[str, str]]:
    host, slash, path = pattern.replace("*", "x1").partition("/")
    yield host, slash + path


@pytest.mark.parametrize("kind", [*HOSTS, "mx", "spf", "cname", "ns"])
def test_a_host_is_a_host_and_what_is_below_it(kind: str):
    for pattern, left in patterns(kind):
        for host, path in addresses(pattern):
            here, below = ({*signatures.of_host(kind, each, path)} for each in (host, f"a.{host}"))
            assert {*left} <= here & below, pattern
            for other in (f"my{host}", f"my-{host}", f"{host}.example", f"{host}x"):
                assert not {*left} & {*signatures.of_host(kind, other, path)}, f"{other}{path}"
            if path:
                assert left[0] not in {*signatures.of_host(kind, host, f"/other{path}")} or host in TRACES[left[0].name][kind]


def test_a_path_is_a_part_of_a_path_and_not_of_what_is_asked():
    for pattern, left in patterns("path"):
        assert {*left} <= {*signatures.of_path(f"/a{pattern.lower()}?v=1")}, pattern
        assert not {*left} & {*signatures.of_path(f"/a.js?from={pattern.lower()}")}, pattern


def test_a_plugin_tells_of_what_it_plugs_into_though_one_path_ends_where_the_other_begins():
    found = [each.name for each in signatures.of_path("/wp-content/plugins/gravityforms/a.css")]
    assert found == ["WordPress", "Gravity Forms", "WordPress"]


@pytest.mark.parametrize(("pattern", "name"), [(pattern, left[0].name) for pattern, left in patterns("code")])
def test_a_snippet_may_be_spaced_and_quoted_otherwise_but_is_a_word_of_its_own(pattern: str, name: str):
    spaced = re.sub(r"([(=.,]) ?", r"\1 ", pattern).replace("'", '"')
    for script in (pattern, f"\n;{pattern}", f"(window.{pattern}", spaced, pattern.replace(" ", "")):
        assert name in names("code", script), script
    for script in (f"my{pattern}", f"$_{pattern}"):
        assert name not in names("code", script), script


def test_where_a_snippet_stands_is_told():
    (snippet,) = signatures.of_code("var x = 1; notfbq('init', 2); fbq('init', 3);")
    assert snippet.start == 30


def test_snippets_come_in_the_order_of_the_script_in_every_process():
    script = "".join(f"{pattern}1);" for pattern, _ in patterns("code") if pattern.endswith("("))
    starts = [snippet.start for snippet in signatures.of_code(script)]
    assert starts == sorted(starts)
    assert len(starts) > 20


def test_what_a_script_loads_counts_where_it_makes_elements():
    loader = "var s=document.createElement('script');s.src='https://static.hotjar.com/c/hotjar-1.js';"
    assert [(each.technology.name, each.start) for each in signatures.of_loader(loader)] == [("Hotjar", loader.index("//"))]
    assert list(signatures.of_loader('var allowed = ["https://static.hotjar.com/c/hotjar-1.js"];')) == []
    assert list(signatures.of_loader(loader.replace("static", "www"))) == []


def test_a_whole_sender_policy_is_read_host_by_host():
    record = '"v=spf1 ip4:192.0.2.1 include:_spf.google.com ?include:sendgrid.net redirect=mailgun.org ~all"'
    assert [each.name for each in signatures.of_dns("spf", record)] == ["Google Workspace", "SendGrid", "Mailgun"]


@pytest.mark.parametrize("value", ["", ".", "10", "\x00", "a" * 9000, "....", "é.example", "v=spf1 -all"])
@pytest.mark.parametrize("kind", DNS)
def test_records_that_say_nothing_tell_nothing(kind: str, value: str):
    assert list(signatures.of_dns(kind, value)) == []


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://user@js.stripe.com:443/v3", "js.stripe.com"),
        ("//JS.Stripe.com?x", "js.stripe.com"),
        ("https://acme.example/?u=//js.stripe.com/", "acme.example"),
        ("/x?u=https://js.stripe.com/", ""),
        ("https://acme.example\\@js.stripe.com/", "acme.example"),
        ("ftp://js.stripe.com/", ""),
        ("data:text/javascript,//js.stripe.com/", ""),
        ("", ""),
    ],
)
def test_an_address_is_taken_apart_as_browsers_do(address: str, host: str):
    assert signatures.split(address)[0] == host
