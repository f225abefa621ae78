"""The pages of the gate: plain HTML, without a script, in Danish or English."""

from __future__ import annotations

from html import escape
from importlib.resources import files
from string import Template
from urllib.parse import parse_qsl, urlencode

from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse

from coder.i18n import Language, load_texts

_OTHER: dict[Language, tuple[Language, str]] = {"da": ("en", "English"), "en": ("da", "Dansk")}

# The texts on a page beside its title, under the names that they have in its file.
_LABELS: dict[str, dict[str, str]] = {
    "refused": {},
    "sign_in": {
        "name_label": "gate.sign_in_name",
        "password_label": "gate.sign_in_password",
        "button": "gate.sign_in_button",
        "hint": "gate.sign_in_hint",
    },
    "out": {"hint": "gate.out_hint", "button": "gate.out_button", "back": "gate.out_back"},
    "step": {"link": "gate.step_link"},
}


def page(
    asking: HTTPConnection, kind: str, status: int = 200, sentence: str = "", **values: object
) -> HTMLResponse:
    """One of the pages; ``kind`` names its file and its texts, ``sentence`` what is told on it.

    values : what fills the sentence, and the fields of the page.
    """
    texts = load_texts(language_of(asking))
    other, name = _OTHER[texts.language]
    words = {
        "style": _file("gate.css"),
        "icon": _file("icon.svg"),
        "language": texts.language,
        "title": texts(f"gate.{kind}_title"),
        "sentence": texts(sentence, **values) if sentence else "",
        "other": other,
        "other_name": name,
        "other_address": f"?{urlencode(_query(asking) | {'lang': other})}",
    }
    fields = {name: str(value) for name, value in values.items()}
    escaped = {name: escape(text) for name, text in (fields | words).items()}
    whole = escaped | {"style": words["style"], "icon": words["icon"]}
    labels = {name: escape(texts(key)) for name, key in _LABELS[kind].items()}
    main = Template(_file(f"gate_{kind}.html")).substitute(whole | labels)
    return HTMLResponse(Template(_file("gate.html")).substitute(whole, main=main), status)


def language_of(asking: HTTPConnection) -> Language:
    """What the address says, else the browser's first choice of the two; else Danish."""
    asked = asking.query_params.get("lang")
    wanted = [asked] if asked else asking.headers.get("accept-language", "").split(",")
    for each in wanted:
        language = each.strip()[:2].lower()
        if language in ("da", "nb", "nn", "no"):
            return "da"
        if language == "en":
            return "en"
    return "da"


def _query(asking: HTTPConnection) -> dict[str, str]:
    kept = dict(parse_qsl(asking.url.query))
    return {name: value for name, value in kept.items() if name not in ("token", "lang")}


def _file(name: str) -> str:
    return files("coder.ui").joinpath(name).read_text("utf-8")
