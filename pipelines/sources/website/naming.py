"""What the organization is called: all that a page gives as its name, put together.

Here: names in which title, logo, copyright line and letterhead agree are surer than any of them. Elsewhere: where a page gives
names (`names`, `imprints`, `letterheads`), agreement of pages and sources (sql/core/claim.sql).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from math import prod

from pipelines.lexicon import Lexicon
from pipelines.nodes import Node
from pipelines.page import Page
from pipelines.records import Fact
from pipelines.sources.website.imprints import FORM, copyrights, legal_names, traded
from pipelines.sources.website.letterheads import heads
from pipelines.sources.website.names import LETTERS, Evidence, label_of, logos, spelled, welcomed
from pipelines.text import fold

FORM_AT_END = re.compile(rf"[\s,]+{FORM}\.?$")
SURE, SUREST = 0.6, 0.95


def read(page: Page, _: Lexicon) -> Iterator[Fact]:
    """State the names and the legal name, each as sure as what says so together."""
    legal = list(legal_names(page))
    said = list(chain(spelled(page), welcomed(page), logos(page), copyrights(page), traded(page), heads(page)))
    for node, name, confidence in _agreed(said, label_of(page)):
        yield page.fact("name", node, name, confidence=confidence)
    known = {_key(name) for _, name, confidence in said if confidence >= 0.5}
    formed = [(node, _dotted(name, node), 0.7) for node, name, _ in said if FORM_AT_END.search(name) and _key(name) in known]
    for node, name, confidence in _agreed([*legal, *formed], ""):
        yield page.fact("legal_name", node, name, confidence=confidence)


def _dotted(name: str, node: Node) -> str:
    """Return the name with the point that ends its abbreviation, where the page has it: B.V."""
    return f"{name}." if name[-2:-1] == "." and f"{name}." in node.text else name


def _agreed(said: Iterable[Evidence], label: str) -> Iterator[Evidence]:
    """Yield each name once, as the surest evidence has it, with the confidence of all that say it.

    One that only begins another says the other too, unless it is just what the domain is: "Clarion" of Clarion Hotel Federal Way.
    """
    groups: dict[str, list[Evidence]] = {}
    for each in said:
        groups.setdefault(_key(each[1]), []).append(each)
    wholes = {key: _whole(key, groups) for key in groups if key != label}
    for key, group in groups.items():
        if not wholes.get(key):
            shorter = [each for part, whole in wholes.items() if whole == key for each in groups[part]]
            node, name, _ = max(group, key=lambda each: (each[2], not each[1].isupper()))
            doubt = prod(1 - confidence for _, _, confidence in (*group, *shorter))
            yield node, name, round(min(1 - doubt, SUREST), 2)


def _whole(key: str, groups: Mapping[str, Sequence[Evidence]]) -> str | None:
    """Return the key of the surest name that begins with all words of this one and goes on."""
    name = f"{fold(groups[key][0][1])} "
    longer = {each: group[0][2] for each, group in groups.items() if each != key and fold(group[0][1]).startswith(name)}
    best = max(longer, key=lambda each: longer[each], default=None)
    return best if best and longer[best] >= SURE else None


def _key(name: str) -> str:
    """Return what spellings of one name have in common."""
    return LETTERS.sub("", fold(FORM_AT_END.sub("", name)).removeprefix("the ")) or fold(name)
