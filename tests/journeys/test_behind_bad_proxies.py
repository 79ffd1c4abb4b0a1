"""Real proxies that let no WebSocket through: nginx as it is often set up, speaking HTTP/1.1, of
which a browser opens six connections at once, whatever the number of tabs."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.journeys.page import ChatPage
from tests.journeys.stage import Stage
from tests.scrapes import scrape_until
from tests.servers.installation import Installation
from tests.servers.nginx import serve_nginx
from tests.servers.process import free_port
from tests.servers.requirements import required

TABS = 10
# The server hears of a tab that crashed when the browser does.
LONG = 60_000

SITE = """
server {{
    listen 127.0.0.1:{port};
    location / {{
        proxy_pass http://127.0.0.1:{target};
        proxy_http_version 1.1;
        proxy_set_header Host $http_host;
        {events}
    }}
    location /ws/ {{ return 403; }}
}}
"""
STREAMING = "proxy_buffering off;"
# What compresses waits until there is enough to compress.
BUFFERING = """
    proxy_buffering on; proxy_ignore_headers X-Accel-Buffering;
    gzip on; gzip_types text/event-stream;
"""


@contextmanager
def behind(server: Installation, events: str) -> Iterator[str]:
    port = free_port()
    site = SITE.format(port=port, target=server.port, events=events)
    with required(), serve_nginx(site, port) as nginx:
        yield nginx.url


def enter(stage: Stage, url: str, path: str, transport: str) -> ChatPage:
    """Bob, whose page has found out which way gets through."""
    bob = stage.visit("bob", base_url=url)
    bob.page.goto(path)
    return bob.expect_transport(transport, timeout=LONG)


def test_ten_tabs_share_one_stream_and_outlive_the_one_that_has_it(
    stage: Stage, live_server_process: Installation
):
    path = stage.room("ten tabs", "alice", "bob")
    alice = stage.enter("alice", path)
    with behind(live_server_process, STREAMING) as url:
        bob = enter(stage, url, path, "events")
        tabs = [bob]
        tabs += [bob.tab(path).expect_transport("events") for _ in range(TABS - 1)]

        for number, tab in enumerate(tabs, 1):
            tab.say(f"bob {number}")
        said = [f"bob {number}" for number in range(1, TABS + 1)]
        alice.expect_said(*said)
        alice.say("alice 1")
        for tab in (alice, *tabs):
            tab.expect_said(*said, "alice 1")
        scrape_until(live_server_process, "sockets", 1, transport="events")

        # The first one leads.
        tabs.pop(0).page.close()
        alice.say("alice 2")
        for tab in (alice, *tabs):
            tab.expect_said(*said, "alice 1", "alice 2")
        scrape_until(live_server_process, "sockets", 1, transport="events")


def test_each_tab_looks_into_a_room_of_its_own(stage: Stage, live_server_process: Installation):
    paths = [stage.room(f"own {number}", "alice", "bob") for number in range(4)]
    alice = stage.enter("alice", paths[0])
    with behind(live_server_process, STREAMING) as url:
        bob = enter(stage, url, paths[0], "events")
        tabs = [bob]
        tabs += [bob.tab(path).expect_transport("events") for path in paths[1:]]

        for number, tab in enumerate(tabs):
            alice.room(f"own {number}").click()
            alice.expect_room(f"own {number}")
            tab.say("bob 1")
            alice.expect_said("bob 1")
            alice.say("alice 1").expect_said("bob 1", "alice 1")
        for tab in tabs:
            tab.expect_said("bob 1", "alice 1")


def test_a_proxy_that_gathers_events_leaves_long_polling(
    stage: Stage, live_server_process: Installation
):
    path = stage.room("gathered", "alice", "bob")
    alice = stage.enter("alice", path)
    with behind(live_server_process, BUFFERING) as url:
        bob = enter(stage, url, path, "polling")
        second: ChatPage = bob.tab(path).expect_transport("polling")

        bob.say("bob 1")
        alice.expect_said("bob 1")
        alice.say("alice 1")
        for tab in (alice, bob, second):
            tab.expect_said("bob 1", "alice 1")
