"""Names taken apart, blocks that stay small, likelihoods that depend on nothing but the rows, links taken in the right order."""

from pathlib import Path

import pyarrow as pa
import pytest

from pipelines.linking.blocks import BLOCKS, LARGEST_BLOCK, anything_to_compare, spelling_rows
from pipelines.linking.clusters import Candidate, Link, cluster
from pipelines.linking.likelihood import COMPARISONS, likelihoods, read_model
from pipelines.linking.resolution import CLUSTER, LINK, resolve
from pipelines.linking.spellings import spellings, spellings_of_domain
from pipelines.settings import Resolution
from pipelines.tables import read_tables

LISTS = ("names", "company_keys", "countries", "places", "regions", "phones", "profiles")


def candidates(*rows):
    """Return rows of core.candidate; what is not said is empty, and a name may stand for a list of one."""
    filled = []
    for number, row in enumerate(rows):
        lists = {name: [row[name]] if isinstance(row.get(name), str) else row.get(name, []) for name in LISTS}
        plain = {"candidate_id": row.get("candidate_id", f"org_{number:04}"), "domain": row.get("domain")}
        filled.append(plain | lists | {"is_several": row.get("is_several", False), "is_known": False, "leads": 1})
    schema = [(name, pa.list_(pa.string())) for name in LISTS]
    flags = [("is_several", pa.bool_()), ("is_known", pa.bool_()), ("leads", pa.int64())]
    return pa.Table.from_pylist(filled, pa.schema([("candidate_id", pa.string()), ("domain", pa.string()), *schema, *flags]))


def letters(name):
    return [each.letters for each in spellings(name)]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Acme GmbH & Co. KG", ["acme"]),
        ("Acme Intl. Labs", ["acme"]),
        ("Müller & Søhne", ["mullersohne"]),
        ("Muzz (formerly muzmatch)", ["muzz", "muzmatch"]),
        ("Otter d/b/a Heron Boats", ["otter", "heronboats"]),
        ("Planet Foods (ex QOA)", ["planetfood", "qoa"]),
        ("It Now Index Fund", ["itnowindexfund"]),
        ("ARCELOR     DRN", ["arcelor"]),
        ("LLOYDS BANKIDRN", ["lloydsbanki"]),
        ("株式会社東京電力", ["東京電力"]),
        ("The Company", ["the"]),
        ("", []),
        ("!!!", []),
        ("🦦", []),
    ],
)
def test_a_name_is_taken_apart(name, expected):
    assert letters(name) == expected


def test_digits_and_roman_numbers_are_the_name_s_own():
    assert [spellings(name)[0].numbers for name in ("Studio 54", "Dunlin Fund II", "3M", "Otter")] == ["54", "ii", "3", ""]


def test_a_word_that_says_little_is_kept_aside_and_not_lost():
    one, other = spellings("Acme Labs")[0], spellings("Acme")[0]
    assert (one.letters, one.extra) == ("acme", "laboratory")
    assert (other.letters, other.extra) == ("acme", "")
    assert one.whole == "acmelabs"


def test_a_domain_has_a_name_and_what_is_hung_on_it_comes_off():
    assert [(each.letters, each.extra) for each in spellings_of_domain("get-acme.example")] == [("getacme", ""), ("acme", "get")]
    assert [each.letters for each in spellings_of_domain("getx.co.uk")] == ["getx"]


def test_the_rows_do_not_depend_on_the_order_of_the_candidates():
    rows = [{"candidate_id": f"org_{at}", "names": f"Otter {at}", "countries": "DE"} for at in range(9)]
    assert spelling_rows(candidates(*rows)) == spelling_rows(candidates(*reversed(rows)))


def test_no_block_is_large_however_many_go_by_one_name():
    rows = [{"names": "The Shop", "countries": "US", "places": f"city {at % 400}"} for at in range(3000)]
    table = spelling_rows(candidates(*rows)).to_pandas()
    for block in BLOCKS:
        sizes = table[block].value_counts()
        assert sizes.empty or sizes.max() <= LARGEST_BLOCK, block
    assert table["by_letters"].notna().any(), "within a city they are still compared"


