"""The namespace: every address is ours, names are looked up at our server, and what the environment offers is a trap.

Here: what is set up before anything is asked, and which addresses are the public web. Elsewhere: who answers (`servers`,
`names`), who watches (`witness`).
"""

import ipaddress
import os
import shutil
import socket
import subprocess
import zlib
from pathlib import Path

import certifi

HERE = Path(__file__).parent
TRUSTED, UNTRUSTED = HERE / "trusted.pem", HERE / "untrusted.pem"
"""Certificates for *.lab.test, with their keys. Only the first is known to those who look at what certifi ships."""
PUBLIC = (ipaddress.ip_network("93.184.0.0/16"), ipaddress.ip_network("2606:2800:220:1::/64"))
WEB_PORTS = (80, 443)
PROXY = "http://10.99.99.99:3128"
SECRET = "lab-secret-91f3c0"  # noqa: S105 - what nobody may bring home
"""What every address answers that is not public."""
HOSTS_FILE = "127.0.0.1 localhost\n10.0.0.9 in-the-hosts-file.lab.test\n"
RESOLVER = "nameserver 127.0.0.1\noptions timeout:2 attempts:1\n"
ORDER = "hosts: files dns\n"


def is_public(address: str) -> bool:
    """Say whether the address is one of the web's."""
    parsed = ipaddress.ip_address(address)
    return any(parsed in network for network in PUBLIC)


def address_of(host: str) -> str:
    """Return the public address of a host, always the same; most have one of their own."""
    number = zlib.crc32(host.encode()) % 65_000 + 1
    return str(PUBLIC[0][number])


def set_up(folder: Path) -> None:
    """Make the namespace a world; raises `OSError` or `subprocess.CalledProcessError` where that is not permitted."""
    _check_that_this_is_no_real_world()
    _run("ip", "link", "set", "lo", "up")
    _run("ip", "route", "add", "local", "0.0.0.0/0", "dev", "lo")
    _run("ip", "-6", "route", "add", "local", "::/0", "dev", "lo")
    written = {"/etc/hosts": HOSTS_FILE, "/etc/resolv.conf": RESOLVER, "/etc/nsswitch.conf": ORDER}
    for place, content in written.items():
        _cover(Path(place), folder / Path(place).name, content)
    _cover(Path(certifi.where()), folder / "known.pem", TRUSTED.read_text())
    for cache in ("/run/nscd", "/var/run/nscd"):  # a resolver outside, reached by file
        if Path(cache).is_dir():
            _run("mount", "-t", "tmpfs", "none", cache)
    _lay_traps(folder)


def _check_that_this_is_no_real_world() -> None:
    """Raise `OSError` unless this is a namespace with one user and no network: what follows would cut off a machine."""
    _, _, users = Path("/proc/self/uid_map").read_text().split()[:3]
    if users != "1" or [name for _, name in socket.if_nameindex()] != ["lo"]:
        raise OSError("this is no namespace of its own")


def _lay_traps(folder: Path) -> None:
    """Let the environment offer proxies, passwords and certificates."""
    (folder / ".netrc").write_text("machine netrc.lab.test login us password hunter2\ndefault login us password hunter2\n")
    proxies = {name: PROXY for each in ("http_proxy", "https_proxy", "all_proxy", "ftp_proxy") for name in (each, each.upper())}
    trusting = dict.fromkeys(("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"), str(UNTRUSTED))
    own = {"HOME": str(folder), "NETRC": str(folder / ".netrc"), "NO_PROXY": "other.test", "no_proxy": "other.test"}
    os.environ.update(proxies | trusting | own)


def take_up_traps() -> None:
    """Take the proxies away again, for clients that would never get to the others."""
    for name in [each for each in os.environ if each.lower().endswith("_proxy")]:
        del os.environ[name]


def _cover(place: Path, aside: Path, content: str) -> None:
    """Let a file say something else, in this namespace only."""
    aside.write_text(content)
    _run("mount", "--bind", str(aside), str(place.resolve()))


def _run(*command: str) -> None:
    program = shutil.which(command[0]) or f"/usr/sbin/{command[0]}"
    subprocess.run([program, *command[1:]], check=True, capture_output=True, text=True)
