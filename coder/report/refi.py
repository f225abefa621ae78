"""REFI-QDA, in which tools for qualitative analysis exchange codebooks: what every file needs."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from xml.etree.ElementTree import Element, tostring

from coder.model import Code

_OURS = uuid.UUID("5a0f1c1e-8d5b-5c5e-9d5e-6f1f6a3d7c21")  # under which our names are unique
# XML 1.0 has no other control characters than tab and line breaks.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\\ud800-\\udfff\\ufffe\\uffff]")


def guid(kind: str, id: str) -> str:
    """The GUID of something of ours: the same in every export, whatever it is called by then."""
    return str(uuid.uuid5(_OURS, f"{kind}:{id}"))


def legal(text: str) -> str:
    """A text without what XML can't hold."""
    return _ILLEGAL.sub("", text)


def one_line(text: str) -> str:
    """A text as a name: no line breaks, no double spaces."""
    return " ".join(legal(text).split())


def element(tag: str, attributes: Mapping[str, str], *inside: Element | None) -> Element:
    """An element with these attributes and children, in this order; what is None is left out."""
    made = Element(tag, {name: legal(value) for name, value in attributes.items()})
    made.extend(each for each in inside if each is not None)
    return made


def text_element(tag: str, text: str) -> Element | None:
    """An element with a text; None for an empty one."""
    made = Element(tag)
    made.text = legal(text)
    return made if made.text else None


def as_bytes(root: Element) -> bytes:
    """The file, in UTF-8."""
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def description(code: Code, words: Mapping[str, str]) -> str:
    """What is known of a code as plain text: definition, and paragraphs that say what they are.

    words : what ``include``, ``exclude`` and ``examples`` are called. A code that is not in use is
    said to be so (``retired``).
    """
    parts = [code.definition.strip()]
    told = {"include": code.include, "exclude": code.exclude, "examples": "; ".join(code.examples)}
    parts += [f"{words[name]}: {text.strip()}" for name, text in told.items() if text.strip()]
    parts += [words["retired"]] if code.retired else []
    return "\n\n".join(filter(None, parts))


def unique_names(codes: Iterable[Code]) -> dict[str, str]:
    """A name for each code that no other has in any case, by id; some importers lose the second.

    One that another has already gets that of its parent, and then a number, after it.
    """
    by_id = {code.id: code for code in codes}
    found: dict[str, str] = {}
    for code in by_id.values():
        taken = {each.casefold() for each in found.values()}
        name = plain = one_line(code.label) or "?"
        parent = by_id.get(code.parent or "")
        if name.casefold() in taken and parent:
            name = plain = f"{plain} ({one_line(parent.label)})"
        no = 1
        while name.casefold() in taken:
            no += 1
            name = f"{plain} ({no})"
        found[code.id] = name
    return found


def code_elements(
    codes: Iterable[Code], words: Mapping[str, str], notes: bool = False
) -> list[Element]:
    """The ``Code`` elements at the top, each with those below it.

    notes : refer to the memo of a code as a note, which only projects can.
    """
    codes = list(codes)
    names = unique_names(codes)

    def below(parent: str | None) -> list[Element]:
        return [_made(each, below(each.id)) for each in codes if each.parent == parent]

    def _made(code: Code, inside: list[Element]) -> Element:
        attributes = {
            "guid": guid("code", code.id),
            "name": names[code.id],
            "isCodable": "true" if code.codable else "false",
            **({"color": code.colour} if code.colour else {}),
        }
        told = text_element("Description", description(code, words))
        has_note = notes and code.memo.strip()
        note = element("NoteRef", {"targetGUID": guid("memo", code.id)}) if has_note else None
        return element("Code", attributes, told, note, *inside)

    return below(None)
