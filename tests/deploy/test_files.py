"""The files that are copied to a server."""

import os
import re
import shutil
import ssl
import subprocess
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path

import pytest

from tests.asking import read
from tests.deploy.certificate import make_certificate
from tests.servers.installation import ROOT, Installation
from tests.servers.nginx import serve_nginx
from tests.servers.process import NotInstalled, free_port
from tests.servers.requirements import required

DEPLOY = ROOT / "deploy"
ENVIRONMENT = DEPLOY / "env.example"
UNITS = sorted((DEPLOY / "systemd").iterdir())
SITE = "chat.example.org"


def test_systemd_understands_the_units(tmp_path: Path):
    with required():
        analyze = shutil.which("systemd-analyze")
        if analyze is None:
            raise NotInstalled("systemd-analyze (apt-get install systemd)")
    for unit in UNITS:
        # Verified as an instance, and with a program that is there.
        text = unit.read_text().replace("/opt/signalbox/.venv/bin/python", "/bin/true")
        (tmp_path / unit.name.replace("@", "@1")).write_text(text)

    # A word that it does not know is a warning, and it returns 0.
    done = subprocess.run(
        [analyze, "verify", "--man=no", *map(str, sorted(tmp_path.iterdir()))],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    ours = [line for line in done.stderr.splitlines() if "signalbox" in line]
    assert (done.returncode, ours) == (0, [])


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_what_a_unit_runs_is_a_command_of_ours(unit: Path, new_installation):
    commands = re.findall(r"^ExecStart=\S+ manage.py (\S+)", unit.read_text(), re.MULTILINE)
    known = new_installation().manage("help", "--commands").split()

    assert set(commands) <= {*known, "jobs"}
    assert len(commands) == (unit.suffix == ".service")


def test_the_drain_is_over_before_systemd_loses_its_patience():
    from realtime_project.live.drain import FINISH_SECONDS, WINDOW_SECONDS

    unit = (DEPLOY / "systemd" / "signalbox@.service").read_text()
    [patience] = re.findall(r"^TimeoutStopSec=(\d+)s$", unit, re.MULTILINE)

    assert int(patience) > WINDOW_SECONDS + 2 * FINISH_SECONDS


def test_every_setting_of_the_example_is_in_the_readme():
    named = set(re.findall(r"^#?([A-Z_]+)=", ENVIRONMENT.read_text(), re.MULTILINE))
    told = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "README.md").read_text(), re.MULTILINE))

    assert named <= told
    assert {"SIGNALBOX_VAR", "STATIC_ROOT", "SITE_URL", "DATABASE_URL", "REDIS_URL"} <= named


def test_a_shell_reads_the_example_as_systemd_does(tmp_path: Path):
    # Also what stands behind a #.
    text = re.sub(r"^#(?=[A-Z_]+=)", "", ENVIRONMENT.read_text(), flags=re.MULTILINE)
    example = tmp_path / "env"
    example.write_text(text)

    printed = subprocess.run(
        ["sh", "-ec", f"set -a; . {example}; env"], capture_output=True, text=True, check=True,
        env={"PATH": os.environ["PATH"]},
    ).stdout  # fmt: skip

    for name, value in re.findall(r"^([A-Z_]+)=(.*)$", text, re.MULTILINE):
        plain = value.strip("'")
        assert f"{name}={plain}" in printed.splitlines()


def test_a_command_is_run_with_the_settings_of_the_machine(tmp_path: Path, new_installation):
    installation: Installation = new_installation()
    environment = tmp_path / "env"
    environment.write_text(
        f"SIGNALBOX_VAR={installation.var}\nDATABASE_URL={installation.database_url}\n"
        "SITE_NAME='Our own chat'\n"
    )

    done = subprocess.run(
        [DEPLOY / "signalbox-manage", "setup_link"], capture_output=True, text=True, check=True,
        env={**os.environ, "SIGNALBOX_ENV": str(environment), "SIGNALBOX_HOME": str(ROOT),
             "SIGNALBOX_USER": str(os.geteuid())},
    )  # fmt: skip

    assert "Our own chat is empty" in done.stdout


def test_the_site_speaks_tls_and_leads_there(tmp_path: Path):
    static = tmp_path / "static"
    static.mkdir()
    (static / "page.0123456789ab.css").write_text("a {}")
    certificate, key = make_certificate(tmp_path, SITE)
    secure, plain = free_port(), free_port()
    here = {
        "/etc/letsencrypt/live/chat.example.org/fullchain.pem": str(certificate),
        "/etc/letsencrypt/live/chat.example.org/privkey.pem": str(key),
        "/var/cache/signalbox/static": str(static),
        "listen 443": f"listen 127.0.0.1:{secure}",
        "listen 80": f"listen 127.0.0.1:{plain}",
        "listen [::]:443": f"listen [::1]:{secure}",
        "listen [::]:80": f"listen [::1]:{plain}",
    }
    whole = tmp_path / "site.conf"
    parts = [DEPLOY / "nginx" / name for name in ("signalbox.conf", "signalbox-redirect.conf")]
    whole.write_text(rendered("\n".join(part.read_text() for part in parts), here))
    included = tmp_path / "signalbox"
    included.mkdir()
    for part in (DEPLOY / "nginx" / "signalbox").iterdir():
        (included / part.name).write_text(rendered(part.read_text(), here))

    with required(), serve_nginx(whole, secure, beside={"signalbox": included}):
        trust = ssl.create_default_context(cafile=str(certificate))
        trust.check_hostname = False  # the address is not in it
        over_tls = HTTPSConnection("127.0.0.1", secure, context=trust)
        over_tls.request("GET", "/static/page.0123456789ab.css")
        file = read(over_tls.getresponse())
        over_tls.close()
        in_plain = HTTPConnection("127.0.0.1", plain)
        in_plain.request("GET", "/rooms/7/?a=b")
        led = read(in_plain.getresponse())
        in_plain.close()

    assert (file.status, file.text) == (200, "a {}")
    assert (led.status, led.headers["Location"]) == (301, f"https://{SITE}/rooms/7/?a=b")


def rendered(text: str, places: dict[str, str]) -> str:
    for there, here in places.items():
        text = text.replace(there, here)
    return text