def test_what_shares_no_block_is_not_compared():
    alone = candidates({"names": "Otter"}, {"names": "Heron"})
    assert not anything_to_compare(spelling_rows(alone))
    assert likelihoods(alone, 0.1).empty
    assert likelihoods(candidates(), 0.1).empty


BONN = {"countries": "DE", "places": "bonn"}


def probability(one, other):
    found = likelihoods(candidates({**BONN, **one}, {**BONN, **other}), 1e-9)
    return float(found["probability"].max()) if len(found) else 0.0


def test_more_agreement_is_more_likely():
    same, little, slip, part = "OtterBoats Works", "Otter Boats Work Labs", "Oter Boats Work", "Otter Boats Work Yachts"
    scores = [probability({"names": "Otter Boats Works"}, {"names": each}) for each in (same, little, part)]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > 0.95 > 0.8 > scores[-1]
    assert probability({"names": "Otter Boats Work"}, {"names": slip}) > scores[-1]


def test_a_city_a_phone_and_a_profile_count():
    one, other = {"names": "Otter Boats"}, {"names": "OtterBoats"}
    elsewhere = {**other, "places": "köln"}
    assert probability(one, other) > probability(one, elsewhere)
    phone = {"phones": "+49228123456"}
    assert probability(one | phone, elsewhere | phone) > probability(one, elsewhere)
    profile = {"profiles": "otter"}
    assert probability(one | profile, elsewhere | profile) > probability(one | profile, elsewhere | {"profiles": "other"})


def test_a_phone_brings_together_what_no_name_does_but_does_not_join_it():
    shared = {"phones": "+49228123456"}
    assert probability({"names": "Otter Boats", **shared}, {"names": "Heron Insurance", **shared}) < 0.5


def test_other_digits_are_never_compared():
    assert probability({"names": "Studio 54 Records"}, {"names": "Studio 55 Records"}) == 0
    assert probability({"names": "Dunlin Fund II"}, {"names": "Dunlin Fund III"}) == 0


def test_a_name_that_many_go_by_says_less():
    pair = [{"names": "Otter Boats"}, {"names": "OtterBoats"}]
    many = [{"names": "Otter Boats", "places": f"city {at}", "countries": "DE"} for at in range(20)]
    few = likelihoods(candidates(*pair), 1e-9)["probability"].max()
    crowded = likelihoods(candidates(*pair, *many), 1e-9)
    assert few > crowded[(crowded["left_id"] == "org_0000") & (crowded["right_id"] == "org_0001")]["probability"].max()


def test_likelihoods_do_not_depend_on_the_order_of_the_rows():
    rows = [
        {"candidate_id": f"org_{at}", "names": name, **BONN}
        for at, name in enumerate(("Otter Boats", "OtterBoats", "Oter Boats"))
    ]
    rows.append({"candidate_id": "org_site", "domain": "otterboats.example", **BONN})
    one, other = likelihoods(candidates(*rows), 0.01), likelihoods(candidates(*reversed(rows)), 0.01)
    assert len(one) >= 4
    assert one.equals(other)


def test_the_model_says_what_every_level_is_worth():
    levels = read_model().levels
    assert {name: set(words) for name, words in levels.items()} == {
        name: {word for word in words if not word.endswith("not given")} for name, words in COMPARISONS.items()
    }
    assert all(0 < share <= 1 for words in levels.values() for pair in words.values() for share in pair)


def test_the_rows_are_those_of_the_contracts():
    tables = read_tables(Path(__file__).parents[1] / "sql")
    for name, schema in (("core.link", LINK), ("core.cluster", CLUSTER)):
        assert [column.name for column in tables[name].columns] == schema.names


def made(*rows):
    return [Candidate(one, domain, frozenset(countries)) for one, domain, *countries in rows]


