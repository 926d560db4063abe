"""What each rule of a profile does to a home's organizations, and which of its lines are of no use there.

Here: the counts by rule and ring, and one sentence for each line that never says anything, or says it of everybody. Elsewhere:
the world they are counted in (`whatif`), which research would move most (sql/mart/research_value.sql).
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pipelines.catalogue import technologies
from pipelines.documents import meant
from pipelines.icp import Icp
from pipelines.lexicon import Lexicon
from pipelines.whatif import World

Row = dict[str, Any]
NEARLY_ALL, FEW = 0.9, 5
"""From which share of the organizations on a term tells nobody apart, and of how few that says nothing yet."""
RULES = """
    with asked as (
        select
            reason.*,
            reason.kind = 'must' and reason.verdict <> 'yes' and reason.ring_number = placement.held_at as holds,
            count(*) filter (where holds) over (partition by organization_id, icp) as holding
        from core.reason
        join core.placement using (organization_id, icp)
        where figure <> 'reach'
    )
    select
        asked.icp, asked.rule_id, rule.ring, rule.kind,
        count(*) filter (where verdict = 'yes') as yes,
        count(*) filter (where verdict = 'no') as no,
        count(*) filter (where verdict = 'unknown') as unknown,
        count(*) filter (where disqualifies) as outside,
        count(*) filter (where holds and holding = 1) as alone
    from asked
    join raw.icp_rule as rule using (rule_id)
    group by asked.icp, asked.rule_id, rule.ring, rule.kind, rule.ring_number, rule.position
    order by rule.ring_number, rule.position
"""
RINGS = "select icp, ring, count(*) as organizations from core.placement group by icp, ring"
RESEARCH = "from mart.research_value where organizations > 0 order by leads desc, organizations desc, icp, rule_id limit 3"
READ = "select count(*) as organizations from core.reading where pages_read > 0"
SAID = """
    select value as term, count(distinct organization_id) as organizations
    from core.profile
    where property = 'mentions'
    group by value
"""
QUOTES = "select organization_id, quote from core.fact where property = 'mentions' and value = $1"
TAKEN = "select distinct route_id from core.route"
RECOGNISED = "select distinct promise_id from core.recognition"


@dataclass(frozen=True, slots=True)
class Effects:
    """What a profile does: rows by rule, by ring, what research is worth most, and what to look at again, as sentences."""

    rules: list[Row]
    rings: list[Row]
    research: list[Row]
    warnings: list[str]


def effects(world: World, icp: Icp) -> Effects:
    """Return what the profile of a world does in it."""
    rows = world.warehouse.rows
    rules = rows(RULES)
    return Effects(rules, rows(RINGS), rows(RESEARCH), [*_strangers(icp), *_warnings(world, icp, rules)])


def _warnings(world: World, icp: Icp, rules: list[Row]) -> Iterator[str]:
    """Say what has no use, once anybody was read: of nobody, nothing is known."""
    if not world.warehouse.rows(READ)[0]["organizations"]:
        return
    silent = set(world.heard.unheard)
    yield from _never_answered(icp, rules, silent)
    said = {row["term"]: row["organizations"] for row in world.warehouse.rows(SAID)}
    yield from (f"Term {each} is never mentioned." for each in icp.terms if each not in said and each not in silent)
    yield from _by_everybody(world, icp, said)
    asked = {term for _, rule in icp.rules for term in rule.test.operands if rule.subject == "mentions"}
    yield from (f"Term {each} is asked for by no rule." for each in icp.terms if each not in asked)
    taken = {row["route_id"] for row in world.warehouse.rows(TAKEN)}
    yield from (f"Route {each.id} takes no lead." for each in icp.routes if each.id not in taken)
    known = {row["promise_id"] for row in world.warehouse.rows(RECOGNISED)}
    for each in icp.promises:
        if each.id not in known and f"promise.{each.id}" not in silent:
            yield f"Promise {each.id} is recognised by nobody."


def _never_answered(icp: Icp, rules: list[Row], silent: set[str]) -> Iterator[str]:
    """Say which rules are unknown of everybody, unless that is because nobody listened."""
    answered = Counter[str]()
    for row in rules:
        answered[row["rule_id"]] += row["yes"] + row["no"]
    for _, rule in icp.rules:
        if not answered[rule.id] and not silent & set(rule.test.operands):
            yield f"Rule {rule.id} never says anything but unknown: nothing is known of {rule.subject} of any organization."


def _by_everybody(world: World, icp: Icp, said: dict[str, int]) -> Iterator[str]:
    """Say which terms tell nobody apart, and by which of their phrases most."""
    (read,) = (row["organizations"] for row in world.warehouse.rows(READ))
    for term in (each for each in icp.terms if read >= FEW and said.get(each, 0) >= NEARLY_ALL * read):
        lexicon = Lexicon({phrase: [phrase] for phrase in icp.terms[term]})
        quotes = {(row["organization_id"], found.term) for row in world.warehouse.rows(QUOTES, [term])
                  for found in lexicon.find(row["quote"])}  # fmt: skip
        phrase, most = max(sorted(Counter(phrase for _, phrase in quotes).items()), key=lambda each: each[1])
        many = f"Term {term} is mentioned by {said[term]} of {read} organizations that were read"
        yield f"{many}, “{phrase}” by {most}: it tells few apart."


def _strangers(icp: Icp) -> Iterator[str]:
    """Say which technologies a rule asks for that nothing would ever recognise."""
    known = {each.lower() for each in technologies()}
    for _, rule in icp.rules:
        for name in rule.test.operands if rule.subject == "technology" and not rule.test.mentions else ():
            if name.lower() not in known:
                said = f"Rule {rule.id} asks for the technology {name}, which we would not recognise"
                yield f"{said}; {meant(name, technologies(), 'see `bullseye schema icp` for those we know.')}"
