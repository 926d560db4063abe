"""Which technologies the organization's pages use.

Here: our own signatures over script, style and image addresses. A tag on a page is a use, not a contract. Elsewhere:
technologies an organization talks about (`language`).
"""

import re
from collections.abc import Iterator

from pipelines.lexicon import Lexicon
from pipelines.page import Page
from pipelines.records import Fact

SIGNATURES: dict[str, str] = {
    "Google Analytics": r"google-analytics\.com|googletagmanager\.com/gtag",
    "Google Tag Manager": r"googletagmanager\.com/(?:gtm|ns)",
    "HubSpot": r"js\.hs-scripts\.com|hs-analytics\.net|hsforms\.net|hubspot\.com",
    "Marketo": r"munchkin\.marketo\.net|marketo\.com",
    "Pardot": r"pardot\.com|pi\.pardot",
    "Salesforce": r"salesforce\.com|force\.com|my\.salesforce-sites",
    "Segment": r"cdn\.segment\.com",
    "Intercom": r"widget\.intercom\.io|intercomcdn",
    "Drift": r"js\.driftt\.com",
    "Zendesk": r"static\.zdassets\.com|zendesk\.com",
    "Qualified": r"js\.qualified\.com",
    "6sense": r"6sc\.co|6sense\.com",
    "Clearbit": r"clearbit\.com|clearbitjs",
    "Hotjar": r"static\.hotjar\.com",
    "Mixpanel": r"cdn\.mxpnl\.com|mixpanel\.com",
    "Amplitude": r"cdn\.amplitude\.com",
    "PostHog": r"posthog\.com",
    "OneTrust": r"cdn\.cookielaw\.org|onetrust\.com",
    "Cookiebot": r"consent\.cookiebot\.com",
    "WordPress": r"/wp-content/|/wp-includes/",
    "Webflow": r"website-files\.com|webflow\.(?:com|io)",
    "Wix": r"static\.wixstatic\.com|parastorage\.com",
    "Squarespace": r"squarespace\.com|squarespace-cdn",
    "Shopify": r"cdn\.shopify\.com",
    "Drupal": r"/sites/default/files/|drupal\.js",
    "TYPO3": r"/typo3(?:conf|temp)/",
    "Next.js": r"/_next/static/",
    "Nuxt": r"/_nuxt/",
    "Gatsby": r"/page-data/app-data|gatsby-",
    "Contentful": r"ctfassets\.net",
    "Sanity": r"cdn\.sanity\.io",
    "Framer": r"framerusercontent\.com",
    "Cloudflare": r"cdnjs\.cloudflare\.com|/cdn-cgi/",
    "Sentry": r"browser\.sentry-cdn\.com|sentry\.io",
    "Stripe": r"js\.stripe\.com",
    "Calendly": r"assets\.calendly\.com",
    "Typeform": r"embed\.typeform\.com",
    "reCAPTCHA": r"google\.com/recaptcha",
}
COMPILED = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in SIGNATURES.items()}
ADDRESSES = (("src", ("script", "img", "iframe")), ("href", ("link",)), ("data-src", ("script", "img", "iframe")))


def read(page: Page, _: Lexicon) -> Iterator[Fact]:
    """State each technology once a page, quoting the address that gives it away."""
    nodes = [node for name, elements in ADDRESSES for node in page.attributes(name, *elements)]
    for name, pattern in COMPILED.items():
        if node := next((each for each in nodes if pattern.search(each.text)), None):
            yield page.fact("technology", node, name, confidence=0.8)
