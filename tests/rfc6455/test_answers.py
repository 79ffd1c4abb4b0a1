"""The answer to a ping is looked for before a frame is read; it must not pass where it may not."""

from tests.rfc6455.endpoints import Endpoint
from tests.rfc6455.raw import CONTINUATION, PING, TEXT, RawSocket, command, frame

ANSWER = frame(TEXT, b"{}")


def test_an_answer_alone_is_taken_and_not_answered(endpoint: Endpoint):
    with endpoint.open() as socket:
        socket.send(ANSWER)
        socket.send(frame(TEXT, command("after it")))
        assert socket.echo() == "after it"


def test_an_answer_may_come_together_with_a_command(endpoint: Endpoint):
    with endpoint.open() as socket:
        socket.send(ANSWER, frame(TEXT, command("behind it")), ANSWER)
        assert socket.echo() == "behind it"


def test_an_answer_may_come_in_pieces(endpoint: Endpoint):
    with endpoint.open() as socket:
        send_and_be_read(socket, ANSWER[:5])
        socket.send(ANSWER[5:], frame(TEXT, command("after it")))
        assert socket.echo() == "after it"


def test_an_answer_may_not_stand_between_fragments(endpoint: Endpoint):
    with endpoint.open() as socket:
        send_and_be_read(socket, frame(TEXT, b'{"id":', fin=False))
        socket.send(ANSWER)
        assert socket.ending() == endpoint.violated(1002)


def test_an_answer_in_fragments_is_one_text(endpoint: Endpoint):
    with endpoint.open() as socket:
        socket.send(frame(TEXT, b"{", fin=False), frame(CONTINUATION, b"}"))
        socket.send(frame(TEXT, command("after it")))
        assert socket.echo() == "after it"


def test_what_looks_like_an_answer_within_a_frame_belongs_to_that(endpoint: Endpoint):
    payload = b'{"id":1}' + ANSWER
    whole = frame(TEXT, payload, key=bytes(4))
    with endpoint.open() as socket:
        send_and_be_read(socket, whole[: -len(ANSWER)])
        socket.send(ANSWER)
        assert socket.ending() == endpoint.violated(1007)


def test_what_looks_like_an_answer_within_a_ping_belongs_to_that(endpoint: Endpoint):
    ping = frame(PING, b"before " + ANSWER, key=bytes(4))
    with endpoint.open() as socket:
        send_and_be_read(socket, ping[: -len(ANSWER)])
        socket.send(ANSWER)
        assert socket.hear_pong() == b"before " + ANSWER


def test_what_looks_like_an_answer_within_a_head_belongs_to_that(endpoint: Endpoint):
    """After a first byte of its own it is a text of one letter, and a frame with reserved bits."""
    key = bytes((0xF1 ^ ord("{"), 0, 0, 0x82 ^ ord("1")))
    with endpoint.open() as socket:
        send_and_be_read(socket, b"\x81")
        socket.send(frame(TEXT, b"{}", key=key))
        assert socket.ending() == endpoint.violated(1002)


def send_and_be_read(socket: RawSocket, data: bytes) -> None:
    """Have the server read this before whatever is sent next."""
    socket.send(frame(PING, b"read?") + data)
    assert socket.hear_pong() == b"read?"
