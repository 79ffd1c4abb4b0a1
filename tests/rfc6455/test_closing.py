"""How a socket ends: politely, with a wrong close frame, or without a word."""

from struct import pack

import pytest

from realtime_project.live.handshake import MAX_SOCKETS_PER_PERSON
from tests.rfc6455.endpoints import Endpoint
from tests.rfc6455.raw import CLOSE, CONTINUATION, PING, TEXT, RawSocket, closing, command, frame


def echo_of(endpoint: Endpoint, code: int | None = None, reason: bytes = b"") -> bytes:
    """What the server answers to a close. Plain daphne always says that all went well."""
    if endpoint.name == "daphne":
        return pack("!H", 1000)
    return b"" if code is None else pack("!H", code) + reason


def answer_to_close(socket: RawSocket) -> bytes:
    """The payload with which the server answers a close; it then ends the connection itself."""
    heard = socket.hear()
    assert heard.opcode == CLOSE
    assert socket.ending() is None
    return heard.payload


@pytest.mark.parametrize("code", [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011])
def test_a_close_is_answered_and_the_connection_ended(endpoint: Endpoint, code: int):
    with endpoint.open() as socket:
        socket.send(closing(code))
        assert answer_to_close(socket) == echo_of(endpoint, code)


@pytest.mark.parametrize("code", [3000, 3999, 4000, 4999])
def test_codes_of_libraries_and_applications_are_good(endpoint: Endpoint, code: int):
    with endpoint.open() as socket:
        socket.send(closing(code, b"my own"))
        assert answer_to_close(socket) == echo_of(endpoint, code, b"my own")


def test_a_close_without_a_code_is_answered(endpoint: Endpoint):
    with endpoint.open() as socket:
        socket.send(frame(CLOSE))
        assert answer_to_close(socket) == echo_of(endpoint)


@pytest.mark.parametrize("reason", [b"x" * 123, "κόσμε".encode()])
def test_a_close_may_have_a_reason_of_123_bytes(endpoint: Endpoint, reason: bytes):
    with endpoint.open() as socket:
        socket.send(closing(1000, reason))
        assert answer_to_close(socket) == echo_of(endpoint, 1000, reason)


def test_a_close_with_one_byte_is_a_violation(endpoint: Endpoint):
    with endpoint.open() as socket:
        socket.send(frame(CLOSE, b"\x03"))
        assert socket.ending() == endpoint.violated(1002)


@pytest.mark.parametrize(
    "code", [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535]
)
def test_a_code_that_must_not_be_sent_is_a_violation(endpoint: Endpoint, code: int):
    with endpoint.open() as socket:
        socket.send(closing(code))
        assert socket.ending() == endpoint.violated(1002)


@pytest.mark.parametrize("reason", [b"\xff", b"\xed\xa0\x80", b"cut \xe2\x82"])
def test_a_reason_must_be_utf8(endpoint: Endpoint, reason: bytes):
    with endpoint.open() as socket:
        socket.send(closing(1000, reason))
        assert socket.ending() == endpoint.violated(1007)


def test_a_reason_of_more_than_123_bytes_is_a_violation(endpoint: Endpoint):
    with endpoint.open() as socket:
        socket.send(closing(1000, b"x" * 124))
        assert socket.ending() == endpoint.violated(1002)


def test_what_follows_a_close_is_not_done(endpoint: Endpoint):
    with endpoint.open() as socket:
        socket.send(closing(1000) + frame(TEXT, command("behind")) + frame(PING, b"behind"))
        assert socket.hear().opcode == CLOSE
        assert socket.ending() is None


def test_a_close_ends_a_text_that_was_not_finished(endpoint: Endpoint):
    with endpoint.open() as socket:
        socket.send(frame(TEXT, b"{", fin=False), closing(1000))
        assert answer_to_close(socket) == echo_of(endpoint, 1000)


def test_nothing_can_be_finished_after_a_close(endpoint: Endpoint):
    with endpoint.open() as socket:
        text = command("behind")
        socket.send(
            frame(TEXT, text[:5], fin=False) + closing(1000) + frame(CONTINUATION, text[5:])
        )
        assert answer_to_close(socket) == echo_of(endpoint, 1000)


def test_half_a_connection_is_none(endpoint: Endpoint):
    with endpoint.open() as socket:
        socket.close_half()
        assert socket.ending() is None


@pytest.mark.parametrize("sent", [b"", b"\x81", frame(TEXT, command())[:-1]])
def test_a_connection_may_just_end(endpoint: Endpoint, sent: bytes):
    with endpoint.open() as socket:
        socket.send(sent)


@pytest.mark.parametrize("sent", [b"", frame(TEXT, command())[:-1], frame(TEXT, command())])
def test_a_connection_may_be_reset(endpoint: Endpoint, sent: bytes):
    with endpoint.open() as socket:
        socket.send(sent)
        socket.reset()


@pytest.mark.parametrize("way", ["serve", "tls"])
def test_who_was_reset_right_behind_a_frame_is_not_taken_for_present(
    request: pytest.FixtureRequest, way: str
):
    endpoint: Endpoint = request.getfixturevalue(way)
    for _ in range(MAX_SOCKETS_PER_PERSON + 5):
        # Would be refused in the end, if those before were still counted.
        with endpoint.open() as socket:
            socket.send(frame(TEXT, command())[:-1])
            socket.reset()


@pytest.mark.parametrize("way", ["serve", "tls"])
def test_who_broke_the_protocol_and_stays_is_cut(request: pytest.FixtureRequest, way: str):
    endpoint: Endpoint = request.getfixturevalue(way)
    with endpoint.open() as socket:
        socket.send(frame(TEXT, b"\xff"))
        heard = socket.hear()
        assert (heard.opcode, heard.payload[:2]) == (CLOSE, pack("!H", 1007))

        assert socket.is_cut()


def test_a_close_that_the_application_asks_for_comes_with_its_code(endpoint: Endpoint):
    with endpoint.open() as socket:
        socket.send(b"".join(frame(TEXT, b"nonsense") for _ in range(60)))
        assert socket.ending() == 4429
