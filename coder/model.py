"""The nouns: a survey's schema and contents, what was decided, what the machine proposes.

Everything here is frozen plain data. A table inside a value is never changed after it was made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import pandas as pd

# What long work tells the one who waits: text key of the step, done, total (0 = not known).
Progress = Callable[[str, int, int], None]

Role = Literal["answer", "dont_know", "not_relevant"]
Kind = Literal[
    "id", "background", "single", "multiple", "matrix", "number", "open", "consent", "ignore"
]
Scale = Literal["descending", "ascending"]
# Of whom a share is: who answered, was asked or ticked anything; or of all ticks that were made.
Base = Literal["answered", "asked", "ticked", "ticks"]
# Why what was written is no answer that could be coded.
Status = Literal["empty", "dont_know", "none", "see_above", "noise", "duplicate", "near_duplicate"]
# What a coder notes of an answer: done with it, nothing applies, to be discussed, a good quotation.
Mark = Literal["done", "nothing", "discuss", "quote"]
# May an answer to an open question have several codes?
CodesPerAnswer = Literal["one", "many"]
# Is a score the mean over all its items, or over the means of its dimensions?
MeanOf = Literal["items", "dimensions"]
# What is done with a find of personal data: shown as written, replaced by a pseudonym, left out.
Treatment = Literal["keep", "replace", "drop"]
# What a person may do in a study: everything, code, or read what may be published.
CoderRole = Literal["lead", "coder", "reader"]
# How answers may leave a study: not at all, with pseudonyms for names, or with the names.
Publishing = Literal["nothing", "anonymous", "named"]
# Who codes what in a round: everyone all; everyone some and the rest parted; each answer by two;
# each coder again some of the answers that he or she has coded.
Design = Literal["all", "overlap", "pairs", "again"]
# Why coders disagreed, as whoever settled it sees it.
Cause = Literal["slip", "unclear_definition", "both_apply", "ambiguous"]
# What a passage of an answer tells: whom it is for, why it was done, what was done and learned.
AnswerPart = Literal["target_group", "purpose", "action", "learning"]
# In which of its two texts a passage of an answer is: as first written, or what was added later.
AnswerField = Literal["text", "elaboration"]


# --- the questionnaire -------------------------------------------------------------------------


@dataclass(frozen=True)
class Option:
    """A possible answer to a closed item. ``code`` is always text, also when the file has 1.0."""

    code: str
    label: str
    role: Role = "answer"


@dataclass(frozen=True)
class Merged:
    """Options that a table may show as one, such as "high or very high"."""

    label: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Item:
    """One thing that is answered: a single question itself, or a row of a matrix."""

    name: str
    label: str


@dataclass(frozen=True)
class Condition:
    """Asked if ``item`` has any of these codes (of a multiple question: any of them ticked)."""

    item: str
    any_of: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """A question of the questionnaire.

    ``scale`` tells the order in which the ordinary options stand; None means nominal. ``base``
    tells of whom percentages are taken, and ``outside`` the roles of options that do not count in
    it. ``merged`` are options that may be shown as one; no option is in two. ``elaboration`` names
    the column with what was added to an open answer later; ``permits`` the codes of a consent
    question that allow publication. Of a multiple question ``maximum`` is how many may be ticked
    (None: any number), and ``ticked`` what a tick is written as in the file (None: as usual, such
    as 1 or x). ``codes`` tells whether an answer to an open question may have several.
    """

    name: str
    kind: Kind
    label: str
    options: tuple[Option, ...] = ()
    items: tuple[Item, ...] = ()
    scale: Scale | None = None
    base: Base = "answered"
    asked_if: tuple[Condition, ...] = ()
    elaboration: str | None = None
    permits: tuple[str, ...] = ()
    maximum: int | None = None
    ticked: str | None = None
    codes: CodesPerAnswer = "many"
    outside: tuple[Role, ...] = ()
    merged: tuple[Merged, ...] = ()

    def columns(self) -> tuple[str, ...]:
        """The names of the columns that hold this question (without a case's prefix)."""
        if self.kind == "multiple":
            return tuple(tick_column(self.name, option.code) for option in self.options)
        return tuple(item.name for item in self.items)

    def option(self, code: str) -> Option | None:
        """The option with this code, or None."""
        return next((option for option in self.options if option.code == code), None)


def tick_column(question: str, code: str) -> str:
    """The column that tells whether this option of a multiple question was ticked."""
    return f"{question}_{code}"


@dataclass(frozen=True)
class Cases:
    """Which questions are about a case, and how the cases of one respondent lie in the file.

    Either side by side: one block of columns per case, each with its prefix. Or one below the
    other: with ``rows``, every row is a case, and rows with one id belong to one respondent.
    """

    questions: tuple[str, ...]
    prefixes: tuple[str, ...] = ("",)
    rows: bool = False


@dataclass(frozen=True)
class Questionnaire:
    """The schema of a survey.

    ``organisation`` names the background question whose distinct values are counted beside the
    answers (municipalities, in the founding case); None when there is none. ``columns`` gives the
    heading in the file of every column that is called something else here.
    """

    title: str
    language: str
    questions: tuple[Question, ...]
    cases: Cases
    organisation: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)

    def question(self, name: str) -> Question:
        """The question with this name; ``ValueError`` when there is none."""
        for question in self.questions:
            if question.name == name:
                return question
        raise ValueError(f"no question {name!r}")

    def question_of(self, item: str) -> Question:
        """The question that an item belongs to; ``ValueError`` when there is none."""
        for question in self.questions:
            if any(item == each.name for each in question.items):
                return question
        raise ValueError(f"no item {item!r}")

    def of_kind(self, *kinds: Kind) -> tuple[Question, ...]:
        """The questions of these kinds, in the order of the questionnaire."""
        return tuple(question for question in self.questions if question.kind in kinds)

    def is_about_case(self, question: Question) -> bool:
        """Whether the question is put once per case rather than once per respondent."""
        return question.name in self.cases.questions

    def prefixes(self, question: Question) -> tuple[str, ...]:
        """The prefixes of the blocks of columns in which the question stands."""
        return self.cases.prefixes if self.is_about_case(question) else ("",)


