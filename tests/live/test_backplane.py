"""What workers tell each other through a real broker, and what becomes of it when that fails."""

import asyncio
import logging
import signal
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
from channels_redis.pubsub import RedisPubSubChannelLayer

from realtime_project.live import backplane as module
from realtime_project.live.backplane import (
    GROUP,
    Backplane,
    ChangeNews,
    EventNews,
    News,
    send_from_outside,
)
from tests.live.rows import ROOM, post
from tests.servers.process import free_port
from tests.servers.relay import relay_to
from tests.servers.requirements import required
from tests.servers.valkey import serve_valkey

LONG = 1000.0


class NotedBackplane(Backplane):
    """Keeps the messages that arrive."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.messages: list[dict[str, Any]] = []

    def _take(self, message: dict[str, Any]) -> None:
        self.messages.append(message)
        super()._take(message)


class Worker:
    """One worker's end of the layer, and what it heard."""

    def __init__(self, name: str, url: str) -> None:
        self.layer = RedisPubSubChannelLayer(hosts=[url], prefix="test")
        self.heard: list[News] = []
        self.keys = {ROOM}
        self.end = NotedBackplane(name, self.keys.__contains__, self.heard.append, self.layer)

    @property
    def revs(self) -> list[int]:
        return [news.change.rev for news in self.heard if isinstance(news, ChangeNews)]

    def say(self, rev: int) -> None:
        self.end.send(ROOM, ChangeNews(post(rev)))

    async def stop(self) -> None:
        # Again, if need be: the layer loses a cancellation that finds it flushing.
        while waiting := [task for task in self.end._tasks if not task.done()]:
            for task in waiting:
                task.cancel()
            await asyncio.wait(waiting, timeout=1)
        await self.layer.flush()


@pytest.fixture(autouse=True)
def _joins_soon(monkeypatch):
    """A worker has joined when it hears itself, which it says every second in earnest."""
    monkeypatch.setattr(module, "ANNOUNCE_SECONDS", 0.05)


@pytest.fixture
def broker():
    """A broker of one's own, to stop and to kill."""
    with required(), serve_valkey() as server:
        yield server
        server.process.send_signal(signal.SIGCONT)


@pytest.fixture
async def start():
    async with AsyncExitStack() as stack:

        async def start(name: str, url: str, *, joins: bool = True) -> Worker:
            worker = Worker(name, url)
            worker.end.start()
            stack.push_async_callback(worker.stop)
            if joins:
                await joined(worker)
            return worker

        yield start


@pytest.fixture
def fast(monkeypatch):
    """Nobody waits as long as they do in earnest; nobody joins anew unless a test says so."""
    monkeypatch.setattr(module, "SILENT_SECONDS", 0.5)
    monkeypatch.setattr(module, "SEND_SECONDS", 0.3)
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.05)
    monkeypatch.setattr(module, "REJOIN_SECONDS", LONG)


async def joined(worker: Worker) -> None:
    async with asyncio.timeout(60):
        await worker.end.joined()


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 (another process is waited for)
            await asyncio.sleep(0.01)


# --- what is told --------------------------------------------------------------------------


async def test_what_one_worker_tells_the_others_hear_in_order_and_itself_does_not(valkey, start):
    alice, bob = await start("alice", valkey.url), await start("bob", valkey.url)

    for rev in range(1, 501):
        alice.say(rev)

    await until(lambda: len(bob.revs) == 500)
    assert bob.revs == list(range(1, 501))
    assert alice.revs == []


async def test_what_gathers_is_told_in_few_messages(valkey, start):
    alice, bob = await start("alice", valkey.url), await start("bob", valkey.url)

    for rev in range(1, 501):
        alice.say(rev)

    await until(lambda: len(bob.revs) == 500)
    assert [len(one["news"]) for one in bob.end.messages if one["news"]] == [200, 200, 100]


