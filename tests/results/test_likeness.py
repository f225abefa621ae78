"""Learning across a category: what is shared, where they differ, pairs, and obstacles."""

from __future__ import annotations

import math
from itertools import combinations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coder.model import Code, Coding, Survey
from coder.results.likeness import differing, shared
from coder.results.obstacles import obstacles
from coder.results.pairs import MOST_CASES, alike_and_unlike, could_talk, drawn
from coder.results.recipe import parse_recipe
from coder.results.score import score
from coder.study import Study
from coder.survey.questionnaire import parse_questionnaire
from tests.fixtures import survey_of

SURVEY = parse_questionnaire("""
organisation: town
cases: {questions: [what, a, b, kind]}
questions:
  - {name: town, kind: background}
  - {name: size, kind: background, options: [{code: 1, label: Large}, {code: 2, label: Small}]}
  - name: who
    kind: multiple
    options: [{code: 1, label: Citizens}, {code: 2, label: Staff}]
  - {name: what, kind: open}
  - name: a
    kind: single
    label: Good
    scale: descending
    options: &steps [{code: 1, label: High}, {code: 2, label: Middle}, {code: 3, label: Low},
              {code: 9, label: x, role: dont_know}]
  - {name: b, kind: single, label: Cheap, scale: descending, options: *steps}
  - name: kind
    kind: single
    label: Kind
    options: [{code: 1, label: Walk}, {code: 2, label: Call}, {code: 3, label: Song}]
  - {name: may, kind: consent, options: [{code: 1, label: "Yes"}, {code: 2, label: "No"}],
     permits: [1]}
""")
CODES = {"own": Code("own", "Own"), "other": Code("other", "Other")}


def people(*rows: dict[str, str]) -> Survey:
    return survey_of([{"what": "x", **row} for row in rows], SURVEY)


def coded(own: int, others: int = 0) -> list[Coding]:
    """The first people have the code ``own``, the next ``other``."""
    return [
        Coding(f"R{no:03}", "own" if no <= own else "other", "anna")
        for no in range(1, own + others + 1)
    ]


# --- shared, differing -------------------------------------------------------------------------


def test_what_a_category_shares_more_than_others_is_told_with_both_shares() -> None:
    survey = people(
        {"size": "1", "a": "1", "who_1": "1", "who_2": "0"},
        {"size": "1", "a": "1", "who_1": "1", "who_2": "0"},
        {"size": "1", "a": "9"},
        {"size": "2", "a": "1"},
        {"size": "1", "a": "2", "who_1": "0", "who_2": "1"},
        {"size": "2", "a": "3"},
        {"size": "2", "a": "3"},
    )
    found = shared(survey, coded(4, 3), "own", {}).set_index("label")
    # Large: 3 of 4 here, 1 of 3 there. High: 3 of the 3 who had an opinion, 0 of 3 there. Citizens:
    # 2 of the 2 who ticked anything, 0 of 1 there.
    assert found.loc["Large", ["item", "count", "share"]].tolist() == ["size", 3, 0.75]
    assert found.loc["Large", "elsewhere"] == pytest.approx(1 / 3)
    assert found.loc["High", ["item", "count", "share", "elsewhere"]].tolist() == ["a", 3, 1, 0]
    assert found.loc["Citizens", ["count", "share", "elsewhere"]].tolist() == [2, 1, 0]
    # p log(p / q): High log(1 / (.5/4)) = 2.08, Citizens log(1 / (.5/2)) = 1.39, Large
    # .75 log(.75 / (1.5/4)) = .52. Small is of fewer than half.
    assert found.index.tolist() == ["High", "Citizens", "Large"]


def test_what_few_answered_or_everyone_has_is_not_told() -> None:
    survey = people(*[{"size": "1"}] * 3, {"size": "1", "a": "1"}, *[{"size": "1"}] * 4)
    assert shared(survey, coded(4, 4), "own", {}).empty


def test_terms_are_counted_by_case_and_stand_last() -> None:
    survey = people(*[{"a": "1"}] * 4, *[{"a": "3"}] * 4)
    terms = {"walk": {"R001", "R002", "R003", "R005"}, "river": {"R001"}, "cold": {"R006"}}
    found = shared(survey, coded(4, 4), "own", terms)
    assert found["label"].tolist() == ["High", "walk", "river"]
    walk = found.set_index("label").loc["walk"]
    assert walk[["kind", "item", "count", "share", "elsewhere"]].tolist() == [
        "term", "", 3, 0.75, 0.25
    ]  # fmt: skip