# --- what came in ------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Survey:
    """A survey as imported.

    respondents : one row per invited person (index ``respondent``); the columns of every
        question that is not about a case; ``answered`` tells who took part.
    cases : one row per case (index ``case``: ``R017``, ``R017.2``), with ``respondent``,
        ``number`` (1 for the first) and the columns of the closed questions about a case.
    answers : one row per answer (index ``answer``), with ``respondent``, ``case``, ``number``,
        ``question``, ``text`` and ``elaboration`` (missing when nothing was added).

    Closed values are option codes as text, numbers are floats; missing means not answered, and
    the filters of the questionnaire tell "skipped" from "not asked".
    """

    questionnaire: Questionnaire
    respondents: pd.DataFrame
    cases: pd.DataFrame
    answers: pd.DataFrame


@dataclass(frozen=True)
class Change:
    """A value that was there and is another in the later file; None: it is there no more."""

    respondent: str
    column: str
    before: str
    after: str | None


@dataclass(frozen=True)
class FindInSentence:
    """What looks like personal data, in the sentence it stands in, for review.

    ``id`` tells the place, never the words. ``treatment`` is None until somebody has decided.
    """

    id: str
    answer: str
    kind: str
    before: str
    words: str
    after: str
    pseudonym: str
    treatment: Treatment | None


# --- what was decided --------------------------------------------------------------------------


@dataclass(frozen=True)
class Code:
    """A node of the codebook. ``id`` is a UUID made by the caller.

    ``include`` and ``exclude`` tell what belongs and what does not, ``examples`` are answers.
    ``colour`` is ``#rrggbb``, or empty. ``parent`` is the code above, None at the top. A retired
    code is not offered any more; one that is not ``codable`` is a heading.
    """

    id: str
    label: str
    definition: str = ""
    include: str = ""
    exclude: str = ""
    memo: str = ""
    colour: str = ""
    parent: str | None = None
    examples: tuple[str, ...] = ()
    retired: bool = False
    codable: bool = True


