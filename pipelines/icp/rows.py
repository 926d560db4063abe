"""The ideal customer profile as rows: how settings reach SQL.

Here: one function per table `raw.icp_*`, each row a dict whose keys are the table's columns. Elsewhere: what the file may say
(`icp`), the tables' contracts (sql/raw/icp_*.sql).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from pipelines.icp import Icp
from pipelines.icp.profiles import RINGS
from pipelines.icp.reach import buying_role_rows
from pipelines.icp.signals import kinds

Row = Mapping[str, Any]
EARNED = ("problem", "bullseye")
READINESS_HALF_LIFE_DAYS = 180


def icp_rows(icp: Icp) -> dict[str, list[Row]]:
    """Return table name -> rows, for every table the profile fills."""
    return {
        "raw.icp_profile": list(_profiles(icp)),
        "raw.icp_profile_rule": list(_profile_rules(icp)),
        "raw.icp_profile_promise": list(_profile_promises(icp)),
        "raw.icp_rule": list(_rules(icp)),
        "raw.icp_operand": list(_operands(icp)),
        "raw.icp_promise": list(_promises(icp)),
        "raw.icp_signal": list(_signals(icp)),
        "raw.icp_signal_word": list(_signal_words(icp)),
        "raw.icp_persona": [{"dimension": name, "own_value": value} for name, value in icp.persona.items()],
        "raw.icp_reach": list(_ways(icp)),
        "raw.icp_buying_role": list(buying_role_rows(icp.reach)),
        "raw.icp_route": list(_routes(icp)),
        "raw.icp_competitor": [{"domain": domain} for domain in _once(icp.competitors)],
    }


def _profiles(icp: Icp) -> Iterable[Row]:
    for position, each in enumerate(icp.named):
        yield {"icp": each.id, "position": position, "product": each.product, "segment": each.segment}


def _profile_rules(icp: Icp) -> Iterable[Row]:
    for profile in icp.named:
        for _, rule in icp.rules_of(profile):
            yield {"icp": profile.id, "rule_id": rule.id}


def _profile_promises(icp: Icp) -> Iterable[Row]:
    for profile in icp.named:
        for promise in _once(icp.promises_of(profile)):
            yield {"icp": profile.id, "promise_id": promise}


def _rules(icp: Icp) -> Iterable[Row]:
    for position, (ring, rule) in enumerate(icp.rules):
        low, high = rule.test.bounds
        yield {
            "rule_id": rule.id,
            "position": position,
            "ring": ring,
            "ring_number": RINGS.index(ring) + 1,
            "figure": "readiness" if ring in EARNED else "fit",
            "kind": rule.kind,
            "subject": f"change.{rule.subject}" if rule.test.changed_by else rule.subject,
            "operator": "in" if rule.test.is_ is not None else rule.test.operator,
            "low": low,
            "high": high,
            "weight": 0.0 if rule.kind == "never" else rule.weight,
            "half_life_days": rule.half_life_days or (READINESS_HALF_LIFE_DAYS if ring in EARNED else None),
            "silence": rule.silence,
            "because": rule.because,
            "ask": rule.ask,
            "closes": rule.closes,
        }


def _operands(icp: Icp) -> Iterable[Row]:
    for _, rule in icp.rules:
        for word in _once(rule.test.operands):
            yield {"rule_id": rule.id, "value": word}


def _promises(icp: Icp) -> Iterable[Row]:
    for position, each in enumerate(icp.promises):
        yield {
            "promise_id": each.id,
            "position": position,
            "concern": each.concern,
            "promise": each.promise,
            "message": each.message,
            "term": f"promise.{each.id}",
        }


def _signals(icp: Icp) -> Iterable[Row]:
    for each in icp.signals:
        yield {
            "signal_id": each.id,
            "kind": each.kind,
            "evidence": each.evidence,
            "means": each.means,
            "half_life_days": each.half_life_days,
            "within_days": kinds()[each.kind].within_days,
        }


def _signal_words(icp: Icp) -> Iterable[Row]:
    for each in icp.signals:
        for name, part, word in dict.fromkeys((name, part, word.lower()) for name, part, word in each.words):
            yield {"signal_id": each.id, "property": name, "part": part, "word": word}


def _ways(icp: Icp) -> Iterable[Row]:
    ways = [(name, points) for name, points in icp.reach if name != "buying_roles"]
    for position, (name, points) in enumerate(ways):
        yield {"way": name, "position": position, "points": points}


def _routes(icp: Icp) -> Iterable[Row]:
    for position, each in enumerate(icp.routes):
        yield {
            "route_id": each.id,
            "position": position,
            "action": each.action,
            "rings": each.when.ring,
            "icps": each.when.icp,
            "standings": each.when.standing,
            "fit_at_least": each.when.fit_at_least,
            "readiness_at_least": each.when.readiness_at_least,
            "reach_at_least": each.when.reach_at_least,
            "channel": each.channel,
            "owner": each.owner,
            "within_days": each.within_days,
            "play": each.play,
        }


def _once(words: Iterable[str]) -> Iterable[str]:
    """Return each word once, in lower case: SQL compares in any case, and a table holds a word once."""
    return dict.fromkeys(word.lower() for word in words)
