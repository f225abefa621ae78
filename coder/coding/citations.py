"""The answers that a written text cites, as in ``[R017]``, ``(R017)`` or ``[R017, R018.2]``."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace

from coder.model import Sheet

_BRACKETS = re.compile(r"\[([^\[\]\n]*)\]|\(([^()\n]*)\)")
_APART = re.compile(r"\s*[,;]\s*")
# A sentence ends with its line; or at its sign, after the citations that follow it, when what comes
# next begins in upper case: "ca. 11" is no end.
_SENTENCE = re.compile(
    r"\S.*?(?:[.!?]+(?:\s*(?:\[[^\]\n]*\]|\([^)\n]*\)))*(?=\s+[^\W\d_a-zæøåäöüéß]|\s*$)|(?=\n|$))"
)


def cite(text: str, answer: str) -> str:
    """The text with one more citation, of an answer, in its last sentence."""
    text = text.rstrip()
    last = re.search(r"\[([^\[\]\n]*)\]([.!?]*)$", text)
    if last:
        return f"{text[: last.end(1)]}, {answer}]{last.group(2)}"
    ends = re.search(r"[.!?]*$", text)
    at = ends.start() if ends else len(text)
    return f"{text[:at]} [{answer}]{text[at:]}".lstrip()


def cited(text: str, answers: Collection[str]) -> tuple[str, ...]:
    """The answers that a text cites, each once, in order.

    answers : the ids there are. A number alone in round brackets cites nothing: it may be a year.
    """
    return tuple(dict.fromkeys(name for name in _names(text) if name in answers))


def unknown(text: str, answers: Collection[str]) -> tuple[str, ...]:
    """What is cited like an answer and is none of these: a word with a digit in brackets."""
    return tuple(
        dict.fromkeys(
            name
            for name in _names(text)
            if name not in answers and " " not in name and re.search(r"\d", name)
        )
    )


def uncited(text: str, answers: Collection[str]) -> tuple[str, ...]:
    """The sentences of a text that cite no answer."""
    sentences = (each.group().strip() for each in _SENTENCE.finditer(text))
    return tuple(each for each in sentences if each and not cited(each, answers))


def without(text: str, answers: Collection[str]) -> str:
    """The text without its citations of these answers; other words of a bracket stay."""

    def left(found: re.Match[str]) -> str:
        inside = _inside(found)
        if not set(names := _APART.split(inside)) & set(answers):
            return found.group()
        kept = ", ".join(name for name in names if name not in answers)
        return f"{found.group()[0]}{kept}{found.group()[-1]}" if kept else ""

    shorter = _BRACKETS.sub(left, text)
    if shorter == text:
        return text
    return re.sub(r"[^\S\n]+(?=[.,;:!?\n]|$)", "", re.sub(r"[^\S\n]{2,}", " ", shorter)).strip()


def renamed(text: str, ids: Mapping[str, str]) -> str:
    """The text with the answers that it cites called otherwise, by what they are called now."""

    def named(found: re.Match[str]) -> str:
        names = _APART.split(_inside(found))
        if not set(names) & set(ids) or (found.group(1) is None and all(map(str.isdigit, names))):
            return found.group()
        told = ", ".join(ids.get(name, name) for name in names)
        return f"{found.group()[0]}{told}{found.group()[-1]}"

    return _BRACKETS.sub(named, text)


def leaving(sheet: Sheet, answers: Collection[str], ids: Mapping[str, str]) -> Sheet:
    """A sheet as it leaves: its case and citations by the ids with which answers leave.

    answers : all there are; those without an id stay behind, and so does what cites them.
    """
    others = frozenset(answers) - set(ids)
    names = ("character", "audience", "benefit")
    texts = {name: renamed(without(getattr(sheet, name), others), ids) for name in names}
    return replace(sheet, **texts, case=ids.get(sheet.case, ""))


def mentioned(text: str, answers: Collection[str]) -> bool:
    """Whether a text names any of these answers, in brackets or without."""
    there = (each for each in answers if each in text)  # a search by pattern is slow
    return any(re.search(rf"(?<!\w){re.escape(each)}(?![\w.]*\w)", text) for each in there)


def _names(text: str) -> list[str]:
    found = []
    for each in _BRACKETS.finditer(text):
        names = _APART.split(_inside(each))
        found += [name for name in names if each.group(1) is not None or not name.isdigit()]
    return found


def _inside(found: re.Match[str]) -> str:
    inside = found.group(1) if found.group(1) is not None else found.group(2)
    return str(inside).strip()