@dataclass(frozen=True)
class Coding:
    """One code on one answer, by one coder; on its segments ``spans``, or, without, on all of it.

    A span is ``(start, end)`` in Unicode code points of the answer as it was written.
    """

    answer: str
    code: str
    coder: str
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Sheet:
    """What is written of a category, in sentences that cite answers, as in ``[R017]``.

    ``character`` : what characterises it; ``audience`` : whom it is for; ``benefit`` : which
    benefit is experienced. ``case`` is the answer that illustrates it. All may be empty.
    """

    code: str
    character: str = ""
    audience: str = ""
    benefit: str = ""
    case: str = ""


@dataclass(frozen=True)
class Passage:
    """A run of an answer that is marked as one of its parts.

    ``start`` and ``end`` are Unicode code points of the field as it was written.
    """

    part: AnswerPart
    start: int
    end: int
    field: AnswerField = "text"


@dataclass(frozen=True)
class AddCoder:
    """A person starts to work in the study."""

    coder: str
    name: str


@dataclass(frozen=True)
class SetRole:
    """A lead tells what a person may do. The first who does so is a lead from then on."""

    coder: str
    role: CoderRole


@dataclass(frozen=True)
class CreateCode:
    """A new, so far unused, code."""

    code: str
    label: str
    definition: str = ""
    parent: str | None = None
    codable: bool = True


@dataclass(frozen=True)
class ConfirmProposal:
    """A proposal becomes a code, put on the answers that the coder kept of it.

    ``suggested_by`` names the machine that made the proposal, ``proposal`` is its id there.
    """

    code: str
    label: str
    answers: tuple[str, ...]
    proposal: str
    suggested_by: str
    definition: str = ""


@dataclass(frozen=True)
class AcceptGroup:
    """What a coder accepts of a turn gets a code; with a ``label``, the code is made by this.

    The answers in ``answers`` get it, those in ``excluded`` do not; what else was shown goes back.
    The turn may be a single answer. ``suggested_by`` names the machine that made the turn.
    """

    turn: Turn
    code: str
    answers: tuple[str, ...]
    excluded: tuple[str, ...] = ()
    suggested_by: str = ""
    label: str = ""
    definition: str = ""


@dataclass(frozen=True)
class RejectGroup:
    """A coder turns down all of what was shown. No coding changes; suggestions learn from it."""

    turn: Turn
    suggested_by: str = ""


@dataclass(frozen=True)
class SetApart:
    """Two answers are about different things: no proposal has both of them from now on."""

    first: str
    second: str


@dataclass(frozen=True)
class ReviseCode:
    """A code is described otherwise; what is None stays. So do the id and every coding."""

    code: str
    label: str | None = None
    definition: str | None = None
    include: str | None = None
    exclude: str | None = None
    memo: str | None = None
    colour: str | None = None
    examples: tuple[str, ...] | None = None
    codable: bool | None = None


@dataclass(frozen=True)
class MoveCode:
    """A code gets another place: under ``parent`` (None: at the top), before a sibling or last."""

    code: str
    parent: str | None = None
    before: str | None = None


@dataclass(frozen=True)
class RetireCode:
    """A code is not offered any more, or it is again. What is coded with it stays so."""

    code: str
    retired: bool = True


@dataclass(frozen=True)
class ApplyCode:
    """A code is put on answers that don't have it from this coder."""

    code: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class RemoveCode:
    """A code is taken off answers that have it from this coder."""

    code: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class MoveAnswers:
    """Answers go from one code to another, for this coder."""

    answers: tuple[str, ...]
    source: str
    target: str


@dataclass(frozen=True)
class MergeCodes:
    """Everything coded ``source``, by any coder, is coded ``target``; ``source`` is no more."""

    source: str
    target: str


