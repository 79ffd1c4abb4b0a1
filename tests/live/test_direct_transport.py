"""The direct writer keeps frames whole and in order, and decides whether a client is read."""

import asyncio
import errno
from socket import SO_SNDBUF, SOL_SOCKET, socketpair
from typing import Any

import pytest
from autobahn.websocket.protocol import WebSocketProtocol
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet import tcp
from twisted.internet.abstract import FileDescriptor
from twisted.protocols.tls import TLSMemoryBIOProtocol, _ProducerMembrane
from twisted.web.http import HTTPChannel

from realtime_project.live import direct, metrics, pressure
from realtime_project.live.codes import CloseCode
from realtime_project.live.direct import DirectTransport
from realtime_project.live.framing import text_frame
from realtime_project.live.revocation import Reason
from realtime_project.live.wire import LiveProtocol
from tests.live.kernel import Connection


class Protocol:
    """As much of the WebSocket protocol as the transport touches."""

    state = WebSocketProtocol.STATE_OPEN

    def __init__(self) -> None:
        self.transport: Any = Connection()
        self.closed: list[tuple[int, str]] = []

    def sendClose(self, code: int, reason: str) -> None:
        assert type(reason) is str  # as strict as autobahn
        self.closed.append((code, reason))
        self.state = WebSocketProtocol.STATE_CLOSING


@pytest.fixture
async def protocol() -> Protocol:
    return Protocol()


@pytest.fixture
async def transport(protocol: Protocol) -> DirectTransport:
    one = DirectTransport(protocol)
    one.accepted()
    return one


async def test_a_client_that_is_not_read_yet_is_known_to_have_left(protocol, transport):
    here, there = socketpair()
    with here, there:
        protocol.transport.socket = here
        assert not transport.is_abandoned

        there.close()

        assert transport.is_abandoned


async def test_a_client_that_talks_early_has_not_left(protocol, transport):
    here, there = socketpair()
    with here, there:
        protocol.transport.socket = here

        there.send(b"early")

        assert not transport.is_abandoned
        assert here.recv(10) == b"early"


async def test_a_frame_goes_out_at_once_when_nothing_waits(protocol, transport):
    transport.write(b"{}")

    assert protocol.transport.socket.taken == b"\x81\x02{}"


async def test_what_the_kernel_does_not_take_waits_and_the_next_frame_behind_it(
    protocol, transport
):
    protocol.transport.socket.room = 3

    transport.write(b'"one"')
    protocol.transport.socket.room = 1000
    transport.write(b'"two"')
    protocol.transport.flush()

    assert protocol.transport.socket.taken == text_frame(b'"one"') + text_frame(b'"two"')


@given(
    st.lists(st.one_of(st.binary(max_size=300), st.integers(0, 400), st.just("flush")), max_size=30)
)
def test_frames_are_never_mixed_whatever_the_kernel_takes(steps):
    async def run() -> None:
        protocol = Protocol()
        transport = DirectTransport(protocol)
        transport.accepted()
        said = b""
        for step in steps:
            if step == "flush":
                protocol.transport.flush()
            elif isinstance(step, int):
                protocol.transport.socket.room = step
            else:
                transport.write(step)
                said += text_frame(step)
        protocol.transport.flush()
        assert protocol.transport.socket.taken == said

    asyncio.run(run())


@pytest.mark.parametrize("number", [errno.ECONNRESET, errno.EPIPE, errno.ETIMEDOUT, errno.EBADF])
async def test_a_broken_connection_ends_quietly(protocol, transport, number: int):
    protocol.transport.socket.error = OSError(number, "gone")

    transport.write(b"{}")
    transport.write(b"{}")

    assert protocol.transport.is_aborted
    assert not transport.is_open


async def test_nothing_follows_the_close_frame(protocol, transport):
    transport.close(CloseCode.SIGNED_OUT, Reason.SIGNED_OUT)
    transport.write(b"{}")

    assert protocol.closed == [(4401, "signed_out")]
    assert protocol.transport.socket.taken == b""


async def test_nothing_is_written_to_a_protocol_that_closes_by_itself(protocol, transport):
    protocol.state = WebSocketProtocol.STATE_CLOSING

    transport.write(b"{}")

    assert protocol.transport.socket.taken == b""


async def test_a_kernel_that_is_short_of_memory_is_not_the_end_of_a_client(protocol, transport):
    wire = protocol.transport.socket
    wire.error = OSError(errno.ENOBUFS, "no buffer space")
    transport.write(b'"one"')
    wire.error = None

    transport.write(b'"two"')
    protocol.transport.flush()

    assert wire.taken == text_frame(b'"one"') + text_frame(b'"two"')


async def test_what_the_kernel_keeps_for_a_client_behind_a_unix_socket_is_bounded_too(
    protocol, transport
):
    here, there = socketpair()
    with here, there:
        protocol.transport.socket = here

        transport.accepted()

        # The kernel doubles it, for what it needs itself.
        assert here.getsockopt(SOL_SOCKET, SO_SNDBUF) == 2 * pressure.SEND_BUFFER_BYTES


async def test_through_a_wrapper_frames_take_the_ordinary_way(protocol):
    class Wrapper:
        connected = True
        written = b""

        def __init__(self) -> None:
            self.transport = Connection()

        def write(self, data: bytes) -> None:
            self.written += data

        def registerProducer(self, *_: Any) -> None:
            """Minded by the wrapped transport."""

        unregisterProducer = pauseProducing = resumeProducing = registerProducer

    protocol.transport = Wrapper()
    transport = DirectTransport(protocol)
    transport.accepted()

    transport.write(b"{}")

    assert protocol.transport.written == b"\x81\x02{}"
    assert protocol.transport.transport.socket.taken == b""


