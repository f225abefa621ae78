"""Pieces that several pages use."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from coder.errors import UserError
from coder.i18n import Texts
from coder.model import Code, Decision, LogEntry, SplitCode, TreatFinds
from coder.ui import session

# What Markdown reads anywhere in a line, and what only at its beginning. A screen reader is told
# the backslashes too, so ordinary names ("Børn & Unge: a_b") should need none.
_ANYWHERE = re.compile(
    r"[\\`*\[\]~$]|(?<!\w)_|_(?!\w)|<(?=[a-z/!?])|:(?!\s)|&(?=#?\w)", re.IGNORECASE
)
_AT_START = re.compile(r"^([ \t]*)(?=[#>+\-=])|^([ \t]*\d+)(?=[.)](?:\s|$))", re.MULTILINE)
# What Streamlit rewrites when that is done: arrows and dashes, icons, addresses. A word joiner,
# which nobody sees, keeps the signs apart.
_REWRITTEN = re.compile(
    r"(?<=[-<>=])(?=[-<>=])|(?<=:)(?=/|\w+/)|(?<=www)(?=\.)|(?=@)", re.IGNORECASE
)
_JOINER = "\u2060"

# The browser reads a page aloud, and offers to translate it, by this attribute. The link is the
# first thing that one comes to by Tab, and Streamlit only has it in English.
_LANGUAGE = st.components.v2.component(
    "coder_language",
    js="""
export default ({ data }) => {
  document.documentElement.lang = data.language
  const skip = document.querySelector('[data-testid="stSkipToContent"]')
  if (skip) skip.textContent = data.skip
}
""",
)

# Streamlit puts the sections of the menu into its list as what no list may hold; a group with a
# name says the same to a screen reader. The menu is made anew when it folds out.
_MENU = st.components.v2.component(
    "coder_menu",
    js="""
export default () => {
  const mend = () => {
    for (const list of document.querySelectorAll('[data-testid="stSidebarNavItems"]')) {
      for (const each of [list, ...list.querySelectorAll('li')]) each.setAttribute('role', 'none')
      for (const section of list.querySelectorAll(':scope > div')) {
        section.setAttribute('role', 'group')
        section.setAttribute('aria-label', section.querySelector('header p')?.textContent ?? '')
      }
    }
    const figures = '[class*="st-key-figure-"] [data-testid="stImageContainer"]'
    for (const figure of document.querySelectorAll(figures))
      figure.tabIndex = figure.scrollWidth > figure.clientWidth ? 0 : -1
  }
  mend()
  const watch = new MutationObserver(mend)
  watch.observe(document.body, { childList: true, subtree: true })
  document.addEventListener('load', mend, true)
  addEventListener('resize', mend)
  return () => {
    watch.disconnect()
    document.removeEventListener('load', mend, true)
    removeEventListener('resize', mend)
  }
}
""",
)

_TOP = st.components.v2.component(
    "coder_begin_at_top",
    js="""
export default ({ data }) => {
  const page = document.querySelector('[data-testid="stMain"]');
  if (page && page.dataset.what !== data.what) page.scrollTo(0, 0);
  if (page) page.dataset.what = data.what;
}
""",
)


def plain(text: str) -> str:
    """Text for a label or title, where Streamlit would read Markdown."""
    joined = _REWRITTEN.sub(_JOINER, text)
    return _AT_START.sub(r"\g<0>\\", _ANYWHERE.sub(r"\\\g<0>", joined))


def tell_language(texts: Texts) -> None:
    """Tell the browser which language the page is in, and say in it what Streamlit would not."""
    data = {"language": texts.language, "skip": texts("ui.skip_to_page")}
    _LANGUAGE(key="language_of_page", data=data)


def mend_menu() -> None:
    """Tell screen readers of the sections of the menu; let keys scroll a wide figure."""
    _MENU(key="menu")


def title(texts: Texts, page: str) -> None:
    """The heading of a page and the line that says what it is for."""
    st.title(texts(f"page.{page}.title"), anchor=False)
    st.caption(texts(f"page.{page}.about"))


def begin_at_top(what: str) -> None:
    """Begin at the top of the page when something else is on it than before, told by its name."""
    _TOP(key="begin_at_top", data={"what": what})


def go(page: str, **query: str) -> None:
    """Go to another page, by its name; ``query`` is what its address says besides."""
    # Streamlit knows a page by its address alone; what draws it is not asked here.
    there = st.Page(_elsewhere, url_path=page, default=page == "overview")
    st.switch_page(there, query_params=query)


def link(page: str, label: str, **query: str | Sequence[str]) -> None:
    """A link to another page, by its name; ``query`` is what stands behind the question mark."""
    # Also for the one who opens it in another tab, which knows nothing of this session.
    address: dict[str, str | Sequence[str]] = {**session.address(("lang", "coder", "study"))}
    address |= query
    there = st.Page(_elsewhere, url_path=page, default=page == "overview")
    st.page_link(there, label=label, icon=":material/open_in_new:", query_params=address)


def _elsewhere() -> None:
    """What stands for a page that is drawn by another module."""


def empty(message: str, page: str) -> None:
    """What a page says when there is nothing on it: why, and the way to the page that helps.

    The message is a text of ours. On one page there is one way to each other.
    """
    st.info(message)
    title = session.texts()(f"page.{page}.title")
    if st.button(title, key=f"go.{page}", icon=":material/arrow_forward:"):
        go(page)


def when(at: datetime, texts: Texts) -> str:
    """A moment as the clock on the wall says it, where the browser is."""
    return texts("ui.at", at=at.astimezone(_zone()))


def _zone() -> tzinfo:
    """The browser's time zone; UTC when it tells none, or one that is not known here."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def decide(decision: Decision, done: str, why: str = "") -> None:
    """Write a decision by this session's coder; ``done`` is shown when it is saved."""
    is_decided(decision, done, why)


