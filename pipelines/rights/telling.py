"""What is known of somebody, told in plain language.

Here: the sentences. Elsewhere: what they are about (`whence`).
"""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

NOTHING = "Nothing is known of them here."


def told(about: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of an answer to somebody who asks what is known of them."""
    if not (about["values"] or about["derived"]):
        yield NOTHING
        return
    yield "What is known, and where it came from:"
    for (source, where, since), values in groupby(
        about["values"], key=lambda each: (each["source"], each["where"], each["since"])
    ):
        yield from _of_place(source, where, since, list(values))
    if about["derived"]:
        yield "What is concluded from it:"
        yield from (f"  {each['what']}: {each['value']}" for each in about["derived"])
    yield from _recipients(about["recipients"])
    yield f"What for: {about['purpose']}. On which legal basis: {about['basis']}."
    if about["kept_until"]:
        yield f"Kept until: {about['kept_until']}; earlier if you ask for it. Reading a page again does not renew that."
    yield f"Who is responsible: {about['controller']}."
    yield "You may have it corrected or erased, object to it, and complain to a data protection authority."


def _of_place(source: str, where: str, since: str, values: list[Mapping[str, Any]]) -> Iterator[str]:
    yield f"From {source}, {where}, since {since}:"
    yield from dict.fromkeys(f"  {each['what'].replace('_', ' ')}: {each['value']}" for each in values)
    yield f"  ({values[0]['terms']})"


def _recipients(found: list[Mapping[str, Any]]) -> Iterator[str]:
    if not found:
        yield "Who took it out of the house: nobody."
    for each in found:
        held = "it was in there" if each["held"] == "yes" else "it may have been in there"
        taken = f"{each['who']}, on {each['at'][:10]}, as {each['what']} ({each['rows']} rows)"
        yield f"Who took it out of the house: {taken}; {held}."