@dataclass(frozen=True)
class SplitPart:
    """One of the codes that a code is split into, and the answers that go there."""

    code: str
    label: str
    answers: tuple[str, ...]
    definition: str = ""


@dataclass(frozen=True)
class SplitCode:
    """New codes beside ``source`` take over answers from it, for this coder; the rest stays."""

    source: str
    parts: tuple[SplitPart, ...]


@dataclass(frozen=True)
class CodeSegment:
    """A code is put on a segment of an answer; if it was on all of it, it is only there now."""

    code: str
    answer: str
    start: int
    end: int


@dataclass(frozen=True)
class UncodeSegment:
    """A code is taken off a segment; with its last segment it leaves the answer."""

    code: str
    answer: str
    start: int
    end: int


@dataclass(frozen=True)
class MarkAnswers:
    """A coder notes something of answers, or, without ``on``, takes the note away."""

    answers: tuple[str, ...]
    mark: Mark
    on: bool = True


@dataclass(frozen=True)
class WriteMemo:
    """A coder's own note on an answer; an empty one takes it away."""

    answer: str
    text: str


@dataclass(frozen=True)
class WriteSheet:
    """What is written of a category is another now; what is None stays."""

    code: str
    character: str | None = None
    audience: str | None = None
    benefit: str | None = None
    case: str | None = None


@dataclass(frozen=True)
class MarkPart:
    """A run of an answer is marked as one of its parts, for everyone.

    ``instead`` : start and end of another run of the field that is the same part no longer.
    """

    answer: str
    part: AnswerPart
    start: int
    end: int
    field: AnswerField = "text"
    instead: tuple[int, int] | None = None


@dataclass(frozen=True)
class UnmarkPart:
    """The mark is taken away; where there is none any more, nothing is."""

    answer: str
    part: AnswerPart
    start: int
    end: int
    field: AnswerField = "text"


@dataclass(frozen=True)
class SetStatus:
    """What was written is no answer (or, with None, it is one after all). It is not a coding."""

    answers: tuple[str, ...]
    status: Status | None


@dataclass(frozen=True)
class TreatFinds:
    """What is done with finds of personal data, by their ids: the places, never the words."""

    finds: tuple[str, ...]
    treatment: Treatment


@dataclass(frozen=True)
class Assigned:
    """The answers that a coder codes in a round."""

    coder: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class OpenRound:
    """A lead asks coders to code answers. ``round`` is a UUID made by the caller.

    While a ``blind`` round is open nobody sees what others code in it. A ``test`` is a blind round
    on settled answers, for new coders to compare themselves with. ``assigned`` is what counts;
    ``design``, how many answers all code (``overlap``), by which background question they were
    drawn (``by``; empty: none) and ``seed`` tell how it came about.

    Of the design ``again``, which is blind, ``overlap`` is how many answers each coder was to get
    at most. What a coder decides of them while the round is open is a second coding beside the
    first, and changes nothing of it.
    """

    round: str
    label: str
    assigned: tuple[Assigned, ...]
    blind: bool = True
    test: bool = False
    design: Design = "all"
    overlap: int = 0
    by: str = ""
    seed: int = 0

    @property
    def answers(self) -> tuple[str, ...]:
        """Every answer of the round, each once."""
        return tuple(dict.fromkeys(answer for each in self.assigned for answer in each.answers))

    @property
    def again(self) -> bool:
        """Whether it is about answers that their coders have coded before."""
        return self.design == "again"

    @property
    def coders(self) -> tuple[str, ...]:
        """Who codes in the round."""
        return tuple(each.coder for each in self.assigned)

    def of(self, coder: str | None) -> tuple[str, ...]:
        """The answers that this coder codes in it; empty for one who does not."""
        return next((each.answers for each in self.assigned if each.coder == coder), ())


@dataclass(frozen=True)
class CloseRound:
    """The round is over: everyone sees what was coded in it."""

    round: str


@dataclass(frozen=True)
class Settle:
    """The codes that answers have after all; none: nothing applies. No coder's coding changes."""

    answers: tuple[str, ...]
    codes: tuple[str, ...]
    reason: Cause
    note: str = ""


