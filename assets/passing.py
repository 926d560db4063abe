"""A Dagster instance for a run in this process that nobody will look up.

Here: one that keeps no event. Elsewhere: the instance that keeps all, for who looks at runs in Dagster's page (dagster.yaml).
"""

from collections.abc import Callable, Sequence

from dagster import AssetKey, DagsterInstance, EventLogEntry
from dagster._core.instance.types import InstanceType
from dagster._core.launcher.sync_in_memory_run_launcher import SyncInMemoryRunLauncher
from dagster._core.run_coordinator import DefaultRunCoordinator
from dagster._core.storage.event_log.base import AssetRecord
from dagster._core.storage.event_log.in_memory import InMemoryEventLogStorage
from dagster._core.storage.noop_compute_log_manager import NoOpComputeLogManager
from dagster._core.storage.root import TemporaryLocalArtifactStorage
from dagster._core.storage.runs import InMemoryRunStorage

_FOLDER: Callable[[], TemporaryLocalArtifactStorage] = TemporaryLocalArtifactStorage
"""A folder that is only made when something is put into it; Dagster gives this one no types."""


class Forgetful(InMemoryEventLogStorage):
    """Keeps no event and knows of no asset: writing down two thousand of them took longer than the run they tell of."""

    asset_records_have_last_observation = True

    def store_event(self, event: EventLogEntry) -> None:
        """Let an event pass; who listens in this process has heard it."""

    def get_asset_records(self, asset_keys: Sequence[AssetKey] | None = None) -> Sequence[AssetRecord]:  # noqa: ARG002
        """Return none: it is the first run that this instance sees."""
        return []


def passing() -> DagsterInstance:
    """Return an instance as `DagsterInstance.ephemeral` makes one, but for its memory; a context manager."""
    return DagsterInstance(
        instance_type=InstanceType.EPHEMERAL,
        local_artifact_storage=_FOLDER(),
        run_storage=InMemoryRunStorage(),
        event_storage=Forgetful(),
        compute_log_manager=NoOpComputeLogManager(),
        run_coordinator=DefaultRunCoordinator(),
        run_launcher=SyncInMemoryRunLauncher(),
    )
