"""The only door to Splink: how likely it is that two candidates are one organization.

Here: the levels of agreement between two spellings, and Splink's answer. What each level is worth stands in model.yaml, counted
once on labelled lists (benchmarks/resolution_model.py), so that the same input gives the same output. Elsewhere: who is compared
with whom (`blocks`), what is done with a likelihood (`clusters`).
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import pyarrow as pa
from pydantic import Field
from splink import DuckDBAPI, Linker, SettingsCreator
from splink.blocking_rule_library import CustomRule

from pipelines.documents import Document, read_document
from pipelines.linking.blocks import BLOCKS, anything_to_compare, spelling_rows

OTHER_NAME = "names differ"
SHORTER = "least(length(letters_l), length(letters_r))"
# One Chinese or Korean character says about as much as three letters.
LONG = f"({SHORTER} >= 10 or {SHORTER} >= 4 and strlen(letters_l) >= 2 * length(letters_l))"
MIDDLING = f"{SHORTER} >= 7"
SAME = "(letters_l = letters_r and extra_l = extra_r or whole_l = whole_r) and not is_domain_l and not is_domain_r"
DOMAIN = "(is_domain_l or is_domain_r) and (letters_l = letters_r or whole_l = whole_r)"
PLAIN_DOMAIN = f"{DOMAIN} and not (is_domain_l and extra_l <> '') and not (is_domain_r and extra_r <> '')"
LITTLE = "letters_l = letters_r"
SLIP = """least(damerau_levenshtein(letters_l, letters_r), damerau_levenshtein(whole_l, whole_r)) = 1
    and letters_l[1] = letters_r[1] and not is_domain_l and not is_domain_r"""
NAME = {
    "same long name": f"{SAME} and {LONG}",
    "same name": SAME,
    "the domain has the long name": f"{PLAIN_DOMAIN} and {LONG}",
    "the domain has the name": f"{PLAIN_DOMAIN} and {MIDDLING}",
    "the domain has the short name": PLAIN_DOMAIN,
    "the domain has the long name and a little more": f"{DOMAIN} and {MIDDLING}",
    "the domain has the short name and a little more": DOMAIN,
    "same words in another order": "words_l = words_r and extra_l = extra_r",
    "same long name but for a word that says little": f"{LITTLE} and {MIDDLING}",
    "same short name but for a word that says little": LITTLE,
    "same long name but for a letter": f"{SLIP} and {SHORTER} >= 14",
    "same name but for a letter": f"{SLIP} and {SHORTER} >= 10",
    "names sound alike": f"skeleton_l = skeleton_r and damerau_levenshtein(letters_l, letters_r) <= 2 and {MIDDLING}",
    "one name within the other": "list_has_all(core_l, core_r) or list_has_all(core_r, core_l)",
    OTHER_NAME: "else",
}
# Two places in two countries differ anyway: the country has said so.
ABROAD = "len(countries_l) > 0 and len(countries_r) > 0 and not list_has_any(countries_l, countries_r)"
COUNTRY = {
    "country not given": "len(countries_l) = 0 or len(countries_r) = 0",
    "same country": "list_has_any(countries_l, countries_r)",
    "other country": "else",
}
PLACE = {
    "place not given": f"""{ABROAD} or (len(places_l) = 0 or len(places_r) = 0) and (len(regions_l) = 0 or len(regions_r) = 0)""",
    "same city": "list_has_any(places_l, places_r)",
    "other city, and a list tells companies of the name apart": "is_several_l or is_several_r",
    "same region": "list_has_any(regions_l, regions_r)",
    "other place": "else",
}
PHONE = {
    "phone not given": "len(phones_l) = 0 or len(phones_r) = 0",
    "same phone": "list_has_any(phones_l, phones_r)",
    "other phone": "else",
}
PROFILE = {
    "profile not given": "len(profiles_l) = 0 or len(profiles_r) = 0",
    "same profile": "list_has_any(profiles_l, profiles_r)",
    "other profile": "else",
}
COMPARISONS = {"name": NAME, "country": COUNTRY, "place": PLACE, "phone": PHONE, "profile": PROFILE}
EVEN = 0.5
"""What two names that are the same weigh before it is counted how many go by the name; two are none too many."""
SILENT = "not given"
NOTHING = "letters_l is null or letters_r is null"
ALIKE = "letters_l = letters_r"
WALLS = """
    set memory_limit = '4GB'; set autoinstall_known_extensions = false; set autoload_known_extensions = false;
    set enable_external_access = false; set lock_configuration = true
"""
COLUMNS = ("probability", "left_id", "right_id", "left_name", "right_name", "both_domains")
KEPT = ["candidate_id", "name", "has_domain"]


class Model(Document):
    """What agreement is worth: the share of pairs that are one organization, and each level's share in them and the others."""

    prior: Annotated[float, Field(gt=0, lt=1)]
    levels: Mapping[str, Mapping[str, tuple[float, float]]]


