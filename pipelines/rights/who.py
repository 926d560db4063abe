"""Who is meant: from what somebody says of themselves to all that is theirs here.

Here: a mailbox, phone, domain, company, name or id, and what the lead lists know beside it: a person's name and other mailboxes,
an organization's id, domain and names. Elsewhere: the rows that know it (`known`), spellings (`suppression.entries`), looking for
them (`sought`).
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from pipelines.errors import Stop
from pipelines.home import Home
from pipelines.rights.known import Row, companies_in, holding, organizations_in, persons_in, texts_in, words_in
from pipelines.rights.sought import Sought
from pipelines.rights.sweep import likely
from pipelines.suppression.entries import Entry, company_entries, domain_entries, entries_of, mailbox_entries
from pipelines.suppression.persons import person_entries, persons
from pipelines.suppression.plain import plain_forms
from pipelines.suppression.values import bare_name

GIVE = "an e-mail address, phone, domain or company, a person's name with --of COMPANY, or the id of a lead or organization"
ID = re.compile(r"(?:lead|org)_[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Who:
    """Everything by which somebody is known here: what is suppressed, what is looked for, and their ids."""

    entries: tuple[Entry, ...]
    sought: Sought
    ids: tuple[str, ...]


def identify(home: Home, values: Sequence[str], of: str | None, region: str | None, *, anywhere: bool = False) -> Who:
    """Return who is meant by all of the values; `of` is the company or domain at which a value is a person's name.

    With `anywhere` a name that is no company's here may be that of a person of any company.

    Raises `Stop` for a value that is nobody, by its place and not by its name.
    """
    found = _Found(home)
    for place, value in enumerate(values, 1):
        if not found.take(value.strip(), of, region):
            raise Stop(f"Value {place} is nobody that can be looked for: give {GIVE}. Nothing was done.")
    if anywhere and not of:
        found.take_namesakes(values)
    found.follow()
    return found.who()


class _Found:
    """What is known so far of whoever is meant."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._entries: dict[Entry, None] = {}
        self._names: dict[str, None] = {}
        self._beside: dict[str, None] = {}
        self._ids: dict[str, None] = {}

    def take(self, value: str, of: str | None, region: str | None) -> bool:
        """Add what a value says; say whether it said anything."""
        if ID.fullmatch(value):
            return self._take_id(value)
        told = person_entries(value, of) if of else entries_of(value, region)
        self._add(told)
        if of and told:
            self._take_person(value, of)
        ways = {
            "mailbox": self._take_mailbox,
            "domain": self._take_domain,
            "company": self._take_company,
            "tail": self._take_phone,
        }
        for kind in sorted({each.kind for each in told} & set(ways)):
            ways[kind](value)
        return bool(told)

    def take_namesakes(self, names: Sequence[str]) -> None:
        """Take along whoever is called so, wherever they are, where nothing else is known by these names."""
        wanted = {each for name in names for each in persons(name, "")}
        for row in self._called(wanted) if not self._ids else ():
            if wanted & set(persons(_name_of(row), "")):
                self._take_row(row)

    def follow(self) -> None:
        """Take the other rows of the same persons along: another list may have another mailbox of theirs."""
        wanted = {value for kind, value in self._entries if kind == "person"}
        for row in self._called(wanted):
            if row["lead_id"] not in self._ids and wanted & set(_spelled(row)):
                self._take_row(row)

    def who(self) -> Who:
        """Return them."""
        organizations = frozenset(each for each in self._ids if each.startswith("org_"))
        sought = Sought(tuple(self._entries), tuple(self._names), tuple(self._beside), organizations)
        entries = tuple(each for each in self._entries if each.kind != "written")
        return Who(entries, sought, tuple(self._ids))

    def _add(self, entries: Sequence[Entry]) -> None:
        self._entries.update(dict.fromkeys(entries))

    def _take_id(self, value: str) -> bool:
        if value.startswith("org_"):
            rows = [row for row in organizations_in(self._home) if row["organization_id"] == value]
        else:
            rows = list(persons_in(self._home, "lead_id", lambda _: {value}))
        for row in rows:
            self._take_organization(row) if value.startswith("org_") else self._take_row(row)
        return bool(rows)

    def _take_mailbox(self, value: str) -> None:
        wanted = set(mailbox_entries(value))
        for entry in wanted:
            local = max(re.findall(r"\w+", entry.value.partition("@")[0]) or [""], key=len)
            for row in persons_in(self._home, "email", partial(holding, local)):
                if wanted & set(mailbox_entries(row["email"] or "")):
                    self._take_row(row)

    def _take_phone(self, value: str) -> None:
        """Take the ids of whoever is called by a number; it may be many people's, so nothing else of theirs."""
        number = Sought(tuple(entries_of(value)))
        for row in persons_in(self._home, "phone", lambda column: likely(column, number)):
            if number.hits([row["phone"]]):
                self._ids[row["lead_id"]] = None

    def _called(self, wanted: Collection[str]) -> Iterator[Row]:
        """Yield the rows whose family name is made of words of these persons: most of a home are not, and cost nothing more."""
        parts = {word for each in wanted for word in each.partition("@")[0].split()}
        return persons_in(self._home, "last_name", lambda column: [name for name in texts_in(column) if parts & words_in(name)])

    def _take_person(self, name: str, of: str) -> None:
        self._names[name] = None
        self._add(person_entries(name, ""))
        self._beside.update(dict.fromkeys((of, *_bare(of))))
        wanted = set(persons(name, of))
        for row in self._called(wanted):
            if wanted & set(_spelled(row)):
                self._take_row(row)

    def _take_row(self, row: Row) -> None:
        """Add what a row of theirs says: mailbox, name, and where they work, beside which that name is theirs."""
        self._ids[row["lead_id"]] = None
        self._add(mailbox_entries(row["email"] or ""))
        name = _name_of(row)
        self._add(person_entries(name, ""))
        for place in filter(None, (row["company"], row["domain"])):
            self._add(person_entries(name, place))
            self._beside.update(dict.fromkeys((place, *_bare(place))))
        if " " in name:
            self._names[name] = None

    def _take_domain(self, value: str) -> None:
        wanted = {each.value for form in plain_forms(value) for each in domain_entries(form.strip().lstrip("*.@"))}
        for row in organizations_in(self._home):
            if row["domain"] in wanted:
                self._take_organization(row)

    def _take_company(self, value: str) -> None:
        self._written(value)
        wanted = companies_in(value)
        for row in organizations_in(self._home):
            if any(wanted & companies_in(name) for name in _names_of(row)):
                self._take_organization(row)

    def _take_organization(self, row: Row) -> None:
        """Add an organization as a whole: its domain and its names."""
        self._ids[row["organization_id"]] = None
        self._add(domain_entries(row["domain"] or ""))
        for name in _names_of(row):
            self._add(company_entries(plain_forms(name)[0]))
            self._written(name)

    def _written(self, name: str) -> None:
        """Look for a company's name as it is written; one word is too many things, so only with what stands beside it."""
        written = {" ".join(re.findall(r"\w+", each)) for each in (name, *_bare(name))}
        self._add([Entry("written", each) for each in sorted(written) if " " in each])


def _bare(name: str) -> list[str]:
    return [" ".join(bare_name(plain_forms(name)[0]))]


def _names_of(row: Row) -> list[str]:
    return [row[column] for column in ("name", "listed_name", "legal_name") if row.get(column)]


def _spelled(row: Row) -> Iterator[str]:
    for place in filter(None, (row["company"], row["domain"])):
        yield from persons(_name_of(row), place)


def _name_of(row: Row) -> str:
    return f"{row['first_name'] or ''} {row['last_name'] or ''}".strip()
