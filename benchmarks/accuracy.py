"""Reading identity and contact, measured: what the product states of a website, held against what people marked on its pages.

    make bench-accuracy                            # the small businesses of ../shared
    make bench-accuracy WARC=archive.warc.gz GOLD=archive.gold.tsv

Every captured page of a site (a registrable domain) goes through the product: a lead list of the sites is taken in, the archive
is replayed, all sources read, and the SQL fuses; the prediction is the winner in core.profile, one value per property and site.
Only the way to the pages differs: `website` asks for every page of the archive, whether a link leads there or not: reading is
measured and not finding; pages captured at one URL are asked for apart. A page is of the kind the gold or its own path says
(home, about, contact; anything else is `other`).

The gold (columns url, page_kind, entity, text) of a site is every text marked on its pages. A name (ORG), street, city or
postcode is right when it equals one of them; a phone (TEL) only when it is a main one: the one marked on most pages, or the first
marked on a page of kind home or contact. Equal means after folding:

- names: case, accents, punctuation, a leading "the", legal forms, "&" and "and";
- phones: digits, letters on the keypad as digits, with or without country code; an extension is left out;
- streets: case, punctuation, words and their abbreviations (Street, St; North, N), and without unit, suite and floor;
- cities: case, accents, punctuation;
- postcodes: white space and case, of a ZIP code the first five figures only, without an Australian state.

recall = right / sites that have gold for the property, precision = right / those of them for which a value is stated; `_n` and
`_stated` are these two numbers. The second half of the sites, by name every other one, is figured apart (`second_half`): rules
are written looking at the first. `--show` prints every miss and every wrong value. The last line is one JSON object.
"""

import argparse
import csv
import json
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

import phonenumbers
from warcio.archiveiterator import ArchiveIterator
from warcio.warcwriter import WARCWriter

from pipelines import stages
from pipelines.domains import registrable
from pipelines.home import Home
from pipelines.icp import read_icp
from pipelines.intake.names import company_key
from pipelines.job import Job
from pipelines.records import Organization, Request
from pipelines.settings import Settings
from pipelines.source import Source
from pipelines.sources import all_sources
from pipelines.text import fold
from pipelines.web.urls import url_key
from pipelines.web.warc import scan

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "real" / "web"
GOAL = {"phone": (0.95, 0.98), "name": (0.85, 0.0), "street": (0.8, 0.95), "city": (0.8, 0.95), "postcode": (0.8, 0.95)}
ENTITIES = {"phone": "TEL", "name": "ORG", "street": "STREET", "city": "CITY", "postcode": "ZIPCODE"}
KINDS = {"about": "about", "team": "about", "contact": "contact", "locations": "contact", "careers": "careers"}
PATHS = {
    "about": re.compile(r"about|company|profile|team", re.IGNORECASE),
    "contact": re.compile(r"contact|location|office", re.IGNORECASE),
}
MOST_PAGES = 500
NOT_DIGITS = re.compile(r"\D")
EXTENSION = re.compile(r"\s*(?:x|ext\.?|extension)\s*\d+.*$|\(0\)", re.IGNORECASE)
SHORTEST = 7
WORDS = dict(
    pair.split("=")
    for pair in (
        "street=st avenue=ave av=ave road=rd boulevard=blvd drive=dr lane=ln court=ct place=pl parkway=pkwy highway=hwy square=sq"
        " terrace=ter trail=trl circle=cir crescent=cres freeway=fwy expressway=expy turnpike=tpke route=rte center=ctr"
        " centre=ctr saint=st mount=mt fort=ft north=n south=s east=e west=w northeast=ne northwest=nw southeast=se southwest=sw"
        " first=1st second=2nd third=3rd fourth=4th fifth=5th sixth=6th seventh=7th eighth=8th"
    ).split()
)
UNIT = re.compile(
    r"\b(?:suite|ste|unit|floor|fl|room|rm|apartment|apt|building|bldg|level|lvl)\b\.?\s*#?\s*(?:[a-z]?\d+[a-z]?|[a-z])\b"
    r"|#\s*[\w-]+|\b\d+(?:st|nd|rd|th)\s(?:floor|fl)\b"
)


@dataclass
class Site:
    """What people marked on a site's pages: entity -> texts, and the texts of each page in their order."""

    pages: dict[str, str] = field(default_factory=dict)
    marked: dict[str, list[tuple[str, str, str]]] = field(default_factory=lambda: defaultdict(list))
    """Entity -> (url, page kind, text)."""


