"""Bytes to and from a server: in order, no more than may come, and what goes wrong under its name. All on loopback."""

import asyncio
import socket
import ssl
import threading
import time
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from pipelines.errors import Skip
from pipelines.web import stream as stream_module
from pipelines.web.stream import MOST_WAITING, Broken, open_stream

PEM = Path(__file__).parent / "web/self_signed.pem"
TRUSTED = Path(__file__).parent / "lab/trusted.pem"


@asynccontextmanager
async def served(talk, tls=None, allowed=1 << 40):
    """Give an open stream to a server that talks like that."""
    ended = asyncio.Event()
    ended.set()

    async def once(reader, writer):
        ended.clear()
        try:
            await talk(reader, writer)
        except OSError:
            pass
        finally:
            writer.transport.abort()
            ended.set()

    async with await asyncio.start_server(once, "127.0.0.1", 0, ssl=tls) as server:
        port = server.sockets[0].getsockname()[1]
        stream = await open_stream("127.0.0.1", port)
        stream.allowed = allowed
        yield stream
        stream.close()
        async with asyncio.timeout(60):
            await ended.wait()


def run(steps, talk, **others):
    """Return what comes of some steps with a stream, in no more than a minute."""

    async def within():
        async with asyncio.timeout(60), served(talk, **others) as stream:
            return await steps(stream)

    return asyncio.run(within())


async def everything(stream, most=65536):
    pieces = []
    while piece := await stream.read(most):
        assert len(piece) <= most
        pieces.append(piece)
    return b"".join(pieces)


def say(*pieces, then="close"):
    async def talk(reader, writer):
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.01)
        if then == "close":
            writer.close()
            await writer.wait_closed()
        elif then == "end":
            writer.write_eof()
        if then != "close":
            await reader.read()

    return talk


@pytest.mark.parametrize("then", ["close", "end"])
@pytest.mark.parametrize("most", [1, 3, 65536])
def test_what_is_said_is_read_in_order_to_its_end(most, then):
    async def steps(stream):
        return await everything(stream, most), await stream.read(most)

    assert run(steps, say(b"Hello, ", b"", b"world", then=then)) == (b"Hello, world", b"")


def test_what_is_written_arrives():
    async def echo(reader, writer):
        while piece := await reader.read(99):
            writer.write(piece.upper())
            await writer.drain()

    async def steps(stream):
        stream.write(b"get /\r\n")
        first = await stream.read(99)
        stream.write(b"more")
        return first, await stream.read(99)

    assert run(steps, echo) == (b"GET /\r\n", b"MORE")


def test_large_bodies_come_whole_and_wait_at_the_server():
    """Who reads slowly holds the server up, and not its bytes in memory."""
    sent = 0

    async def much(reader, writer):
        nonlocal sent
        for _ in range(400):
            writer.write(bytes(65536))
            await writer.drain()
            sent += 65536
        writer.close()
        await writer.wait_closed()

    async def steps(stream):
        await asyncio.sleep(0.5)
        held, early = len(stream._inbox._pieces), sent
        return held, early, len(await everything(stream))

    held, early, whole = run(steps, much)
    assert whole == 400 * 65536
    assert 0 < held <= 2 * MOST_WAITING
    assert early < whole


@pytest.mark.parametrize("allowed", [0, 4, 9])
def test_no_more_than_is_allowed(allowed):
    async def steps(stream):
        with pytest.raises(Skip) as skip:
            await everything(stream, 3)
        return skip.value.reason, stream.allowed

    assert run(steps, say(b"0123456789"), allowed=allowed)[0] == "too_large"


def test_just_as_much_as_is_allowed_and_again_for_the_next_answer():
    async def steps(stream):
        first = await stream.read(5)
        stream.allowed = 5
        return first, await stream.read(5), await stream.read(5), stream.allowed

    assert run(steps, say(b"0123456789"), allowed=5) == (b"01234", b"56789", b"", 0)


def test_a_broken_connection_is_an_error_but_what_had_come_is_read():
    async def reset(reader, writer):
        writer.write(b"half")
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

    async def steps(stream):
        assert await stream.read(99) == b"half"
        with pytest.raises(Broken):
            await stream.read(99)

    run(steps, reset)


