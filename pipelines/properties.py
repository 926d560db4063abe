"""The properties a fact may state.

Here: each property's name, type, how many values an organization has of it, and its meaning; loaded as table `raw.property`.
Elsewhere: which source states which (the sources), and which value wins (sql/core/profile.sql).
"""

from dataclasses import dataclass, replace
from typing import Literal

Type = Literal["text", "number", "date"]


@dataclass(frozen=True, slots=True)
class Property:
    """One property: `many` is true when an organization has several values of it at once.

    `watched` is true when it tells something that a page said otherwise before.
    """

    name: str
    type: Type
    many: bool
    description: str
    watched: bool = False


_ALL = (
    Property("name", "text", False, "Name the organization goes by."),
    Property("legal_name", "text", False, "Name it is registered under."),
    Property("website", "text", False, "Domain of its own website, where a page says its name."),
    Property("other_owner", "text", False, "Who the website listed for it belongs to instead, by its pages."),
    Property("same_as", "text", True, "Another domain it says is its own."),
    Property("parent", "text", False, "Organization it says it belongs to."),
    Property("description", "text", False, "What it says it does, in its own words."),
    Property("founded_year", "number", False, "Year it was founded."),
    Property("employees", "number", False, "Number of people it says it employs."),
    Property("industry", "text", True, "Two-digit NAICS sector its own words point to; sql/core/industry.sql says which it is."),
    Property("language", "text", False, "Main language of its website, ISO 639-1."),
    Property("languages", "text", True, "Languages its website is offered in, ISO 639-1."),
    Property("street", "text", False, "Street address."),
    Property("city", "text", False, "City."),
    Property("region", "text", False, "State or region."),
    Property("postcode", "text", False, "Postal code."),
    Property("country", "text", False, "Country, ISO 3166-1 alpha-2."),
    Property("location", "text", True, "Address of one of its places, in one line: street, postcode and city, country."),
    Property("opening_hours", "text", False, "When it is open, as schema.org writes it: Mo-Fr 09:00-17:00."),
    Property("vat_id", "text", False, "VAT identification number."),
    Property("phone", "text", False, "Main phone number, E.164."),
    Property("mailbox", "text", False, "Role mailbox (info@, sales@ …); never a person's."),
    Property("linkedin", "text", False, "Its LinkedIn company page."),
    Property("social_profile", "text", True, "Its profiles on social networks and code forges."),
    Property("page", "text", True, "Kind of page that was read."),
    Property("site_part", "text", True, "Part of the website it links to: pricing, docs, status, security, subprocessors …"),
    Property(
        "buying_route", "text", True, "Way to buy it offers: public_price, self_serve, free_trial, demo, contact_sales, tender."
    ),
    Property("price", "text", True, "Price it publishes: currency, amount, unit, period."),
    Property("customer", "text", True, "Organization it names as its customer."),
    Property("partner", "text", True, "Organization it names as its partner."),
    Property("technology", "text", True, "Technology its pages use."),
    Property("certification", "text", True, "Certification or attestation it claims to have: ISO 27001, SOC 2 …"),
    Property("opening", "text", True, "Title of an open position it lists."),
    Property("openings", "number", False, "How many open positions its careers page lists."),
    Property("job_board", "text", False, "Job board it posts on."),
    Property("job_board_url", "text", False, "Where on that board its postings are."),
    Property("opening_department", "text", True, "Department that a job board or a careers page lists an open position in."),
    Property("opening_place", "text", True, "Place that a job board lists an open position at."),
    Property("mentions", "text", True, "Term of the lexicon that its pages use, with the sentence."),
    Property("customer_mentions", "text", True, "Term of the lexicon that customers use on its pages, with the sentence."),
    Property("crawler_policy", "text", False, "What its robots.txt tells robots: open, partial or closed."),
    Property("listed_pages", "number", False, "How many pages its sitemap lists."),
    Property("last_changed", "date", False, "Latest change date its sitemap gives."),
    Property("change", "text", True, "What changed of it between two captures of a page; core.change says so, no source."),
    Property("news", "text", True, "Headline of a dated piece of news of its own."),
    Property("feed", "text", True, "Address of a feed of its news."),
    Property("security_txt", "text", False, "State of its security.txt: current, expired or undated."),
    Property("security_contact", "text", True, "Role mailbox or page it wants weaknesses reported to."),
    Property("disclosure_policy", "text", False, "Address of its policy for reports of weaknesses."),
    Property("registration_number", "text", False, "Number it is registered under, in its country."),
    Property("lei", "text", False, "Legal entity identifier, ISO 17442."),
    Property("jurisdiction", "text", False, "Where it is registered, ISO 3166-1 or 3166-2."),
    Property("legal_form", "text", False, "Legal form it is registered in, as the register has it: a code or words."),
    Property("register_status", "text", False, "What its register says of it: active, inactive, dissolved …"),
    Property("employee_band", "text", False, "Range of people it employs, as a register has it: 50-99."),
    Property("nace", "text", False, "Main activity by NACE, division and class: 62.01."),
    Property("sic", "text", False, "Main activity by the SEC's list of SIC codes, with its words."),
    Property("sic_uk", "text", True, "Activity by the United Kingdom's SIC 2007."),
    Property("sector", "text", True, "Industry it is filed under elsewhere, in words."),
    Property("ticker", "text", True, "Symbol its shares are traded under."),
    Property("exchange", "text", True, "Stock exchange its shares are traded at."),
    Property("revenue", "number", False, "Revenue of its last full year, in US dollars."),
    Property("filing", "text", True, "Kind of a dated filing with a register: 8-K 5.02 (a change of directors or officers)."),
    Property("mail_host", "text", False, "Who takes its mail: the provider's name, else the domain of its first mail server."),
    Property("dmarc_policy", "text", False, "What is to become of mail forged in its name: none, quarantine or reject."),
    Property("domain_registered", "date", False, "Day its domain was registered."),
    Property("domain_changed", "date", False, "Day the registration of its domain last changed."),
    Property("domain_expires", "date", False, "Day the registration of its domain runs out."),
    Property("public_repositories", "number", False, "How many public repositories it has on GitHub."),
    Property("code_language", "text", True, "Language that repositories of its are mainly written in."),
    Property("last_pushed", "date", False, "Day something was last pushed to its public repositories."),
    Property("archived_pages", "number", False, "How many pages of its website Common Crawl's latest index lists, at most 300."),
    Property("page_changed", "text", True, "Kind of page of its website, and a day from which on it was another than before."),
    Property("award", "text", True, "Public contract it won: amount and agency."),
    Property(
        "leadership",
        "text",
        True,
        "Change at the top that it reports, by the role alone: Chief Technology Officer; never by whom.",
    ),
    Property("programme", "text", True, "Programme of its own that it names, or a year by which it will have done something."),
    Property(
        "migration", "text", True, "Technology that took the place of another of its kind; core.migration says so, no source."
    ),
    Property("mention", "text", True, "Headline under which others put its website before readers."),
)

WATCHED = frozenset(
    """
    name legal_name parent description employees employee_band revenue register_status ticker street city country languages
    site_part buying_route price technology certification customer partner programme opening openings job_board crawler_policy
    security_txt mail_host dmarc_policy public_repositories
    """.split()
)
"""Properties of which it tells something that a page said otherwise before."""
PROPERTIES: dict[str, Property] = {each.name: replace(each, watched=each.name in WATCHED) for each in _ALL}