def test_no_more_of_each_kind_than_asked_for() -> None:
    survey = people(*[{"a": "1", "b": "1", "size": "1"}] * 4, {"a": "3", "b": "3", "size": "2"})
    terms = {term: {"R001", "R002", "R003"} for term in "xyz"}
    found = shared(survey, coded(4, 1), "own", terms, count=2)
    assert found["kind"].tolist() == ["value", "value", "term", "term"]


def test_spread_is_from_all_alike_to_as_far_apart_as_can_be() -> None:
    survey = people(
        {"a": "1", "b": "1", "kind": "1"},
        {"a": "1", "b": "2", "kind": "2"},
        {"a": "3", "b": "2", "kind": "3"},
        {"a": "3", "b": "9", "kind": "3"},
    )
    terms = {"half": {"R001", "R002"}, "most": {"R001", "R002", "R003"}}
    found = differing(survey, coded(4), "own", terms).set_index("label")
    assert found.index.tolist() == ["Good", "Kind", "Cheap", "half", "most"]
    # Good: half at each end. Kind: 1/4 1/4 1/2, 1 - 6/16 of at most 1 - 1/3. Cheap: of three, one
    # is a step, half the scale, from the others: 2 * 1/3 * 2/3 * 1/2 of at most 1/2.
    assert found["n"].tolist() == [4, 4, 3, 4, 4]
    assert found["spread"].tolist() == pytest.approx([1, 10 / 16 * 3 / 2, 4 / 9, 1, 0.75])


def test_what_all_answer_alike_is_no_difference() -> None:
    survey = people(*[{"a": "1", "kind": "2"}] * 3, {"b": "1"})
    assert differing(survey, coded(4), "own", {"all": {"R001", "R002", "R003", "R004"}}).empty


@given(st.permutations("111223"))
def test_the_spread_does_not_depend_on_the_order(codes: list[str]) -> None:
    found = differing(people(*({"a": code} for code in codes)), coded(6), "own", {})
    # Shares 3/6 2/6 1/6: 2 (1/2 1/3 1/2 + 1/2 1/6 1 + 1/3 1/6 1/2) = 14/36 of at most 1/2.
    assert found["spread"].tolist() == pytest.approx([28 / 36])


# --- pairs -------------------------------------------------------------------------------------


def test_pairs_by_hand() -> None:
    survey = people(
        {"a": "1", "b": "1", "kind": "1"},
        {"a": "1", "b": "2", "kind": "1"},
        {"a": "3", "b": "3", "kind": "2"},
        {"a": "3", "b": "3", "kind": "3"},
        {"a": "1"},
    )
    found = alike_and_unlike(survey, coded(5), "own", count=2)
    # 1-2 are half a scale apart on b: .5 / 3. 3-4 differ in kind: 1 / 3. 1-3 and 1-4 are wholly
    # apart; 2-3 and 2-4 (1 + .5 + 1) / 3. The fifth answered too little to be compared.
    shown = found[["like", "first", "second", "n", "apart"]].to_numpy().tolist()
    assert shown == [
        ["alike", "R001", "R002", 3, ("b",)],
        ["alike", "R003", "R004", 3, ("kind",)],
        ["unlike", "R001", "R003", 3, ("a", "b", "kind")],
        ["unlike", "R002", "R004", 3, ("a", "kind", "b")],
    ]
    assert found["distance"].tolist() == pytest.approx([1 / 6, 1 / 3, 1, 2.5 / 3])


def test_only_what_both_answered_is_compared() -> None:
    survey = people({"a": "1", "b": "1", "kind": "1"}, {"a": "1", "b": "9", "kind": "2"})
    row = alike_and_unlike(survey, coded(2), "own").iloc[0]
    assert (row["n"], row["distance"], row["apart"]) == (2, 0.5, ("kind",))


@pytest.mark.parametrize("size", [0, 1])
def test_one_case_makes_no_pair(size: int) -> None:
    assert alike_and_unlike(people({"a": "1"}), coded(size), "own").empty