@dataclass(frozen=True)
class PermitPublishing:
    """A lead tells how the answers leave that may leave at all; who refused never does.

    ``smallest`` is how many respondents must share what is told of one beside a category, when
    answers leave anonymously; ``cells`` the background questions that this is about, none: all.
    """

    form: Publishing
    smallest: int = 3
    cells: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hidden:
    """What stands in a log for a decision that its reader may not see. It is never written."""


@dataclass(frozen=True)
class Undo:
    """An earlier entry counts as never made. Undoing an ``Undo`` redoes."""

    no: int


Decision = (
    AddCoder
    | SetRole
    | CreateCode
    | ConfirmProposal
    | AcceptGroup
    | RejectGroup
    | SetApart
    | ReviseCode
    | MoveCode
    | RetireCode
    | ApplyCode
    | RemoveCode
    | MoveAnswers
    | MergeCodes
    | SplitCode
    | CodeSegment
    | UncodeSegment
    | MarkAnswers
    | WriteMemo
    | WriteSheet
    | MarkPart
    | UnmarkPart
    | SetStatus
    | TreatFinds
    | OpenRound
    | CloseRound
    | Settle
    | PermitPublishing
    | Hidden
    | Undo
)


@dataclass(frozen=True)
class LogEntry:
    """One line of the decision log: number (from 1, no gaps), time in UTC, who, what, why.

    ``id`` is given by the one who posts, so that what is posted twice counts once; empty: none.
    """

    no: int
    at: datetime
    coder: str
    decision: Decision
    why: str = ""
    id: str = ""


# --- what the machine offers -------------------------------------------------------------------


@dataclass(frozen=True)
class Wordlist:
    """What the researcher knows about the words of a survey, all in lower case.

    ``stop`` : words that tell nothing here. ``together`` : words that mean the same, each group
    called by its first. ``seeds`` : concepts looked for; answers that have one are a group of
    their own.
    """

    stop: tuple[str, ...] = ()
    together: tuple[tuple[str, ...], ...] = ()
    seeds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """A group of answers offered as a possible category. It has no effect on the coding.

    ``answers`` stand in order of typicality, ``typicality`` is each one's cosine to the group's
    centre; ``coherence`` is their mean. ``terms`` tell the group from the others, best first, and
    ``name`` is made of them; both are empty when the answers have no words that tell anything.
    ``doubtful`` are the answers nearest to leaving, most doubtful first. ``stability``, 0 to 1, is
    how far the group comes again when answers are left out; None when it is not known. ``spans``
    gives for each answer the segments, ``(start, end)``, that stand here; empty when they all
    stand here as a whole.
    """

    id: str
    answers: tuple[str, ...]
    typicality: tuple[float, ...]
    terms: tuple[str, ...]
    coherence: float
    name: str = ""
    doubtful: tuple[str, ...] = ()
    stability: float | None = None
    spans: tuple[tuple[tuple[int, int], ...], ...] = ()


@dataclass(frozen=True)
class ProposalNode:
    """A group of the tree of proposals: the units ``start`` to ``stop``, and what is known of it.

    ``typicality`` is in the order of the units, in ten-thousandths. ``doubtful`` are units.
    """

    start: int
    stop: int
    typicality: tuple[int, ...]
    terms: tuple[str, ...]
    name: str
    doubtful: tuple[int, ...]
    stability: float | None


@dataclass(frozen=True)
class ProposalTree:
    """Every number of proposals there is, along one tree.

    ``units`` are the answers, or with ``spans`` their segments, so ordered that every group is a
    run of them. ``nodes`` are first the roots, then the two parts of each split; ``splits`` tells
    which node is parted, coarsest first. ``near`` gives for each unit those most like it.
    """

    units: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    nodes: tuple[ProposalNode, ...]
    splits: tuple[int, ...]
    near: tuple[tuple[int, ...], ...]

    @property
    def fewest(self) -> int:
        """The least number of proposals: more than one where groups must stand apart."""
        return len(self.nodes) - 2 * len(self.splits)

    @property
    def most(self) -> int:
        """The greatest number of proposals."""
        return self.fewest + len(self.splits)


