"""Convergent validity: whether what is read from companies' own profiles agrees with what others labelled them as.

    make bench-validity                            # the remote-companies profiles of ../shared
    make bench-validity PROFILES=folder            # Markdown files with front matter of your own

A profile is a Markdown file with front matter. The front matter holds the labels (`company_size`, `technologies`,
`remote_policy`) and is taken off; the text below is all that is read, as one page of kind about, by the readers of a real run.

- Size: the surest number of employees stated, or the range where it lies within one band, as a band of core.size, against the
  label (`SIZES`; the two largest bands are one label). The labels' own borders are nowhere written, so one band beside is counted
  as well. `size_said` counts the ranges of several bands too.
- Technologies: what the lexicon hears, against the labels, which are coarse (`javascript`). `SPOKEN` says by which words, as
  `terms` of icp.yaml would. The catalogue of signatures knows technologies by the traces they leave and never by a word, so it
  reads none in a text: `technology_facts` says how many.
- Remote policy: no reader states one.

agreement = share of the profiles with label and reading on which both are the same; kappa = Cohen's, what of that is beyond
chance (`_linear`: the further apart, the worse); precision and recall over all labels together (micro), and for each label. `_n`
is how many profiles a figure rests on. `--show` prints what does not agree. The last line is one JSON object.
"""

import argparse
import html
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from pipelines.domains import registrable
from pipelines.lexicon import Lexicon
from pipelines.reading import read_page
from pipelines.records import Capture, Fact, Organization, Request
from pipelines.sources import all_sources

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "real" / "leads" / "remote-companies"
MOMENT = datetime(2026, 11, 16, tzinfo=UTC)
SIZES = {"tiny": 0, "small": 1, "medium": 2, "large": 3, "enterprise": 4}
"""Label -> band, counted from the smallest; the two largest bands are one label."""
SAID = ("employees", "employee_band")
BORDERS = (10, 50, 250, 1000)
SPOKEN = {
    "javascript": "javascript, typescript, js, react, reactjs, react.js, vue, vuejs, vue.js, angular, angularjs, ember,"
    " ember.js, node, nodejs, node.js, next.js, express, jquery, backbone, backbone.js, coffeescript, svelte, redux",
    "python": "python, django, flask, fastapi, pandas",
    "ruby": "ruby, rails, ruby on rails, ror, sinatra",
    "java": "java, spring, spring boot, kotlin, groovy, grails, jvm",
    "php": "php, laravel, symfony, wordpress, drupal, magento, cakephp",
    "go": "go, golang",
    "dotnet": ".net, net, asp.net, c#, f#, dotnet",
    "scala": "scala, akka",
    "elixir": "elixir, erlang, phoenix",
    "rust": "rust",
    "cloud": "aws, amazon web services, azure, gcp, google cloud, google cloud platform, heroku, cloud, ec2, s3, lambda,"
    " digitalocean",
    "devops": "devops, docker, kubernetes, k8s, terraform, ansible, chef, puppet, jenkins, ci/cd, circleci, vagrant, helm",
    "sql": "sql, mysql, postgres, postgresql, mssql, mariadb, oracle, sqlite, sql server",
    "nosql": "nosql, mongodb, mongo, redis, cassandra, dynamodb, couchdb, memcached, firebase",
    "mobile": "ios, android, swift, objective-c, react native, flutter, mobile, xamarin, ionic",
    "ml": "machine learning, ml, tensorflow, pytorch, deep learning, ai, artificial intelligence, scikit-learn",
    "search": "elasticsearch, elastic search, solr, algolia, lucene, elastic",
    "graphql": "graphql, apollo",
    "linux": "linux, ubuntu, debian",
}
TERMS: Mapping[str, Sequence[str]] = {name: words.split(", ") for name, words in SPOKEN.items()}
LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]*)[^)]*\)")


