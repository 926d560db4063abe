"""The only door to Great Expectations: promises in, verdicts out.

Here: each promise as expectations, the figures these ask for, and what came of them in words that name no person. Elsewhere: what
a promise line means (`promises`), the counting in the database (`counts`), what a broken promise stops (`release`), how verdicts
look on a page (`release.report`).
"""

# Great Expectations has no engine for DuckDB that works, and on data frames five million rows take 4 GB. But each of its
# expectations says which figures it judges by (`get_validation_dependencies`) and judges by any that are handed in
# (`metrics_validate`). So the figures are counted where the rows are, and the verdict is the library's.

import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from pipelines.counts import Count, counts, examples
from pipelines.promises import Loudness, Promise, bound
from pipelines.reader import Reader

if TYPE_CHECKING:  # importing it takes 5 s, so that only an audit does
    from great_expectations.core import ExpectationValidationResult
    from great_expectations.validator.metric_configuration import MetricConfiguration

Judge = Callable[["Asked", Count], "ExpectationValidationResult"]
Asked = tuple[str, dict[str, Any]]

_EXAMPLES = 5
_ADDRESS = re.compile(r"[^\s@=,:;<>\"'(]+@(?=[\w-]+\.)")
_PHONE = re.compile(r"\+\d[\d ()./-]{5,}\d")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a promise. `observed` is a phrase; `unexpected` are up to five of the rows that break it, addresses masked."""

    promise: Promise
    passed: bool
    observed: str
    unexpected: tuple[str, ...] = ()

    @property
    def table(self) -> str:
        """`schema.table` that made the promise."""
        return self.promise.table

    @property
    def loudness(self) -> Loudness:
        """What a broken promise does: `expect` stops the release, `warn` does not."""
        return self.promise.loudness

    @property
    def stops(self) -> bool:
        """Whether nothing may be published."""
        return not self.passed and self.loudness == "expect"


def library_version() -> str:
    """Return the version of Great Expectations, without importing it."""
    return version("great_expectations")


def audit(promises: Sequence[Promise], reader: Reader) -> list[Verdict]:
    """Return the verdict on each promise about the tables that `reader` reads, in their order.

    A null breaks only `not_null`; a table without rows breaks only `rows_between`.
    """
    judge = _judge()
    verdicts: dict[Promise, Verdict] = {}
    for table in dict.fromkeys(promise.table for promise in promises):
        own = [promise for promise in promises if promise.table == table]
        key = next((promise.columns for promise in own if promise.kind == "unique"), ())
        verdicts |= {promise: _verdict(promise, count, reader, key, judge) for promise, count in counts(reader, own).items()}
    return [verdicts[promise] for promise in promises]


def _verdict(promise: Promise, count: Count, reader: Reader, key: Sequence[str], judge: Judge) -> Verdict:
    """Judge by what was counted, and look for particulars only of what is broken."""
    if count.trouble:
        return Verdict(promise, False, f"could not be checked: {_masked(count.trouble)[:200]}")
    results = [judge(asked, count) for asked in _expectations(promise)]
    rows = f"{count.rows:,} row{'' if count.rows == 1 else 's'}"
    if all(each.success for each in results):
        return Verdict(promise, True, rows)
    return Verdict(promise, False, _observed(results, rows), _examples(reader, promise, key))


@cache
def _judge() -> Judge:
    """Return what lets Great Expectations judge: an expectation of its own, over what was counted.

    It takes 4 ms to say what it thinks, so that what is alike is asked once.
    """
    with warnings.catch_warnings():  # it imports a module of Python's own that is deprecated
        warnings.simplefilter("ignore", DeprecationWarning)
        from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine
        from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

    engine = PandasExecutionEngine()  # asked for nothing: it only has to be one

    said: dict[str, ExpectationValidationResult] = {}

    def judge(asked: Asked, count: Count) -> "ExpectationValidationResult":
        alike = _alike(asked, count)
        if alike not in said:
            said[alike] = by_library(asked, count)
        return said[alike]

    def by_library(asked: Asked, count: Count) -> "ExpectationValidationResult":
        expectation = ExpectationConfiguration(*asked).to_domain_obj()
        told = {"result_format": "BASIC"}
        wanted = expectation.get_validation_dependencies(engine, told).get_metric_configurations()
        figures = {each.id: _figure(each, count) for each in wanted}
        return expectation.metrics_validate(figures, dict(told), engine)

    return judge


def _alike(asked: Asked, count: Count) -> str:
    """Return everything that a judgement rests on: the expectation, whatever its column is called, and the figures."""
    name, arguments = asked
    nulls = count.nulls.get(arguments.get("column", ""))
    return repr((name, {**arguments, "column": ""}, count.rows, nulls, count.complete, count.broken))


def _figure(asked: "MetricConfiguration", count: Count) -> int | list[object]:
    """Return the figure that an expectation asks for, by the library's own names."""
    what, _, of = asked.metric_name.rpartition(".")
    match what, of:
        case "table", "row_count":
            return count.rows
        case "column_values.nonnull", "unexpected_count":
            return count.nulls[asked.metric_domain_kwargs["column"]]
        case "compound_columns.unique", "filtered_row_count":
            return count.complete
        case _, "unexpected_count":
            return count.broken
    return []  # some of the values in question; they are told by `counts.examples`


