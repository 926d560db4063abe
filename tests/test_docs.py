"""The documents say what is true: commands, tables, sources, files, the dictionary."""

import re
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.icp import read_icp
from pipelines.job import ROOT
from pipelines.release.dictionary import dictionary
from pipelines.release.layouts import LAYOUTS
from pipelines.sources import all_sources
from pipelines.tables import read_tables

README = (ROOT / "README.md").read_text("utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
DOCUMENTS = [path for path in ROOT.rglob("*.md") if not {".venv", "data", "demo"} & set(path.relative_to(ROOT).parts)]


def test_the_readme_opens_with_the_two_commands() -> None:
    block = README.split("```")[1]
    assert [line.split("#")[0].strip() for line in block.strip().splitlines()] == ["make demo", "make test"]


def test_every_command_of_the_readme_exists() -> None:
    runner = CliRunner()
    for command in set(re.findall(r"^bullseye ((?:icp )?[a-z]+)", README, re.MULTILINE)):
        result = runner.invoke(app, [*command.split(), "--help"])
        assert result.exit_code == 0, command


def test_every_option_of_the_readme_exists() -> None:
    runner = CliRunner()
    for command, rest in re.findall(r"^bullseye ((?:icp )?[a-z]+)([^#\n]*)", README, re.MULTILINE):
        said = runner.invoke(app, [*command.split(), "--help"], env={"COLUMNS": "200", "TERM": "dumb"}).stdout
        for option in re.findall(r"--[a-z-]+", rest):
            assert option in said, f"bullseye {command} has no {option}"


def test_the_table_of_tables_is_the_mart() -> None:
    told = re.findall(r"^\| `(mart\.\w+)` \|", README, re.MULTILINE)
    assert sorted(told) == sorted(name for name in read_tables(ROOT / "sql") if name.startswith("mart."))


def test_the_table_of_sources_is_the_sources() -> None:
    section = README.split("## The sources")[1].split("\n## ")[0]
    assert sorted(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == sorted(each.name for each in all_sources())


def test_the_layouts_told_are_the_layouts() -> None:
    told = re.search(r"--layout hubspot\s+# (.*)", README)
    assert told and sorted(re.findall(r"[a-z]+", told[1].replace(" or ", " "))) == sorted(LAYOUTS)


def test_the_data_dictionary_is_the_one_the_sql_makes(built_types: dict[str, dict[str, str]]) -> None:
    tables = [table for table in read_tables(ROOT / "sql").values() if table.schema == "mart"]
    path = ROOT / "docs" / "data-dictionary.md"
    assert path.read_text("utf-8") == dictionary(tables, built_types), "run `make docs` and commit what it writes"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", document.read_text("utf-8")):
        if not target.startswith(("http:", "https:", "mailto:")):
            assert (document.parent / target).exists(), f"{document.name} links to {target}"


def test_the_house_names_files_that_are_there() -> None:
    picture = CONTRIBUTING.split("```")[1]
    section = ""
    for line in filter(None, picture.strip().splitlines()):
        if not line.startswith(" "):
            section = line.split()[0] if line.split()[0].endswith("/") else ""
            assert (ROOT / line.split()[0]).exists(), line
            continue
        for name in re.split(r"\s{2,}", line.strip())[0].split():
            path = ROOT / section / name
            assert path.exists() or path.with_suffix(".py").exists(), f"{section}{name}"


def test_no_machine_and_no_registry_is_named() -> None:
    for path in [*DOCUMENTS, ROOT / "Makefile", *ROOT.glob("requirements*.lock"), *ROOT.glob("*.yaml"), ROOT / ".ci" / "run"]:
        text = path.read_text("utf-8")
        assert not re.search(r"(^|[\s'\"(])/(work|root|home|tmp)/", text), path.name
        assert not re.search(r"pypi\.|files\.pythonhosted|npmjs|://[^\s]*simple", text), path.name
        assert path.suffix != ".lock" or "index-url" not in text, path.name


def test_the_profiles_of_the_readme_can_be_written_into_the_example(tmp_path: Path) -> None:
    (block,) = re.findall(r"```yaml\n(profiles:.*?)```", README, re.DOTALL)
    example = yaml.safe_load((ROOT / "examples" / "icp.yaml").read_text("utf-8"))
    example["terms"]["ship_words"] = ["shipyard"]
    (tmp_path / "icp.yaml").write_text(yaml.safe_dump({**example, **yaml.safe_load(block)}), "utf-8")
    icp = read_icp(tmp_path / "icp.yaml")
    assert [(each.id, icp.promises_of(each)) for each in icp.named] == [("yards", ("fewer_keystrokes",))]
    assert "builds-ships" in {rule.id for _, rule in icp.rules_of(icp.named[0])}
