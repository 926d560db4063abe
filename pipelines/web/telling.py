"""What the headers of an answer tell of the machines that gave it.

Here: which headers are kept beside a capture: those that a technology is known by. Of a cookie only its name is: its value may
name a visitor. Elsewhere: what they mean (`signatures`), the headers as they came (`web.warc`).
"""

from collections.abc import Sequence

from pipelines.signatures import COOKIES, header_names
from pipelines.text import clean

LONGEST = 500


def telling(headers: Sequence[tuple[str, str]]) -> str:
    """Return the headers that tell something, a line `name: value` each in lower case names, as they came; cookies by name.

    >>> telling([("Server", "nginx"), ("Set-Cookie", "_shopify_y=1a2b; path=/"), ("Date", "today")])
    'server: nginx\\nset-cookie: _shopify_y'
    """
    lines = (_line(name.lower(), value) for name, value in headers)
    return "\n".join(dict.fromkeys(line for line in lines if line))


def _line(name: str, value: str) -> str:
    said = value.partition("=")[0] if name == COOKIES else value
    return f"{name}: {clean(said)[:LONGEST]}" if name in header_names() else ""
