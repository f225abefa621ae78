"""Several coders: who sees what, who codes what, how far they agree, and what is settled."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from coder.coding import compared
from coder.coding.again import second_codings
from coder.coding.agreement import Agreement, agreement
from coder.coding.coders import colours
from coder.coding.layers import coder_called, consensus, done_codes
from coder.coding.log import standing
from coder.coding.ratings import Ratings
from coder.coding.rounds import RoundProgress, assign, assign_again, progress
from coder.coding.settling import Disagreement, disagreements
from coder.coding.state import State
from coder.errors import UserError
from coder.model import Design, OpenRound, Progress
from coder.report.dots import dots
from coder.report.figure import Figure, Writer
from coder.study.pictures import Pictures

Beside = Literal["coders", "settled", "key", "later", "machine"]


class Team(Pictures):
    """What concerns more than one coder."""

    # --- who sees what ----------------------------------------------------------------------------

    def hidden(self) -> frozenset[str]:
        """The answers of which whoever this is shown to may not see what others decided."""
        return frozenset()

    def need_lead(self) -> None:
        """Refuse what only a lead may do, in a study as ``seen_as`` gives it; here nothing is."""

    def viewer(self) -> str | None:
        """Whom the study is shown to; None: nobody known, or whoever may see all."""
        return None

    def consensus(self) -> dict[str, frozenset[str]]:
        """The codes that there is agreement on, by answer (see ``coding.layers``)."""
        return consensus(self.state, self._single())

    def coder_called(self, name: str) -> str:
        """The id of the coder with this name or id; ``UserError`` when there is none."""
        return coder_called(self.state, name)

    def coder_colours(self) -> dict[str, str]:
        """The colour of each coder, ``#rrggbb``; it stays the same."""
        return colours(self.state)

    # --- who codes what ---------------------------------------------------------------------------

    def plan_round(
        self,
        round: str,
        label: str,
        coders: Sequence[str],
        design: Design = "all",
        overlap: int = 0,
        by: str = "",
        seed: int = 0,
        blind: bool = True,
        test: bool = False,
        answers: Collection[str] | None = None,
    ) -> OpenRound:
        """A round as it would be opened, with who codes what (see ``coding.rounds``).

        round : a UUID. by : a background question by which the overlap is drawn; empty: by lot
        alone. answers : those to be coded; None: all that can be, of a test all that are settled.
        Of the design ``again`` overlap is how many each coder gets of those that they are done
        with, at most; it is blind. Raises ``UserError`` for a design that does not fit the coders
        and answers.
        """
        among = self.state.settled if test else self.survey.answers.index
        there = set(among if answers is None else answers) - self.state.set_aside()
        if design == "pairs" and len(coders) < 2:
            raise UserError("round.no_pairs", count=len(coders))
        if design == "again" and overlap < 1:
            raise UserError("round.bad_again", count=overlap)
        if design == "overlap" and not 0 <= overlap <= len(there):
            raise UserError("round.bad_overlap", count=overlap, most=len(there))
        if design == "again":
            drawn = assign_again(self._done(coders, there), overlap, self._strata(by), seed)
            return OpenRound(round, label, drawn, True, False, design, overlap, by, seed)
        assigned = assign(there, coders, design, overlap, self._strata(by), seed)
        shared = overlap if design == "overlap" else 0
        return OpenRound(round, label, assigned, blind, test, design, shared, by, seed)

    def _done(self, coders: Collection[str], among: Collection[str]) -> dict[str, list[str]]:
        """The answers that each of the coders is done with; ``UserError`` when one is with none."""
        done: dict[str, list[str]] = {coder: [] for coder in coders}
        for coder, answer in done_codes(self.state, self._single()):
            if coder in done and answer in among:
                done[coder].append(answer)
        for coder, answers in done.items():
            if not answers:
                raise UserError("round.nothing_done", name=self.state.coders[coder])
        return done

    def second_codings(self) -> dict[int, OpenRound]:
        """The entries of the log that don't count as the coding, since answers were coded again.

        By their numbers, with the round in which it was so.
        """
        rounds, found = self.state.rounds, second_codings(standing(self.state.log))
        return {no: rounds[round] for no, round in found.items()}

    def _strata(self, by: str) -> dict[str, str]:
        """The background value of each answer's respondent; empty without a question."""
        if not by:
            return {}
        if by not in {each.name for each in self.questionnaire.of_kind("background")}:
            raise UserError("weights.not_background", name=by)
        values = self.survey.respondents[by].fillna("").to_dict()
        return {a: str(values[who]) for a, who in self.survey.answers["respondent"].items()}

    def rounds(self) -> list[RoundProgress]:
        """Every round and how far it is, the latest first.

        That is told of all coders, also while it is blind, since it is no code. How many agree is
        told then to nobody who codes in it, and only to a lead. So it is while answers are coded
        again.
        """
        whole = self._current()
        return [
            progress(whole, each, self._tells(each, whole), self._single())
            for each in reversed(list(whole.rounds.values()))
        ]

    def _tells(self, round: OpenRound, whole: State) -> bool:
        is_again = round.again and round.round not in whole.closed
        if not is_again and not self.hidden() & set(round.answers):
            return True
        viewer = self.viewer()
        return whole.role(viewer) == "lead" and viewer not in (None, *round.coders)

    def round_answers(self, coder: str | None) -> list[str] | None:
        """The answers of the open round that this coder codes in, as imported; None without one."""
        round = self.state.round_of(coder)
        if round is None:
            return None
        own = set(round.of(coder))
        return [answer for answer in self.survey.answers.index if answer in own]

    # --- how far they agree -----------------------------------------------------------------------

    def ratings(
        self, beside: Beside = "coders", coder: str | None = None, round: str | None = None
    ) -> Ratings:
        """Whose coding is compared with whose (see ``coding.compared``).

        beside : ``coders`` each other; ``settled`` the same after settling; or one ``coder`` with
        the ``key`` (what is settled), with the coder's own coding ``later``, or with the first
        code that the ``machine`` would suggest from the coder's other answers. round : one, by id
        or label, for its answers only. Codes are ids.
        """
        state = self.state
        among = None if round is None else self._round(round)
        answers = None if among is None else set(among.answers)
        if beside in ("coders", "settled"):
            return compared.of_coders(state, answers, beside == "settled", self._single())
        if coder is None:
            raise ValueError(f"whose coding is compared with {beside}?")
        wanted = answers if answers is not None else set(state.answers)
        if beside == "key":
            return compared.with_key(state, coder, wanted, self._single())
        if beside == "later":
            again = among.round if among and among.again else None
            return compared.over_time(state, coder, wanted, self._single(), again)
        return compared.with_machine(state, coder, self._suggested(coder, wanted), self._single())

    def agreement(
        self,
        beside: Beside = "coders",
        coder: str | None = None,
        round: str | None = None,
        draws: int = 2000,
        seed: int = 0,
        progress: Progress | None = None,
    ) -> Agreement:
        """How far they agree (see ``ratings`` and ``coding.agreement``), by answers both are done
        with; intervals are over respondents. Codes and coders stand there by their labels and
        names.
        """
        whose, state = self.survey.answers["respondent"].to_dict(), self.state
        found = self.ratings(beside, coder, round)
        labels = tuple(state.codes[code].label for code in found.codes)
        names = tuple(state.coders.get(who, who) for who in found.coders)
        found = replace(found, codes=labels, coders=names)
        return agreement(found, respondents=whose, draws=draws, seed=seed, progress=progress)

    def agreement_figure(self, texts: Writer, found: Agreement, doubted: Collection[str]) -> Figure:
        """Krippendorff's alpha of each code with its interval; n is how many answers it is from.

        doubted : the codes of ``found`` of which the value should not be relied on.
        """
        rows = found.per_code[found.per_code["coefficient"] == "krippendorff_alpha"]
        rows = rows.set_index("code").reindex(found.codes["code"]).reset_index()
        table = rows[["code", "value", "low", "high"]].assign(
            n=rows["n_units"].fillna(0).astype(int), faint=rows["code"].isin(list(doubted))
        )
        note = texts("agreed.figure_about")
        return dots(table, texts, lambda value: texts.number(value, 2), name="code", note=note)

    def differences(self, coder: str, round: str | None = None) -> list[Disagreement]:
        """The answers that this coder codes otherwise than they are settled, for one who learns."""
        ratings = self.ratings("key", coder, round)
        return [
            each
            for each in self._beside_key(ratings, coder)
            if set(each.chosen[coder]) != set(each.chosen[compared.KEY])
        ]

    def _beside_key(self, ratings: Ratings, coder: str) -> list[Disagreement]:
        found = []
        for row, answer in enumerate(ratings.units):
            chosen: Mapping[str, tuple[str, ...]] = {
                who: tuple(c for c, yes in zip(ratings.codes, some, strict=True) if yes)
                for who, some in zip(ratings.coders, ratings.given[row], strict=True)
            }
            disputed = set(chosen[coder]) ^ set(chosen[compared.KEY])
            found.append(Disagreement(answer, chosen, tuple(sorted(disputed)), (), 1))
        return found

    def _suggested(self, coder: str, answers: Collection[str]) -> dict[str, tuple[str, ...]]:
        """The likeliest code of each of the coder's answers, learnt from the coder's others."""
        likeliest = self.likeliest(coder)
        return {each: (code,) for each, code in likeliest.items() if each in answers}

    def _round(self, id: str) -> OpenRound:
        """The round with this id or label; ``UserError`` when there is none."""
        for round in self.state.rounds.values():
            if id in (round.round, round.label):
                return round
        raise UserError("round.unknown", name=id)

    # --- what is settled --------------------------------------------------------------------------

    def disagreements(self, round: str | None = None, settled: bool = False) -> list[Disagreement]:
        """What is to be settled, or with ``settled`` all there was, most telling first."""
        answers = None if round is None else set(self._round(round).answers)
        return disagreements(self.state, answers, settled, self._single())

    def similar_settled(self, answer: str, codes: Sequence[str] = (), count: int = 3) -> list[str]:
        """Settled answers to compare this one with: about these codes, and alike in wording.

        How alike they are is only looked at when there are proposals, since it takes a language
        model.
        """
        settled = self.state.settled
        about = [a for a, each in settled.items() if a != answer and set(each.codes) & set(codes)]
        others = [a for a in settled if a != answer and a not in about]
        if self.proposals() is not None:
            near = self.nearness(answer, [*about, *others])
            about.sort(key=lambda each: -near.get(each, 0.0))
        return [*about, *others][:count]
