"""What a worker tells the supervisor that started it: systemd's notification protocol.

See sd_notify(3) and sd_watchdog_enabled(3). Where nobody asked for it nothing is sent.
"""

import os
import socket
from asyncio import AbstractEventLoop
from contextlib import suppress


def notify(state: str) -> None:
    """Send a line such as `READY=1` to the socket that the supervisor named."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return
    # An “@” stands for the zero byte of Linux's abstract names.
    name = "\0" + address[1:] if address.startswith("@") else address
    # A supervisor that has gone is no reason for a worker to fail.
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.sendto(state.encode(), name)


def watch(loop: AbstractEventLoop) -> None:
    """Say twice in every interval of the watchdog that the loop turns; when it hangs, nobody
    says so and the supervisor starts another worker."""
    microseconds = os.environ.get("WATCHDOG_USEC", "")
    if not microseconds.isdigit() or not int(microseconds):
        return
    notify("WATCHDOG=1")
    loop.call_later(int(microseconds) / 2_000_000, watch, loop)
