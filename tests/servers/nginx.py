"""An nginx of our own in front of what a test serves: any user's, in a temporary folder."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers.process import Command, NotInstalled, accepts_connections, running

# Debian's nginx keeps all of these below /var, where only root may write.
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")

FRAME = """{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    include {types};
{temporary}
    include {site};
}}
"""


@dataclass(frozen=True)
class Nginx:
    port: int
    folder: Path
    log: Path
    process: "subprocess.Popen[bytes]"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def serve_nginx(
    config: str | Path, port: int, *, beside: Mapping[str, Path] | None = None
) -> Iterator[Nginx]:
    """Start nginx and wait until something listens on `port`.

    `config` is a text or a file: either what a site's file holds (`upstream`, `server`; it is put
    into an `http` block that needs no root), or, with an `http` block in it, a whole
    configuration, which must then name its `pid` and what it writes. What it includes by relative
    names is given as `beside`, by these names.
    """
    with tempfile.TemporaryDirectory(prefix="signalbox-nginx-") as name:
        folder = Path(name)
        for included, path in (beside or {}).items():
            (folder / included).symlink_to(path)
        command: Command = [
            *(program(), "-p", folder, "-c", written(config, folder)),
            *("-e", "stderr", "-g", "daemon off;"),
        ]
        log = folder / "nginx.log"
        with running(command, log=log, is_ready=lambda: accepts_connections(port)) as process:
            yield Nginx(port, folder, log, process)


def program() -> str:
    # Debian has it where an ordinary user's PATH does not look.
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin"])
    if found := shutil.which("nginx", path=path):
        return found
    raise NotInstalled("nginx (apt-get install nginx-light)")


def written(config: str | Path, folder: Path) -> Path:
    """Write the configuration that nginx is started with, and return where it is."""
    text = config.read_text() if isinstance(config, Path) else config
    if re.search(r"^http\s*\{", text, re.MULTILINE):
        return write(folder / "nginx.conf", text)
    site = config if isinstance(config, Path) else write(folder / "site.conf", text)
    return write(folder / "nginx.conf", framed(site.resolve(), folder))


def framed(site: Path, folder: Path) -> str:
    temporary = "\n".join(f"    {kind}_temp_path {folder}/{kind};" for kind in TEMPORARY)
    # Started by root its workers would be somebody who cannot look into a test's folders.
    user = "user root;" if os.geteuid() == 0 else ""
    return FRAME.format(user=user, folder=folder, types=types(), temporary=temporary, site=site)


def types() -> Path:
    """The table of file types that came with nginx."""
    told = subprocess.run([program(), "-V"], capture_output=True, text=True, check=True).stderr
    [configuration] = re.findall(r"--conf-path=(\S+)", told)
    return Path(configuration).with_name("mime.types")


def write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path
