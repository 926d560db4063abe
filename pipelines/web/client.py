"""The only socket of the house: one GET of one URL.

Here: who we say we are, what is sent, and limits on every byte and second. Neither proxies nor credentials nor certificates are
taken from the environment; no cookies; redirects are answers and not followed. Elsewhere: whether the URL may be asked
(`web.guard`, `web.robots`, `web.pace`), the way to the server (`web.dial`), what is asked and in what order (`web.web`).
"""

import re
import ssl
from contextlib import closing

import httpcore
import httpx

from pipelines.errors import Skip, Stop
from pipelines.records import Response
from pipelines.settings import Manners
from pipelines.web.decode import decode
from pipelines.web.dial import Deadline, Dial, Door, Lookup, Resolver, dial, resolve
from pipelines.web.guard import Target, check_url
from pipelines.web.pace import Clock
from pipelines.web.types import check_header

ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,application/json;q=0.9,text/plain;q=0.8"
_EMAIL = re.compile(r"[^@\s<>()]+@[^@\s<>()]+\.[^@\s<>()]+")
_WEB = re.compile(r"https?://[^\s<>()]+")


class Live:
    """The transport that asks the world. Safe to share between threads."""

    asks = True

    def __init__(
        self,
        manners: Manners,
        contact: str | None,
        version: str,
        clock: Clock,
        resolver: Resolver = resolve,
        dialler: Dial = dial,
    ) -> None:
        self._headers = _identity(contact, version)
        self._manners = manners
        self._lookup = Lookup(manners, resolver)
        self._clock = clock
        self._dial = dialler
        self._tls = httpx.create_ssl_context(trust_env=False)

    def fetch(self, url: str) -> Response:
        """Return the response; the body is read only of a 2xx.

        Raises `Skip`: `refused_url`, `terms_forbid`, `dns`, `refused_address`, `connection`, `tls`, `timeout`, `truncated`,
        `too_large`, `unsupported_type`, `unsupported_coding`.
        """
        target = check_url(url, self._manners.hosts, self._lookup.allowed)
        deadline = Deadline(self._clock.monotonic, self._manners.timeout_seconds)
        place = self._lookup.place(target)
        request = httpx.Request("GET", httpx.URL(target.url).copy_with(scheme=place.scheme), headers=self._headers)
        with closing(_Transport(Door(place, self._dial, deadline), self._tls)) as transport:
            return self._get(transport, request, target)

    def _get(self, transport: httpx.BaseTransport, request: httpx.Request, target: Target) -> Response:
        try:
            answer = transport.handle_request(request)
        except httpx.TransportError as error:
            raise _skip(error, target, "connection") from None
        with closing(answer):
            try:
                return self._response(target, answer)
            except httpx.TransportError as error:
                raise _skip(error, target, "truncated") from None

    def _response(self, target: Target, answer: httpx.Response) -> Response:
        body = b""
        if answer.is_success:
            check_header(target.url, answer.headers.get("content-type", ""))
            codings = answer.headers.get("content-encoding", "")
            body = decode(answer.iter_raw(), codings, self._manners.wire_bytes, self._manners.body_bytes)
        headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.headers.raw)
        return Response(target.url, answer.status_code, headers, body, self._clock.now())


class _Transport(httpx.HTTPTransport):
    """httpx's own transport over a pool that can dial through one door only."""

    def __init__(self, door: Door, tls: ssl.SSLContext) -> None:
        super().__init__(verify=tls, trust_env=False)
        self._pool = httpcore.ConnectionPool(ssl_context=tls, network_backend=door)


def _identity(contact: str | None, version: str) -> dict[str, str]:
    """Return the headers every request carries; raises `Stop` when nobody could tell us to stop."""
    named = (contact or "").strip()
    is_email = _EMAIL.fullmatch(named) is not None
    if not (is_email or _WEB.fullmatch(named)) or not named.isascii():
        raise Stop("A live run tells webmasters how to reach us: set `contact:` in settings.yaml to an e-mail address or URL.")
    headers = {
        "User-Agent": f"Bullseye/{version} (+{named})",
        "Accept": ACCEPT,
        "Accept-Encoding": "gzip",
        "Connection": "close",
    }
    return {**headers, "From": named} if is_email else headers


def _skip(error: httpx.TransportError, target: Target, otherwise: str) -> Skip:
    """Return the reason a connection failed."""
    detail = str(error) or type(error).__name__
    if isinstance(error, httpx.TimeoutException):
        return Skip("timeout", f"{target.host} did not answer in time: {detail}.")
    if _is_tls(error):
        return Skip("tls", f"{target.host} could not prove who it is: {detail}.")
    if otherwise == "truncated":
        return Skip("truncated", f"{target.host} broke off before the end of {target.url}: {detail}.")
    return Skip("connection", f"{target.host} could not be talked to: {detail}.")


def _is_tls(error: BaseException | None) -> bool:
    """Say whether TLS is at the bottom of it."""
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False
