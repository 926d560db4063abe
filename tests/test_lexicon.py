"""Phrases worth hearing, and how they are found."""

import pytest

from pipelines.lexicon import Lexicon, make_lexicon, persona_phrases

WORDS = Lexicon(
    {"retyping": ["typed by hand", "re-keying", "typed"], "research": ["R&D", "ai"], "german": ["von Hand"], "nothing": ["", "…"]}
)


def found(text: str) -> list[tuple[str, str]]:
    return [(each.term, text[each.start : each.end]) for each in WORDS.find(text)]


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("Orders are typed by hand.", [("retyping", "typed by hand"), ("retyping", "typed")]),
        ("TYPED  BY\nHAND", [("retyping", "TYPED  BY\nHAND"), ("retyping", "TYPED")]),
        ("typed by handy people", [("retyping", "typed")]),
        ("mistyped", []),
        ("typed by", [("retyping", "typed")]),
        ("Our R&D and our AI, said Aida.", [("research", "R&D"), ("research", "AI")]),
        ("re-keying is not re keying", [("retyping", "re-keying")]),
        ("Von Hand, von hand", [("german", "Von Hand"), ("german", "von hand")]),
        ("typed, by hand", [("retyping", "typed, by hand"), ("retyping", "typed")]),
        ("", []),
        ("… & - _", []),
    ],
)
def test_whole_words_in_any_case(text: str, mentions: list[tuple[str, str]]):
    assert sorted(found(text)) == sorted(mentions)


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("Answers you can rely on.", ["rely"]),
        ("Rely on 99.9 % Uptime of our cloud.", []),
        ("Uptime is what you rely on", []),
        ("Rely on our answers. Uptime is 99.9 %.", ["Rely"]),
        ("Uptime: 99.9 %! Rely on us. And rely on uptime?", ["Rely"]),
        ("Rely on our up-time", ["Rely"]),
        ("We are never late, unless uptime", ["never late"]),
        ("Uptime", []),
        ("uptime, rely, rely", []),
    ],
)
def test_unless_takes_back_what_its_own_term_says_in_the_same_sentence(text: str, mentions: list[str]):
    lexicon = Lexicon({"reliable": ["rely", "UNLESS Uptime"], "punctual": ["never late"], "unfulfillable": ["unless rely"]})
    assert [text[each.start : each.end] for each in lexicon.find(text)] == mentions


def test_what_takes_back_is_no_reason_to_look_closer():
    lexicon = Lexicon({"reliable": ["rely", "unless uptime"]})
    assert lexicon.among(["uptime", "rely", "rely on uptime"]) == [(1, {"reliable"}), (2, {"reliable"})]


def test_mentions_come_in_order():
    starts = [each.start for each in WORDS.find("von Hand typed ai typed by hand von Hand")]
    assert starts == sorted(starts)


def test_one_phrase_may_be_of_two_terms():
    lexicon = Lexicon({"a": ["open source"], "b": ["open source", "open"]})
    assert sorted(each.term for each in lexicon.find("open source")) == ["a", "b", "b"]


def test_an_empty_lexicon_hears_nothing():
    assert list(Lexicon({}).find("anything")) == []


def test_the_lexicon_of_a_run_holds_both_dictionaries():
    lexicon = make_lexicon({"ours": ["anvil"]})
    assert {each.term for each in lexicon.find("An innovative anvil")} == {"persona.innovation", "ours"}


def test_every_phrase_of_the_persona_dictionary_is_heard():
    lexicon = make_lexicon({})
    for term, phrases in persona_phrases().items():
        assert term.startswith("persona.")
        for phrase in phrases:
            assert term in {each.term for each in lexicon.find(f"so, {phrase}!")}, f"{phrase} of {term} is never heard"


def test_a_long_text_takes_no_time_to_speak_of():
    assert len(list(WORDS.find("typed by hand " * 20_000))) == 40_000


def places(lexicon, texts):
    return [number for number, _ in lexicon.among(texts)]


def test_which_texts_may_have_a_mention_is_told_for_all_at_once():
    texts = ["Nothing.", "Typed by nobody.", "", "Typed by\nhand", "von HAND, von Hand", "We’re in R&D", "ai"]
    assert places(WORDS, texts) == [1, 3, 4, 5, 6]
    assert dict(WORDS.among(texts))[1] == {"retyping"}
    assert places(Lexicon({"ours": ["we're"]}), texts) == [5]
    assert WORDS.among([]) == []


def test_a_text_with_a_letter_that_grows_in_lower_case_is_always_looked_at():
    assert places(WORDS, ["İ", "nothing"]) == [0, 1]


def test_whatever_stands_between_words_keeps_them_apart():
    texts = ["«typed»", "re_typed", "so…ai—so", "von\u00a0Hand", "re-\nkeying", "R & D", "R&D", "typed\x1fby"]
    assert [number for number in range(len(texts)) if found(texts[number])] == [0, 1, 2, 3, 6, 7]
    assert {0, 1, 2, 3, 6, 7} <= set(places(WORDS, texts))


def test_texts_of_endless_signs_are_all_looked_at():
    assert places(WORDS, ["".join(map(chr, range(0x2500, 0x2600))), "nothing"]) == [0, 1]
