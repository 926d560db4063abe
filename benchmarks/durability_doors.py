"""The doors to a run: `bullseye run` and `dagster job execute`, as somebody at a keyboard opens them, and the stages themselves.

Here: what a process does that was forked for one run. Importing this imports all that a run needs. Elsewhere: killing it
(`durability`).
"""

import os
import shutil
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from importlib.metadata import entry_points
from pathlib import Path

import great_expectations.execution_engine
import great_expectations.expectations.core  # noqa: F401 - a run imports these late
import yaml

import assets.run  # noqa: F401
from assets.resources import House
from pipelines import cli, stages
from pipelines.lock import running

Given = Mapping[str, str | list[str]]
"""What a run is given, by the names that the graph has for it."""


def by_bullseye(folder: Path, beside: Path, given: Given) -> None:
    """Run as the command line does."""
    pairs = [(f"--{name.replace('_', '-')}", value) for name, value in given.items()]
    said = [word for option, value in pairs for each in ([value] if isinstance(value, str) else value) for word in (option, each)]
    _run(["bullseye", "run", *said], folder, beside, cli.main)


def by_dagster(folder: Path, beside: Path, given: Given) -> None:
    """Run as Dagster does, on the instance that dagster.yaml describes, whose records lie beside the home."""
    shutil.copy(folder / "dagster.yaml", beside)
    (beside / "run.yaml").write_text(yaml.safe_dump({"resources": {"house": {"config": dict(given)}}}), "utf-8")
    asked = ["-m", "assets.definitions", "-j", "bullseye", "-c", str(beside / "run.yaml")]
    _run(["dagster", "job", "execute", *asked], folder, beside, entry_points(group="console_scripts")["dagster"].load())


def by_stages(folder: Path, beside: Path, given: Given) -> None:
    """Run the stages one after another: what both others do, without the graph around it."""
    _settle(folder, beside)
    job = House(**given).job_at(datetime.fromisoformat(str(given["as_of"])))
    with running(job.home.folder):
        if not stages.unchanged(job):
            stages.take_in(job)
            stages.look(job)
            stages.reason(job)
            stages.publish(job, stages.check(job))


def _run(arguments: list[str], folder: Path, beside: Path, main: Callable[[], None]) -> None:
    _settle(folder, beside)
    os.environ["DAGSTER_HOME"] = str(beside)
    sys.argv = arguments
    main()


def _settle(folder: Path, beside: Path) -> None:
    os.setsid()
    os.chdir(folder)
    said = os.open(beside / "said.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(said, 1)
    os.dup2(said, 2)


DOORS = {"stages": by_stages, "bullseye": by_bullseye, "dagster": by_dagster}
