"""The socket: whom it dials, what it says, and when it gives up. Every server here is on loopback."""

import asyncio
import gzip
import socketserver
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.errors import Skip, Stop
from pipelines.records import Request
from pipelines.settings import Manners, Settings
from pipelines.web import client as client_module
from pipelines.web import connection as connection_module
from pipelines.web.archive import Archive
from pipelines.web.client import SIDE_BYTES, Live
from pipelines.web.guard import check_url
from pipelines.web.misses import Misses
from pipelines.web.pace import Clock
from pipelines.web.patience import AGAIN
from pipelines.web.stream import open_stream
from pipelines.web.web import Web, open_web

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
CONTACT = "robots@bullseye.example"
PEM = Path(__file__).parent / "web/self_signed.pem"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def sized(body, head=OK):
    return head + b"Content-Length: %d\r\n\r\n" % len(body) + body


class Server(socketserver.ThreadingTCPServer):
    """Says exactly the bytes it is told to, path by path, and remembers what it was asked.

    It hangs up after an answer unless it `keeps` connections, which it says in neither case; an answer of None is none.
    """

    daemon_threads = True
    block_on_close = False

    def __init__(self, routes, keeps):
        self.routes, self.keeps, self.asked, self.opened, self.closed = routes, keeps, [], 0, 0
        super().__init__(("127.0.0.1", 0), Talk)

    def handle_error(self, request, client_address):
        """Clients that hang up on us are what is tested."""


class Talk(socketserver.StreamRequestHandler):
    def handle(self):
        self.server.opened += 1
        while self.answer() and self.server.keeps:
            pass
        self.server.closed += 1

    def answer(self):
        lines = []
        while (line := self.rfile.readline(65536)).strip():
            lines.append(line.decode("latin-1").strip())
        if not lines:
            return False
        self.server.asked.append(lines)
        said = self.server.routes.get(lines[0].split()[1], sized(b"", b"HTTP/1.1 404 Not Found\r\n"))
        for piece in [said] if isinstance(said, bytes) else said() or []:
            self.wfile.write(piece)
            self.wfile.flush()
        return isinstance(said, bytes)


@pytest.fixture
def serve():
    running = []

    def start(keeps=False, **routes):
        server = Server({f"/{name}": said for name, said in routes.items()}, keeps)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        running.append((server, thread))
        return server

    yield start
    for server, thread in running:
        server.shutdown()
        server.server_close()
        thread.join()


def to(server, *hosts):
    """Return manners that send acme.example, or other hosts, to the server."""
    at = f"127.0.0.1:{server.server_address[1]}"
    return {"hosts": dict.fromkeys(hosts or ("acme.example",), at), "allow_addresses": ("127.0.0.0/8",)}


def live(server=None, dialled=None, resolver=None, contact=CONTACT, dialler=open_stream, **manners):
    """Return a client that sends acme.example to the server; what it dials is recorded."""
    if server is not None:
        manners = {**to(server), **manners}
    log = dialled if dialled is not None else []

    async def recorded(address, port):
        log.append((address, port))
        return await dialler(address, port)

    async def unknown(host, port):
        raise OSError(f"{host} was looked up")

    clock = Clock(now=lambda: NOW)
    return Live(Manners(**manners), contact, "1.2", clock, resolver or unknown, recorded)


async def asked_of(client, url, **headers):
    target = check_url(url, ("acme.example",))
    return await client.fetch(target, await client.place(target), headers)


def fetch(client, *urls, **headers):
    """Return the last of some answers, asked for one after the other."""

    async def one_by_one():
        try:
            for url in urls or ("http://acme.example/x",):
                found = await asked_of(client, url, **headers)
            return found
        finally:
            await client.aclose()

    return asyncio.run(one_by_one())


def reason(client, *urls):
    with pytest.raises(Skip) as skip:
        fetch(client, *urls)
    assert skip.value.sentence.endswith(".")
    return skip.value.reason


def until(is_so):
    """Wait for a server's thread to get there."""
    deadline = time.monotonic() + 60
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.005)
    assert is_so()


def resolver_of(*addresses):
    async def resolve(host, port):
        return list(addresses)

    return resolve


def test_a_page(serve):
    server = serve(x=sized(b"<p>Hello</p>"))
    found = fetch(live(server), "http://acme.example/x#top")
    assert (found.url, found.status, found.body, found.fetched_at) == ("http://acme.example/x", 200, b"<p>Hello</p>", NOW)
    assert found.header("content-type") == "text/html"


