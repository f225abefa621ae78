"""XML from elsewhere, read so that it can't do harm, and whatever names its program gives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser
from xml.parsers.expat import ExpatError

DEEPEST = 100
BROKEN = (ParseError, ExpatError, ValueError, LookupError)  # what ``parsed`` raises


def parsed(content: bytes) -> Element:
    """The root of an XML file; no entity is ever looked up.

    Raises one of ``BROKEN`` for what is no XML, is deeper than ``DEEPEST``, or declares a
    document type.
    """
    parser = XMLParser(target=_Careful())  # noqa: S314  it refuses entities, see there
    parser.feed(content)
    root: Element = parser.close()
    return root


def named(above: Element, name: str) -> Iterator[Element]:
    """The elements right under this one that are called so, in lower case."""
    return (each for each in above if name_of(each) == name)


def name_of(each: Element) -> str:
    """What an element is called: in lower case, without its namespace."""
    return str(each.tag).rpartition("}")[2].lower()


def text_under(above: Element, name: str) -> str:
    """The text of the elements right under this one that are called so."""
    return "".join(part.text or "" for part in named(above, name)).strip()


class _Careful(TreeBuilder):
    """Builds a tree of what is no deeper than ``DEEPEST`` and declares no document type."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0

    def doctype(self, *_: Any) -> None:
        """Only there can entities be declared."""
        raise ValueError("a document type")

    def start(self, tag: Any, attrs: Any) -> Any:
        self._depth += 1
        if self._depth > DEEPEST:
            raise ValueError("too deep")
        return super().start(tag, attrs)

    def end(self, tag: str) -> Element:
        self._depth -= 1
        return super().end(tag)