async def test_what_concerns_nobody_here_is_not_even_looked_at(valkey, start, caplog):
    alice, bob = await start("alice", valkey.url), await start("bob", valkey.url)

    await tell(alice, news=[("room:2", b"\xff"), (ROOM, module._encode(ChangeNews(post(1))))])

    await until(lambda: bob.revs)
    assert "not understood" not in caplog.text


# --- workers of other versions and other histories -------------------------------------------


@pytest.mark.parametrize(
    "news",
    [
        [(ROOM, b"\xff")],
        [(ROOM, b"")],
        [(ROOM, module._encode({"type": "reaction", "key": ROOM}))],
        [(ROOM, module._encode({"type": "change", "change": {"key": ROOM}}))],
    ],
)
async def test_what_a_worker_of_another_version_says_disturbs_nothing(valkey, start, news):
    alice, bob = await start("alice", valkey.url), await start("bob", valkey.url)

    await tell(alice, news=[*news, (ROOM, module._encode(ChangeNews(post(1))))])
    await tell(alice)
    alice.say(2)

    await until(lambda: bob.revs == [1, 2])


async def test_a_field_that_is_not_known_here_is_passed_over(valkey, start):
    alice, bob = await start("alice", valkey.url), await start("bob", valkey.url)
    newer = {"type": "event", "key": ROOM, "event": "typing", "data": b"{}", "mood": "merry"}

    await tell(alice, news=[(ROOM, module._encode(newer))])

    await until(lambda: bob.heard == [EventNews(ROOM, "typing", b"{}")])


async def test_a_fault_in_hearing_one_thing_does_not_keep_the_next_away(valkey, start, caplog):
    alice, bob = await start("alice", valkey.url), await start("bob", valkey.url)
    bob.end._hear = lambda news: 1 / 0 if news.change.rev == 1 else bob.heard.append(news)

    alice.say(1)
    alice.say(2)

    await until(lambda: bob.revs == [2])
    assert "room:1 are not understood" in caplog.text


async def test_what_is_told_of_another_epoch_means_nothing_here(valkey, start):
    alice, bob = await start("alice", valkey.url), await start("bob", valkey.url)
    alice.end.begin("before")
    bob.end.begin("after the backup was restored")
    alice.say(1)
    await until(lambda: not alice.end._waiting)

    alice.end.begin("after the backup was restored")
    alice.say(2)

    await until(lambda: bob.revs)
    assert bob.revs == [2]


async def test_what_still_waits_when_an_epoch_begins_is_not_told_as_if_it_were_of_that(
    valkey, start
):
    alice, bob = await start("alice", valkey.url), await start("bob", valkey.url)
    for worker in (alice, bob):
        worker.end.begin("before")
    alice.say(1)

    for worker in (alice, bob):
        worker.end.begin("after the backup was restored")
    alice.say(2)

    await until(lambda: bob.revs)
    assert bob.revs == [2]


# --- a broker that fails -----------------------------------------------------------------------


async def test_when_too_much_waits_the_oldest_is_dropped(broker, start, fast, monkeypatch):
    monkeypatch.setattr(module, "MAX_WAITING", 10)
    alice, bob = await start("alice", broker.url), await start("bob", broker.url)

    for rev in range(1, 16):
        alice.say(rev)

    await until(lambda: len(bob.revs) == 10)
    assert bob.revs == list(range(6, 16))


async def test_a_broker_that_is_stopped_is_noticed_and_used_again(broker, start, fast):
    alice, bob = await start("alice", broker.url), await start("bob", broker.url)
    assert not alice.end.is_degraded

    broker.process.send_signal(signal.SIGSTOP)
    alice.say(1)
    await until(lambda: alice.end.is_degraded and bob.end.is_degraded)
    await until(lambda: not alice.end._waiting)
    broker.process.send_signal(signal.SIGCONT)

    await until(lambda: not alice.end.is_degraded and not bob.end.is_degraded)
    alice.say(2)
    await until(lambda: 2 in bob.revs)


