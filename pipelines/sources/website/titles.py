"""What is the title of a job, and what only looks like one.

Here: words of occupations in the languages we read, calls, things named after people, departments. Elsewhere: where on a page
titles of open positions stand (`hiring`).
"""

import re

ROLE = re.compile(
    r"\b(?:engineer|developer|programmer|manager|director|analyst|designer|scientist|specialist|consultant|architect|administrator|assistant|coordinator"
    r"|representative|executive|officer|technician|researcher|recruiter|sourcer|accountant|bookkeeper|controller|planner|scheduler|buyer|clerk|driver|operator"
    r"|supervisor|foreman|associate|intern|internship|apprentice|trainee|lead|leader|head of|vp|vice president|strategist|writer|editor|counsel|paralegal|attorney|nurse"
    r"|mechanic|electrician|welder|machinist|plumber|carpenter|installer|agent|partner|advisor|adviser|generalist|merchandiser|producer|copywriter|tester"
    r"|receptionist|cashier|cook|chef|dispatcher|estimator|inspector|instructor|teacher|therapist|pharmacist|physician|underwriter|auditor|economist|evangelist"
    r"|linguist|translator|photographer|animator|illustrator|fellow|resident|principal|chief of staff|labou?rer|painter|roofer|surveyor|drafter|salesperson"
    r"|\w*(?:entwickler|leiter|ingenieur|mitarbeiter|sachbearbeiter|referent|techniker|berater|werkstudent|praktikant|disponent|mechaniker|mechatroniker"
    r"|elektriker|elektroniker|schlosser|monteur|verkäufer|assistent|spezialist|manager|einkäufer|buchhalter|fahrer|helfer|planer|meister)(?:[:*/_-]?in(?:nen)?)?"
    r"|\w*(?:kaufmann|kauffrau|kaufleute|fachkraft|auszubildende[rn]?|azubi)"
    r"|ingénieure?|développeu(?:r|se)|responsable|chef(?:fe)? de|technicien(?:ne)?|chargée? d[e']|assistante?|directeur|directrice|commerciale?|comptable|alternante?"
    r"|ingenier[oa]|desarrollador[a]?|gerente|técnic[oa]|director[a]?|analista|comercial|responsabile|sviluppatore|tecnico|addett[oa]|impiegat[oa]"
    r"|ontwikkelaar|medewerker|adviseur|monteur|stagiair)\b",
    re.IGNORECASE,
)  # fmt: skip
ANYBODY = re.compile(r"\(\s*(?:[mwdfhxvig]\s*[/|,]\s*){1,3}[mwdfhxvig]\s*\)|\ball genders\b|\((?:gn|a)\*?\)", re.IGNORECASE)
"""What only stands in advertisements: (m/w/d)."""
SENTENCE = re.compile(
    r"(?<!\b[SJD]r)[.!?:;](?=\s|$)|\b(?:we|our|you|your|the|is|are|us|wir|unser|sie|ihr|ist|sind|nous|notre|vous|votre)\b",
    re.IGNORECASE,
)
# Links that only look like titles: what one is told to do, and things named after the people they are for.
CALL = re.compile(
    r"(?:find|become|meet|view|see|all|hire|for|why|learn|apply|how|join|explore|read|browse|talk|contact|about|search|share|follow|open|more|back|show|load|start|try|get|book|request|download|sign|log|read"
    r"|bewerben|jetzt|mehr|zur|postuler|voir|solicitar|ver|candidati|solliciteer|bekijk)\b",
    re.IGNORECASE,
)
THING = re.compile(
    r"\b(?:docs|documentation|portal|program|programme|programs|resources|directory|reports?|team|community|platform|api|hub|login|events?|builder|studio|academy"
    r"|news|guide|tools?|services?|solutions?|stories|story|blog|conference|summit|network|center|centre|days?|area|board|leadership|relations|kit|careers?|openings?|positions?|jobs|roles|network)$",
    re.IGNORECASE,
)  # fmt: skip
PERSON = re.compile(r"(?:[A-ZÀ-Ž][\w'’-]+\s){1,2}[A-ZÀ-Ž][\w'’-]+,\s")
EMPLOYED = re.compile(r"\s(?:at|bei|chez|@)\s[A-ZÀ-Ž]")
"""Somebody's title says where: Sales Manager at Acme."""
SEPARATOR = re.compile(r"\s+[|–—·•]\s+|\s{2,}")
DEPARTMENT = re.compile(
    r"(?:[\w&,/' -]{0,30}\b)?(?:engineering|product(?: management)?|design|sales|marketing|customer (?:success|support|experience|service)|support|finance|accounting|legal|people(?: & \w+)?|human resources|hr|operations|data(?: science)?"
    r"|research|security|it|information technology|business development|business technology|manufacturing|production|logistics|quality|communications|recruiting|talent|administration|go-to-market|gtm"
    r"|professional services|field engineering|software(?: development)?|hardware|infrastructure|strategy|growth|purchasing|warehouse|entwicklung|vertrieb|einkauf|produktion|verwaltung|personal|logistik|kundenservice"
    r"|technik|finanzen|ingénierie|ventes|commercial|ressources humaines|finances|ingeniería|ventas|recursos humanos|vendite|ricerca e sviluppo|verkoop)(?:\s*(?:&|and|und|et|y|/)\s*[\w -]{2,25})?(?:\s*\(?\d{1,3}\)?)?",
    re.IGNORECASE,
)  # fmt: skip
ABBREVIATED = re.compile(
    r"(?:\b(?:inc|co|ltd|corp|dr|jr|sr|ph\.?d|s\.a|e\.v)\.|\.)(?=\s*$|,)|\b(?:dr|mr|mrs|ms|prof)\.", re.IGNORECASE
)
"""Points that end no sentence."""
SHORTEST, LONGEST, LONGEST_BYLINE = 5, 90, 120


def title_in(text: str) -> str:
    """Return the first part of a line, which is where a title stands; what follows a stroke is its place or its kind.

    >>> title_in("Tunnel Engineer | Vollzeit")
    'Tunnel Engineer'
    """
    return SEPARATOR.split(text)[0].strip(" ,→↗>›")


def is_title(text: str) -> bool:
    """Whether a text can only be a title: it names an occupation, and is neither sentence, call, thing nor somebody's name.

    >>> is_title("Head of Burrowing"), is_title("Meet our engineers"), is_title("Otto Weasel, Managing Director")
    (True, False, False)
    """
    role = (ROLE.search(text) or ANYBODY.search(text)) if SHORTEST <= len(text) <= LONGEST and " " in text else None
    if role is None or not is_named(text) or THING.search(text) or EMPLOYED.search(text):
        return False
    person = PERSON.match(text)
    return not (person and role.start() >= person.end())


def is_byline(text: str) -> bool:
    """Whether a text is who somebody is: beneath a quotation it is not what they say.

    >>> is_byline("Deputy General Manager, Product Section, Otter Inc."), is_byline("Our manager sleeps again.")
    (True, False)
    """
    return len(text) <= LONGEST_BYLINE and bool(ROLE.search(text)) and not SENTENCE.search(ABBREVIATED.sub(" ", text))


def is_named(text: str) -> bool:
    """Whether a text may be a title where the place says that there is one: no sentence, nothing one is told to do.

    >>> is_named("Enterprise Technical Support, EMEA"), is_named("Apply now")
    (True, False)
    """
    return SHORTEST <= len(text) <= LONGEST and not SENTENCE.search(text) and not is_call(text)


def is_call(text: str) -> bool:
    """Whether a text tells one to do something."""
    return bool(CALL.match(text))