def is_decided(decision: Decision, done: str, why: str = "") -> bool:
    """As ``decide``; whether it was saved."""
    return is_done(lambda: session.study().decide(session.coder(), decision, why), done)


def attempt(action: Callable[[], Any], done: str) -> None:
    """Do something to the study; what it can't do is said in a sentence."""
    is_done(action, done)


def is_done(action: Callable[[], Any], done: str) -> bool:
    """As ``attempt``; whether it was done."""
    texts = session.texts()
    if not session.coder_name():
        session.say(texts("ui.name_first"), refused=True)
        return False
    try:
        action()
    except UserError as error:
        session.say(texts.error(error), refused=True)
        return False
    session.say(done)
    return True


def describe(entry: LogEntry, texts: Texts) -> str:
    """A log entry as a line of text, with the labels that are in the codebook now."""
    study = session.study()
    return told(entry, texts, study.state.coders, study.labels())


def told(
    entry: LogEntry, texts: Texts, coders: Mapping[str, str], labels: Mapping[str, str]
) -> str:
    """A log entry as a line of text, with names of coders and labels of codes by their ids."""
    values: dict[str, object] = dict(vars(entry.decision))
    for name in ("code", "source", "target"):
        if name in values:
            values[name] = labels.get(str(values[name]), values.get("label", values[name]))
    answers = values.get("answers")
    if isinstance(answers, tuple):
        values["answers"] = _listed(answers, texts)
    if "status" in values:
        values["status"] = texts(f"status.{values['status'] or 'answer'}")
    if "treatment" in values:
        values["treatment"] = texts(f"treatment.{values['treatment']}")
        values["count"] = len(entry.decision.finds) if isinstance(entry.decision, TreatFinds) else 0
    if "codes" in values and isinstance(values["codes"], tuple):
        named = [texts("ui.quoted", words=labels.get(each, each)) for each in values["codes"]]
        values["codes"] = ", ".join(named) or texts("mark.nothing")
        values["reason"] = texts(f"reason.{values['reason']}")
    if "round" in values and "label" not in values:
        rounds = session.study().state.rounds
        values["label"] = rounds[str(values["round"])].label if values["round"] in rounds else ""
    if "form" in values:
        values["form"] = texts(f"publishing.{values['form']}")
    if "role" in values:
        values["role"] = texts(f"coder_role.{values['role']}")
        values["who"] = coders.get(str(values["coder"]), "")
    if "mark" in values:
        values["mark"] = texts(f"mark.{values['mark']}")
    if "part" in values:
        values["part"] = texts(f"appendix.part.{values['part']}")
    if isinstance(entry.decision, SplitCode):
        made = [texts("ui.quoted", words=part.label) for part in entry.decision.parts]
        values["parts"] = ", ".join(made)
    if values.get("label", "") is None:  # revised, but called what it was
        values["label"] = values["code"]
    values.setdefault("name", coders.get(entry.coder, ""))
    off = values.get("on") is False or values.get("retired") is False
    return texts(f"decision.{'off' if off else 'long'}.{type(entry.decision).__name__}", **values)


def _listed(answers: tuple[str, ...], texts: Texts) -> str:
    if len(answers) <= 3:
        return ", ".join(answers)
    return texts("ui.answers_count", count=len(answers))


def pick_code(label: str, key: str, but: Code | None = None) -> Code | None:
    """A choice among the codes that can be given, by their paths; the widget's value is an id."""
    state, texts = session.study().state, session.texts()
    paths = {code.id: state.path(code.id) for code in state.usable() if code != but}
    chosen = st.selectbox(
        label,
        sorted(paths, key=lambda each: paths[each].casefold()),
        index=None,
        format_func=paths.__getitem__,
        placeholder=texts("ui.choose"),
        key=key,
    )
    return state.codes[chosen] if chosen else None


def answer_text(answer: str) -> None:
    """An answer as it was written, and what was added later; never as Markdown or HTML."""
    row = session.study().survey.answers.loc[answer]
    st.text(row["text"])
    if isinstance(row["elaboration"], str):
        st.caption(session.texts()("ui.elaboration"))
        st.text(row["elaboration"])


def answer_heading(answer: str) -> str:
    """Who wrote an answer: its id and organisation."""
    study = session.study()
    organisation = study.questionnaire.organisation
    if organisation is None:
        return answer
    who = study.survey.answers.loc[answer, "respondent"]
    return f"{answer} · {study.survey.respondents.loc[who, organisation]}"


def coder_chip(name: str, colour: str) -> None:
    """A coder's name beside a spot of their colour; the name alone tells who it is."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", width="content"):
        st.html(f'<span class="coder-spot" style="--spot: {colour}"></span>', width="content")
        st.text(name, width="content")
