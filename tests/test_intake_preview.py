"""The preview of a lead list: what it says of a file, and that a person or a program can read it."""

import json
from datetime import date
from io import StringIO

import pytest
import yaml
from rich.console import Console
from typer.testing import CliRunner

from pipelines import show_lists
from pipelines.cli import app
from pipelines.errors import Stop
from pipelines.intake.inbox import LeadList
from pipelines.intake.preview import preview, previews
from pipelines.intake.reading import read_lists
from pipelines.settings import Lists, Settings

TODAY = date(2026, 3, 1)
FAIR = """Messe Nord;;;;
Firma;E-Mail;Telefon;Datum;Firma
Otter GmbH;ada@otter.example;030 1234567;1/2/2026;Beaver AG
Heron AG;bo@heron.example;089 1234567;13/2/2026;
;cy@freemail.example;+49 171 1234567;14/2/2026;
Stork KG;;4.93E+11;bald;
"""


def seen(tmp_path, text, name="fair.csv", settings=None):
    (tmp_path / name).write_text(text, "utf-8")
    (found,) = preview(tmp_path / name, settings or Settings(), TODAY)
    return found


def column(found, heading):
    return next(each for each in found.columns if each.heading == heading)


def printed(found_in, as_json=False, terminal=False, settings=None):
    file = StringIO()
    console = Console(file=file, width=160, force_terminal=terminal)
    show_lists.preview(console, [found_in], settings or Settings(), TODAY, as_json=as_json)
    return file.getvalue()


def test_a_list_says_how_it_is_read(tmp_path):
    found = seen(tmp_path, FAIR)
    assert (found.name, found.kind, found.format, found.rows) == ("fair.csv", "leads", "csv", 4)
    assert found.encoding is not None
    assert "columns apart by ;" in found.dialect
    assert any("Messe Nord" in line for line in found.aside)


def test_what_would_become_of_the_rows(tmp_path):
    found = seen(tmp_path, FAIR)
    assert (found.leads, dict(found.rejected)) == (3, {"free_mail_only": 1})
    assert "work address" in found.sentences["free_mail_only"]
    assert found.leads + sum(found.rejected.values()) == found.rows


def test_columns_say_their_field_their_share_and_their_samples(tmp_path):
    found = seen(tmp_path, FAIR)
    mail = column(found, "E-Mail")
    assert (mail.field, mail.because, mail.use, mail.stated, mail.filled, mail.unclear) == (
        "email",
        "heading",
        "first",
        3,
        0.75,
        0,
    )
    assert mail.samples == ("ada@otter.example", "bo@heron.example", "cy@freemail.example")


def test_what_is_not_understood_is_counted_and_shown(tmp_path):
    national, placed = seen(tmp_path, FAIR), seen(tmp_path, FAIR, settings=Settings(lists=Lists(default_country="DE")))
    assert (column(national, "Telefon").unclear, column(placed, "Telefon").unclear) == (3, 1)
    assert column(placed, "Telefon").unclear_samples == ("4.93E+11",)
    assert column(placed, "Datum").unclear_samples == ("bald",)
    assert any("default_country" in warning for warning in national.warnings)


def test_a_national_number_is_understood_in_the_country_of_its_row(tmp_path):
    found = seen(tmp_path, "company,phone,country\nOtter,030 1234567,Germany\nHeron,030 1234567,\n")
    assert column(found, "phone").unclear == 1


def test_the_second_of_two_columns_is_kept_and_warned_about(tmp_path):
    found = seen(tmp_path, FAIR)
    second = found.columns[-1]
    assert (second.field, second.use) == ("company", "extra")
    assert any(f"`{second.heading}` says company too; `Firma` is read" in warning for warning in found.warnings)


def test_a_list_that_names_no_organization_is_warned_about(tmp_path):
    found = seen(tmp_path, "visits,pages\n1,2\n3,4\n")
    assert any("No column says which organization" in warning for warning in found.warnings)
    assert (found.leads, sum(found.rejected.values())) == (0, 2)


def test_an_unsure_column_is_warned_about(tmp_path):
    found = seen(tmp_path, "Company,Website\nOtter,soon\nHeron,none yet\nStork,www.stork.example\n")
    assert any("`Website` is taken for website, but that is unsure" in warning for warning in found.warnings)


def test_a_sound_list_has_no_warnings(tmp_path):
    found = seen(tmp_path, "Company,Website\nOtter GmbH,otter.example\nHeron AG,heron.example\n")
    assert found.warnings == ()


@pytest.mark.parametrize("name", ["fair.csv", "fair [2026]*.csv"])
def test_the_lines_for_settings_say_what_was_found_and_change_it_when_pasted(tmp_path, name):
    first = seen(tmp_path, FAIR, name)
    lists = yaml.safe_load(first.settings)["lists"]
    again = seen(tmp_path, FAIR, name, Settings(lists=Lists(**lists)))
    assert [each.use == "extra" or each.field for each in again.columns] == [
        each.use == "extra" or each.field for each in first.columns
    ]
    assert {each.because for each in again.columns} == {"settings"}
    next(iter(lists["headings"].values()))["Telefon"] = "note"
    changed = seen(tmp_path, FAIR, name, Settings(lists=Lists(**lists)))
    assert column(changed, "Telefon").field == "note"


