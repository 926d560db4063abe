"""H8: what nobody may keep of a person is kept nowhere, nor is anything of whoever is not of age; of companies all stays."""

from datetime import date
from pathlib import Path

import pytest

from pipelines.intake.inbox import lists_in, receive
from pipelines.intake.minors import says_under_age
from pipelines.intake.reading import read_lists
from pipelines.intake.tables import IntakeTables
from pipelines.settings import Lists, Settings

DAY = date(2026, 1, 15)
NOTES = """
is diabetic, no lunch please | on sick leave until May | had a heart attack in spring | recovering from cancer | HIV positive
leidet an Depressionen | ist schwerbehindert (GdB 50) | krankgeschrieben bis Juni | schwanger, ab Mai weg | en arrêt maladie
está embarazada | she is pregnant | uses a wheelchair | he is autistic | in rehab again | burn-out last year
psychische Probleme | allergic to nuts | met him at church | strictly kosher | fasts during Ramadan
aus der Kirche ausgetreten | devout Catholic | très catholique | her mosque | is Jewish | keeps halal | evangelischer Pfarrer
active in the trade union | Gewerkschaftsmitglied | im Betriebsrat | délégué syndical | sindicalista | union rep at the plant
works council chair | votes for the Green Party | CDU-Mitglied | SPD | AfD supporter | political activist | socialist | is gay
lives openly lesbian | trans woman | schwul, verheiratet | LGBTQ+ network | Latina | African-American | person of colour
of Turkish descent | hat Migrationshintergrund | ethnic minority | vorbestraft | was in prison | criminal record | juedisch
Jüdin? jüdisch | ＧＡＹ
""".replace("\n", "|").split("|")
TITLES = {
    "CTO | cancer survivor | runner": "CTO | … | runner",
    "Shop steward": None,
    "Head of Sales and shop steward": "Head of Sales and …",
    "Betriebsratsvorsitzende": None,
    "Union representative": None,
    "Pastor": None,
    "Imam / Teacher": "… / Teacher",
    "CEO, proud gay dad": "CEO, …",
    "Founder (autistic)": "Founder (…)",
    "Parteimitglied, Einkauf": "…, Einkauf",
    "Trade unionist & buyer": "… & buyer",
}
COLUMNS = """
Religion; Konfession; Ethnicity; Sexual orientation; Disability; Grad der Behinderung; Health status; Dietary requirements
Union member; Gewerkschaft; Political party; Diagnose; Allergies; Blood type; Biometric data; Criminal record
Migrationshintergrund; Any special needs?
""".replace("\n", ";").split(";")
ORDINARY_NOTES = """
Christian will call back | wants a demo in May | disable the old account | their hospitality division
12 hospitals, 3 clinics | sucht neue Software | European Union grant | Western Union rate | Church Street office
a stroke of luck | in good faith | wählt im Juni aus | Herkunft: Messe | stick to plan | prefers e-mail
our competitor is ahead | has 3 Krankenhaus sites | German market | Kirchheim plant | Islamabad office | Hindustan project
political risk desk | born to lead | a 15 year old company | 12-year-old system to replace | age of machines
Pupil Barrister chambers | 16 users | aged stock of 15 pallets
""".replace("\n", "|").split("|")
ORDINARY_TITLES = """
Cancer Research Director; Head of Oncology; HIV Program Manager; Director of Mental Health Services; VP Labor Relations
Disability Services Lead; Head of Religious Publishing; Political Risk Analyst; Diversity Manager; Pupil Support Officer
Schülerbetreuer; Leiter Einkauf; Geschäftsführer; Head of Church Relations; Business Development; Union Relations Manager
Directeur général
""".replace("\n", ";").split(";")
MINORS = """
aged 15, likes robots | 15 years old | a 16-year-old | born 2014 | born in March 2012 | geb. 12.03.2011 | geboren 2010
14 Jahre alt | 17-jährige Praktikantin | school pupil | Schülerin | minderjährig | still at school | élève de 3e
âgé de 16 ans | 15 años de edad | nacida en 2013 | is a minor | age: 16 | 15 y/o | DOB 2010-05-01 | high school student
""".replace("\n", "|").split("|")
ADULTS = """
born 1984 | aged 45 | 34 years old | geb. 12.03.1971 | a 15 year old company | 12-year-old machine | founded 2014 | since 2015
""".replace("\n", "|").split("|")


def read(content: str, folder: Path) -> IntakeTables:
    (folder / "list.csv").write_text(content, "utf-8")
    receive([folder / "list.csv"], folder / "inbox", DAY)
    return read_lists(lists_in(folder / "inbox", Lists(), DAY), Settings())