@cache
def read_model() -> Model:
    """Return the model that is shipped."""
    return read_document(Path(__file__).with_name("model.yaml"), Model)


def likelihoods(candidates: pa.Table, at_least: float, model: Model | None = None) -> pd.DataFrame:
    """Return the pairs of candidates (columns of core.candidate) that are one organization with at least that probability.

    Columns: left_id < right_id, probability (0 to 1), left_name, right_name, both_domains, and for each comparison its level in
    words. Each pair stands there once, by its likeliest spellings, the likeliest pair first.
    """
    rows = spelling_rows(candidates)
    if not anything_to_compare(rows):
        return pd.DataFrame(columns=[*COLUMNS, *COMPARISONS])
    pairs = _predict(rows, at_least, model or read_model())
    for name, levels in COMPARISONS.items():
        said = [word for word in reversed(levels) if not word.endswith(SILENT)]
        pairs[name] = pairs.pop(f"gamma_{name}").map(dict(enumerate(said)) | {-1: f"{name} {SILENT}"})
    return pairs


def _predict(rows: pa.Table, at_least: float, model: Model) -> pd.DataFrame:
    """Ask Splink, and keep each pair of candidates once."""
    api = DuckDBAPI()
    api.duckdb_con.execute(WALLS)
    linker = Linker(api.register(rows), _settings(model), log_level=None)
    linker.table_management.register_term_frequency_lookup(api.register(_frequencies(rows)), "letters")
    predicted = linker.inference.predict(threshold_match_probability=at_least, warning_mode="never")
    pairs = predicted.as_duckdbpyrelation().df()
    swapped = pairs["candidate_id_l"] > pairs["candidate_id_r"]
    found = pd.DataFrame({"probability": pairs["match_probability"].round(6)})
    for kept in ("candidate_id", "name"):
        one, other = pairs[f"{kept}_l"], pairs[f"{kept}_r"]
        short = "id" if kept == "candidate_id" else kept
        found[f"left_{short}"], found[f"right_{short}"] = one.where(~swapped, other), other.where(~swapped, one)
    found["both_domains"] = pairs["has_domain_l"] & pairs["has_domain_r"]
    for name in COMPARISONS:
        found[f"gamma_{name}"] = pairs[f"gamma_{name}"]
    order = ["probability", "left_id", "right_id", "left_name", "right_name"]
    found = found.sort_values(order, ascending=[False, True, True, True, True], kind="stable")
    return found.drop_duplicates(["left_id", "right_id"], ignore_index=True)


def _frequencies(rows: pa.Table) -> pa.Table:
    """Return for each name the chance of meeting it: a name that many candidates go by speaks the less for any two of them."""
    names = rows.select(["letters", "candidate_id"]).to_pandas().drop_duplicates()
    counts = names.groupby("letters", sort=True).size().clip(lower=2)
    return pa.table({"letters": counts.index.to_numpy(), "tf_letters": (counts * (EVEN / 2)).to_numpy()})


def _settings(model: Model) -> SettingsCreator:
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="unique_id",
        probability_two_random_records_match=model.prior,
        comparisons=[*(_comparison(name, model.levels[name]) for name in COMPARISONS), _rarity()],
        blocking_rules_to_generate_predictions=[CustomRule(_rule(block)) for block in BLOCKS],
        additional_columns_to_retain=KEPT,
        retain_matching_columns=True,
    )


def _rule(block: str) -> str:
    """Return what two spellings must share to be compared; numbers always. Two domains need the same name for it."""
    domains = "not (l.has_domain and r.has_domain)"
    if block == "by_letters":
        domains = f"({domains} or not (l.is_domain or r.is_domain))"
    return f"l.{block} = r.{block} and l.numbers = r.numbers and l.candidate_id <> r.candidate_id and {domains}"


def _comparison(name: str, worth: Mapping[str, tuple[float, float]]) -> dict[str, Any]:
    """Return a comparison in Splink's words; of its levels the first that holds counts, and what is not given says nothing."""
    silent = COMPARISONS[name].get(f"{name} {SILENT}", NOTHING)
    levels: list[dict[str, Any]] = [{"sql_condition": silent, "is_null_level": True}]
    for word, condition in COMPARISONS[name].items():
        if not word.endswith(SILENT):
            m, u = worth[word]
            levels.append({"sql_condition": condition, "label_for_charts": word, "m_probability": m, "u_probability": u})
    return {"output_column_name": name, "comparison_levels": levels}


def _rarity() -> dict[str, Any]:
    """Return the comparison that weighs a name both have by how many have it."""
    return {
        "output_column_name": "rarity",
        "comparison_levels": [
            {"sql_condition": NOTHING, "is_null_level": True},
            {
                "sql_condition": ALIKE,
                "m_probability": EVEN,
                "u_probability": EVEN,
                "tf_adjustment_column": "letters",
                "tf_adjustment_weight": 1.0,
                "disable_tf_exact_match_detection": True,
            },
            {"sql_condition": "else", "m_probability": EVEN, "u_probability": EVEN},
        ],
    }
