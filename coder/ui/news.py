"""What others decide is on an open page within two seconds, though nobody touches it.

The browser looks twice a second whether anything was decided (``news.js``, ``pulse``), and if so
lets the page ask whether it is news. The page is drawn again when the codebook, a round or a role
is another than it was drawn with; a page that tells how far the work is, also when anything else
was decided that its person may see. What somebody is writing stays in the browser meanwhile. The
desk is offered a codebook that is another, and then asks for that alone: a coder's whole page is
not drawn again for each category that somebody adds.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse

from coder.errors import UserError
from coder.model import Hidden, LogEntry, Undo
from coder.study import Study
from coder.ui import session

# Those that tell how far the work is. On the others, what one reads should stay where it is.
_LIVELY = ("overview", "codebook", "rounds", "log")
_STILL = ("import",)  # there is nothing of the coding on it
_PATIENCE = 10  # how many times as long as it took to draw, a page is left alone by mere codings

_WATCHED: dict[str, Study] = {}  # by a name that can't be guessed, which only its pages know

_ASK = st.components.v2.component(
    "coder_news", js=files("coder.ui").joinpath("news.js").read_text("utf-8")
)


@dataclass(frozen=True)
class _Drawn:
    """What a page was drawn with: what must not be stale, how far the work was, and the times.

    told : what the browser is told to look for.
    """

    page: str
    frame: object
    work: object
    told: dict[str, object]
    at: float
    took: float


def pulse(request: Request) -> JSONResponse:
    """Short sums of what no page may show otherwise than it is, and of the whole log.

    So a page that nobody touches costs little: to let it ask draws a part of it.
    """
    study = _WATCHED.get(request.path_params["key"])
    try:
        told = None if study is None else _pulse(study)
    except UserError:  # out of reach: the page says so when it is used
        told = None
    status = 404 if told is None else 200
    return JSONResponse(told, status, headers={"cache-control": "no-store"})


def _pulse(study: Study) -> dict[str, object]:
    return {"frame": _sum(_frame(study)), "codes": _sum(_codes(study)), "log": study.state.no}


def _sum(of: object) -> str:
    return hashlib.sha256(repr(of).encode()).hexdigest()


def _key(study: Study) -> str:
    """The name under which the whole study is watched, the same for all its pages."""
    known = next((key for key, each in _WATCHED.items() if each is study), None)
    key = known or secrets.token_urlsafe()
    _WATCHED[key] = study
    return key


@contextmanager
def of(page: str) -> Iterator[None]:
    """Draw a page within, and look for news of it from then on."""
    began, whole = time.monotonic(), session.whole_study()
    # Before anything is looked at: what comes after this is looked for.
    told = {"key": _key(whole), "lively": page in _LIVELY, **_pulse(whole)}
    study = session.study()
    frame, work = (_frame(study), _codes(study)), _work(study, page)
    # At the same place on every page: an answer that comes when another page is drawn already
    # would find nothing where it belongs, and Streamlit then shows a blank page.
    place = st.container(key="news_place")
    yield
    if page not in _STILL:
        now = time.monotonic()
        session.keep("drawn", _Drawn(page, frame, work, told, now, now - began))
        with place:
            _listen()


@st.fragment
def _listen() -> None:
    drawn = session.kept("drawn")
    if not isinstance(drawn, _Drawn):
        return
    _ASK(key="news", data=drawn.told, default={"asked": None}, on_asked_change=lambda: None)
    try:
        is_news = _is_news(drawn)
    except UserError:  # the study is out of reach: the page says so when it is used
        return
    if is_news:
        session.say_again()
        st.rerun()


def _is_news(drawn: _Drawn) -> bool:
    study = session.study()
    if (_frame(study), _codes(study)) != drawn.frame:
        return True
    rested = time.monotonic() - drawn.at >= _PATIENCE * drawn.took
    return drawn.page in _LIVELY and rested and _work(study, drawn.page) != drawn.work


def _frame(study: Study) -> object:
    """What no page may show otherwise than it is, but for the codebook."""
    state = study.state
    return study.path, state.rounds, state.closed, state.roles


def _codes(study: Study) -> object:
    return [*study.state.codes.values()]


def _work(study: Study, page: str) -> object:
    """What there is of the work, as far as this person may see it."""
    return study.rounds() if page == "rounds" else _last_told(study.state.log)


def _last_told(log: Sequence[LogEntry]) -> int:
    """The number of the last entry that tells anything; 0 without any.

    Else a page would stir as often as somebody codes what one may not see.
    """
    return next((each.no for each in reversed(log) if _tells(each, log)), 0)


def _tells(entry: LogEntry, log: Sequence[LogEntry]) -> bool:
    about = entry
    while isinstance(about.decision, Undo):
        about = log[about.decision.no - 1]
    return not isinstance(about.decision, Hidden)
