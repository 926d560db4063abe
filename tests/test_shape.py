"""The shape of the house, read from the syntax trees of its files: doors, ladder, sizes, charters.

When the shape should change, change CONTRIBUTING.md and this file together, in one commit.
"""

import ast
import re
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for folder in ("assets", "pipelines")
    for path in sorted((ROOT / folder).rglob("*.py"))
}
TREES = {name: ast.parse(path.read_text("utf-8")) for name, path in MODULES.items()}

# Library -> the only modules that may import it.
DOORS = {
    "dagster": r"assets\..*",
    "duckdb": r"pipelines\.(warehouse|reader)",
    "h11": r"pipelines\.(web\.(client|connection)|portal\.doors\.wire)",
    "httpx": r"pipelines\.web\.client",
    "isal": r"pipelines\.web\.(decode|warc)",
    "bs4": r"pipelines\.document",
    "lxml": r"pipelines\.walk",
    "great_expectations": r"pipelines\.quality",
    "warcio": r"pipelines\.web\..*",
    "typer": r"pipelines\.(cli|icp_commands|suppression\.commands|rights\.commands|release\.commands|portal\.doors\.commands)",
    "starlette": r"pipelines\.portal\..*",
    "uvicorn": r"pipelines\.portal\.doors\..*",
    "jinja2": r"pipelines\.portal\..*",
    "argon2": r"pipelines\.portal\.doors\.users",
    "rich": r"pipelines\.(cli|release\.commands|portal\.doors\.commands|icp_commands|show|show_lists|show_progress)"
    r"|pipelines\.(show_whatif|show_explanation)",
    "splink": r"pipelines\.linking\.likelihood",
    "xlsxwriter": r"pipelines\.release\..*",
}

# The ladder, lowest step first: a module imports from lower steps, or from its own where `within` says so.
LADDER = (
    r"pipelines(\.(errors|ids|text|records|reservations|properties|documents|domains|mailboxes|voices|once|sayings))?",
    r"pipelines\.(settings|icp(\..*)?|nodes|marked|walk|paths|selecting|lines|document|places|week|lexicon|promises|catalogue|signatures|tables|home)"
    r"|pipelines\.(intake\.(folding|months|names|title_words)|identity\.naming)",  # how names and months are written
    r"pipelines\.(page|order|contracts|statements|lock|space|reader|counts|agreement|markup|postings|headlines)",
    r"pipelines\.(pagestate|source|facts|readout|readings|quotes)",
    r"pipelines\.(intake(\.(?!(folding|months|names|title_words)$).*)?|suppression(\..*)?|web(\..*)?|sources(\..*)?|warehouse|quality)",
    r"pipelines\.(identity(\.(?!naming$).*)?|linking(\..*)?)",
    r"pipelines\.portal\.doors\.(journal|holdings)|pipelines\.(keeping|reading|choosing)",
    r"pipelines\.(jailed|looking)",
    r"pipelines\.jail",
    r"pipelines\.(enrich|givens|verdicts|release(\.(?!(again|commands)$).*)?|questions|show|show_lists|schemas)",
    r"pipelines\.portal(\.(?!doors\.(journal|holdings)$).*)?",
    r"pipelines\.job",
    r"pipelines\.comparing",
    r"pipelines\.rights(\.(retention|pages|requests))?",
    r"pipelines\.(stages|show_progress|doctor)",
    r"pipelines\.rights\.(?!(retention|pages|requests)$).*|pipelines\.release\.(again|commands)",
    r"assets(\.(resources|specs|passing|watching))?",
    r"assets\.(intake|enrich|models|checks|publish|automation|retention)",
    r"assets\.definitions",
    r"assets\.run",
    r"pipelines\.whatif(\..*)?",
    r"pipelines\.(show_whatif|show_explanation)",
    r"pipelines\.icp_commands",
    r"pipelines\.cli",
)
# Steps whose modules may import each other, as long as they are of one family; elsewhere only downwards.
FAMILIES = (
    r"pipelines\.(intake|suppression)\b",
    r"pipelines\.identity\b",
    r"pipelines\.linking\b",
    r"pipelines\.web\b",
    r"pipelines\.sources\.website\b",
    r"pipelines\.release\b",
    r"pipelines\.portal\b",
    r"pipelines\.whatif\b",
    r"pipelines\.rights\b",
)
LOW_STEPS = 4
"""The lowest steps are loose: within one, a module may use another (the import system forbids circles)."""
CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("date", "today"), ("time", "time"), ("os", "getenv")}
RANDOM = {"random", "secrets", "uuid4"}


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _module_of(imported: str) -> str | None:
    """Return which of our modules an import names, if any."""
    return next((name for name in (imported, imported.rpartition(".")[0]) if name in MODULES), None)


def _step(module: str) -> int:
    steps = [number for number, pattern in enumerate(LADDER) if re.fullmatch(pattern, module)]
    assert len(steps) == 1, f"{module} stands on {len(steps)} steps of the ladder; give it exactly one in LADDER"
    return steps[0]


def _family(module: str) -> str:
    return next((pattern for pattern in FAMILIES if re.match(pattern, module)), module)


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


@pytest.mark.parametrize("module", TREES)
def test_libraries_come_in_by_their_doors(module: str) -> None:
    for imported in _imports(TREES[module]):
        library = imported.partition(".")[0]
        assert library not in DOORS or re.fullmatch(DOORS[library], module), f"{module} imports {library} past its door"


