"""One organization per organization: from candidates to core.link and core.cluster.

Here: links from names that are the same, from likelihoods and from what people decided, and the rows they become. Elsewhere: the
candidates (sql/core/candidate.sql), likelihood (`likelihood`), which links are taken (`clusters`).
"""

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd
import pyarrow as pa

from pipelines.ids import make_id
from pipelines.linking.clusters import DECIDED, Candidate, Link, Membership, cluster
from pipelines.linking.likelihood import COMPARISONS, likelihoods
from pipelines.settings import Resolution
from pipelines.warehouse import Warehouse

NEEDED = ("core.candidate", "core.namesake")
"""What has to be built before, with all that they read."""
SPEAKS_FOR = ("same", "the domain has")
LINK = pa.schema(
    [
        pa.field(name, pa.float64() if name == "probability" else pa.string(), nullable=False)
        for name in "left_id right_id key probability verdict left_name right_name agrees disagrees because".split()
    ]
)
CLUSTER = pa.schema(
    [
        pa.field(name, pa.float64() if name == "probability" else pa.string(), nullable=False)
        for name in "candidate_id organization_id key key_value probability".split()
    ]
)


def needed(graph: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Return the tables that have to be there before candidates can be linked; `graph` is table -> what its query reads."""
    found: set[str] = set()
    todo = list(NEEDED)
    while todo:
        table = todo.pop()
        found.add(table)
        todo += graph[table] - found
    return frozenset(found)


def link(warehouse: Warehouse, settings: Resolution) -> None:
    """Fill core.link and core.cluster from core.candidate and core.namesake as they are in the warehouse."""
    for table, rows in resolve(warehouse.arrow("from core.candidate"), warehouse.arrow("from core.namesake"), settings).items():
        warehouse.load(table, rows)


def resolve(candidates: pa.Table, namesakes: pa.Table, settings: Resolution) -> dict[str, pa.Table]:
    """Return the rows of core.link and core.cluster, from those of core.candidate and core.namesake.

    The rows' order does not matter; the same rows give the same answer.
    """
    called = _called(candidates)
    known = {str(each) for each in candidates.filter(candidates["is_known"])["candidate_id"].to_pylist()}
    links = [*_decided(settings.same, called), *_namesakes(namesakes, called, known)]
    pairs = {link.pair for link in links}
    links += [link for link in _likely(likelihoods(candidates, settings.review_at)) if link.pair not in pairs]
    apart = [frozenset(_ids(pair)) for pair in settings.apart]
    settled, members = cluster(_candidates(candidates), links, apart, settings.join_at)
    return {
        "core.link": pa.Table.from_pylist([_link_row(link) for link in settled], LINK),
        "core.cluster": pa.Table.from_pylist([_cluster_row(member) for member in members], CLUSTER),
    }


def _candidates(candidates: pa.Table) -> list[Candidate]:
    columns = (candidates[name].to_pylist() for name in ("candidate_id", "domain", "countries"))
    return [Candidate(one, domain, frozenset(countries)) for one, domain, countries in zip(*columns, strict=True)]


def _called(candidates: pa.Table) -> dict[str, str]:
    """Return what each candidate is called: by its most frequent name, else by its domain."""
    columns = (candidates[name].to_pylist() for name in ("candidate_id", "names", "domain"))
    return {one: names[0] if names else domain for one, names, domain in zip(*columns, strict=True)}


def _ids(pair: Sequence[str]) -> list[str]:
    """Return the ids of two organizations that settings name by id or by domain."""
    return sorted(each if each.startswith("org_") else make_id("org", "domain", each) for each in pair)


def _decided(pairs: Sequence[Sequence[str]], called: dict[str, str]) -> Iterator[Link]:
    for one, other in map(_ids, pairs):
        if one in called and other in called:
            yield Link(one, other, DECIDED, 1.0, called[one], called[other], ("a person said so",))


def _namesakes(namesakes: pa.Table, called: dict[str, str], known: set[str]) -> Iterator[Link]:
    for row in namesakes.to_pylist():
        one, other = sorted((row["candidate_id"], row["namesake_id"]))
        agrees = (f"same {row['key']}",)
        yield Link(
            one, other, row["key"], row["probability"], called[one], called[other], agrees, is_safe=bool({one, other} & known)
        )


def _likely(pairs: pd.DataFrame) -> Iterator[Link]:
    for row in pairs.to_dict("records"):
        said = [row[name] for name in COMPARISONS if not row[name].endswith("not given")]
        agrees = tuple(each for each in said if each.startswith(SPEAKS_FOR))
        disagrees = tuple(each for each in said if not each.startswith(SPEAKS_FOR))
        names = row["left_name"], row["right_name"]
        yield Link(row["left_id"], row["right_id"], "linked", row["probability"], *names, agrees, disagrees)


def _link_row(link: Link) -> dict[str, object]:
    return {
        "left_id": link.left_id,
        "right_id": link.right_id,
        "key": link.key,
        "probability": link.probability,
        "verdict": link.verdict,
        "left_name": link.left_name,
        "right_name": link.right_name,
        "agrees": ", ".join(link.agrees),
        "disagrees": ", ".join(link.disagrees),
        "because": link.because,
    }


def _cluster_row(member: Membership) -> dict[str, object]:
    link = member.link
    return {
        "candidate_id": member.candidate_id,
        "organization_id": member.organization_id,
        "key": link.key,
        "key_value": " ~ ".join(sorted((link.left_name, link.right_name))),
        "probability": link.probability,
    }