def test_we_say_who_we_are_and_nothing_else(serve, monkeypatch, tmp_path):
    (tmp_path / ".netrc").write_text("machine acme.example login us password secret\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("SSL_CERT_FILE", str(PEM))
    server = serve(keeps=True, x=sized(b"x", OK + b"Set-Cookie: id=1\r\n"))
    fetch(live(server), "http://acme.example/x", "http://acme.example/x")
    assert len(server.asked) == 2
    for lines in server.asked:
        assert lines[0] == "GET /x HTTP/1.1"
        sent = dict(line.split(": ", 1) for line in lines[1:])
        assert sent["User-Agent"] == f"Bullseye/1.2 (+{CONTACT})"
        assert sent["From"] == CONTACT
        assert sent["Host"] == "acme.example"
        assert sent["Accept-Encoding"] == "gzip"
        assert set(sent) == {"Host", "User-Agent", "From", "Accept", "Accept-Encoding"}


def test_what_else_is_to_be_sent_is(serve):
    server = serve(x=sized(b"x"))
    fetch(live(server), **{"If-None-Match": '"v1"'})
    assert 'If-None-Match: "v1"' in server.asked[0]


def test_an_address_on_the_web_is_no_from(serve):
    server = serve(x=sized(b"x"))
    fetch(live(server, contact="https://bullseye.example/bot"))
    assert "User-Agent: Bullseye/1.2 (+https://bullseye.example/bot)" in server.asked[0]
    assert not any(line.startswith("From") for line in server.asked[0])


@pytest.mark.parametrize("contact", [None, "", " ", "me", "a@b", "ftp://x", "a@b.example\r\nX: 1", "zoë@b.example"])
def test_no_contact_no_run(contact):
    with pytest.raises(Stop, match="contact"):
        live(contact=contact)


# Whom it dials


def test_test_servers_need_leave_to_be_private(serve):
    server, dialled = serve(x=sized(b"x")), []
    assert reason(live(server, dialled, allow_addresses=())) == "refused_address"
    assert (dialled, server.asked) == ([], [])


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["169.254.169.254"], ["::1"], ["64:ff9b::7f00:1"], ["8.8.8.8", "10.0.0.1"], ["10.0.0.1", "8.8.8.8"]],
)
def test_one_forbidden_address_refuses_all(addresses):
    dialled = []
    assert reason(live(dialled=dialled, resolver=resolver_of(*addresses))) == "refused_address"
    assert dialled == []


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://[::1]/", "http://10.0.0.1/", "http://[64:ff9b::7f00:1]/"])
def test_forbidden_addresses_in_the_url(url):
    dialled = []
    assert reason(live(dialled=dialled), url) == "refused_address"
    assert dialled == []


@pytest.mark.parametrize(
    ("url", "expected"),
    {
        "http://acme.example:22/": "refused_url",
        "http://[::ffff:7f00:1]/": "refused_url",
        "file:///etc/passwd": "refused_url",
        "https://www.linkedin.com/": "terms_forbid",
    }.items(),
)
def test_refused_before_any_look_up(tmp_path, url, expected):
    looked_up, dialled = [], []

    async def resolver(host, port):
        looked_up.append(host)
        return ["8.8.8.8"]

    client = live(dialled=dialled, resolver=resolver)
    web = Web(client, Archive(tmp_path, 1), Misses(tmp_path / "misses.jsonl"), Manners(), NOW, Clock(now=lambda: NOW))
    assert asyncio.run(web.answer(Request("org_acme", "website", "home", url))).reason == expected
    assert (looked_up, dialled) == ([], [])


def test_a_name_is_looked_up_once_and_its_address_dialled(serve):
    server, looked_up, dialled = serve(x=sized(b"x")), [], []

    async def rebinding(host, port):
        looked_up.append(host)
        return ["127.0.0.1"] if len(looked_up) == 1 else ["127.6.6.6"]

    def client():
        return live(
            dialled=dialled, resolver=rebinding, allow_addresses=("127.0.0.1/32",),
            dialler=lambda address, _: open_stream(address, server.server_address[1]),
        )  # fmt: skip

    assert fetch(client()).body == b"x"
    assert (looked_up, dialled) == (["acme.example"], [("127.0.0.1", 80)])
    assert reason(client()) == "refused_address"
    assert len(dialled) == 1


def test_the_next_address_when_one_does_not_answer(serve):
    server, dialled = serve(x=sized(b"x")), []
    port = server.server_address[1]

    async def second_only(address, _):
        return await open_stream("127.0.0.1", port if address == "127.0.0.2" else 1)

    resolver = resolver_of("127.0.0.1", "127.0.0.2")
    client = live(dialled=dialled, resolver=resolver, allow_addresses=("127.0.0.0/8",), dialler=second_only)
    assert fetch(client).body == b"x"
    assert dialled == [("127.0.0.1", 80), ("127.0.0.2", 80)]


