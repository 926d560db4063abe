"""Whose pages an archive holds: its host names, as a lead list.

Here: one row a registrable domain, with the host most of its pages were under. Elsewhere: reading records (`web.warc`), taking
lead lists in (`intake`).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from pipelines.domains import registrable
from pipelines.errors import Stop
from pipelines.web.warc import scan


def hosts_of(paths: Sequence[Path]) -> Iterator[str]:
    """Yield a host for each registrable domain with a page in the WARC files, by domain.

    Raises `Stop` for what is no file, and when there is no page in any of them.
    """
    pages: dict[str, Counter[str]] = {}
    for path in paths:
        if not path.is_file():
            raise Stop(f"{path} is no WARC file; name the .warc or .warc.gz files themselves.")
    for path in paths:
        for found in scan(path):
            host = urlsplit(found.url).hostname or ""
            if 200 <= found.status < 300 and (domain := registrable(host)):
                pages.setdefault(domain, Counter())[host] += 1
    if not pages:
        raise Stop(f"There is no web page in {', '.join(map(str, paths))}; name WARC files, .warc or .warc.gz, with responses.")
    for domain in sorted(pages):
        yield max(pages[domain], key=lambda host: (pages[domain][host], host))
