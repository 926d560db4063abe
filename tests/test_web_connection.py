"""HTTP over one connection, byte by byte: what is an answer, when the connection may be asked again, and what is none."""

import asyncio

import pytest

from pipelines.errors import Skip
from pipelines.web import connection as connection_module
from pipelines.web.connection import HEAD_BYTES, IDLE_SECONDS, LONGEST_HEAD, PIECE_BYTES, Connection
from pipelines.web.dial import Place
from pipelines.web.stream import Broken, Stream

PLACE = Place(("192.0.2.1",), 80, "http")
OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
WHOLE = OK + b"Content-Length: 5\r\n\r\nHello"
MOST = 1000


class Wire:
    """What comes, piece by piece, and what was sent. After the last piece the other side hangs up, or is silent."""

    def __init__(self, *pieces, trouble=None, stays=True):
        self.pieces, self.trouble, self.stays, self.sent, self.is_closed = list(pieces), trouble, stays, b"", False

    @property
    def has_news(self):
        return bool(self.pieces) or not self.stays

    async def take(self, most):
        if self.pieces:
            piece, rest = self.pieces[0][:most], self.pieces[0][most:]
            self.pieces[:1] = [rest] if rest else []
            return piece
        if self.trouble:
            raise self.trouble
        assert not self.stays, "more is waited for than came"
        return b""

    def write(self, content):
        self.sent += content

    def abort(self):
        self.is_closed = True


def over(wire, monotonic=lambda: 0.0):
    return Connection(PLACE, Stream(wire, wire), monotonic)


async def told(connection, most=MOST):
    await connection.ask("/x", {"Host": "acme.example"})
    return connection.status, await connection.body(most)


def ask(*pieces, most=MOST, **others):
    """Return status, body, and whether the connection may be asked again."""
    connection = over(Wire(*pieces, **others))
    return *asyncio.run(told(connection, most)), connection.is_ready


def bytewise(content):
    return [content[place : place + 1] for place in range(len(content))]


def test_a_get_and_its_answer():
    wire = Wire(OK + b"Content-Type: text/html\r\nX-Name: caf\xe9\r\nCONTENT-LENGTH: 5\r\n\r\nHello")
    connection = over(wire)
    asyncio.run(connection.ask("/a?b=c", {"Host": "acme.example", "Accept": "text/html"}))
    assert wire.sent == b"GET /a?b=c HTTP/1.1\r\nHost: acme.example\r\nAccept: text/html\r\n\r\n"
    assert connection.status == 200
    assert connection.headers == (("Content-Type", "text/html"), ("X-Name", "café"), ("CONTENT-LENGTH", "5"))
    assert not connection.is_ready, "its body was not read"
    assert asyncio.run(connection.body(MOST)) == b"Hello"
    assert (connection.is_ready, connection.place, wire.is_closed) == (True, PLACE, False)
    connection.close()
    assert wire.is_closed


