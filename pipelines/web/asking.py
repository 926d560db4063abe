"""What is asked of a URL beyond all that is there: something posted to it, or only some of its bytes.

Here: what of that may be sent, the headers it is sent with, and whether an answer is the part that was asked for. What is posted
is JSON and goes in the body alone; a span becomes a header only where it is two numbers. Elsewhere: sending (`web.connection`),
what lies in a part (`web.part`), who asks so (the sources).
"""

import re
from http import HTTPStatus

from pipelines.errors import Skip
from pipelines.records import Response
from pipelines.web.guard import Target

MOST_POSTED = 16 * 1024
_SPAN = re.compile(r"bytes=([0-9]{1,15})-([0-9]{1,15})", re.ASCII)
_RANGE = re.compile(r"bytes ([0-9]{1,15})-([0-9]{1,15})/([0-9]{1,15}|\*)", re.ASCII)


def check_asking(target: Target, most: int) -> None:
    """Raise `Skip` (`refused_url`, `too_large`) for what nobody is asked: odd spans, ones over `most` bytes, long posts, both."""
    if target.body and (target.span or len(target.body) > MOST_POSTED or not target.body.isascii()):
        raise Skip("refused_url", f"What was to be posted to {target.url} is not plain JSON of at most {MOST_POSTED} letters.")
    if target.span and length_of(target) > most:
        raise Skip("too_large", f"Of {target.url} more than {most} bytes were wanted.")


def length_of(target: Target) -> int:
    """Return how many bytes the target's span has; raises `Skip` (`refused_url`) where it is none."""
    span = _SPAN.fullmatch(target.span)
    if span is None or int(span[1]) > int(span[2]):
        raise Skip("refused_url", f"{target.span[:80]!r} is no span of bytes, so {target.url} was not asked for.")
    return int(span[2]) - int(span[1]) + 1


def headers_for(target: Target) -> dict[str, str]:
    """Return the headers that go with a post or a span, which is wanted as it lies there; none for a plain question."""
    if target.span:
        return {"Range": target.span, "Accept": "*/*", "Accept-Encoding": "identity"}
    return {"Content-Type": "application/json"} if target.body else {}


def check_part(target: Target, response: Response) -> None:
    """Raise `Skip` (`truncated`) for a part nobody asked for, and where a part was asked for, for anything else than that one."""
    partial = response.status == HTTPStatus.PARTIAL_CONTENT
    if partial and not target.span:
        raise Skip("truncated", f"{target.host} sent a part of {target.url}, which was asked for whole.")
    if not target.span:
        return
    told = [value.strip() for name, value in response.headers if name.lower() == "content-range"]
    found = _RANGE.fullmatch(told[0]) if partial and len(told) == 1 else None
    coded = response.header("content-encoding").strip().lower() not in ("", "identity")
    if found is None or f"bytes={found[1]}-{found[2]}" != target.span or coded:
        raise Skip("truncated", f"{target.host} did not send just {target.span} of {target.url}.")
