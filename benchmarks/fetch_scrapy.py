"""The peer of benchmarks/fetch.py: Scrapy over the same pages, in a process and an environment of its own.

    python fetch_scrapy.py plan.json [best]

Set as its documentation advises for crawls of many hosts: robots.txt obeyed, no delay, one request in flight per host, as many
requests as hosts; no cache, log, console, cookies or feed. `best` is the fastest we found it can be set beyond that: with its
experimental handler on aiohttp, and without the hundred workers it sets on the items of every page. Names are looked up in the
plan. Timed is what lies between the engine's start and the spider's end; every page has to have the length the plan says.
"""

import json
import resource
import socket
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import scrapy
from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.http import Response

PLAN = json.loads(Path(sys.argv[1]).read_text())
SETTINGS: dict[str, Any] = {
    "ROBOTSTXT_OBEY": True,
    "DOWNLOAD_DELAY": 0,
    "CONCURRENT_REQUESTS": len(PLAN["hosts"]),
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    "REACTOR_THREADPOOL_MAXSIZE": 20,
    "COOKIES_ENABLED": False,
    "HTTPCACHE_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "MEMUSAGE_ENABLED": False,
    "LOG_ENABLED": False,
    "USER_AGENT": "scrapy-bench/1.0 (+https://bullseye.example/bot)",
}
BEST: dict[str, Any] = {
    "CONCURRENT_ITEMS": 1,
    "TWISTED_REACTOR_ENABLED": False,
    "DOWNLOAD_HANDLERS": {"http": "scrapy.core.downloader.handlers._aiohttp.AiohttpDownloadHandler"},
}


class Pages(scrapy.Spider):
    """Asks for every page of the plan and compares its length."""

    name = "pages"

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> "Pages":
        """Return the spider, told when the engine starts and when it is done."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.begin, signals.engine_started)
        crawler.signals.connect(spider.end, signals.spider_closed)
        spider.verified, spider.seconds, spider.to_last, spider.cpu = 0, 0.0, 0.0, 0.0
        return spider

    def begin(self) -> None:
        """Start the watch."""
        self.began, self.cpu_before = time.perf_counter(), _cpu()

    def end(self) -> None:
        """Stop the watch."""
        self.seconds, self.cpu = time.perf_counter() - self.began, _cpu() - self.cpu_before

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """Yield the requests, a page of every host before the next page of any."""
        for _, url, length in sorted(PLAN["pages"], key=lambda page: page[1].rpartition("/")[2]):
            yield scrapy.Request(url, cb_kwargs={"length": length}, dont_filter=True)

    def parse(self, response: Response, length: int) -> None:
        """Count the page if it is whole."""
        self.verified += response.status == 200 and len(response.body) == length
        self.to_last = time.perf_counter() - self.began


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _look_up_in_the_plan() -> None:
    """Have every look-up of this process answered by the plan, whichever library asks; the rest goes to nobody."""
    system = socket.getaddrinfo

    def planned(host: Any, *rest: Any, **more: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        return system(PLAN["hosts"][name], *rest, **more)

    socket.getaddrinfo = planned
    socket.gethostbyname = lambda name: PLAN["hosts"][name]


def main() -> None:
    """Run the crawl and print its figures as one JSON object."""
    _look_up_in_the_plan()
    process = AsyncCrawlerProcess(SETTINGS | (BEST if "best" in sys.argv[2:] else {}))
    crawler = process.create_crawler(Pages)
    process.crawl(crawler)
    process.start()
    spider = crawler.spider
    if not isinstance(spider, Pages):
        raise SystemExit("Scrapy did not start.")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures = {"seconds": spider.seconds, "to_last": spider.to_last, "cpu_seconds": spider.cpu, "peak_mb": peak}
    print(json.dumps({"verified": spider.verified, **figures}))


if __name__ == "__main__":
    main()
