"""What a study holds: the survey as it may be shown, and the decisions."""

from __future__ import annotations

import io
import json
import math
import os
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

import pandas as pd

from coder.coding.layers import done_codes
from coder.coding.log import advance, next_redo, next_undo, undone
from coder.coding.plain import decision_fields, decision_from
from coder.coding.state import State
from coder.errors import UserError
from coder.model import (
    AddCoder,
    AnswerField,
    Change,
    CodeSegment,
    CodesPerAnswer,
    Coding,
    Decision,
    FindInSentence,
    Hidden,
    LogEntry,
    MarkPart,
    OpenRound,
    PermitPublishing,
    Progress,
    Questionnaire,
    Settle,
    Status,
    Survey,
    Treatment,
    Undo,
)
from coder.place import Place
from coder.results.recipe import parse_recipe
from coder.store import Conflict, EmbeddingCache, Row, Store, Turn
from coder.study.fair import FairLock
from coder.survey.ingest import build_survey, code_table
from coder.survey.labels import closed_items, labelled, usual_items
from coder.survey.merge import Merge, merge_tables
from coder.survey.privacy import EntityFinder, Find, FindKind
from coder.survey.questionnaire import (
    format_questionnaire,
    parse_questionnaire,
)
from coder.survey.read import read_file
from coder.survey.shield import (
    Piece,
    PlacedFind,
    as_shown,
    as_written,
    find_in_answers,
    in_sentences,
    masked,
    name_finds,
    shielded,
    shown_pieces,
)
from coder.survey.triage import propose_status

if TYPE_CHECKING:
    pass

# States that are kept so that an undo of something recent need not replay the whole log.
_EARLIER, _APART = 8, 25
_BETWEEN_BACKUPS = 3600.0  # seconds after which it is asked again whether today has one

Changes = Literal["ask", "keep", "take"]


@dataclass
class _Asked:
    """A decision that waits to be written, then its entry, or why it was not written."""

    coder: str
    decision: Decision
    why: str
    id: str
    entry: LogEntry | None = None
    refusal: Exception | None = None


