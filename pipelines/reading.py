"""Reading a page: everything that sources and identity take from it, in one pure function.

Here: a capture and its body in, a reading out, and the fingerprint of all code, data and phrases that decide what comes out. One
of the few places that catch `Skip`: a page that cannot be read is a reading whose state says why. Elsewhere: what readers find
(`sources`), keeping readings (`readings`), which pages are read (`enrich`).
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path

from pipelines.errors import Skip, Stop
from pipelines.identity.hearing import heard, sentence_about
from pipelines.identity.standing import HOME, stands_at
from pipelines.lexicon import Lexicon
from pipelines.page import Page
from pipelines.pagestate import READ, SILENT, state_of
from pipelines.readout import Reading, Sentence
from pipelines.records import Capture, Fact, Organization, Request
from pipelines.source import Source

Read = Callable[[Capture, bytes, Organization], Reading]
HERE = Path(__file__).parent
CODE = (
    "reading.py readings.py readout.py page.py nodes.py text.py pagestate.py reservations.py source.py jail.py jailed.py "
    "records.py ids.py errors.py domains.py lexicon.py persona.yaml places.py week.py mailboxes.py voices.py once.py "
    "document.py walk.py paths.py selecting.py lines.py marked.py sayings.py catalogue.py signatures.py signatures.yaml "
    "properties.py agreement.py markup.py postings.py headlines.py identity sources "
    "intake/folding.py intake/months.py intake/names.py"
).split()
"""The files and folders that decide what a page is read as."""
LIBRARIES = (
    "babel",
    "beautifulsoup4",
    "defusedxml",
    "idna",
    "lxml",
    "nameparser",
    "phonenumbers",
    "pyyaml",
    "soupsieve",
    "tldextract",
)
"""The libraries that do."""


def reader_of(sources: Sequence[Source], lexicon: Lexicon) -> Read:
    """Return `read_page` for these sources and words, as it is in this process; `jail` is where it can do no harm."""
    return partial(read_page, sources=sources, lexicon=lexicon)


def read_page(capture: Capture, body: bytes, organization: Organization, sources: Sequence[Source], lexicon: Lexicon) -> Reading:
    """Return what the page says, asked for on behalf of the organization; its `domain` is the one that is visited.

    What comes out depends on nothing but the arguments, so that it can be worked out anywhere. Raises `Stop` for a reader that
    states what its source does not declare.
    """
    page = Page(capture, body, organization)
    try:
        return _reading(page, sources, lexicon)
    finally:
        page.forget()


def _reading(page: Page, sources: Sequence[Source], lexicon: Lexicon) -> Reading:
    facts: dict[str, Fact] = {}
    follow: tuple[Request, ...] = ()
    try:
        state = state_of(page)
        if state not in SILENT:
            facts = {fact.fact_id: fact for fact in _facts(page, sources, lexicon)}
            follow = tuple(_suggested(page, sources))
    except Skip as skip:
        facts, state = {}, skip.reason
    own = page.source == "website"
    text = " ".join(block.text for block in page.blocks) if own and state not in SILENT else None
    return Reading(
        state=state,
        words=page.words if own and state == READ else 0,
        facts=tuple(facts.values()),
        follow=follow,
        heard=None if text is None else heard(page.organization, text),
        stands_at=stands_at(page) if page.kind == HOME else None,
        sentence=_sentence(page) if page.kind == HOME and state not in SILENT else None,
    )


def _sentence(page: Page) -> Sentence | None:
    """Return what another's home page says of the organization, where that is where the visit led."""
    organization = page.organization
    return sentence_about(organization, page) if (stands_at(page) or organization.domain) != organization.domain else None


def _facts(page: Page, sources: Sequence[Source], lexicon: Lexicon) -> Iterator[Fact]:
    """Yield what every source that wants the page reads in it, the surest last: it stands where two say the same."""
    for source in sources:
        if source.wants(page):
            facts = sorted(source.read(page.read_by(source.name, source.name), lexicon), key=lambda fact: fact.confidence)
            yield from _allowed(source, facts)


def _suggested(page: Page, sources: Sequence[Source]) -> Iterator[Request]:
    """Yield what the page makes any source ask, in its own name."""
    for source in sources:
        for request in source.follow(page):
            if request.source != source.name:
                raise Stop(f"Source {source.name} asks in the name of {request.source}; its requests name {source.name}.")
            yield request


def _allowed(source: Source, facts: Iterable[Fact]) -> Iterator[Fact]:
    for fact in facts:
        if fact.property not in source.states:
            raise Stop(f"Source {source.name} states {fact.property}, which it does not declare; add it to its `states`.")
        if fact.value and fact.quote:
            yield fact


def reading_fingerprint(phrases: Mapping[str, Sequence[str]]) -> str:
    """Return a hash of everything that decides what a page is read as: code, its data, libraries, phrases."""
    spoken = {term: list(words) for term, words in sorted(phrases.items())}
    digest = hashlib.sha256(json.dumps([spoken, [version(name) for name in LIBRARIES]]).encode())
    for path in sorted(path for name in CODE for path in _files(HERE / name)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _files(path: Path) -> list[Path]:
    return [path] if path.is_file() else [each for each in path.rglob("*") if each.suffix in (".py", ".yaml")]
