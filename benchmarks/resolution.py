"""Resolution, measured: pairwise precision and recall on lists of companies whose websites are hidden from the linker.

    make bench-resolution                     # the lists of ../shared; fictional ones where it is absent
    make bench-resolution YC_OLD=a.csv YC_NEW=b.csv LISTED=folder

Two rows are one company when their websites share a registrable domain; rows without a website are not judged. Of YC every
row of one edition is paired with every row of the other, of the listed companies every row with every other. The lists go
through the product's own intake and linking, with name, city, state and country only. The peers answer the same pairs: the
same name as written, in any case; and rapidfuzz within a country, each scorer at the threshold that does best on this very
gold, which favours it.

The gold is wrong in places, and stays as it is: beside the figures stands how much of what is counted against us is its doing.
The last line is one JSON object.
"""

import argparse
import csv
import json
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import numpy as np
from rapidfuzz import fuzz, process

from pipelines.intake.addresses import website
from pipelines.intake.folding import fold
from pipelines.intake.inbox import lists_in, receive
from pipelines.intake.names import company_key
from pipelines.intake.reading import read_lists
from pipelines.linking.resolution import link, needed
from pipelines.settings import Settings
from pipelines.tables import read_tables
from pipelines.warehouse import Warehouse, dependencies

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "real" / "leads"
FICTIONAL = Path(__file__).parent / "resolution"
HEADINGS = ("company", "city", "state", "country", "website")
THRESHOLDS = (80, 85, 90, 92, 94, 96, 98, 100)
SCORERS = {"rapidfuzz_token_sort": fuzz.token_sort_ratio, "rapidfuzz_wratio": fuzz.WRatio}
GOAL = 0.98
DAY = date(2026, 1, 1)
STRANGERS = 5


class Company(NamedTuple):
    """A row: which list it is from, what the linker may see, and what it is judged by."""

    source: str
    name: str
    city: str
    state: str
    country: str
    domain: str | None
    own_id: str
    shown: str = ""
    """The website the linker may see after all."""


class Figures(NamedTuple):
    """Pairs found, those of them that are right, and those there are."""

    found: int
    right: int
    there: int

    @property
    def precision(self) -> float:
        """The share of what was found that is right."""
        return round(self.right / self.found, 4) if self.found else 0.0

    @property
    def recall(self) -> float:
        """The share of what there is that was found."""
        return round(self.right / self.there, 4) if self.there else 0.0

    def plus(self, other: "Figures") -> "Figures":
        """Return the figures of both together."""
        return Figures(*(one + two for one, two in zip(self, other, strict=True)))


def read_yc(path: Path) -> list[Company]:
    """Return the companies of one edition; their place is written as `Lahore, Pakistan`."""
    rows = csv.DictReader(path.open(encoding="utf-8", newline=""))
    return [
        _company(path.stem, row["company_name"], row["location"], "", row["country"], row["website"], row["company_id"])
        for row in rows
    ]


def read_listed(folder: Path) -> list[Company]:
    """Return the companies of every exchange; rows without a name are left out."""
    found: list[Company] = []
    for path in sorted(folder.glob("*.csv")):
        for row in csv.DictReader(path.open(encoding="utf-8", newline="")):
            place = row["city"], row["state"], row["country"]
            found.append(_company(path.stem, row["name"], *place, row["website"], row["isin"]))
    return found


def _company(source: str, name: str, city: str, state: str, country: str, url: str, own_id: str) -> Company:
    site = website(url, company_key(name)) if url else None
    return Company(source, name, city, state, country, site.domain if site else None, own_id)


def settle(companies: Sequence[Company], folder: Path) -> list[str | None]:
    """Return the organization the product finds for each company, seeing name and place only; None for a row it rejects."""
    with open_warehouse(companies, folder) as warehouse:
        link(warehouse, Settings().resolution)
        warehouse.build({"core.membership"})
        return by_row(warehouse, companies, "core.membership", "organization_id")


