"""Handshakes: what a good one is answered, how a bad one is refused, what may come with it."""

from contextlib import suppress
from dataclasses import dataclass, field

import pytest

from realtime_project.live.protocol import SUBPROTOCOL
from tests.rfc6455.endpoints import LINE, Endpoint
from tests.rfc6455.raw import PING, TEXT, Ended, command, frame

# The example of RFC 6455, section 1.3.
ACCEPTED = "s3pplmbitxaq9kygzzhzrbk+xoo="


def test_a_good_handshake_is_accepted_as_the_standard_says(endpoint: Endpoint):
    with endpoint.connect() as socket:
        socket.send(endpoint.handshake())
        head = socket.hear_head()

    assert head.status == 101
    assert head.headers["upgrade"] == "websocket"
    assert head.headers["connection"] == "upgrade"
    assert head.headers["sec-websocket-accept"] == ACCEPTED
    assert head.headers["sec-websocket-protocol"] == SUBPROTOCOL


def test_no_extension_is_agreed_on(endpoint: Endpoint):
    offer = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"
    with endpoint.connect() as socket:
        socket.send(endpoint.handshake(add=[offer]))
        assert "sec-websocket-extensions" not in socket.hear_head().headers
        socket.hear_text(event="hello")
        socket.send(frame(TEXT, command("plain")))
        assert socket.echo() == "plain"


@pytest.mark.parametrize(
    "change",
    [
        {"Upgrade": "WebSocket"},
        {"Connection": "keep-alive, Upgrade"},
        {"Sec-WebSocket-Protocol": f"chat, {SUBPROTOCOL}"},
        {"X-Anything": "x" * 4000},
    ],
    ids=["case", "a list of connections", "a list of subprotocols", "a long header"],
)
def test_what_a_page_may_send_besides(endpoint: Endpoint, change: dict[str, str]):
    with endpoint.connect() as socket:
        socket.send(endpoint.handshake(change=change))
        assert socket.hear_head().status == 101


def test_a_handshake_may_come_byte_by_byte(endpoint: Endpoint):
    sent = endpoint.handshake()
    with endpoint.connect() as socket:
        socket.send(*(sent[n : n + 1] for n in range(len(sent))))
        assert socket.hear_head().status == 101


@dataclass
class Bad:
    """A bad handshake and the status that refuses it, where it is not 400: by endpoint, or
    everywhere."""

    what: str
    change: dict[str, str | None] = field(default_factory=dict)
    add: tuple[str, ...] = ()
    line: str = LINE
    status: int | tuple[int | None, ...] = 400
    elsewhere: dict[str, int] = field(default_factory=dict)

    def statuses_at(self, endpoint: Endpoint) -> tuple[int | None, ...]:
        status = self.elsewhere.get(endpoint.name, self.status)
        return status if isinstance(status, tuple) else (status,)


# Not a handshake at all, but a request for a page that is not there.
NO_PAGE = 404
# Or just hung up on, and the answer lost on its way: who is refused still had something to send.
TOO_MUCH = (400, None)
BAD = [
    Bad("no Upgrade", {"Upgrade": None}, status=NO_PAGE),
    Bad("another Upgrade", {"Upgrade": "h2c"}, status=NO_PAGE),
    Bad("no Connection", {"Connection": None}),
    Bad("another Connection", {"Connection": "keep-alive"}),
    Bad("no key", {"Sec-WebSocket-Key": None}),
    Bad("an empty key", {"Sec-WebSocket-Key": ""}),
    Bad("a short key", {"Sec-WebSocket-Key": "c2hvcnQ="}),
    Bad("a long key", {"Sec-WebSocket-Key": "A" * 46 + "=="}),
    Bad("a key that is not base64", {"Sec-WebSocket-Key": "!" * 22 + "=="}),
    Bad("two keys", add=("Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",)),
    Bad("no version", {"Sec-WebSocket-Version": None}),
    Bad("an older version", {"Sec-WebSocket-Version": "7"}),
    Bad("a newer version", {"Sec-WebSocket-Version": "14"}),
    Bad("a version that is no number", {"Sec-WebSocket-Version": "thirteen"}),
    Bad("two versions", add=("Sec-WebSocket-Version: 13",)),
    Bad("no host", {"Host": None}),
    Bad("two hosts", add=("Host: elsewhere.example",)),
    Bad("two origins", add=("Origin: http://elsewhere.example",)),
    Bad("a subprotocol twice", add=(f"Sec-WebSocket-Protocol: {SUBPROTOCOL}",)),
    Bad("POST", line="POST /ws/ HTTP/1.1", status=405),
    Bad("HTTP/3.0", line="GET /ws/ HTTP/3.0", elsewhere={"nginx": 505}),
    Bad("a request line of one word", line="GET"),
    Bad("a request line of nonsense", line="\x16\x03\x01\x02 nonsense \xff"),
    # nginx leaves such a line out, and what it passes on is good.
    Bad("a header without a colon", add=("nonsense",), elsewhere={"nginx": 101}),
    Bad("a name with a space", add=("Bad name: x",)),
    Bad("a value with a NUL", add=("X-Bad: a\0b",)),
    Bad("a header that breaks off with a carriage return", add=("X-Bad: a\rInjected: b",)),
    Bad(
        "a header of 20,000 bytes",
        add=("X-Long: " + "x" * 20_000,),
        status=TOO_MUCH,
        elsewhere={"nginx": 400},
    ),
    Bad("600 headers", add=tuple(f"X-{n}: {n}" for n in range(600)), status=TOO_MUCH),
    Bad(
        "headers of 40,000 bytes",
        add=tuple(f"X-{n}: " + "x" * 4000 for n in range(10)),
        status=TOO_MUCH,
    ),
    Bad("a fragment in the path", line="GET /ws/#fragment HTTP/1.1"),
    # Refused by the application: plain daphne has one status for that.
    Bad("no subprotocol", {"Sec-WebSocket-Protocol": None}, elsewhere={"daphne": 403}),
    Bad("another subprotocol", {"Sec-WebSocket-Protocol": "chat"}, elsewhere={"daphne": 403}),
    Bad("no origin", {"Origin": None}, status=403),
    Bad("another origin", {"Origin": "http://elsewhere.example"}, status=403),
    Bad("the origin null", {"Origin": "null"}, status=403),
    Bad("nobody", {"Cookie": None}, status=403),
    Bad("somebody invented", {"Cookie": "sessionid=invented"}, status=403),
]


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.what)
def test_a_bad_handshake_is_refused(endpoint: Endpoint, bad: Bad):
    with endpoint.connect() as socket:
        socket.send(endpoint.handshake(bad.line, change=bad.change, add=bad.add))
        head = socket.hear_head()

    assert head.status in bad.statuses_at(endpoint)
    assert "injected" not in head.headers


