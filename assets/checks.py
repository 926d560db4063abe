"""The fourth stage in the graph: every promise as an asset check.

Here: one op that audits all of them and reports each. Elsewhere: the promises (the headers of sql/), the audit
(`pipelines.stages.check`).
"""

from collections.abc import Collection, Iterator, Sequence

from dagster import (
    AssetCheckExecutionContext,
    AssetCheckResult,
    AssetChecksDefinition,
    AssetCheckSeverity,
    MetadataValue,
    multi_asset_check,
)

from assets.resources import House
from assets.specs import check_spec, key_of
from pipelines import stages
from pipelines.lock import running
from pipelines.promises import Promise
from pipelines.quality import Verdict


def checks(promises: Sequence[Promise], last: Collection[str]) -> AssetChecksDefinition:
    """Return the check op of all promises; those of the `last` tables before the release block it in the graph.

    One op that audits everything cannot block between earlier stages: those promises are enforced when publishing.
    """
    specs = [check_spec(each, blocking=each.loudness == "expect" and each.table in last) for each in promises]

    @multi_asset_check(name="audit", specs=specs)
    def audit(context: AssetCheckExecutionContext, house: House) -> Iterator[AssetCheckResult]:
        """Hold every promise against its table, and every quote against its capture."""
        job = house.job(context)
        with running(job.home.folder):
            verdicts = stages.check(job)
        yield from map(_result, verdicts)

    return audit


def _result(verdict: Verdict) -> AssetCheckResult:
    return AssetCheckResult(
        asset_key=key_of(verdict.table),
        check_name=verdict.promise.name,
        passed=verdict.passed,
        severity=AssetCheckSeverity.ERROR if verdict.loudness == "expect" else AssetCheckSeverity.WARN,
        metadata={"observed": verdict.observed, "unexpected": MetadataValue.json(list(verdict.unexpected))},
    )