def test_no_such_name():
    assert reason(live()) == "dns"
    assert reason(live(resolver=resolver_of())) == "dns"


def test_a_name_that_is_not_found_in_time():
    async def silent(host, port):
        await asyncio.sleep(3600)

    assert reason(live(resolver=silent, timeout_seconds=0.2)) == "dns"


def test_nobody_there():
    with socketserver.TCPServer(("127.0.0.1", 0), Talk) as closed:
        address = closed.server_address
    mapped = {"acme.example": f"127.0.0.1:{address[1]}"}
    assert reason(live(hosts=mapped, allow_addresses=("127.0.0.0/8",))) == "connection"


@pytest.mark.parametrize("written", ["localhost:80", "127.0.0.1", "127.0.0.1:x", "acme.example:80", ""])
def test_a_mapping_nobody_can_read_stops(written):
    with pytest.raises(Stop, match=r"acme\.example"):
        live(hosts={"acme.example": written})


def test_tls_proves_the_name(serve):
    """The certificate is for the right name, but nobody vouches for it."""
    server, names = serve(x=sized(b"x")), []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(PEM)
    context.sni_callback = lambda _, name, __: names.append(name)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    mapped = {"acme.example": f"https://127.0.0.1:{server.server_address[1]}"}
    assert reason(live(server, hosts=mapped), "https://acme.example/x") == "tls"
    assert names == ["acme.example"]
    assert server.asked == []


# What it accepts


def test_gzip_is_undone(serve):
    body = gzip.compress(b"<p>Hello</p>")
    found = fetch(live(serve(x=sized(body, OK + b"Content-Encoding: gzip\r\n"))))
    assert (found.body, found.wire) == (b"<p>Hello</p>", body)


def test_what_is_not_coded_is_held_once(serve):
    found = fetch(live(serve(x=sized(b"<p>Hello</p>"))))
    assert (found.body, found.wire) == (b"<p>Hello</p>", b"")


@pytest.mark.parametrize("status", [301, 304, 404, 429, 500])
def test_other_answers_are_answers_without_a_body(serve, status):
    head = b"HTTP/1.1 %d X\r\nContent-Type: application/pdf\r\nLocation: http://10.0.0.1/\r\n" % status
    server = serve(x=head + b"\r\n" if status == 304 else sized(b"long text", head))
    found = fetch(live(server))
    assert (found.status, found.body, found.header("location")) == (status, b"", "http://10.0.0.1/")
    assert found.wire == (b"" if status == 304 else b"long text"), "as it came, to be archived"
    assert len(server.asked) == 1


@pytest.mark.parametrize(("said", "wire"), [
    (sized(bytes(SIDE_BYTES), b"HTTP/1.1 404 X\r\n"), bytes(SIDE_BYTES)),
    (sized(bytes(SIDE_BYTES + 1), b"HTTP/1.1 404 X\r\n"), b""),
    (b"HTTP/1.1 404 X\r\nContent-Length: 99\r\n\r\nshort", b""),
    (sized(b"no gzip", b"HTTP/1.1 404 X\r\nContent-Encoding: gzip\r\n"), b"no gzip"),
], ids=["whole", "long", "broken off", "as it came"])  # fmt: skip
def test_an_error_is_an_answer_whatever_its_page(serve, said, wire):
    found = fetch(live(serve(x=said)))
    assert (found.status, found.body, found.wire) == (404, b"", wire)


TYPES = {
    "text/html; charset=utf-8": None,
    "application/xhtml+xml": None,
    "application/rss+xml": None,
    "text/xml": None,
    "application/json": None,
    "application/ld+json": None,
    "text/plain": None,
    "application/pdf": "unsupported_type",
    "image/png": "unsupported_type",
    "application/octet-stream": "unsupported_type",
    "text/css": "unsupported_type",
}