@pytest.mark.parametrize("module", TREES)
def test_imports_only_go_down(module: str) -> None:
    here = _step(module)
    for imported in filter(None, map(_module_of, _imports(TREES[module]))):
        there = _step(imported)
        within = _family(imported) == _family(module) or (there == here and here < LOW_STEPS)
        assert there < here or within, f"{module} (step {here}) imports {imported} (step {there})"


def test_no_source_imports_another() -> None:
    for module, tree in TREES.items():
        own = re.match(r"pipelines\.sources\.(\w+)", module)
        for imported in filter(None, map(_module_of, _imports(tree))) if own else ():
            other = re.match(r"pipelines\.sources\.(\w+)", imported)
            assert other is None or own is None or other[1] == own[1], f"{module} imports {imported}"


@pytest.mark.parametrize(
    "module",
    [
        each
        for each in TREES
        if not re.fullmatch(
            r"assets\.resources|pipelines\.(web\.pace|suppression\.(keys|commands)|rights\.commands|portal\.doors\.commands|cli)",
            each,
        )
    ],
)
def test_clock_randomness_and_environment_come_in_as_arguments(module: str) -> None:
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value.id if isinstance(node.func.value, ast.Name) else ""
            assert (owner, node.func.attr) not in CLOCKS, f"{module}:{node.lineno} looks at the clock"
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert (node.value.id, node.attr) != ("os", "environ"), f"{module}:{node.lineno} reads the environment"
    assert not {each.partition(".")[0] for each in _imports(TREES[module])} & RANDOM, f"{module} is random"


@pytest.mark.parametrize("module", TREES)
def test_every_module_has_a_charter_and_every_public_name_a_docstring(module: str) -> None:
    charter = ast.get_docstring(TREES[module])
    assert charter and len(charter) > 40, f"{module} does not say what belongs in it"
    for node in TREES[module].body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{module}.{node.name} has no docstring"


def test_files_and_functions_are_short() -> None:
    for module, path in MODULES.items():
        assert len(path.read_text("utf-8").splitlines()) <= 250, f"{module} is over 250 lines"
    lengths = {f"{module}.{each.name}": _length(each) for module, tree in TREES.items() for each in _functions(tree)}
    assert max(lengths.values()) <= 40, max(lengths, key=lambda name: lengths[name])
    assert statistics.median(lengths.values()) < 10


def test_sql_is_short_and_one_file_is_one_table() -> None:
    for path in sorted((ROOT / "sql").glob("*/*.sql")):
        text = path.read_text("utf-8")
        assert len(text.splitlines()) <= 80, f"{path.name} is over 80 lines"
        assert text.startswith("-- "), f"{path.name} has no header"
        statements = [line for line in text.splitlines() if re.match(r"(create|select|with|insert|update|delete)\b", line)]
        assert len(statements) in (1, 2), f"{path.name} is not one statement"


def test_no_drawer_for_odds_and_ends() -> None:
    names = {part for name in MODULES for part in name.split(".")}
    assert not names & {"utils", "util", "helpers", "helper", "common", "misc"}


def test_nothing_is_swallowed_or_silenced() -> None:
    for module, path in MODULES.items():
        text = path.read_text("utf-8")
        assert "except Exception" not in text and "except:" not in text, f"{module} catches everything"
        assert "type: ignore" not in text, f"{module} silences the type checker"


def test_skip_is_caught_in_few_places() -> None:
    catching = {
        module
        for module, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and node.type and "Skip" in ast.unparse(node.type)
    }
    assert catching == {
        *("pipelines.intake.reading", "pipelines.looking", "pipelines.quotes", "pipelines.reading"),
        *("pipelines.suppression.lists", "pipelines.whatif.listening", "pipelines.web.members"),
        *("pipelines.web.guest", "pipelines.web.web"),  # the first lets it go on unless the request is worth another try
    }


def test_tests_are_at_least_as_long_as_the_code() -> None:
    """Lines of tests and their data against lines of Python; SQL has its golden cases, one folder a table."""
    code = sum(len(path.read_text("utf-8").splitlines()) for path in MODULES.values())
    kinds = {".py", ".yaml", ".html", ".csv", ".json", ".txt", ".xml", ".sql"}
    tests = sum(len(path.read_bytes().splitlines()) for path in (ROOT / "tests").rglob("*") if path.suffix in kinds)
    assert tests >= code, f"{tests} lines of tests for {code} of Python"


CONSTANT = {"core.crosswalk", "core.dimension", "core.marker", "core.published", "core.sector"}
PASSED_ON = {
    f"mart.{name}"
    for name in (
        "change column_change contact drift fact fit_reason freshness industry lead_list miss route signal source_health"
        " technology volume"
    ).split()
}
RESOLUTION = {"core.conservation", "core.duplicate", "core.lead", "core.organization"}
"""Models without folders of cases: tables of constants, selections of one table, and what tests/test_resolution.py tries."""


def test_every_model_that_reasons_has_golden_cases() -> None:
    texts = {f"{path.parent.name}.{path.stem}": path.read_text("utf-8") for path in (ROOT / "sql").glob("*/*.sql")}
    models = {name for name, text in texts.items() if "create table" not in text}
    cases = {path.name for path in (ROOT / "tests" / "sql").iterdir() if any(path.glob("*.yaml"))}
    assert models - cases - CONSTANT - PASSED_ON - RESOLUTION == set()
