"""The command line as a person meets it: what the demo says, explains, exports; one sentence for every trouble."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml
from released import opened
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.job import ROOT

EXPECTED: dict[str, str] = yaml.safe_load((ROOT / "examples" / "expected.yaml").read_text("utf-8"))


NOT_REACHED = """
    select ring, fit, readiness
    from mart.fit
    join mart.organization using (organization_id)
    where pages_read = 0 and ring <> 'outside'
"""


def bullseye(*arguments: str, home: Path | None = None) -> tuple[int, str]:
    """Run the command in this process and return its exit code and all it said."""
    given = [*arguments, *(["--home", str(home)] if home else [])]
    result = CliRunner().invoke(app, given, env={"COLUMNS": "200", "TERM": "dumb"})
    said = result.output + (str(result.exception) if result.exception and not isinstance(result.exception, SystemExit) else "")
    return result.exit_code, said


def test_the_demo_puts_every_example_in_its_ring(demo_home: Path) -> None:
    with opened(demo_home) as database:
        found = dict(database.execute("select domain, ring from mart.fit").fetchall())
    assert {domain: found.get(domain) for domain in EXPECTED} == EXPECTED


def test_the_demo_says_what_a_person_wants(demo_home: Path) -> None:
    said = (demo_home / "said.txt").read_text("utf-8")
    for wanted in (
        "76",
        "leads",
        "organizations",
        "captures",
        "facts",
        "bullseye",
        "outside",
        "unknown",
        "Worth finding out first: “How many people work for you?” (size) alone holds 6 organizations with 6 leads back.",
        "release lies in",
        "type next",
    ):
        assert wanted in said, wanted
    assert said.count("is in the ring") == 3


def test_the_demo_keeps_the_books(demo_home: Path) -> None:
    with opened(demo_home) as database:
        rows = database.execute("select rows_in, leads, duplicates, rejected, lost from mart.lead_list").fetchall()
    assert sum(row[0] for row in rows) == 76
    assert all(row[0] == row[1] + row[2] + row[3] and row[4] == 0 for row in rows)


def test_every_lead_has_exactly_one_route_and_every_action_is_used(demo_home: Path) -> None:
    with opened(demo_home) as database:
        leads = database.execute("select count(*), count(distinct lead_id), count(route) from mart.lead").fetchall()[0]
        actions = {row[0] for row in database.execute("select distinct action from mart.route").fetchall()}
    assert len(set(leads)) == 1
    assert actions == {"sell", "nurture", "research", "repeat_sale", "leave_alone"}


def test_nothing_is_known_of_those_that_were_not_reached(demo_home: Path) -> None:
    with opened(demo_home) as database:
        rows = database.execute(NOT_REACHED).fetchall()
    assert rows and all(row == ("unknown", None, None) for row in rows)


def test_no_persons_mailbox_is_read_from_a_page(demo_home: Path) -> None:
    with opened(demo_home) as database:
        mailboxes = {row[0] for row in database.execute("select value from mart.fact where property = 'mailbox'").fetchall()}
    assert mailboxes and all("." not in mailbox.partition("@")[0] for mailbox in mailboxes)


def test_explain_says_ring_reasons_and_quotes(demo_home: Path) -> None:
    code, said = bullseye("explain", "https://www.copperkettle-supply.example/about", home=demo_home)
    assert code == 0
    for wanted in (
        "Ring bullseye",
        "fit",
        "readiness",
        "reach",
        "typed in by hand",
        "https://copperkettle-supply.example/",
        "Message",
        "Route",
    ):
        assert wanted in said, wanted


def test_explain_as_json_is_complete(demo_home: Path) -> None:
    code, said = bullseye("explain", "Badger & Bolt", "--json", home=demo_home)
    about = json.loads(said)
    assert code == 0
    assert about["fit"]["ring"] == "problem"
    assert about["gaps"][0]["next_ring"] == "bullseye"
    for figure in ("fit", "readiness", "reach"):
        points = sum(row["points"] for row in about["reasons"] if row["figure"] == figure)
        assert about["fit"][figure] == pytest.approx(points, abs=0.005)
    assert about["lookalikes"][0]["shares"] in " ".join(bullseye("explain", "Badger & Bolt", home=demo_home)[1].split())


@pytest.mark.parametrize("listed", ["skerry.example", "https://pinecone-pipes.example/"])
def test_what_the_lists_gave_still_finds_the_organization(listed: str, demo_home: Path) -> None:
    code, said = bullseye("explain", listed, home=demo_home)
    assert code == 0 and ("puffinpulleys.example" in said or "pinecone-plumbing.example" in said)


def test_the_demo_records_who_is_who(demo_home: Path) -> None:
    query = """
        select organization.domain, identity.finding, identity.quote is not null as quoted
        from mart.identity
        join mart.organization using (organization_id)
    """
    with opened(demo_home) as database:
        found = set(database.execute(query).fetchall())
        leads = database.execute("select leads from mart.organization where domain = 'pinecone-plumbing.example'").fetchall()
    assert found == {
        ("pinecone-plumbing.example", "joined", True),
        ("pinecone-plumbing.example", "moved", True),
        ("brass-otter.example", "leads elsewhere", True),
        ("brass-otter.example", "parent", True),
        ("puffinpulleys.example", "somebody else's", True),
        ("puffinpulleys.example", "guessed and confirmed", True),
        ("meisterlampeleuchten.example", "guessed and confirmed", True),
        (None, "guessed and not confirmed", False),
        ("blue-heron-pumps.example", "for sale", False),
    }
    assert leads[0][0] >= 2


def test_an_unknown_name_gets_near_ones(demo_home: Path) -> None:
    code, said = bullseye("explain", "copper-kettle.example", home=demo_home)
    assert code == 1
    assert "copperkettle-supply.example" in said


@pytest.mark.parametrize("part", ["kettle", "KETTLE", "supply.exam"])
def test_a_part_of_a_name_gets_those_that_have_it_first(part: str, demo_home: Path) -> None:
    code, said = bullseye("explain", part, home=demo_home)
    assert code == 1 and "copperkettle-supply.example" in said


@pytest.mark.parametrize("layout", ["csv", "parquet", "xlsx", "jsonl", "hubspot", "salesforce"])
def test_every_layout_exports(layout: str, demo_home: Path, tmp_path: Path) -> None:
    code, said = bullseye("export", "--layout", layout, "--to", str(tmp_path / "out"), home=demo_home)
    written = list((tmp_path / "out").iterdir())
    assert code == 0 and written and all(path.stat().st_size > 100 for path in written), said


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (["export", "--layout", "pdf"], "choose from"),
        (["run", "--leads", "nowhere.csv", "--web", "nowhere"], "nowhere"),
        (["run", "--as-of", "yesterday"], "2025-12-15"),
        (["icp", "check", "nowhere.yaml"], "does not exist"),
    ],
)
def test_trouble_is_one_sentence(arguments: list[str], wanted: str, demo_home: Path) -> None:
    home = None if arguments[0] == "icp" else demo_home
    code, said = bullseye(*arguments, home=home)
    assert code == 1 and wanted in said and "Traceback" not in said


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (["hosts", "{folder}"], "is no WARC file"),
        (["hosts", "{text}"], "There is no web page in"),
        (["icp", "check", "{folder}"], "cannot be read"),
        (["run", "--settings", "{binary}", "--leads", "{text}", "--home", "{folder}/new"], "is not UTF-8"),
        (["run", "--settings", "{folder}", "--leads", "{text}", "--home", "{folder}/new"], "cannot be read"),
        (["run", "--leads", "{text}", "--home", "{text}"], "choose another folder with --home"),
        (["run", "--leads", "{text}", "--home", "/proc/bullseye"], "choose another folder with --home"),
        (["status", "--home", "{text}"], "Nothing is published"),
    ],
)
def test_what_cannot_be_read_or_written_is_one_sentence(arguments: list[str], wanted: str, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("company\nAcme\n", "utf-8")
    (tmp_path / "binary").write_bytes(b"\x00\xff\xfe: 1")
    places = {"folder": tmp_path, "text": tmp_path / "text", "binary": tmp_path / "binary"}
    code, said = bullseye(*(each.format(**places) for each in arguments))
    assert code == 1 and wanted in said and "Traceback" not in said


def test_a_disk_that_refuses_is_one_sentence(demo_home: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", "utf-8")
    script = Path(sys.executable).parent / "bullseye"
    arguments = [script, "export", "--layout", "csv", "--to", tmp_path / "file", "--home", demo_home]
    done = subprocess.run(arguments, capture_output=True, text=True)
    assert done.returncode == 1 and done.stderr.startswith("Stopped:") and done.stderr.count("\n") == 1, done.stderr


@pytest.mark.long
@pytest.mark.slow
def test_an_interrupted_run_says_one_sentence_and_the_next_one_finishes(tmp_path: Path) -> None:
    command = [Path(sys.executable).parent / "bullseye", "demo", "--home", tmp_path / "home"]
    environment = {**os.environ, "COLUMNS": "120"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as process:
        archive = tmp_path / "home" / "archive"
        while process.poll() is None and not list(archive.glob("*.warc.gz")):
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, complaint = process.communicate(timeout=20)
    assert process.returncode == 130, complaint
    assert complaint.strip().startswith("Interrupted:") and "Traceback" not in complaint
    assert not (tmp_path / "home" / "releases" / "current").exists()
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr


def test_a_live_run_without_a_contact_refuses_to_start(tmp_path: Path) -> None:
    leads = tmp_path / "leads.csv"
    leads.write_text("company,website\nAcme,https://acme.example\n", "utf-8")
    code, said = bullseye("run", "--leads", str(leads), home=tmp_path / "home")
    assert code == 1 and "contact" in said


def test_nothing_published_says_what_to_do(tmp_path: Path) -> None:
    code, said = bullseye("status", home=tmp_path)
    assert code == 1 and "bullseye run" in said


def test_status_sources_check_and_doctor_answer(demo_home: Path) -> None:
    for arguments, wanted in (
        (["status"], "webinar.json"),
        (["icp", "check", str(ROOT / "examples" / "icp.yaml")], "types_orders"),
        (["doctor"], "is whole"),
    ):
        code, said = bullseye(*arguments, home=demo_home)
        assert code == 0 and wanted in said, said
    assert "structured_data" in bullseye("sources")[1]


def test_the_doctor_sees_a_changed_release(demo_home: Path, tmp_path: Path) -> None:
    import shutil

    home = tmp_path / "home"
    shutil.copytree(demo_home / "releases", home / "releases", symlinks=True)
    (home / "releases" / "current").resolve().joinpath("leads.csv").write_text("changed", "utf-8")
    code, said = bullseye("doctor", home=home)
    assert code == 1 and "leads.csv" in said


def test_a_stop_is_one_line_on_the_error_stream(tmp_path: Path) -> None:
    script = Path(sys.executable).parent / "bullseye"
    done = subprocess.run([script, "status", "--home", tmp_path], capture_output=True, text=True)
    assert done.returncode == 1 and done.stdout == "" and done.stderr.startswith("Stopped:") and done.stderr.count("\n") == 1


@pytest.mark.parametrize("name", ["[/x]", "no [bold]such"])
def test_a_stop_says_brackets_as_they_are(name: str, demo_home: Path) -> None:
    script = Path(sys.executable).parent / "bullseye"
    done = subprocess.run([script, "explain", name, "--home", demo_home], capture_output=True, text=True)
    assert done.returncode == 1 and name in done.stderr and "Traceback" not in done.stderr


def test_help_starts_without_the_heavy_libraries() -> None:
    code = "import sys; import pipelines.cli; sys.exit(int(bool({'dagster', 'great_expectations'} & set(sys.modules))))"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
