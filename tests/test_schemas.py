"""The JSON Schemas that editors use: they are those of the types, take what is right, and refuse what its form shows is wrong."""

import copy
import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator
from test_icp import MISTAKES, NOTHING, RIGHT, changed
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.icp import DIMENSIONS
from pipelines.properties import PROPERTIES
from pipelines.schemas import SCHEMAS, schema_text

ROOT = Path(__file__).parents[1]
FILES = {"icp.yaml": "icp", "examples/icp.yaml": "icp", "settings.yaml": "settings", "examples/settings.yaml": "settings"}


def refused(name: str, content: object) -> list[str]:
    """Return where the schema refuses what a file says, and why."""
    errors = Draft202012Validator(SCHEMAS[name]()).iter_errors(content)
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in errors]


@pytest.mark.parametrize("name", SCHEMAS)
def test_what_ships_is_what_the_types_say(name: str):
    path = ROOT / "docs" / f"{name}.schema.json"
    assert path.read_text("utf-8") == schema_text(name), "run `make docs` and commit what it writes"


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_one(name: str):
    Draft202012Validator.check_schema(SCHEMAS[name]())


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_command_says_the_schema(name: str):
    assert json.loads(CliRunner().invoke(app, ["schema", name]).stdout) == SCHEMAS[name]()


def test_an_unknown_schema_is_wrong_use():
    assert CliRunner().invoke(app, ["schema", "leads"]).exit_code == 2


@pytest.mark.parametrize(("file", "name"), FILES.items())
def test_the_files_of_the_house_are_right_and_name_their_schema(file: str, name: str):
    text = (ROOT / file).read_text("utf-8")
    head = text.splitlines()[0]
    assert refused(name, yaml.safe_load(text)) == []
    assert head.startswith("# yaml-language-server: $schema=")
    assert ((ROOT / file).parent / head.partition("=")[2]).resolve() == ROOT / "docs" / f"{name}.schema.json"


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake["shows"])
def test_a_mistake_of_form_is_refused(mistake: dict[str, object]):
    complaints = refused("icp", changed(mistake["at"], mistake.get("becomes", NOTHING)))
    assert bool(complaints) != mistake.get("beyond_form", False), complaints


def test_the_small_profile_is_right():
    assert refused("icp", RIGHT) == []


@pytest.mark.parametrize(
    ("asked", "right"),
    [
        ({"persona.openness": {"at_least": 0.5}}, True),
        ({"persona.openness": {"has": ["open"]}}, False),
        ({"signal.anything": {"within_days": 9}}, True),
        ({"openings": {"changed_by": -3}}, True),
        ({"founded_year": {"changed_by": 3}}, False),
        ({"technology": {"has": ["One of our own"]}}, True),
        ({"country": {"is": "DE"}}, True),
        ({"country": {"is": "DE", "in": ["AT"]}}, False),
        ({"mentions": {"between": [1, 2]}}, False),
        ({"last_changed": {"within_days": 30}}, True),
    ],
)
def test_a_subject_is_asked_only_what_it_can_answer(asked: dict[str, object], right: bool):
    assert (refused("icp", changed("rings/market/0/must", asked)) == []) == right


def test_a_profile_has_rules_like_the_file():
    profile = {
        "id": "barges",
        "product": "Barges",
        "segment": "ferries",
        "rings": {"market": copy.deepcopy(RIGHT["rings"]["market"])},
    }
    assert refused("icp", changed("profiles", [profile])) == []
    profile["rings"]["market"][0]["must"] = {"colour": {"has": ["red"]}}
    assert refused("icp", changed("profiles", [profile]))


def test_editors_are_told_what_each_thing_means():
    schema = SCHEMAS["icp"]()
    asked = schema["$defs"]["Asked"]["properties"]
    assert {name: each["description"] for name, each in asked.items() if name in PROPERTIES} == {
        name: each.description for name, each in PROPERTIES.items()
    }
    assert set(schema["properties"]["persona"]["properties"]) == set(DIMENSIONS)
    told = [
        schema["properties"],
        *(schema["$defs"][name]["properties"] for name in ("Rule", "Route", "When", "Promise", "Profile")),
    ]
    silent = {name for part in told for name, each in part.items() if "description" not in each and "$ref" not in each}
    assert silent == {"id"}


def test_names_that_are_known_are_offered():
    offered = SCHEMAS["icp"]()["$defs"]
    assert "42 Wholesale Trade" in offered["Industry"]["anyOf"][0]["enum"]
    assert len(offered["Technology"]["anyOf"][0]["enum"]) >= 150