@dataclass(frozen=True)
class Profile:
    """One company: its name, its website, its labels, and its text."""

    name: str
    website: str
    labels: Mapping[str, Any]
    text: str


@dataclass(frozen=True)
class Found:
    """What was read in a profile: its band, whether anything of employees was said, terms heard, technologies by traces."""

    size: int | None
    said: bool
    terms: frozenset[str]
    technologies: int


def profiles_in(folder: Path) -> Iterator[Profile]:
    """Yield the profiles of a folder, in the order of their names; what has no front matter is none."""
    for path in sorted(folder.glob("*.md")):
        _, mark, rest = path.read_text("utf-8").partition("---\n")
        front, closed, text = rest.partition("\n---\n")
        if mark and closed:
            labels = yaml.safe_load(front)
            yield Profile(str(labels.get("title", path.stem)), str(labels.get("website", "")), labels, text)


def as_page(profile: Profile) -> bytes:
    """Return the text below the front matter as HTML, paragraph by paragraph; no label is in it."""
    blocks = [_block(each.strip()) for each in re.split(r"\n\s*\n|\n(?=[#*-] )", profile.text) if each.strip()]
    body = "\n".join(blocks)
    return f"<html lang=en><title>{html.escape(profile.name)}</title><body>{body}</body></html>".encode()


def _block(text: str) -> str:
    escaped = LINK.sub(r'<a href="\2">\1</a>', html.escape(text, quote=False))
    if heading := re.match(r"#+\s*(.*)", escaped, re.DOTALL):
        return f"<h2>{heading[1]}</h2>"
    return f"<ul><li>{escaped[2:]}</ul>" if re.match(r"[*-] ", escaped) else f"<p>{escaped}</p>"


def reader() -> Callable[[Profile], Found]:
    """Return what reads a profile as a run reads a page."""
    lexicon = Lexicon({f"technology.{name}": words for name, words in TERMS.items()})
    sources = all_sources()

    def read(profile: Profile) -> Found:
        domain = registrable(profile.website) or "profile.example"
        body, url = as_page(profile), f"https://{domain}/about"
        request = Request("org_profile", "website", "about", url)
        capture = Capture("cap_profile", request, url, 200, "text/html; charset=utf-8", MOMENT, "", len(body), "profile", 0)
        return found(read_page(capture, body, Organization("org_profile", domain, profile.name), sources, lexicon).facts)

    return read


def found(facts: Sequence[Fact]) -> Found:
    """Return what facts say of size and technologies."""
    counts = sorted((fact for fact in facts if fact.property in SAID), key=lambda fact: (-fact.confidence, fact.value))
    terms = {
        fact.value.partition(".")[2] for fact in facts if fact.property == "mentions" and fact.value.startswith("technology.")
    }
    traces = sum(fact.property == "technology" for fact in facts)
    return Found(band_of(counts[0].value) if counts else None, bool(counts), frozenset(terms), traces)


def band_of(said: str) -> int | None:
    """Return the band of a number, or of a range that lies within one: 11-49, 1200+."""
    low, _, high = said.partition("-")
    ends = band(float(low.rstrip("+"))), band(float("inf") if "+" in said else float(high or low))
    return ends[0] if ends[0] == ends[1] else None


def band(employees: float) -> int:
    """Return the band of a number of employees, counted from the smallest."""
    return sum(employees >= border for border in BORDERS)


def kappa(pairs: Sequence[tuple[int, int]], apart: Callable[[int, int], float] = lambda one, other: float(one != other)) -> float:
    """Return Cohen's kappa of pairs of classes: 1 is agreement, 0 what chance would give; `apart` weighs how far two are."""
    ours, theirs = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    seen = sum(apart(*pair) for pair in pairs) / len(pairs)
    chance = sum(ours[one] * theirs[other] * apart(one, other) for one in ours for other in theirs) / len(pairs) ** 2
    return 1 - seen / chance if chance else 1.0


