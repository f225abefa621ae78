"""What the machine offers: proposals and suggestions. None of it has an effect on the coding."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coder.coding.relook import Relook, relook
from coder.errors import UserError
from coder.model import (
    Progress,
    Proposal,
    ProposalSet,
    Suggestion,
    Survey,
    Turn,
    WhyHere,
    Wordlist,
)
from coder.text.backends import COMPUTING, Backend
from coder.text.cut import cut, parted
from coder.text.kept import from_kept, to_keep
from coder.text.order import Order, ranked, shuffled, similarities
from coder.text.wordlist import format_wordlist, parse_wordlist

if TYPE_CHECKING:
    from coder.text.influence import Influence
    from coder.text.misfits import Duplicates, Misfit
    from coder.text.suggest import Past, Space

from coder.study.core import tell
from coder.study.lookback import Lookback


@dataclass(frozen=True, eq=False)
class _Known:
    """What suggestions know of the answers that may be coded, as they may be shown.

    ``answers``, ``texts`` and the rows of ``vectors`` are parallel; ``made`` are the proposals
    whose ``encoder`` is used. The space has the ``examples`` as well; ``example_vectors`` are
    parallel to them.
    """

    shown: Survey
    made: ProposalSet | None
    encoder: str
    ids: frozenset[str]
    answers: list[str]
    texts: list[str]
    vectors: NDArray[np.float32]
    space: Space
    examples: tuple[Example, ...]
    example_vectors: NDArray[np.float32]


@dataclass(frozen=True)
class Example:
    """A text that was coded elsewhere, such as in an earlier wave; its id is no answer's."""

    id: str
    text: str
    codes: tuple[str, ...]


