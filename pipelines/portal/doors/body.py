"""What a form may send.

Here: reading it within bounds, before anything takes it apart. Elsewhere: how long it may take (`wire`), what the fields mean.
"""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.types import Message, Receive

from pipelines.portal.doors.refusals import Refused

LARGEST = 64 * 1024
"""Bytes of a form."""
MOST_FIELDS = 100
_FORM = "application/x-www-form-urlencoded"
_TOO_MUCH = "That is more than a form of this page holds; nothing of it was read."


async def fields_of(request: Request) -> tuple[Mapping[str, str], Receive]:
    """Return the fields of a form, the last of each name, and the body again for whoever asks next.

    Raises `Refused` for more than `LARGEST` bytes or `MOST_FIELDS` fields, and for anything but plain fields: no file is taken.
    """
    refuse_large(request)
    content = await _read(request)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content and kind != _FORM:
        raise Refused(415, "A form of this page sends plain fields only.")
    if content.count(b"&") + content.count(b";") >= MOST_FIELDS:
        raise Refused(413, _TOO_MUCH)
    fields = parse_qsl(content.decode("ascii", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    return dict(fields), _again(content, request.receive)


def refuse_large(request: Request) -> None:
    """Refuse a body that says beforehand that it is too large."""
    told = request.headers.get("content-length", "0")
    if not told.isdecimal() or len(told) > len(str(LARGEST)) or int(told) > LARGEST:
        raise Refused(413, _TOO_MUCH)


async def _read(request: Request) -> bytes:
    content, more = b"", True
    while more:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, "The form broke off; send it again.")
        content, more = content + message.get("body", b""), message.get("more_body", False)
        if len(content) > LARGEST:
            raise Refused(413, _TOO_MUCH)
    return content


def _again(content: bytes, receive: Receive) -> Receive:
    """Return a `receive` that says the body once more, and from then on what there really is to hear."""
    left: list[Message] = [{"type": "http.request", "body": content, "more_body": False}]

    async def receiving() -> Message:
        return left.pop() if left else await receive()

    return receiving
