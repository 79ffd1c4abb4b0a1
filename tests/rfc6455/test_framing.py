"""Frames: what their heads may say, and that what they must not say ends the socket."""

import pytest

from tests.rfc6455.endpoints import Endpoint
from tests.rfc6455.raw import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, command, frame

LIMIT = 65_536


def test_a_text_in_one_frame_is_heard(endpoint: Endpoint):
    with endpoint.open() as socket:
        socket.send(frame(TEXT, command("hello")))
        assert socket.echo() == "hello"


@pytest.mark.parametrize("size", [124, 125, 126, 127, 128, 65_535, 65_536])
def test_a_text_of_every_kind_of_length_is_heard(endpoint: Endpoint, size: int):
    with endpoint.open() as socket:
        socket.send(frame(TEXT, command("sized", size=size)))
        assert socket.echo() == "sized"


@pytest.mark.parametrize("size", [125, 126, 127])
def test_an_answer_of_every_kind_of_length_arrives(endpoint: Endpoint, size: int):
    with endpoint.open() as socket:
        socket.send(frame(TEXT, command("x")))
        shortest = len(socket.hear().payload)
        socket.send(frame(TEXT, command("x" * (size - shortest + 1))))
        assert len(socket.hear().payload) == size


def test_a_frame_without_a_payload_is_a_bad_request(endpoint: Endpoint):
    with endpoint.open() as socket:
        socket.send(frame(TEXT))
        assert socket.hear_text(re=None)["error"]["code"] == "bad_request"


@pytest.mark.parametrize("payload", [b"", b"\x00\xff", b'{"id": 1, "do": "echo"}'])
def test_a_binary_frame_is_a_bad_request_and_the_socket_stays(endpoint: Endpoint, payload: bytes):
    with endpoint.open() as socket:
        socket.send(frame(BINARY, payload))
        assert socket.hear_text(re=None)["error"]["code"] == "bad_request"
        socket.send(frame(TEXT, command("still here")))
        assert socket.echo() == "still here"


@pytest.mark.parametrize("key", [bytes(4), b"\xff" * 4, b"\r\n\r\n"])
def test_any_mask_will_do(endpoint: Endpoint, key: bytes):
    with endpoint.open() as socket:
        socket.send(frame(TEXT, command("masked"), key=key))
        assert socket.echo() == "masked"


def test_frames_in_one_packet_are_heard_one_after_the_other(endpoint: Endpoint):
    numbers = range(1, 11)
    with endpoint.open() as socket:
        socket.send(b"".join(frame(TEXT, command(f"c{n}", number=n)) for n in numbers))
        assert [socket.echo(n) for n in numbers] == [f"c{n}" for n in numbers]


def test_a_frame_may_come_byte_by_byte(endpoint: Endpoint):
    sent = frame(TEXT, command("slowly", size=130))
    with endpoint.open() as socket:
        socket.send(*(sent[n : n + 1] for n in range(len(sent))))
        assert socket.echo() == "slowly"


@pytest.mark.parametrize("opcode", [TEXT, BINARY, PING, CLOSE])
def test_a_frame_must_be_masked(endpoint: Endpoint, opcode: int):
    with endpoint.open() as socket:
        socket.send(frame(opcode, b"", key=None))
        assert socket.ending() == endpoint.violated(1002)


@pytest.mark.parametrize("rsv", range(1, 8))
def test_reserved_bits_must_not_be_set(endpoint: Endpoint, rsv: int):
    with endpoint.open() as socket:
        socket.send(frame(TEXT, command(), rsv=rsv))
        assert socket.ending() == endpoint.violated(1002)


@pytest.mark.parametrize("opcode", [PING, CLOSE])
def test_reserved_bits_must_not_be_set_on_control_frames_either(endpoint: Endpoint, opcode: int):
    with endpoint.open() as socket:
        socket.send(frame(opcode, rsv=4))
        assert socket.ending() == endpoint.violated(1002)


@pytest.mark.parametrize("opcode", [3, 4, 5, 6, 7, 11, 12, 13, 14, 15])
def test_reserved_opcodes_are_refused(endpoint: Endpoint, opcode: int):
    with endpoint.open() as socket:
        socket.send(frame(opcode, b"x"))
        assert socket.ending() == endpoint.violated(1002)


