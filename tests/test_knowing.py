"""What is known of an organization once its website was read."""

from datetime import UTC, datetime

from pipelines.identity.knowing import known_now
from pipelines.identity.visit import Found
from pipelines.records import Fact, Organization

LISTED = Organization("org_1", "otter.example", "Otter", None, ("Otter",), (), (), (), ())
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


def fact(name: str, value: str, confidence: float = 0.9, source: str = "website") -> Fact:
    return Fact(f"{name}{value}", "org_1", name, value, source, source, "cap_1", "u", "l", value, MOMENT, None, confidence)


def found(*facts: Fact, owned: set[str] | None = None, disowned: dict[str, str] | None = None) -> Found:
    stated = {each.fact_id: each for each in facts}
    return Found(facts=stated, owned={"otter.example"} if owned is None else owned, disowned=disowned or {})


def test_the_lists_come_first_and_the_pages_add_the_surest_first():
    said = (fact("name", "OTTER", 0.5), fact("legal_name", "Otter GmbH"), fact("country", "DE", 0.6), fact("phone", "+49301"))
    known = known_now(LISTED, found(*said, fact("city", "Berlin", 0.3), fact("city", "Bonn", 0.8)))
    assert known == Organization(
        "org_1", "otter.example", "Otter", "DE", ("Otter", "Otter GmbH", "OTTER"), ("Bonn", "Berlin"), ("+49301",), (), ()
    )


def test_the_number_it_is_registered_under_is_known_by_its_own_pages():
    assert known_now(LISTED, found(fact("registration_number", "01234567"))).registrations == ("01234567",)
    assert known_now(LISTED, found(fact("registration_number", "01234567", 1.0, "gleif"))) == LISTED


def test_what_others_say_is_no_word_of_its_own():
    assert known_now(LISTED, found(fact("country", "FR", 1.0, "gleif"))) == LISTED


def test_a_website_that_is_somebody_elses_is_not_its_domain():
    assert known_now(LISTED, found(owned=set(), disowned={"otter.example": "somebody_elses"})).domain is None


def test_a_website_that_was_guessed_and_confirmed_is():
    nowhere = Organization("org_1", None, "Otter")
    assert known_now(nowhere, found(owned={"otter.example"})).domain == "otter.example"


def test_where_nothing_was_seen_the_lists_word_stands():
    assert known_now(LISTED, found(owned=set())) == LISTED