def column(heading: str, cells: list[str], folder: Path) -> IntakeTables:
    rows = "".join(f'Nut Ltd,Ada,Otter{number},"{cell}"\n' for number, cell in enumerate(cells))
    return read(f"company,first name,last name,{heading}\n{rows}", folder)


def stripped(texts: list[str]) -> list[str]:
    return [text.strip() for text in texts if text.strip()]


@pytest.mark.parametrize("heading", ["notes", "Shoe", "About me"])
def test_what_nobody_may_keep_is_stored_nowhere(heading: str, tmp_path: Path) -> None:
    cells = stripped(NOTES)
    tables = column(heading, cells, tmp_path)
    assert [row["fields"].rpartition(':"')[2] for row in tables.lead_row.to_pylist()] == ['…"}'] * len(cells)
    assert tables.sighting.num_rows == len(cells) and not [cell for cell in cells if cell in str(tables.named())]


def test_a_title_says_everything_else(tmp_path: Path) -> None:
    tables = column("job title", list(TITLES), tmp_path)
    assert [row["job_title"] for row in tables.sighting.to_pylist()] == list(TITLES.values())


@pytest.mark.parametrize("heading", stripped(COLUMNS))
def test_a_column_that_asks_for_it_is_not_kept(heading: str, tmp_path: Path) -> None:
    tables = column(heading, ["yes", "something of theirs", ""], tmp_path)
    kept = [row["fields"] for row in tables.lead_row.to_pylist()]
    assert [fields.count("…") for fields in kept] == [1, 1, 0] and "of theirs" not in str(tables.named())


def test_what_is_said_of_work_stays(tmp_path: Path) -> None:
    notes = column("notes", stripped(ORDINARY_NOTES), tmp_path).sighting.to_pylist()
    assert [row["note"] for row in notes] == stripped(ORDINARY_NOTES)
    (tmp_path / "titles").mkdir()
    titles = column("job title", stripped(ORDINARY_TITLES), tmp_path / "titles").sighting.to_pylist()
    assert [row["job_title"] for row in titles] == stripped(ORDINARY_TITLES)


def test_what_is_said_of_companies_stays(tmp_path: Path) -> None:
    said = "company,website,industry,Category,Religion,about\nNut Ltd,nut.example,Religious,Church,Islam,We cure cancer\n"
    assert "…" not in str(read(said, tmp_path).named())
    of_persons = "company,last name,industry,Company keywords,description\nNut Ltd,Otter,Healthcare,cancer hiv,We cure cancer\n"
    assert "…" not in str(read(of_persons, _folder(tmp_path, "of persons")).named())


def test_ids_stay_those_of_the_row_as_it_came(tmp_path: Path) -> None:
    """Better words never change an id."""
    withheld, other = (
        column("Shoe", [cell], _folder(tmp_path, cell)).sighting["lead_id"][0].as_py() for cell in ("is gay", "is tall")
    )
    again = column("Shoe", ["is gay"], _folder(tmp_path, "again")).sighting["lead_id"][0].as_py()
    assert withheld == again != other


def _folder(folder: Path, name: str) -> Path:
    (folder / name).mkdir()
    return folder / name


def test_whoever_is_not_of_age_leaves_with_the_whole_row(tmp_path: Path) -> None:
    cells = stripped(MINORS)
    tables = column("notes", [*cells, "is of age"], tmp_path)
    assert {row["reason"] for row in tables.rejected_row.to_pylist()} == {"minor"} and tables.rejected_row.num_rows == len(cells)
    assert {row["fields"] for row in tables.rejected_row.to_pylist()} == {"{}"} and tables.sighting.num_rows == 1


@pytest.mark.parametrize(
    ("heading", "cells", "leaves"),
    [
        ("Date of birth", ["2010-03-02", "14.02.2009", "1/2/2012", "2008-01-15", "2008-01-16", "1971-05-05", ""], "1110100"),
        ("Age", ["15", "17", "18", "45", ""], "11000"),
        ("Alter", ["16", "61"], "10"),
        ("job title", ["Schüler", "Pupil", "Pupil Support Officer", "Schülerbetreuer", "Intern, high school student"], "11001"),
    ],
)
def test_columns_of_ages_and_births_are_understood(heading: str, cells: list[str], leaves: str, tmp_path: Path) -> None:
    found = {row["row_number"] for row in column(heading, cells, tmp_path).rejected_row.to_pylist() if row["reason"] == "minor"}
    assert "".join(str(int(number in found)) for number in range(1, len(cells) + 1)) == leaves


@pytest.mark.parametrize("text", stripped(ADULTS))
def test_nobody_else_is_taken_for_a_child(text: str) -> None:
    assert not says_under_age(text, DAY)