def link(one, other, probability=0.99, key="linked", agrees=(), is_safe=False):
    return Link(one, other, key, probability, one, other, agrees, is_safe=is_safe)


def ends(members):
    return {each.candidate_id: each.organization_id for each in members}


def test_an_organization_goes_by_the_member_with_a_domain_else_by_the_smallest_id():
    _, members = cluster(
        made(("a", None), ("b", "b.example"), ("c", None), ("d", None)), [link("a", "b"), link("c", "d")], [], 0.95
    )
    assert ends(members) == {"a": "b", "d": "c"}


def test_a_chain_is_as_strong_as_its_weakest_link():
    links = [link("a", "b", 0.99), link("b", "c", 0.96), link("c", "d", 0.98)]
    _, members = cluster(made(*((each, None) for each in "abcd")), links, [], 0.95)
    assert {each.candidate_id: each.link.probability for each in members} == {"b": 0.99, "c": 0.96, "d": 0.96}


@pytest.mark.parametrize(
    ("one", "other", "because"),
    [
        (("a", "a.example"), ("b", "b.example"), "each has a website of its own, a.example and b.example"),
        (("a", None, "DE"), ("b", None, "FR"), "they are in different countries, DE and FR"),
    ],
)
def test_what_speaks_against_a_link_leaves_it_to_a_person(one, other, because):
    (settled,), members = cluster(made(one, other), [link("a", "b")], [], 0.95)
    assert (settled.verdict, settled.because, members) == ("review", because, [])


def test_a_chain_does_not_bring_two_countries_together():
    links = [link("a", "b", 0.99, "name"), link("b", "c", 0.98, "name")]
    settled, members = cluster(made(("a", None, "DE"), ("b", None), ("c", None, "FR")), links, [], 0.95)
    assert [each.verdict for each in settled] == ["joined", "review"]
    assert ends(members) == {"b": "a"}


def test_one_phone_in_two_countries_does():
    _, members = cluster(made(("a", None, "DE"), ("b", None, "FR")), [link("a", "b", agrees=("same phone",))], [], 0.95)
    assert ends(members) == {"b": "a"}


def test_too_little_is_left_to_a_person_unless_joining_is_the_safer_mistake():
    (unsure,), members = cluster(made(("a", None), ("b", None)), [link("a", "b", 0.8)], [], 0.95)
    assert (unsure.verdict, members) == ("review", [])
    _, members = cluster(made(("a", None), ("b", None)), [link("a", "b", 0.8, is_safe=True)], [], 0.95)
    assert ends(members) == {"b": "a"}


def test_people_have_the_last_word():
    four = made(("a", "a.example"), ("b", "b.example"), ("c", None), ("d", None))
    links = [link("a", "b", 1.0, "decided"), link("b", "c"), link("a", "d")]
    settled, members = cluster(four, links, [frozenset("bc"), frozenset("bd")], 0.95)
    assert ends(members) == {"b": "a"}
    assert {each.pair: each.verdict for each in settled} == {
        frozenset("ab"): "joined",
        frozenset("bc"): "apart",
        frozenset("ad"): "review",
    }


def test_links_to_what_is_not_there_are_forgotten():
    assert cluster(made(("a", None)), [link("a", "gone")], [frozenset(("a", "gone"))], 0.95) == ([], [])


def test_a_decision_by_domain_in_any_spelling():
    settings = Resolution(same=(("WWW.Otter.example", "https://otter.test/"),))
    assert settings.same == (("otter.example", "otter.test"),)
    with pytest.raises(ValueError, match="names no organization"):
        Resolution(apart=(("otter", "otter.example"),))


def test_nothing_in_nothing_out():
    empty = candidates()
    namesakes = pa.table({name: pa.array([], pa.string()) for name in ("candidate_id", "namesake_id", "key")})
    assert {name: table.num_rows for name, table in resolve(empty, namesakes, Resolution()).items()} == {
        "core.link": 0,
        "core.cluster": 0,
    }