def test_a_wrong_field_in_settings_stops_with_a_sentence(tmp_path):
    with pytest.raises(Stop, match="no field; choose from"):
        seen(tmp_path, FAIR, settings=Settings(lists=Lists(headings={"*": {"Firma": "firm"}})))


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [("deck.pdf", b"%PDF-1.7", "unsupported_format"), ("empty.csv", b"", "empty_file"), ("a.json", b"{", "broken_json")],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path, name, content, reason):
    (tmp_path / name).write_bytes(content)
    (found,) = previews([tmp_path / name], Settings(), TODAY)
    assert (found.leads, dict(found.rejected), found.warnings) == (0, {reason: 1}, ())
    assert found.sentences[reason].endswith(".")


def test_a_path_that_is_not_there_stops(tmp_path):
    with pytest.raises(Stop, match="neither a file nor a folder"):
        list(previews([tmp_path / "nowhere.csv"], Settings(), TODAY))


def test_a_folder_is_all_its_files_and_only_the_beginning_of_each_is_looked_at(tmp_path):
    (tmp_path / "a.csv").write_text("company\n" + "Otter\n" * 5000, "utf-8")
    (tmp_path / "b.jsonl").write_text('{"company": "Heron"}\n', "utf-8")
    found = list(previews([tmp_path], Settings(), TODAY))
    assert [(each.name, each.rows, each.format) for each in found] == [("a.csv", 1000, "csv"), ("b.jsonl", 1, "jsonl")]


def test_piped_it_is_a_line_a_column_set_apart_by_tabs(tmp_path):
    (tmp_path / "fair.csv").write_text(FAIR, "utf-8")
    lines = [line.split("\t") for line in printed(tmp_path / "fair.csv").split("\n") if "\t" in line]
    assert lines[0] == list(show_lists.COLUMNS)
    assert [line[:2] for line in lines[1:3]] == [["Firma", "company"], ["E-Mail", "email"]]
    assert {len(line) for line in lines} == {len(show_lists.COLUMNS)}


def test_on_a_terminal_it_is_a_table_that_cannot_be_steered(tmp_path):
    (tmp_path / "evil.csv").write_text("company,[red]note\nOtter,\x1b[2Jgone [bold]x[/nobold]\n", "utf-8")
    shown = printed(tmp_path / "evil.csv", terminal=True)
    assert "gone [bold]x[/nobold]" in shown.replace("\x1b[2m", "").replace("\x1b[0m", "")
    assert "\x1b[2J" not in shown


def test_as_json_it_says_everything(tmp_path):
    (tmp_path / "fair.csv").write_text(FAIR, "utf-8")
    (found,) = json.loads(printed(tmp_path / "fair.csv", as_json=True))["lists"]
    assert found["leads"] == 3
    assert found["columns"][1]["field"] == "email"
    assert set(found) >= {"name", "encoding", "dialect", "warnings", "settings", "rejected"}


NULLS = "company,country,city\nOtter,NA,Windhoek\nHeron,NA,0000\n0000,DE,Berlin\n"


def test_na_is_namibia_unless_settings_say_it_is_nothing(tmp_path):
    (tmp_path / "a.csv").write_text(NULLS, "utf-8")
    read = {words: sightings(tmp_path / "a.csv", Settings(lists=Lists(null_words=words))) for words in ((), ("na", "0000"))}
    assert [row["country"] for row in read[()]] == ["NA", "NA", "DE"]
    assert [(row["company"], row["country"], row["city"]) for row in read["na", "0000"]] == [
        ("Otter", None, "Windhoek"),
        ("Heron", None, None),
    ]


def test_a_dollar_is_that_of_the_countries_the_list_is_from(tmp_path):
    (tmp_path / "a.csv").write_text("company,country,revenue\nOtter,Canada,$5M\nHeron,Canada,US$4\n", "utf-8")
    (tmp_path / "b.csv").write_text("company,country,revenue\nOtter,Canada,$5M\nHeron,Canada,$4\n", "utf-8")
    currencies = [[row["revenue_currency"] for row in sightings(tmp_path / name, Settings())] for name in ("a.csv", "b.csv")]
    assert currencies == [["USD", "USD"], ["CAD", "CAD"]]


def sightings(path, settings):
    (lead_list,) = [LeadList("list_1", path.name, "leads", "", TODAY, path)]
    return read_lists([lead_list], settings).sighting.to_pylist()


def test_the_command_prints_it(tmp_path):
    (tmp_path / "fair.csv").write_text(FAIR, "utf-8")
    done = CliRunner().invoke(app, ["intake", "preview", str(tmp_path), "--json"])
    assert done.exit_code == 0
    assert [each["name"] for each in json.loads(done.stdout)["lists"]] == ["fair.csv"]


def test_of_files_that_are_understood_alike_the_first_is_shown(tmp_path):
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.csv").write_text(f"company,website\nOtter {name},{name}.example\n,\n", "utf-8")
    (tmp_path / "d.csv").write_text("Firma\nOtter GmbH\n", "utf-8")
    shown = printed(tmp_path)
    assert shown.count("would be leads, duplicates among them") == 2
    assert "2 more like a.csv, of whose first rows 2 would be leads and" in shown
