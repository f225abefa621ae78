"""What the desk shows, as plain data: answers as cards, what stands of each, codes, suggestions."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from coder.i18n import Texts
from coder.model import Code
from coder.study import Study

Order = Literal["imported", "doubtful", "typical", "random", "similar"]
Filter = Literal["open", "all", "discuss", "quote", "memo", "again", "aside"]
Side = Literal["all", "before", "after"]
ORDERS: tuple[Order, ...] = ("imported", "doubtful", "typical", "random", "similar")
FILTERS: tuple[Filter, ...] = ("open", "all", "discuss", "quote", "memo", "again", "aside")

BATCH = 500  # answers that the browser is given at once
_BEFORE = 100  # of them before the one that it begins at
_RECENT = 18  # as many codes as have a key


@dataclass(frozen=True)
class View:
    """Which answers are read, in which order; ``seed`` for the random one, ``code`` for similar."""

    order: Order = "imported"
    filter: Filter = "open"
    seed: int = 0
    code: str | None = None

    @property
    def passes(self) -> bool:
        """Whether answers come that have been decided on: then each is shown once."""
        return self.filter not in ("open", "all")


class Moment:
    """A study as one coder sees it at one moment. ``coder`` may be one who has not joined yet."""

    def __init__(self, study: Study, coder: str) -> None:
        self.study, self.coder, self.state = study, coder, study.state
        self.set_aside = self.state.set_aside()
        round = self.state.round_of(coder or None)
        asked = frozenset(round.of(coder)) if round else self.state.answers
        self.there = asked - self.set_aside
        self.dealt_with = self.state.dealt_with(coder)

    @property
    def is_finished(self) -> bool:
        """Whether the coder has dealt with every answer that can be coded."""
        return self.there <= self.dealt_with

    # --- which answers -------------------------------------------------------------------------

    def ordered(self, view: View) -> list[str]:
        """The answers in the order of the view; of those set aside, if these are looked at.

        Raises ``UserError`` when the order needs what is not there yet.
        """
        if view.filter == "aside":
            return [each for each in self.study.survey.answers.index if each in self.set_aside]
        order = self.study.order(view.order, self.coder, view.code, view.seed)
        return [answer for answer in order if answer in self.there]

    def listed(self, view: View, order: Sequence[str], besides: str | None = None) -> list[str]:
        """The answers of an order that the view shows now, and ``besides`` in its place."""
        wanted = self._wanted(view.filter)
        return [answer for answer in order if answer in wanted or answer == besides]

    def _wanted(self, filter: Filter) -> Collection[str]:
        match filter:
            case "open":
                return self.there - self.dealt_with
            case "all":
                return self.there
            case "discuss" | "quote":
                return self.state.marked(filter, self.coder)
            case "memo":
                return {answer for who, answer in self.state.memos if who == self.coder}
            case "again":
                return self.study.again(self.coder) & self.there
            case "aside":
                return self.set_aside

    def first(self, view: View, order: Sequence[str], shown: Collection[str]) -> str | None:
        """Where one begins who has just come; None when nothing is shown.

        That is after the coder's last decision, where the order lasts, and an answer that is open.
        """
        lasts = view.order in ("imported", "random") and not view.passes
        last = self.last_decided() if lasts else None
        at = order.index(last) + 1 if last in order else 0
        later = [answer for answer in (*order[at:], *order[:at]) if answer in shown]
        is_open = (each for each in later if view.passes or each not in self.dealt_with)
        return next(is_open, next(iter(later), None))

    def last_decided(self) -> str | None:
        """The answer that the coder's latest decision is about, or None before there is one."""
        own = [entry.no for entry in reversed(self.state.log) if entry.coder == self.coder]
        concerned = self.study.answers_concerned() if own else {}
        return next((concerned[no][-1] for no in own if concerned.get(no)), None)

    def cards(self, answers: Sequence[str], texts: Texts, again: bool = False) -> list[Any]:
        """Answers as they are shown, with what stands of each; ``again``: why it is seen again."""
        study, rows = self.study, self.study.survey.answers.loc[list(answers)]
        beside = study.labelled(study.context_items()).loc[list(answers)].fillna("–")
        questions = {each.name: each for each in study.questionnaire.questions}
        places, reasons = self._places(), self._reasons(texts) if again else {}
        return [
            {
                "id": answer,
                "who": " · ".join(filter(None, [answer, places.get(row["respondent"])])),
                "question": questions[row["question"]].label,
                "text": row["text"],
                "added": row["elaboration"] if isinstance(row["elaboration"], str) else "",
                "context": [str(value) for value in values],
                "one": questions[row["question"]].codes == "one",
                "again": reasons.get(answer, ""),
                "told": self.standing(answer),
            }
            for answer, row, values in zip(
                answers, rows.to_dict("records"), beside.itertuples(index=False), strict=True
            )
        ]

    def _places(self) -> dict[str, str]:
        """The organisation of every respondent, where there are organisations."""
        organisation = self.study.questionnaire.organisation
        if organisation is None:
            return {}
        found = self.study.survey.respondents[organisation].dropna()
        return dict(zip(found.index, found.astype(str), strict=True))

    def _reasons(self, texts: Texts) -> dict[str, str]:
        """Why each answer is to be looked at again."""
        reasons: dict[str, str] = {}
        for each in self.study.relook():
            if each.coder == self.coder:
                why = texts(f"relook.{each.reason}", no=each.no)
                said = texts("desk.again", label=self.state.codes[each.code].label, why=why)
                reasons[each.answer] = f"{reasons.get(each.answer, '')} {said}".strip()
        return reasons

    # --- what stands ---------------------------------------------------------------------------

    def standing(self, answer: str) -> dict[str, Any]:
        """What the coder has decided of an answer; spans are those of the text as it is shown."""
        key = self.coder, answer
        codes = [
            {
                "code": code,
                "spans": [
                    list(self.study.span_as_shown(answer, *span))
                    for span in self.state.spans.get((*key, code), ())
                ],
            }
            for code in self.state.codings.get(key, ())
        ]
        marks, memo = list(self.state.marks.get(key, ())), self.state.memos.get(key, "")
        return {"codes": codes, "marks": marks, "memo": memo, "aside": answer in self.set_aside}

    def progress(self, texts: Texts) -> dict[str, Any]:
        """How many answers the coder has dealt with, of those that can be coded."""
        done, total = len(self.there & self.dealt_with), len(self.there)
        told = texts("desk.how_far", done=texts.number(done), total=texts.number(total))
        return {"done": done, "total": total, "text": told}

    # --- the codebook --------------------------------------------------------------------------

    def codebook(self) -> dict[str, Any]:
        """The codes from the top down, each below its parent, and an id that changes as they do."""
        codes = self._below(None, "", 0)
        return {"id": digest(codes), "codes": codes}

    def _below(self, parent: str | None, path: str, depth: int) -> list[dict[str, Any]]:
        found = []
        for code in self.state.children(parent):
            found.append({**_described(code), "path": path, "depth": depth})
            inner = f"{path} › {code.label}" if path else code.label
            found += self._below(code.id, inner, depth + 1)
        return found

    def counts(self) -> dict[str, int]:
        """How many answers have each code from the coder."""
        own = (codes for (who, _), codes in self.state.codings.items() if who == self.coder)
        return dict(Counter(code for codes in own for code in codes))

    def recent(self) -> list[str]:
        """The codes that the coder has given, the latest first."""
        own = (entry for entry in reversed(self.state.log) if entry.coder == self.coder)
        found: dict[str, None] = {}
        for entry in own:
            code = str(getattr(entry.decision, "code", ""))
            if code in self.state.codes:
                found[code] = None
            if len(found) == _RECENT:
                break
        return list(found)

    def offers(self, answers: Sequence[str]) -> dict[str, Any]:
        """The codes suggested for each answer, with their chances; none for those held out.

        ``new`` tells that something new is likelier than any of those offered, ``blind`` that the
        answer is coded without suggestions, and ``by`` names the machine.
        """
        blind, empty = self.study.held_out(), {"codes": [], "chances": [], "by": "", "new": False}
        found: dict[str, Any] = {each: {**empty, "blind": each in blind} for each in answers}
        if answers and self.state.codings:
            by = self.study.suggested_by()
            for each in self.study.suggestions(answers, self.coder):
                found[each.answer] |= {
                    "codes": list(each.codes),
                    "chances": list(each.chances),
                    "by": by,
                    "new": each.new > sum(each.chances),
                }
        return found


def _described(code: Code) -> dict[str, Any]:
    kept = ("id", "label", "definition", "include", "exclude", "colour", "codable", "retired")
    return {name: getattr(code, name) for name in kept}


def window(shown: Sequence[str], side: Side, answer: str | None) -> tuple[list[str], bool, bool]:
    """A batch of what is shown: around an answer, or what comes before or after it.

    Also whether there is nothing before it, and nothing after.
    """
    at = shown.index(answer) if answer in shown else 0
    around = min(at - _BEFORE, len(shown) - BATCH)
    start = max({"all": around, "before": at - BATCH, "after": at + 1}[side], 0)
    stop = at if side == "before" else start + BATCH
    return list(shown[start:stop]), start == 0, stop >= len(shown)


def digest(value: object) -> str:
    """A short name for a piece of plain data: another one when it changes."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]
