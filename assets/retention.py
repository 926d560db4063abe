"""What is kept no longer than it may be, every night: the job, its schedule, and Dagster's own runs.

Here: when that happens, and the rows of runs that are as old as logs may be. Elsewhere: what is overdue, and letting it go
(`pipelines.rights`). The schedule is on from the start: nobody has to ask for what the law asks for.
"""

from datetime import UTC, datetime, timedelta

from dagster import (
    DagsterInstance,
    DagsterRunStatus,
    DefaultScheduleStatus,
    OpExecutionContext,
    RunsFilter,
    ScheduleDefinition,
    in_process_executor,
    job,
    op,
)

from assets.resources import House
from pipelines.lock import running
from pipelines.rights.anew import as_before, let_overdue_go, publish_anew, published

ENDED = [DagsterRunStatus.SUCCESS, DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED]


@op
def let_go(context: OpExecutionContext, house: House) -> None:
    """Let go of contacts, pages, logs, the journal and runs that were kept as long as they may be; publish without them."""
    given = house.job(context)
    before = published(given.home)
    work = as_before(given, before)
    if work.home.folder.exists():
        with running(work.home.folder):
            found = let_overdue_go(work)
            if before and not work.home.current.exists():
                publish_anew(work, before)
        context.add_output_metadata(dict(found))
    drop_runs(context.instance, work.as_of.replace(tzinfo=UTC) - timedelta(days=work.settings.retention.logs))


def drop_runs(instance: DagsterInstance, before: datetime) -> int:
    """Delete the runs that ended and began before a moment, with their events, and return how many they were."""
    old = instance.get_run_records(RunsFilter(statuses=ENDED, created_before=before))
    for each in old:
        instance.delete_run(each.dagster_run.run_id)
    return len(old)


@job(executor_def=in_process_executor, description="Lets go of what was kept as long as it may be.")
def retain() -> None:
    """Let go of what is overdue."""
    let_go()


NIGHTLY = ScheduleDefinition(
    name="retention",
    job=retain,
    cron_schedule="0 3 * * *",
    execution_timezone="UTC",
    default_status=DefaultScheduleStatus.RUNNING,
    description="Every night at three: nothing is kept longer than its class of data may be.",
)
