"""How pipelines/linking/model.yaml was made: agreement counted on labelled lists, once. Nothing else reads this.

    python benchmarks/resolution_model.py ../shared/real/leads > pipelines/linking/model.yaml

The pairs are those the product itself compares and no equal name has settled, on two kinds of lists: two editions of one
list of young companies, in which the list's own id says which rows are one company, once without websites and once with
nothing but those for the older edition; and companies listed on four exchanges, where the website says it (domains that five
or more unrelated names share are left out). Two rows in a hundred are written once more with a slip of the pen, seeded,
since lists this clean have none. What a phone and a profile are worth is set: the lists have none, or they are hidden.
Counts are smoothed by a half, so that nothing is impossible.
"""

import random
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import pandas as pd
import yaml
from resolution import Company, by_row, open_warehouse, read_listed, read_yc, strange_domains

from pipelines.linking.likelihood import COMPARISONS, OTHER_NAME, Model, likelihoods

SET = {
    "phone": {"same phone": [0.7, 0.005], "other phone": [0.3, 0.995]},
    "profile": {"same profile": [0.95, 0.002], "other profile": [0.05, 0.998]},
}
DIFFER = [0.0005, 1.0]
"""Two names that differ are no evidence: how many such pairs are compared is a matter of blocks."""
PRIOR = 0.5
"""Set, and lower than counted (0.78): two editions of one list have more companies in common than two lists of strangers."""
SLIPS = 0.02
SEED = 3


def main() -> None:
    """Count, and print the model as YAML."""
    folder = Path(sys.argv[1])
    old, new = read_yc(folder / "yc-2023.csv"), read_yc(folder / "yc-2024.csv")
    shown = [each._replace(name="", shown=each.domain or "") for each in old]
    listed = read_listed(folder / "listed-companies")
    strange = strange_domains(listed)
    sites = [None if each.domain in strange else each.domain for each in listed]
    counted = pd.concat(
        [
            compared(*with_slips([*old, *new], [each.own_id for each in (*old, *new)])),
            compared([*shown, *new], [each.own_id for each in (*old, *new)]),
            compared(*with_slips(listed, sites)),
        ]
    )
    print(yaml.safe_dump(model(counted), sort_keys=False, default_flow_style=None, width=100), end="")


def with_slips(companies: list[Company], gold: list[str | None]) -> tuple[list[Company], list[str | None]]:
    """Return the companies, and two in a hundred once more, in a list of their own, with a letter or a blank gone wrong."""
    chance = random.Random(SEED)  # noqa: S311 - a seeded choice
    again = [at for at, each in enumerate(companies) if len(each.name) > 5 and gold[at] and chance.random() < SLIPS]
    slipped = [companies[at]._replace(source="slips", name=_slip(companies[at].name, chance)) for at in again]
    return [*companies, *slipped], [*gold, *(gold[at] for at in again)]


def _slip(name: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(name) - 1)
    ways = [
        name[:at] + name[at + 1 :],
        name[:at] + name[at] + name[at:],
        name[: at - 1] + name[at] + name[at - 1] + name[at + 1 :],
    ]
    return chance.choice([*ways, name.replace(" ", "", 1)])


def compared(companies: list[Company], gold: list[str | None]) -> pd.DataFrame:
    """Return the pairs the product compares, each with its levels and whether it is one company."""
    with tempfile.TemporaryDirectory() as folder, open_warehouse(companies, Path(folder)) as warehouse:
        pairs = likelihoods(warehouse.arrow("from core.candidate"), 1e-12, _flat())
        settled = {(row["candidate_id"], row["namesake_id"]) for row in warehouse.rows("from core.namesake")}
        found = by_row(warehouse, companies, "core.tie", "candidate_id")
    known: dict[str | None, set[str | None]] = defaultdict(set)
    for candidate, label in zip(found, gold, strict=True):
        known[candidate] |= {label} - {None}
    pairs["is_one"] = [bool(known[one] & known[other]) for one, other in zip(pairs["left_id"], pairs["right_id"], strict=True)]
    ends = list(zip(pairs["left_id"], pairs["right_id"], strict=True))
    open_still = [bool(known[one] and known[other]) and not {(one, other), (other, one)} & settled for one, other in ends]
    return pairs[open_still]


def _flat() -> Model:
    """Return a model to which every level is worth the same."""
    return Model(prior=0.5, levels={name: dict.fromkeys(levels, (0.5, 0.5)) for name, levels in COMPARISONS.items()})


def model(pairs: pd.DataFrame) -> dict[str, object]:
    """Return the model that the counts make."""
    pairs = pairs[pairs["name"] != OTHER_NAME]
    levels: dict[str, dict[str, list[float]]] = {}
    for name, words in COMPARISONS.items():
        said = [word for word in words if not word.endswith("not given")]
        levels[name] = SET.get(name) or {word: [_share(pairs, name, word, said, one) for one in (True, False)] for word in said}
    levels["name"][OTHER_NAME] = DIFFER
    return {"prior": PRIOR, "levels": levels}


def _share(pairs: pd.DataFrame, name: str, word: str, said: list[str], is_one: bool) -> float:
    among = pairs[(pairs["is_one"] == is_one) & pairs[name].isin(said)]
    return round((int((among[name] == word).sum()) + 0.5) / (len(among) + 0.5 * len(said)), 6)


if __name__ == "__main__":
    main()
