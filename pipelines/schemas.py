"""What icp.yaml and settings.yaml may say, as JSON Schemas: editors complete and check the files by them while they are written.

Here: the schemas of the types, told more narrowly where a type cannot: which operator answers which subject, and the names there
are. Elsewhere: the types themselves (`icp`, `settings`), and what only the whole file shows (`icp`: what refers to nothing, or
stands twice).
"""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from pipelines.catalogue import technologies
from pipelines.documents import Document
from pipelines.icp import DIMENSIONS, Icp, operators, subjects
from pipelines.icp.profiles import RINGS
from pipelines.properties import PROPERTIES
from pipelines.settings import Settings

Schema = dict[str, Any]
SECTORS = Path(__file__).parent / "sources" / "website" / "industry.yaml"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
OF_RINGS = {
    "market": "Could ever buy: where they are, what they do.",
    "profile": "Fits on paper: size, what it sells, what it runs on.",
    "persona": "Presents itself as our best customers do: how it buys, whether it likes change.",
    "problem": "Has the problem we solve, and shows it.",
    "bullseye": "Has made it a priority and committed to change.",
}
OF_KINDS = {
    "text": "Asked of words.",
    "number": "Asked of a number.",
    "watched number": "Asked of a number that is compared with what it was before.",
    "date": "Asked of a date.",
    "persona": "Asked of a dimension of the persona, 0 to 1, or of the distance from ours.",
    "mentions": "Asked of the terms of this file.",
    "signal": "Asked of a signal of this file.",
}
NAMED = ("industry", "technology")
"""Subjects whose values have names that we know."""
SIGNALS = r"^signal\.[a-z0-9]+([_-][a-z0-9]+)*$"


def schema_text(name: str) -> str:
    """Return the schema of `icp` or `settings` as the text of its file."""
    return json.dumps(SCHEMAS[name](), indent=1, ensure_ascii=False) + "\n"


def icp_schema() -> Schema:
    """Return what icp.yaml may say."""
    schema = _plain(Icp)
    defs, whole = schema["$defs"], schema["properties"]
    defs |= _tests(defs.pop("Test"))
    defs |= {"Asked": _asked(), **_names()}
    _narrow_rule(defs["Rule"])
    for way in (each for name, each in defs["Reach"]["properties"].items() if name != "buying_roles"):
        way["minimum"] = 0
    for rings in (whole["rings"], defs["Profile"]["properties"]["rings"]):
        rings |= {"properties": {ring: _ring(ring) for ring in RINGS}, "additionalProperties": False}
        del rings["propertyNames"]
    whole["terms"]["additionalProperties"] = False
    share = whole["persona"]["additionalProperties"]
    whole["persona"] |= {"properties": dict.fromkeys(DIMENSIONS, share), "additionalProperties": False}
    return schema


def settings_schema() -> Schema:
    """Return what settings.yaml may say."""
    return _plain(Settings)


SCHEMAS: Mapping[str, Callable[[], Schema]] = {"icp": icp_schema, "settings": settings_schema}


def _plain(model: type[Document]) -> Schema:
    """Return a type's own schema, without the titles that only say a name again, each description in one line."""
    return {"$schema": DIALECT, **_tidy(model.model_json_schema())}


def _tidy(part: Any) -> Any:  # noqa: ANN401 - any part of a schema
    if isinstance(part, list):
        return [_tidy(each) for each in part]
    if not isinstance(part, dict):
        return part
    kept = {key: _tidy(value) for key, value in part.items() if key != "title" or not isinstance(value, str)}
    if isinstance(kept.get("description"), str):
        kept["description"] = re.sub(r"\s+", " ", kept["description"])
    return kept


def _tests(test: Schema) -> dict[str, Schema]:
    """Return a test for each kind of subject: exactly one of the operators that such a subject answers."""
    given = {name: _without_null(each) for name, each in test["properties"].items()}
    given["is"]["type"] = ["string", "number"]
    given["changed_by"]["not"] = {"const": 0}
    able = {_kind(subject): operators(subject) for subject in (*subjects(None), "signal.any")}
    return {
        _test_name(kind): {
            "type": "object",
            "description": OF_KINDS[kind],
            "properties": {name: given[name] for name in names},
            "additionalProperties": False,
            "minProperties": 1,
            "maxProperties": 1,
        }
        for kind, names in able.items()
    }


def _asked() -> Schema:
    """Return one subject with its test."""
    return {
        "type": "object",
        "properties": {subject: _subject(subject) for subject in subjects(None)},
        "patternProperties": {SIGNALS: {"$ref": f"#/$defs/{_test_name('signal')}"}},
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }


def _subject(subject: str) -> Schema:
    """Return what is said of a subject."""
    told: Schema = {"$ref": f"#/$defs/{_test_name(_kind(subject))}"}
    if subject in PROPERTIES:
        told["description"] = PROPERTIES[subject].description
    if subject in NAMED:
        told["properties"] = {key: {"items": {"$ref": f"#/$defs/{subject.title()}"}} for key in ("in", "has", "lacks")}
    return told


def _names() -> dict[str, Schema]:
    """Return the names that values have, by subject: they are offered, and others may still be written."""
    known = (list(yaml.safe_load(SECTORS.read_text("utf-8"))), sorted(technologies(), key=str.lower))
    return {
        subject.title(): {"anyOf": [{"enum": names}, {"type": "string"}]} for subject, names in zip(NAMED, known, strict=True)
    }


def _kind(subject: str) -> str:
    """Return the kind of a subject: those of one kind answer the same operators."""
    space = subject.partition(".")[0]
    if space in ("persona", "signal", "mentions"):
        return space
    asked = PROPERTIES[subject]
    return "watched number" if asked.watched and asked.type == "number" else asked.type


def _test_name(kind: str) -> str:
    return f"Asked of {kind}".title().replace(" ", "")


def _narrow_rule(rule: Schema) -> None:
    """Let a rule be of exactly one kind, and let YAML's bare `no` be the word it is."""
    for kind in ("must", "should", "never"):
        rule["properties"][kind] = {"$ref": "#/$defs/Asked", "description": rule["properties"][kind]["description"]}
    rule["oneOf"] = [{"required": [kind]} for kind in ("must", "should", "never")]
    silence = rule["properties"]["silence"]
    rule["properties"]["silence"] = {**silence, "type": ["string", "boolean"], "enum": [*silence["enum"], False]}


def _ring(ring: str) -> Schema:
    return {"type": "array", "description": OF_RINGS[ring], "items": {"$ref": "#/$defs/Rule"}}


def _without_null(part: Schema) -> Schema:
    """Return what a part may be when it is given: an operator with nothing is a mistake."""
    (given,) = (each for each in part["anyOf"] if each.get("type") != "null")
    return {"description": part["description"], **given}