@pytest.mark.parametrize(
    ("width", "claims"), [(16, 0), (16, 125), (64, 0), (64, 125), (64, 126), (64, 65_535)]
)
def test_a_length_is_written_as_short_as_it_can_be(endpoint: Endpoint, width: int, claims: int):
    with endpoint.open() as socket:
        socket.send(frame(TEXT, b"x" * claims, width=width))
        assert socket.ending() == endpoint.violated(1002)


@pytest.mark.parametrize("claims", [2**63, 2**64 - 1])
def test_a_length_with_the_top_bit_is_refused(endpoint: Endpoint, claims: int):
    with endpoint.open() as socket:
        socket.send(frame(TEXT, b"x", width=64, claims=claims))
        assert socket.ending() == endpoint.violated(1002)


@pytest.mark.parametrize("claims", [2**31, 2**62, 2**63 - 1])
def test_a_huge_length_is_refused_before_anything_of_it_is_read(endpoint: Endpoint, claims: int):
    with endpoint.open() as socket:
        socket.send(frame(TEXT, b"x", width=64, claims=claims))
        assert socket.ending() == endpoint.violated(1009)


def test_one_byte_over_the_limit_is_too_large(endpoint: Endpoint):
    with endpoint.open() as socket:
        socket.send(frame(TEXT, command(size=LIMIT + 1)))
        if endpoint.name == "daphne":
            # The limit of plain daphne itself is 1 MiB; ours is kept by the application.
            assert socket.hear_text(re=None)["error"]["code"] == "too_large"
        else:
            assert socket.ending() == 1009


def test_far_over_the_limit_is_too_large(endpoint: Endpoint):
    with endpoint.open() as socket:
        socket.send(frame(TEXT, command(size=2 * 1024 * 1024)))
        assert socket.ending() == endpoint.violated(1009)


def test_fragments_count_together(endpoint: Endpoint):
    part = command(size=LIMIT // 2)
    with endpoint.open() as socket:
        socket.send(frame(TEXT, part, fin=False), frame(CONTINUATION, part, fin=False))
        socket.send(frame(CONTINUATION, b" "))
        if endpoint.name == "daphne":
            assert socket.hear_text(re=None)["error"]["code"] == "too_large"
        else:
            assert socket.ending() == 1009


@pytest.mark.parametrize("payload", [b"", b"x", b"x" * 125, b"\xff\xfe\x00"])
def test_a_ping_is_answered_with_what_it_said(endpoint: Endpoint, payload: bytes):
    with endpoint.open() as socket:
        socket.send(frame(PING, payload))
        assert socket.hear_pong() == payload


def test_every_ping_of_many_is_answered_in_order(endpoint: Endpoint):
    said = [f"{n}".encode() for n in range(100)]
    with endpoint.open() as socket:
        socket.send(b"".join(frame(PING, payload) for payload in said))
        assert [socket.hear_pong() for _ in said] == said


@pytest.mark.parametrize("payload", [b"", b"x" * 125])
def test_a_pong_that_nobody_asked_for_is_ignored(endpoint: Endpoint, payload: bytes):
    with endpoint.open() as socket:
        socket.send(frame(PONG, payload), frame(TEXT, command("afterwards")))
        assert socket.echo() == "afterwards"


@pytest.mark.parametrize("opcode", [PING, PONG, CLOSE])
@pytest.mark.parametrize("size", [126, 65_536])
def test_a_control_frame_holds_125_bytes_at_most(endpoint: Endpoint, opcode: int, size: int):
    with endpoint.open() as socket:
        socket.send(frame(opcode, b"\x03\xe8".ljust(size, b"x")))
        assert socket.ending() == endpoint.violated(1002)


@pytest.mark.parametrize("opcode", [PING, PONG, CLOSE])
def test_a_control_frame_is_not_fragmented(endpoint: Endpoint, opcode: int):
    with endpoint.open() as socket:
        socket.send(frame(opcode, fin=False))
        assert socket.ending() == endpoint.violated(1002)


def test_nothing_is_done_that_comes_behind_a_violation(endpoint: Endpoint):
    with endpoint.open() as socket:
        socket.send(frame(TEXT, command(), rsv=1) + frame(TEXT, command("behind")) + frame(PING))
        # Would fail on anything but a close frame that follows nothing.
        heard = [] if endpoint.name == "daphne" else [socket.hear().opcode]
        assert heard in ([], [CLOSE])
        assert socket.ending() is None
