"""What belongs to one browser session: its language, its coder, what is open on a page.

The only user of ``st.session_state``. Nothing here must survive a reload: what must, is in the
study, or in the page's address.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

import platformdirs
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from coder.demo import make_demo
from coder.errors import UserError
from coder.i18n import LANGUAGES, Language, Texts, load_texts
from coder.intake import Intake
from coder.model import CoderRole, Turn
from coder.place import Database, Place, place_of
from coder.study import Study, seen_as
from coder.ui import who

T = TypeVar("T")


@st.cache_resource(show_spinner=False)
def _open(path: str) -> Study:
    """One ``Study`` for all sessions of the server: its lock keeps their decisions in order."""
    opened = Study.open(place_of(path))
    opened.back_up_daily()
    return opened


@st.cache_resource(show_spinner=False)
def _default_study() -> str:
    """The demo study: the one in ``demo/`` here, or the user's own copy, made when missing."""
    here = Path("demo/demo.db")
    if here.is_file():
        return str(here.resolve())
    folder = platformdirs.user_data_path("coder-open-answers", appauthor=False) / "demo"
    path = folder / "demo.db"
    if not path.is_file():
        make_demo(folder)
    return str(path)


def study() -> Study:
    """The study of this session, as its person may see and use it.

    Of the pages, this is the one place that knows who looks: what is blind to them, or not for
    their role, is not in it.
    """
    whole = whole_study()
    person, role = _person(whole)
    return seen_as(whole, role, person)


def study_beside(name: str) -> Study:
    """Another of the ``studies``, as this session's person may see and use that one.

    Raises ``UserError`` when there is none of that name; nothing else can be reached.
    """
    own = whole_study().path
    if isinstance(own, Database) or name not in studies():
        raise UserError("study.missing", path=name)
    whole = _open(str(own.with_name(f"{name}.db")))
    person = _known(whole)
    return seen_as(whole, whole.state.role(person), person)


def role() -> CoderRole:
    """What this session's person may do in the study; a change counts within a second."""
    return _person(whole_study())[1]


def _person(whole: Study) -> tuple[str | None, CoderRole]:
    """The id of this session's person, None before they have joined, and their role.

    To ask the study each time would take as long as the rest of a page together.
    """
    asked, now = (whole.path, coder_name()), time.monotonic()
    kept = st.session_state.get("person")
    if kept is None or kept[0] != asked or kept[1] is None or now - kept[3] > 1:
        person = _known(whole)
        kept = asked, person, whole.state.role(person), now
        st.session_state["person"] = kept
    return kept[1], cast("CoderRole", kept[2])


def whole_study() -> Study:
    """The study of this session with all that is in it: one imported here, or the server's own.

    Only for what shows nobody anything of it. The server's is ``CODER_STUDY``, else the demo study.
    A session can only get at studies in the folder of that one, by their names; beside a database
    there are none.
    """
    own = place_of(os.environ.get("CODER_STUDY") or _default_study())
    if isinstance(own, Database):
        return _open(own.url)
    name = _remembered("study", "study")
    other = own.with_name(_file_name(str(name))) if name else own
    return _open(str(other if _is_beside(other) else own))


def studies() -> list[str]:
    """The names of the studies that this session can show: those beside the server's own."""
    own = whole_study().path
    if isinstance(own, Database):
        return []
    return sorted(path.stem for path in own.parent.glob("*.db") if _is_beside(path))


def _is_beside(path: Path) -> bool:
    """Whether a file lies here itself: a link would lead to a study that is kept elsewhere."""
    return path.is_file() and not path.is_symlink()


def new_study_path(name: str) -> Path:
    """Where a study with this name is kept: beside the one that the server shows.

    Raises ``UserError`` when that is in a database, beside which there is no room.
    """
    own = study().path
    if isinstance(own, Database):
        raise UserError("import.in_database", path=own)
    return own.with_name(_file_name(name))


def use_study(name: str) -> None:
    """Show this study in this session, also after a reload."""
    st.session_state["study"] = name


def _file_name(name: str) -> str:
    """A file name made of letters, digits and hyphens only, so that no path can be smuggled in."""
    plain = re.sub(r"[^\w-]+", "-", name.removesuffix(".db")).strip("-")
    if not plain:
        raise UserError("import.no_name", name=name)
    return f"{plain}.db"


def _remembered(key: str, parameter: str) -> object:
    """What the address said when the session began: a change of page drops it there."""
    if key not in st.session_state and parameter in st.query_params:
        st.session_state[key] = st.query_params[parameter]
    return st.session_state.get(key)


