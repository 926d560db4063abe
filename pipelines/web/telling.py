"""What the headers of an answer tell of the machines that gave it.

Here: which headers are kept beside a capture. Of a cookie only its name is: its value may name a visitor.
Elsewhere: what they mean (`sources.website.technology`), the headers as they came (`web.warc`).
"""

from collections.abc import Sequence

from pipelines.text import clean

NAMES = frozenset(
    "server x-powered-by x-generator via x-aspnet-version x-aspnetmvc-version x-drupal-cache x-pingback x-shopify-stage x-shopid"
    " x-varnish x-cache x-served-by x-amz-cf-id x-amz-cf-pop x-vercel-id x-nf-request-id x-github-request-id cf-ray"
    " x-hs-hub-id x-hs-cache-config x-wix-request-id x-squarespace-renderer x-contextid x-akamai-transformed x-azure-ref"
    " x-sucuri-id x-iinfo x-turbo-charged-by x-litespeed-cache x-kinsta-cache x-pantheon-styx-hostname x-wpe-loopback"
    " x-powered-cms x-content-powered-by x-magento-cache-debug x-fw-server x-render-origin-server fly-request-id"
    " x-cloud-trace-context strict-transport-security content-security-policy".split()
)
COOKIE = "set-cookie"
LONGEST = 500


def telling(headers: Sequence[tuple[str, str]]) -> str:
    """Return the headers that tell something, a line `name: value` each in lower case names, as they came; cookies by name.

    >>> telling([("Server", "nginx"), ("Set-Cookie", "_shopify_y=1a2b; path=/"), ("Date", "today")])
    'server: nginx\\nset-cookie: _shopify_y'
    """
    lines = (_line(name.lower(), value) for name, value in headers)
    return "\n".join(dict.fromkeys(line for line in lines if line))


def _line(name: str, value: str) -> str:
    if name == COOKIE:
        return f"{name}: {clean(value.partition('=')[0])[:LONGEST]}"
    return f"{name}: {clean(value)[:LONGEST]}" if name in NAMES else ""
