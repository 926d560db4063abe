"""One side of `reading.py`: reads the pages it is told to, one at a time, and says how long each took.

    python reading_side.py SIDE PAGES    # then a page's number a line on standard input; milliseconds a line on standard output

PAGES is a pickle of `reading.py`'s own making. Imports, dictionaries and the first page are not timed. What is timed is CPU time
of this thread: another program on the machine makes no side slower. `ours` runs in our environment, the others in the peers'.
"""

import pickle
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

Page = Mapping[str, Any]
ROOT = Path(__file__).parents[1]


def ours() -> Callable[[Page], object]:
    """All sources' readers, with the lexicon of the demo's customer, as a run reads a page."""
    from pipelines.icp import read_icp
    from pipelines.jailed import settle
    from pipelines.lexicon import make_lexicon
    from pipelines.reading import read_page
    from pipelines.records import Organization
    from pipelines.sources import all_sources

    lexicon, sources = make_lexicon(read_icp(ROOT / "icp.yaml").phrases), all_sources()
    settle()  # as the workers do in which a run reads

    def read(page: Page) -> object:
        return read_page(page["capture"], page["body"], Organization("org_bench", page["domain"], None), sources, lexicon)

    return read


def lxml() -> Callable[[Page], object]:
    """lxml.html, which builds a tree and reads nothing."""
    from lxml import html

    return lambda page: html.document_fromstring(page["body"])


def trafilatura() -> Callable[[Page], object]:
    """The main text of the page."""
    from trafilatura import extract

    return lambda page: extract(page["body"], url=page["url"])


def extruct() -> Callable[[Page], object]:
    """JSON-LD, microdata, RDFa, OpenGraph, microformats, Dublin Core."""
    import extruct

    return lambda page: extruct.extract(page["body"], base_url=page["url"], errors="ignore")


def openleads() -> Callable[[Page], object]:
    """The profile of a company, from its page."""
    from openleads.insights.company import parse_profile

    return lambda page: parse_profile(page["body"].decode("utf-8", "replace"), page["domain"] or "")


SIDES = {side.__name__: side for side in (ours, lxml, trafilatura, extruct, openleads)}


def main(side: str, pages: Path) -> None:
    with pages.open("rb") as file:
        known: list[Page] = pickle.load(file)  # noqa: S301 - reading.py wrote it
    read = SIDES[side]()
    read(known[0])
    for line in sys.stdin:
        page = known[int(line)]
        begun = time.thread_time()
        try:
            read(page)
        except Exception as fault:  # noqa: BLE001 - a peer may fail at a page; it took its time all the same
            print(f"{type(fault).__name__} at {page['url']}", file=sys.stderr)
        print((time.thread_time() - begun) * 1000, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
