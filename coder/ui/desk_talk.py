"""What the browser and the desk tell each other.

The browser says what was decided, what it has and what it lacks. It is answered with what stands
of the answers concerned, what undo would take back, and whatever it lacks; nothing that it has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, cast

from coder.errors import UserError
from coder.i18n import Texts
from coder.model import LogEntry
from coder.study import Study
from coder.ui import parts, session
from coder.ui.desk_data import Moment, View, digest, window
from coder.ui.desk_posts import carry_out, read_post
from coder.ui.keys import KeyTable, key_cap, key_label

_LOCALES = {"da": "da-DK", "en": "en-GB"}


@dataclass(frozen=True)
class Message:
    """What the browser last said: its posts, what it has, and what it asks for."""

    attempt: str = ""
    name: str = ""
    have: Mapping[str, str | None] = field(default_factory=dict)
    at: str | None = None
    ahead: Sequence[str] = ()
    ask: Mapping[str, str] | None = None
    posts: Sequence[Mapping[str, Any]] = ()


@dataclass
class Applied:
    """The last message that was carried out, and what is answered to each of its posts."""

    attempt: str = ""
    acks: list[dict[str, Any]] = field(default_factory=list)


# --- what the browser says ---------------------------------------------------------------------


def _name(study: Study) -> str:
    """Whose outbox it is: another for each study and coder."""
    coder = " ".join(session.coder_name().split()).casefold()
    return f"{digest(str(study.path))}:{coder}"


def heard() -> Message:
    """What the browser last said; nothing when that was about another study or coder."""
    state = session.widget("desk")
    given = state.get("message") if isinstance(state, Mapping) else None
    if not isinstance(given, Mapping):
        return Message()
    said = {each.name: given.get(each.name) for each in fields(Message)}
    message = Message(**{name: value for name, value in said.items() if value is not None})
    return message if message.name == _name(session.study()) else Message()


def apply(study: Study, message: Message, texts: Texts) -> Applied:
    """Write what was posted, in its order; each message once, since it may come again."""
    applied = session.once("desk_applied", _name(study), Applied)
    if message.attempt and message.attempt != applied.attempt and session.coder_name():
        applied.acks = [_carried_out(study, post, texts) for post in message.posts]
        applied.attempt = message.attempt
    return applied


def _carried_out(study: Study, given: Mapping[str, Any], texts: Texts) -> dict[str, Any]:
    """What is answered to a post: what undo led to, or why it could not be done."""
    uid = str(given.get("uid"))
    try:
        post = read_post(given)
        entry = carry_out(study, session.coder(), post)
    except UserError as error:
        return {"uid": uid, "refused": texts.error(error)}
    if post.act not in ("undo", "redo"):
        return {"uid": uid}
    if entry is None:
        return {"uid": uid, "nothing": texts(f"desk.nothing_to_{post.act}")}
    return {"uid": uid, **_led_to(study, entry, texts, post.act)}


def _led_to(study: Study, entry: LogEntry, texts: Texts, act: str) -> dict[str, Any]:
    """The answer that was concerned by what was taken back, and the act in words."""
    concerned = study.answers_concerned().get(entry.no, ())
    answer = concerned[0] if concerned else None
    moment = Moment(study, session.known_coder() or "")
    card = moment.cards([answer], texts)[0] if answer else None
    return {"goto": answer, "card": card, "what": texts(f"desk.{act}_done")}


# --- what it is told ---------------------------------------------------------------------------


def constant(keys: KeyTable, texts: Texts) -> dict[str, Any]:
    """What does not change while one codes: words, keys, languages."""
    prefix = "desk.word."
    sentences = texts.sentences.items()
    words = {key.removeprefix(prefix): text for key, text in sentences if key.startswith(prefix)}
    return {
        "words": words,
        "keys": _printed(keys, texts),
        "locale": _LOCALES[texts.language],
        "language": session.study().questionnaire.language,
        "coder": session.coder_name(),
    }


def _printed(table: KeyTable, texts: Texts) -> dict[str, Any]:
    """The action of each key, what is printed on the buttons, and the list of all keys."""
    printed = {
        action: [key_label(key, texts) for key in keys] for action, keys in table.keys.items()
    }
    caps = {action: key_cap(keys[0], texts) for action, keys in table.keys.items() if keys}
    codes = [action for action in printed if action.startswith("code_")]
    rows = [
        {"label": texts(f"desk.word.{action}"), "keys": printed[action]}
        for action in printed
        if action not in codes and printed[action]
    ]
    first, second = (
        [each for code in half for each in printed[code][:1]] for half in (codes[:9], codes[9:])
    )
    rows += [
        {"label": texts("desk.word.codes_first"), "keys": first},
        {"label": texts("desk.word.codes_more"), "keys": second},
    ]
    return {"actions": table.actions(), "labels": caps, "help": rows}


def answer_to(
    message: Message,
    applied: Applied,
    moment: Moment,
    view: View,
    order: Sequence[str],
    texts: Texts,
) -> dict[str, Any]:
    """What is said to a message: what stands now, and what was asked for."""
    study = moment.study
    book, have = moment.codebook(), message.have
    batch = _list(message, moment, view, order, texts)
    last = study.undoable(moment.coder)
    return {
        "name": _name(study),
        "attempt": applied.attempt,
        "have": dict(have),
        "codebook": None if have.get("codebook") == book["id"] else book,
        "counts": moment.counts(),
        "recent": moment.recent(),
        "list": batch,
        "link": _link(message, moment, texts),
        "passing": view.passes,
        "again": study.state.anew,
        # The choice of a category to be similar to stands outside of the desk.
        "follows": session.widget("desk_order") != "similar",
        "context": [study.closed_items()[item] for item in study.context_items()],
        "told": {each: moment.standing(each) for each in _concerned(moment, message, applied)},
        # The first may take seconds: the desk is drawn before, and then asks for them.
        "offers": _offers(moment, message.ahead) if message.attempt else {},
        "acks": applied.acks,
        "undo": parts.describe(last, texts) if last else "",
        "redo": study.redoable(moment.coder) is not None,
        "progress": moment.progress(texts),
    }


def _link(message: Message, moment: Moment, texts: Texts) -> dict[str, Any] | None:
    """The answer that a link from another page leads to, until the browser is there."""
    id, _, answer = (session.chosen("desk_link") or "").partition(":")
    if answer not in moment.state.answers or answer == message.at:
        return None
    return {"id": id, "goto": answer, "card": moment.cards([answer], texts)[0]}


def _concerned(moment: Moment, message: Message, applied: Applied) -> set[str]:
    """The answers of which the browser hears the last word: those acted on, and the one shown."""
    acted = [each.get("answer") for each in message.posts]
    led = [each.get("goto") for each in applied.acks]
    return {each for each in (*message.ahead[:1], *acted, *led) if each in moment.state.answers}


def _list(
    message: Message, moment: Moment, view: View, order: Sequence[str], texts: Texts
) -> dict[str, Any] | None:
    """The answers that the browser needs: a list of its own, or more of it; None: it has them."""
    study = moment.study
    kind = digest([_name(study), view.order, view.filter, view.seed, view.code])
    shown_as = [study.context_items(), sorted(moment.state.treatments.items()), texts.language]
    key, had = f"{kind}/{digest(shown_as)}", message.have.get("list") or ""
    if key == had and not message.ask:
        return None
    ask = message.ask or {}
    side = ask.get("side", "all") if key == had else "all"
    here = ask.get("answer") or (message.at if had.startswith(kind) else None)
    shown = moment.listed(view, order, here)
    start = here if here in shown else moment.first(view, order, set(shown))
    batch, is_first, is_last = window(shown, cast("Any", side), start)
    return {
        "id": f"{key}:{message.attempt}",
        "key": key,
        "view": kind,
        "side": side,
        "start": start,
        "cards": moment.cards(batch, texts, again=view.filter == "again"),
        "ends": {"before": is_first, "after": is_last},
    }


def _offers(moment: Moment, ahead: Sequence[str]) -> dict[str, Any]:
    """Suggestions for what comes next; none, rather than no desk, without a language model."""
    there = [each for each in ahead if each in moment.state.answers]
    try:
        return moment.offers(there)
    except UserError:
        return {each: {"codes": [], "chances": []} for each in there}
