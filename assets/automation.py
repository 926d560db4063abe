"""When the graph runs: the job, the daily schedule, the inbox sensor, freshness.

Here: what starts a run. Elsewhere: what a run does (the stages).
"""

from datetime import timedelta
from pathlib import Path

from dagster import (
    AssetSelection,
    DefaultScheduleStatus,
    DefaultSensorStatus,
    FreshnessPolicy,
    RunRequest,
    ScheduleDefinition,
    SensorDefinition,
    SensorEvaluationContext,
    SkipReason,
    define_asset_job,
    in_process_executor,
    sensor,
)

from assets.resources import House
from pipelines.home import Home
from pipelines.ids import make_id

JOB = define_asset_job(
    "bullseye",
    selection=AssetSelection.all(),
    executor_def=in_process_executor,
    description="The main job: from lead lists to a published release.",
)
DAILY = ScheduleDefinition(
    name="daily",
    job=JOB,
    cron_schedule="0 5 * * *",
    execution_timezone="UTC",
    default_status=DefaultScheduleStatus.STOPPED,
    description="Every morning at five, before sales begins.",
)
FRESH = FreshnessPolicy.time_window(fail_window=timedelta(days=3), warn_window=timedelta(hours=30))


def inbox_sensor(house: House) -> SensorDefinition:
    """Return the sensor that starts a run when the inbox holds a list it has not seen."""

    @sensor(
        name="inbox",
        job=JOB,
        minimum_interval_seconds=60,
        default_status=DefaultSensorStatus.STOPPED,
        description="Starts a run when somebody puts a lead list into the inbox.",
    )
    def inbox(context: SensorEvaluationContext) -> RunRequest | SkipReason:
        folder = Home(Path(house.home)).inbox
        files = sorted(folder.iterdir()) if folder.exists() else []
        seen = [f"{file.name}:{file.stat().st_size}:{file.stat().st_mtime_ns}" for file in files if file.is_file()]
        cursor = "\n".join(seen)
        if not seen or cursor == context.cursor:
            return SkipReason("The inbox holds nothing new.")
        context.update_cursor(cursor)
        return RunRequest(run_key=make_id("inbox", cursor))

    return inbox
