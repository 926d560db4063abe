"""The command line called on a home, and all it says and logs kept: for whoever looks for what must not be said.

Here: listening. Elsewhere: what is looked for (the trials).
"""

import logging
import traceback
from pathlib import Path
from typing import TextIO

from typer.testing import CliRunner, Result

from pipelines.cli import app


def call(heard: TextIO, home: Path, *words: str) -> Result:
    """Call `bullseye` and write down what it says, logs at any level, and how it fails."""
    ear, root = logging.StreamHandler(heard), logging.getLogger()
    level = root.level
    root.addHandler(ear)
    root.setLevel(logging.DEBUG)
    try:
        result = CliRunner().invoke(app, [*words, "--home", str(home)])
    finally:
        root.removeHandler(ear)
        root.setLevel(level)
    heard.write(result.output + "".join(traceback.format_exception(result.exception)))
    return result