@dataclass(frozen=True)
class ProposalSet:
    """Proposals made together, largest group first.

    Every answer stands in exactly one of them, or, by segment, in one or more. ``tree`` has every
    finer and coarser cut; None in sets that were made before there was one.
    """

    proposals: tuple[Proposal, ...]
    encoder: str
    settings: Mapping[str, object] = field(default_factory=dict)
    tree: ProposalTree | None = None

    def __iter__(self) -> Iterator[Proposal]:
        return iter(self.proposals)

    def __len__(self) -> int:
        return len(self.proposals)


@dataclass(frozen=True)
class WhyHere:
    """Why an answer stands in a proposal: the answers most like it, and the terms it shares."""

    answer: str
    proposal: str
    near: tuple[str, ...]
    terms: tuple[str, ...]


@dataclass(frozen=True)
class Turn:
    """What a coder is shown next: one answer, or a group to accept, sorted so that one line cuts.

    ``code`` is the code that a group is offered for, None for a group that may be something new
    and for a single answer. ``offered`` are at most nine codes for the single answer or for the
    whole group, best first. ``chances`` are the probabilities, as the machine sees them, that each
    answer shown belongs here: to ``code``, to whatever most of the group is, or, for a single
    answer, to the first code offered; empty where it says nothing. It has no effect.
    """

    shown: tuple[str, ...]
    code: str | None = None
    offered: tuple[str, ...] = ()
    chances: tuple[float, ...] = ()


@dataclass(frozen=True)
class Act:
    """What a coder made of a turn: ``accepted`` answers got ``code``, ``excluded`` did not.

    What is in neither stays as it was. Without a ``code`` the whole turn was turned down. ``new``
    tells whether the code was made by this act.
    """

    turn: Turn
    code: str | None
    accepted: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    new: bool = False


@dataclass(frozen=True)
class Suggestion:
    """At most nine codes for one answer, best first, each with its probability.

    ``new`` is the probability that the answer needs a code that is not there yet. All add up to at
    most 1; the rest is for the codes that are not among the nine.
    """

    answer: str
    codes: tuple[str, ...]
    chances: tuple[float, ...]
    new: float


# --- the score ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class RecipeItem:
    """One item of a recipe.

    ``dont_know`` is the value of a don't-know; None: it has no value. ``values`` gives the value of
    each ordinary option by its code; None: equal steps from 0 to 1 along the scale. ``weight``
    tells how much the item counts beside the others.
    """

    item: str
    reversed: bool = False
    dont_know: float | None = None
    weight: float = 1.0
    values: Mapping[str, float] | None = None


@dataclass(frozen=True)
class Dimension:
    """Items that belong together; ``label`` by language, ``weight`` beside the other dimensions."""

    name: str
    label: Mapping[str, str]
    items: tuple[RecipeItem, ...]
    weight: float = 1.0


@dataclass(frozen=True)
class Recipe:
    """The rule that makes a score from closed items (see ``results.score``).

    A case scores above when its score is strictly greater than ``threshold``. It is left out when
    more than ``most_dont_know`` items are don't-know; the two flags tell whether don't-knows that
    are given a value, and skipped items, count among them. It is also left out when fewer than
    ``fewest_values`` items have a value. The score is the mean over items, or of the dimensions'
    means, as ``mean_of`` says.
    """

    name: str
    threshold: float
    most_dont_know: int
    dimensions: tuple[Dimension, ...]
    replaced_dont_know_counts: bool = True
    skipped_counts: bool = False
    needs_description: bool = True
    fewest_values: int = 1
    mean_of: MeanOf = "items"

    def items(self) -> tuple[RecipeItem, ...]:
        """All items in the order of the dimensions."""
        return tuple(item for dimension in self.dimensions for item in dimension.items)
