"""A state under construction: what each decision does to it, and why it may be refused."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from typing import get_args

from coder.coding.again import as_coding
from coder.coding.state import Spans, State
from coder.coding.without import only
from coder.errors import UserError
from coder.model import (
    AcceptGroup,
    Act,
    AddCoder,
    AnswerPart,
    ApplyCode,
    CloseRound,
    Code,
    CoderRole,
    CodeSegment,
    ConfirmProposal,
    CreateCode,
    Decision,
    Hidden,
    LogEntry,
    Mark,
    MarkAnswers,
    MarkPart,
    MergeCodes,
    MoveAnswers,
    MoveCode,
    OpenRound,
    Passage,
    PermitPublishing,
    RejectGroup,
    RemoveCode,
    RetireCode,
    ReviseCode,
    SetApart,
    SetRole,
    SetStatus,
    Settle,
    Sheet,
    SplitCode,
    Status,
    TreatFinds,
    Treatment,
    Turn,
    UncodeSegment,
    Undo,
    UnmarkPart,
    WriteMemo,
    WriteSheet,
)


@dataclass
class Draft:
    """What a ``State`` holds, in dictionaries and lists of its own that may be changed."""

    answers: frozenset[str]
    coders: dict[str, str] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    codings: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    spans: dict[tuple[str, str, str], Spans] = field(default_factory=dict)
    marks: dict[tuple[str, str], tuple[Mark, ...]] = field(default_factory=dict)
    memos: dict[tuple[str, str], str] = field(default_factory=dict)
    statuses: dict[str, Status | None] = field(default_factory=dict)
    treatments: dict[str, Treatment] = field(default_factory=dict)
    acted: list[tuple[str, Act]] = field(default_factory=list)
    apart: list[tuple[str, str]] = field(default_factory=list)
    roles: dict[str, CoderRole] = field(default_factory=dict)
    rounds: dict[str, OpenRound] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()
    settled: dict[str, Settle] = field(default_factory=dict)
    sheets: dict[str, Sheet] = field(default_factory=dict)
    passages: dict[str, tuple[Passage, ...]] = field(default_factory=dict)
    publishing: PermitPublishing | None = None
    firsts: dict[str, Draft] = field(default_factory=dict)
    seconds: dict[str, Draft] = field(default_factory=dict)
    anew: str = ""
    used: set[str | None] = field(default_factory=set)  # the codes of the acts

    @classmethod
    def of(cls, state: State) -> Draft:
        """A draft that begins with what the state says."""
        return cls(
            answers=state.answers,
            coders=dict(state.coders),
            codes=dict(state.codes),
            codings=dict(state.codings),
            spans=dict(state.spans),
            marks=dict(state.marks),
            memos=dict(state.memos),
            statuses=dict(state.statuses),
            treatments=dict(state.treatments),
            acted=list(state.acted),
            apart=list(state.apart),
            used=set(state.used),
            roles=dict(state.roles),
            rounds=dict(state.rounds),
            closed=state.closed,
            settled=dict(state.settled),
            sheets=dict(state.sheets),
            passages=dict(state.passages),
            publishing=state.publishing,
            firsts={id: cls.of(each) for id, each in state.firsts.items()},
            seconds={id: cls.of(each) for id, each in state.seconds.items()},
            anew=state.anew,
        )

    def state(self, log: tuple[LogEntry, ...], undone: frozenset[int] = frozenset()) -> State:
        """The state that the draft has become; the draft must not be changed after it."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        values |= {"acted": tuple(self.acted), "apart": tuple(self.apart)}
        values |= {
            "firsts": {id: each.state(()) for id, each in self.firsts.items()},
            "seconds": {id: each.state(()) for id, each in self.seconds.items()},
        }
        return State(**{**values, "used": frozenset(self.used)}, log=log, undone=undone)

    def apply(self, coder: str, decision: Decision) -> None:
        """Do what the decision says; ``UserError`` (``log.*``) when it can't be done.

        What a coder decides of answers that he or she is coding again is done beside the coding.
        """
        round = self._coding_again(coder)
        beside = round if round and round.round != self.anew else None
        self._do(coder, as_coding(decision, beside, coder))
        for first in self.firsts.values():
            first._do(coder, only(decision, ()))
        for id, second in self.seconds.items():
            own = round.of(coder) if round and round.round == id else ()
            second._do(coder, only(decision, frozenset(own)))
        if isinstance(decision, OpenRound) and decision.again:
            self.firsts[decision.round] = self._first_of(decision)
            self.seconds[decision.round] = self._with_codebook()

    def _coding_again(self, coder: str) -> OpenRound | None:
        """The open round in which this coder codes again, or None."""
        there = (self.rounds[id] for id in self.seconds if id not in self.closed)
        return next((each for each in there if coder in each.coders), None)

    def _with_codebook(self) -> Draft:
        """A draft with the same coders, codes and rounds, in which nothing is coded."""
        coders, codes, roles = dict(self.coders), dict(self.codes), dict(self.roles)
        there = {"rounds": dict(self.rounds), "closed": self.closed}
        return Draft(self.answers, coders, codes, roles=roles, **there)  # type: ignore[arg-type]

    def _first_of(self, round: OpenRound) -> Draft:
        """How the coders of a round have coded its answers so far."""
        first = self._with_codebook()
        keys = [(each.coder, answer) for each in round.assigned for answer in each.answers]
        first.codings = {key: self.codings[key] for key in keys if key in self.codings}
        first.marks = {key: self.marks[key] for key in keys if key in self.marks}
        return first

    def _do(self, coder: str, decision: Decision) -> None:
        if not isinstance(decision, AddCoder) and coder not in self.coders:
            raise UserError("log.no_coder", coder=coder)
        if self.roles.get(coder) == "reader":
            raise UserError("log.reader", name=self.coders[coder])
        match decision:
            case AddCoder():
                self._add_coder(decision)
            case SetRole() | OpenRound() | CloseRound() | Settle() | PermitPublishing():
                self._apply_as_lead(coder, decision)
            case Hidden():
                pass
            case TreatFinds(finds, treatment):
                self._need_lead(coder)
                self.treatments |= dict.fromkeys(finds, treatment)
            case SetStatus(answers, status):
                self._set_status(answers, status)
            case MarkAnswers():
                self._mark(coder, decision)
            case WriteMemo(answer, text):
                self._write_memo(coder, answer, text)
            case WriteSheet():
                self._write_sheet(decision)
            case MarkPart() | UnmarkPart():
                self._mark_part(decision)
            case RejectGroup(turn):
                self._check_turn(turn)
                self._act(coder, Act(turn, None))
            case SetApart(first, second):
                self._set_apart(first, second)
            case Undo():
                raise ValueError("an undo is replayed, not applied")
            case _:
                self._apply_to_codes(coder, decision)

    def _apply_as_lead(
        self, coder: str, decision: SetRole | OpenRound | CloseRound | Settle | PermitPublishing
    ) -> None:
        """A decision about who does what, what counts after all, or what may leave."""
        self._need_lead(coder)
        match decision:
            case SetRole():
                self._set_role(coder, decision)
            case OpenRound():
                self._open_round(decision)
            case CloseRound(round):
                if round not in self.rounds or round in self.closed:
                    raise UserError("log.no_round")
                self.closed |= {round}
            case Settle():
                self._settle(decision)
            case PermitPublishing(smallest=smallest):
                if smallest < 1:
                    raise UserError("log.bad_smallest", smallest=smallest)
                self.publishing = decision

    def _need_lead(self, coder: str) -> None:
        if self.roles and self.roles.get(coder) != "lead":
            raise UserError("log.leads_only", name=self.coders[coder])

    def _apply_to_codes(self, coder: str, decision: Decision) -> None:
        """A decision about the codebook, or about which answers have a code."""
        match decision:
            case CreateCode(code, label, definition, parent, codable):
                self._create(code, label, definition, parent, codable)
            case ConfirmProposal():
                self._create(decision.code, decision.label, decision.definition)
                self._give(coder, decision.code, decision.answers)
            case AcceptGroup():
                self._accept(coder, decision)
            case ReviseCode():
                self._revise(decision)
            case MoveCode():
                self._move_code(decision)
            case RetireCode(code, retired):
                self.codes[code] = replace(self._code(code), retired=retired)
            case ApplyCode(code, answers):
                self._give(coder, code, answers)
            case RemoveCode(code, answers):
                self._take(coder, code, answers)
            case MoveAnswers(answers, source, target):
                self._move_answers(coder, answers, source, [target])
            case MergeCodes(source, target):
                self._merge(source, target)
            case SplitCode():
                self._split(coder, decision)
            case CodeSegment() | UncodeSegment():
                self._set_segment(coder, decision)

    # --- coders, and what is noted of answers --------------------------------------------------

    def _add_coder(self, decision: AddCoder) -> None:
        name = _need_text(decision.name)
        if decision.coder in self.coders or _folded(name) in map(_folded, self.coders.values()):
            raise UserError("log.coder_exists", name=name)
        self.coders[decision.coder] = name

    def _set_role(self, coder: str, decision: SetRole) -> None:
        """There is always a lead: the first who gives a role is one, and the last one stays."""
        if decision.coder not in self.coders:
            raise UserError("log.no_coder", coder=decision.coder)
        self.roles = (self.roles or {coder: "lead"}) | {decision.coder: decision.role}
        if "lead" not in self.roles.values():
            raise UserError("log.last_lead", name=self.coders[decision.coder])

    def _open_round(self, decision: OpenRound) -> None:
        if decision.round in self.rounds:
            raise ValueError(f"round {decision.round} is there already")
        if decision.test and not decision.blind:
            raise ValueError("a test is blind")
        if decision.again and (decision.test or not decision.blind):
            raise ValueError("coding again is blind, and no test")
        if len(set(decision.coders)) < len(decision.assigned):
            raise ValueError("a coder is assigned twice")
        _need_text(decision.label)
        if not decision.answers:
            raise UserError("log.round_of_nothing")
        for answer in decision.answers:
            self._check_answer(answer)
        for coder in decision.coders:
            self._check_free(coder)
        self.rounds[decision.round] = replace(decision, label=_need_text(decision.label))

    def _check_free(self, coder: str) -> None:
        """Nobody codes in two rounds at once, and a reader in none."""
        if coder not in self.coders:
            raise UserError("log.no_coder", coder=coder)
        name = self.coders[coder]
        if self.roles.get(coder) == "reader":
            raise UserError("log.reader", name=name)
        for id, each in self.rounds.items():
            if id not in self.closed and coder in each.coders:
                raise UserError("log.in_a_round", name=name, label=each.label)

    def _settle(self, decision: Settle) -> None:
        for code in decision.codes:
            if not self._code(code).codable:
                raise UserError("log.not_codable", label=self.codes[code].label)
        for id, each in self.rounds.items():
            if id not in self.closed and each.blind and set(decision.answers) & set(each.answers):
                raise UserError("log.still_blind", label=each.label)
        codes = tuple(dict.fromkeys(decision.codes))
        for answer in decision.answers:
            self._check_answer(answer)
            self.settled[answer] = replace(decision, answers=(answer,), codes=codes)

    def _set_status(self, answers: Iterable[str], status: Status | None) -> None:
        for answer in answers:
            self._check_answer(answer)
            self.statuses[answer] = status

    def _mark(self, coder: str, decision: MarkAnswers) -> None:
        for answer in decision.answers:
            self._check_answer(answer)
            if decision.on and decision.mark == "nothing" and (coder, answer) in self.codings:
                raise UserError("log.nothing_but_coded", answer=answer)
            self._set_mark(coder, answer, decision.mark, decision.on)

    def _set_mark(self, coder: str, answer: str, mark: Mark, on: bool) -> None:
        others = tuple(each for each in self.marks.get((coder, answer), ()) if each != mark)
        marks = (*others, mark) if on else others
        if marks:
            self.marks[coder, answer] = marks
        else:
            self.marks.pop((coder, answer), None)

    def _write_memo(self, coder: str, answer: str, text: str) -> None:
        self._check_answer(answer)
        if text.strip():
            self.memos[coder, answer] = text
        else:
            self.memos.pop((coder, answer), None)

    def _write_sheet(self, decision: WriteSheet) -> None:
        code = self._code(decision.code).id
        given = {each.name: getattr(decision, each.name) for each in fields(decision)}
        said = {name: text.strip() for name, text in given.items() if text is not None}
        if said.get("case"):
            self._check_answer(said["case"])
        self._keep_sheet(replace(self.sheets.get(code, Sheet(code)), **said))

    def _keep_sheet(self, sheet: Sheet) -> None:
        if sheet == Sheet(sheet.code):
            self.sheets.pop(sheet.code, None)
        else:
            self.sheets[sheet.code] = sheet

    def _mark_part(self, decision: MarkPart | UnmarkPart) -> None:
        """What is unmarked need not be marked: one who is blind may not see that it was."""
        answer, start, end = decision.answer, decision.start, decision.end
        self._check_answer(answer)
        if not 0 <= start < end:
            raise UserError("log.bad_segment", answer=answer, start=start, end=end)
        passage = Passage(decision.part, start, end, decision.field)
        kept = {each for each in self.passages.get(answer, ()) if each != passage}
        if isinstance(decision, MarkPart):
            if decision.instead:
                before, until = decision.instead
                kept.discard(replace(passage, start=before, end=until))
            kept.add(passage)
        if kept:
            self.passages[answer] = tuple(sorted(kept, key=_place_of))
        else:
            self.passages.pop(answer, None)

    def _set_apart(self, first: str, second: str) -> None:
        self._check_answer(first)
        self._check_answer(second)
        if first == second:
            raise UserError("log.apart_same", answer=first)
        self.apart.append((first, second))

    # --- the codebook --------------------------------------------------------------------------

    def _create(
        self,
        code: str,
        label: str,
        definition: str,
        parent: str | None = None,
        codable: bool = True,
    ) -> None:
        if code in self.codes:
            raise ValueError(f"code {code} is there already")
        if parent is not None:
            self._code(parent)
        self._check_label(label, self.codes.values())
        made = Code(code, _need_text(label), definition, parent=parent, codable=codable)
        self.codes[code] = made

    def _revise(self, decision: ReviseCode) -> None:
        code = self._code(decision.code)
        given = {each.name: getattr(decision, each.name) for each in fields(decision)}
        changed = {name: value for name, value in given.items() if value is not None}
        del changed["code"]
        if "label" in changed:
            self._check_label(
                changed["label"], (each for each in self.codes.values() if each != code)
            )
            changed["label"] = _need_text(changed["label"])
        for answer in changed.get("examples", ()):
            self._check_answer(answer)
        self.codes[code.id] = replace(code, **changed)

    def _move_code(self, decision: MoveCode) -> None:
        code = self._code(decision.code)
        if decision.parent is not None:
            self._check_parent(code, decision.parent)
        if decision.before is not None and self._code(decision.before).parent != decision.parent:
            raise UserError("log.not_a_sibling", label=self._code(decision.before).label)
        del self.codes[code.id]
        order = list(self.codes.values())
        at = next((i for i, c in enumerate(order) if c.id == decision.before), len(order))
        order.insert(at, replace(code, parent=decision.parent))
        self.codes = {each.id: each for each in order}

    def _check_parent(self, code: Code, parent: str) -> None:
        at: str | None = parent
        while at is not None:
            if at == code.id:
                raise UserError("log.below_itself", label=code.label)
            at = self._code(at).parent

    def _merge(self, source: str, target: str) -> None:
        merged = self._code(source)
        self._code(target)
        if source == target:
            raise UserError("log.merge_same", label=merged.label)
        for (coder, answer), codes in list(self.codings.items()):
            if source in codes:
                self._merge_on(coder, answer, source, target)
        for answer, each in self.settled.items():
            if source in each.codes:
                now = dict.fromkeys(target if code == source else code for code in each.codes)
                self.settled[answer] = replace(each, codes=tuple(now))
        self._hand_on_children(merged, target)
        self._merge_sheets(source, target)
        self.acted = [(who, _followed(act, source, target)) for who, act in self.acted]
        self.used = {act.code for _, act in self.acted}
        del self.codes[source]

    def _merge_sheets(self, source: str, target: str) -> None:
        """What was written of both is written of the one, that of ``target`` first."""
        one, other = (self.sheets.pop(each, Sheet(each)) for each in (target, source))
        both = {
            name: "\n\n".join(dict.fromkeys(filter(None, (getattr(one, name), more))))
            for name, more in vars(other).items()
            if name not in ("code", "case")
        }
        self._keep_sheet(replace(one, **both, case=one.case or other.case))

    def _merge_on(self, coder: str, answer: str, source: str, target: str) -> None:
        codes = self.codings[coder, answer]
        whole = any(
            each in codes and (coder, answer, each) not in self.spans for each in (source, target)
        )
        both = [self.spans.pop((coder, answer, each), ()) for each in (source, target)]
        if not whole:
            self.spans[coder, answer, target] = tuple(sorted({*both[0], *both[1]}))
        merged = dict.fromkeys(target if code == source else code for code in codes)
        self.codings[coder, answer] = tuple(merged)

    def _hand_on_children(self, source: Code, target: str) -> None:
        """What stood under ``source`` stands under ``target``; what ``target`` is under, beside."""
        above = set()
        at: str | None = target
        while at is not None:
            above.add(at)
            at = self.codes[at].parent
        for child in [each for each in self.codes.values() if each.parent == source.id]:
            parent = source.parent if child.id in above else target
            self.codes[child.id] = replace(child, parent=parent)

    def _split(self, coder: str, decision: SplitCode) -> None:
        source = self._code(decision.source)
        if not decision.parts:
            raise UserError("log.split_nothing", label=source.label)
        for part in decision.parts:
            self._create(part.code, part.label, part.definition, source.parent)
        for answer in dict.fromkeys(each for part in decision.parts for each in part.answers):
            targets = [part.code for part in decision.parts if answer in part.answers]
            self._move_answers(coder, (answer,), source.id, targets)

    # --- what is coded -------------------------------------------------------------------------

    def _put(self, coder: str, code: str, answers: Iterable[str]) -> None:
        """A code on answers as a whole, also where it was on a segment only."""
        if not self._code(code).codable:
            raise UserError("log.not_codable", label=self.codes[code].label)
        for answer in answers:
            self._check_answer(answer)
            self._set_mark(coder, answer, "nothing", on=False)
            self.spans.pop((coder, answer, code), None)
            codes = self.codings.get((coder, answer), ())
            if code not in codes:
                self.codings[coder, answer] = (*codes, code)

    def _give(self, coder: str, code: str, answers: tuple[str, ...]) -> None:
        """A code on answers that nobody was offered it for: an act without a forecast."""
        self._put(coder, code, answers)
        self._act(coder, Act(Turn(answers), code, answers, new=code not in self.used))

    def _accept(self, coder: str, decision: AcceptGroup) -> None:
        self._check_turn(decision.turn)
        _check_split(decision)
        if decision.label:
            self._create(decision.code, decision.label, decision.definition)
        self._put(coder, decision.code, decision.answers)
        turn, answers, excluded = decision.turn, decision.answers, decision.excluded
        self._act(coder, Act(turn, decision.code, answers, excluded, bool(decision.label)))

    def _act(self, coder: str, act: Act) -> None:
        self.acted.append((coder, act))
        self.used.add(act.code)

    def _take(self, coder: str, code: str, answers: Iterable[str]) -> None:
        label = self._code(code).label
        for answer in answers:
            codes = self.codings.get((coder, answer), ())
            if code not in codes:
                raise UserError("log.not_coded", answer=answer, label=label)
            self.spans.pop((coder, answer, code), None)
            rest = tuple(each for each in codes if each != code)
            if rest:
                self.codings[coder, answer] = rest
            else:
                del self.codings[coder, answer]

    def _move_answers(
        self, coder: str, answers: Iterable[str], source: str, targets: Iterable[str]
    ) -> None:
        """Answers from one code to others, which stand on the same segments if there are any."""
        for answer in answers:
            spans = self.spans.get((coder, answer, source), ())
            self._take(coder, source, (answer,))
            for target in targets:
                before = self.spans.get((coder, answer, target), ())
                was_there = target in self.codings.get((coder, answer), ())
                self._put(coder, target, (answer,))
                if spans and (before or not was_there):
                    self.spans[coder, answer, target] = tuple(sorted({*before, *spans}))

    def _set_segment(self, coder: str, decision: CodeSegment | UncodeSegment) -> None:
        code, answer = decision.code, decision.answer
        span = (decision.start, decision.end)
        spans = self.spans.get((coder, answer, code), ())
        if isinstance(decision, UncodeSegment):
            if span not in spans:
                raise UserError("log.no_segment", answer=answer, label=self._code(code).label)
            left = tuple(each for each in spans if each != span)
        else:
            if not 0 <= span[0] < span[1]:
                raise UserError("log.bad_segment", answer=answer, start=span[0], end=span[1])
            self._put(coder, code, (answer,))
            left = tuple(sorted({*spans, span}))
        if left:
            self.spans[coder, answer, code] = left
        else:
            self._take(coder, code, (answer,))

    # --- checks --------------------------------------------------------------------------------

    def _check_answer(self, answer: str) -> None:
        if answer not in self.answers:
            raise UserError("log.no_answer", answer=answer)

    def _check_turn(self, turn: Turn) -> None:
        for answer in turn.shown:
            self._check_answer(answer)
        if not turn.shown or len(set(turn.shown)) < len(turn.shown):
            raise ValueError("a turn shows nothing, or an answer twice")
        if turn.chances and len(turn.chances) != len(turn.shown):
            raise ValueError("a turn has a chance for each answer that it shows, or none")

    def _code(self, code: str) -> Code:
        if code not in self.codes:
            raise UserError("log.no_code", code=code)
        return self.codes[code]

    def _check_label(self, label: str, others: Iterable[Code]) -> None:
        if _folded(label) in {_folded(each.label) for each in others}:
            raise UserError("log.code_exists", label=label)


