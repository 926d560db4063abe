"""Countries as people write them."""

import pytest

from pipelines.places import country_code, country_codes, country_names


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Germany", "DE"),
        ("Deutschland", "DE"),
        ("ALLEMAGNE", "DE"),
        ("de", "DE"),
        ("DEU", "DE"),
        (" United States. ", "US"),
        ("USA", "US"),
        ("U.S.A.", "US"),
        ("us", "US"),
        ("UK", "GB"),
        ("U.K.", "GB"),
        ("Great Britain", "GB"),
        ("GBR", "GB"),
        ("Österreich", "AT"),
        ("oesterreich", None),
        ("Schweiz", "CH"),
        ("Suisse", "CH"),
        ("Côte d’Ivoire", "CI"),
        ("Nederland", "NL"),
        ("Holland", "NL"),
        ("Türkiye", "TR"),
        ("turkey", "TR"),
        ("Korea", "KR"),
        ("NA", "NA"),
        ("Namibia", "NA"),
        ("España", "ES"),
        ("espana", "ES"),
        ("Danmark", "DK"),
        ("Norge", "NO"),
        ("Suomi", "FI"),
        ("Česko", "CZ"),
        ("Atlantis", None),
        ("Europe", None),
        ("EU", None),
        ("XX", None),
        ("World", None),
        ("", None),
        (" ", None),
        ("12", None),
        ("1", None),
        ("Germany and France", None),
    ],
)
def test_country_code(written: str, code: str | None):
    assert country_code(written) == code


def test_every_name_and_code_is_of_a_country():
    assert len(set(country_names().values())) > 190
    for code in set(country_names().values()):
        assert len(code) == 2
        assert code.isupper()
        assert country_code(code) == code or code == "UK"


def test_three_letters_lead_to_two():
    assert (country_codes()["FRA"], country_codes()["NAM"]) == ("FR", "NA")
    assert not {"EU", "EUR", "UN"} & set(country_codes())