def _expectations(promise: Promise) -> list[Asked]:
    """Return what Great Expectations is to judge for a promise, by its own names."""
    column, arguments = next(iter(promise.columns), ""), promise.arguments
    match promise.kind:
        case "between":
            low, high = (_comparable(bound(each)) for each in arguments)
            return [("expect_column_values_to_be_between", {"column": column, "min_value": low, "max_value": high})]
        case "not_null":
            return [("expect_column_values_to_not_be_null", {"column": each}) for each in promise.columns]
        case "in_set":
            return [("expect_column_values_to_be_in_set", {"column": column, "value_set": list(arguments)})]
        case "references":  # a column of what is not found there has to be null
            return [("expect_column_values_to_be_null", {"column": f"{column} not in {arguments[0]}"})]
        case "matches":
            return [("expect_column_values_to_match_regex", {"column": column, "regex": arguments[0]})]
        case "rows_between":
            least, most = map(int, arguments)
            return [("expect_table_row_count_to_be_between", {"min_value": least, "max_value": most})]
    if len(promise.columns) == 1:
        return [("expect_column_values_to_be_unique", {"column": column})]
    columns = {"column_list": list(promise.columns), "ignore_row_if": "any_value_is_missing"}
    return [("expect_compound_columns_to_be_unique", columns)]


def _comparable(limit: float | date) -> float | datetime:
    """Return a bound as the library takes it."""
    return datetime(limit.year, limit.month, limit.day) if isinstance(limit, date) else limit  # noqa: DTZ001 - as tables keep it


def _observed(results: "Sequence[ExpectationValidationResult]", rows: str) -> str:
    """Say in a phrase what was found instead of what was promised."""
    found = [each.result.get("unexpected_count") for each in results if not each.success]
    return "; ".join(dict.fromkeys(rows if count is None else f"{count:,} of {rows}" for count in found))


def _examples(reader: Reader, promise: Promise, key: Sequence[str]) -> tuple[str, ...]:
    """Return some of the rows that break a promise: what tells the row apart, and the column in question."""
    return tuple(
        ", ".join(f"{name}={'null' if value is None else _masked(value)[:80]}" for name, value in row.items())
        for row in examples(reader, promise, key, _EXAMPLES)
    )


def _masked(text: str) -> str:
    """Take out what would lead to a person: the name of an e-mail address, a phone number."""
    return _PHONE.sub("+…", _ADDRESS.sub("…@", text))