ANSWERS = {
    "sized": (WHOLE, (200, b"Hello", True)),
    "empty": (OK + b"Content-Length: 0\r\n\r\n", (200, b"", True)),
    "chunked": (CHUNKED + b"2\r\nHe\r\n3;a=b\r\nllo\r\n0\r\nX-Sum: 1\r\n\r\n", (200, b"Hello", True)),
    "chunked wins": (OK + b"Content-Length: 99\r\nTransfer-Encoding: Chunked\r\n\r\n0\r\n\r\n", (200, b"", True)),
    "asked to close": (OK + b"Connection: close\r\nContent-Length: 5\r\n\r\nHello", (200, b"Hello", False)),
    "HTTP/1.0": (b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nHello", (200, b"Hello", False)),
    "HTTP/1.0 that stays": (
        b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nHello",
        (200, b"Hello", False),
    ),
    "no reason": (b"HTTP/1.1 404 \r\nContent-Length: 0\r\n\r\n", (404, b"", True)),
    "204": (b"HTTP/1.1 204 No Content\r\n\r\n", (204, b"", True)),
    "304": (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n", (304, b"", True)),
    "interim": (
        b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n" + WHOLE,
        (200, b"Hello", True),
    ),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_answers(name):
    said, expected = ANSWERS[name]
    assert ask(said) == expected
    assert ask(*bytewise(said)) == expected


UNTIL_THE_END = [OK + b"\r\nHello", b"HTTP/1.0 200 OK\r\n\r\nHello", OK + b"Connection: close\r\n\r\nHello"]


@pytest.mark.parametrize("said", UNTIL_THE_END)
def test_a_body_that_lasts_until_the_other_side_hangs_up(said):
    assert ask(said, stays=False) == (200, b"Hello", False)
    assert ask(*bytewise(said), stays=False) == (200, b"Hello", False)


# The next request


def test_one_request_after_the_other():
    wire = Wire()
    connection = over(wire)

    async def in_turn():
        found = []
        for said in (WHOLE, CHUNKED + b"1\r\nx\r\n0\r\n\r\n", b"HTTP/1.1 304 X\r\nETag: a\r\n\r\n", WHOLE):
            wire.pieces.append(said)
            found.append(await told(connection))
            assert connection.is_ready
        return found

    assert asyncio.run(in_turn()) == [(200, b"Hello"), (200, b"x"), (304, b""), (200, b"Hello")]
    assert wire.sent == b"GET /x HTTP/1.1\r\nHost: acme.example\r\n\r\n" * 4


def test_each_answer_may_be_as_large_as_the_first():
    wire, body = Wire(), bytes(MOST)
    connection = over(wire)

    async def in_turn():
        for _ in range(2 * HEAD_BYTES // MOST):
            wire.pieces.append(OK + b"Content-Length: %d\r\n\r\n" % MOST + body)
            assert await told(connection) == (200, body)

    asyncio.run(in_turn())


@pytest.mark.parametrize("behind", [b"x", b"\r\n", WHOLE])
@pytest.mark.parametrize("apart", [False, True])
def test_who_says_more_than_the_answer_is_not_asked_again(behind, apart):
    """It would be taken for the answer to the next request."""
    assert ask(*([WHOLE, behind] if apart else [WHOLE + behind])) == (200, b"Hello", False)


def test_who_hangs_up_behind_the_answer_is_not_asked_again():
    assert ask(WHOLE, stays=False) == (200, b"Hello", False)


def test_nor_after_long():
    moment = [0.0]
    connection = over(Wire(WHOLE), lambda: moment[0])
    moment[0] = 100.0
    asyncio.run(told(connection))
    moment[0] += IDLE_SECONDS - 0.1
    assert connection.is_ready
    moment[0] += 0.2
    assert not connection.is_ready


# Limits


@pytest.mark.parametrize("head", [OK + b"\r\n", OK + b"Content-Length: 2000\r\n\r\n", CHUNKED + b"7d0\r\n"])
def test_of_a_body_that_is_too_long_a_little_more_is_returned(head):
    _, body, is_ready = ask(head + bytes(MOST), bytes(MOST - 1), b"\0")
    assert MOST < len(body) <= MOST + PIECE_BYTES
    assert not is_ready


def test_just_as_long_as_it_may_be():
    assert ask(OK + b"Content-Length: 5\r\n\r\nHello", most=5) == (200, b"Hello", True)
    assert ask(OK + b"Content-Length: 5\r\n\r\nHello", most=4) == (200, b"Hello", False)


def test_a_body_may_be_larger_than_any_head():
    body = bytes(4 * HEAD_BYTES)
    assert ask(OK + b"Content-Length: %d\r\n\r\n" % len(body) + body, most=len(body)) == (200, body, True)


def reason(*pieces, **others):
    wire = Wire(*pieces, **others)
    connection = over(wire)
    with pytest.raises(Skip) as skip:
        asyncio.run(told(connection))
    assert not connection.is_ready
    return skip.value.reason, sum(map(len, wire.pieces))


def test_a_flood_of_interim_answers_is_read_up_to_a_limit():
    interim = b"HTTP/1.1 100 Continue\r\n\r\n"
    fitting = HEAD_BYTES // len(interim) - 2
    assert ask(interim * fitting, b"HTTP/1.1 204 X\r\n\r\n") == (204, b"", True)
    pieces = [interim * 1000] * 100
    kind, left = reason(*pieces)
    assert kind == "too_large"
    assert HEAD_BYTES < len(interim) * 100_000 - left <= HEAD_BYTES + PIECE_BYTES


def test_a_body_in_too_many_pieces(monkeypatch):
    monkeypatch.setattr(connection_module, "MOST_PIECES", 5)
    assert ask(CHUNKED + b"1\r\nx\r\n" * 5 + b"0\r\n\r\n") == (200, b"xxxxx", True)
    assert reason(CHUNKED + b"1\r\nx\r\n" * 6 + b"0\r\n\r\n")[0] == "too_large"


def test_what_is_no_body_counts_too():
    """Chunks of almost nothing, each with a long remark."""
    remark = b"1;" + b"a" * 50_000 + b"\r\nx\r\n"
    assert reason(CHUNKED, *[remark] * 100)[0] == "too_large"


# What is no answer


def trouble(*pieces, **others):
    connection = over(Wire(*pieces, **others))
    with pytest.raises(Broken) as broken:
        asyncio.run(told(connection))
    assert not connection.is_ready
    return str(broken.value)


NO_HTTP = {
    "garbage": b"\x00\x01garbage\r\n\r\n",
    "SSH": b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
    "HTTP/2": b"HTTP/2 200\r\n\r\n",
    "TLS": b"\x15\x03\x01\x00\x02\x02\x46",
    "no status": b"HTTP/1.1 abc X\r\n\r\n",
    "switched": b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
    "header": OK + b"No colon\r\n\r\n",
    "space before the colon": OK + b"Content-Length : 5\r\n\r\nHello",
    "two lengths": OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nHello!",
    "no length": OK + b"Content-Length: -5\r\n\r\nHello",
    "another coding": OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "no chunk": CHUNKED + b"xyz\r\n",
    "longer chunk": CHUNKED + b"2\r\nHello\r\n0\r\n\r\n",
    "huge chunk": CHUNKED + b"f" * 30 + b"\r\nHello",
}


@pytest.mark.parametrize("name", NO_HTTP)
def test_what_is_no_http_is_no_answer(name):
    assert trouble(NO_HTTP[name], stays=False)
    assert trouble(*bytewise(NO_HTTP[name]), stays=False)


def test_a_head_that_is_too_long():
    assert "too long" in trouble(OK, *[b"X-A: b\r\n" * 100] * (LONGEST_HEAD // 800 + 1))
    assert "too long" in trouble(OK + b"X-A: ", *[b"b" * 4096] * (LONGEST_HEAD // 4096 + 1))


@pytest.mark.parametrize("said", [WHOLE, CHUNKED + b"5\r\nHello\r\n0\r\n\r\n"])
def test_who_hangs_up_before_the_end_gave_no_answer(said):
    for end in range(len(said)):
        hung_up = trouble(*([said[:end]] if end else []), stays=False)
        assert ("without an answer" in hung_up) == (end == 0), said[:end]
        assert trouble(*([said[:end]] if end else []), trouble=Broken("reset")) == "reset"


def test_who_hangs_up_after_an_interim_answer_gave_none():
    assert "without an answer" in trouble(b"HTTP/1.1 100 Continue\r\n\r\n", stays=False)


def test_who_hangs_up_on_the_second_request_gave_no_second_answer():
    wire = Wire(WHOLE)
    connection = over(wire)

    async def twice():
        await told(connection)
        wire.stays = False
        with pytest.raises(Broken, match="without an answer"):
            await told(connection)

    asyncio.run(twice())
    assert not connection.is_ready