class Core:
    """A study's file or database, the survey in it and its log. Safe to share between threads."""

    def __init__(self, path: Place, store: Store) -> None:
        self.path = path
        self._store = store
        self._lock = FairLock()
        self._waiting_lock = threading.Lock()
        self._waiting: list[_Asked] = []
        self._is_up_to_date = False  # while nobody else can write, since we do
        self._looks = 0  # how often it was asked what others have written
        self._backup_due = math.inf
        self._backing_up: threading.Thread | None = None
        self.backup_trouble: UserError | None = None
        self._views: dict[Any, Any] = {}  # how each person sees the study (see ``seen``)
        self._load()

    def _load(self) -> None:
        """Read the survey, and the log again from its start."""
        store = self._store
        self._version = store.version()
        self._forget()
        questionnaire = _need(store.part("questionnaire")).decode()
        self.questionnaire: Questionnaire = parse_questionnaire(questionnaire)
        self._table = pd.read_parquet(io.BytesIO(_need(store.part("survey"))))
        self._original = build_survey(self._table, self.questionnaire)
        self._state = State(frozenset(self._original.answers.index))
        self._by_id: dict[str, LogEntry] = {}
        self._earlier: deque[State] = deque(maxlen=_EARLIER)
        self._finds = _finds_from(json.loads(_need(store.part("finds"))))
        known = _pseudonyms(store.pseudonyms(), self.path)
        language = self.questionnaire.language
        self._names = name_finds(self._original.answers, self._finds, language, known)
        self._shown = self._shield(self._state)
        self._move_to(self._replayed())

    def _replayed(self) -> State:
        """What the log says, read again from its start."""
        fresh = State(frozenset(self._original.answers.index))
        return advance(fresh, [_entry(row) for row in self._store.rows()])

    def _forget(self) -> None:
        """What was computed from the survey is so no more; the parts of the study add theirs."""
        self._proposed: dict[str, Status] | None = None
        self._for_readers: tuple[Survey, Survey] | None = None

    def _refresh(self) -> None:
        """Read the survey again if somebody has added to it."""
        if self._store.version() != self._version:
            self._load()

    @classmethod
    def create(
        cls,
        path: Place,
        file: Path,
        questionnaire: Questionnaire,
        recipe: str | None = None,
        progress: Progress | None = None,
    ) -> Self:
        """Import a survey file into a new study, all or nothing.

        recipe : the text of a recipe file, or None for a study without a score.
        Raises ``UserError`` for anything wrong with the file, the recipe or the place.
        """
        if isinstance(path, Path) and path.exists():
            raise UserError("study.exists", path=path)
        tell(progress, "progress.reading", 0, 3)
        return cls.create_from(path, read_file(file).table, questionnaire, recipe, progress)

    @classmethod
    def create_from(
        cls,
        path: Place,
        raw: pd.DataFrame,
        questionnaire: Questionnaire,
        recipe: str | None = None,
        progress: Progress | None = None,
    ) -> Self:
        """As ``create``, from a table as read: every cell as text, one row per respondent."""
        tell(progress, "progress.checking", 1, 3)
        table, key = code_table(raw, questionnaire), os.urandom(16)
        parts = {
            "questionnaire": format_questionnaire(questionnaire).encode(),
            **_survey_parts(table, questionnaire, key),
            "key": key,
        }
        if recipe is not None:
            parse_recipe(recipe, questionnaire)
            parts["recipe"] = recipe.encode()
        tell(progress, "progress.writing", 2, 3)
        store = Store.create(path, parts)
        study = cls(path, store)
        study._keep_pseudonyms()
        tell(progress, "progress.writing", 3, 3)
        return study

    @classmethod
    def open(cls, path: Place) -> Self:
        """Open a study; ``UserError`` when there is none, or when it can't be read."""
        return cls(path, Store.open(path))

    def add(self, file: Path, changes: Changes = "ask") -> Merge:
        """Import a later file of the same survey into this study (see ``add_from``)."""
        return self.add_from(read_file(file).table, changes)

    def add_from(self, raw: pd.DataFrame, changes: Changes = "ask") -> Merge:
        """Add a later table of the same survey, as read, all or nothing.

        New respondents and values that were empty are added. changes : what to do with values
        that differ: ``ask`` stores nothing if there are any, ``keep`` leaves the earlier and
        ``take`` uses the later ones. What has been coded stays coded. Raises ``UserError`` for
        anything wrong with the table.
        """
        with self._lock:
            self._refresh()
            merge = self.difference(raw)
            if merge.changes and changes == "ask":
                return merge
            table = merge.taken if changes == "take" else merge.kept
            key = _need(self._store.part("key"))
            parts = _survey_parts(table, self.questionnaire, key)
            try:
                self._store.add_parts(parts, after=self._version)
            except Conflict as error:
                raise UserError("study.changed_meanwhile", path=self.path) from error
            self._load()
            self._keep_pseudonyms()
            return merge

    def difference(self, raw: pd.DataFrame) -> Merge:
        """What a later table would add and change; nothing is stored.

        In the changes of open answers personal data is left out: they are for showing.
        """
        later = code_table(raw, self.questionnaire)
        merge = merge_tables(self._table, later, self.questionnaire)
        return replace(merge, changes=tuple(self._masked(change) for change in merge.changes))

    def _masked(self, change: Change) -> Change:
        language = self.questionnaire.language
        after = None if change.after is None else masked(change.after, language)
        return replace(change, before=masked(change.before, language), after=after)

    # --- what may be shown ------------------------------------------------------------------------

    def _keep_pseudonyms(self) -> None:
        if self._names:
            content = [[kind, words, name] for (kind, words), name in self._names.items()]
            self._store.keep_pseudonyms(json.dumps(content, ensure_ascii=False, indent=1))

    def _move_to(self, state: State) -> None:
        shown_before, before = self._state.treatments, self._state.no
        self._state = state
        self._by_id |= {entry.id: entry for entry in state.log[before:] if entry.id}
        if not self._earlier or not 0 <= state.no - self._earlier[-1].no < _APART:
            self._earlier.append(state)
        if state.treatments != shown_before:
            self._shown = self._shield(state)

    def _shield(self, state: State) -> Survey:
        original = self._original
        answers = shielded(original.answers, self._finds, state.treatments, self._names)
        return replace(original, answers=answers)

    @property
    def survey(self) -> Survey:
        """The survey as it may be shown.

        Personal data in answers is replaced, left out or kept as people have decided, and replaced
        where nobody has yet.
        """
        return self._shown

    def _without_kept_finds(self) -> Survey:
        """The survey as shown, but with everything replaced that people have decided to keep."""
        shown, kept_for = self._shown, self._for_readers
        if kept_for is None or kept_for[0] is not shown:
            kept_for = shown, self._shield(replace(self._state, treatments=self._unkept()))
            self._for_readers = kept_for
        return kept_for[1]

    def _unkept(self) -> dict[str, Treatment]:
        """What has been decided of finds, but for those to be kept."""
        treatments = self._state.treatments
        return {find: each for find, each in treatments.items() if each != "keep"}

    @property
    def original(self) -> Survey:
        """The survey as it came, personal data and all: for nobody to see who didn't ask."""
        return self._original

    def responses(self) -> pd.DataFrame:
        """The coded table as imported: a row for each of the file, personal data and all."""
        return self._table

    def span_as_written(
        self, answer: str, start: int, end: int, field: AnswerField = "text"
    ) -> tuple[int, int]:
        """A span of an answer's text as it is shown, as the span of what was written."""
        return as_written(self._pieces(answer, field), start, end)

    def span_as_shown(
        self, answer: str, start: int, end: int, field: AnswerField = "text"
    ) -> tuple[int, int]:
        """A span of what was written, as the span of the text as it is shown."""
        return as_shown(self._pieces(answer, field), start, end)

    def _pieces(self, answer: str, field: AnswerField = "text", kept: bool = True) -> list[Piece]:
        """A text of an answer in pieces; without ``kept``, finds to be kept are replaced."""
        placed = [each for each in self._finds if (each.answer, each.field) == (answer, field)]
        text = self._original.answers.at[answer, field]
        treatments = self._treatments() if kept else self._unkept()
        return shown_pieces(text, placed, treatments, self._names)

    def _treatments(self) -> Mapping[str, Treatment]:
        """What is done with finds in the survey as it is shown here."""
        return self._state.treatments

    def closed_items(self) -> dict[str, str]:
        """The closed items that can stand beside an answer: their labels, by name."""
        return closed_items(self.questionnaire)

    def context_items(self) -> tuple[str, ...]:
        """The closed items that stand beside an answer when it is coded."""
        content = self._store.part("context")
        chosen = usual_items(self.questionnaire) if content is None else json.loads(content)
        return tuple(each for each in chosen if each in self.closed_items())

    def set_context_items(self, items: Sequence[str]) -> None:
        """Show these closed items beside an answer from now on, for everyone."""
        self._store.add_parts({"context": json.dumps(list(items)).encode()})

    def labelled(self, items: Sequence[str]) -> pd.DataFrame:
        """The responses to closed items beside each answer, in words (``survey.labels``)."""
        return labelled(self.survey, items)

    def codes_per_answer(self, answer: str) -> CodesPerAnswer:
        """Whether the question that this answers allows several codes."""
        return self.questionnaire.question(self.survey.answers.at[answer, "question"]).codes

    def finds(self) -> list[FindInSentence]:
        """The finds of personal data, each in its sentence, with what has been decided of it."""
        treatments = self.state.treatments
        return in_sentences(self._original.answers, self._finds, treatments, self._names)

    def proposed_statuses(self) -> dict[str, Status]:
        """The answers that look like none, and why, as long as nobody has decided about them."""
        decided = self.state.statuses
        with self._lock:
            if self._proposed is None:  # once: in a large survey it takes long
                answers = self._original.answers
                found = propose_status(answers["text"].tolist())
                self._proposed = {
                    answer: each.kind
                    for answer, each in zip(answers.index, found, strict=True)
                    if each.kind != "answer"
                }
        return {each: why for each, why in self._proposed.items() if each not in decided}

    # --- backups ----------------------------------------------------------------------------------

    def back_up_daily(self) -> None:
        """From now on keep a backup of each day on which something is decided (``store.backups``).

        It is made in the background. Why none could be made, ``backup_trouble`` tells.
        """
        self._backup_due = time.monotonic()
        self._back_up_if_due()

    def _back_up_if_due(self) -> None:
        if time.monotonic() >= self._backup_due:
            self._backup_due = time.monotonic() + _BETWEEN_BACKUPS
            self._backing_up = threading.Thread(target=self._back_up)
            self._backing_up.start()

    def backups_made(self) -> None:
        """Wait for the backup that is being made, if there is one."""
        if self._backing_up:
            self._backing_up.join()

    def _back_up(self) -> None:
        try:
            self._store.back_up_today()
            self.backup_trouble = None
        except UserError as error:
            self.backup_trouble = error

    # --- decisions --------------------------------------------------------------------------------

    @property
    def state(self) -> State:
        """What has been decided so far, with what others have written meanwhile.

        Of a study as somebody sees it: what they may see of that.
        """
        return self._current()

    def _current(self) -> State:
        """The whole of what has been decided, whoever asks.

        Who only looks does not wait for what is being written: it is not decided before it is on
        the disk.
        """
        if self._is_up_to_date:
            return self._state
        looks = self._looks
        with self._lock:
            if self._looks != looks:  # somebody has looked since this was asked
                return self._state
            self._looks += 1
            version, rows = self._store.news(self._state.no)
            if version != self._version:
                self._load()
            else:
                self._catch_up(rows)
            return self._state

    def decide(self, coder: str, decision: Decision, why: str = "", id: str = "") -> LogEntry:
        """Write one decision to the log, if it can follow what is there.

        id : the caller's own name for it. What comes again with the same is not written again.
        Returns when it is safely stored. Raises ``UserError`` when it can't be done; then nothing
        has changed.
        """
        if isinstance(decision, Hidden):
            raise ValueError("what is hidden is no decision")
        asked = _Asked(coder, decision, why, id)
        with self._waiting_lock:
            self._waiting.append(asked)
        with self._lock:
            if asked.entry is None and asked.refusal is None:
                self._write_waiting()
        if asked.entry is None:
            raise asked.refusal or RuntimeError("a decision that waited was passed over")
        self._back_up_if_due()
        return asked.entry

    def _write_waiting(self) -> None:
        """Write what all who wait have decided in one transaction, since that is what takes long.

        What can't be done is refused and left out. When the transaction fails, nothing is written,
        and all who wait are told why.
        """
        with self._waiting_lock:
            waiting, self._waiting = self._waiting, []
        try:
            while not self._written(waiting):
                before = self._state.log
                self._load()  # somebody has added to the survey, or joined another log to this one
                if self._state.log[: len(before)] != before:
                    self._refuse_undos(waiting)
        except (UserError, Conflict) as error:
            for asked in waiting:
                asked.entry, asked.refusal = None, asked.refusal or error

    def _refuse_undos(self, waiting: Sequence[_Asked]) -> None:
        """Their numbers may be those of other entries since the logs were joined."""
        for asked in waiting:
            if isinstance(asked.decision, Undo):
                asked.refusal = UserError("study.log_joined", path=self.path)

    def _written(self, waiting: Sequence[_Asked]) -> bool:
        """Whether this could be written; not when the survey is no more what it was."""
        try:
            with self._store.turn() as turn:
                if turn.version() != self._version:
                    return False
                self._looks += 1
                self._catch_up(turn.rows(self._state.no))
                self._is_up_to_date = True
                state = self._appended(turn, waiting)
            self._move_to(state)
            return True
        finally:
            self._is_up_to_date = False

    def _appended(self, turn: Turn, waiting: Sequence[_Asked]) -> State:
        """The state after what was asked and could be done."""
        state, by_id = self._state, dict(self._by_id)
        for asked in waiting:
            if asked.refusal is not None:
                continue
            try:
                entry, after = self._after(state, by_id, asked)
                if after is not state:
                    turn.append(row_of(entry))
            except (UserError, ValueError, LookupError) as error:
                asked.refusal = error
                continue
            by_id[entry.id] = asked.entry = entry
            state = after
        return state

    def _after(
        self, state: State, by_id: Mapping[str, LogEntry], asked: _Asked
    ) -> tuple[LogEntry, State]:
        """The entry to write, and the state after it; the same state if it was written before."""
        if asked.id and asked.id in by_id:
            return by_id[asked.id], state
        now = datetime.now(UTC).replace(microsecond=0)
        entry = LogEntry(state.no + 1, now, asked.coder, asked.decision, asked.why, asked.id)
        after = advance(state, [entry], self._earlier)
        self._check_answers(state, after, asked.decision)
        return entry, after

    def _decide_all(self, decided: Sequence[tuple[str, Decision]]) -> None:
        """Write several decisions of coders, by their ids: all of them in one turn, or none."""
        with self._lock:
            while not self._all_written(decided):
                self._load()

    def _all_written(self, decided: Sequence[tuple[str, Decision]]) -> bool:
        """As ``_written``; what can't be done is raised, and then nothing is written."""
        with self._store.turn() as turn:
            if turn.version() != self._version:
                return False
            self._catch_up(turn.rows(self._state.no))
            state = self._state
            for coder, decision in decided:
                entry, state = self._after(state, {}, _Asked(coder, decision, "", ""))
                turn.append(row_of(entry))
        self._move_to(state)
        self._back_up_if_due()
        return True

    def _catch_up(self, rows: Sequence[Row]) -> None:
        if rows:
            self._move_to(advance(self._state, [_entry(row) for row in rows], self._earlier))

    def _check_answers(self, before: State, after: State, decision: Decision) -> None:
        """What the log can't know, or not when it is seen in part: how long an answer is, how many
        codes it may have, whether a test has its key, and what is asked of respondents.
        """
        answers = self._original.answers
        if isinstance(decision, CodeSegment | MarkPart):
            field = decision.field if isinstance(decision, MarkPart) else "text"
            values = {"start": decision.start, "end": decision.end}
            text = answers.at[decision.answer, field]
            if not isinstance(text, str) or decision.end > len(text):
                raise UserError("log.bad_segment", answer=decision.answer, **values)
        if isinstance(decision, OpenRound) and decision.test:
            for answer in decision.answers:
                if answer not in before.settled:
                    raise UserError("log.not_settled", answer=answer)
        if isinstance(decision, OpenRound) and decision.again:
            self._check_done(before, decision)
        if isinstance(decision, PermitPublishing):
            known = [each.name for each in self.questionnaire.of_kind("background")]
            for name in decision.cells:
                if name not in known:
                    raise UserError("publish.no_background", name=name, known=", ".join(known))
        single = {each.name for each in self.questionnaire.of_kind("open") if each.codes == "one"}
        if not single or isinstance(decision, Undo):
            return
        if isinstance(decision, Settle) and len(after.settled[decision.answers[0]].codes) > 1:
            for answer in decision.answers:
                if answers.at[answer, "question"] in single:
                    raise UserError("log.one_code", answer=answer)
        for id, second in after.seconds.items():
            self._check_one_code(before.seconds.get(id, before.beginning()), second, single)
        self._check_one_code(before, after, single)

    def _check_one_code(self, before: State, after: State, single: Collection[str]) -> None:
        """Nobody has given more codes to an answer to one of these questions than it may have."""
        questions = self._original.answers["question"]
        for (coder, answer), codes in after.codings.items():
            more = len(codes) > max(len(before.codings.get((coder, answer), ())), 1)
            if more and questions.at[answer] in single:
                raise UserError("log.one_code", answer=answer)

    def _check_done(self, state: State, round: OpenRound) -> None:
        """Only what its coder is done with can be coded again: the rest has no first coding."""
        done = done_codes(state, self._single())
        for each in round.assigned:
            for answer in each.answers:
                if (each.coder, answer) not in done:
                    name = state.coders.get(each.coder, each.coder)
                    raise UserError("log.not_done", answer=answer, name=name)

    def coder(self, name: str) -> str:
        """The id of the coder with this name, who joins the study if new."""
        name = " ".join(name.split())
        for coder, known in self.state.coders.items():
            if known.casefold() == name.casefold():
                return coder
        coder = str(uuid.uuid4())
        self.decide(coder, AddCoder(coder, name))
        return coder

    def undo(self, coder: str, id: str = "") -> LogEntry | None:
        """Take back the coder's latest decision; returns what was taken back, or None.

        id : as for ``decide``; asked again with the same, nothing more is taken back.
        """
        return self._take_back(coder, next_undo, id)

    def redo(self, coder: str, id: str = "") -> LogEntry | None:
        """Take back the coder's latest undo; returns that undo, or None. id : as for ``undo``."""
        return self._take_back(coder, next_redo, id)

    def _take_back(
        self, coder: str, which: Callable[[State, str], LogEntry | None], id: str
    ) -> LogEntry | None:
        with self._lock:
            state = self.state
            if id in self._by_id:
                known = self._by_id[id].decision
                return state.log[known.no - 1] if isinstance(known, Undo) else None
            entry = which(state, coder)
            if entry:
                self.decide(coder, Undo(entry.no), id=id)
            return entry

    def undoable(self, coder: str) -> LogEntry | None:
        """What ``undo`` would take back."""
        return next_undo(self.state, coder)

    def redoable(self, coder: str) -> LogEntry | None:
        """What ``redo`` would take back."""
        return next_redo(self.state, coder)

    def undone(self) -> set[int]:
        """The numbers of the entries that count as never made."""
        return undone(self.state.log)

    def codebook(self) -> pd.DataFrame:
        """One row per code: ``code`` (id), ``label``, ``definition``, ``answers`` (how many)."""
        having: dict[str, set[str]] = {}
        for each in self._codings():
            having.setdefault(each.code, set()).add(each.answer)
        rows = [
            (code.id, code.label, code.definition, len(having.get(code.id, ())))
            for code in self.state.codes.values()
        ]
        return pd.DataFrame(rows, columns=["code", "label", "definition", "answers"])

    def _codings(self) -> list[Coding]:
        """Every coding that counts: what somebody has set aside is no answer, coded or not."""
        state = self.state
        set_aside = state.set_aside()
        return [each for each in state.all_codings() if each.answer not in set_aside]

    def _nothing(self) -> list[tuple[str, str]]:
        """The answers that a coder found no code for, with the coder."""
        return [(answer, who) for (who, answer), m in self.state.marks.items() if "nothing" in m]

    def _memos(self) -> dict[tuple[str, str], str]:
        """What coders have noted of answers, by (coder, answer)."""
        return dict(self.state.memos)

    def _single(self) -> frozenset[str]:
        """The answers that may have one code only."""
        names = {each.name for each in self.questionnaire.of_kind("open") if each.codes == "one"}
        answers = self.survey.answers
        return frozenset(answers.index[answers["question"].isin(names)])

    def _cache(self) -> EmbeddingCache:
        return self._store.vectors()


