"""The only door to Great Expectations: promises in, verdicts out.

Here: each promise as expectations on a data frame, and what came of them in words that name no person. Elsewhere: what a promise
line means (`promises`), what a broken one stops (`release`), and how verdicts look on a page (`release.report`).
"""

import json
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import pandas as pd

from pipelines.promises import Loudness, Promise, bound

if TYPE_CHECKING:  # importing it takes 5 s, so that only an audit does
    from great_expectations.core import ExpectationValidationResult
    from great_expectations.core.batch_definition import BatchDefinition

FrameOf = Callable[[str, Sequence[str]], pd.DataFrame]
Asked = tuple[str, dict[str, Any]]
Results = Mapping[Promise, "list[ExpectationValidationResult]"]

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


def audit(promises: Sequence[Promise], frame_of: FrameOf) -> list[Verdict]:
    """Return the verdict on each promise, in their order. `frame_of` returns the columns named of a table, or all.

    A null breaks only `not_null`; a table without rows breaks only `rows_between`. Each table is one suite on one batch.
    """
    batches = _batches()
    verdicts: dict[Promise, Verdict] = {}
    for table in dict.fromkeys(promise.table for promise in promises):
        own = [promise for promise in promises if promise.table == table]
        verdicts |= _audit_table(own, _frame(own, frame_of), batches)
    return [verdicts[promise] for promise in promises]


def _audit_table(promises: Sequence[Promise], frame: pd.DataFrame, batches: "BatchDefinition[Any]") -> dict[Promise, Verdict]:
    """Ask for yes and no first, which is cheap, and for the particulars only of what is broken."""
    asked = {promise: _expectations(promise, frame) for promise in promises}
    answers = _validate(asked, frame, batches, {"result_format": "BOOLEAN_ONLY"})
    broken = {promise: asked[promise] for promise in promises if not all(each.success for each in answers[promise])}
    details = {"result_format": "SUMMARY", "partial_unexpected_count": _EXAMPLES}
    said = _validate(broken, frame, batches, details) if broken else {}
    key = next((promise.columns for promise in promises if promise.kind == "unique"), ())
    rows = f"{len(frame):,} row{'' if len(frame) == 1 else 's'}"
    verdicts = {promise: Verdict(promise, passed=True, observed=rows) for promise in promises}
    for promise, results in said.items():
        verdicts[promise] = Verdict(promise, False, _observed(results, rows), _examples(promise, results, frame, key))
    return verdicts


def _batches() -> "BatchDefinition[Any]":
    """Return what makes a batch of a data frame, in a context that keeps no files, sends nothing and draws no bars."""
    with warnings.catch_warnings():  # it imports a module of Python's own that is deprecated
        warnings.simplefilter("ignore", DeprecationWarning)
        import great_expectations
        from great_expectations.data_context.types.base import ProgressBarsConfig

    context = great_expectations.get_context(mode="ephemeral")
    context.enable_analytics(enable=False)
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    return context.data_sources.add_pandas("warehouse").add_dataframe_asset("table").add_batch_definition_whole_dataframe("rows")


def _validate(
    asked: Mapping[Promise, Sequence[Asked]], frame: pd.DataFrame, batches: "BatchDefinition[Any]", detail: Mapping[str, object]
) -> Results:
    """Return the results on each promise. Great Expectations does not keep the order, so each carries its promise's place."""
    from great_expectations import ExpectationSuite
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

    promises = list(asked)
    expectations = [
        ExpectationConfiguration(kind, arguments, meta={"promise": place})
        for place, promise in enumerate(promises)
        for kind, arguments in asked[promise]
    ]
    suite = ExpectationSuite("promises", expectations=expectations)
    results: dict[Promise, list[ExpectationValidationResult]] = {}
    for result in batches.get_batch({"dataframe": frame}).validate(suite, result_format=dict(detail)).results:
        meta = result.expectation_config.meta if result.expectation_config else {}
        results.setdefault(promises[meta["promise"]], []).append(result)
    return results