class Offers(Lookback):
    """Groups of answers that may be categories, codes that may fit, and the order to read in."""

    def _forget(self) -> None:
        super()._forget()
        self._kept: tuple[int, ProposalSet | None] = (-1, None)
        self._known: _Known | None = None
        self._map: tuple[_Known, pd.DataFrame] | None = None
        self._blind: tuple[int, Survey, frozenset[str]] | None = None

    def proposals(self, count: int | None = None) -> ProposalSet | None:
        """The proposals that people work from, or None before any were made.

        count : how many, as near to it as there is; None: as they were made. Along the tree that is
        kept, so groups only split and merge.
        """
        with self._lock:
            version = self._store.version("proposals")
            if self._kept[0] != version:
                content = self._store.part("proposals")
                self._kept = version, from_kept(json.loads(content)) if content else None
            kept = self._kept[1]
        if kept is None:
            return None
        return kept if count is None or kept.tree is None else cut(kept, count)

    def propose(
        self,
        count: int | None = None,
        encoder: str | None = None,
        progress: Progress | None = None,
        *,
        by: Literal["answer", "segment"] = "answer",
        words: str | None = None,
        backend: Backend = "torch",
        dask: str | None = None,
    ) -> ProposalSet:
        """Group the answers into candidate categories and keep the proposals with the study.

        What has a code stays as it is and is not grouped again; the rest is, with what the codes
        have taught. When no two answers are without one, all are grouped as if none had any: a
        second look, which has no effect on the coding either.

        count : how many; None lets the texts decide. encoder : a name that ``load_encoder`` knows.
        by : ``segment`` cuts long answers where their subject changes. words : the text of a list
        of words, kept from now on; None uses the one that is kept. backend : how the encoder
        computes. dask : the address of a Dask scheduler whose workers encode and assign answers
        to groups; None: this machine.
        Raises ``UserError`` when there is nothing to group, no such encoder, backend or scheduler,
        or a mistake in the list.
        """
        # Imported here: spaCy and torch take seconds to load, and nothing else needs them.
        from coder.text.embed import embed
        from coder.text.encode import load_encoder
        from coder.text.leaves import Extras
        from coder.text.propose import propose
        from coder.text.segments import segments
        from coder.text.spread import connected, encode_spread

        answers = self.survey.answers.drop(index=list(self.state.set_aside()))
        codes = self._codes()
        left = len(answers) - sum(answer in codes for answer in answers.index)
        if left < 2:
            codes, left = {}, len(answers)
        _check_count(count, left)
        wordlist = self.wordlist() if words is None else parse_wordlist(words)
        tell(progress, "progress.loading", 0, 0)
        model = load_encoder(encoder, progress, backend)

        def encode(texts: Sequence[str]) -> NDArray[np.float32]:
            with connected(dask) as client:
                there = encode_spread(client, model.record, encoder, backend) if client else None
                return embed(texts, model, self._cache(), progress, there)

        ids, texts = answers.index.tolist(), answers["text"].tolist()
        spans: list[tuple[int, int]] = []
        if by == "segment":
            owner, spans, vectors = segments(texts, encode)
            texts = [texts[i][a:b] for i, (a, b) in zip(owner, spans, strict=True)]
            ids = [ids[i] for i in owner]
        else:
            vectors = encode(texts)
        tell(progress, "progress.grouping", 0, 0)
        extras = Extras(spans, [codes.get(each) for each in ids], self.state.apart, wordlist)
        language = self.questionnaire.language
        name = model.record.name
        with connected(dask) as client:
            proposals = propose(ids, texts, vectors, language, name, count, extras, client)
        record = model.record
        computed: dict[str, object] = {"backend": record.backend, "precision": record.precision}
        computed["record"] = asdict(record)  # so that it need not be loaded to find its vectors
        if encoder not in (None, model.record.name):
            computed["encoder"] = str(encoder)  # where it was loaded from, to load it again
        proposals = replace(proposals, settings={**proposals.settings, **computed})
        parts = {"proposals": json.dumps(to_keep(proposals), separators=(",", ":")).encode()}
        if words is not None:
            parts["words"] = format_wordlist(wordlist).encode()
        self._store.add_parts(parts)
        return proposals

    def wordlist(self) -> Wordlist:
        """The researcher's list of words; an empty one before there is any."""
        content = self._store.part("words")
        return Wordlist() if content is None else parse_wordlist(content.decode())

    def why_here(self, answer: str, count: int | None = None) -> tuple[WhyHere, ...]:
        """Why an answer stands in its proposal (see ``text.why``); empty when it is in none."""
        from coder.text.why import why_here

        made = self.proposals(count)
        if made is None or answer not in self.survey.answers.index:
            return ()
        text = self.survey.answers.at[answer, "text"]
        return why_here(made, answer, text, self.questionnaire.language, self.wordlist())

    def parted(self, proposal: Proposal) -> tuple[Proposal, ...]:
        """The two groups that a proposal falls into next, along the tree; empty when in none."""
        made = self.proposals()
        return () if made is None else parted(made, proposal)

    def answer_map(self, progress: Progress | None = None) -> pd.DataFrame:
        """The place of each answer on a map, but for those set aside (see ``text.map``)."""
        from coder.text.map import answer_map

        known, kept = self._known_now(progress), self._map
        if kept is None or kept[0] is not known:  # without the lock: it takes seconds
            kept = self._map = known, answer_map(known.answers, known.texts, known.vectors)
        return kept[1].drop(index=list(self.state.set_aside()), errors="ignore")

    def _codes(self) -> dict[str, str]:
        """What each coded answer is coded, by any coder, as one text."""
        found: dict[str, set[str]] = {}
        for (_, answer), codes in self.state.codings.items():
            found.setdefault(answer, set()).update(codes)
        return {answer: " ".join(sorted(codes)) for answer, codes in found.items()}

    # --- suggestions ------------------------------------------------------------------------------

    def next_turn(self, coder: str | None = None, progress: Progress | None = None) -> Turn | None:
        """What to show next, or None when every answer has a code.

        coder : the one who works for themselves: only their own codings count and teach; None:
        those of all. Answers held out come alone and without offers, in between the others. What
        is decided of the turn is an ``AcceptGroup`` or a ``RejectGroup``.
        """
        from coder.text.suggest import next_turn

        known, past = self._known_now(progress), self._taught(self._past(coder))
        blind = self.held_out()
        return self._next_blind(known, past, blind) or next_turn(known.space, past, blind)

    def _next_blind(self, known: _Known, past: Past, blind: frozenset[str]) -> Turn | None:
        """One of the answers held out, when they lag behind the others: so both are coded by a
        coder who has learnt as much.
        """
        if not blind:
            return None
        ids = [each for each in known.space.answers if each in known.ids]
        left = [each for each in ids if each in blind and each not in past.coded]
        done = sum(each in past.coded for each in ids)
        if not left or (len(blind) - len(left)) * len(ids) >= done * len(blind):
            return None
        return Turn(tuple(left[:1]))

    def suggestions(
        self,
        answers: Sequence[str] | None = None,
        coder: str | None = None,
        progress: Progress | None = None,
    ) -> list[Suggestion]:
        """Up to nine codes for each answer without one, or for these answers, likeliest first.

        coder : as for ``next_turn``. None for answers that are held out or set aside.
        """
        from coder.text.suggest import suggestions

        known, past = self._known_now(progress), self._taught(self._past(coder))
        hidden = self.held_out() | self.state.set_aside()
        asked = known.space.answers if answers is None else answers
        wanted = [
            each
            for each in asked
            if each in known.ids
            and each not in hidden
            and (answers is not None or each not in past.coded)
        ]
        return suggestions(known.space, past, wanted)

    def order(
        self,
        by: Order = "imported",
        coder: str | None = None,
        code: str | None = None,
        seed: int = 0,
        progress: Progress | None = None,
    ) -> list[str]:
        """The answers that can be coded, in this order.

        Doubtful and typical go by the likeliest code of each answer, or, before there are codes,
        by its place in its proposal. code : the one that answers are to be like, for ``similar``.
        coder : as for ``next_turn``. Raises ``UserError`` when no answer has that code yet.
        """
        set_aside = self.state.set_aside()
        answers = [each for each in self.survey.answers.index if each not in set_aside]
        if by == "imported":
            return answers
        if by == "random":
            return shuffled(answers, seed)
        if by != "similar":
            return ranked(answers, self._likely(coder, progress), by == "doubtful")
        known, state = self._known_now(progress), self.state
        like = code or ""
        found = similarities(known.answers, known.vectors, state.answers_of(like))
        if not found:
            label = state.codes[like].label if like in state.codes else like
            raise UserError("order.no_answers", label=label)
        return ranked(answers, found, least_first=False)

    def _likely(self, coder: str | None, progress: Progress | None) -> dict[str, float]:
        """How sure it is where each answer belongs."""
        if self._past(coder).codes:
            ids = self._known_now(progress).answers
            offers = self.suggestions(ids, coder, progress)
            return {each.answer: each.chances[0] for each in offers if each.chances}
        made = self.proposals() or ()
        return {a: t for each in made for a, t in zip(each.answers, each.typicality, strict=True)}

    def likeliest(self, coder: str, progress: Progress | None = None) -> dict[str, str]:
        """The likeliest code of each answer this one has coded, as their other answers tell.

        So the machine has not seen the answer's own code (see ``text.misfits.chances_left_out``).
        """
        from coder.text.misfits import chances_left_out

        found = chances_left_out(self._known_now(progress).space, self._past(coder))
        return {answer: max(of, key=lambda each: of[each]) for answer, of in found.items() if of}

    def nearness(self, answer: str, others: Sequence[str]) -> dict[str, float]:
        """How like an answer others are: cosines of what the encoder makes of them."""
        known = self._known_now(None)
        rows = {each: row for row, each in enumerate(known.answers)}
        if answer not in rows:
            return {}
        own = known.vectors[rows[answer]]
        return {each: float(known.vectors[rows[each]] @ own) for each in others if each in rows}

    def suggested_by(self) -> str:
        """The name of the encoder by which turns and suggestions are made."""
        return self._known_now(None).encoder

    def hold_out(self, share: float, seed: int = 0) -> None:
        """Show this share of the answers without suggestions from now on; 0 ends it.

        Which they are follows from their ids and the seed alone. Raises ``UserError`` for a share
        that is none.
        """
        if not 0 <= share < 1:
            raise UserError("suggestions.bad_share", share=share)
        content = json.dumps({"share": share, "seed": seed}).encode()
        self._store.add_parts({"hold_out": content})

    def held_out(self) -> frozenset[str]:
        """The answers that are coded without suggestions."""
        from coder.text.influence import held_out

        with self._lock:
            key = self._store.version("hold_out"), self._original
            if self._blind is None or self._blind[0] != key[0] or self._blind[1] is not key[1]:
                rule = json.loads(self._store.part("hold_out") or b'{"share": 0, "seed": 0}')
                answers = held_out(self._original.answers.index, rule["share"], rule["seed"])
                self._blind = (*key, answers)
            return self._blind[2]

    def influence(self, progress: Progress | None = None) -> Influence:
        """What suggestions did to the coding (see ``text.influence``)."""
        from coder.text.influence import influence

        known, state = self._known_now(progress), self.state
        return influence(known.space, state.acted, state.codings, self.held_out())

    def misfits(self, progress: Progress | None = None) -> list[Misfit]:
        """The codings that look wrong next to their neighbours (see ``text.misfits``)."""
        from coder.text.misfits import misfits

        return misfits(self._known_now(progress).space, self._past(None))

    def sub_groups(
        self, code: str, count: int, coder: str | None = None, progress: Progress | None = None
    ) -> list[list[str]]:
        """The answers with this code in ``count`` groups that are alike (see ``text.subgroups``).

        coder : only those that have it from this one (None: from any). It has no effect.
        """
        from coder.text.subgroups import sub_groups

        known, having = self._known_now(progress), set(self.state.answers_of(code, coder))
        rows = [row for row, answer in enumerate(known.answers) if answer in having]
        return sub_groups([known.answers[row] for row in rows], known.vectors[rows], count)

    def near_duplicates(self, progress: Progress | None = None) -> list[Duplicates]:
        """The answers that say nearly the same, with their codes (see ``text.misfits``)."""
        from coder.text.misfits import near_duplicates

        known, past = self._known_now(progress), self._past(None)
        rows = [i for i, each in enumerate(known.answers) if past.coded.get(each, ("",))]
        answers = [known.answers[i] for i in rows]
        texts = [known.texts[i] for i in rows]
        return near_duplicates(answers, texts, known.vectors[rows], past.coded)

    def relook(
        self, code: str | None = None, progress: Progress | None = None, ranked: bool = True
    ) -> list[Relook]:
        """The codings that a changed code puts in question, those nearest to another code first.

        code : only this one's. ranked : without, in no order, and so without a language model. See
        ``coding.relook``.
        """
        from coder.text.misfits import chances_left_out

        found = relook(self.state, code)
        if not found or not ranked:
            return found
        chances = chances_left_out(self._known_now(progress).space, self._past(None))

        def lead(each: Relook) -> float:
            own = chances.get(each.answer, {})
            return own.get(each.code, 0.0) - max((own[k] for k in own if k != each.code), default=0)

        return sorted(found, key=lambda each: (lead(each), each.answer, each.coder))

    def _past(self, coder: str | None) -> Past:
        """What suggestions learn from, and the answers that are not open.

        Those are coded, done with or set aside. Codes that are not offered teach nothing.
        """
        from coder.text.suggest import Past

        state = self.state
        offered = {code.id: None for code in state.usable()}
        coded: dict[str, tuple[str, ...]] = dict.fromkeys(state.done_answers(coder), ())
        for (who, answer), codes in state.codings.items():
            if coder in (None, who):
                both = dict.fromkeys((*coded.get(answer, ()), *codes))
                coded[answer] = tuple(each for each in both if each in offered)
        coded |= dict.fromkeys(state.set_aside(), ())
        acts = [act for act in state.acts(coder) if act.code is None or act.code in offered]
        return Past(tuple(offered), coded, acts)

    def _examples(self) -> tuple[Example, ...]:
        """Texts coded elsewhere that suggestions learn from; see ``waves``."""
        return ()

    def _taught(self, past: Past) -> Past:
        """What has been decided, with the examples as if they had been coded here first."""
        offered = set(past.codes)
        coded = {
            each.id: tuple(code for code in each.codes if code in offered)
            for each in self._examples()
        }
        return replace(past, coded={**coded, **past.coded})

    def _known_now(self, progress: Progress | None) -> _Known:
        """What is known of the answers before anyone decides, made anew when they are others.

        An answer that is set aside meanwhile need not go: it counts as one that is not open.
        """
        with self._lock:
            state, made = self._current(), self.proposals()
            known = self._known
            stands = known and known.shown is self._shown and known.made is made
            stands = stands and known and known.examples is self._examples()
            if not known or not stands or state.answers - state.set_aside() - known.ids:
                self._known = known = self._know(made, progress)
            return known

    def _know(self, made: ProposalSet | None, progress: Progress | None) -> _Known:
        from coder.text.suggest import make_space

        table = self.survey.answers.drop(index=list(self._state.set_aside()))
        ids, texts = table.index.tolist(), table["text"].tolist()
        examples = self._examples()
        every = [*texts, *(each.text for each in examples)]
        name, vectors = self._vectors(every, made, progress)
        tell(progress, "progress.grouping", 0, 0)
        space = make_space([*ids, *(each.id for each in examples)], every, vectors)
        own, others = vectors[: len(ids)], vectors[len(ids) :]
        by = frozenset(ids), ids, texts, own, space, examples, others
        return _Known(self._shown, made, name, *by)

    def _vectors(
        self, texts: Sequence[str], made: ProposalSet | None, progress: Progress | None
    ) -> tuple[str, NDArray[np.float32]]:
        """The encoder's name and the vectors; it is only loaded when a text is new to it."""
        from coder.text.embed import embed, remembered
        from coder.text.encode import EncoderRecord, load_encoder

        cache, kept = self._cache(), made.settings.get("record") if made else None
        if isinstance(kept, Mapping):
            record = EncoderRecord(**kept)
            there = remembered(texts, record, cache)
            if there is not None:
                return record.name, there
        tell(progress, "progress.loading", 0, 0)
        model = load_encoder(*_encoder_of(made, progress))
        return model.record.name, embed(texts, model, cache, progress)


def _encoder_of(
    made: ProposalSet | None, progress: Progress | None
) -> tuple[str | None, Progress | None, Backend]:
    """What ``load_encoder`` needs for the encoder that the proposals were made with."""
    if made is None:
        return None, progress, "torch"
    how = made.settings.get("backend"), made.settings.get("precision")
    same = (each for each, it in COMPUTING.items() if (it.engine, it.precision) == how)
    return str(made.settings.get("encoder", made.encoder)), progress, next(same, "torch")


def _check_count(count: int | None, left: int) -> None:
    """Whether there is something to group, and in so many."""
    if left < 2:
        raise UserError("propose.too_few", count=left)
    if count is not None and not 1 <= count <= left:
        raise UserError("propose.bad_count", count=count, most=left)