def test_news_is_what_comes_unasked_and_the_end():
    async def talk(reader, writer):
        for piece in (b"unasked", None):
            await reader.readline()
            writer.write(piece) if piece else writer.close()

    async def steps(stream):
        seen = [stream.has_news]
        for _ in range(2):
            stream.write(b"\n")
            await asyncio.sleep(0.1)
            seen.append(stream.has_news)
            if len(seen) == 2:
                assert await stream.read(99) == b"unasked"
                seen.append(stream.has_news)
        return seen

    assert run(steps, talk) == [False, True, False, True]


def test_hanging_up_ends_the_servers_part_at_once():
    async def wait(reader, writer):
        assert await reader.read() == b"x"

    async def steps(stream):
        stream.write(b"x")
        await asyncio.sleep(0.05)
        stream.close()
        stream.close()

    run(steps, wait)


# Opening


def test_nobody_there():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with pytest.raises(Broken):
        asyncio.run(open_stream("127.0.0.1", port))


def test_nobody_answers(monkeypatch):
    """A server whose queue is full says nothing, and is waited for no longer than another address deserves."""
    monkeypatch.setattr(stream_module, "PATIENCE_SECONDS", 0.3)
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = []
        for _ in range(4):
            waiting.append(socket.socket())
            waiting[-1].setblocking(False)
            waiting[-1].connect_ex(full.getsockname())
        begun = time.monotonic()
        with pytest.raises(Broken, match="did not answer"):
            asyncio.run(open_stream(*full.getsockname()))
        assert time.monotonic() - begun > 0.2
        for each in waiting:
            each.close()


# TLS


def tls_server(pem):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


def tls_client(trusted=None):
    return ssl.create_default_context(cafile=trusted)


def test_over_tls_the_same_holds():
    async def talk(reader, writer):
        writer.write((await reader.readline()).upper() + bytes(300_000))
        writer.close()
        await writer.wait_closed()

    async def steps(stream):
        await stream.secure(tls_client(TRUSTED), "www.lab.test")
        assert stream._transport.get_extra_info("ssl_object").version() in ("TLSv1.2", "TLSv1.3")
        assert not stream.has_news
        stream.write(b"hello\n")
        return await everything(stream)

    assert run(steps, talk, tls=tls_server(TRUSTED)) == b"HELLO\n" + bytes(300_000)


def test_over_tls_no_more_than_is_allowed():
    async def steps(stream):
        await stream.secure(tls_client(TRUSTED), "www.lab.test")
        with pytest.raises(Skip) as skip:
            await everything(stream)
        return skip.value.reason

    assert run(steps, say(bytes(1_000_000)), tls=tls_server(TRUSTED), allowed=500_000) == "too_large"


@pytest.mark.parametrize(("trusted", "name"), [(None, "www.lab.test"), (TRUSTED, "www.other.test")])
def test_who_cannot_prove_a_name_is_not_talked_to(trusted, name):
    async def steps(stream):
        with pytest.raises(Broken) as caught:
            await stream.secure(tls_client(trusted), name)
        return caught.value.__cause__

    assert isinstance(run(steps, say(b"secret"), tls=tls_server(TRUSTED)), ssl.SSLCertVerificationError)


@pytest.mark.parametrize("pieces", [(b"HTTP/1.1 400 Bad Request\r\n\r\n",), ()])
def test_who_speaks_no_tls_is_an_error(pieces):
    async def steps(stream):
        with pytest.raises(Broken) as caught:
            await stream.secure(tls_client(), "acme.example")
        return type(caught.value.__cause__)

    cause = run(steps, say(*pieces))
    assert issubclass(cause, ssl.SSLError if pieces else OSError)


def test_what_is_said_ahead_of_tls_is_not_taken_for_the_hosts():
    """Anybody on the way could have said it, and then let the host prove who it is."""
    said = threading.Event()

    def talk(listening):
        connection, _ = listening.accept()
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\nevil")
        said.wait(5)
        with suppress(OSError), tls_server(TRUSTED).wrap_socket(connection, server_side=True) as secured:
            secured.sendall(b"good")

    async def steps(listening):
        stream = await open_stream(*listening.getsockname())
        stream.allowed = 99
        while not stream.has_news:
            await asyncio.sleep(0.01)
        said.set()
        with pytest.raises(Broken) as caught:
            await stream.secure(tls_client(TRUSTED), "www.lab.test")
        assert isinstance(caught.value.__cause__, ssl.SSLError)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=talk, args=[listening])
        thread.start()
        asyncio.run(steps(listening))
        thread.join()