@pytest.mark.parametrize("version", ["7", "14"])
def test_who_speaks_another_version_is_told_ours(endpoint: Endpoint, version: str):
    with endpoint.connect() as socket:
        socket.send(endpoint.handshake(change={"Sec-WebSocket-Version": version}))
        assert "13" in socket.hear_head().headers["sec-websocket-version"].split(",")


def test_a_head_without_an_end_is_not_read_for_ever(endpoint: Endpoint):
    with endpoint.connect() as socket:
        with suppress(ConnectionError):
            socket.send(f"{LINE}\r\nX-Endless: ".encode(), b"x" * 65_536)
        assert socket.hear_head().status in TOO_MUCH


def test_http_1_0_is_taken_for_1_1(endpoint: Endpoint):
    # daphne writes the request once more for its WebSocket engine, and always so.
    with endpoint.connect() as socket:
        socket.send(endpoint.handshake("GET /ws/ HTTP/1.0"))
        assert socket.hear_head().status == 101


# --- before the accept: plain daphne may lose what comes then, and is no worse for it -----------


def test_frames_may_come_with_the_handshake_in_one_piece(endpoint: Endpoint):
    with endpoint.connect() as socket:
        socket.send(endpoint.handshake() + frame(TEXT, command("early")) + frame(PING, b"early"))
        assert socket.hear_head().status == 101
        if endpoint.name != "daphne":
            assert socket.hear_pong() == b"early"
            assert socket.echo() == "early"
        socket.send(frame(TEXT, command("later", number=2)))
        assert socket.echo(2) == "later"


def test_frames_may_come_in_pieces_before_the_accept(endpoint: Endpoint):
    # What ends the head of a handshake is only white space in a command.
    early = frame(TEXT, command("early") + b"\r\n\r\n", key=bytes(4))
    with endpoint.connect() as socket:
        socket.send(endpoint.handshake(), *(early[n : n + 1] for n in range(len(early))))
        if endpoint.name != "daphne":
            assert socket.hear_head().status == 101
            assert socket.echo() == "early"


def test_much_may_come_before_the_accept(endpoint: Endpoint):
    numbers = range(1, 21)
    early = b"".join(frame(TEXT, command(f"c{n}", number=n, size=30_000)) for n in numbers)
    with endpoint.connect() as socket:
        with suppress(ConnectionError):
            socket.send(endpoint.handshake() + early)
        if endpoint.name != "daphne":
            assert socket.hear_head().status == 101
            assert [socket.echo(n) for n in numbers] == [f"c{n}" for n in numbers]


def test_a_violation_before_the_accept_is_told_after_it(endpoint: Endpoint):
    with endpoint.connect() as socket:
        socket.send(endpoint.handshake() + frame(TEXT, command(), key=None))
        assert socket.hear_head().status == 101
        if endpoint.name != "daphne":
            assert socket.ending() == 1002


def test_what_comes_with_a_bad_handshake_is_not_looked_at(endpoint: Endpoint):
    with endpoint.connect() as socket:
        bad = endpoint.handshake(change={"Cookie": None})
        socket.send(bad + frame(TEXT, command("early")))
        assert socket.hear_head().status == 403
        if endpoint.name != "nginx":  # which takes it for another request
            with pytest.raises(Ended):
                socket.hear()
