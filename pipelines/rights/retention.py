"""Nothing is kept longer than its class of data is: contacts, pages, logs.

Here: what is overdue at a moment, and letting it leave; each run does it at its beginning, and `bullseye retain` at any time.
Elsewhere: how long each class is kept (`settings`), which contacts are too old (`suppression.outdated`), clearing lists
(`suppression.clearing`).
"""

from collections.abc import Sequence

from pipelines.givens import fingerprint
from pipelines.intake.inbox import LeadList
from pipelines.job import Job

RETIRED = "retired"
"""What is noted in the home: which lists were cleared of contacts that are too old."""


def retire(job: Job) -> None:
    """Let the contacts of lists leave that are too old, once for each state of these."""
    old = _too_old(job)
    if _state(old) != job.home.noted(RETIRED):
        job.clearing.retire(old, job.register)
        job.home.note(RETIRED, _state(_too_old(job)))


def _too_old(job: Job) -> list[LeadList]:
    outdated = job.outdated
    return [each for each in job.lists() if outdated.covers(each.received_on)]


def _state(lists: Sequence[LeadList]) -> str:
    return fingerprint([(each.list_id, each.left) for each in lists]) if lists else ""
