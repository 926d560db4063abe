"""The pages as they are sent: whole, linked, in the words of the release, and never with markup that somebody else wrote."""

import csv
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import duckdb
import pytest
from portal import Elements, page_over, published

from pipelines.home import Home
from pipelines.portal.opened import Opened
from pipelines.portal.overview import values
from pipelines.portal.pages import templates
from pipelines.portal.wording import leads_out
from pipelines.show import RINGS

PAGES = ("/", "/organizations", "/organizations?ring=outside&sort=name", "/quality", "/moved", "/dictionary")
RUNS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "{{ 7*7 }}",
    "</title><svg onload=alert(1)>",
)


@pytest.fixture(scope="module")
def demo(demo_home: Path) -> Any:
    return page_over(Home(demo_home))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Markup wherever a lead list or a web page has text."""
    texts = "company first_name last_name job_title city channel campaign".split()
    people = [{**dict.fromkeys(texts, each), "domain": f"p{number}.example"} for number, each in enumerate(RUNS)]
    stated = "name description street city country industry mentions technology linkedin".split()
    facts = {f"p{number}.example": [(name, each) for name in stated] for number, each in enumerate(RUNS)}
    with published(tmp_path_factory.mktemp("markup") / "home", people, facts) as publish:
        yield page_over(publish())


def ids(page: Any) -> list[str]:
    return sorted(set(re.findall(r'href="/organizations/([^"#?]+)"', page.get("/organizations").text)))


def all_pages(page: Any) -> list[str]:
    return [*PAGES, *(f"/organizations/{each}" for each in ids(page))]


def test_every_page_is_whole_and_has_nothing_of_a_script_or_style_of_its_own(demo: Any) -> None:
    for path in all_pages(demo):
        answer = demo.get(path)
        elements = Elements(answer.text)
        assert answer.status_code == 200 and elements.open == [], path
        assert not elements.of("script") and not elements.of("style") and len(elements.of("h1")) == 1, path
        assert not [name for _, attributes in elements.found for name in attributes if name == "style" or name.startswith("on")]
        assert len(elements.of("title")) >= 1 and elements.of("html")[0]["lang"] == "en"
        names = [attributes["id"] for _, attributes in elements.found if "id" in attributes]
        assert len(names) == len(set(names)), path


def test_every_link_within_leads_somewhere(demo: Any) -> None:
    seen, todo = set[str](), ["/"]
    while todo:
        path = todo.pop()
        found = Elements(demo.get(path).text)
        for link in found.of("a"):
            target, _, anchor = (link["href"] or "").partition("#")
            if anchor and not target:
                assert any(attributes.get("id") == anchor for _, attributes in found.found), link
            if target.startswith("/") and target not in seen and not target.startswith(("/download/", "/sessions")):
                seen.add(target)
                assert demo.get(target).status_code == 200, target
                if len(seen) < 150:
                    todo.append(target)
    assert len(seen) > 60


def test_links_out_of_the_house_say_nothing_of_where_they_are_followed_from(demo: Any) -> None:
    out = [
        link for path in all_pages(demo) for link in Elements(demo.get(path).text).of("a") if (link["href"] or "")[:1] not in "/#"
    ]
    assert len(out) > 50
    for link in out:
        assert str(link["href"]).startswith(("https://", "http://")) and link["rel"] == "noopener noreferrer nofollow external"


def test_the_front_page_counts_every_organization_once_in_picture_and_table(demo: Any) -> None:
    text = demo.get("/").text
    dots = set(re.findall(r'<a href="/organizations/([^"]+)" tabindex="-1"><circle', text))
    assert dots == set(ids(demo)) and f"{len(dots)} organizations" in text
    rows = dict(re.findall(r'href="/organizations\?ring=(\w+)"><span.*?<td class="number strong">(\d+)</td>', text, re.DOTALL))
    assert sorted(rows) == sorted(RINGS) and sum(map(int, rows.values())) == len(dots)
    for ring, count in rows.items():
        told = re.search(r'role="status">(.*?)</p>', demo.get(f"/organizations?ring={ring}").text)
        assert told and f"Ring is {ring}: {count} organization" in told[1]


def test_the_page_of_an_organization_tells_all_that_explain_tells(demo_home: Path, demo: Any) -> None:
    with Opened(Home(demo_home)).reading() as release, release.reader() as reader:
        for row in reader.rows(
            "select * from mart.fit join mart.message using (organization_id) where ring in ('bullseye', 'outside')"
        ):
            text = demo.get(f"/organizations/{row['organization_id']}").text
            reasons = reader.rows(
                "select because, quote from mart.fit_reason where organization_id = $1 and icp = $2",
                [row["organization_id"], row["icp"]],
            )
            message = templates.from_string("{{ it }}").render(it=row["message"])
            assert message in text and str(row["ring"]) in text and len(reasons) > 3
            for reason in reasons:
                assert templates.from_string("{{ it }}").render(it=reason["because"]) in text


def test_rows_come_in_the_order_asked_for_and_pages_meet_without_gap(demo_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    demo = page_over(Home(demo_home))
    monkeypatch.setattr("pipelines.portal.table.ROWS", 7)
    monkeypatch.setattr("pipelines.portal.app.ROWS", 7)
    for sort in ("best", "worst", "name", "name-down", "fit", "fit-up", "coverage", "readiness-up", "reach"):
        found, path = list[str](), f"/organizations?sort={sort}"
        while path:
            text = demo.get(path).text
            found += re.findall(r'<th scope="row"><a href="/organizations/([^"]+)"', text)
            following = re.search(r'rel="next" href="([^"]+)"', text)
            path = following[1].replace("&amp;", "&") if following else ""
        assert sorted(found) == sorted(set(found)) and len(found) == 48, sort
    assert demo.get("/organizations?page=99").status_code == 404


def test_chosen_filters_stay_chosen_and_can_be_taken_away(demo: Any) -> None:
    text = demo.get("/organizations?ring=bullseye&country=DE&sort=name").text
    checked = [each for each in Elements(text).of("input") if "checked" in each]
    assert {(each["name"], each["value"]) for each in checked} == {("ring", "bullseye"), ("country", "DE")}
    assert 'href="/organizations?country=DE"' in text and 'href="/organizations?ring=bullseye"' in text
    assert "/download/leads.csv?ring=bullseye&amp;country=DE" in text


@pytest.mark.parametrize("path", ["/organizations/org_0", "/organizations/%00", "/organizations/' or 1=1 --", "/nothing"])
def test_what_is_not_there_is_a_page_that_says_so(demo: Any, path: str) -> None:
    answer = demo.get(path)
    assert answer.status_code == 404 and "<h1>Not Found</h1>" in answer.text and "or 1=1" not in answer.text


def test_a_wrong_question_is_answered_in_a_sentence_and_not_repeated(demo: Any) -> None:
    answer = demo.get("/organizations", params={"ring": "<script>alert(1)</script>"})
    assert answer.status_code == 400 and "This release has no such ring" in answer.text and "script" not in answer.text


def test_e6_markup_from_lists_and_pages_is_text_everywhere(hostile: Any) -> None:
    shown = ""
    for path in [*all_pages(hostile), "/organizations?search=%3Cscript%3E", "/organizations?search=%22%3E%3Cimg"]:
        text = hostile.get(path).text
        elements = Elements(text)
        shown += text
        assert not elements.of("script") and not [each for each in elements.of("img") if each["src"] != "/static/bullseye.svg"]
        for name, attributes in elements.found:
            assert not [each for each in attributes if each.startswith("on") or each == "style"], (path, name)
            for each in ("href", "src", "action"):
                assert (attributes.get(each) or "/").startswith(("/", "#", "https://", "http://")), (path, attributes)
    assert "&lt;script&gt;alert(1)" in shown and "{{ 7*7 }}" in shown and "javascript:alert(1)" in shown


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", " https://a.example", "data:text/html,x", "//a.example", "https:a", "https://",
        "", "vbscript:x", "https://a.example/\n", "https://a.example/\x00", "https://user:pw@a.example", "https://a.example\\@b.example",
        "file:///etc/passwd", "https://a.example/'onclick=x", 'https://a.example/"x', "https://[::1", "http&#58;//a", None,
    ],
)  # fmt: skip
def test_what_is_no_plain_address_on_the_web_is_no_link(address: str | None) -> None:
    assert not leads_out(address)


@pytest.mark.parametrize("address", ["https://a.example", "http://a.example:8080/x?y=z#a", "https://ä.example/ü"])
def test_addresses_on_the_web_are_links(address: str) -> None:
    assert leads_out(address)


def test_nothing_in_a_template_switches_escaping_off() -> None:
    folder = Path(__file__).parents[1] / "pipelines" / "portal"
    for path in folder.rglob("*.html"):
        text = path.read_text("utf-8")
        assert "|safe" not in text.replace(" ", "") and "autoescape" not in text and "xmlattr" not in text, path.name


def test_quality_tells_what_is_broken_by_how_loud_it_is(tmp_path: Path) -> None:
    with published(tmp_path / "home") as publish:
        home = publish()
    verdicts = (home.releases / "one" / "quality.json").read_text("utf-8")
    (home.releases / "one" / "quality.json").write_text(verdicts.replace('"passed": true', '"passed": false', 1), "utf-8")
    text = page_over(home).get("/").text
    assert re.search(r"✗ 1 promise broken|! 1 warning", text)
    assert re.search(r"✗ broken|! warning", page_over(home).get("/quality").text)


def test_the_dictionary_describes_every_column_of_the_release(demo_home: Path, demo: Any) -> None:
    text = demo.get("/dictionary").text
    with Opened(Home(demo_home)).reading() as release, release.reader() as reader:
        for table in release.tables:
            assert f"<code>{table}</code>" in text
        for column, _ in reader.columns("mart.organization"):
            assert f"<code>{column}</code>" in text
    assert "<td></td></tr>" not in text, "a column without a meaning"


def test_a_filter_is_offered_where_there_is_something_to_choose(tmp_path: Path) -> None:
    with published(tmp_path / "home") as publish:
        home = publish("one")
        page = page_over(home)
        (own,) = (row["value"] for row in _profiles(home))
        assert 'name="icp"' not in page.get("/organizations").text
        assert f'name="icp" value="{own}" checked' in page.get(f"/organizations?icp={own}").text
        home = publish("two")
        with duckdb.connect(home.releases / "two" / "bullseye.duckdb") as connection:
            connection.execute("update mart.fit set icp = 'till' where ring = 'problem'")
        assert {row["value"] for row in _profiles(home)} == {own, "till"}
        found = page.get("/organizations?icp=till").text
        assert 'value="till" checked' in found and "1 organization, 2 leads" in found and "Tin Anchor" in found
        taken = csv.DictReader(StringIO(page.get("/download/leads.csv?icp=till").text))
        assert "Velvet Crane" not in found and {row["company"] for row in taken} == {"Tin Anchor", "TIN ANCHOR Holding"}


def _profiles(home: Home) -> list[dict[str, Any]]:
    with Opened(home).reading() as release:
        return values(release)["icp"]
