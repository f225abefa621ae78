"""The figures: what the tables show, as pictures with words and numbers to go with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Literal

import pandas as pd

from coder.errors import UserError
from coder.files import replacing
from coder.model import Progress, Question
from coder.report.bars import bars
from coder.report.delimited import write_delimited
from coder.report.dots import Reference, dots
from coder.report.figure import Figure, Writer
from coder.report.genealogy_figure import genealogy_figure
from coder.report.heat import heat
from coder.report.lines import line_figure
from coder.report.quadrant import Axis, quadrant
from coder.report.quotation import choose_quotation
from coder.report.stacked import Ramp, StackedOption, stacked
from coder.report.treemap import treemap
from coder.results.frequencies import WhichCases
from coder.results.groups import Groups
from coder.results.joint import Unit
from coder.results.merged import merge
from coder.results.quadrants import MIDDLE
from coder.results.weighting import Weights
from coder.study.core import tell
from coder.study.results import Margins, Merges, Results
from coder.survey.scales import recognise

Size = Literal["answers", "cases", "organisations"]
# Scales whose middle is neither one thing nor the other.
_TWO_SIDED = ("agreement", "satisfaction", "quality", "effect", "change")
_JOINT = ("category", "answers", "cases", "organisations", "scored", "share_above")
_DELIMITERS = {"da": (";", ",")}  # of columns and of decimals, where they are not "," and "."
_NO_FILE_NAME = re.compile(r"[^\w.-]+")


class Pictures(Results):
    """Every figure; ``texts`` writes what stands in it (see ``report.figure.Writer``).

    All may raise ``UserError`` as the table behind them does.
    """

    # --- closed questions ----------------------------------------------------------------------

    def bars_figure(
        self,
        texts: Writer,
        item: str,
        cases: WhichCases = "first",
        *,
        merged: Merges = False,
        weights: Weights | None = None,
        outside: bool | None = None,
    ) -> Figure:
        """How often each option of an item was chosen. Don't-knows are grey.

        item : its name; of a multiple question, the question's. outside : as for ``frequencies``.
        """
        question = self._asked(item, merged)
        rows = self.frequencies(cases, merged=merged, weights=weights, outside=outside)
        rows = rows[rows["item"] == item].reset_index(drop=True)
        roles = {each.code: each.role for each in question.options}
        inside = rows[~rows["outside"]]
        n = int(inside["n"].iloc[0]) if len(inside) else 0
        return bars(
            rows[["item", "code", "option", "count", "share", "n"]],
            texts,
            texts.percent,
            name="option",
            value="share",
            faint=[roles[code] != "answer" for code in rows["code"]],
            title=_label(question, item),
            note=texts("figure.n_of", n=texts.number(n)),
        )

    def stacked_figure(
        self,
        texts: Writer,
        question: str,
        cases: WhichCases = "first",
        *,
        by: str | None = None,
        merged: Merges = False,
        weights: Weights | None = None,
        margins: Margins | None = None,
        outside: bool | None = None,
    ) -> Figure:
        """The whole distribution of every item of a question, or of one item, as stacked bars.

        question : its name, or that of one of its items. by : a bar for each group, with n. merged,
        weights, margins and outside as for ``frequencies``; options outside the base are not drawn.
        Raises ``UserError`` for a question whose shares do not add up, as those of several ticks.
        """
        found = self._asked(question, merged)
        if found.kind not in ("single", "matrix"):
            raise UserError("figure.not_stacked", name=question)
        rows = self.frequencies(
            cases, by=by, merged=merged, weights=weights, margins=margins, outside=outside
        )
        rows = rows[rows["question"] == found.name]
        left_out = set(rows.loc[rows["outside"], "code"])
        rows = rows[~rows["outside"]]
        if question != found.name:
            rows = rows[rows["item"] == question]
        labels = {each.name: each.label for each in found.items}
        table = rows.assign(item_label=rows["item"].map(labels))
        if by:
            groups = self.groups(by, merged)
            names = {code: _group_name(texts, groups, code) for code in groups.labels}
            table["group_label"] = table["group"].map(names)
            # One bar after the other, not one option after the other.
            order = {name: no for no, name in enumerate(groups.labels)}
            places = {name: no for no, name in enumerate(labels)}
            table = table.sort_values(
                ["item", "group"],
                key=lambda column: column.map(places if column.name == "item" else order),
                kind="stable",
            )
        shown = [each for each in found.options if each.code not in left_out]
        options = [StackedOption(each.code, each.label, each.role) for each in shown]
        wanted = ["item", "item_label", "group", "group_label", "code", "option"]
        wanted += ["count", "share", "n", "margin"]
        return stacked(
            table[[name for name in wanted if name in table.columns]].reset_index(drop=True),
            options,
            texts,
            kind=_ramp(found),
            title=found.label if question == found.name else _label(found, question),
            note=texts(f"figure.margins.{margins}") if margins else "",
        )

    def ticks_figure(
        self,
        texts: Writer,
        question: str,
        by: str,
        cases: WhichCases = "first",
        *,
        merged: Merges = False,
        weights: Weights | None = None,
        outside: bool | None = None,
    ) -> Figure:
        """How large a share of each group ticked each option of a question with several ticks.

        by, merged, weights and outside as for ``frequencies``. Raises ``UserError`` for a question
        of another kind.
        """
        found = self._asked(question, merged)
        if found.kind != "multiple":
            raise UserError("figure.not_ticks", name=question)
        rows = self.frequencies(cases, by=by, merged=merged, weights=weights, outside=outside)
        rows = rows[(rows["question"] == found.name) & ~rows["outside"]]
        groups = self.groups(by, merged)
        names = {code: _group_name(texts, groups, code) for code in groups.labels}
        table = rows.assign(group_label=rows["group"].map(names)).reset_index(drop=True)
        return heat(
            table[["item", "code", "option", "group", "group_label", "count", "share", "n"]],
            texts,
            texts.percent,
            row="option",
            column="group_label",
            value="share",
            title=found.label,
            note=texts("figure.note.ticks"),
        )

    def shares_figure(
        self,
        texts: Writer,
        item: str,
        codes: Sequence[str],
        by: str,
        cases: WhichCases = "first",
        *,
        weights: Weights | None = None,
        margins: Margins = "endless",
    ) -> Figure:
        """The share that chose one of these options, in each group, with intervals at 95 %.

        The line is the share of all. codes : of the options; several count as one.
        """
        question = self._asked(item)
        own = self.merge(question.name, codes) if len(codes) > 1 else False
        label = next(
            (each.label for each in self._asked(item, own).options if each.code == "+".join(codes)),
            "",
        )
        if not label:
            raise UserError("figure.no_option", name=item, code=", ".join(codes))

        def found(by: str | None) -> pd.DataFrame:
            rows = self.frequencies(cases, by=by, weights=weights, merged=own, margins=margins)
            return rows[(rows["item"] == item) & (rows["code"] == "+".join(codes))]

        groups = self.groups(by, own)
        rows, every = found(by), found(None)["share"].iloc[0]
        names = [_group_name(texts, groups, code) for code in rows["group"]]
        table = rows.assign(group_label=names, value=rows["share"]).reset_index(drop=True)
        wanted = ["group", "group_label", "count", "value", "low", "high", "n"]
        all_of = texts("figure.all", value=texts.percent(every)) if pd.notna(every) else ""
        return dots(
            table[wanted],
            texts,
            texts.percent,
            name="group_label",
            reference=Reference(float(every), all_of) if all_of else None,
            title=texts("figure.named", name=_label(question, item), value=label),
            note=texts(f"figure.intervals.{margins}"),
        )

    # --- categories ----------------------------------------------------------------------------

    def joint_figure(self, texts: Writer, cases: WhichCases = "first") -> Figure:
        """The share above the threshold in each category, or without a recipe how many answers."""
        joint = self.joint(cases)
        ids = {code.label: code.id for code in self.state.codes.values()}
        table = joint[[name for name in _JOINT if name in joint.columns]]
        table.insert(0, "code", table["category"].map(ids))
        if "share_above" not in table.columns:
            return bars(
                table,
                texts,
                texts.number,
                name="category",
                value="answers",
                longest=max(table["answers"].max(), 1) if len(table) else 1,
                title=texts("figure.title.answers"),
            )
        return bars(
            table,
            texts,
            texts.percent,
            name="category",
            value="share_above",
            title=texts("figure.title.share_above"),
        )

    def dots_figure(
        self,
        texts: Writer,
        measure: str = "share_above",
        cases: WhichCases = "first",
        *,
        least: int = 0,
    ) -> Figure:
        """A dimension's mean, or the share above the threshold, in each category with intervals.

        measure : the name of a dimension, or ``share_above``. Highest first; the line is what all
        scored cases have, coded or not. least : nothing is told of fewer cases than that.
        """
        scores, table = self.scores(), _of_enough(self.profile(cases), least)
        names = self._measures(texts)
        if measure not in names:
            raise UserError("figure.no_measure", name=measure, known=", ".join(names))
        rows = table[table["measure"] == measure].sort_values(
            ["value", "category"], ascending=[False, True], na_position="last"
        )
        scored = scores.of(cases).dropna(subset="score")
        column = "above" if measure == "share_above" else measure
        every = float(scored[column].astype("float64").mean())
        write = texts.percent if measure == "share_above" else partial(texts.number, decimals=2)
        return dots(
            rows.drop(columns="measure").reset_index(drop=True),
            texts,
            write,
            name="category",
            reference=Reference(every, texts("figure.all", value=write(every))),
            title=names[measure],
            note=texts("figure.intervals.cases"),
        )

    def heat_figure(self, texts: Writer, cases: WhichCases = "first", *, least: int = 0) -> Figure:
        """The mean of every dimension in every category, most answers first.

        least : nothing is told of fewer cases than that.
        """
        table, names = _of_enough(self.profile(cases), least), self._measures(texts)
        order = {code: no for no, code in enumerate(self._by_answers(cases))}
        rows = table[table["measure"] != "share_above"]
        rows = rows.sort_values("code", key=lambda codes: codes.map(order), kind="stable")
        shown = rows.assign(dimension=rows["measure"].map(names))
        return heat(
            shown[["code", "category", "dimension", "value", "n"]].reset_index(drop=True),
            texts,
            partial(texts.number, decimals=2),
            row="category",
            column="dimension",
            value="value",
            title=texts("figure.title.heat"),
            note=texts("figure.note.heat"),
        )

    def crossing_figure(
        self, texts: Writer, item: str, unit: Unit = "case", cases: WhichCases = "first"
    ) -> Figure:
        """How large a share of each category has each value of a closed item."""
        table = self.codes_by_item(item, unit, cases).rename(columns={"of_category": "n"})
        order = {code: no for no, code in enumerate(self._by_answers(cases))}
        rows = table.sort_values("code", key=lambda codes: codes.map(order), kind="stable")
        wanted = ["code", "category", "value", "count", "n", "share_of_category"]
        return heat(
            rows[wanted].reset_index(drop=True),
            texts,
            texts.percent,
            row="category",
            column="value",
            value="share_of_category",
            title=_label(self._asked(item), item),
            note=texts("figure.note.crossing"),
        )

    def together_figure(
        self, texts: Writer, unit: Unit = "answer", cases: WhichCases = "first"
    ) -> Figure:
        """How large a share of each category also has each other category."""
        pairs = self.codes_together(unit, cases)
        ways = [_one_way(pairs, "first", "second"), _one_way(pairs, "second", "first")]
        there = pd.concat([*ways, _itself(ways)])
        order = {code: no for no, code in enumerate(self._by_answers(cases))}
        rows = there.sort_values(
            ["code", "other"], key=lambda codes: codes.map(order), ignore_index=True
        )
        return heat(
            rows[["code", "category", "other_category", "together", "n", "share"]],
            texts,
            texts.percent,
            row="category",
            column="other_category",
            value="share",
            title=texts("figure.title.together"),
            note=texts("figure.note.together"),
        )

    def treemap_figure(
        self,
        texts: Writer,
        size: Size = "answers",
        cases: WhichCases = "first",
        *,
        unpublished: bool = False,
    ) -> Figure:
        """The joint display: a box per category, as large as it fills, with a quotation in it.

        unpublished : also quotations that nobody has permitted to be published, for the
        researchers' own use. Without a consent question nothing is quoted otherwise, unless a
        lead has permitted it. Raises ``UserError`` for organisations when the questionnaire names
        none.
        """
        table = self.joint(cases)
        if size not in table.columns and len(table):
            raise UserError("figure.no_organisation")
        ids = {code.label: code.id for code in self.state.codes.values()}
        quoted = {
            ids[label]: self.quotation(ids[label], cases, unpublished=unpublished)
            for label in table["category"]
        }
        wanted = [name for name in ("answers", "cases", "organisations") if name in table.columns]
        shown = table[["category", *wanted]].assign(code=table["category"].map(ids))
        found = [quoted[code] or (None, None) for code in shown["code"]]
        shown["answer"] = [answer for answer, _ in found]
        shown["quotation"] = [words for _, words in found]
        return treemap(shown, texts, size=size, title=texts("figure.title.treemap"), note="")

    def quotation(
        self, code: str, cases: WhichCases = "first", *, unpublished: bool = False
    ) -> tuple[str, str] | None:
        """An answer, and a sentence of it that can stand for a category; None if there is none.

        Those marked as good quotations come first, then the sentence that has most of the terms
        that tell the category from others (see ``report.quotation``).
        """
        from coder.text.segments import sentences

        state, anonymous = self.state, self.publishing().form == "anonymous"
        shown = self._without_kept_finds() if anonymous and not unpublished else self.survey
        answers = shown.answers
        own = {each.answer for each in self._codings() if each.code == code}
        rows = answers[answers.index.isin(own)]
        if cases == "first":
            rows = rows[rows["number"] == 1]
        if not unpublished:
            rows = rows[rows["respondent"].isin(self.may_be_published())]
        texts = list(zip(rows.index, rows["text"], strict=True))
        return choose_quotation(texts, state.marked("quote"), self._telling(code), sentences)

    def quadrant_figure(
        self,
        texts: Writer,
        across: str,
        up: str,
        cases: WhichCases = "first",
        *,
        dots: Literal["categories", "cases"] = "categories",
    ) -> Figure:
        """Two dimensions of the score against each other.

        A dot is the mean of a category; or all cases at one point, as large as there are many.
        """
        names = self._measures(texts)
        for name in (across, up):
            if name not in names or name == "share_above":
                raise UserError("figure.no_measure", name=name, known=", ".join(names))
        placed = self.quadrants(across, up, cases)
        if dots == "categories":
            table = self.quadrants_by_code(across, up, cases)
        else:
            exact = placed[["across", "up"]].round(9)  # means of other items may differ by nothing
            table = exact.groupby(["across", "up"]).size().reset_index(name="n")
        return quadrant(
            table,
            placed["quadrant"].value_counts().to_dict(),
            Axis(names[across], MIDDLE),
            Axis(names[up], MIDDLE),
            texts,
            name="category" if dots == "categories" else None,
            title=texts("figure.title.quadrant", across=names[across], up=names[up]),
            note=texts(f"figure.note.quadrant_{dots}", n=texts.number(len(placed))),
        )

    # --- all of them ---------------------------------------------------------------------------

    def all_figures(
        self,
        texts: Writer,
        cases: WhichCases = "first",
        *,
        by: str | None = None,
        merged: Merges = False,
        unpublished: bool = False,
    ) -> dict[str, Callable[[], Figure]]:
        """What draws each figure of this study, by a name that a file may have.

        by : also every question by these groups.
        """
        drawn = self._closed_figures(texts, cases, by, merged)
        if self._codings():
            drawn |= self._category_figures(texts, cases, unpublished)
        return {_NO_FILE_NAME.sub("_", name): draw for name, draw in drawn.items()}

    def save_figures(
        self,
        folder: Path,
        texts: Writer,
        format: Literal["svg", "png"] = "svg",
        cases: WhichCases = "first",
        *,
        by: str | None = None,
        merged: Merges = False,
        unpublished: bool = False,
        progress: Progress | None = None,
    ) -> list[Path]:
        """Write every figure and the table of each into a folder; the paths of the figures.

        Nothing is written before all are drawn. Files of the same names are replaced. Raises
        ``UserError`` when the folder can't be made.
        """
        wanted = self.all_figures(texts, cases, by=by, merged=merged, unpublished=unpublished)
        nameless = self.publishing().form == "anonymous" and not unpublished
        drawn: dict[str, tuple[bytes, pd.DataFrame]] = {}
        for no, (name, draw) in enumerate(wanted.items()):
            tell(progress, "progress.figures", no, len(wanted))
            figure = draw()
            picture = figure.png() if format == "png" else figure.svg().encode()
            if nameless:
                figure = replace(figure, table=figure.table.drop(columns="answer", errors="ignore"))
            drawn[name] = picture, figure.named(texts)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError("file.no_folder", path=folder) from error
        for name, (picture, table) in drawn.items():
            with replacing(folder / f"{name}.{format}") as draft:
                draft.write_bytes(picture)
            delimiters = _DELIMITERS.get(texts.language, (",", "."))
            write_delimited(folder / f"{name}.csv", table, *delimiters)
        return [folder / f"{name}.{format}" for name in drawn]

    def _closed_figures(
        self, texts: Writer, cases: WhichCases, by: str | None, merged: Merges
    ) -> dict[str, Callable[[], Figure]]:
        drawn: dict[str, Callable[[], Figure]] = {}
        for each in self.questionnaire.of_kind("single", "multiple", "matrix"):
            stack = partial(self.stacked_figure, texts, each.name, cases, merged=merged)
            if each.kind == "matrix":
                drawn[f"stacked-{each.name}"] = stack
            else:
                item = each.items[0].name if each.items else each.name
                bar = partial(self.bars_figure, texts, item, cases, merged=merged)
                drawn[f"bars-{each.name}"] = bar
            if by and each.name != by:
                ticks = partial(self.ticks_figure, texts, each.name, by, cases, merged=merged)
                several = each.kind == "multiple"
                name = f"{'ticks' if several else 'stacked'}-{each.name}-{by}"
                drawn[name] = ticks if several else partial(stack, by=by)
        return drawn

    def _category_figures(
        self, texts: Writer, cases: WhichCases, unpublished: bool
    ) -> dict[str, Callable[[], Figure]]:
        drawn: dict[str, Callable[[], Figure]] = {
            "categories": partial(self.joint_figure, texts, cases),
            "treemap": partial(self.treemap_figure, texts, cases=cases, unpublished=unpublished),
        }
        if self.codes_together("answer", cases)["together"].any():
            drawn["together"] = partial(self.together_figure, texts, "answer", cases)
        recipe = self.recipe()
        if recipe is None:
            return drawn
        names = [each.name for each in recipe.dimensions]
        for name in ["share_above", *names]:
            drawn[f"dots-{name}"] = partial(self.dots_figure, texts, name, cases)
        drawn["heat"] = partial(self.heat_figure, texts, cases)
        for name in names[1:]:
            draw = partial(self.quadrant_figure, texts, names[0], name, cases)
            drawn[f"quadrant-{names[0]}-{name}"] = draw
        return drawn

    # --- the work ------------------------------------------------------------------------------
    def work_figure(
        self,
        when: Callable[[datetime], str],
        write: Callable[[float], str],
        coder: str | None = None,
    ) -> str:
        """The line of ``work_done``, as SVG; ``when`` writes a moment, ``write`` a number.

        Raises ``ValueError`` when nothing is done yet.
        """
        work = self.work_done(coder)
        points = [
            (at.timestamp(), float(count))
            for at, count in zip(work["at"], work["answers"], strict=True)
        ]
        return line_figure(points, lambda at: when(datetime.fromtimestamp(at, UTC)), write)

    def saturation_figure(
        self,
        write_answers: Callable[[float], str],
        write: Callable[[float], str],
        coder: str | None = None,
    ) -> str:
        """The line of new categories in ``saturation``, as SVG.

        write_answers : writes how many answers. write : a number of categories.

        Raises ``ValueError`` when nothing is done yet.
        """
        rows = self.saturation(coder=coder)
        points = list(zip(rows["answers"].tolist(), rows["new_codes"].tolist(), strict=True))
        return line_figure(points, write_answers, write)

    def genealogy_figure(self, words: Mapping[str, str], when: Callable[[datetime], str]) -> str:
        """The lines of all codes there are and were, as SVG (see ``report.genealogy_figure``).

        Raises ``ValueError`` when there has been none.
        """
        colours = {code.id: code.colour for code in self.state.codes.values()}
        return genealogy_figure(self.genealogy(), colours, words, when)

    # --- parts ---------------------------------------------------------------------------------

    def _asked(self, item: str, merged: Merges = False) -> Question:
        """The question of this name, or that of the item, with its merges if they are wanted."""
        questionnaire = self._merging(merged).questionnaire
        found = next((each for each in questionnaire.questions if each.name == item), None)
        found = found or questionnaire.question_of(self._item(item))
        return merge(found) if merged else found

    def _measures(self, texts: Writer) -> dict[str, str]:
        """What each dimension, and the share above the threshold, is called."""
        dimensions = self.scores().recipe.dimensions
        names = {each.name: each.label.get(texts.language, each.name) for each in dimensions}
        return names | {"share_above": texts("figure.title.share_above")}

    def _by_answers(self, cases: WhichCases) -> list[str]:
        """The ids of the codes, most answers first."""
        ids = {code.label: code.id for code in self.state.codes.values()}
        return [ids[label] for label in self.joint(cases)["category"]]


def _label(question: Question, item: str) -> str:
    return next((each.label for each in question.items if each.name == item), question.label)


def _group_name(texts: Writer, groups: Groups, code: str) -> str:
    return groups.labels[code] or texts(f"compare.group.{code}", label=groups.label)


def _ramp(question: Question) -> Ramp:
    """How the colours of a question's options run."""
    if question.scale is None:
        return "nominal"
    known = recognise([each.label for each in question.options if each.role == "answer"])
    return "diverging" if known and known.name in _TWO_SIDED else "sequential"


def _of_enough(profile: pd.DataFrame, least: int) -> pd.DataFrame:
    """The profile without the values that are of fewer cases than ``least``."""
    few = profile["n"] < least
    return profile.assign(**{each: profile[each].mask(few) for each in ("value", "low", "high")})


def _one_way(pairs: pd.DataFrame, one: str, other: str) -> pd.DataFrame:
    """Of each pair: how many of the one have the other as well."""
    return pd.DataFrame(
        {
            "code": pairs[f"{one}_code"],
            "other": pairs[f"{other}_code"],
            "category": pairs[one],
            "other_category": pairs[other],
            "together": pairs["together"],
            "n": pairs[f"of_{one}"],
            "share": pairs[f"share_of_{one}"],
        }
    )


def _itself(ways: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Each code with itself, of which there is nothing to tell."""
    codes = pd.concat(ways).drop_duplicates("code")
    both = {"other": codes["code"], "other_category": codes["category"], "together": codes["n"]}
    return codes.assign(**both, share=float("nan"))
