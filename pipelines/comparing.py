"""What a release is compared with, what may differ from that, and what its manifest says it was made from.

Here: these for a job, and how they reach SQL: as rows. Elsewhere: which release comes before and its rows (`release.previous`),
what is made of them (sql/), what may be accepted (`settings`).
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pipelines.facts import content_of
from pipelines.givens import Row, fingerprint
from pipelines.job import Job
from pipelines.release.dictionary import column_types
from pipelines.release.previous import CONTRACTS, Previous, column_rows, left_out, previous_parts, previous_release
from pipelines.suppression.forget import NOTE as SUPPRESSION
from pipelines.warehouse import Built, Warehouse
from pipelines.web.shelves import LIVE

ACCEPTED, BUILT = "raw.accepted", "raw.built_column"
FILLED = frozenset((*CONTRACTS, ACCEPTED, BUILT))
"""The contracts that are filled before models are built, and with what was built."""
_LATE = ("core.column_change", "mart.column_change")
"""The models that are about what was built."""
_UNTIL = """
    select max(moment) as until
    from (select checked_at as moment from raw.capture union all select missed_at from raw.miss)
"""
_REPLAYED = "Archives are replayed, so nobody is asked for anything newer."


@dataclass(frozen=True)
class Comparison:
    """One job's release beside the one before."""

    job: Job

    @cached_property
    def previous(self) -> Previous | None:
        """The release before, if there is one."""
        return previous_release(self.job.home.releases, self.found, self.job.as_of)

    @property
    def found(self) -> str:
        """The fingerprint of everything but the release before."""
        return fingerprint(self.job.home.made_from("facts"), self.accepted)

    @property
    def inputs(self) -> str:
        """The fingerprint of everything that decides what the release says."""
        return fingerprint(self.found, self.previous and (self.previous.version, self.previous.content))

    @property
    def accepted(self) -> list[Row]:
        """What may differ by more than is promised, as rows: what settings.yaml says until a day, and the age of a replay."""
        told = {each.what: each.because for each in self.job.settings.accepted if self.job.as_of.date() <= each.until}
        if self.job.web != (LIVE,):
            told.setdefault("freshness", _REPLAYED)
        return [{"what": what, "because": because} for what, because in sorted(told.items())]

    def load(self, warehouse: Warehouse) -> None:
        """Load what was before and what is accepted."""
        known = {row["organization_id"] for row in warehouse.rows("select organization_id from core.organization")}
        without = left_out(self.job.home.noted(SUPPRESSION), self.job.register.version)
        warehouse.load_parts(CONTRACTS, previous_parts(self.previous, without, known))
        warehouse.load(ACCEPTED, self.accepted)

    def build(self, warehouse: Warehouse) -> list[Built]:
        """Build every model, and once more those that are about what was built."""
        built = warehouse.build()
        published = [table for table in warehouse.tables.values() if table.schema == "mart"]
        warehouse.load(BUILT, column_rows(column_types(warehouse, published)))
        return [*built, *warehouse.build(_LATE)]


def givens_of(job: Job, warehouse: Warehouse) -> dict[str, Any]:
    """Return what the manifest says a release was made from; `until` is when the last answer came that it rests on."""
    (found,) = warehouse.rows(_UNTIL)
    compared = Comparison(job)
    before = compared.previous
    return {
        "as_of": f"{job.as_of.isoformat()}Z",
        "lead_lists": [{"name": each.name, "kind": each.kind, "sha256": each.sha256} for each in job.lists()],
        "web": [Path(each).name for each in job.web],
        "until": max(job.as_of, found["until"] or job.as_of).isoformat(),
        "facts": content_of(job.home.facts),
        "icp": fingerprint(job.icp.model_dump()),
        "settings": fingerprint(job.settings.model_dump()),
        "code": job.code,
        "suppression": job.home.noted(SUPPRESSION),
        "expired": job.register.version,
        "accepted": compared.accepted,
        "previous": None if before is None else before.told,
        "found": compared.found,
        "inputs": compared.inputs,
    }