def sizes(read: Iterable[tuple[Profile, Found]]) -> dict[str, Any]:
    """Return how the size read agrees with the label."""
    labelled = [(each, SIZES[label]) for profile, each in read if (label := str(profile.labels.get("company_size"))) in SIZES]
    pairs = [(each.size, label) for each, label in labelled if each.size is not None]
    stated = {
        "size_n": len(labelled),
        "size_said": sum(each.said for each, _ in labelled),
        "size_stated": len(pairs),
        "size_coverage": share(len(pairs), len(labelled)),
    }
    if not pairs:
        return stated
    return stated | {
        "size_agreement": share(sum(size == label for size, label in pairs), len(pairs)),
        "size_within_one": share(sum(abs(size - label) <= 1 for size, label in pairs), len(pairs)),
        "size_kappa": round(kappa(pairs), 3),
        "size_kappa_linear": round(kappa(pairs, lambda one, other: abs(one - other)), 3),
    }


def technologies(read: Sequence[tuple[Profile, Found]]) -> dict[str, Any]:
    """Return how the technologies heard agree with the labels, together and label by label."""
    labelled = [(set(profile.labels["technologies"]), each.terms) for profile, each in read if profile.labels.get("technologies")]
    by_label = {name: [(name in heard, name in said) for said, heard in labelled] for name in TERMS}
    every = [pair for pairs in by_label.values() for pair in pairs]
    beyond = Counter(name for said, _ in labelled for name in said if name not in TERMS)
    return {
        "technology_n": len(labelled),
        "technology_facts": sum(each.technologies for _, each in read),
        **{f"technology_{name}": value for name, value in rates(every).items()},
        "technology_labels_not_asked": sum(beyond.values()),
        "by_label": {name: {"n": sum(said for _, said in pairs), **rates(pairs)} for name, pairs in by_label.items()},
    }


def rates(pairs: Sequence[tuple[bool, bool]]) -> dict[str, float | None]:
    """Return precision, recall and kappa of pairs (heard, labelled)."""
    both, heard, said = (
        (sum(each) for each in zip(*((one and other, one, other) for one, other in pairs), strict=True)) if pairs else (0, 0, 0)
    )
    return {
        "precision": share(both, heard),
        "recall": share(both, said),
        "kappa": round(kappa([(int(one), int(other)) for one, other in pairs]), 3) if pairs else None,
    }


def share(part: int, whole: int) -> float | None:
    """Return a share, or None of nothing."""
    return round(part / whole, 3) if whole else None


def main() -> None:
    """Measure the folder that is named, or the one at hand."""
    parser = argparse.ArgumentParser(description="Measure whether what is read agrees with labels.")
    parser.add_argument("--profiles", type=Path, default=SHARED)
    parser.add_argument("--show", action="store_true", help="print what does not agree")
    given = parser.parse_args()
    profiles = list(profiles_in(given.profiles)) if given.profiles.is_dir() else []
    if not profiles:
        raise SystemExit(f"There is no profile in {given.profiles}; name a folder of Markdown files with --profiles.")
    read_one = reader()
    read = [(profile, read_one(profile)) for profile in profiles]
    if given.show:
        show(read)
    print(json.dumps({"profiles": len(read), **sizes(read), **technologies(read), "remote_policy": "not read"}))


def show(read: Iterable[tuple[Profile, Found]]) -> None:
    """Print the profiles whose size or technologies do not agree."""
    for profile, each in read:
        label, said = profile.labels.get("company_size"), set(profile.labels.get("technologies") or ()) & TERMS.keys()
        if each.size is not None and SIZES.get(str(label)) not in (each.size, None):
            print(f"SIZE {profile.name}: labelled {label}, read {list(SIZES)[each.size]}")
        if profile.labels.get("technologies") and said != each.terms:
            print(f"TECH {profile.name}: not heard {sorted(said - each.terms)}, not labelled {sorted(each.terms - said)}")


if __name__ == "__main__":
    main()
