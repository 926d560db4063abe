"""The socket: whom it dials, what it says, and when it gives up. Every server here is on loopback."""

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
from pipelines.web.client import Live
from pipelines.web.dial import dial
from pipelines.web.pace import Clock
from pipelines.web.web import open_web

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
CONTACT = "robots@bullseye.example"
PEM = Path(__file__).parent / "web/self_signed.pem"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def sized(body, head=OK):
    return head + b"Content-Length: %d\r\n\r\n" % len(body) + body


class Server(socketserver.ThreadingTCPServer):
    """Says exactly the bytes it is told to, path by path, and remembers what it was asked."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, routes):
        self.routes, self.asked = routes, []
        super().__init__(("127.0.0.1", 0), Talk)

    def handle_error(self, request, client_address):
        """Clients that hang up on us are what is tested."""


class Talk(socketserver.StreamRequestHandler):
    def handle(self):
        lines = []
        while (line := self.rfile.readline(65536)).strip():
            lines.append(line.decode("latin-1").strip())
        if not lines:
            return
        self.server.asked.append(lines)
        said = self.server.routes.get(lines[0].split()[1], sized(b"", b"HTTP/1.1 404 Not Found\r\n"))
        for piece in [said] if isinstance(said, bytes) else said():
            self.wfile.write(piece)
            self.wfile.flush()


@pytest.fixture
def serve():
    running = []

    def start(**routes):
        server = Server({f"/{name}": said for name, said in routes.items()})
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        running.append((server, thread))
        return server

    yield start
    for server, thread in running:
        server.shutdown()
        server.server_close()
        thread.join()


def live(server=None, dialled=None, resolver=None, contact=CONTACT, **manners):
    """Return a client that sends acme.example to the server; what it dials is recorded."""
    if server is not None:
        manners = {
            "hosts": {"acme.example": f"127.0.0.1:{server.server_address[1]}"},
            "allow_addresses": ("127.0.0.0/8",),
            **manners,
        }
    log = dialled if dialled is not None else []

    def recorded(address, port, timeout):
        log.append((address, port))
        return dial(address, port, timeout)

    def unknown(host, port):
        raise OSError(f"{host} was looked up")

    clock = Clock(now=lambda: NOW)
    return Live(Manners(**manners), contact, "1.2", clock, resolver or unknown, recorded)


def reason(client, url="http://acme.example/x"):
    with pytest.raises(Skip) as skip:
        client.fetch(url)
    assert skip.value.sentence.endswith(".")
    return skip.value.reason


def test_a_page(serve):
    server = serve(x=sized(b"<p>Hello</p>"))
    found = live(server).fetch("http://acme.example/x#top")
    assert (found.url, found.status, found.body, found.fetched_at) == ("http://acme.example/x", 200, b"<p>Hello</p>", NOW)
    assert found.header("content-type") == "text/html"


def test_we_say_who_we_are_and_nothing_else(serve, monkeypatch, tmp_path):
    (tmp_path / ".netrc").write_text("machine acme.example login us password secret\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("SSL_CERT_FILE", str(PEM))
    server = serve(x=sized(b"x", OK + b"Set-Cookie: id=1\r\n"))
    client = live(server)
    for _ in range(2):
        client.fetch("http://acme.example/x")
    for lines in server.asked:
        assert lines[0] == "GET /x HTTP/1.1"
        sent = dict(line.split(": ", 1) for line in lines[1:])
        assert sent["User-Agent"] == f"Bullseye/1.2 (+{CONTACT})"
        assert sent["From"] == CONTACT
        assert sent["Host"] == "acme.example"
        assert sent["Accept-Encoding"] == "gzip"
        assert set(sent) == {"Host", "User-Agent", "From", "Accept", "Accept-Encoding", "Connection"}


def test_an_address_on_the_web_is_no_from(serve):
    server = serve(x=sized(b"x"))
    live(server, contact="https://bullseye.example/bot").fetch("http://acme.example/x")
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
    assert reason(live(dialled=dialled, resolver=lambda host, port: addresses)) == "refused_address"
    assert dialled == []


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://[::1]/", "http://10.0.0.1/", "http://[::ffff:7f00:1]/"])
def test_forbidden_addresses_in_the_url(url):
    dialled = []
    assert reason(live(dialled=dialled), url) == "refused_address"
    assert dialled == []


@pytest.mark.parametrize(
    ("url", "expected"),
    {
        "http://acme.example:22/": "refused_url",
        "file:///etc/passwd": "refused_url",
        "https://www.linkedin.com/": "terms_forbid",
    }.items(),
)
def test_refused_before_any_look_up(url, expected):
    looked_up = []
    assert reason(live(resolver=lambda host, port: looked_up.append(host) or ["8.8.8.8"]), url) == expected
    assert looked_up == []


def test_a_name_is_looked_up_once_and_its_address_dialled(serve):
    server, looked_up, dialled = serve(x=sized(b"x")), [], []

    def rebinding(host, port):
        looked_up.append(host)
        return ["127.0.0.1"] if len(looked_up) == 1 else ["127.6.6.6"]

    def at_the_server(address, port, timeout):
        dialled.append((address, port))
        return dial(address, server.server_address[1], timeout)

    manners = Manners(allow_addresses=("127.0.0.1/32",))
    client = Live(manners, CONTACT, "1", Clock(now=lambda: NOW), rebinding, at_the_server)
    assert client.fetch("http://acme.example/x").body == b"x"
    assert (looked_up, dialled) == (["acme.example"], [("127.0.0.1", 80)])
    assert reason(client) == "refused_address"


def test_the_next_address_when_one_does_not_answer(serve):
    server, dialled = serve(x=sized(b"x")), []
    port = server.server_address[1]

    def second_only(address, _, timeout):
        dialled.append(address)
        return dial("127.0.0.1", port if address == "127.0.0.2" else 1, timeout)

    manners = Manners(allow_addresses=("127.0.0.0/8",))
    client = Live(manners, CONTACT, "1", Clock(now=lambda: NOW), lambda *_: ["127.0.0.1", "127.0.0.2"], second_only)
    assert client.fetch("http://acme.example/x").body == b"x"
    assert dialled == ["127.0.0.1", "127.0.0.2"]


def test_no_such_name():
    assert reason(live()) == "dns"
    assert reason(live(resolver=lambda host, port: [])) == "dns"


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
    server = serve(x=sized(body, OK + b"Content-Encoding: gzip\r\n"))
    assert live(server).fetch("http://acme.example/x").body == b"<p>Hello</p>"


@pytest.mark.parametrize("status", [301, 304, 404, 429, 500])
def test_other_answers_are_answers_without_a_body(serve, status):
    head = b"HTTP/1.1 %d X\r\nContent-Type: application/pdf\r\nLocation: http://10.0.0.1/\r\n" % status
    server = serve(x=head + b"\r\n" if status == 304 else sized(b"long text", head))
    found = live(server).fetch("http://acme.example/x")
    assert (found.status, found.body, found.header("location")) == (status, b"", "http://10.0.0.1/")
    assert len(server.asked) == 1


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
        assert live(server).fetch("http://acme.example/x").body == b"x"
    assert live(server).fetch("http://acme.example/robots.txt").body == b"x"


PACKED = OK + b"Content-Encoding: gzip\r\n"
BROKEN = {
    "short": (OK + b"Content-Length: 99\r\n\r\nshort", "truncated"),
    "chunk": (OK + b"Transfer-Encoding: chunked\r\n\r\n9\r\nshort", "truncated"),
    "gzip": (sized(gzip.compress(b"x" * 999)[:-4], PACKED), "truncated"),
    "checksum": (sized(gzip.compress(b"x" * 999)[:-8] + bytes(8), PACKED), "truncated"),
    "garbage": (b"\x00\x01garbage\r\n\r\n", "connection"),
    "nothing": (b"", "connection"),
    "wire": (sized(bytes(3000)), "too_large"),
    "endless": (lambda: iter(lambda: OK + b"\r\n" + b"x" * 5000, None), "too_large"),
    "bomb": (sized(gzip.compress(bytes(10_000_000))[:1900], PACKED), "too_large"),
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
    assert 0.4 < time.monotonic() - begun < 1.5


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
    for _ in range(2):
        web = open_web(["live"], tmp_path, settings, NOW)
        found = {name: web.answer(request, timedelta(days=1)) for name, request in urls.items()}
        assert found[""].body == found["old"].body == b"<p>Home</p>"
        assert found["old"].capture.url == "https://acme.example/"
        assert (found["private"].reason, found["none"].reason) == ("robots_disallowed", "http_404")
    asked = [lines[0].split()[1] for lines in server.asked]
    assert sorted(asked) == ["/", "/", "/none", "/old", "/robots.txt"]
