"""What `bullseye explain` prints: first what to act on, then every reason, heaviest first, in eighty columns.

Here: one organization by hand. Elsewhere: that the demo's organizations are explained (test_cli).
"""

import re
from datetime import date
from typing import Any

import pytest
from rich.console import Console

from pipelines.show_explanation import explanation

Row = dict[str, Any]
BECAUSE = "Below 25 people one pair of hands does it all; above 2,500 somebody else decides about everything that matters here."


def reason(rule: str, **said: object) -> Row:
    usual = {"figure": "fit", "kind": "must", "verdict": "yes", "points": 10.0, "disqualifies": False}
    return {
        **usual,
        "rule_id": rule,
        "because": f"{rule} matters.",
        "finding": f"{rule}: found",
        "quote": None,
        "url": None,
        **said,
    }


def profile(name: str, **said: object) -> Row:
    return {"icp": name, "product": f"Product {name}", "segment": f"those who like {name}", "ring": "market", "fit": 40.0,
            "disqualifications": [], **said}  # fmt: skip


ABOUT: Row = {
    "organization": {"name": "Otter [& Sons]", "listed_name": None, "domain": "otter.example", "standing": "prospect",
                     "description": "Rivers, streams and brooks. " * 20},
    "fit": {"ring": "problem", "disqualifications": [], "fit": 70.5, "readiness": None, "reach": 25.0, "coverage": 0.6,
            "fit_band": "fair"},
    "profiles": [profile("rivers", ring="problem"), profile("lakes", ring="outside", disqualifications=["It hates lakes."])],
    "reasons": [
        reason("size", because=BECAUSE, points=60.5, quote="We are 40 otters. " * 30, url="https://otter.example/about"),
        reason("fish", points=10.0, finding="mentions: [fish]", quote="Fish.", url="https://otter.example/"),
        reason("tender", kind="never", verdict="no", points=0.0),
        reason("erp", kind="should", verdict="unknown", points=0.0, finding="erp: nothing found"),
        reason("pain", figure="readiness", verdict="no", points=0.0),
        reason("work_email", figure="reach", kind="way", points=25.0, because="Reach by work email."),
    ],
    "lookalikes": [{"customer": "Tern Trading", "similarity": 0.62, "shares": "both use Odoo; both sell to shipyards"}],
    "gaps": [{"next_ring": "bullseye", "verdict": "unknown", "closes": "sales", "ask": "Is there a date?"}],
    "message": {"verdict": "recognised", "message": "Say fish.", "promises": ["full"], "quotes": ["We are hungry."],
                "urls": ["https://otter.example/hunger"]},
    "persona": [{"dimension": "people_culture", "value": 0.7, "says": "presents itself as kind", "distance": 0.21,
                 "quotes": ["Be kind."]},
                {"dimension": "openness", "value": None, "says": "unknown", "distance": 0.21, "quotes": []}],
    "signals": [{"happened_on": date(2026, 3, 1), "is_dated": False, "means": "They hire.", "value": "Fisher", "strength": 0.5,
                 "evidence": "problem", "url": "https://otter.example/jobs"}],
    "routes": [{"action": "leave_alone", "owner": "sales", "due_on": date(2026, 3, 9), "play": "Call.",
                "because": "In the ring problem."}],
}  # fmt: skip


def said(**changes: object) -> str:
    console = Console(width=80, highlight=False)
    with console.capture() as captured:
        explanation(console, {**ABOUT, **changes})
    return captured.get()


def flat(**changes: object) -> str:
    return " ".join(said(**changes).split())


def test_nothing_is_wider_than_eighty_columns() -> None:
    assert max(len(line.rstrip()) for line in said().splitlines()) <= 80


def test_what_to_act_on_stands_on_the_first_screen() -> None:
    first = " ".join(" ".join(said().splitlines()[:24]).split())
    for wanted in (
        "Otter [& Sons] · otter.example · prospect",
        "Ring problem: has our problem.",
        "fit 70 · readiness unknown · reach 25 · fit is fair, 60% of what we ask is answered",
        "Say fish.",
        "full “We are hungry.” https://otter.example/hunger",
        "leave alone → sales by 2026-03-09: Call.",
        "to bullseye, nobody knows; sales can close it: Is there a date?",
        "first seen 2026-03-01 They hire. “Fisher”",
    ):
        assert wanted in first, wanted


def test_every_reason_stands_with_what_was_found_and_where() -> None:
    told = flat()
    for wanted in (
        "+60.5 yes Below 25 people",
        "+10.0 yes fish matters. fish mentions: [fish] “Fish.” https://otter.example/",
        "clear tender matters. tender",
        "? erp matters. erp",
        "no pain matters. pain pain: found",
        "+25.0 yes Reach by work email.",
    ):
        assert wanted in told, wanted
    assert re.findall(r"(?:fit|readiness|reach) \S+ (?=who they are|problem and|can we)", told) == [
        "fit 70.5 ", "readiness unknown ", "reach 25 ",
    ]  # fmt: skip


def test_the_customers_it_is_like_are_named_with_what_they_share() -> None:
    assert "Like our customer Tern Trading (0.62): both use Odoo; both sell to shipyards" in flat()
    assert "Like our" not in flat(lookalikes=[])


def test_quotes_are_cut_and_what_is_unknown_of_the_persona_is_left_out() -> None:
    assert flat().count("We are 40 otters.") < 15
    assert "0.70 people culture: presents itself as kind “Be kind.”" in flat() and "openness" not in flat()


def test_the_profile_chosen_and_what_the_others_say() -> None:
    assert "Profile rivers: Product rivers for those who like rivers. Otherwise:" in flat()
    assert "lakes: outside, fit 40, It hates lakes." in flat()
    assert "Otherwise" not in flat(profiles=[profile("main")])


def test_who_is_outside_is_told_why_first() -> None:
    fit = {**ABOUT["fit"], "ring": "outside", "disqualifications": ["It hates water (mentions: dry)"]}
    told = flat(fit=fit, reasons=[reason("dry", kind="never", disqualifies=True, points=0.0, quote="Dry.")])
    assert "Ring outside: is not our customer. outside because It hates water (mentions: dry)" in told
    assert "outside dry matters. dry dry: found “Dry.”" in told


@pytest.mark.parametrize(("verdict", "wanted"), [("none fits", "let go"), ("unknown", "(unknown)")])
def test_without_a_promise_no_quote_is_made_up(verdict: str, wanted: str) -> None:
    message = {"verdict": verdict, "message": "None fits: let go.", "promises": [], "quotes": [], "urls": []}
    assert wanted in flat(message=message)
