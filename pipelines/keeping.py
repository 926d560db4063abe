"""What was found as rows of a partition, beside what was found before.

Here: which earlier captures still stand and which do not, what of the new is added and of the old forgotten. Elsewhere: finding
it (`enrich`), the files (`facts`).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, astuple, replace
from datetime import UTC, datetime
from typing import Any

from pipelines.domains import registrable
from pipelines.facts import EARLIER, Partition, Row
from pipelines.identity.standing import HOME
from pipelines.identity.visit import Found
from pipelines.pagestate import RESERVED
from pipelines.quotes import capture_of
from pipelines.records import Capture, Organization, Request

OF_A_WEBSITE = ("website", "robots", "sitemap", "feeds", "security_txt", "llms_txt")
"""Sources whose captures are of the organization's own website, and stand or fall with it."""
REQUEST = ("organization_id", "source", "kind", "url", "body", "span")


def stamp(group: Sequence[Organization], inputs: str) -> str:
    """Return the fingerprint of what a partition is made from: the inputs, and all that is known of its organizations."""
    content = json.dumps([inputs, *(astuple(each) for each in group)])
    return hashlib.sha256(content.encode()).hexdigest()


def standing(kept: Partition) -> dict[str, dict[str, Capture]]:
    """Return organization -> request -> the newest capture that may be read."""
    return {about: {request_id: captures[-1] for request_id, captures in mine.items()} for about, mine in _captured(kept).items()}


def earlier(kept: Partition) -> dict[str, list[Capture]]:
    """Return organization -> the captures before the standing ones that may be read, as many of a request as are compared."""
    several = {about: mine.values() for about, mine in _captured(kept).items()}
    return {about: [each for captures in requests for each in captures[-1 - EARLIER : -1]] for about, requests in several.items()}


def _captured(kept: Partition) -> dict[str, dict[str, list[Capture]]]:
    """Return organization -> request -> its captures, the newest last; of what reserves itself now, none."""
    requests = {row["request_id"]: Request(**{name: row[name] for name in REQUEST}) for row in kept.rows["raw.request"]}
    found: dict[str, dict[str, list[Capture]]] = {}
    for row in sorted(kept.rows["raw.capture"], key=lambda row: (row["fetched_at"], row["capture_id"])):
        mine = found.setdefault(row["organization_id"], {})
        before = mine.pop(row["request_id"], [])
        if row["state"] != RESERVED:
            mine[row["request_id"]] = [*before, replace(capture_of(row), request=requests[row["request_id"]])]
    return found


def not_asked(before: Mapping[str, Capture], found: Found) -> dict[str | None, list[Capture]]:
    """Return domain asked -> the standing captures that were not asked for now, home pages first; None is where no website is."""
    answered = {each.capture.request.request_id for each in found.pages}
    return _by_domain(capture for request_id, capture in before.items() if request_id not in answered)


def superseded(before: Iterable[Capture], found: Found) -> dict[str | None, list[Capture]]:
    """Return domain asked -> the captures that stand no more, home pages first."""
    read = {each.capture.capture_id for each in found.pages}
    return _by_domain(capture for capture in before if capture.capture_id not in read)


def _by_domain(captures: Iterable[Capture]) -> dict[str | None, list[Capture]]:
    left: dict[str | None, list[Capture]] = {}
    for capture in captures:
        asked = registrable(capture.request.url) if capture.request.source in OF_A_WEBSITE else None
        left.setdefault(asked, []).append(capture)
    return {domain: sorted(left[domain], key=lambda each: each.request.kind != HOME) for domain in sorted(left, key=str)}


def keep(kept: Partition, founds: Sequence[Found]) -> None:
    """Add what was found. What was ever answered is no miss: one failure does not unsay what was captured before.

    What was said of a capture that is read again is forgotten: it says what it is read as now.
    """
    again = {(each.capture.request.organization_id, each.capture.capture_id) for found in founds for each in found.pages}
    facts = kept.rows["core.fact"]
    kept.rows["core.fact"] = [row for row in facts if (row["organization_id"], row["capture_id"]) not in again]
    checked = {(row["request_id"], row["capture_id"]): row["checked_at"] for row in kept.rows["raw.capture"]}
    for found in founds:
        _add(kept, found, checked)
    answered = {row["request_id"] for row in kept.rows["raw.capture"]}
    kept.rows["raw.miss"] = [row for row in kept.rows["raw.miss"] if row["request_id"] not in answered]


def _add(kept: Partition, found: Found, checked: Mapping[tuple[str, str], datetime]) -> None:
    """Add what was found; what was confirmed before stays confirmed then, however old the answer that is read now."""
    for request in found.requests:
        kept.put("raw.request", _request_row(request))
    for page in found.pages:
        row, now = _capture_row(page.capture), _naive(page.checked_at)
        last = checked.get((row["request_id"], row["capture_id"]), now)
        kept.put("raw.capture", {**row, "checked_at": max(now, last), "state": page.state, "words": page.words})
    for miss in found.misses:
        said = {"reason": miss.reason, "sentence": miss.sentence, "missed_at": _naive(miss.missed_at)}
        kept.put("raw.miss", {**_request_row(miss.request), **said})
    for fact in found.facts.values():
        kept.put("core.fact", {**asdict(fact), "observed_at": _naive(fact.observed_at)})


def _request_row(request: Request) -> dict[str, Any]:
    return {**asdict(request), "request_id": request.request_id}


def _capture_row(capture: Capture) -> Row:
    own = {name: value for name, value in asdict(capture).items() if name != "request"}
    return {**_request_row(capture.request), **own, "fetched_at": _naive(capture.fetched_at)}


def _naive(moment: datetime) -> datetime:
    """Return the moment in UTC without zone, as tables keep it."""
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
