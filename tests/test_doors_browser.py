"""A real browser at the real doors: over TLS it logs in, looks, takes and logs out; another page's form gets nowhere.

Here: what only a browser does (cookies with a prefix, Sec-Fetch, Origin, the policy). Elsewhere: the same by hand
(`test_doors_gate`).
"""

import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from doors import CHEAP, NOW, PASSWORD, Hands, House, served
from loopback import Server, reply, serving
from playwright.sync_api import Browser, Page

from pipelines.home import Home
from pipelines.portal.app import opened, views
from pipelines.portal.doors.doorway import doorway
from pipelines.portal.doors.journal import entries
from pipelines.portal.doors.serving import Given, assemble, keys_for
from pipelines.portal.doors.users import Users
from pipelines.settings import Portal

pytestmark = pytest.mark.slow


def certificate(folder: Path) -> tuple[Path, Path]:
    """Write a certificate of our own for 127.0.0.1, and its key."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "c.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    (folder / "k.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    return folder / "c.pem", folder / "k.pem"


@pytest.fixture(scope="module")
def place(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> House:
    """The demo's page, over TLS of our own, with one user."""
    folder = tmp_path_factory.mktemp("browser")
    home, hands = Home(folder / "home"), Hands()
    shutil.copytree(demo_home, home.folder, symlinks=True)
    users = Users(home.users, CHEAP)
    users.put("anna", PASSWORD, NOW.isoformat())
    made, key = certificate(folder)
    door = doorway("127.0.0.1", 0, users=True, certificate=made, key=key)
    numbers = iter(range(1, 1000))
    given = Given(hands.ticks, hands.now, lambda: f"{next(numbers):043}", "tester")
    keys = keys_for(users, door, Portal(), given)

    return House(home, door, keys, assemble(views(opened(home)), home, keys, Portal(), given), hands, given, threading.Event())


@pytest.fixture(scope="module")
def address(place: House) -> Iterator[str]:
    with served(place) as (host, port):
        yield f"https://{host}:{port}"


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(ignore_https_errors=True, java_script_enabled=False, accept_downloads=True)
    yield context.new_page()
    context.close()


def log_in(page: Page, address: str) -> None:
    page.goto(f"{address}/organizations?sort=name")
    page.get_by_label("Name").fill("anna")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def test_somebody_logs_in_looks_takes_and_logs_out(place: House, address: str, page: Page) -> None:
    log_in(page, address)
    assert page.url == f"{address}/organizations?sort=name" and page.get_by_text("anna").count() == 1
    cookies = {each["name"]: each for each in page.context.cookies()}
    session = cookies["__Host-bullseye-session"]
    assert session["secure"] and session["httpOnly"] and session["sameSite"] == "Lax" and session["expires"] == -1
    before = len(entries(place.home))
    with page.expect_download() as taken:
        page.locator('a[href^="/download/leads.csv"]').click()
    assert Path(taken.value.path()).read_bytes().startswith(b'"lead_id"')
    while len(entries(place.home)) == before:  # it is written down once the last byte has left
        page.wait_for_timeout(50)
    assert len(entries(place.home)) == before + 1
    page.get_by_role("link", name="anna").click()
    assert page.get_by_text("This browser").count() == 1
    page.get_by_role("button", name="Log out").first.click()
    assert page.url == f"{address}/login"
    page.goto(f"{address}/")
    assert page.get_by_role("button", name="Log in").count() == 1


def test_a_wrong_password_is_told_and_may_be_mended(address: str, page: Page) -> None:
    page.goto(f"{address}/login")
    page.get_by_label("Name").fill("anna")
    page.get_by_label("Password").fill("not the password at all")
    page.get_by_role("button", name="Log in").click()
    assert "do not belong together" in page.get_by_role("alert").inner_text()
    page.get_by_label("Name").fill("anna")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    assert page.url == f"{address}/"


def test_a_form_on_somebody_elses_page_gets_nowhere(place: House, address: str, page: Page) -> None:
    log_in(page, address)
    sessions = len(place.keys.sessions.of("anna"))
    form = f'<form method="post" action="{address}/logout"><input name="csrf" value="x"><button>Win</button></form>'
    frame = f'<iframe src="{address}/"></iframe><img src="{address}/download/leads.csv">'
    taken = len(entries(place.home))
    with serving(Server({"/": reply(form + frame)})) as evil:
        page.goto(f"http://localhost:{evil.server_address[1]}/")
        page.wait_for_load_state("networkidle")
        assert all("Bullseye" not in each.content() for each in page.frames[1:])
        page.get_by_role("button", name="Win").click()
        page.wait_for_load_state()
    assert page.url == f"{address}/logout" and page.get_by_role("button", name="Log in").count() == 1  # Lax: no cookie came along
    assert len(place.keys.sessions.of("anna")) == sessions and len(entries(place.home)) == taken
    page.goto(f"{address}/")
    assert page.get_by_text("anna").count() == 1


@pytest.mark.parametrize("path", ["/login", "/sessions", "/nothing"])
def test_the_pages_of_the_doors_are_for_everybody(chromium: Browser, address: str, path: str) -> None:
    """With scripts, which axe is one: past the policy, which lets in none of ours either."""
    context = chromium.new_context(ignore_https_errors=True, bypass_csp=True, viewport={"width": 360, "height": 700})
    seen = context.new_page()
    if path != "/login":
        log_in(seen, address)
    seen.goto(address + path)
    found = Axe().run(seen).response["violations"]
    assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == []
    assert seen.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


def test_the_policy_lets_no_script_in(chromium: Browser, address: str) -> None:
    context = chromium.new_context(ignore_https_errors=True)
    seen, complaints = context.new_page(), []
    seen.on("console", lambda message: complaints.append(message.text))
    seen.goto(f"{address}/login")
    assert complaints == []
    written = (
        "() => { const s = document.createElement('script'); s.textContent = 'x = 1'; document.head.append(s); return typeof x }"
    )
    assert seen.evaluate(written) == "undefined"
    assert len(complaints) == 1 and "Content Security Policy" in complaints[0]
    context.close()
