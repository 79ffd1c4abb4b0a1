"""A text may come in several frames, with control frames between them and nothing else."""

import pytest

from tests.rfc6455.endpoints import Endpoint
from tests.rfc6455.raw import BINARY, CONTINUATION, PING, PONG, TEXT, command, frame


def fragments(text: bytes, count: int) -> list[bytes]:
    size = -(-len(text) // count)
    parts = [text[n * size : (n + 1) * size] for n in range(count)]
    return [
        frame(CONTINUATION if n else TEXT, part, fin=n == count - 1) for n, part in enumerate(parts)
    ]


@pytest.mark.parametrize("count", [2, 3, 20])
def test_a_text_in_fragments_is_heard_whole(endpoint: Endpoint, count: int):
    with endpoint.open() as socket:
        socket.send(*fragments(command("in parts"), count))
        assert socket.echo() == "in parts"


def test_fragments_may_be_empty(endpoint: Endpoint):
    with endpoint.open() as socket:
        socket.send(
            frame(TEXT, fin=False),
            frame(CONTINUATION, command("nothing around"), fin=False),
            frame(CONTINUATION, fin=True),
        )
        assert socket.echo() == "nothing around"


def test_fragments_of_nothing_are_a_bad_request(endpoint: Endpoint):
    with endpoint.open() as socket:
        socket.send(frame(TEXT, fin=False), frame(CONTINUATION))
        assert socket.hear_text(re=None)["error"]["code"] == "bad_request"


def test_pings_between_fragments_are_answered_before_the_text_is(endpoint: Endpoint):
    first, second, third = fragments(command("with pings"), 3)
    with endpoint.open() as socket:
        socket.send(first, frame(PING, b"one"), second, frame(PONG), frame(PING, b"two"))
        assert [socket.hear_pong(), socket.hear_pong()] == [b"one", b"two"]
        socket.send(third)
        assert socket.echo() == "with pings"


def test_a_binary_message_in_fragments_is_a_bad_request(endpoint: Endpoint):
    with endpoint.open() as socket:
        socket.send(frame(BINARY, b"\xff", fin=False), frame(CONTINUATION, b"\xff"))
        assert socket.hear_text(re=None)["error"]["code"] == "bad_request"


@pytest.mark.parametrize("fin", [True, False])
def test_a_continuation_must_continue_something(endpoint: Endpoint, fin: bool):
    with endpoint.open() as socket:
        socket.send(frame(CONTINUATION, command(), fin=fin))
        assert socket.ending() == endpoint.violated(1002)


def test_a_continuation_must_not_follow_a_whole_text(endpoint: Endpoint):
    with endpoint.open() as socket:
        socket.send(frame(TEXT, command("whole")))
        assert socket.echo() == "whole"
        socket.send(frame(CONTINUATION, b"x"))
        assert socket.ending() == endpoint.violated(1002)


@pytest.mark.parametrize("opcode", [TEXT, BINARY])
def test_no_other_message_begins_inside_one_in_fragments(endpoint: Endpoint, opcode: int):
    with endpoint.open() as socket:
        socket.send(frame(TEXT, b'{"id": 1', fin=False), frame(opcode, command()))
        assert socket.ending() == endpoint.violated(1002)


def test_a_text_that_is_never_finished_is_forgotten_with_its_socket(endpoint: Endpoint):
    with endpoint.open() as socket:
        socket.send(frame(TEXT, command(size=60_000), fin=False))
    assert endpoint.serves()
