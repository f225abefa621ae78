"""Text measured, wrapped and shortened, so that none runs out of its place in a picture.

The widths are those of DejaVu Sans, in thousandths of the size, in ``letters.json``.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

_WIDEST = 1400  # a sign that is not in the table, such as an emoji, is taken to be as wide
_NARROWEST = 0.25  # of the size; so many signs at most can stand on a line
_MARK = re.compile(r"(?<=[-/\u2013])(?=\w)")
_VOWELS = "aeiouyæøåäöüéAEIOUYÆØÅÄÖÜÉ"
_BETWEEN = re.compile(rf"(?<=[{_VOWELS}])[^\W\d_{_VOWELS}]+(?=[{_VOWELS}])")
# Consonants with which a syllable may begin, in Danish as in English; else one begins with one.
_ONSETS = re.compile("[bfgkps]l|[bdfgkpt]r|s[jklmptv]|s[kpt]r|spl|[kt]v|tj|[cst]h", re.IGNORECASE)
_ENDS = 3  # letters that a part has at least


def width_of(words: str, size: float, bold: bool = False) -> float:
    """How wide a line of text is, in the unit of its size."""
    table = _widths()["bold" if bold else "regular"]
    return sum(_width(sign, table) for sign in words) * size / 1000


def printable(words: str) -> str:
    """The text as one line, without signs that can't be drawn or would break the picture."""
    line = " ".join(words.split())
    return " ".join("".join(sign for sign in line if sign.isprintable()).split())


def has_room(words: str, width: float, size: float, bold: bool = False) -> bool:
    """Whether no word of the text is wider than this, so that none has to be parted."""
    return all(width_of(each, size, bold) <= width for each in printable(words).split(" "))


def shortened(words: str, width: float, size: float, bold: bool = False) -> str:
    """The text if it is no wider than this, else as much as fits of it, and "…"; may be empty."""
    return "".join(wrapped(words, width, size, bold, most=1))


def wrapped(
    words: str, width: float, size: float, bold: bool = False, most: int | None = None
) -> list[str]:
    """The text in lines that are no wider than this.

    A word that is wider than a line is parted. most : the greatest number of lines; the last one
    then ends in "…", at a word if it can. ``[]`` of an empty text, and where not one sign fits.
    """
    left = printable(words)
    if most is not None:  # of a long text, only what could be seen
        left = left[: int(most * width / (size * _NARROWEST)) + 1]
    lines: list[str] = []
    while left and (most is None or len(lines) <= most):
        line, left = _first_line(left, width, size, bold)
        if not line:
            return []
        lines.append(line)
    if most is None or len(lines) <= most:
        return lines
    last = _ended(lines[most - 1], width, size, bold) if most else ""
    return [*lines[: most - 1], last] if last else []


def balanced(
    words: str, width: float, size: float, bold: bool = False, most: int | None = None
) -> list[str]:
    """As ``wrapped``, in lines that are about as long as each other."""
    lines = wrapped(words, width, size, bold, most)
    if len(lines) < 2 or "".join(lines).endswith("…"):
        return lines
    for narrower in range(int(width / len(lines)), int(width), 6):
        tried = wrapped(words, narrower, size, bold)
        if len(tried) == len(lines) and has_room(words, narrower, size, bold):
            return tried
    return lines


def _first_line(words: str, width: float, size: float, bold: bool) -> tuple[str, str]:
    """What fits on the first line, and the rest."""
    end = _fitting(words, width, size, bold)
    if end == len(words):
        return words, ""
    if words[end] == " ":
        return words[:end], words[end + 1 :]
    begin = words.rfind(" ", 0, end) + 1  # of the word that does not fit
    word = words[begin:].partition(" ")[0]
    if begin and width_of(word, size, bold) <= width:
        return words[: begin - 1], words[begin:]
    for hyphen, places in (("", _after_marks(word)), ("-", _syllables(word))):
        for at in (begin + place for place in reversed(places)):
            if at <= end and width_of(words[:at] + hyphen, size, bold) <= width:
                return words[:at] + hyphen, words[at:]
    return (words[: begin - 1], words[begin:]) if begin else (words[:end], words[end:])


def _after_marks(word: str) -> list[int]:
    """Where a word has a mark behind which a line may end."""
    return [match.end() for match in _MARK.finditer(word)]


def _syllables(word: str) -> list[int]:
    """Where a word may be parted with a hyphen.

    Consonants between vowels go with the second as far as a word could begin with them. That is
    not always where a dictionary has it, but it can be read.
    """
    found = []
    for match in _BETWEEN.finditer(word):
        cluster = match.group()
        tails = (no for no in range(len(cluster)) if _ONSETS.fullmatch(cluster[no:]))
        at = match.start() + next(tails, len(cluster) - 1)
        if _ENDS <= at <= len(word) - _ENDS:
            found.append(at)
    return found


def _fitting(words: str, width: float, size: float, bold: bool) -> int:
    """How many signs fit on a line; none is parted from the signs that belong on top of it."""
    table = _widths()["bold" if bold else "regular"]
    room = width * 1000 / size
    for at, sign in enumerate(words):
        room -= _width(sign, table)
        if room < 0:
            while at and _on_top(words[at]):
                at -= 1
            return at
    return len(words)


def _ended(line: str, width: float, size: float, bold: bool) -> str:
    """A line that goes no further, with "…" at its end; empty when there is no room for that."""
    words = line.removesuffix("-")
    while words and width_of(words + "…", size, bold) > width:
        before, space, _ = words.rpartition(" ")
        words = before if space else words[:-1]
    return words.rstrip(" ,;:.–-") + "…" if words else ""


def _width(sign: str, table: Mapping[str, int]) -> int:
    known = table.get(sign)
    return known if known is not None else 0 if _on_top(sign) else _WIDEST


def _on_top(sign: str) -> bool:
    """Whether it stands on the sign before it, as an accent may."""
    return unicodedata.category(sign) in ("Mn", "Me")


@cache
def _widths() -> Mapping[str, Mapping[str, int]]:
    """The width of each sign, by the weight of the letters."""
    content = json.loads(files("coder.report").joinpath("letters.json").read_text("utf-8"))
    return {
        weight: {sign: int(width) for width, signs in table.items() for sign in signs}
        for weight, table in content.items()
    }