def _expectations(promise: Promise, frame: pd.DataFrame) -> list[Asked]:
    """Return what Great Expectations is to check for a promise, by its own names."""
    column, arguments = next(iter(promise.columns), ""), promise.arguments
    match promise.kind:
        case "between":
            low, high = (_comparable(bound(each)) for each in arguments)
            return [("expect_column_values_to_be_between", {"column": column, "min_value": low, "max_value": high})]
        case "not_null":
            return [("expect_column_values_to_not_be_null", {"column": each}) for each in promise.columns]
        case "in_set":
            return [("expect_column_values_to_be_in_set", {"column": column, "value_set": _as_in(frame[column], arguments)})]
        case "references":
            return [("expect_column_values_to_be_null", {"column": _dangling(promise)})]
        case "matches":
            return [("expect_column_values_to_match_regex", {"column": column, "regex": arguments[0]})]
        case "rows_between":
            least, most = map(int, arguments)
            return [("expect_table_row_count_to_be_between", {"min_value": least, "max_value": most})]
    if len(promise.columns) == 1:
        return [("expect_column_values_to_be_unique", {"column": column})]
    columns = {"column_list": list(promise.columns), "ignore_row_if": "any_value_is_missing"}
    return [("expect_compound_columns_to_be_unique", columns)]


def _frame(promises: Sequence[Promise], frame_of: FrameOf) -> pd.DataFrame:
    """Return what the promises of one table speak of: their columns, and one more per reference with what it does not find.

    So a reference to a million values is an expectation that a column is null, not a million values in the expectation.
    """
    columns = list(dict.fromkeys(column for promise in promises for column in promise.columns))
    frame = frame_of(promises[0].table, columns).reset_index(drop=True).apply(_plain)
    for promise in promises:
        if promise.kind == "references":
            target, _, column = promise.arguments[0].rpartition(".")
            values, known = frame[promise.columns[0]], frame_of(target, [column])[column]
            frame[_dangling(promise)] = values.where(~values.isin(known))
    return frame


def _plain(values: "pd.Series[Any]") -> "pd.Series[Any]":
    """Return lists and structs as JSON, which can be compared and counted; anything else as it is."""
    nested = values.dtype == object and values.map(lambda value: hasattr(value, "__len__") and not isinstance(value, str)).any()
    if nested:
        return values.map(lambda value: json.dumps(value, default=_unpacked), na_action="ignore")
    return values


def _unpacked(value: Any) -> object:  # noqa: ANN401 - whatever numpy or DuckDB put into a list
    return value.tolist() if hasattr(value, "tolist") else str(value)


def _dangling(promise: Promise) -> str:
    return f"{promise.columns[0]} not in {promise.arguments[0]}"


def _comparable(limit: float | date) -> float | pd.Timestamp:
    """Return a bound as the type a data frame's column has."""
    return pd.Timestamp(limit) if isinstance(limit, date) else limit


def _as_in(values: "pd.Series[Any]", words: Sequence[str]) -> list[Any]:
    """Return the words of a set as values of a column's type; a word that is none is left as it is and found nowhere."""
    if pd.api.types.is_bool_dtype(values):
        return [{"true": True, "false": False}.get(word, word) for word in words]
    if pd.api.types.is_numeric_dtype(values):
        return [float(word) if re.fullmatch(r"-?\d+(\.\d+)?", word) else word for word in words]
    return list(words)


def _observed(results: "Sequence[ExpectationValidationResult]", rows: str) -> str:
    """Say in a phrase what was found instead of what was promised."""
    said = []
    for result in results:
        count = result.result.get("unexpected_count")
        if not result.success:
            said.append(_trouble(result.exception_info) or (f"{count:,} of {rows}" if count is not None else rows))
    return "; ".join(dict.fromkeys(said))


def _trouble(info: Mapping[str, Any]) -> str:
    """Return why an expectation could not be checked at all, or an empty text; the info is nested by metric, or is not."""
    messages = [each for each in (info, *info.values()) if isinstance(each, Mapping)]
    found = next((str(each["exception_message"]) for each in messages if each.get("exception_message")), "")
    return f"could not be checked: {_masked(' '.join(found.split()))[:200]}" if found else ""


def _examples(
    promise: Promise, results: "Sequence[ExpectationValidationResult]", frame: pd.DataFrame, key: Sequence[str]
) -> tuple[str, ...]:
    """Return some of the rows that break a promise: what tells the row apart, and the column in question."""
    columns = list(dict.fromkeys((*key, *promise.columns)))
    places = [at for result in results for at in result.result.get("partial_unexpected_index_list") or ()]
    rows = (frame.loc[at, columns] for at in list(dict.fromkeys(places))[:_EXAMPLES])
    return tuple(
        ", ".join(f"{name}={_masked(str(value))[:80] if pd.notna(value) else 'null'}" for name, value in row.items())
        for row in rows
    )


def _masked(text: str) -> str:
    """Take out what would lead to a person: the name of an e-mail address, a phone number."""
    return _PHONE.sub("+…", _ADDRESS.sub("…@", text))
