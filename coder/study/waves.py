"""A survey that is repeated: an earlier study's codebook and examples, and what has changed.

The earlier study is asked once. What is needed of it is kept with the new one, so that neither
depends on where the other's file is.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from coder.coding.codebook import codebook_decisions
from coder.errors import UserError
from coder.model import Progress
from coder.report.figure import Figure, Writer
from coder.report.trend import trend
from coder.results.frequencies import WhichCases
from coder.results.trend import Wave, trend_table, wave_of
from coder.study.offers import Example
from coder.study.projects import Projects

UNUSUAL = 0.1  # of the coded answers, no more stand so far from the others as one that is unlike
_MOST = 12  # waves that can be told apart in one figure


@dataclass(frozen=True)
class Followed:
    """What was taken of an earlier study: new codes, codes that were there, coded answers.

    instead : what the same survey was called as a wave so far, since it counts once; or empty.
    """

    codes: int
    there: int
    examples: int
    instead: str = ""


@dataclass(frozen=True)
class _Following:
    """What is kept of earlier waves, by the version of the part it was read from."""

    version: int
    told: Mapping[str, Any]
    examples: tuple[Example, ...]


class Waves(Projects):
    """Waves of a survey: studies that follow one another, or files or groups within one study."""

    def follow(
        self,
        earlier: Waves,
        coder: str,
        labels: tuple[str, str] | None = None,
        dry_run: bool = False,
    ) -> Followed:
        """Make this study the next wave of an earlier one; again, to bring it up to date.

        The earlier codebook becomes decisions of this coder, by name; each code keeps its id, by
        which the waves are compared, and codes that are here already stay as they are. The coded
        answers, as they are shown there, become examples that suggestions learn from; nothing is
        coded. Codes out of use stay behind. earlier : a study or a layer of one. labels : what
        the earlier wave and this one are called; None: as the surveys are. A survey is one wave,
        by whatever path and name it comes: it gets its new name.

        Raises ``UserError`` when one may not see the earlier study whole, when it is this one or a
        copy of it, when it has no codes, or when a label is taken by another code; then nothing has
        changed.
        """
        self.need_lead()
        earlier.need_lead()
        survey = earlier._survey_sum()
        if survey == self._survey_sum():
            raise UserError("wave.same_study", path=earlier.path)
        there, here = labels or (earlier.questionnaire.title, self.questionnaire.title)
        if " ".join(there.split()).casefold() == " ".join(here.split()).casefold():
            raise UserError("wave.same_label", label=there)
        with self._lock:
            codes = codebook_decisions(self.state, list(earlier.state.codes.values()))
            kept = self._kept_waves()
            old = [each["label"] for each in kept if each.get("survey") == survey]
            own = asdict(earlier._wave(there)) | {"examples": earlier._coded_texts()}
            own |= {"survey": survey}
            mine = {"label": None, "survey": self._survey_sum()}
            inherited = _others(earlier._kept_waves(), [mine, own])
            content = [*inherited, *_others(kept, [*inherited, own]), own]
            if not dry_run:
                if codes.decisions:
                    who = self.coder(coder)
                    self._decide_all([(who, each) for each in codes.decisions])
                self._keep_waves(here, content)
        instead = next((label for label in old if label != there), "")
        return Followed(codes.new, codes.there, len(own["examples"]), instead)

    def unfollow(self, label: str) -> None:
        """Follow an earlier wave no longer: neither the trend nor suggestions know of it then.

        What was decided stays, the codes that came with it among it. It comes back by ``follow``.
        Raises ``UserError`` when there is no wave of that name.
        """
        self.need_lead()
        with self._lock:
            left = [each for each in self._kept_waves() if each["label"] != label]
            if len(left) == len(self._kept_waves()):
                raise UserError("wave.unknown", label=label)
            self._keep_waves(self.wave_label(), left)

    def earlier_waves(self) -> tuple[Wave, ...]:
        """The waves before this study, the earliest first; empty when it follows none."""
        fields = Wave.__dataclass_fields__
        return tuple(
            Wave(**{name: value for name, value in each.items() if name in fields})
            for each in self._kept_waves()
        )

    def wave_label(self) -> str:
        """What this study is called as a wave; the survey's title until it follows another."""
        return str(self._followed().told.get("label", self.questionnaire.title))

    def answers_by_file(self) -> dict[str, tuple[str, ...]]:
        """The answers that each file brought, by what it is called as a wave, the first first."""
        of = self.survey.answers["respondent"]
        return {
            label: tuple(of.index[of.isin(respondents)])
            for label, respondents in self._files().items()
        }

    def wave_questions(self) -> dict[str, str]:
        """The questions by which respondents can be parted into waves: their labels, by name.

        Those about the whole respondent whose responses are more than one and no more than twelve.
        """
        form = self.questionnaire
        return {
            each.name: each.label
            for each in form.of_kind("background", "single")
            if not form.is_about_case(each) and 1 < len(self.groups(each.name).labels) <= _MOST
        }

    def trend(self, by: str | None = None, files: bool = False) -> pd.DataFrame:
        """How much each category fills, from wave to wave (see ``results.trend``).

        The waves are the earlier studies and this one. by : this study's respondents as several
        waves, by a background question or a response, such as the year. files : by the file they
        came with first, later files of this survey being later waves.
        """
        here = self._by_file() if files else self._by_group(by) if by else [self._own_wave()]
        return trend_table([*self.earlier_waves(), *here], self.state.codes)

    def trend_figure(self, texts: Writer, by: str | None = None, files: bool = False) -> Figure:
        """The trend as a picture (see ``report.trend``)."""
        table = self.trend(by, files)
        note = texts("figure.note.trend")
        return trend(table, texts, title=texts("figure.title.trend"), note=note)

    def uncoded(self, coder: str | None = None, progress: Progress | None = None) -> pd.DataFrame:
        """The answers without a code, with the likeliest one; those like no coded answer first.

        coder : as for ``next_turn``. Columns: ``answer``, ``code`` and ``category`` (missing when
        there are no codes), ``chance``, ``fits``: the share of coded answers, earlier waves'
        included, that stand no nearer to the others (see ``text.unlike``); missing when none are
        coded; and ``unlike``: whether that is at most ``UNUSUAL``. It has no effect on the coding.
        """
        offers = self.suggestions(None, coder, progress)
        fits = self._fits([each.answer for each in offers], coder)
        codes = self.state.codes
        rows = []
        for each, fit in zip(offers, fits, strict=True):
            code = each.codes[0] if each.codes else None
            chance = each.chances[0] if each.chances else float("nan")
            rows.append((each.answer, code, codes[code].label if code else None, chance, fit))
        table = pd.DataFrame(rows, columns=["answer", "code", "category", "chance", "fits"])
        table["unlike"] = table["fits"] <= UNUSUAL
        return table.sort_values(["fits", "answer"], kind="stable", ignore_index=True)

    # --- parts ------------------------------------------------------------------------------------

    def _category_figures(
        self, texts: Writer, cases: WhichCases, unpublished: bool
    ) -> dict[str, Callable[[], Figure]]:
        drawn = super()._category_figures(texts, cases, unpublished)
        if self.earlier_waves():
            drawn["trend"] = partial(self.trend_figure, texts)
        return drawn

    def _forget(self) -> None:
        super()._forget()
        self._following = _Following(-1, {}, ())

    def _followed(self) -> _Following:
        with self._lock:
            version = self._store.version("waves")
            if self._following.version != version:
                content = self._store.part("waves")
                told = json.loads(content) if content else {}
                self._following = _Following(version, told, tuple(_examples(told)))
            return self._following

    def _survey_sum(self) -> str:
        """The survey as it was first imported, as a sum: the same in every copy of a study."""
        return hashlib.sha256(self._store.history("survey")[0][1]).hexdigest()

    def _keep_waves(self, label: str, earlier: Sequence[Mapping[str, Any]]) -> None:
        told = json.dumps({"label": label, "earlier": earlier}, ensure_ascii=False)
        self._store.add_parts({"waves": told.encode()})

    def _kept_waves(self) -> list[dict[str, Any]]:
        return list(self._followed().told.get("earlier", []))

    def _examples(self) -> tuple[Example, ...]:
        return self._followed().examples

    def _coded_texts(self) -> list[tuple[str, list[str]]]:
        """The coded answers as they are shown, each with its codes."""
        texts = self.survey.answers["text"]
        codes: dict[str, set[str]] = {}
        for each in self._codings():
            codes.setdefault(each.answer, set()).add(each.code)
        return [(texts[answer], sorted(codes[answer])) for answer in sorted(codes)]

    def _own_wave(self) -> Wave:
        return self._wave(self.wave_label())

    def _wave(self, label: str, respondents: Sequence[str] | None = None) -> Wave:
        codings, state = self._codings(), self.state
        nothing = {answer for answer, _ in self._nothing()} - state.set_aside()
        dealt = {each.answer for each in codings} | nothing
        return wave_of(label, self.survey, state.codes, codings, dealt, state.no, respondents)

    def _by_group(self, by: str) -> list[Wave]:
        groups = self.groups(by)
        if groups.by_case:
            raise UserError("wave.by_case", name=by)
        return [
            self._wave(label or code, groups.of.index[groups.of == code].tolist())
            for code, label in groups.labels.items()
        ]

    def _by_file(self) -> list[Wave]:
        """A wave for each file that brought respondents."""
        waves = [self._wave(label, respondents) for label, respondents in self._files().items()]
        return waves or [self._own_wave()]

    def _files(self) -> dict[str, list[str]]:
        """The respondents that each file brought, by the day on which it came."""
        named = self.questionnaire.of_kind("id")
        files: dict[str, list[str]] = {}
        seen: set[str] = set()
        days: Counter[str] = Counter()
        for at, content in self._store.history("survey") if named else []:
            column = pd.read_parquet(io.BytesIO(content), columns=[named[0].name]).iloc[:, 0]
            new = [each for each in dict.fromkeys(column) if each not in seen]
            seen.update(new)
            if new:
                day = at.date().isoformat()
                days[day] += 1
                files[f"{day} ({days[day]})" if days[day] > 1 else day] = new
        return files

    def _fits(self, answers: Sequence[str], coder: str | None) -> list[float]:
        from coder.text.unlike import fits

        known, past = self._known_now(None), self._taught(self._past(coder))
        ids = [*known.answers, *(each.id for each in known.examples)]
        rows = {answer: row for row, answer in enumerate(ids)}
        coded = [rows[each] for each, codes in past.coded.items() if codes and each in rows]
        if not coded or not answers:
            return [float("nan")] * len(answers)
        every = np.vstack([known.vectors, known.example_vectors])
        points = every - every.mean(axis=0)
        found: list[float] = fits(points[coded], points[[rows[a] for a in answers]]).tolist()
        return found


def _others(
    waves: Sequence[dict[str, Any]], known: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The waves that are none of those known, by name or by survey."""
    return [each for each in waves if not any(_is_same(each, other) for other in known)]


def _is_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    survey = one.get("survey")
    return one["label"] == other["label"] or (survey is not None and survey == other.get("survey"))


def _examples(told: Mapping[str, Any]) -> Iterator[Example]:
    found = [each for wave in told.get("earlier", []) for each in wave["examples"]]
    for no, (text, codes) in enumerate(found):
        yield Example(f"\x00{no}", text, tuple(codes))  # no answer has such an id