async def test_what_waits_when_a_send_fails_is_sent_without_a_further_word(
    broker, start, fast, monkeypatch
):
    monkeypatch.setattr(module, "MAX_BATCH", 1)
    alice, bob = await start("alice", broker.url), await start("bob", broker.url)
    broker.process.send_signal(signal.SIGSTOP)
    for rev in range(1, 101):
        alice.say(rev)
    await until(lambda: len(alice.end._waiting) < 99)

    broker.process.send_signal(signal.SIGCONT)

    await until(lambda: 100 in bob.revs)
    assert bob.revs == sorted(bob.revs)


async def test_a_worker_that_starts_without_a_broker_joins_when_there_is_one(start, fast):
    port = free_port()
    alice = await start("alice", f"redis://127.0.0.1:{port}/0", joins=False)
    await until(lambda: alice.end.is_degraded)

    with required(), serve_valkey(port) as broker:
        await joined(alice)
        bob = await start("bob", broker.url)
        bob.say(1)
        await until(lambda: alice.revs == [1])

        # Each further channel would gather, unread, whatever is told from now on.
        assert len(alice.layer.channels) == 1
        await asyncio.gather(alice.stop(), bob.stop())


async def test_a_subscription_that_is_cut_is_taken_up_by_the_layer_itself(broker, start, fast):
    import redis

    alice, bob = await start("alice", broker.url), await start("bob", broker.url)

    with redis.Redis.from_url(broker.url) as admin:
        assert admin.client_kill_filter(_type="pubsub") == 2

    await until(lambda: alice.end.is_degraded)
    await until(lambda: not alice.end.is_degraded and not bob.end.is_degraded)
    alice.say(1)
    await until(lambda: bob.revs == [1])


async def test_a_subscription_that_falls_silent_is_noticed_and_made_anew(
    broker, start, fast, monkeypatch
):
    async with relay_to(broker.port) as relay:
        alice, bob = await start("alice", relay.url), await start("bob", broker.url)
        relay.silence_subscribers()
        await until(lambda: alice.end.is_degraded)
        bob.say(1)

        # The layer knows nothing of it: it sends well, and waits for what cannot come.
        alice.say(1)
        await until(lambda: bob.revs == [1])
        assert alice.revs == []

        monkeypatch.setattr(module, "REJOIN_SECONDS", 1.0)
        await until(lambda: not alice.end.is_degraded)
        bob.say(2)
        await until(lambda: alice.revs == [2])
        assert len(alice.layer.channels) == 1
        await alice.stop()


class SlowLayer:
    """A layer whose sends end when the test says so."""

    def __init__(self) -> None:
        self.sent: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def group_send(self, _group: str, _message: object) -> None:
        await self.sent


@pytest.mark.parametrize("moments", range(6))
async def test_who_is_stopped_in_the_moment_it_has_told_something_stops(moments):
    layer = SlowLayer()
    end = Backplane("alice", lambda _key: True, lambda _news: None, layer)
    announcing = asyncio.ensure_future(end._for_ever(end._announce))
    await moments_pass(5)

    layer.sent.set_result(None)
    await moments_pass(moments)
    announcing.cancel()

    await asyncio.wait([announcing], timeout=10)
    assert announcing.cancelled()


async def moments_pass(count: int) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


@pytest.mark.parametrize("fault", [signal.SIGSTOP, signal.SIGKILL])
def test_a_command_is_not_kept_waiting_by_a_broker_that_is_away(broker, fault, monkeypatch, caplog):
    layer = RedisPubSubChannelLayer(hosts=[broker.url], prefix="test")
    monkeypatch.setattr(module, "get_channel_layer", lambda: layer)
    broker.process.send_signal(fault)
    if fault is signal.SIGKILL:
        broker.process.wait()

    with caplog.at_level(logging.WARNING):
        send_from_outside([(ROOM, ChangeNews(post(1)))])

    assert "The workers were not told of room:1" in caplog.text


async def tell(worker: Worker, **message: Any) -> None:
    """Say something as a worker of another version may."""
    await worker.layer.group_send(GROUP, {"type": "live.news", "from": "elsewhere", **message})