def open_warehouse(companies: Sequence[Company], folder: Path) -> Warehouse:
    """Return a warehouse in which the companies were read and made candidates."""
    for source in sorted({each.source for each in companies}):
        with (folder / f"{source}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADINGS)
            writer.writerows((*each[1:5], each.shown) for each in companies if each.source == source)
    receive(sorted(folder.glob("*.csv")), folder / "inbox", DAY)
    settings = Settings()
    tables = read_tables(ROOT / "sql")
    wanted = needed(dependencies(tables)) | {"core.link", "core.cluster", "core.membership", "raw.lead_row", "raw.rejected_row"}
    macros = (ROOT / "sql" / "macros.sql").read_text("utf-8")
    warehouse = Warehouse(folder / "warehouse.duckdb", {name: tables[name] for name in tables if name in wanted}, macros)
    for name, rows in read_lists(lists_in(folder / "inbox", settings.lists, DAY), settings).named().items():
        warehouse.load(name, rows)
    warehouse.build(wanted - {"core.membership"})
    return warehouse


def by_row(warehouse: Warehouse, companies: Sequence[Company], table: str, column: str) -> list[str | None]:
    """Return a column of core.membership or core.tie for each company, in their order; None for a row that was rejected."""
    query = f"""
        with brought as (
            select lead_id, list_id, row_number from core.lead
            union all
            select twin_lead_id, list_id, row_number from core.duplicate
        )
        select lead_list.name, brought.row_number, {column}
        from brought join {table} using (lead_id) join raw.lead_list using (list_id)
    """  # noqa: S608 - named by this file
    found = {(name, number): value for name, number, value in (row.values() for row in warehouse.rows(query))}
    place: Counter[str] = Counter()
    answer = []
    for each in companies:
        place[each.source] += 1
        answer.append(found.get((f"{each.source}.csv", place[each.source])))
    return answer


def count(companies: Sequence[Company], label: Callable[[int], Hashable], across: bool) -> int:
    """Return how many pairs share a label that is not None; `across` pairs only rows of different lists."""
    groups: dict[Hashable, Counter[str]] = defaultdict(Counter)
    for at, each in enumerate(companies):
        if (shared := label(at)) is not None:
            groups[shared][each.source] += 1
    return sum(_pairs(sizes.values(), across) for sizes in groups.values())


def _pairs(sizes: Iterable[int], across: bool) -> int:
    sizes = list(sizes)
    between = sum(one * other for one, other in combinations(sizes, 2))
    return between if across else between + sum(size * (size - 1) // 2 for size in sizes)


def judge(companies: Sequence[Company], answer: Sequence[Hashable], across: bool, gold: Sequence[Hashable]) -> Figures:
    """Compare an answer with the gold, over the companies that have any."""

    def known(label: Callable[[int], Hashable]) -> int:
        return count(companies, lambda at: None if gold[at] is None else label(at), across)

    found = known(lambda at: answer[at])
    right = known(lambda at: None if answer[at] is None else (answer[at], gold[at]))
    return Figures(found, right, known(lambda at: gold[at]))


def fuzzy(companies: Sequence[Company], scorer: Callable[..., float], across: bool) -> dict[int, Figures]:
    """Return threshold -> what rapidfuzz finds within a country."""
    counted = {threshold: [0, 0] for threshold in THRESHOLDS}
    by_country: dict[str, list[Company]] = defaultdict(list)
    for each in companies:
        if each.domain is not None:
            by_country[each.country].append(each)
    for group in by_country.values():
        names = [fold(each.name) for each in group]
        scores = process.cdist(names, names, scorer=scorer, score_cutoff=THRESHOLDS[0], workers=-1)
        ones, others = np.triu(scores, 1).nonzero()
        sources, domains = np.array([each.source for each in group]), np.array([each.domain for each in group])
        compared = (sources[ones] != sources[others]) if across else np.full(len(ones), True)
        alike, right = scores[ones, others], domains[ones] == domains[others]
        for threshold in THRESHOLDS:
            counted[threshold][0] += int((compared & (alike >= threshold)).sum())
            counted[threshold][1] += int((compared & (alike >= threshold) & right).sum())
    there = count(companies, lambda at: companies[at].domain, across)
    return {threshold: Figures(found, right, there) for threshold, (found, right) in counted.items()}


def best(figures: dict[int, Figures]) -> int:
    """Return the threshold with the most recall at the precision that is our goal, else the most precise one."""
    good = [threshold for threshold, each in figures.items() if each.precision >= GOAL]
    return max(good, key=lambda each: figures[each].recall) if good else max(figures, key=lambda each: figures[each].precision)


def strange_domains(companies: Sequence[Company]) -> set[str]:
    """Return the domains that five or more names with different first words share: the list's own mistakes."""
    words: dict[str, set[str]] = defaultdict(set)
    for each in companies:
        if each.domain is not None:
            words[each.domain].add(company_key(each.name).partition(" ")[0])
    return {domain for domain, first in words.items() if len(first) >= STRANGERS}


def measure(
    companies: Sequence[Company], across: bool
) -> tuple[dict[str, Figures], dict[str, dict[int, Figures]], dict[str, int | float]]:
    """Return the figures of the product and the plain join, those of each scorer by threshold, and what the gold does."""
    gold = [each.domain for each in companies]
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        answer = settle(companies, Path(folder))
    seconds = round(time.perf_counter() - started, 1)
    ours = judge(companies, answer, across, gold)
    exact = judge(companies, [each.name.strip().casefold() or None for each in companies], across, gold)
    fuzz_found = {name: fuzzy(companies, scorer, across) for name, scorer in SCORERS.items()}
    strange = strange_domains(companies)
    sane = judge(companies, answer, across, [None if domain in strange else domain for domain in gold])
    identified = [each.own_id or None if each.domain else None for each in companies]
    excused: dict[str, int | float] = {
        "rows": len(companies),
        "seconds": seconds,
        "pairs_not_there": ours.found - ours.right,
        "of_these_one_company_by_the_lists_own_id": _excused(companies, answer, gold, identified, across),
        "pairs_missed": ours.there - ours.right,
        "of_these_under_a_domain_of_strangers": ours.there - ours.right - (sane.there - sane.right),
    }
    return {"": ours, "_exact": exact}, fuzz_found, excused


def _excused(
    companies: Sequence[Company], answer: Sequence[Hashable], gold: Sequence[Hashable], ids: Sequence[Hashable], across: bool
) -> int:
    """Count the pairs found that the websites deny and the list's own ids confirm: their website changed between editions."""

    def label(at: int, *more: Hashable) -> Hashable | None:
        return None if None in (answer[at], gold[at], ids[at]) else (answer[at], ids[at], *more)

    return count(companies, label, across) - count(companies, lambda at: label(at, gold[at]), across)


def sets(given: argparse.Namespace) -> dict[str, tuple[list[Company], bool]]:
    """Return name -> companies, and whether only pairs across its lists count; fictional ones where the real lists are absent."""
    old = Path(given.yc_old or SHARED / "yc-2023.csv")
    new = Path(given.yc_new or SHARED / "yc-2024.csv")
    listed = Path(given.listed or SHARED / "listed-companies")
    if not (old.exists() and new.exists() and listed.exists()):
        print(f"{SHARED} is absent: a small fictional set is measured instead, which proves that it works and no more.")
        old, new, listed = FICTIONAL / "older.csv", FICTIONAL / "newer.csv", FICTIONAL / "listed"
    return {"yc": ([*read_yc(old), *read_yc(new)], True), "listed": (read_listed(listed), False)}


def main() -> None:
    """Measure each set and all of them, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("--yc-old", "--yc-new", "--listed"):
        parser.add_argument(name)
    figures: dict[str, float] = {}
    total: dict[str, Figures] = defaultdict(lambda: Figures(0, 0, 0))
    fuzz_total: dict[str, dict[int, Figures]] = {name: dict.fromkeys(THRESHOLDS, Figures(0, 0, 0)) for name in SCORERS}
    for name, (companies, across) in sets(parser.parse_args()).items():
        found, fuzzy_found, excused = measure(companies, across)
        found |= {f"_{scorer}": by[best(by)] for scorer, by in fuzzy_found.items()}
        print(f"{name}: {json.dumps(excused)}; best thresholds { ({scorer: best(by) for scorer, by in fuzzy_found.items()}) }")
        for peer, each in found.items():
            figures |= {f"precision_{name}{peer}": each.precision, f"recall_{name}{peer}": each.recall}
            print(f"  {name}{peer}: {each.right} right of {each.found} found, {each.there} there")
        for peer in ("", "_exact"):
            total[peer] = total[peer].plus(found[peer])
        for scorer, by in fuzzy_found.items():
            fuzz_total[scorer] = {threshold: fuzz_total[scorer][threshold].plus(each) for threshold, each in by.items()}
        figures |= {f"{key}_{name}": value for key, value in excused.items()}
    for scorer, by in fuzz_total.items():
        total[f"_{scorer}"] = by[best(by)]
        figures[f"threshold_{scorer}"] = best(by)
    overall = {f"{kind}{peer}": getattr(each, kind) for peer, each in total.items() for kind in ("precision", "recall")}
    print(json.dumps(overall | figures))


if __name__ == "__main__":
    main()