async def test_how_much_waits_is_known_and_a_slow_reader_is_counted(protocol, transport):
    before = metrics.slow_readers.by["congested"]
    protocol.transport.socket.room = 10_000
    assert transport.unsent_bytes == 0

    transport.write(b"x" * 80_000)

    assert transport.unsent_bytes == len(text_frame(b"x" * 80_000)) - 10_000
    assert metrics.slow_readers.by["congested"] == before + 1
    protocol.transport.flush()
    assert transport.unsent_bytes == 0


async def test_a_congested_client_is_not_read_and_says_when_it_can_take_more(protocol, transport):
    drained = []
    transport.on_writable = lambda: drained.append(True)
    protocol.transport.socket.room = 0

    transport.write(b"x" * 70_000)
    assert not transport.is_writable
    assert not protocol.transport.is_reading

    protocol.transport.flush()
    assert transport.is_writable
    assert protocol.transport.is_reading
    assert drained == [True]


async def test_who_has_taken_all_stays_whatever_was_written_meanwhile(
    protocol, transport, monkeypatch
):
    monkeypatch.setattr(pressure, "STUCK_SECONDS", 0.01)
    before = metrics.slow_readers.by["congested"]
    protocol.transport.socket.room = 0
    transport.write(b"x" * 70_000)
    transport.write(b"{}")

    protocol.transport.flush()
    await asyncio.sleep(0.05)

    assert transport.is_open
    assert protocol.closed == []
    assert metrics.slow_readers.by["congested"] == before + 1


async def test_a_client_that_stays_stuck_is_closed_and_then_cut(protocol, transport, monkeypatch):
    monkeypatch.setattr(pressure, "STUCK_SECONDS", 0.01)
    monkeypatch.setattr(pressure, "CLOSING_SECONDS", 0.01)
    protocol.transport.socket.room = 0

    transport.write(b"x" * 70_000)
    async with asyncio.timeout(60):
        await until_aborted(protocol)

    assert protocol.closed == [(4001, "too slow to read")]


async def test_who_said_farewell_and_reads_nothing_is_cut_too(protocol, transport, monkeypatch):
    monkeypatch.setattr(pressure, "CLOSING_SECONDS", 0.01)
    protocol.state = WebSocketProtocol.STATE_CLOSED  # autobahn waits until all is written

    transport.close(CloseCode.NO_PONG, "no pong")
    async with asyncio.timeout(60):
        await until_aborted(protocol)

    assert protocol.closed == []


async def test_what_is_lost_already_is_not_cut(protocol, transport, monkeypatch):
    monkeypatch.setattr(pressure, "CLOSING_SECONDS", 0)
    transport.close(CloseCode.RESTART, "worker restarts")
    transport.abandon()

    later = asyncio.Event()
    asyncio.get_running_loop().call_later(0, later.set)
    await later.wait()
    assert not protocol.transport.is_aborted


async def until_aborted(protocol: Protocol) -> None:
    aborted = asyncio.Event()
    protocol.transport.abortConnection = aborted.set
    await aborted.wait()


async def test_reading_stops_while_the_application_is_behind(protocol, transport):
    for _ in range(direct.MAX_WAITING_FRAMES):
        transport.put({"text": "x"})
    assert not protocol.transport.is_reading

    transport.taken({"text": "x"})
    assert protocol.transport.is_reading


async def test_reading_stops_when_much_waits(protocol, transport):
    for _ in range(4):
        transport.put({"text": "x" * 65_536})

    assert not protocol.transport.is_reading


async def test_nothing_is_read_before_the_handshake_is_accepted(protocol):
    transport = DirectTransport(protocol)
    await asyncio.sleep(0)
    assert not protocol.transport.is_reading

    transport.accepted()
    assert protocol.transport.is_reading


def test_twisted_still_keeps_what_we_rely_on():
    """These are Twisted's own; the direct writer must be looked at when they change."""
    ours = {"dataBuffer", "offset", "_tempDataBuffer", "_tempDataLen", "connected", "disconnecting"}
    assert ours <= vars(FileDescriptor()).keys() | vars(FileDescriptor).keys()
    assert FileDescriptor.bufferSize == 65_536
    assert issubclass(tcp.Server, tcp.Connection)
    assert "_dataBuffer" in vars(HTTPChannel())
    assert "_producer" in vars(TLSMemoryBIOProtocol)
    assert "_producer" in vars(_ProducerMembrane(None))


def test_what_we_override_is_still_there():
    ours = {name for name in vars(LiveProtocol) if callable(getattr(LiveProtocol, name))}
    [stock] = LiveProtocol.__bases__
    assert ours <= set(dir(stock))


@pytest.mark.parametrize(
    ("size", "header"),
    [
        (0, b"\x81\x00"),
        (125, b"\x81\x7d"),
        (126, b"\x81\x7e\x00\x7e"),
        (65_535, b"\x81\x7e\xff\xff"),
        (65_536, b"\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00"),
    ],
)
def test_the_length_of_a_frame_is_written_as_the_standard_says(size: int, header: bytes):
    assert text_frame(b"x" * size) == header + b"x" * size