def _pseudonyms(text: str | None, path: Place) -> dict[tuple[FindKind, str], str]:
    """Whose each pseudonym is. Without, the same are made again as long as nothing was added."""
    try:
        return {(kind, words): name for kind, words, name in json.loads(text or "[]")}
    except (ValueError, TypeError) as error:
        raise UserError("study.bad_pseudonyms", path=path) from error


def tell(progress: Progress | None, key: str, done: int, total: int) -> None:
    if progress:
        progress(key, done, total)


def _survey_parts(
    table: pd.DataFrame, questionnaire: Questionnaire, key: bytes
) -> dict[str, bytes]:
    """What is stored of a coded table: the table, and the places of personal data in its answers.

    To look for them takes long in a large survey, so it is done once. Only places are stored.
    """
    answers = build_survey(table, questionnaire).answers
    finds = find_in_answers(answers, key, _entities(questionnaire.language))
    places = [[p.answer, p.field, p.find.kind, p.find.start, p.find.end, p.text] for p in finds]
    return {"survey": _parquet(table), "finds": json.dumps(places).encode()}


def _entities(language: str) -> EntityFinder | None:
    """The entity recogniser of an installed spaCy pipeline, if there is one for the language."""
    # Looked for by name first: spaCy takes seconds to load, and most have no pipeline.
    pipelines = entry_points(group="spacy_models")
    if not any(each.name.startswith(f"{language}_") for each in pipelines):
        return None
    from coder.text.prepare import person_entities

    return person_entities(language)


def _finds_from(places: Sequence[Sequence[Any]]) -> tuple[PlacedFind, ...]:
    return tuple(
        PlacedFind(answer, field, Find(kind, start, end), text)
        for answer, field, kind, start, end, text in places
    )


def _need(content: bytes | None) -> bytes:
    if content is None:
        raise UserError("study.damaged", no=0)
    return content


def _parquet(table: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    table.to_parquet(buffer, index=False)
    return buffer.getvalue()


def row_of(entry: LogEntry) -> Row:
    """An entry as it is stored."""
    given = {"id": entry.id} if entry.id else {}
    decision = json.dumps({**decision_fields(entry.decision), **given}, ensure_ascii=False)
    return Row(entry.no, entry.at, entry.coder, decision, entry.why)


def _entry(row: Row) -> LogEntry:
    try:
        values = json.loads(row.decision)
        id = values.pop("id", "")
        decision = decision_from(values)
    except (ValueError, TypeError) as error:
        raise UserError("study.damaged", no=row.no) from error
    return LogEntry(row.no, row.at, row.coder, decision, row.why, id)