@pytest.mark.parametrize(("kind", "expected"), TYPES.items())
def test_types(serve, kind, expected):
    said = sized(b"x", b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\n" % kind.encode())
    server = serve(x=said, **{"robots.txt": said})
    if expected:
        assert reason(live(server)) == expected
    else:
        assert fetch(live(server)).body == b"x"
    assert fetch(live(server), "http://acme.example/robots.txt").body == b"x"


CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
PACKED = OK + b"Content-Encoding: gzip\r\n"
BROKEN = {
    "short": (OK + b"Content-Length: 99\r\n\r\nshort", "truncated"),
    "chunk": (OK + b"Transfer-Encoding: chunked\r\n\r\n9\r\nshort", "truncated"),
    "gzip": (sized(gzip.compress(b"x" * 999)[:-4], PACKED), "truncated"),
    "checksum": (sized(gzip.compress(b"x" * 999)[:-8] + bytes(8), PACKED), "truncated"),
    "garbage": (b"\x00\x01garbage\r\n\r\n", "truncated"),
    "half a head": (b"HTTP/1.1 200 OK\r\nContent-Ty", "truncated"),
    "part": (sized(b"x", b"HTTP/1.1 206 Partial Content\r\nContent-Type: text/html\r\n"), "truncated"),
    "another protocol": (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n", "truncated"),
    "crumbs": (lambda: iter(lambda: CHUNKED + b"1\r\nx\r\n" * 30_000, None), "too_large"),
    "nothing": (b"", "connection"),
    "wire": (sized(bytes(3000)), "too_large"),
    "endless": (lambda: iter(lambda: OK + b"\r\n" + b"x" * 5000, None), "too_large"),
    "bomb": (sized(gzip.compress(bytes(10_000_000))[:1900], PACKED), "too_large"),
    "headers": (b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 40_000 + b"\r\n", "truncated"),
    "interim": (lambda: iter(lambda: b"HTTP/1.1 100 Continue\r\n\r\n" * 999, None), "too_large"),
    "coding": (sized(b"x", OK + b"Content-Encoding: br\r\n"), "unsupported_coding"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_answers(serve, name):
    said, expected = BROKEN[name]
    assert reason(live(serve(x=said), wire_bytes=2000, body_bytes=4000, timeout_seconds=5)) == expected


def drip(start, piece):
    def say():
        yield start
        while True:
            time.sleep(0.05)
            yield piece

    return say


SLOW = {
    "body": drip(OK + b"\r\n", b"x"),
    "headers": drip(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"),
    "interim": drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "silence": lambda: iter([time.sleep(3) or b""]),
}


@pytest.mark.parametrize("name", SLOW)
def test_time_in_all(serve, name):
    begun = time.monotonic()
    assert reason(live(serve(x=SLOW[name]), timeout_seconds=0.5)) == "timeout"
    assert time.monotonic() - begun > 0.4


# Connections that stay open


X, Y = "http://acme.example/x", "http://acme.example/y"


def recorded(*addresses):
    """Return a resolver and where it notes the names it was asked for."""
    names = []

    async def resolve(host, port):
        names.append(host)
        return addresses

    return resolve, names


def by_name(server, dialled, **manners):
    """Return a client that looks acme.example up, and the names that were."""
    resolver, names = recorded("127.0.0.1")
    port = server.server_address[1]
    client = live(
        dialled=dialled, resolver=resolver, allow_addresses=("127.0.0.0/8",),
        dialler=lambda address, _: open_stream(address, port), **manners,
    )  # fmt: skip
    return client, names


def test_one_connection_and_one_look_up_for_a_host(serve):
    server, dialled = serve(keeps=True, x=sized(b"x"), y=sized(b"none", b"HTTP/1.1 404 X\r\n")), []
    client, names = by_name(server, dialled)
    assert fetch(client, X, Y, X, Y, X).body == b"x"
    assert (len(dialled), names, len(server.asked)) == (1, ["acme.example"], 5)
    until(lambda: server.closed == server.opened == 1)


def test_each_answer_over_a_connection_has_the_whole_limit(serve):
    server, dialled = serve(keeps=True, x=sized(bytes(2000)), y=sized(bytes(2001))), []
    assert len(fetch(live(server, dialled, wire_bytes=2000), *[X] * 200).body) == 2000
    assert len(dialled) == 1
    assert reason(live(server, dialled, wire_bytes=2000), X, Y) == "too_large"
    until(lambda: server.closed == 2)


def test_a_connection_the_server_closed_is_opened_again(serve):
    server, dialled = serve(x=sized(b"x")), []

    async def twice(client):
        await asked_of(client, X)
        until(lambda: server.closed == 1)
        await asyncio.sleep(0.05)
        found = await asked_of(client, X)
        await client.aclose()
        return found

    assert asyncio.run(twice(live(server, dialled))).body == b"x"
    assert (len(dialled), len(server.asked)) == (2, 2)


def test_a_connection_closed_as_we_ask_is_asked_again_by_the_guest_alone(serve):
    """Its second request is read and not answered, as by a server that had just given up waiting for it."""
    silent_for_once = [None, [sized(b"y")]]
    server, dialled = serve(keeps=True, x=sized(b"x"), y=lambda: silent_for_once.pop(0)), []
    client, names = by_name(server, dialled)

    async def asked_in_turn():
        await asked_of(client, X)
        with pytest.raises(Skip) as skip:
            await asked_of(client, Y)
        assert skip.value.reason in AGAIN
        found = await asked_of(client, Y)
        await client.aclose()
        return found

    assert asyncio.run(asked_in_turn()).body == b"y"
    assert (len(dialled), names) == (2, ["acme.example"] * 2)
    assert [lines[0] for lines in server.asked] == ["GET /x HTTP/1.1", "GET /y HTTP/1.1", "GET /y HTTP/1.1"]


@pytest.mark.parametrize(("urls", "asked"), [((Y,), 1), ((X, Y), 2)])
def test_a_connection_that_is_closed_without_an_answer_is_a_miss(serve, urls, asked):
    server, dialled = serve(keeps=True, x=sized(b"x"), y=lambda: None), []
    assert reason(live(server, dialled), *urls) == "connection"
    assert (len(server.asked), len(dialled)) == (asked, 1)


def test_what_comes_unasked_is_not_taken_for_an_answer(serve):
    def twice_and_wait():
        yield sized(b"x")
        time.sleep(0.05)
        yield sized(b"evil")
        time.sleep(1)

    server, dialled = serve(keeps=True, x=twice_and_wait, y=sized(b"y")), []

    async def twice(client):
        await asked_of(client, X)
        await asyncio.sleep(0.2)
        found = await asked_of(client, Y)
        await client.aclose()
        return found

    assert asyncio.run(twice(live(server, dialled))).body == b"y"
    assert len(dialled) == 2


def test_connections_are_not_kept_for_ever(serve, monkeypatch):
    monkeypatch.setattr(connection_module, "IDLE_SECONDS", 0.05)
    server, dialled = serve(keeps=True, x=sized(b"x")), []

    async def twice(client):
        await asked_of(client, X)
        await asyncio.sleep(0.1)
        await asked_of(client, X)
        await asyncio.to_thread(until, lambda: server.closed == 1)
        await client.aclose()

    asyncio.run(twice(live(server, dialled)))
    assert len(dialled) == 2
    until(lambda: server.closed == 2)


def test_nor_for_everybody(serve, monkeypatch):
    monkeypatch.setattr(client_module, "MOST_IDLE", 2)
    server, dialled = serve(keeps=True, x=sized(b"x")), []
    hosts = ("a.example", "b.example", "c.example")

    async def all_of_them(client):
        for host in hosts:
            await asked_of(client, f"http://{host}/x")
        await asyncio.to_thread(until, lambda: server.closed == 1)
        for host in ("c.example", "b.example", "a.example"):
            await asked_of(client, f"http://{host}/x")
        await client.aclose()

    asyncio.run(all_of_them(live(server, dialled, **to(server, *hosts))))
    assert len(dialled) == 4, "the one longest idle had made room"
    until(lambda: server.closed == 4)


def test_no_cookie_goes_back(serve):
    server = serve(keeps=True, x=sized(b"x", OK + b"Set-Cookie: id=1\r\n"))
    fetch(live(server), X, X)
    assert not any("cookie" in line.lower() for lines in server.asked for line in lines)


def test_live_from_end_to_end(serve, tmp_path):
    """Requests say https, as for the world; a test server is spoken to plainly."""
    robots = sized(b"User-agent: bullseye\nDisallow: /private", b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n")
    pages = {
        "": sized(b"<p>Home</p>"),
        "private": sized(b"<p>Secret</p>"),
        "old": sized(b"", b"HTTP/1.1 301 X\r\nLocation: /\r\n"),
    }
    server = serve(**pages, **{"robots.txt": robots})
    settings = Settings(
        contact=CONTACT,
        manners=Manners(
            gap_seconds=0, hosts={"acme.example": f"127.0.0.1:{server.server_address[1]}"}, allow_addresses=("127.0.0.0/8",)
        ),
    )
    urls = {
        name: Request("org_acme", "website", "page", f"https://acme.example/{name}") for name in ("", "private", "old", "none")
    }

    async def run():
        web = open_web(["live"], tmp_path, settings, NOW)
        found = {name: await web.answer(request, timedelta(days=1)) for name, request in urls.items()}
        await web.aclose()
        return found

    for _ in range(2):
        found = asyncio.run(run())
        assert found[""].body == found["old"].body == b"<p>Home</p>"
        assert found["old"].capture.url == "https://acme.example/"
        assert (found["private"].reason, found["none"].reason) == ("robots_disallowed", "http_404")
    asked = [lines[0].split()[1] for lines in server.asked]
    assert sorted(asked) == ["/", "/", "/.well-known/tdmrep.json", "/none", "/old", "/robots.txt"]
