"""What is offered next: for each answer and in groups, whatever people have decided so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coder.model import Act, Turn
from coder.text.clusters import SMALLEST
from coder.text.encode import FakeEncoder
from coder.text.simulate import simulate
from coder.text.suggest import (
    OFFERED,
    SHOWN,
    Groups,
    Past,
    Space,
    _cheapest,
    _cost_alone,
    _cost_in_group,
    _Outlook,
    _without,
    make_space,
    next_turn,
    suggestions,
)

TOPICS = {
    "mad": "maden suppe kold middag køkken smager frokost portion",
    "bus": "bussen forsinket stoppested chauffør køreplan afgang linje rute",
    "læge": "lægen ventetid recept telefonen konsultation undersøgelse klinik svar",
    "park": "parken bænke træer legeplads grønt blomster stier hundelufter",
}
NOTHING = Past((), {}, ())


def planted(each: int = 12, noise: float = 0.0, seed: int = 0) -> tuple[list[str], dict[str, str]]:
    """Texts of four words of their topic (or, with ``noise``, of another), and their labels."""
    chance, texts, labels = Random(seed), [], {}
    for i in range(4 * each):
        label = list(TOPICS)[i % 4]
        said = chance.choice(list(TOPICS)) if chance.random() < noise else label
        texts.append(" ".join(chance.sample(TOPICS[said].split(), 4)))
        labels[ids(i + 1)[-1]] = label
    return texts, labels


def ids(n: int) -> list[str]:
    return [f"A{i:03}" for i in range(n)]


def space_of(texts: Sequence[str]) -> Space:
    return make_space(ids(len(texts)), texts, FakeEncoder().encode(texts))


def past_of(coded: dict[str, str], acts: Sequence[Act] = ()) -> Past:
    """Each answer has been coded alone, without any suggestion, and then came these acts."""
    each = {answer: (code,) for answer, code in coded.items()}
    codes = tuple(dict.fromkeys(coded.values()))
    first = {next(answer for answer in coded if coded[answer] == code) for code in codes}
    alone = [Act(Turn((a,)), code, (a,), new=a in first) for a, code in coded.items()]
    return Past(codes, each, [*alone, *acts])


TEXTS, LABELS = planted()
SPACE = space_of(TEXTS)
SOME = {answer: LABELS[answer] for answer in ids(16)}  # four of each label

# Pasts as they come while somebody codes answers that are hard to tell apart.
HARD_TEXTS, HARD_LABELS = planted(noise=0.3)
HARD = space_of(HARD_TEXTS)
PLAYED = [played.act for played in simulate(HARD, HARD_LABELS)]


def after(count: int) -> Past:
    acts = PLAYED[:count]
    coded = {each: (act.code,) for act in acts if act.code for each in act.accepted}
    return Past(tuple(act.code for act in acts if act.code and act.new), coded, acts)


# --- codes for answers -------------------------------------------------------------------------


@pytest.mark.parametrize("past", [NOTHING, past_of(SOME), *map(after, range(len(PLAYED)))])
def test_chances_are_chances_the_likeliest_first(past: Past) -> None:
    found = suggestions(HARD, past)
    assert {each.answer for each in found} == set(HARD.answers) - set(past.coded)
    for each in found:
        assert len(each.codes) == len(each.chances) == len(set(each.codes)) <= OFFERED
        assert set(each.codes) <= set(past.codes)
        assert all(0 <= chance <= 1 for chance in (*each.chances, each.new))
        assert sum(each.chances) <= 1 + 1e-3  # they are rounded to four places
        assert list(each.chances) == sorted(each.chances, reverse=True)


def test_chances_and_that_of_a_new_code_are_together_at_most_one() -> None:
    for past in map(after, range(len(PLAYED))):
        for each in suggestions(HARD, past):
            assert sum(each.chances) + each.new <= 1 + 1e-3


def test_before_any_code_nothing_is_offered() -> None:
    assert all(each.codes == () for each in suggestions(SPACE, NOTHING))
    for shows in ([], ["clusters"], ["codes"]):
        turn = next_turn(SPACE, NOTHING, shows=shows)  # type: ignore[arg-type]
        assert turn is not None
        assert (turn.code, turn.offered) == (None, ())


def test_at_most_nine_codes_are_offered_the_others_are_the_rest() -> None:
    past = past_of({answer: f"k{i}" for i, answer in enumerate(ids(12))})
    found = suggestions(SPACE, past)
    assert {len(each.codes) for each in found} == {9}
    assert max(sum(each.chances) + each.new for each in found) < 1
    turn = next_turn(SPACE, past)
    assert turn is not None
    assert len(turn.offered) == 9


def test_a_code_that_no_answer_has_is_never_likely() -> None:
    past = replace(past_of(SOME), codes=("empty", *TOPICS))
    for each in suggestions(SPACE, past):
        assert (each.codes[-1], each.chances[-1]) == ("empty", 0)


def test_the_only_code_there_is_may_still_be_wrong() -> None:
    found = suggestions(SPACE, past_of({"A000": "mad"}))
    assert {each.codes for each in found} == {("mad",)}
    assert all(each.chances[0] + each.new == pytest.approx(1, abs=1e-3) for each in found)


def test_nearly_identical_answers_get_the_code_of_their_twin_first() -> None:
    texts = [*TEXTS, *(f"{text}." for text in TEXTS)]
    own = dict(zip(ids(48), (LABELS[each] for each in ids(48)), strict=True))
    found = {each.answer: each.codes[0] for each in suggestions(space_of(texts), past_of(own))}
    assert found == {f"A{i + 48:03}": LABELS[f"A{i:03}"] for i in range(48)}


def test_answers_that_are_asked_about_come_in_that_order_also_when_they_have_a_code() -> None:
    asked = ["A020", "A000", "A021"]
    found = suggestions(SPACE, past_of(SOME), asked)
    assert [each.answer for each in found] == asked
    alone = {each.answer: each for each in suggestions(SPACE, past_of(SOME))}
    assert found[2].codes == alone["A021"].codes
    assert found[2].chances == pytest.approx(alone["A021"].chances, abs=1e-3)


def test_an_answer_with_two_codes_teaches_both() -> None:
    past = past_of(SOME)
    past = replace(past, coded={**past.coded, "A000": ("mad", "bus")})
    (before,), (now,) = (suggestions(SPACE, each, ["A000"]) for each in (past_of(SOME), past))
    assert now.chances[now.codes.index("bus")] > before.chances[before.codes.index("bus")]


@pytest.mark.parametrize("seed", [1, 2])
def test_chances_come_true_on_planted_answers(seed: int) -> None:
    """Of three in ten texts the words are of any topic, so about .775 can be right.

    Knowing just that, the Brier score would be .775 * .225 = .17; always saying a half gives .25.
    """
    texts, labels = planted(60, noise=0.3, seed=seed)
    found = suggestions(space_of(texts), past_of({each: labels[each] for each in ids(100)}))
    said = np.array([each.chances[0] for each in found])
    right = np.array([each.codes[0] == labels[each.answer] for each in found])
    assert right.mean() > 0.7
    assert np.mean((said - right) ** 2) < 0.25
    assert abs(said.mean() - right.mean()) < 0.25


# --- decisions are kept ------------------------------------------------------------------------


def chance_of(past: Past, answer: str, code: str) -> float:
    (found,) = suggestions(SPACE, past, [answer])
    return found.chances[found.codes.index(code)]


def test_what_an_answer_was_taken_out_of_is_never_offered_for_it_again() -> None:
    shown = ("A016", "A020", "A024")  # all of them about food, so likely ones
    act = Act(Turn(shown, "mad", tuple(TOPICS), (0.9, 0.9, 0.9)), "mad", shown[1:], shown[:1])
    coded = SOME | {"A020": "mad", "A024": "mad"}
    assert chance_of(past_of(coded), "A016", "mad") > 0.5
    past = past_of(coded, [act])
    assert chance_of(past, "A016", "mad") == 0
    (found,) = suggestions(SPACE, past, ["A016"])
    assert found.codes[-1] == "mad"
    for turn in turns_until_all_are_coded(SPACE, past):
        assert turn.code != "mad" or "A016" not in turn.shown


def turns_until_all_are_coded(space: Space, past: Past) -> list[Turn]:
    """Every turn when each is accepted whole, for its code or for a new one."""
    turns, coded, codes = [], dict(past.coded), list(past.codes)
    while turn := next_turn(space, Past(tuple(codes), coded, past.acts)):
        codes += [] if codes else ["first"]
        coded |= {each: (turn.code or codes[0],) for each in turn.shown}
        turns.append(turn)
    return turns


GROUP = Turn(("A016", "A020", "A024", "A028"), "mad", tuple(TOPICS), (0.9, 0.9, 0.8, 0.8))


def others(answers: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"A{int(each[1:]) + 1:03}" for each in answers)


@pytest.mark.parametrize(
    ("act", "lowered"),
    [
        (Act(GROUP, None), ["A016", "A020", "A024", "A028"]),
        (Act(GROUP, "bus", ("A016", "A020"), ()), ["A016", "A020", "A024", "A028"]),
        (Act(GROUP, "mad", ("A016",), ("A020",)), ["A020", "A024", "A028"]),
        (Act(GROUP, "mad", GROUP.shown), []),
    ],
    ids=["refused", "another code", "cut", "accepted whole"],
)
def test_groups_that_were_turned_down_make_their_code_less_likely(
    act: Act, lowered: list[str]
) -> None:
    """Beside the same act on others, so that no less is believed because of how it went."""
    plain = replace(act, **{name: others(getattr(act, name)) for name in ("accepted", "excluded")})
    plain = replace(plain, turn=replace(GROUP, shown=others(GROUP.shown)))
    for answer in GROUP.shown:
        now, before = (chance_of(past_of(SOME, [each]), answer, "mad") for each in (act, plain))
        if answer in lowered:
            assert now < before - 0.05
        else:
            assert now == pytest.approx(before, abs=1e-3)


def test_the_first_below_the_cut_is_known_to_be_wrong_the_others_are_not() -> None:
    past = past_of(SOME | {"A016": "mad"}, [Act(GROUP, "mad", ("A016",))])
    assert chance_of(past, "A020", "mad") == 0
    assert chance_of(past, "A024", "mad") > 0


@pytest.mark.parametrize(("said", "code"), [(0.05, "bus"), (0.95, "mad")])
def test_no_correction_makes_too_much_of_a_chance_or_anything_of_none(
    said: float, code: str
) -> None:
    """Far too little or far too much had been promised, and A016 was taken out of "mad"."""
    out = Act(Turn(("A016", "A020"), "mad", ("mad",)), "mad", ("A020",), ("A016",))
    kept = Act(Turn(("A001",), None, ("bus",), (said,)), code, ("A001",))
    for found in suggestions(SPACE, past_of(SOME, [out, *[kept] * 50])):
        assert sum(found.chances) <= 1 + 1e-3
        assert found.answer != "A016" or found.chances[found.codes.index("mad")] == 0


def test_a_group_for_a_code_is_never_too_large_to_be_shown() -> None:
    texts, labels = planted(60)
    past = past_of({each: labels[each] for each in ids(40)})
    turn = next_turn(space_of(texts), past, shows=("codes",))
    assert turn is not None
    assert turn.code is not None
    assert len(turn.shown) == SHOWN


def test_promises_that_were_not_kept_make_chances_smaller() -> None:
    """In single turns that offered what was not right; beside turns that were as sure of it."""
    wrong = [
        Act(Turn((each,), None, ("bus",), (0.95,)), LABELS[each], (each,))
        for each in ids(8)
        if LABELS[each] != "bus"
    ] * 3
    kept = [replace(act, turn=replace(act.turn, offered=(act.code or "",))) for act in wrong]
    one, other = (
        [each.chances[0] for each in suggestions(SPACE, past_of(SOME, acts))]
        for acts in (wrong, kept)
    )
    assert all(np.array(one) < np.array(other))


# --- what to show next -------------------------------------------------------------------------


def check_turn(turn: Turn, past: Past, held_out: Sequence[str] = ()) -> None:
    assert len(set(turn.shown)) == len(turn.shown) <= SHOWN
    assert not set(turn.shown) & set(past.coded)
    assert len(turn.offered) <= OFFERED
    assert set(turn.offered) <= set(past.codes)
    assert len(turn.chances) in (0, len(turn.shown))
    assert all(0 <= chance <= 1 for chance in turn.chances)
    assert list(turn.chances) == sorted(turn.chances, reverse=True)
    if len(turn.shown) == 1:
        assert turn.code is None
    if set(turn.shown) & set(held_out):
        assert turn == Turn(turn.shown[:1])


@pytest.mark.parametrize("shows", [("codes", "clusters"), ("codes",), ("clusters",), ()])
@settings(deadline=None, max_examples=15)
@given(
    count=st.integers(0, 48),
    held_out=st.sets(st.sampled_from(ids(48)), max_size=48),
    chance=st.randoms(use_true_random=False),
)
def test_whatever_is_coded_what_comes_next_can_be_shown(
    shows: tuple[Groups, ...], count: int, held_out: set[str], chance: Random
) -> None:
    past = past_of({each: HARD_LABELS[each] for each in chance.sample(ids(48), count)})
    turn = next_turn(HARD, past, held_out, shows)
    assert (turn is None) == (count == 48)
    if turn is not None:
        check_turn(turn, past, sorted(held_out))
        assert shows or len(turn.shown) == 1
        assert "codes" in shows or turn.code is None
        assert "clusters" in shows or len(turn.shown) == 1 or turn.code is not None


def test_held_out_answers_come_alone_and_last() -> None:
    held_out = ids(48)[::5]
    past, seen = past_of(SOME), list[str]()
    while turn := next_turn(SPACE, past, held_out):
        check_turn(turn, past, held_out)
        seen += turn.shown
        past = replace(past, coded={**past.coded, **dict.fromkeys(turn.shown, ("mad",))})
    held = [each in held_out for each in seen]
    assert sum(held) == len(set(held_out) - set(SOME))
    assert held == sorted(held)


def test_when_every_answer_has_a_code_there_is_nothing_next() -> None:
    assert next_turn(SPACE, past_of(LABELS)) is None
    assert next_turn(SPACE, past_of(LABELS), ids(48)) is None
    assert next_turn(space_of([]), NOTHING) is None
    assert suggestions(SPACE, past_of(LABELS)) == []


def test_a_group_that_looks_alike_is_not_shown_again_once_refused() -> None:
    past, seen, shown = NOTHING, set[tuple[str, ...]](), SPACE.answers
    for _ in range(60):
        turn = next_turn(SPACE, past, shows=("clusters",))
        assert turn is not None
        shown = turn.shown
        if len(shown) == 1:
            break
        assert len(shown) >= SMALLEST
        assert shown not in seen
        seen.add(shown)
        past = replace(past, acts=[*past.acts, Act(replace(turn, chances=()), None)])
    assert seen
    assert len(shown) == 1


def test_of_planted_answers_the_groups_are_mostly_of_one_label() -> None:
    for past in (NOTHING, past_of(SOME)):
        turn = next_turn(SPACE, past)
        assert turn is not None
        labels = [LABELS[each] for each in turn.shown]
        assert len(labels) > 3
        most = max(labels.count(each) for each in TOPICS)
        assert most >= 0.8 * len(labels)
        assert turn.code is None or labels.count(turn.code) == most


def test_a_group_for_a_code_has_the_likeliest_answers_in_order() -> None:
    past = past_of(SOME)
    turn = next_turn(SPACE, past, shows=("codes",))
    assert turn is not None
    assert turn.code is not None
    found = {
        each.answer: each.chances[each.codes.index(turn.code)] for each in suggestions(SPACE, past)
    }
    assert turn.chances == tuple(found[each] for each in turn.shown)
    left = [chance for answer, chance in found.items() if answer not in turn.shown]
    assert min(turn.chances) >= max(left)


def test_the_single_answer_is_the_one_of_which_least_is_known() -> None:
    past = past_of(SOME)
    turn = next_turn(SPACE, past, shows=())
    assert turn is not None
    found = {each.answer: each for each in suggestions(SPACE, past)}
    assert found[turn.shown[0]].chances[0] == min(each.chances[0] for each in found.values())
    assert turn.offered == found[turn.shown[0]].codes
    assert turn.chances == found[turn.shown[0]].chances[:1]


# --- the cost of what is shown, by hand --------------------------------------------------------


def test_what_an_answer_costs_alone_by_hand() -> None:
    """Ten codes: nine offered at 1, what is left at a search. Nine: they all have their key."""
    ten = np.array([[0.3, 0.1, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.06, 0.02]])
    rows = np.zeros(1, dtype=np.int64)
    assert _cost_alone(_Outlook(rows, ten, 0.02)) == pytest.approx([0.96 + 3 * 0.04])
    assert _cost_alone(_Outlook(rows, ten[:, :9], 0.02)) == pytest.approx([0.98 + 3 * 0.02])


def test_what_a_wrong_place_in_a_group_costs_by_hand() -> None:
    """Right with .8; else out at 1, then alone at 1, as nothing else is cheaper at depth 0."""
    chances, alone = np.array([[0.8, 0.1, 0.1]]), np.ones(1)
    assert _cheapest(chances, alone, 0) == pytest.approx([1])
    in_group = 0.2 * (1 + 0) + 0.2 * 0.5 * 0  # lower than anything it can be
    found = _cost_in_group(chances, alone, 0)
    assert in_group < found[0] <= 0.2 * (1 + 1)
    # When the other is then sure, a second group is all but free.
    sure = _cost_in_group(np.array([[0.8, 0.2, 0.0]]), alone, 0)
    assert 0.2 <= sure[0] < 0.2 * 1.2


def test_chances_when_it_is_known_not_to_be_one_code() -> None:
    chances = np.array([[0.5, 0.3, 0.1], [1.0, 0.0, 0.0]])
    assert _without(chances, 0) == pytest.approx(np.array([[0, 0.6, 0.2], [0, 0, 0]]))
    assert _without(chances, np.array([1, 0]))[0] == pytest.approx([5 / 7, 0, 1 / 7])


# --- order and edges ---------------------------------------------------------------------------


@settings(deadline=None, max_examples=12)
@given(st.randoms(use_true_random=False), st.integers(0, len(PLAYED)))
def test_the_order_of_the_answers_changes_nothing(chance: Random, count: int) -> None:
    order = chance.sample(range(48), 48)
    texts = [HARD_TEXTS[i] for i in order]
    mixed = make_space([ids(48)[i] for i in order], texts, FakeEncoder().encode(texts))
    assert mixed.answers == HARD.answers
    past = after(count)
    coded = chance.sample(sorted(past.coded.items()), len(past.coded))
    assert next_turn(mixed, past) == next_turn(HARD, past)
    assert suggestions(mixed, past) == suggestions(HARD, past)
    turned = next_turn(mixed, replace(past, coded=dict(coded)))
    wanted = next_turn(HARD, past)
    assert (turned and turned.shown) == (wanted and wanted.shown)


@pytest.mark.parametrize(
    "texts",
    [[], ["hej"], ["hej", "hej"], ["hej", "dav"], ["", "", ""], ["a", "b", "c"], ["samme"] * 40],
)
@pytest.mark.parametrize("codes", [1, 2])
def test_few_and_equal_answers_can_be_coded_like_any(texts: list[str], codes: int) -> None:
    space = space_of(texts)
    start = past_of({answer: f"k{i % codes}" for i, answer in enumerate(ids(len(texts))[:codes])})
    for past in (NOTHING, start):
        for each in suggestions(space, past):
            assert np.isfinite((*each.chances, each.new)).all()
        turns = turns_until_all_are_coded(space, past)
        shown = [each for turn in turns for each in turn.shown]
        assert sorted(shown) == sorted(set(space.answers) - set(past.coded))


def test_codings_of_answers_that_are_no_longer_here_teach_nothing() -> None:
    past = past_of(SOME)
    gone = replace(past, coded={**past.coded, "gone": ("mad",)})
    assert suggestions(SPACE, gone) == suggestions(SPACE, past)
