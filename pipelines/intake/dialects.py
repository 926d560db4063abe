"""How the cells of a text file are set apart: the character, or characters, between them, quotes and escapes.

Here: the dialect, found on a sample of lines. Elsewhere: which of the rows are headings (`layout`), cutting the whole file
(`delimited`).
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log2

COMMON = ",;\t|"
RARE = "^~§¦¬\x01\x1e\x1f: "
ONE_COLUMN = "\x1f"
SINGLE_QUOTES = "'`"
DOUBLED = "|\t:~^"
LEAST = 0.2
SURELY = 0.9
SAMPLE_CELLS = 20_000
SEPARATOR_LINE = re.compile(r"""^"?sep=([^\w"'\s]|\t)"?\s*$""", re.IGNORECASE)
NUMBER = re.compile(r"[-+(]?\s?[$€£¥]?\s?\d[\d.,' \u00a0]*(?:[eE][-+]?\d+)?\s?(?:%|[$€£¥])?\)?")
DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[ T]\d{1,2}:\d{2}.{0,20})?|\d{1,2}:\d{2}(?::\d{2})?")
_DECIMAL = re.compile(r"[-+]?\d+(?:,\d+)?")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file was read. `delimiter`: empty for one column; `escape`: empty where quotes are doubled.

    `spaced`: blanks stand between delimiter and quote. `preamble`: how many lines stand above the headings and are no rows.
    """

    delimiter: str
    quote: str = '"'
    escape: str = ""
    spaced: bool = False
    encoding: str = "utf-8"
    preamble: int = 0

    @property
    def is_plain(self) -> bool:
        """Whether any CSV reader can read it: one delimiter, quotes that are doubled."""
        return len(self.delimiter) == 1 and self.quote == '"' and not self.escape and not self.spaced


def judge_dialect(lines: Sequence[str]) -> Dialect:
    """Return the dialect in which the lines are most, and most even, rows of clean cells; pure."""
    told = SEPARATOR_LINE.match(lines[0]) if lines else None
    delimiter = told[1] if told else find_delimiter(lines)
    for each in SINGLE_QUOTES:
        other = delimiter if told else find_delimiter(lines, each) if any(each in line for line in lines) else ""
        if other and _is_quote(lines, other, each):
            delimiter, quote = other, each
            break
    else:
        quote = '"'
    escape = "\\" if _is_escaped(lines, delimiter, quote) else ""
    spaced = len(delimiter) == 1 and _is_spaced(lines, delimiter, quote)
    return Dialect(delimiter if told else _whole(lines, delimiter), quote, escape, spaced)


def find_delimiter(lines: Sequence[str], quote: str = '"') -> str:
    """Return the character that cuts the lines into the most, and most even, clean cells; "" for a single column."""
    candidates = [*COMMON, *(each for each in RARE if _is_rare_delimiter(lines, each, quote))]
    scores = {each: _evenness(lines, each, quote) for each in candidates}
    best = max(scores, key=lambda each: scores[each])
    return best if scores[best] > LEAST else ""


def has_competing_delimiters(lines: Sequence[str]) -> bool:
    """Say whether two delimiters stand in most lines, and yet neither cuts them: somebody mixed two lists."""
    full = [line for line in lines if line.strip()]
    often = [each for each in COMMON if sum(each in line for line in full) > 0.4 * len(full)]
    return len(full) >= 4 and len(often) > 1


def is_typed(cell: str) -> bool:
    """Say whether the cell is a number, a date or a time: headings seldom are."""
    stripped = cell.strip()
    return bool(stripped) and bool(NUMBER.fullmatch(stripped) or DATE.fullmatch(stripped))


def cut(lines: Sequence[str], delimiter: str, quote: str = '"') -> Iterator[list[str]]:
    """Yield the cells of each record of a sample; blank lines are none."""
    yield from filter(None, csv.reader(lines, delimiter=delimiter, quotechar=quote))


def _sampled(lines: Sequence[str], delimiter: str, quote: str) -> list[list[str]]:
    rows, seen = [], 0
    for cells in cut(lines, delimiter, quote):
        rows.append(cells)
        seen += len(cells)
        if seen > SAMPLE_CELLS and len(rows) > 1:
            break
    return rows


def _evenness(lines: Sequence[str], delimiter: str, quote: str) -> float:
    """Score one delimiter: the share of rows of the commonest width, weighed by that width and by how clean its cells are.

    If it does not cut the first row, it more likely stands in prose: one column of `Acme, Inc.` has no delimiter, nor has one of
    prices.
    """
    if not any(delimiter in line for line in lines):
        return 0.0
    rows = _sampled(lines, delimiter, quote)
    width, often = max(Counter(map(len, rows)).items(), key=lambda item: (item[1], item[0]))
    begins = 1.0 if len(rows[0]) > 1 else _likely_below_a_title(rows, delimiter)
    cells = [cell for row in rows if len(row) == width for cell in row[:50]]
    clean = sum(_is_clean(cell, delimiter) for cell in cells) / len(cells)
    return often / len(rows) * log2(width) * begins * (0.2 + 0.8 * clean)


def _likely_below_a_title(rows: Sequence[Sequence[str]], delimiter: str) -> float:
    """Return how likely a table begins below a first row that is not cut: not at all if all that is cut is prose or a price."""
    apart = [row for row in rows if len(row) > 1]
    spaced = [row for row in apart if row[1].startswith(" ")]
    if all(len(row) == 2 and (row in spaced or NUMBER.fullmatch(delimiter.join(row).strip())) for row in apart):
        return 0.0
    return 0.25 if spaced else 0.6


def _is_clean(cell: str, delimiter: str) -> bool:
    """Say whether no other delimiter is left in the cell; a comma may stand in a number, or in prose before a blank."""
    if any(each in cell for each in COMMON if each not in (",", delimiter)):
        return False
    return delimiter == "," or "," not in cell or ", " in cell or bool(NUMBER.fullmatch(cell.strip()))


def _is_rare_delimiter(lines: Sequence[str], delimiter: str, quote: str) -> bool:
    """Say whether a character that is common in prose sets cells apart all the same: it must cut nearly all lines alike."""
    if sum(delimiter in line for line in lines) < 2:
        return False
    rows = _sampled(lines, delimiter, quote)
    width, often = Counter(map(len, rows)).most_common(1)[0]
    if width < 2 or often < SURELY * len(rows) or len(rows[0]) != width:
        return False
    cells = [cell for row in rows for cell in row]
    if delimiter == ":":  # neither `Note: …` nor https://… nor 10:30:00
        return width > 2 and not any(cell.startswith((" ", "//")) for cell in cells) and not all(map(_is_short, cells))
    if delimiter == " ":  # words are set apart by blanks, too
        quoted = sum(f" {quote}" in line for line in lines)
        return width > 2 and (sum(map(is_typed, cells)) > 0.4 * len(cells) or quoted > 0.5 * len(lines))
    return True


def _is_short(cell: str) -> bool:
    return cell.isdecimal() and len(cell) < 3


def _is_quote(lines: Sequence[str], delimiter: str, quote: str) -> bool:
    """Say whether a character other than the usual one opens and closes cells, nearly wherever it opens one."""
    apart = re.escape(delimiter)
    text = "".join(lines).replace("\r\n", "\n").replace("\r", "\n")
    if re.search(rf'(?:^|{apart})\s?"', text, re.MULTILINE):
        return False
    opened = len(re.findall(rf"(?:^|{apart}){quote}", text, re.MULTILINE))
    inside = rf"(?:[^{quote}\n]|{quote}{quote})*"
    closed = len(re.findall(rf"(?:^|(?<={apart})){quote}{inside}{quote}(?={apart}|$)", text, re.MULTILINE))
    return closed > 1 and closed >= SURELY * opened


def _is_escaped(lines: Sequence[str], delimiter: str, quote: str) -> bool:
    r"""Say whether `\"` stands for a quote, and `\` before a delimiter for that; a path that ends in `\` is neither."""
    text = "".join(lines)
    apart = re.escape(delimiter) if delimiter else "\n"
    if f"\\{quote}" in text and re.search(rf"\\{quote}(?!\s*(?:{apart}|[\r\n]|$))", text):
        return True
    if not delimiter or f"\\{delimiter}" not in text:
        return False
    as_is = _evenness(lines, delimiter, quote)
    return _evenness([line.replace(f"\\{delimiter}", "") for line in lines], delimiter, quote) > as_is


def _is_spaced(lines: Sequence[str], delimiter: str, quote: str) -> bool:
    """Say whether quotes come after a blank: `a, "b, c"`."""
    return delimiter != " " and any(re.search(rf"{re.escape(delimiter)} +{quote}", line) for line in lines)


def _whole(lines: Sequence[str], delimiter: str) -> str:
    r"""Return the delimiter with what always stands beside it: `||` for `|`, `,\t` for `,`, `~|~` for `|`."""
    if len(delimiter) != 1:
        return delimiter
    text = "".join(lines)
    several = [",\t", *(f"{fence}{each}{fence}" for fence in "~^" for each in COMMON)]
    several += [delimiter * 2] if delimiter in DOUBLED else []
    for each in several:
        rarest = "\t" if each == ",\t" else delimiter
        if delimiter in each and 0 < text.count(rarest) == text.count(each) * each.count(rarest):
            return each
    return delimiter