def test_of_a_large_category_the_same_cases_are_always_drawn() -> None:
    many = pd.Index([f"R{no:05}" for no in range(5000)])
    chosen = drawn(many)
    assert len(chosen) == MOST_CASES
    assert chosen.is_monotonic_increasing
    assert chosen.equals(drawn(many))
    assert drawn(many[:MOST_CASES]).equals(many[:MOST_CASES])


def test_without_items_about_the_case_those_about_the_respondent_are_compared() -> None:
    survey = survey_of(
        [{"good": "1", "what": "x"}, {"good": "2", "what": "x"}],
        parse_questionnaire(
            "questions: [{name: what, kind: open}, {name: good, kind: single,"
            " options: [{code: 1, label: a}, {code: 2, label: b}]}]"
        ),
    )
    assert alike_and_unlike(survey, coded(2), "own")["apart"].tolist() == [("good",)] * 2


# --- who could talk to whom --------------------------------------------------------------------

RECIPE = parse_recipe(
    "{name: x, threshold: 0.8, most_dont_know: 1, dimensions:"
    " [{name: good, items: [{item: a}]}, {name: cheap, items: [{item: b}]}]}",
    SURVEY,
)
TOWNS = people(
    {"town": "A", "a": "1", "b": "3", "may": "1"},  # 1, 0
    {"town": "A", "a": "3", "b": "1", "may": "1"},  # 0, 1: but in the same town as the first
    {"town": "B", "a": "2", "b": "1", "may": "2"},  # .5, 1
    {"town": "C", "a": "1", "b": "2", "may": "1"},  # 1, .5
    {"town": "D", "a": "1", "b": "1", "may": "1"},  # ahead of everyone
    {"town": "E", "a": "1"},  # not rated on the other
)


def talks(named: set[str]) -> pd.DataFrame:
    return could_talk(TOWNS, CODES, coded(6), score(TOWNS, RECIPE), named)


def test_those_who_complement_each_other_could_talk() -> None:
    everyone = {f"R00{no}" for no in range(1, 7)}
    found = talks(everyone)
    # R002 (0, 1) and R004 (1, .5): one is 1 ahead, the other .5. R001 (1, 0) and R003 (.5, 1): .5
    # and 1. Both have a lead of .5, and A is in both: R001 stands first.
    assert found[["category", "first", "second"]].to_numpy().tolist() == [["Own", "R001", "R003"]]
    row = found.iloc[0]
    assert (row["first_organisation"], row["second_organisation"]) == ("A", "B")
    assert (row["first_ahead"], row["second_ahead"], row["lead"]) == (("good",), ("cheap",), 0.5)


def test_who_has_not_permitted_it_is_not_named() -> None:
    row = talks({"R001"}).iloc[0]
    assert row["first_organisation"] == "A"
    assert pd.isna(row["second_organisation"])


def test_in_the_demo_only_those_with_permission_are_named(demo: Study) -> None:
    found = demo.could_talk()
    answers = demo.survey.respondents
    sides = [
        (case, name)
        for side in ("first", "second")
        for case, name in zip(found[side], found[f"{side}_organisation"], strict=True)
    ]
    assert any(pd.isna(name) for _, name in sides)
    for case, name in sides:
        (consent,) = demo.questionnaire.of_kind("consent")
        allowed = answers.at[case, consent.name] in consent.permits
        assert (answers.at[case, "kommune"] if allowed else None) == (
            None if pd.isna(name) else name
        )
    assert (found["lead"] >= 0.25).all()
    assert found.groupby("code").size().max() <= 5


def test_without_a_consent_question_nobody_is_named(own_demo: Study) -> None:
    questions = tuple(q for q in own_demo.questionnaire.questions if q.kind != "consent")
    object.__setattr__(own_demo.questionnaire, "questions", questions)
    found = own_demo.could_talk()
    assert len(found) > 0
    assert found[["first_organisation", "second_organisation"]].isna().all(axis=None)


# --- obstacles ---------------------------------------------------------------------------------


