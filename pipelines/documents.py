"""How a YAML file that a person owns becomes a checked, frozen model.

Here: reading YAML and saying of everything that is wrong with it, in one sentence each, at which line and place, and what was
probably meant. Elsewhere: what the files may say (`settings`, `icp`), the same for editors (`schemas`).
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from types import NoneType
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from pipelines.errors import Stop

_SAYS = {
    "missing": "is missing; write it",
    "too_short": "needs at least one entry",
    "model_type": "should be keys with values, `key: value`",
    "tuple_type": "should be a list, `[one, another]`",
    "mapping_type": "should be keys with values, `key: value`",
}
_BARE_WORD = "YAML reads a bare yes, no, on or off as true or false; put it in quotes"
_NO_SUCH_KEY, _MOST_TOLD, _ALIKE = "there is no such key", 5, 0.7
Place = tuple[str | int, ...]
"""The way to a part of a file: keys, and numbers in lists."""


class Document(BaseModel):
    """A part of a file people write: unknown keys are mistakes, values do not change once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, use_attribute_docstrings=True)


class Unsound(ValueError):  # noqa: N818 - reads as what it is
    """What is wrong with a document whose parts are all right by themselves: each with its place."""

    def __init__(self, wrong: Sequence[tuple[Place, str]]) -> None:
        super().__init__("; ".join(sentence for _, sentence in wrong))
        self.wrong = wrong


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong at one place of a file; lines count from 1."""

    line: int
    place: str
    sentence: str

    def __str__(self) -> str:
        return f"line {self.line}, at `{self.place}`: {self.sentence}"


class Mistaken(Stop):
    """A file with mistakes in it: the first ones in the sentence, all of them in `mistakes`."""

    def __init__(self, path: Path, mistakes: Sequence[Mistake]) -> None:
        told = "; ".join(map(str, mistakes[:_MOST_TOLD]))
        super().__init__(f"{path}: {told}{'' if told.endswith('?') else '.'}")
        self.mistakes = mistakes


Model = TypeVar("Model", bound=Document)


def read_document(path: Path, model: type[Model]) -> Model:
    """Return the file as `model`; raises `Stop` naming the file, the place in it and what to do."""
    try:
        node, content = _load(path.read_text("utf-8"))
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
        wrong = [each for mistake in _own(error.errors()) for each in _wrong(mistake, model)]
        told = [Mistake(_line(node, place), _written(place), sentence) for place, sentence in wrong]
        raise Mistaken(path, sorted(told, key=lambda each: each.line)) from None


def meant(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return the question whether the known name most like this one was meant, or something else when none is like it."""
    spellings = {each.lower(): each for each in known}
    near = get_close_matches(name.lower(), spellings, 1, _ALIKE)
    return f"did you mean {spellings[near[0]]}?" if near else otherwise


def _own(mistakes: Sequence[ErrorDetails]) -> Iterable[ErrorDetails]:
    """Yield the mistakes but for lists that are only too short because what stands in them is wrong."""
    for each in mistakes:
        within = (other for other in mistakes if other is not each and other["loc"][: len(each["loc"])] == each["loc"])
        if each["type"] != "too_short" or not any(within):
            yield each


def _wrong(mistake: ErrorDetails, model: type[Document]) -> Iterable[tuple[Place, str]]:
    """Return what one error says, place by place."""
    unsound = mistake.get("ctx", {}).get("error")
    if isinstance(unsound, Unsound):
        return [((*mistake["loc"], *place), sentence) for place, sentence in unsound.wrong]
    return [(mistake["loc"], _sentence(mistake, model))]


def _sentence(mistake: ErrorDetails, model: type[Document]) -> str:
    if mistake["type"] == "extra_forbidden":
        *where, key = mistake["loc"]
        asked = meant(str(key), _keys_at(model, where))
        return f"{_NO_SUCH_KEY}; {asked or 'correct its spelling or take it out'}"
    if mistake["type"] in ("string_type", "literal_error") and isinstance(mistake["input"], bool):
        return _BARE_WORD
    if mistake["type"] == "string_pattern_mismatch":
        return f"`{mistake['input']}` is not written as it must be, like {mistake['ctx']['pattern']}"
    said = mistake["msg"].removeprefix("Value error, ").removeprefix("Input ")
    if mistake["type"] == "literal_error":
        said = f"{said}; {meant(str(mistake['input']), mistake['ctx']['expected'].split(chr(39)))}".removesuffix("; ")
    return _SAYS.get(mistake["type"], said)


def _keys_at(model: type[Document], where: Iterable[str | int]) -> list[str]:
    """Return the keys that a model knows at a place."""
    about: Any = model
    for part in where:
        fields = _fields(about)
        if part in fields:
            about = _inner(fields[str(part)])
        elif not fields:
            about = _inner(get_args(about)[-1 if isinstance(part, str) else 0])
    return list(_fields(about))


def _fields(about: Any) -> dict[str, Any]:  # noqa: ANN401 - a type as annotations write it
    """Return key -> type of a part of a document."""
    fields: Mapping[str, Any] = getattr(about, "model_fields", {})
    return {field.alias or name: field.annotation for name, field in fields.items()}


def _inner(annotation: Any) -> Any:  # noqa: ANN401 - a type as annotations write it
    """Return the type that is meant where none may be given instead."""
    given = [each for each in get_args(annotation) if each is not NoneType]
    return given[0] if NoneType in get_args(annotation) else annotation


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


def _load(text: str) -> tuple[yaml.Node | None, object]:
    """Return what the text says, and the same as nodes that know their lines."""
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        return node, None if node is None else loader.construct_document(node)
    finally:
        loader.dispose()


def _line(node: yaml.Node | None, place: Place) -> int:
    """Return the line of a place, or of the nearest around it that is there."""
    line = 1
    for part in place:
        if isinstance(node, yaml.MappingNode):
            key, node = next(((key, value) for key, value in node.value if key.value == str(part)), (None, None))
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            key = node = node.value[part]
        else:
            key = node = None
        line = key.start_mark.line + 1 if key else line
    return line


def _written(place: Place) -> str:
    return ".".join(map(str, place)) or "top"
