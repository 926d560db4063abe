"""The servers that benchmarks/fetch.py asks: nginx with pages like those of the web, each host name on its own loopback address.

Here: pages made from a seed, nginx before them, what it logged. Elsewhere: a crowd that misbehaves (`fetch_crowd`), who asks
(`fetch_ours`, `fetch_scrapy`). Nothing listens on any address but loopback.
"""

import grp
import gzip
import os
import pwd
import random
import resource
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from ipaddress import IPv4Address
from pathlib import Path
from typing import NamedTuple

SEED = 4
PAGE_BYTES = 95_000
MODIFIED = 1_750_000_000
"""Seconds since 1970: when every page changed last, so that ETag and Last-Modified are the same in every run."""
ROBOTS = "User-agent: *\nAllow: /\n"
WORDS, PARAGRAPHS = 6_000, 4_000
SYLLABLES = (
    "an ar be con de di en er es fi for ge in ing is lo ma ment ne on or per pro ra re ro sa se si ter ti tion to tra un ver"
).split()
CONFIG = """
user {user} {group};
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
worker_rlimit_nofile 8192;
events {{ worker_connections 4096; }}
http {{
    log_format counted "$host $uri $status $bytes_sent";
    access_log {folder}/access.log counted;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    types {{ text/html html; text/plain txt; }}
    charset utf-8;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 10000;
    gzip_static on;
    gzip_vary on;
    server {{
        {listen}
        root {folder}/sites/$host;
    }}
}}
"""


class Page(NamedTuple):
    """A page to ask for, and how many bytes it has once decoded."""

    host: str
    url: str
    length: int


class Logged(NamedTuple):
    """One line of the server's log; `sent` is every byte of the answer, headers too."""

    host: str
    path: str
    status: int
    sent: int


def named_hosts(name: str, first: str, count: int) -> dict[str, str]:
    """Return that many host names, each with a loopback address of its own, counted from the first on."""
    start = int(IPv4Address(first))
    return {f"{name}{number + 1:04}.example": str(IPv4Address(start + number)) for number in range(count)}


def free_port(address: str) -> int:
    """Return a port nobody listens on at the address."""
    with socket.socket() as free:
        free.bind((address, 0))
        return int(free.getsockname()[1])


def many_files() -> None:
    """Let this process, and those it starts, have as many open files as the system permits."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def find_nginx() -> str | None:
    """Return where nginx is, which Debian keeps off the path of ordinary users; None when it is not installed."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/local/sbin:/usr/sbin:/sbin")


def write_sites(folder: Path, hosts: Sequence[str], pages: int, port: int) -> list[Page]:
    """Write the sites below the folder and return their pages, host by host."""
    text = _Text(SEED)
    written = []
    for host in hosts:
        site = folder / "sites" / host
        site.mkdir(parents=True)
        _write(site / "robots.txt", ROBOTS.encode())
        for number in range(pages):
            page = text.page(host, number)
            _write(site / f"page-{number}.html", page)
            _write(site / f"page-{number}.html.gz", gzip.compress(page, 6, mtime=0))
            written.append(Page(host, f"http://{host}:{port}/page-{number}.html", len(page)))
    return written


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    os.utime(path, (MODIFIED, MODIFIED))


@contextmanager
def serving(nginx: str, folder: Path, listen: Sequence[str], port: int) -> Iterator[None]:
    """Have nginx serve the sites below the folder at these addresses, until the block ends."""
    config = folder / "nginx.conf"
    user, group = pwd.getpwuid(os.geteuid()).pw_name, grp.getgrgid(os.getegid()).gr_name
    lines = "\n        ".join(f"listen {address}:{port} backlog=512;" for address in listen)
    config.write_text(CONFIG.format(folder=folder, user=user, group=group, listen=lines))
    with (folder / "stderr.log").open("wb") as said:
        server = subprocess.Popen([nginx, "-c", str(config), "-p", str(folder)], stderr=said, stdout=said)
        try:
            _wait_for(server, (listen[0], port), folder / "stderr.log")
            yield
        finally:
            server.terminate()
            server.wait(30)


def _wait_for(server: "subprocess.Popen[bytes]", place: tuple[str, int], said: Path) -> None:
    for _ in range(200):
        if server.poll() is not None:
            break
        with socket.socket() as knock:
            if knock.connect_ex(place) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f"The server did not start at {place[0]}:{place[1]}:\n{said.read_text()}")


def logged(folder: Path, since: int = 0) -> tuple[list[Logged], int]:
    """Return what nginx answered since that byte of its log, and where the log ends now."""
    content = (folder / "access.log").read_bytes()
    lines = [line.split() for line in content[since:].decode().splitlines()]
    return [Logged(host, path, int(status), int(sent)) for host, path, status, sent in lines], len(content)


class _Text:
    """Pages that look and compress like those of companies: a frame all share, and blocks of sentences no two share."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - the same pages every time, no secret
        words = ["".join(self._random.choices(SYLLABLES, k=self._random.choice((1, 2, 2, 3, 3, 4)))) for _ in range(WORDS)]
        weights = [1 / (rank + 10) for rank in range(WORDS)]
        self._stream = iter(self._random.choices(words, weights, k=PARAGRAPHS * 60))
        self._paragraphs = [self._sentence(50) for _ in range(PARAGRAPHS)]
        self._titles = [self._sentence(6) for _ in range(1000)]

    def _sentence(self, words: int) -> str:
        return " ".join(next(self._stream) for _ in range(words)).capitalize()

    def page(self, host: str, number: int) -> bytes:
        """Return one page, of about PAGE_BYTES bytes."""
        pick = self._random
        title = pick.choice(self._titles)
        parts = [_HEAD.format(host=host, number=number, title=title)]
        parts += (_LINK.format(at=at, title=pick.choice(self._titles)) for at in range(60))
        size, wanted = sum(map(len, parts)), PAGE_BYTES + pick.randrange(-4000, 4000)
        for text in pick.sample(self._paragraphs, 400):
            part = _BLOCK.format(at=size, title=pick.choice(self._titles), picture=pick.getrandbits(48), text=text)
            if size + len(part) > wanted:
                break
            parts.append(part)
            size += len(part)
        return "".join([*parts, _FOOT.format(host=host)]).encode()


_HEAD = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title} | {host}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="description" content="{title}">
<link rel="canonical" href="https://{host}/page-{number}.html"><link rel="stylesheet" href="/static/css/main.css">
<script type="application/ld+json">{{"@context": "https://schema.org", "@type": "Organization", "name": "{title}"}}</script>
</head><body class="page page-{number}"><header class="site-header"><nav class="nav nav--main" aria-label="Main"><ul>
"""
_LINK = '<li class="nav__item"><a class="nav__link" href="/page-{at}.html" data-track="nav-{at}">{title}</a></li>\n'
_BLOCK = """<section class="block block--teaser" id="block-{at}"><div class="container"><div class="row">
<figure class="block__media"><img class="img-fluid" src="/media/{picture:x}.webp" width="640" height="360" alt="{title}"></figure>
<h2 class="block__title">{title}</h2><p class="block__text">{text}.</p>
<a class="button button--primary" href="/contact.html?from={at}"><span>Read more</span></a></div></div></section>
"""
_FOOT = '<footer class="site-footer"><p>&copy; {host}</p><script src="/static/js/app.js" defer></script></footer></body></html>\n'