def answers(*texts: str, elaboration: str | None = None) -> pd.DataFrame:
    index = [f"R{no}" for no in range(1, len(texts) + 1)]
    return pd.DataFrame({"text": texts, "elaboration": elaboration}, index=index)


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("Det var svært at nå alle", "da", ("svært",)),
        ("Begynderfejl: ingen spurgte", "da", ("Begynderfejl",)),
        ("Barrieren er nettet, og udstyr mangler", "da", ("Barrieren", "mangler")),
        ("Teknikken gik  ikke", "da", ("gik  ikke",)),
        ("Det gik uden problemer", "da", ()),
        ("Der var ingen store problemer", "da", ()),
        ("Ingen meldte sig, og det var et problem", "da", ("problem",)),
        ("Alle var glade", "da", ()),
        ("En svær demens", "da", ()),
        ("The lack of staff was a problem", "en", ("lack", "problem")),
        ("There was no problem", "en", ()),
        ("Problem", "de", ()),
    ],
)
def test_a_word_tells_of_an_obstacle(text: str, language: str, words: tuple[str, ...]) -> None:
    found = obstacles(answers(text), language)
    assert (found["words"].tolist() or [()]) == [words]


def test_only_the_sentence_with_the_obstacle_is_given() -> None:
    found = obstacles(
        answers(
            "Alt var godt", "Kl. 9.30 ringer vi.\n- minus: nettet. Godt!", elaboration="Svært!"
        ),
        "da",
    )
    assert found[["answer", "field", "sentence"]].to_numpy().tolist() == [
        ["R1", "elaboration", "Svært!"],
        ["R2", "text", "- minus: nettet."],
        ["R2", "elaboration", "Svært!"],
    ]


@given(st.text())
def test_any_text_can_be_looked_through(text: str) -> None:
    for sentence in obstacles(answers(text), "da")["sentence"]:
        assert sentence in text


# --- the demo ----------------------------------------------------------------------------------


def test_every_category_of_the_demo_can_be_learnt_from(demo: Study) -> None:
    for code in demo.state.codes:
        told, apart, pairs = demo.shared(code), demo.differing(code), demo.alike_and_unlike(code)
        assert told.groupby("kind").size().max() <= 5
        assert (told["share"] > told["elsewhere"]).all()
        assert apart["spread"].between(0, 1 + 1e-9).all()
        assert len(pairs) == len(pairs.drop_duplicates(["like", "first"]))
        near, far = (pairs.loc[pairs["like"] == each, "distance"] for each in ("alike", "unlike"))
        assert near.is_monotonic_increasing
        assert far.is_monotonic_decreasing
        assert near.min() <= far.max()


def test_the_terms_of_a_category_are_those_it_is_about(demo: Study) -> None:
    code = next(code.id for code in demo.state.codes.values() if "pårørende" in code.label)
    terms = demo.shared(code).query("kind == 'term'")
    assert len(terms) == 5
    own = {coding.answer for coding in demo.state.all_codings() if coding.code == code}
    first = own & set(demo.survey.answers.query("number == 1").index)
    assert (terms["share"] == terms["count"] / len(first)).all()


def test_obstacles_are_of_the_categorys_own_answers(demo: Study) -> None:
    of_each = [set(demo.obstacles(code)["answer"]) for code in demo.state.codes]
    assert sum(map(len, of_each)) > 30
    assert not any(one & other for one, other in combinations(of_each, 2))


def test_gowers_distance_of_the_nearest_pair_is_the_mean_over_items(demo: Study) -> None:
    code = next(code.id for code in demo.state.codes.values() if "bostøtte" in code.label)
    row = demo.alike_and_unlike(code).query("like == 'unlike'").iloc[0]
    items = [each.item for each in demo.scores().recipe.items()]
    one, other = (demo.scores().items.loc[row[side], items] for side in ("first", "second"))
    survey = demo.survey.cases
    gaps = []
    for item in items:
        question = demo.questionnaire.question_of(item)
        codes = [survey.at[row[side], item] for side in ("first", "second")]
        known = [
            each for each in codes if pd.notna(each) and question.option(each).role == "answer"
        ]
        if len(known) == 2:
            gaps.append(abs(one[item] - other[item]))
    assert row["n"] == len(gaps)
    assert row["distance"] == pytest.approx(math.fsum(gaps) / len(gaps))
