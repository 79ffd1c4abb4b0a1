"""nginx with nchan: the installed one, or Debian's packages unpacked into .tools/bench."""

import platform
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.crowd import TOOLS, Dialect
from benchmarks.machine import SERVER_CORE, Command, pinned
from benchmarks.subjects.subject import Running
from tests.servers.process import NotInstalled, accepts_connections, free_port, running

PACKAGES = ("nginx", "libnginx-mod-nchan")
MODULE = "usr/lib/nginx/modules/ngx_nchan_module.so"
DIALECT = Dialect(path="/room", post="%t")

# The channel lives in the worker's memory, and who connects hears what is said from then on.
CONFIGURATION = """
load_module {root}/{module};
daemon off;
pid {folder}/nginx.pid;
worker_processes 1;
worker_rlimit_nofile 20000;
events {{ worker_connections 16000; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        location = /room {{
            nchan_pubsub websocket;
            nchan_channel_id room;
            nchan_subscriber_first_message newest;
        }}
    }}
}}
"""


@contextmanager
def serve_nchan() -> Iterator[Running]:
    root, port = installed(), free_port()
    with tempfile.TemporaryDirectory(prefix="signalbox-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        configuration = folder / "nginx.conf"
        text = CONFIGURATION.format(root=root, module=MODULE, folder=folder, port=port)
        configuration.write_text(text)
        command: Command = [root / "usr/sbin/nginx", "-e", "stderr", "-c", configuration]
        with running(
            pinned(SERVER_CORE, command),
            log=folder / "nginx.log",
            is_ready=lambda: accepts_connections(port),
        ) as process:
            yield Running(process.pid, port, DIALECT)


def installed() -> Path:
    """Return the folder below which nginx and its module are. Nothing is installed into the
    system: its package would start a server on port 80."""
    for root in (Path("/"), TOOLS / "nginx"):
        if (root / "usr/sbin/nginx").exists() and (root / MODULE).exists():
            return root
    return unpack(TOOLS / "nginx")


def unpack(root: Path) -> Path:
    if shutil.which("apt-get") is None or shutil.which("dpkg") is None:
        raise NotInstalled(f"nginx with nchan (no Debian: {platform.platform()})")
    with tempfile.TemporaryDirectory(prefix="signalbox-bench-") as folder:
        got = subprocess.run(
            ["apt-get", "download", *PACKAGES], cwd=folder, capture_output=True, check=False
        )
        if got.returncode:
            raise NotInstalled(f"nginx with nchan (apt-get download {' '.join(PACKAGES)})")
        for package in Path(folder).glob("*.deb"):
            subprocess.run(["dpkg", "--extract", package, root], check=True)
    return root