def texts() -> Texts:
    """The texts in this session's language; Danish unless the address or the switch says else."""
    asked = _remembered("language", "lang")
    return load_texts(asked if asked in LANGUAGES else "da")


def set_language(language: Language) -> None:
    """Use another language in this session, also after a reload."""
    st.session_state["language"] = language
    st.query_params["lang"] = language


def coder_name() -> str:
    """The name of the one who codes in this session; empty before it was given.

    With sign-in it is the account's, whatever the address says.
    """
    account = who.account()
    if account is not None:
        return account
    return str(_remembered("name", "coder") or "").strip()


def set_coder_name(name: str) -> None:
    """Who codes in this session, also after a reload."""
    st.session_state["name"] = name.strip()
    st.query_params["coder"] = name.strip()


def coder() -> str:
    """The id of this session's coder, who joins the study with the first decision."""
    return study().coder(coder_name())


def known_coder() -> str | None:
    """The id of this session's coder, or None before the first decision."""
    return _known(whole_study())


def _known(whole: Study) -> str | None:
    wanted = " ".join(coder_name().split()).casefold()
    coders = whole.state.coders
    return next((coder for coder, name in coders.items() if name.casefold() == wanted), None)


def layer() -> str | None:
    """Whose coding the pages show: one's own once there is any, before that everyone's (None)."""
    coder = known_coder()
    return coder if coder and study().state.coded_answers(coder) else None


def tour() -> bool | None:
    """Whether the tour was begun or closed; None before either."""
    return {"on": True, "off": False}.get(str(_remembered("tour", "tour")))


def set_tour(on: bool) -> None:
    """Begin or close the tour in this session, also after a reload."""
    st.session_state["tour"] = st.query_params["tour"] = "on" if on else "off"


def keep_address() -> None:
    """Put language and coder back into the address, where a change of page has dropped them."""
    if st.session_state.get("language"):
        st.query_params["lang"] = st.session_state["language"]
    if who.account() is not None:
        st.query_params.pop("coder", None)  # it would say somebody's name to no effect
    elif coder_name():
        st.query_params["coder"] = coder_name()
    if st.session_state.get("study"):
        st.query_params["study"] = st.session_state["study"]
    if st.session_state.get("tour"):
        st.query_params["tour"] = st.session_state["tour"]


def address(names: Collection[str]) -> dict[str, list[str]]:
    """What the page's address says for these parameters; those that are not there are left out."""
    return {name: st.query_params.get_all(name) for name in names if name in st.query_params}


def take_parameter(name: str) -> str | None:
    """What the address says for this, which it no longer does afterwards."""
    value = st.query_params.get(name)
    if value is not None:
        del st.query_params[name]
    return value


def set_address(values: Mapping[str, Sequence[str]], names: Collection[str]) -> None:
    """Let the address say this for these parameters, and nothing for the others among them."""
    before = {name: st.query_params.get_all(name) for name in st.query_params}
    others = {name: value for name, value in before.items() if name not in names}
    after = others | {name: list(value) for name, value in values.items()}
    if after != before:
        st.query_params.from_dict(after)


def chosen(key: str) -> str | None:
    """What was chosen on a page (a proposal, a code), or None."""
    value = st.session_state.get(f"chosen.{key}")
    return str(value) if value is not None else None


def choose(key: str, value: str) -> None:
    """Remember what was chosen on a page."""
    st.session_state[f"chosen.{key}"] = value


def widget(key: str) -> object:
    """The value of a widget by its key, as a callback needs it."""
    return st.session_state.get(key)


def set_widget(key: str, value: object) -> None:
    """Give a widget another value: in a callback, or before it is drawn."""
    st.session_state[key] = value


def say(message: str, refused: bool = False) -> None:
    """A message for the next run of the page: one that is shown now is gone with a rerun."""
    st.session_state["message"] = (message, refused)


def once(name: str, key: object, make: Callable[[], T]) -> T:
    """A value that takes long to make, made again only when ``key`` is another than before.

    What one coder was shown is not for another who takes over the session.
    """
    key = coder_name(), key
    kept = st.session_state.get(f"once.{name}")
    if kept is None or kept[0] != key:
        kept = st.session_state[f"once.{name}"] = key, make()
    return cast("T", kept[1])


def result(name: str, make: Callable[[], T], *choices: object) -> T:
    """A result of the study, made again when the survey, the coding, its layer, the recipe or a
    choice is another than before.
    """
    own = study()
    key = own.survey, own.viewer(), own.state.no, own.recipe(), chosen("among.layer"), *choices
    return once(name, key, make)


