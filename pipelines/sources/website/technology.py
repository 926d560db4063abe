"""Which technologies the organization's pages use.

Here: where in a page technologies leave traces (what it loads, runs and is served with), and how sure each kind of trace is. A tag
on a page is a use, not a contract; a link to a vendor, its name or its logo is neither. Elsewhere: whose trace is whose
(`signatures`), technologies an organization talks about (`language`).
"""

import re
from collections.abc import Iterator
from itertools import chain

from pipelines import signatures
from pipelines.catalogue import Technology
from pipelines.domains import registrable
from pipelines.lexicon import Lexicon
from pipelines.nodes import Node
from pipelines.page import Page
from pipelines.records import Fact

NAMED, SERVED, LOADED, MARKED, PLACED, CALLED, LOADING, SHOWN = 0.95, 0.9, 0.9, 0.9, 0.85, 0.85, 0.7, 0.6
"""How sure: the generator's tag, headers, what is loaded, marks, where files lie, snippets, what snippets load, images."""
LOADS = frozenset({"stylesheet", "preload", "modulepreload"})
DATA = re.compile(r"json|template|html|importmap|speculationrules", re.IGNORECASE)
"""Types of scripts that do not run."""
STATE = re.compile(r"\s*\(?self\.__next_[fs]\b")
"""What a server hands to its own scripts: the page's words once more, code that is talked about among them."""
MOST_OF_ONE, MOST_OF_ALL = 16 * 1024, 256 * 1024
"""Letters of scripts that are looked through."""
BEFORE, AROUND = 80, 160
"""Letters of a script that are quoted."""
Trace = tuple[Technology, Node, float]


def read(page: Page, _: Lexicon) -> Iterator[Fact]:
    """State each technology once a page, quoting its surest trace."""
    surest: dict[str, Trace] = {}
    for trace in chain(_served(page), _loaded(page), _shown(page), _sent(page), _called(page), _marked(page)):
        name = trace[0].name
        if name not in surest or trace[2] > surest[name][2]:
            surest[name] = trace
    for name, (_technology, node, confidence) in surest.items():
        yield page.fact("technology", node, name, confidence=confidence)


def _served(page: Page) -> Iterator[Trace]:
    """Yield what the answer's headers tell of, and the tag in which a generator names itself."""
    for node in page.headers:
        for technology in signatures.of_header(node.locator.removeprefix("header "), node.text):
            yield technology, node, SERVED
    for node in page.select("meta[name=generator]"):
        said = node.attribute("content")
        yield from ((technology, said, NAMED) for technology in signatures.of_generator(said.text))


def _loaded(page: Page) -> Iterator[Trace]:
    """Yield what scripts, styles and frames tell of by the host they come from, scripts and styles also by their path."""
    links = [
        node.attribute("href") for node in page.select("link[href]") if LOADS & {*node.attribute("rel").text.lower().split()}
    ]
    for node in (*_addresses(page, "script"), *links):
        host, path = signatures.split(node.text)
        yield from ((technology, node, LOADED) for technology in signatures.of_host("load", host, path))
        yield from ((technology, node, PLACED) for technology in signatures.of_path(path))
    for node in _addresses(page, "iframe"):
        yield from ((technology, node, LOADED) for technology in signatures.of_host("load", *signatures.split(node.text)))


def _shown(page: Page) -> Iterator[Trace]:
    """Yield what images tell of: by hosts of pixels and of customers' own files, and by their path where they are the page's."""
    own = {"": True, signatures.split(page.url)[0]: True}
    for node in _addresses(page, "img"):
        host, path = signatures.split(node.text)
        yield from ((technology, node, SHOWN) for technology in signatures.of_host("image", host, path))
        if host not in own:
            own[host] = registrable(host) == registrable(page.url)
        if own[host]:
            yield from ((technology, node, PLACED) for technology in signatures.of_path(path))


def _sent(page: Page) -> Iterator[Trace]:
    """Yield where forms are sent to."""
    for node in page.attributes("action", "form"):
        yield from ((technology, node, LOADED) for technology in signatures.of_host("form", *signatures.split(node.text)))


def _called(page: Page) -> Iterator[Trace]:
    """Yield what scripts in the page call and load."""
    left = MOST_OF_ALL
    for node in page.scripts:
        if left <= 0:
            return
        if DATA.search(node.attributes.get("type", "")) or STATE.match(node.text):
            continue
        script = node.text[: min(left, MOST_OF_ONE)]
        left -= len(script)
        for found, confidence in ((signatures.of_code(script), CALLED), (signatures.of_loader(script), LOADING)):
            yield from ((snippet.technology, _line(node, script, snippet.start), confidence) for snippet in found)


def _marked(page: Page) -> Iterator[Trace]:
    """Yield what attributes tell of that nothing else writes."""
    for mark in signatures.marks():
        nodes = (node for node in page.attributes(mark.attribute, mark.element) if node.text.startswith(mark.start))
        if node := next(nodes, None):
            yield from ((technology, node, MARKED) for technology in mark.left)


def _addresses(page: Page, element: str) -> list[Node]:
    """Return the addresses that elements of that name load from, now or when they are seen."""
    return [*page.attributes("src", element), *page.attributes("data-src", element)]


def _line(node: Node, script: str, start: int) -> Node:
    """Return the script saying only the line that begins there, without what a page's source may write in two ways (&)."""
    edge = max(script.rfind("\n", 0, start), script.rfind("&", 0, start)) + 1
    begin = edge if start - edge <= BEFORE else start
    return node.part(re.split(r"[\n&]", script[begin : start + AROUND])[0])
