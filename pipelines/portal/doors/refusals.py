"""What somebody is told who is not let through: one sentence, and nothing of what they sent.

Here: the refusal, and every error, as a page. Elsewhere: the reasons (`gate`, `login`, `exports`).
"""

import math
from collections.abc import Mapping
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from pipelines.errors import Stop
from pipelines.portal.pages import page

_SENTENCES = {
    404: "There is nothing here by that name; it may have been in an earlier release.",
    405: "This page takes no such request.",
    500: "Something went wrong on our side; it is written down, without what you sent. Try again, or tell whoever runs this.",
}


class Refused(Exception):  # noqa: N818 - reads as what it is
    """A request goes no further. `sentence` says why and what to do."""

    def __init__(self, status: int, sentence: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.status, self.sentence, self.headers = status, sentence, dict(headers or {})


def wait_for(seconds: float, sentence: str) -> Refused:
    """Return the refusal of what comes too often, with how many seconds to wait."""
    return Refused(429, sentence, {"Retry-After": str(max(1, math.ceil(seconds)))})


def told(request: Request, refused: Refused) -> Response:
    """Return the page that says it."""
    answer = page(request, "error.html", title=HTTPStatus(refused.status).phrase, sentence=refused.sentence)
    answer.status_code = refused.status
    answer.headers.update(refused.headers)
    return answer


async def on_trouble(request: Request, error: Exception) -> Response:
    """Answer what goes no further: refused, not there, not to be done now, or nobody thought of it."""
    return told(request, _as_refused(error))


def _as_refused(error: Exception) -> Refused:
    """Return what is said of it: only sentences of ours, and of what nobody thought of none; that is in the log."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, Stop):
        return Refused(503, str(error), {"Retry-After": "60"})
    if isinstance(error, HTTPException):
        phrase = HTTPStatus(error.status_code).phrase
        sentence = error.detail if error.detail != phrase else _SENTENCES.get(error.status_code, f"{phrase}.")
        return Refused(error.status_code, sentence, error.headers)
    return Refused(500, _SENTENCES[500])


HANDLERS = dict.fromkeys((Refused, HTTPException, Stop, Exception), on_trouble)
