"""How a YAML file that a person owns becomes a checked, frozen model.

Here: reading YAML and saying in one sentence, with the place, what is wrong with it. Elsewhere: what the files may say
(`settings`, `icp`).
"""

from collections.abc import Hashable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from pipelines.errors import Stop

_SAYS = {
    "extra_forbidden": "there is no such key; correct its spelling or take it out",
    "missing": "is missing; write it",
    "model_type": "should be keys with values, `key: value`",
    "tuple_type": "should be a list, `[one, another]`",
    "mapping_type": "should be keys with values, `key: value`",
}
_BARE_WORD = "YAML reads a bare yes, no, on or off as true or false; put it in quotes"


class Document(BaseModel):
    """A part of a file people write: unknown keys are mistakes, values do not change once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


Model = TypeVar("Model", bound=Document)


def read_document(path: Path, model: type[Model]) -> Model:
    """Return the file as `model`; raises `Stop` naming the file, the place in it and what to do."""
    try:
        content = _load(path.read_text("utf-8"))
    except FileNotFoundError:
        raise Stop(f"{path} does not exist; create it or name another file.") from None
    except OSError as error:
        raise Stop(f"{path} cannot be read ({error.strerror or error}); name a YAML file that can.") from None
    except UnicodeDecodeError:
        raise Stop(f"{path} is not UTF-8; save it as UTF-8 and run again.") from None
    except yaml.YAMLError as error:
        raise Stop(f"{path} is not valid YAML: {_place(error)}; mend that line and run again.") from None
    try:
        return model.model_validate(content if content is not None else {})
    except ValidationError as error:
        raise Stop(f"{path}: {'; '.join(_sentences(error))}.") from None


def _sentences(error: ValidationError) -> list[str]:
    """Say each mistake as `place: what is wrong`, at most five of them."""
    return [f"at `{'.'.join(str(part) for part in each['loc']) or 'top'}`: {_sentence(each)}" for each in error.errors()[:5]]


def _sentence(mistake: ErrorDetails) -> str:
    if mistake["type"] in ("string_type", "literal_error") and isinstance(mistake["input"], bool):
        return _BARE_WORD
    if mistake["type"] == "string_pattern_mismatch":
        return f"`{mistake['input']}` is not written as it must be, like {mistake['ctx']['pattern']}"
    said = mistake["msg"].removeprefix("Value error, ").removeprefix("Input ")
    return _SAYS.get(mistake["type"], said)


class _Loader(yaml.SafeLoader):
    """YAML in which a key stands once: of two, YAML itself would silently keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key in [key for key, _ in node.value if isinstance(key, yaml.ScalarNode)]:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"`{key.value}` stands twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def _place(error: yaml.YAMLError) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
        return f"line {error.problem_mark.line + 1}: {error.problem}"
    return " ".join(str(error).split())


def _load(text: str) -> object:
    loader = _Loader(text)
    try:
        return loader.get_single_data()
    finally:
        loader.dispose()