def take_message() -> tuple[str, bool] | None:
    """The message that waits, once, and whether it tells that something was refused."""
    message = st.session_state.pop("message", None)
    st.session_state["message_shown"] = message
    return cast("tuple[str, bool] | None", message)


def say_again() -> None:
    """Let the message that is shown stay when the page is drawn again for another's sake."""
    if st.session_state.get("message_shown"):
        st.session_state.setdefault("message", st.session_state["message_shown"])


def keep(name: str, value: object) -> None:
    """Remember something of this session until it ends."""
    st.session_state[f"kept.{name}"] = value


def kept(name: str) -> object:
    """What was last remembered under this name, or None."""
    return st.session_state.get(f"kept.{name}")


# --- the turn on the screen --------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """A turn as it stands on the screen; ``turn`` None when there is nothing left to show.

    ``no`` tells it from every other of the session. ``study`` and ``coder`` are whom it was made
    for, ``last`` the number of that coder's latest log entry then (0: none), and ``by`` names the
    machine that made it.
    """

    no: int
    study: Place
    coder: str
    last: int
    turn: Turn | None
    by: str


def shown_turn() -> Shown | None:
    """The turn that stands on the screen, or None before the first and when it is decided."""
    kept = st.session_state.get("turn")
    return kept if isinstance(kept, Shown) else None


def show_turn(study: Place, coder: str, last: int, turn: Turn | None, by: str) -> Shown:
    """Remember the turn that is on the screen from now on (see ``Shown``)."""
    no = int(st.session_state.get("turns", 0)) + 1
    shown = Shown(no, study, coder, last, turn, by)
    st.session_state["turns"], st.session_state["turn"] = no, shown
    return shown


def forget_turn() -> None:
    """The turn on the screen is decided: what was drawn with it decides nothing more."""
    st.session_state.pop("turn", None)


# --- a file on its way in ----------------------------------------------------------------------


def keep_uploads(uploads: Mapping[str, Sequence[UploadedFile]]) -> None:
    """Put what came up into this session's folder, which goes when the session ends.

    Other files than before: what was understood of them is forgotten.
    """
    contents = {
        use: [(each.name, each.getvalue()) for each in files] for use, files in uploads.items()
    }
    digest = hashlib.sha256(repr(contents).encode()).hexdigest()
    if st.session_state.get("uploads_digest") == digest:
        return
    folder = tempfile.TemporaryDirectory(prefix="coder-")
    st.session_state["uploads_digest"] = digest
    st.session_state["uploads_folder"] = folder
    st.session_state["uploads"] = {
        use: [_kept(Path(folder.name) / use, *file) for file in files]
        for use, files in contents.items()
    }
    st.session_state.pop("chosen.sheet", None)
    forget_intake()


def _kept(folder: Path, name: str, content: bytes) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / Path(name).name
    path.write_bytes(content)
    return path


def kept_file(upload: UploadedFile) -> Path:
    """One file that came up elsewhere, in a folder that goes when the session ends."""
    folder = st.session_state.get("kept_folder")
    if folder is None:
        folder = st.session_state["kept_folder"] = tempfile.TemporaryDirectory(prefix="coder-")
    return _kept(Path(folder.name) / upload.file_id, upload.name, upload.getvalue())


def uploads(use: str) -> list[Path]:
    """The files that came up for this use."""
    kept = st.session_state.get("uploads", {})
    return list(kept.get(use, []))


def intake() -> Intake | None:
    """What was understood of the uploads, with the corrections so far."""
    kept = st.session_state.get("intake")
    return kept if isinstance(kept, Intake) else None


def keep_intake(value: Intake) -> None:
    """Remember what was understood; widgets that show it are made anew."""
    st.session_state["intake"] = value
    count_correction()


def forget_intake() -> None:
    """Read the uploads again at the next run."""
    st.session_state.pop("intake", None)


def corrections() -> int:
    """How often the questionnaire was corrected: part of the keys of what shows it."""
    return int(st.session_state.get("corrections", 0))


def count_correction() -> None:
    """What shows the questionnaire is made anew, without edits."""
    st.session_state["corrections"] = corrections() + 1


def edited_rows(key: str) -> dict[int, dict[str, Any]]:
    """The edits of a table: by row, the new values by column."""
    state = st.session_state.get(key) or {}
    return {int(row): values for row, values in state.get("edited_rows", {}).items()}
