"""`python -m tests.servers.nursery_process 3`: has imported what every command of ours begins with,
and becomes such a command whenever it is asked to on that socket. See `nursery.py`."""

import ctypes
import gc
import json
import os
import runpy
import socket
import sys
from dataclasses import dataclass
from importlib import import_module
from typing import Any

PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
HEADER_BYTES = 4
STANDARD_FILES = 3
# What takes long to import, is not ours, and reads neither settings nor environment. Not daphne:
# it makes its loop as soon as it is imported.
IMPORTED = (
    "argon2",
    "asgiref.sync",
    "autobahn.twisted.websocket",
    "brotli",
    "channels.db",
    "channels.layers",
    "channels.routing",
    "channels_redis.pubsub",
    "cryptography.fernet",
    "cryptography.hazmat.primitives.asymmetric.ec",
    "cryptography.hazmat.primitives.ciphers.aead",
    "cryptography.x509",
    "django.contrib.auth.hashers",
    "django.contrib.auth.password_validation",
    "django.contrib.sessions.backends.base",
    "django.contrib.staticfiles.finders",
    "django.core.handlers.asgi",
    "django.core.mail",
    "django.core.management.commands.shell",
    "django.db.backends.postgresql.base",
    "django.db.backends.sqlite3.base",
    "django.db.migrations.executor",
    "django.db.models",
    "django.forms",
    "django.template.defaulttags",
    "django.urls",
    "django.utils.translation.trans_real",
    "django.views.generic",
    "django.views.i18n",
    "environ",
    "fido2.server",
    "fido2.webauthn",
    "http.server",
    "huey",
    "msgspec.json",
    "nh3",
    "PIL.ImageOps",
    "prometheus_client",
    "pygments.formatters",
    "pygments.lexers",
    "pyromark",
    "qrcode",
    "re2",
    "redis.asyncio",
    "servestatic.asgi",
    "service_identity",
    "twisted.internet.asyncioreactor",
    "twisted.internet.endpoints",
    "twisted.web.http",
    "uvloop",
)


@dataclass
class Order:
    """What to become: a script, or `-m` and a module, with arguments; where, and whose child."""

    argv: list[str]
    env: dict[str, str]
    cwd: str
    parent: int
    stop: int
    files: list[int]


def main(orders: socket.socket) -> None:
    gc.disable()  # Collecting while nothing is garbage only takes time.
    for name in IMPORTED:
        import_module(name)
    gc.enable()
    while (order := receive(orders)) is not None:
        if fork(order, orders):
            become(order)
            return


def receive(orders: socket.socket) -> Order | None:
    """Return the next one; None when nobody is left who could give one."""
    header, files, *_ = socket.recv_fds(orders, HEADER_BYTES, STANDARD_FILES)
    if not header:
        return None
    text = orders.recv(int.from_bytes(header), socket.MSG_WAITALL)
    said: dict[str, Any] = json.loads(text)
    return Order(**said, files=files)


def fork(order: Order, orders: socket.socket) -> bool:
    """Make a child of whoever gave the order, and return True in it.

    It is forked twice, and the one between goes at once: the kernel gives the orphan to the next
    process above that takes orphans, which is whoever gave the order.
    """
    adopted, adopting = os.pipe()
    between = os.fork()
    if between:
        os.waitpid(between, 0)
        os.close(adopting)
        for one in (adopted, *order.files):
            os.close(one)
        return False
    if os.fork():
        os._exit(0)
    os.close(adopting)
    os.read(adopted, 1)  # until the one between is gone
    os.close(adopted)
    leash(order)
    orders.sendall(os.getpid().to_bytes(HEADER_BYTES))
    orders.close()
    return True


def leash(order: Order) -> None:
    """Have the kernel send the signal when the parent is gone, however that died."""
    os.setsid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, order.stop)
    if os.getppid() != order.parent:
        os._exit(1)


def become(order: Order) -> None:
    """Be the script, as if the interpreter had just been started with it."""
    for standard, file in enumerate(order.files):
        os.dup2(file, standard)
        os.close(file)
    os.chdir(order.cwd)
    os.environ.clear()
    os.environ.update(order.env)
    if order.argv[0] == "-m":
        sys.argv = order.argv[1:]
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
    else:
        sys.argv = order.argv
        runpy.run_path(sys.argv[0], run_name="__main__")


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