def _check_split(decision: AcceptGroup) -> None:
    """What is accepted and what is taken out was shown, and nothing is both."""
    answers, excluded = decision.answers, decision.excluded
    if not answers:
        raise UserError("log.nothing_accepted")
    for answer in (*answers, *excluded):
        if answer not in decision.turn.shown:
            raise UserError("log.not_shown", answer=answer)
    both = [answer for answer in answers if answer in excluded]
    if both:
        raise UserError("log.in_and_out", answer=both[0])


def _followed(act: Act, source: str, target: str) -> Act:
    """The act as if it had been about the code that ``source`` has gone into."""
    if source not in (act.code, act.turn.code, *act.turn.offered):
        return act

    def now(code: str | None) -> str | None:
        return target if code == source else code

    offered = dict.fromkeys(target if each == source else each for each in act.turn.offered)
    turn = replace(act.turn, code=now(act.turn.code), offered=tuple(offered))
    return replace(act, turn=turn, code=now(act.code))


def _place_of(passage: Passage) -> tuple[int, bool, int, int]:
    """Passages stand by part, then as in the answer, what was added later last."""
    order = get_args(AnswerPart).index(passage.part)
    return order, passage.field == "elaboration", passage.start, passage.end


def _need_text(text: str) -> str:
    if not text.strip():
        raise UserError("log.empty_name")
    return " ".join(text.split())


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
