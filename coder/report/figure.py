"""A figure: a picture for the app and for print, the same in words, and the table behind it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from xml.sax.saxutils import escape

import pandas as pd
import vl_convert

from coder.report.letters import printable

_TAG = re.compile(r"<[^<>]*>")  # in text, "<" is written otherwise
# The number in the name of a clip, where it is given and where it is used.
_CLIP = re.compile(r'(?<= id="clip)\d+(?=")|(?<= clip-path="url\(#clip)\d+(?=\)")')


class Writer(Protocol):
    """What writes the words and numbers of a figure in one language; ``i18n.Texts`` does."""

    @property
    def language(self) -> str: ...
    def __call__(self, key: str, **params: object) -> str: ...
    def number(self, value: float, decimals: int = 0) -> str: ...
    def percent(self, share: float) -> str: ...


@dataclass(frozen=True, eq=False)
class Figure:
    """A picture, and everything that must go with it.

    kind : which picture, such as ``stacked``. title : what it is about, for above it. note : what
    stands below it: how many, of whom, what a line means; may be empty. alt : one or two sentences
    with what can be seen, for those who do not see. spec : Vega-Lite, with all its data. table :
    the numbers that are drawn, in the order of the picture; with the ids of what they are of
    (``item``, ``code``, ``group`` and ``answer``), by which the answers behind them are found.
    """

    kind: str
    title: str
    note: str
    alt: str
    spec: Mapping[str, Any]
    table: pd.DataFrame

    def svg(self) -> str:
        """The picture as SVG: text stays text, and the words for it are its title."""
        svg = _renumbered(vl_convert.vegalite_to_svg(dict(self.spec), allowed_base_urls=[]))
        head, _, rest = svg.partition(">")
        return f'{head} role="img"><title>{escape(printable(self.alt))}</title>{rest}'

    def png(self, scale: float = 2.0) -> bytes:
        """The picture as PNG, ``scale`` times as many pixels as the SVG has."""
        return png_of(self.svg(), scale)

    def named(self, texts: Writer) -> pd.DataFrame:
        """The table with columns called as people call them."""
        return self.table.rename(columns=lambda name: texts(f"figure.column.{name}"))


def png_of(svg: str, scale: float = 2.0) -> bytes:
    """A picture that is drawn as SVG, as PNG; for whoever wants both."""
    return bytes(vl_convert.svg_to_png(svg, scale=scale))


def _renumbered(svg: str) -> str:
    """The same picture with its clips counted from 0, however many were drawn before it."""
    names: dict[str, str] = {}

    def counted(found: re.Match[str]) -> str:
        return names.setdefault(found[0], str(len(names)))

    return _TAG.sub(lambda tag: _CLIP.sub(counted, tag[0]), svg)
