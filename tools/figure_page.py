"""The page about figures, with a picture of every kind from the demo study."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from coder.i18n import Texts, load_texts
from coder.study import Figure, Study

_HEAD = """\
# Figures

*Written by `make docs` from the demo study, coded by the expert; corrections belong in
`tools/figure_page.py`.*

Every figure is a Vega-Lite specification with its data, drawn as SVG or PNG without a browser, so
that it is the same on a page and on paper. With it go a title, a note, one or two sentences for
those who do not see it, and the table behind it. Numbers are written as the language does, a half
percent is rounded up, and letters have a contrast of at least 4.5 to what is behind them. Colours
differ in how light they are, so they can also be told apart in grey.

`coder figures STUDY --out DIR` writes all of a study's figures; from Python each is a method of
`Study`, which takes the texts of a language: `study.stacked_figure(load_texts("en"), "q17")`.
Quotations are from those who permit publication, unless `unpublished` is asked for.
"""


@dataclass(frozen=True)
class _Kind:
    """A figure of the page: the method, when one uses it, and what draws it."""

    method: str
    heading: str
    when: str
    draw: Callable[[Study, Texts], Figure]


_KINDS = (
    _Kind(
        "bars_figure",
        "Bars",
        "For one question: how often each option was chosen, don't-knows in grey.",
        lambda study, texts: study.bars_figure(texts, "q01"),
    ),
    _Kind(
        "stacked_figure",
        "Stacked bars",
        "For several items with one scale: the whole distribution of each, with neighbouring"
        " options merged when they are read as one.",
        lambda study, texts: study.stacked_figure(texts, "q17", merged=True),
    ),
    _Kind(
        "stacked_figure",
        "Stacked bars by groups",
        "When the question is whether groups answered differently: a bar for each, with n and"
        " the statistical uncertainty in percentage points.",
        lambda study, texts: study.stacked_figure(
            texts, "q01", by="stoerrelse", merged=True, margins="finite"
        ),
    ),
    _Kind(
        "ticks_figure",
        "Several ticks by groups",
        "For a question with several ticks: the share of each group that ticked each option.",
        lambda study, texts: study.ticks_figure(texts, "q09", "stoerrelse"),
    ),
    _Kind(
        "shares_figure",
        "Shares with intervals",
        "For one share in many groups, when it matters how sure each is; the line is all.",
        lambda study, texts: study.shares_figure(texts, "q01", ["1", "2"], "afdeling"),
    ),
    _Kind(
        "dots_figure",
        "Dots with intervals",
        "For the categories on one measure, highest first: intervals that lie wide of the line"
        " are worth a word, those across it are not.",
        lambda study, texts: study.dots_figure(texts),
    ),
    _Kind(
        "heat_figure",
        "Heat map",
        "For all categories on all dimensions at once, to see where something stands out."
        " `crossing_figure` draws categories by a closed item, `together_figure` by each other.",
        lambda study, texts: study.heat_figure(texts),
    ),
    _Kind(
        "treemap_figure",
        "Treemap",
        "For readers who want to know what it is about: how much each category fills, and the"
        " voice of one who belongs to it.",
        lambda study, texts: study.treemap_figure(texts),
    ),
    _Kind(
        "quadrant_figure",
        "Quadrants",
        "For two dimensions against each other: an emergency solution, or one to last?",
        lambda study, texts: study.quadrant_figure(texts, "potential", "innovation_height"),
    ),
    _Kind(
        "joint_figure",
        "Bars of the categories",
        "For one number per category without more ado: the share above the threshold, or without"
        " a recipe the number of answers.",
        lambda study, texts: study.joint_figure(texts),
    ),
    _Kind(
        "trend_figure",
        "Trend",
        "When a survey is repeated: how much each category fills from wave to wave. Here the size"
        " of the municipality stands in for the waves.",
        lambda study, texts: study.trend_figure(texts, "stoerrelse"),
    ),
)


def figure_page(study: Study, docs: Path) -> Iterator[tuple[Path, str]]:
    """The page and its pictures, each with the text that it should have."""
    parts, texts = [_HEAD], load_texts("en")
    for kind in _KINDS:
        figure = kind.draw(study, texts)
        name = kind.heading.lower().replace(" ", "-")
        path = docs / "pictures" / "figures" / f"{name}.svg"
        yield path, figure.svg() + "\n"
        image = f"![{_plain(figure.alt)}]({path.relative_to(docs).as_posix()})"
        lines = [f"## {kind.heading}", kind.when, image, f"*{_caption(figure)}* `{kind.method}`"]
        parts.append("\n\n".join(lines) + "\n")
    yield docs / "figures.md", "\n".join(parts)


def _caption(figure: Figure) -> str:
    return _plain(" – ".join(part for part in (figure.title, figure.note) if part))


def _plain(words: str) -> str:
    """Words in which Markdown finds nothing to do."""
    return "".join(f"\\{sign}" if sign in "[]*_`" else sign for sign in words)
