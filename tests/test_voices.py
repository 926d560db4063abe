"""Whose words an element holds, and which texts are quotations."""

import pytest

from pipelines.voices import quotations, voices

THEIRS = "“We typed in every order by hand for years.”"

ELEMENTS = {
    ("footer", "", "body"): {"aside"},
    ("header", "", "body"): {"aside"},
    ("header", "", "article"): set(),
    ("blockquote", "", "div"): {"quote"},
    ("div", "testimonial", "main"): {"quote"},
    ("div", "c-testimonials__slider dark", "main"): {"quote"},
    ("section", "customer-stories", "main"): {"quote"},
    ("div", "quote-card", "main"): {"quote"},
    ("div", "get-a-quote", "main"): set(),
    ("form", "quote-form", "main"): set(),
    ("div", "code-review", "main"): set(),
    ("body", "page-testimonials", "html"): set(),
    ("div", "team-member", "main"): {"person"},
    ("li", "staff-card", "ul"): {"person"},
    ("div", "team", "main"): set(),
    ("div", "personalization", "main"): set(),
    ("div", "", "main"): set(),
}


@pytest.mark.parametrize("element", ELEMENTS)
def test_names_and_classes_say_whose_words(element: tuple[str, str, str]) -> None:
    name, classes, inside = element
    assert voices(name, {"class": classes} if classes else {}, inside) == ELEMENTS[element]


@pytest.mark.parametrize(("kind", "voice"), [("Review", "quote"), ("Person", "person"), ("Organization", None)])
def test_the_kind_of_thing_says_it_too(kind: str, voice: str | None) -> None:
    assert voices("div", {"itemtype": f"https://schema.org/{kind}"}, "main") == ({voice} if voice else set())


@pytest.mark.parametrize(
    ("texts", "places"),
    [
        ([THEIRS, "Ann Other, Buyer at Brook Mills"], [0]),
        ([THEIRS, "— somebody at Brook Mills"], [0]),
        ([f"{THEIRS} — Ann Other, Buyer"], [0]),
        ([f"{THEIRS} says Ann Other of Brook Mills"], [0]),
        (["„Wir haben jede Bestellung von Hand eingetippt.“", "Karl Muster, Leiter Einkauf"], [0]),
        ([THEIRS, "Mary Heron, founder of Heron"], []),
        ([THEIRS], []),
        ([THEIRS, "Our orders are typed in by hand no longer, and nobody misses it."], []),
        (["“Heron”", "Ann Other"], []),
        (["We say “typed in by hand” to what others call work.", "Ann Other"], []),
        (["", "“"], []),
    ],
)
def test_quoted_words_need_somebody_else_who_said_them(texts: list[str], places: list[int]) -> None:
    assert list(quotations(texts, "heron")) == places


def test_long_hostile_texts_take_no_time() -> None:
    assert list(quotations(["“" + "a”“" * 50_000, "“" * 100_000, "“" + "a" * 100_000], "heron")) == []
    assert voices("div", {"class": "quote-" * 20_000}, "main") == set()