def name_key(text: str) -> str:
    """Return what two spellings of one company's name have in common."""
    return re.sub(r"[\W_]+", "", re.sub(r"^the\s|\b(?:and|und|et)\b", " ", fold(company_key(text) or text)))


def phone_key(text: str) -> str:
    """Return the digits of a number as somebody dials them at home."""
    written = phonenumbers.convert_alpha_characters_in_number(EXTENSION.sub("", text.lower()))
    return NOT_DIGITS.sub("", written).lstrip("0")


def street_key(text: str) -> str:
    """Return a street without its unit, in abbreviations."""
    words = re.findall(r"[^\W_]+", UNIT.sub(" ", fold(text)).replace("'", "").replace("’", ""))
    return " ".join(WORDS.get(word, word) for word in words)


def city_key(text: str) -> str:
    """Return a city in bare letters."""
    return " ".join(WORDS.get(word, word) for word in re.findall(r"[^\W\d_]+", fold(text)))


def postcode_key(text: str) -> str:
    """Return a postcode without white space; of a ZIP code its five figures."""
    bare = re.sub(r"^(?:ACT|NSW|NT|QLD|SA|TAS|VIC|WA)(?=\d)", "", re.sub(r"\s+", "", text).upper())
    return bare[:5] if re.fullmatch(r"\d{5}-?\d{4}", bare) else bare


KEYS: dict[str, Callable[[str], str]] = {
    "phone": phone_key,
    "name": name_key,
    "street": street_key,
    "city": city_key,
    "postcode": postcode_key,
}


def read_gold(path: Path) -> dict[str, Site]:
    """Return site -> what is marked on its pages."""
    sites: dict[str, Site] = defaultdict(Site)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if domain := registrable(row["url"]):
                sites[domain].pages[row["url"]] = row["page_kind"]
                sites[domain].marked[row["entity"]].append((row["url"], row["page_kind"], row["text"]))
    return sites


def accepted(name: str, site: Site) -> set[str]:
    """Return the keys of the marked texts that are right for a property."""
    marked = [(url, kind, KEYS[name](text)) for url, kind, text in site.marked[ENTITIES[name]]]
    keys = {key for _, _, key in marked if key}
    return _main(marked) & keys if name == "phone" else keys


def _main(marked: Sequence[tuple[str, str, str]]) -> set[str]:
    """Return the keys marked on most pages, and the first of each home or contact page."""
    pages = Counter(key for key, _ in {(key, url) for url, _, key in marked if key})
    most = {key for key, count in pages.items() if count == max(pages.values())}
    first: dict[str, str] = {}
    for url, kind, key in marked:
        if key and (kind.partition("/")[0] in ("home", "contact")):
            first.setdefault(url, key)
    return most | set(first.values())


def is_right(name: str, value: str, keys: Iterable[str]) -> bool:
    """Whether a value equals one of the keys; a number also with its country code or its area code left out."""
    said = KEYS[name](value)
    if name != "phone":
        return said in keys
    return any(said == key or (len(key) >= SHORTEST and said.endswith(key)) for key in keys)


def kind_of(url: str, marked: Mapping[str, str]) -> str:
    """Return what the page would be asked for."""
    parts = urlsplit(url)
    if parts.path in ("", "/") or re.fullmatch(r"/(?:index|default|home)\.\w+", parts.path, re.IGNORECASE):
        return "home"
    if kind := KINDS.get(marked.get(url, "")):
        return kind
    return next((kind for kind, words in PATHS.items() if words.search(parts.path)), "other")


def asking(pages: Mapping[str, Sequence[tuple[str, str]]]) -> tuple[Source, ...]:
    """Return the product's sources, of which `website` asks for exactly the pages given: site -> (url, kind)."""

    def plan(organization: Organization) -> Iterator[Request]:
        for url, kind in pages.get(organization.domain or "", ()):
            yield Request(organization.organization_id, "website", kind, url)

    own = next(source for source in all_sources() if source.name == "website")
    others = tuple(replace(source, plan=lambda _: (), follow=lambda _: ()) for source in all_sources() if source != own)
    return (replace(own, plan=plan, follow=lambda _: ()), *others)


