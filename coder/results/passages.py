"""Where words stand in an answer, and which may stand for what it says of each part."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import pandas as pd

from coder.model import AnswerField, AnswerPart, Passage
from coder.results.obstacles import any_of
from coder.results.people import people_in
from coder.results.wording import Thing, sorted_sentences

_FIELDS: tuple[AnswerField, ...] = ("text", "elaboration")
_NEAR = 8  # words at the beginning of a sentence
_TITLE = 5  # words that a title has at most


def passage_of(
    words: str, part: AnswerPart, texts: Mapping[str, object], near: Passage | None = None
) -> Passage | None:
    """The passage of an answer in which these words follow one another; None when none is.

    texts : ``text`` and ``elaboration``, the latter perhaps missing. Upper case is as lower, and
    space as any space. Of several places the one that begins and ends between words, then the one
    nearest to ``near``, then the first.
    """
    signs = r"\s+".join(map(re.escape, words.split()))
    for pattern in (rf"(?<!\w){signs}(?!\w)", signs):
        found = list(_places(pattern, part, texts)) if signs else []
        if found:
            return min(found, key=lambda each: _distance(each, near))
    return None


def _places(pattern: str, part: AnswerPart, texts: Mapping[str, object]) -> Iterator[Passage]:
    for field in _FIELDS:
        text = texts.get(field)
        if isinstance(text, str):
            for match in re.finditer(pattern, text, re.IGNORECASE):
                yield Passage(part, *match.span(), field)


def _distance(place: Passage, near: Passage | None) -> tuple[bool, int]:
    """How far a place lies outside a passage; one in another text is farther than any."""
    if near is None:
        return False, 0
    return near.field != place.field, max(near.start - place.start, place.end - near.end, 0)


# --- what may stand for the parts ----------------------------------------------------------------


@dataclass(frozen=True)
class _Sentence:
    """A sentence of an answer, its place and what it seems to be about."""

    field: AnswerField
    start: int
    end: int
    text: str
    things: tuple[Thing, ...]

    def passage(self, part: AnswerPart, start: int = 0, end: int | None = None) -> Passage:
        """A run of it, all of it by default."""
        until = len(self.text) if end is None else end
        return Passage(part, self.start + start, self.start + until, self.field)


@dataclass(frozen=True)
class _Cues:
    words: Mapping[str, re.Pattern[str]]  # by the names of the lists
    clause: re.Pattern[str]
    reason: re.Pattern[str]
    spared: re.Pattern[str]


def proposed_passages(answers: pd.DataFrame, language: str) -> dict[str, tuple[Passage, ...]]:
    """For each answer what may stand for each part, by its wording.

    answers, language : as for ``sorted_sentences``. The target group is a sentence about it, or the
    people that are named; the purpose a sentence or a clause; what was done a sentence, with a
    title before it; what was learned a sentence. Parts that nothing tells of are not there, but
    something was always done; places are in code points of the text given.
    """
    return {
        str(answer): tuple(_proposed([_Sentence(*row[1:]) for row in rows.to_numpy()], language))
        for answer, rows in sorted_sentences(answers, language).groupby("answer", sort=False)
    }


def _proposed(sentences: Sequence[_Sentence], language: str) -> Iterator[Passage]:
    cues = _cues(language)
    if cues is None:
        yield sentences[0].passage("action")
        return
    group = _target_group(sentences, cues, language)
    purpose, learning = _purpose(sentences, cues), _learning(sentences, cues)
    taken = [each for each in (group, purpose, learning) if each]
    found = (group, purpose, _action(sentences, taken, cues), learning)
    yield from (each for each in found if each)


def _target_group(sentences: Sequence[_Sentence], cues: _Cues, language: str) -> Passage | None:
    """A sentence that is about nothing else, else the people that most is told of."""
    for each in sentences:
        if cues.words["audience"].search(each.text):
            return each.passage("target_group")
    named = [
        (not people.told, no, each.passage("target_group", people.start, people.end))
        for no, each in enumerate(sentences)
        for people in people_in(each.text, language)
    ]
    return min(named, key=lambda each: each[:2])[-1] if named else None


def _purpose(sentences: Sequence[_Sentence], cues: _Cues) -> Passage | None:
    """What says so, a clause that begins so, what "therefore" follows, a reason, or a benefit."""
    found = [
        (rank, no, passage)
        for no, each in enumerate(sentences)
        for rank, passage in _purposes(each, sentences[no + 1 : no + 2], cues)
    ]
    return min(found, key=lambda each: each[:2])[-1] if found else None


def _purposes(
    sentence: _Sentence, following: Sequence[_Sentence], cues: _Cues
) -> Iterator[tuple[int, Passage]]:
    if cues.words["purpose"].search(sentence.text):
        yield 0, sentence.passage("purpose")
    for clause in cues.clause.finditer(sentence.text):
        if not clause["other"]:
            yield 1, sentence.passage("purpose", *clause.span("why"))
    if following and cues.words["therefore"].search(" ".join(following[0].text.split()[:_NEAR])):
        yield 1, sentence.passage("purpose")
    reason = cues.reason.match(sentence.text)
    if reason and cues.words["forced"].search(reason.group()):
        yield 2, sentence.passage("purpose", *reason.span())
    if "benefit" in sentence.things and not cues.words["opinion"].search(sentence.text):
        yield 3 + (sentence.things[0] != "benefit"), sentence.passage("purpose")
    spared = cues.spared.search(sentence.text)
    if spared:
        yield 5, sentence.passage("purpose", *spared.span())


def _learning(sentences: Sequence[_Sentence], cues: _Cues) -> Passage | None:
    """What says that it was learned, else what is about an obstacle."""
    ranked = [
        (not says, no)
        for no, each in enumerate(sentences)
        for says in [bool(cues.words["lesson"].search(each.text))]
        if says or {"obstacles", "learning"} & set(each.things)
    ]
    return sentences[min(ranked)[1]].passage("learning") if ranked else None


def _action(sentences: Sequence[_Sentence], taken: Sequence[Passage], cues: _Cues) -> Passage:
    """The sentence that tells most of what was done; of a title, with what follows it."""
    points = [_points(no, each, taken, cues) for no, each in enumerate(sentences)]
    no = points.index(max(points)) if max(points) >= 0 else 0
    first, following = sentences[no], sentences[no + 1 : no + 2]
    end = first.end
    if _is_title(first.text) and following and points[no + 1] > 0:
        end = following[0].end if following[0].field == first.field else end
    return Passage("action", first.start, end, first.field)


def _points(no: int, sentence: _Sentence, taken: Sequence[Passage], cues: _Cues) -> int:
    """How likely a sentence is to tell what was done. Most answers begin with that."""
    words, about = cues.words, sentence.things[:1]
    begun = bool(words["begun"].search(sentence.text)) or "content" in sentence.things
    other = about in {("obstacles",), ("learning",), ("benefit",)}
    return (
        3 * (no == 0)
        + 2 * begun
        + 2 * bool(words["therefore"].search(sentence.text))
        - 4 * bool(words["opinion"].search(sentence.text))
        - 3 * other
        - 4 * (about == ("name",))
        - 3 * any(_is_of(sentence, each) for each in taken)
        - 2 * (sentence.field == "elaboration")
    )


def _is_of(sentence: _Sentence, passage: Passage) -> bool:
    """Whether a passage is all of a sentence."""
    of = passage.field, passage.start, passage.end
    return of == (sentence.field, sentence.start, sentence.end)


def _is_title(text: str) -> bool:
    return text.endswith(":") or len(text.split()) <= _TITLE


@cache
def _cues(language: str) -> _Cues | None:
    lists = tomllib.loads(files("coder.results").joinpath("passages.toml").read_text("utf-8"))
    if language not in lists:
        return None
    own = {name: any_of(words) for name, words in lists[language].items()}
    few = rf"(?:\s+(?!{own['outcome']}\b)[\w-]+){{0,4}}?\s+"
    until = rf"(?:(?!,\s+{own['stops']}\b)[^.;:!?()\n])*"
    why = rf"(?P<why>(?:{own['in_order']}\b|{own['so']}{few}{own['able']}\b){until})"
    return _Cues(
        words={name: _compiled(rf"\b{words}(?!\w)") for name, words in own.items()},
        clause=_compiled(rf"(?P<other>\b{own['no_purpose']}\s+)?\b{why}"),
        spared=_compiled(rf"\b{own['avoided']}\s{until}"),
        reason=_compiled(rf"{own['reason']}\s[^,.;!?\n]+"),
    )


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
