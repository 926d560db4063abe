"""The two cookies: who is logged in, and which browser a form was sent to before anybody was.

Here: reading and writing them. Elsewhere: what the first stands for (`sessions`), what the second is good for (`forgery`).
"""

from starlette.requests import HTTPConnection

SESSION, FORM = "bullseye-session", "bullseye-form"
_LONGEST = 128
_SENT = {SESSION: "Lax", FORM: "Strict"}


def read(request: HTTPConnection, name: str, *, tls: bool) -> str:
    """Return a cookie's value; empty when there is none, or none of ours could be like it."""
    value = request.cookies.get(_called(name, tls), "")
    return value if len(value) <= _LONGEST else ""


def written(name: str, value: str, *, tls: bool) -> str:
    """Return the header that lets a browser keep a value until it is closed, away from scripts and from other hosts.

    Over TLS the name says so too (`__Host-`): no other host of the domain, and no plain text, can put one like it there.
    """
    return f"{_called(name, tls)}={value}; HttpOnly; Path=/; SameSite={_SENT[name]}{'; Secure' if tls else ''}"


def cleared(name: str, *, tls: bool) -> str:
    """Return the header that lets a browser forget it."""
    return f"{written(name, '', tls=tls)}; Max-Age=0"


def _called(name: str, tls: bool) -> str:
    return f"__Host-{name}" if tls else name
