"""The page in a real browser: nothing of what others wrote runs (trial E6), and everybody can use it (axe-core).

Here: what only a browser shows. Elsewhere: the same by hand (`test_portal_pages`), logging in (`test_doors_browser`).
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from doors import house, served
from playwright.sync_api import Browser, Page
from portal import published

from pipelines.home import Home
from pipelines.portal.app import opened, views

pytestmark = pytest.mark.slow
SHARED = Path(__file__).parents[2] / "shared" / "hostile" / "strings" / "blns.json"
RUNS = (
    "<script>alert(1)</script>", "<ScRiPt/src=//a.example></sCrIpT>", '"><script>alert(1)</script>', "'-alert(1)-'",
    "javascript:alert(1)", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", '"><svg/onload=alert(1)>',
    "<svg><script>alert(1)</script></svg>", "<iframe srcdoc='<script>alert(1)</script>'>", "<body onload=alert(1)>",
    '" onfocus=alert(1) autofocus="', "<details open ontoggle=alert(1)>", "<math><mtext><style><img src onerror=alert(1)>",
    "</title><script>alert(1)</script>", "</textarea><script>alert(1)</script>", "<a href=javascript:alert(1)>x</a>",
    "<form action=javascript:alert(1)><button>x", "<meta http-equiv=refresh content=0;url=//a.example>",
    "<base href=//a.example/>", "<style>*{background:url(//a.example)}</style>", "<link rel=stylesheet href=//a.example>",
    "{{constructor.constructor('alert(1)')()}}", "${alert(1)}", "&lt;script&gt;alert(1)&lt;/script&gt;",
    "%3Cscript%3Ealert(1)%3C/script%3E", "\u2028<script>alert(1)</script>", "<\x00script>alert(1)</script>",
    "＜script＞alert(1)＜/script＞", "<x onclick=alert(1)>", "--><img src=x onerror=alert(1)>",
    "<object data=javascript:alert(1)>", "<embed src=data:text/html,<script>alert(1)</script>>",
    "<video><source onerror=alert(1)>",
)  # fmt: skip
WATCH = """
    window.ran = [];
    for (const name of ['alert', 'confirm', 'prompt', 'print']) window[name] = () => window.ran.push(name);
    document.addEventListener('securitypolicyviolation', event => window.ran.push('policy ' + event.violatedDirective));
"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page over a market in which everything that can be text is an attempt to run something."""
    payloads = [*RUNS, *(each for each in (json.loads(SHARED.read_text("utf-8")) if SHARED.exists() else ()) if "<" in each)]
    texts = "company first_name last_name job_title city channel campaign list".split()
    people = [{**dict.fromkeys(texts, each), "domain": f"p{number}.example"} for number, each in enumerate(payloads)]
    stated = "name description street city country industry mentions technology linkedin customer".split()
    facts = {f"p{number}.example": [(name, each) for name in stated] for number, each in enumerate(payloads)}
    folder = tmp_path_factory.mktemp("hostile")
    with published(folder / "market", people, facts) as publish:
        yield from address(folder, publish())


@pytest.fixture(scope="module")
def demo(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from address(tmp_path_factory.mktemp("demo"), Home(demo_home))


def address(folder: Path, home: Home) -> Iterator[str]:
    with served(house(folder, guarded=False, views=views(opened(home)))) as (host, port):
        yield f"http://{host}:{port}"


def organizations(page: Page, where: str) -> list[str]:
    page.goto(where)
    return sorted(set(re.findall(r'href="(/organizations/[^"#?]+)"', page.content())))


def test_e6_nothing_that_others_wrote_runs_on_any_page(chromium: Browser, hostile: str, record_property: Any) -> None:
    page, trouble, dialogs, asked = chromium.new_page(), list[str](), list[str](), set[str]()
    page.add_init_script(WATCH)
    page.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: asked.add(request.url.split("/")[2]))
    paths = ["/", "/moved", "/quality", "/dictionary", *(f"/organizations?page={number}" for number in range(1, 3))]
    paths += ["/organizations?sort=name&page=2", "/organizations?search=%3Cscript%3Ealert(1)%3C/script%3E"]
    paths += organizations(page, f"{hostile}/organizations?sort=name")[::8]
    paths += organizations(page, f"{hostile}/organizations?search=p1")[:8]
    ran = []
    for path in paths:
        page.goto(f"{hostile}{path}")
        page.mouse.move(300, 300)
        ran += page.evaluate("window.ran")
    record_property("E6 pages, executions, violations", (len(paths), len(dialogs), len(ran) + len(trouble)))
    assert len(paths) > 20 and (dialogs, ran, trouble) == ([], [], [])
    assert asked == {hostile.partition("//")[2]}, "nobody else is asked for anything"


def test_the_watch_would_see_a_script(chromium: Browser, hostile: str) -> None:
    page = chromium.new_page()
    page.add_init_script(WATCH)
    page.goto(hostile)
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=/static/none.svg onerror=alert(1)>')")
    page.wait_for_function("window.ran.length > 0", timeout=5_000)
    assert page.evaluate("window.ran")[0].startswith("policy script-src")


@pytest.mark.parametrize(
    ("size", "scheme"),
    [((1280, 900), "light"), ((390, 844), "dark"), ((640, 450), "light")],
    ids=["desktop", "phone, dark", "at 200 %"],
)
def test_everybody_can_use_every_page(chromium: Browser, demo: str, size: tuple[int, int], scheme: Any) -> None:
    page = chromium.new_page(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)
    paths = ["/", "/organizations", "/organizations?ring=bullseye&country=DE", "/quality", "/moved", "/dictionary", "/nothing"]
    paths += [
        *organizations(page, f"{demo}/organizations?ring=bullseye")[:1],
        *organizations(page, f"{demo}/organizations?ring=outside")[:1],
    ]
    for path in paths:
        page.goto(f"{demo}{path}")
        found = Axe().run(page).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in ("serious", "critical")] == [], path
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, f"{path} is wider than the window"
        wide = page.locator(".scroll:has(.stacks)").evaluate_all(
            "all => all.filter(each => each.scrollWidth > each.clientWidth).length"
        )
        assert size[0] > 640 or not wide, f"{path} has rows that somebody has to push aside to read"


def test_the_keyboard_reaches_the_content_first_and_then_everything(chromium: Browser, demo: str) -> None:
    page = chromium.new_page(java_script_enabled=True)
    page.goto(f"{demo}/organizations")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.type("kettle")
    page.keyboard.press("Enter")
    page.wait_for_url("**/organizations?search=kettle*")
    assert "name or domain has “kettle”".lower() in page.content().lower()


def test_filters_work_without_a_script(chromium: Browser, demo: str) -> None:
    page = chromium.new_context(java_script_enabled=False).new_page()
    page.goto(f"{demo}/")
    page.get_by_role("table").get_by_role("link", name="bullseye").click()
    assert page.get_by_role("status").inner_text().startswith("Ring is bullseye")
    page.locator("summary", has_text="Country").click()
    page.locator("input[name=country][value=DE]").check()
    page.get_by_role("button", name="Show").click()
    assert "country is DE" in page.get_by_role("status").inner_text()
    with page.expect_download() as taken:
        page.get_by_role("link", name="HubSpot companies").click()
    assert (
        taken.value.suggested_filename.startswith("hubspot-companies-")
        and b"Company name" in Path(taken.value.path()).read_bytes()
    )
