"""What it adds up to: frequencies, comparisons, the score, and codes joined to all of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from coder.errors import UserError
from coder.model import (
    Merged,
    Recipe,
    Survey,
    Wordlist,
)
from coder.results import frequencies as counting
from coder.results.basis import Basis, basis, with_outside
from coder.results.compare import Battery, Comparison, battery, comparable, compare
from coder.results.crossing import codes_by_item, codes_together
from coder.results.frequencies import WhichCases
from coder.results.groups import WITH, Groups, groups_by, groups_by_code
from coder.results.joint import Unit, joint_table
from coder.results.likeness import differing, shared
from coder.results.margins import part_drawn, with_margins
from coder.results.merged import with_merges
from coder.results.numbers import numbers
from coder.results.obstacles import obstacles
from coder.results.pairs import alike_and_unlike, could_talk
from coder.results.profile import profile
from coder.results.quadrants import quadrants, quadrants_by_code
from coder.results.recipe import parse_recipe
from coder.results.reliability import certainty, item_rest, reliability
from coder.results.response import (
    Response,
    compare_side_sample,
    compare_writers,
    response,
    wrote,
)
from coder.results.score import Scores, explained, ranking, score, summary
from coder.results.sensitivity import sensitivity
from coder.results.tests_of import Method
from coder.results.units import item_of
from coder.results.weighting import Weights, given_weights, rake
from coder.survey.ingest import build_survey, code_table
from coder.survey.questionnaire import (
    check_merged,
    only_items,
)
from coder.survey.read import read_file

if TYPE_CHECKING:
    from coder.text.telling import Mentions

from coder.study.offers import Offers

# Are options shown as one? As the questionnaire says, or these, by the name of the question.
Merges = bool | Mapping[str, tuple[Merged, ...]]
Margins = Literal["endless", "finite"]


class Results(Offers):
    """Tables, tests and scores, computed anew each time they are asked for."""

    def _forget(self) -> None:
        super()._forget()
        self._mentions: tuple[Survey, Wordlist, Mentions] | None = None
        self._recipe: tuple[bytes, Recipe] | None = None  # as read from these bytes
        self._counts: tuple[Survey, dict[Any, pd.DataFrame]] | None = None  # of this survey

    def recipe(self) -> Recipe | None:
        """The recipe of the score, or None."""
        content, kept = self._store.part("recipe"), self._recipe
        if content is None:
            return None
        if kept is None or kept[0] != content:
            kept = self._recipe = content, parse_recipe(content.decode(), self.questionnaire)
        return kept[1]

    def set_recipe(self, text: str) -> None:
        """Use another recipe from now on; earlier ones stay in the file (see ``recipes``)."""
        parse_recipe(text, self.questionnaire)
        if text.encode() != self._store.part("recipe"):
            self._store.add_parts({"recipe": text.encode()})

    def recipes(self) -> list[tuple[datetime, str]]:
        """Every recipe there has been, as text, and since when; the last one is used."""
        return [(at, content.decode()) for at, content in self._store.history("recipe")]

    def scores(self) -> Scores:
        """The score of every case; ``UserError`` when the study has no recipe."""
        recipe = self.recipe()
        if recipe is None:
            raise UserError("score.no_recipe")
        return score(self.survey, recipe)

    def score_summary(self, cases: WhichCases = "first") -> dict[str, Any]:
        """The steps of the score in numbers (see ``results.score.summary``)."""
        return summary(self.scores(), cases)

    def ranking(self, cases: WhichCases = "first") -> pd.DataFrame:
        """The scored cases, best first, with ties (see ``results.score.ranking``)."""
        return ranking(self.scores(), cases)

    def explained(self, case: str) -> pd.DataFrame:
        """How one case got its score, item by item (see ``results.score.explained``)."""
        if case not in self.survey.cases.index:
            raise UserError("score.no_case", case=case)
        return explained(self.survey, self.scores(), case)

    def reliability(self, cases: WhichCases = "first") -> pd.DataFrame:
        """Cronbach's alpha of each dimension (see ``results.reliability``)."""
        return reliability(self.scores(), cases)

    def item_rest(self, cases: WhichCases = "first") -> pd.DataFrame:
        """How each item goes with the rest of its dimension (see ``results.reliability``)."""
        return item_rest(self.scores(), cases)

    def certainty(self, cases: WhichCases = "first") -> pd.DataFrame:
        """How sure each score is (see ``results.reliability``)."""
        return certainty(self.scores(), cases)

    def sensitivity(self, cases: WhichCases = "first") -> pd.DataFrame:
        """What other choices would do to the list of the best (see ``results.sensitivity``)."""
        return sensitivity(self.survey, self.scores().recipe, cases)

    def answers_about(self, cases: Collection[str]) -> list[str]:
        """The ids of the answers about these cases, in the order of the survey."""
        answers = self.survey.answers
        return [str(answer) for answer in answers.index[answers["case"].isin(list(cases))]]

    def organisations(self, cases: Sequence[str]) -> list[str]:
        """The organisation of each case; empty where the questionnaire names none."""
        name = self.questionnaire.organisation
        if name is None:
            return [""] * len(cases)
        who = self.survey.cases.loc[list(cases), "respondent"]
        return [str(each) for each in self.survey.respondents.loc[who, name].fillna("")]

    def came_in(self) -> dict[str, int]:
        """How many were invited and answered, how many described a case, how many of it counts.

        ``organisations`` and ``organisations_invited`` only if the questionnaire names one;
        ``above`` (first cases above the threshold) and ``published`` (those of them that may be
        published) only with a recipe.
        """
        survey, name = self.survey, self.questionnaire.organisation
        people = survey.respondents
        found = {"invited": len(people), "answered": int(people["answered"].sum())}
        if name:
            found["organisations_invited"] = int(people[name].nunique())
            found["organisations"] = int(people.loc[people["answered"], name].nunique())
        first = survey.answers["number"] == 1
        found["described"] = int(survey.answers.loc[first, "case"].nunique())
        found["further"] = int(survey.answers.loc[~first, "case"].nunique())
        scores = self._scores_or_none()
        if scores:
            above = scores.cases[scores.cases["above"] & (scores.cases["number"] == 1)]
            owners = survey.cases.loc[above.index, "respondent"]
            found["above"] = len(above)
            found["published"] = int(owners.isin(self.may_be_published()).sum())
        return found

    def frequencies(
        self,
        cases: WhichCases = "first",
        *,
        by: str | None = None,
        weights: Weights | None = None,
        merged: Merges = False,
        margins: Margins | None = None,
        outside: bool | None = None,
    ) -> pd.DataFrame:
        """The frequency tables (see ``results.frequencies`` and ``results.margins``).

        by : groups side by side (see ``groups``). margins : with intervals, as of an endless
        population, or ``finite``: of those invited. outside : whether don't-knows and not relevant
        are left out of the shares; None: as the questionnaire says.
        """
        asked = (cases, merged, margins, outside) if by is None and weights is None else None
        if asked is None or not isinstance(merged, bool):
            return self._counted(cases, by, weights, merged, margins, outside)
        survey, kept = self.survey, self._counts
        if kept is None or kept[0] is not survey:
            kept = self._counts = survey, {}
        if asked not in kept[1]:  # every figure of a report asks for the same table
            kept[1][asked] = self._counted(cases, by, weights, merged, margins, outside)
        return kept[1][asked].copy()

    def _counted(
        self,
        cases: WhichCases,
        by: str | None,
        weights: Weights | None,
        merged: Merges,
        margins: Margins | None,
        outside: bool | None,
    ) -> pd.DataFrame:
        survey, groups = self._merging(merged), self.groups(by, merged) if by else None
        table = counting.frequencies(
            survey if outside is None else with_outside(survey, outside),
            cases,
            groups=groups,
            weights=weights.values if weights else None,
            merged=bool(merged),
        )
        if margins is None:
            return table
        return with_margins(table, part_drawn(survey, groups) if margins == "finite" else None)

    def numbers(
        self, cases: WhichCases = "first", *, by: str | None = None, weights: Weights | None = None
    ) -> pd.DataFrame:
        """The number questions: mean, spread and quartiles (see ``results.numbers``)."""
        groups = self.groups(by) if by else None
        held = weights.values if weights else None
        return numbers(self.survey, cases, groups=groups, weights=held)

    def basis(self, item: str, cases: WhichCases = "first", outside: bool | None = None) -> Basis:
        """What the shares of an item are of, and its filters (see ``results.basis``).

        outside : as for ``frequencies``.
        """
        survey = self.survey if outside is None else with_outside(self.survey, outside)
        return basis(survey, item, cases)

    def merge(self, question: str, codes: Sequence[str]) -> dict[str, tuple[Merged, ...]]:
        """A merge of this table's own, to be given as ``merged``, by the codes of its options.

        Raises ``UserError`` when there is no such question, or they can't be merged.
        """
        found = next((q for q in self.questionnaire.questions if q.name == question), None)
        if found is None:
            raise UserError("compare.no_item", name=question)
        labels = [option.label for option in found.options if option.code in codes]
        merged = Merged(" / ".join(labels), tuple(codes))
        check_merged(found, merged)
        return {question: (merged,)}

    def joint(self, cases: WhichCases = "first") -> pd.DataFrame:
        """The categories joined to the closed questions (see ``results.joint``)."""
        state, scores = self.state, self._scores_or_none()
        return joint_table(self.survey, state.codes, self._codings(), scores, cases)

    def profile(self, cases: WhichCases = "first") -> pd.DataFrame:
        """The ratings of each category, with intervals (see ``results.profile``)."""
        scores = self.scores()
        return profile(self.survey, self.state.codes, self._codings(), scores, cases)

    def codes_by_item(
        self, item: str, unit: Unit = "case", cases: WhichCases = "first"
    ) -> pd.DataFrame:
        """Any code by any closed item (see ``results.crossing``)."""
        codes, codings = self.state.codes, self._codings()
        try:
            return codes_by_item(self.survey, codes, codings, item, unit, cases)
        except ValueError as error:
            raise UserError("compare.no_item", name=item) from error

    def codes_together(self, unit: Unit = "answer", cases: WhichCases = "first") -> pd.DataFrame:
        """Which codes stand together (see ``results.crossing``)."""
        return codes_together(self.survey, self.state.codes, self._codings(), unit, cases)

    def shared(self, code: str, cases: WhichCases = "first") -> pd.DataFrame:
        """What a category's cases share more than others do (see ``results.likeness``)."""
        return shared(self.survey, self._codings(), code, self._telling(code), cases)

    def differing(self, code: str, cases: WhichCases = "first") -> pd.DataFrame:
        """On what a category's cases differ most (see ``results.likeness``)."""
        return differing(self.survey, self._codings(), code, self._telling(code), cases)

    def alike_and_unlike(self, code: str, cases: WhichCases = "first") -> pd.DataFrame:
        """The pairs of a category that are most alike and most unlike (see ``results.pairs``)."""
        return alike_and_unlike(self.survey, self._codings(), code, cases)

    def obstacles(self, code: str) -> pd.DataFrame:
        """What a category's answers say of obstacles (see ``results.obstacles``)."""
        answers = self.survey.answers
        own = {each.answer for each in self._codings() if each.code == code}
        return obstacles(answers[answers.index.isin(own)], self.questionnaire.language)

    def could_talk(self, cases: WhichCases = "first") -> pd.DataFrame:
        """Which organisations could learn from each other (see ``results.pairs``).

        Those without permission are not named; where answers leave without names, none is.
        """
        by_name = self.publishing().form == "named"
        named = self.may_be_published() if by_name else frozenset[str]()
        codes, scores = self.state.codes, self.scores()
        return could_talk(self.survey, codes, self._codings(), scores, named, cases)

    def quadrants(self, across: str, up: str, cases: WhichCases = "first") -> pd.DataFrame:
        """Two dimensions of the score against each other (see ``results.quadrants``)."""
        return quadrants(self.scores(), across, up, cases)

    def quadrants_by_code(self, across: str, up: str, cases: WhichCases = "first") -> pd.DataFrame:
        """The categories on two dimensions of the score (see ``results.quadrants``)."""
        placed = self.quadrants(across, up, cases)
        return quadrants_by_code(self.survey, self.state.codes, self._codings(), placed)

    def _telling(self, code: str) -> dict[str, frozenset[str]]:
        """The terms that tell a category's answers from others, and who has them."""
        from coder.text.telling import find_mentions, telling

        words, language = self.wordlist(), self.questionnaire.language
        own = {each.answer for each in self._codings() if each.code == code}
        with self._lock:
            kept = self._mentions
            if kept is None or kept[0] is not self._shown or kept[1] != words:
                texts = self._shown.answers["text"].to_dict()
                kept = self._shown, words, find_mentions(texts, language, words)
                self._mentions = kept
        return telling(kept[2], own)

    def response(self, by: str) -> Response:
        """Who answered of the invited, by a background question (see ``results.response``)."""
        return response(self.survey, self._item(by))

    def groups(self, by: str, merged: Merges = False) -> Groups:
        """Groups to compare by (see ``results.groups``).

        by : a background question, a single question, an item of a matrix, a tick
        (``question_code``), or a code by its id or label. ``UserError`` when there is none.
        """
        codes = self.state.codes.values()
        code = next((each for each in codes if by in (each.id, each.label)), None)
        if code:
            return groups_by_code(self.survey, code, self._codings())
        return groups_by(self._merging(merged), self._item(by), bool(merged))

    def compare(
        self, item: str, by: str, cases: WhichCases = "first", merged: Merges = False
    ) -> Comparison:
        """One item by groups, with tests and effects (see ``results.compare``)."""
        survey, groups = self._merging(merged), self.groups(by, merged)
        return compare(survey, self._item(item), groups, cases, bool(merged))

    def battery(
        self,
        by: str,
        items: Sequence[str] = (),
        method: Method = "holm",
        cases: WhichCases = "first",
        merged: Merges = False,
    ) -> Battery:
        """Several items by groups, p corrected for all tests (see ``results.compare``).

        items : questions or items; empty: every closed question but the one that groups.
        """
        survey, groups = self._merging(merged), self.groups(by, merged)
        names = [each for each in comparable(survey, items) if each != by]
        return battery(survey, names, groups, method, cases, bool(merged))

    def writers(self, items: Sequence[str] = (), method: Method = "holm") -> Battery:
        """Those who wrote an open answer beside those who did not (see ``results.response``)."""
        return compare_writers(self.survey, [self._item(each) for each in items], method)

    def side_sample(self, file: Path, items: Sequence[str], method: Method = "holm") -> Battery:
        """Those who answered beside some who did not, asked otherwise (see ``results.response``).

        file : what those said, one row each, with the columns of these items.
        """
        form = only_items(self.questionnaire, [self._item(each) for each in items])
        others = build_survey(code_table(read_file(file).table, form), form)
        return compare_side_sample(self.survey, others, items, method)

    def weights(self, by: Sequence[str], who: Literal["answered", "wrote"] = "answered") -> Weights:
        """Weights by background questions, or those that a question holds (``results.weighting``).

        who : whose answers are weighted: of all who answered, or of those who wrote an open answer.
        """
        kinds = {each.name: each.kind for each in self.questionnaire.questions}
        if [kinds.get(name) for name in by] == ["number"]:
            return given_weights(self.survey, by[0])
        for name in (each for names in by for each in names.split("*")):
            if kinds.get(name) != "background":
                raise UserError("weights.not_background", name=name)
        groups = wrote(self.survey).of
        return rake(self.survey, by, groups.index[groups == WITH] if who == "wrote" else None)

    def _item(self, name: str) -> str:
        """The name, if it is that of an item or a tick; else ``UserError``."""
        try:
            item_of(self.questionnaire, name)
        except ValueError as error:
            raise UserError("compare.no_item", name=name) from error
        return name

    def _merging(self, merged: Merges) -> Survey:
        return self.survey if isinstance(merged, bool) else with_merges(self.survey, merged)

    def _scores_or_none(self) -> Scores | None:
        return self.scores() if self._store.part("recipe") is not None else None
