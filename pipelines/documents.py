"""How a YAML file that a person owns becomes a checked, frozen model.

Here: reading YAML and saying in one sentence, with the place, what is wrong with it. Elsewhere: what the files may say
(`settings`, `icp`).
"""

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from pipelines.errors import Stop


class Document(BaseModel):
    """A part of a file people write: unknown keys are mistakes, values do not change once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Model = TypeVar("Model", bound=Document)


def read_document(path: Path, model: type[Model]) -> Model:
    """Return the file as `model`; raises `Stop` naming the file, the place in it and what to do."""
    try:
        content = yaml.safe_load(path.read_text("utf-8"))
    except FileNotFoundError:
        raise Stop(f"{path} does not exist; create it or name another file.") from None
    except UnicodeDecodeError:
        raise Stop(f"{path} is not UTF-8; save it as UTF-8 and run again.") from None
    except yaml.YAMLError as error:
        raise Stop(f"{path} is not valid YAML: {' '.join(str(error).split())}; mend that line and run again.") from None
    try:
        return model.model_validate(content if content is not None else {})
    except ValidationError as error:
        raise Stop(f"{path}: {'; '.join(_sentences(error))}.") from None


def _sentences(error: ValidationError) -> list[str]:
    """Say each mistake as `place: what is wrong`, at most five of them."""
    return [
        f"at `{'.'.join(str(part) for part in each['loc']) or 'top'}`: {each['msg'].removeprefix('Value error, ')}"
        for each in error.errors()[:5]
    ]