def set_apart(warc: Path, copy: Path, gold: Mapping[str, Site]) -> dict[str, list[tuple[str, str]]]:
    """Copy the archive so that no two pages share what the product takes for one URL; returns site -> (url, kind)."""
    pages: dict[str, list[tuple[str, str]]] = defaultdict(list)
    taken: Counter[str] = Counter()
    with warc.open("rb") as file, copy.open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        for record in ArchiveIterator(file):
            url = record.rec_headers.get_header("WARC-Target-URI") or ""
            domain = registrable(url)
            if record.rec_type != "response" or not domain:
                continue
            kind = kind_of(url, gold[domain].pages if domain in gold else {})
            taken[url_key(url)] += 1
            if taken[url_key(url)] > 1:
                url = f"{url}{'&' if '?' in url else '?'}captured={taken[url_key(url)]}"
                record.rec_headers.replace_header("WARC-Target-URI", url)
            writer.write_record(record)
            pages[domain].append((url, kind))
    return pages


def predicted(warc: Path, gold: Mapping[str, Site], home: Path) -> dict[str, dict[str, str]]:
    """Return site -> property -> the value that wins in the product."""
    pages = set_apart(warc, home / "apart.warc.gz", gold)
    warc = home / "apart.warc.gz"
    latest = max(found.date.replace(tzinfo=None) for found in scan(warc))
    leads = home / "sites.csv"
    leads.write_text("\n".join(["website", *sorted(pages)]), "utf-8")
    settings = Settings.model_validate(
        {"manners": {"pages_per_organization": MOST_PAGES, "requests_per_organization": MOST_PAGES}}
    )
    job = Job(Home(home / "home"), settings, read_icp(ROOT / "icp.yaml"), (str(warc),), latest, (leads,))
    stages.take_in(job)
    stages.look(job, asking(pages))
    stages.reason(job)
    query = "select domain, property, value from core.profile join core.organization using (organization_id) where not many"
    found_values: dict[str, dict[str, str]] = defaultdict(dict)
    with job.open() as warehouse:
        for row in warehouse.rows(query):
            found_values[row["domain"]][row["property"]] = row["value"]
    return found_values


def figures(sites: Mapping[str, Site], said: Mapping[str, Mapping[str, str]]) -> dict[str, float | int]:
    """Return recall and precision of each property over the sites."""
    result: dict[str, float | int] = {}
    for name in KEYS:
        known = {domain: keys for domain, site in sites.items() if (keys := accepted(name, site))}
        stated = [domain for domain in known if name in said.get(domain, {})]
        right = sum(is_right(name, said[domain][name], known[domain]) for domain in stated)
        result[f"{name}_recall"] = round(right / len(known), 3) if known else 0.0
        result[f"{name}_precision"] = round(right / len(stated), 3) if stated else 0.0
        result[f"{name}_n"], result[f"{name}_stated"] = len(known), len(stated)
    return result


def show(sites: Mapping[str, Site], said: Mapping[str, Mapping[str, str]]) -> None:
    """Print what is missed and what is wrong."""
    for domain, site in sites.items():
        for name in KEYS:
            keys = accepted(name, site)
            value = said.get(domain, {}).get(name)
            if keys and not (value and is_right(name, value, keys)):
                texts = Counter(text for _, _, text in site.marked[ENTITIES[name]])
                print(f"{domain}\t{name}\t{'WRONG ' + value if value else 'missed'}\t{texts.most_common(5)}")


def main() -> None:
    """Measure an archive against its gold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--warc", type=Path, default=SHARED / "small-business-2014.warc.gz")
    parser.add_argument("--gold", type=Path, default=SHARED / "small-business-2014.gold.tsv")
    parser.add_argument("--show", action="store_true")
    given = parser.parse_args()
    for path in (given.warc, given.gold):
        if not path.exists():
            raise SystemExit(f"There is no {path}; name an archive and its gold: make bench-accuracy WARC=… GOLD=…")
    gold = read_gold(given.gold)
    with tempfile.TemporaryDirectory() as folder:
        said = predicted(given.warc, gold, Path(folder))
    sites = dict(sorted(gold.items()))
    if given.show:
        show(sites, said)
    halves = [{domain: sites[domain] for domain in list(sites)[start::2]} for start in (0, 1)]
    apart = {"first_half": figures(halves[0], said), "second_half": figures(halves[1], said)}
    print(json.dumps({**figures(sites, said), **apart, "sites": len(sites), "goal": GOAL}))


if __name__ == "__main__":
    main()
