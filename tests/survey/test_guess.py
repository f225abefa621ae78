"""A questionnaire guessed from a file: what is guessed, why, and that nothing is lost."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coder.i18n import LANGUAGES, load_texts
from coder.model import Question, Questionnaire, tick_column
from coder.survey.guess import Guess, guess_questionnaire
from coder.survey.ingest import build_survey, code_table
from coder.survey.questionnaire import format_questionnaire, parse_questionnaire
from coder.survey.raw import MultipleSet, RawTable, Source
from coder.survey.read import read_file
from tests.fixtures import refused

Cells = Sequence[str | None]


def raw(
    columns: Mapping[str, Cells],
    labels: Mapping[str, str] | None = None,
    value_labels: Mapping[str, Mapping[str, str]] | None = None,
    missing: Mapping[str, tuple[str, ...]] | None = None,
    multiple: tuple[MultipleSet, ...] = (),
) -> RawTable:
    """A file as read."""
    table = pd.DataFrame(columns, dtype="str")
    source = Source("x.csv", "csv", *table.shape)
    return RawTable(table, source, labels or {}, value_labels or {}, missing or {}, multiple)


def guessed(
    file: RawTable, open_columns: Sequence[str] = (), id_column: str | None = None
) -> Guess:
    """The guess, which must fit its file, come back from YAML, and have reasons in words."""
    guess = guess_questionnaire(file, "Title", open_columns, id_column)
    questionnaire = guess.questionnaire
    assert parse_questionnaire(format_questionnaire(questionnaire)) == questionnaire
    build_survey(code_table(file.table, questionnaire), questionnaire)
    assert set(file.table.columns) <= headings(questionnaire)
    names = {question.name for question in questionnaire.questions}
    for reason in guess.reasons:
        assert reason.question in names | {""}
        for language in LANGUAGES:
            assert load_texts(language)(reason.key, **reason.params)
    assert names == {reason.question for reason in guess.reasons} - {""}
    return guess


def headings(questionnaire: Questionnaire) -> set[str]:
    """The headings of all columns that the questionnaire uses."""
    return {
        questionnaire.columns.get(prefix + name, prefix + name)
        for question in questionnaire.questions
        for prefix in questionnaire.prefixes(question)
        for name in (*question.columns(), *([question.elaboration] if question.elaboration else []))
    }


def kinds(guess: Guess) -> dict[str, str]:
    return {question.name: question.kind for question in guess.questionnaire.questions}


def keys(guess: Guess, question: str) -> list[str]:
    return [reason.key for reason in guess.reasons if reason.question == question]


def labels_of(question: Question) -> list[str]:
    return [option.label for option in question.options]


# --- the demo survey ---------------------------------------------------------------------------

# What no file tells, and what only labels tell: the question in the researchers' questionnaire,
# what the guess has instead, and why.
ALLOWED = {
    "status.options": "its 1 stands before its 0; a guess has codes in their order",
    "q03.options": "a .sav file cuts labels after 120 bytes",
    "q02.options": "two of four options were never chosen, and only the .sav lists those",
    "q23.name": "one item alone has nothing to share a name with: it is its own question",
    "q23.scale": "that one sentence is more of something than the other, only a reader knows",
    "q25.scale": "yes and no are taken for a scale; here they only lead to the next question",
}


@pytest.fixture(scope="module")
def told(checkout: Path) -> Questionnaire:
    return parse_questionnaire((checkout / "data/questionnaire.yaml").read_text("utf-8"))


@pytest.fixture(scope="module", params=["sav", "xlsx", "csv"])
def demo_guess(request: pytest.FixtureRequest, checkout: Path) -> tuple[str, Guess]:
    return request.param, guessed(read_file(checkout / f"data/demo.{request.param}"))


def differences(told: Questionnaire, found: Questionnaire, kind: str) -> set[str]:
    """Where the guess differs from the questionnaire, as "question.what"."""
    by_name = {question.name: question for question in found.questions}
    by_name["q23"] = by_name.pop("q23_hoejde")
    seen = {"q23.name"}
    assert set(by_name) == {question.name for question in told.questions}
    for question in told.questions:
        other = by_name[question.name]
        same = {
            "kind": question.kind == other.kind,
            "columns": question.columns() == other.columns(),
            "elaboration": question.elaboration == other.elaboration,
            "scale": question.scale == other.scale or kind == "csv",
            "options": same_options(question, other, kind),
            "permits": question.permits == other.permits or kind == "csv",
            "label": kind != "sav" or question.name == "q23" or question.label == other.label,
        }
        seen |= {f"{question.name}.{what}" for what, as_told in same.items() if not as_told}
    return seen


def same_options(told: Question, found: Question, kind: str) -> bool:
    """From .sav codes, labels and roles; from .xlsx labels and roles; from .csv only codes."""
    if kind == "sav":
        return told.options == found.options
    if kind == "csv":
        return {each.code for each in told.options} == {each.code for each in found.options}
    if told.kind == "multiple":
        return [each.code for each in told.options] == [each.code for each in found.options]
    labels = {(each.label, each.role) for each in told.options}
    ordinary = [each.label for each in told.options if each.role == "answer"]
    in_order = [each.label for each in found.options if each.role == "answer"]
    return labels == {(each.label, each.role) for each in found.options} and (
        told.scale is None or told.name == "q23" or ordinary == in_order
    )


def test_the_demo_survey_is_guessed_but_for_what_no_file_tells(
    demo_guess: tuple[str, Guess], told: Questionnaire
) -> None:
    kind, guess = demo_guess
    expected = {
        "sav": {"status.options", "q03.options", "q23.name", "q23.scale", "q25.scale"},
        "xlsx": {"q02.options", "q23.name", "q23.scale", "q25.scale"},
        "csv": {"q02.options", "q23.name"},
    }[kind]
    assert differences(told, guess.questionnaire, kind) == expected
    assert expected <= set(ALLOWED)


def test_the_demo_survey_has_its_cases_and_organisation(
    demo_guess: tuple[str, Guess], told: Questionnaire
) -> None:
    _, guess = demo_guess
    found = guess.questionnaire
    about = ["q23" if name == "q23_hoejde" else name for name in found.cases.questions]
    assert (about, found.cases.prefixes) == (list(told.cases.questions), told.cases.prefixes)
    assert (found.organisation, found.language, found.columns) == ("kommune", "da", {})


def test_filters_are_not_guessed(demo_guess: tuple[str, Guess]) -> None:
    _, guess = demo_guess
    assert not any(question.asked_if for question in guess.questionnaire.questions)


def test_the_one_reversed_item_is_proposed_where_its_wording_is_known(
    demo_guess: tuple[str, Guess],
) -> None:
    kind, guess = demo_guess
    assert guess.proposed_reversed == (("q22_saerlige_forhold",) if kind == "sav" else ())


def test_without_labels_nothing_may_be_published(demo_guess: tuple[str, Guess]) -> None:
    kind, guess = demo_guess
    consent = guess.questionnaire.question("samtykke")
    assert consent.permits == (() if kind == "csv" else ("1",))


# --- columns -----------------------------------------------------------------------------------

TEN = [str(no) for no in range(1, 11)]
LONG = [f"Det gik rigtig godt den gang vi prøvede nummer {no}" for no in TEN]


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["1", "2", "1", "3", None, "2", "2", "1", "1", "3"], "single"),
        (["A", "B", "A", "A", None, "B", "B", "A", "A", "B"], "single"),
        (["0,5", "1,5", "2", "3", "4", "5", "6", "7", "8", "9"], "number"),
        ([str(no * 7) for no in range(1, 13)], "number"),
        (["007", "012", "033", "007", "045", "051", "062", "071", "088", "093"], "background"),
        (["1.000", "2.000", "3.500", "12.000", "1.500", "1", "2", "4", "7", "8"], "background"),
        (["12345678901234567890" + no for no in TEN], "background"),
        (["Aa", "Bb", "Cc", "Dd", "Ee", "Ff", "Gg", "Hh", "Ii", "Jj"], "background"),
        (LONG, "open"),
        ([None] * 9 + ["Et langt svar, som kun en har givet i hele filen"], "open"),
        ([None] * 10, "ignore"),
        (["I høj grad", "I nogen grad", *[None] * 8], "single"),
    ],
)
def test_a_column_is_what_it_holds(cells: Cells, kind: str) -> None:
    guess = guessed(raw({"id": [f"r{no}" for no in range(len(cells))], "x": cells}))
    assert kinds(guess)["x"] == kind


@pytest.mark.parametrize("heading", ["alder", "Hvor mange timer?", "antal_boern"])
def test_a_column_called_a_number_is_one(heading: str) -> None:
    guess = guessed(raw({"q1": LONG, heading: ["1", "2", "3", "1", "2", "3", "1", "2", "3", "1"]}))
    assert list(kinds(guess).values()) == ["open", "number"]


def test_short_answers_are_open_where_the_question_says_so() -> None:
    guess = guessed(raw({"nr": TEN[:3], "why": ["because", "why not", "because"]}))
    assert kinds(guess) == {"nr": "id", "why": "open"}


def test_a_number_with_a_few_labelled_codes_is_a_number() -> None:
    ages = ["18", *[str(no) for no in range(20, 40)], "999"]
    guess = guessed(raw({"age": ages}, value_labels={"age": {"999": "Don't know"}}))
    (age,) = guess.questionnaire.questions
    assert age.kind == "number"
    assert [each.role for each in age.options if each.code == "999"] == ["dont_know"]


def test_options_come_from_value_labels_also_those_never_used() -> None:
    labels = {"1": "Ja", "2": "Nej", "8": "Ved ikke", "9": "Sprunget over"}
    file = raw({"q1": ["1", "1", "2", "9"]}, {"q1": "Godt?"}, {"q1": labels}, {"q1": ("9",)})
    (question,) = guessed(file).questionnaire.questions
    assert [(each.code, each.role) for each in question.options] == [
        ("1", "answer"), ("2", "answer"), ("8", "dont_know"), ("9", "not_relevant")
    ]  # fmt: skip
    assert (question.label, question.scale) == ("Godt?", "descending")


def test_a_value_without_label_becomes_an_option() -> None:
    file = raw({"q1": ["1", "2", "3", "1", "2"]}, value_labels={"q1": {"1": "A", "2": "B"}})
    (question,) = guessed(file).questionnaire.questions
    assert labels_of(question) == ["A", "B", "3"]


@pytest.mark.parametrize(
    ("order", "scale"),
    [("Helt enig|Enig|Uenig", "descending"), ("Uenig|Enig|Helt enig", "ascending")],
)
def test_a_scale_goes_as_its_codes_do(order: str, scale: str) -> None:
    labels = {str(no): label for no, label in enumerate(order.split("|"), start=1)}
    file = raw({"q1": ["1", "2", "3", "2"]}, value_labels={"q1": labels})
    (question,) = guessed(file).questionnaire.questions
    assert (question.scale, labels_of(question)) == (scale, order.split("|"))


def test_labels_in_a_text_file_are_put_in_order_with_those_that_are_no_answers_last() -> None:
    cells = ["Ved ikke", "Slet ikke", "I høj grad", "I nogen grad"] * 3
    (question,) = guessed(raw({"q1": cells})).questionnaire.questions
    assert labels_of(question) == ["I høj grad", "I nogen grad", "Slet ikke", "Ved ikke"]
    assert [each.code for each in question.options] == ["1", "2", "3", "4"]
    assert (question.scale, question.options[3].role) == ("descending", "dont_know")


# --- groups of columns -------------------------------------------------------------------------

TICKS: list[dict[str, Cells]] = [
    {"q4_1": ["1", "0", None], "q4_2": ["0", "1", None]},
    {"q4_1": ["x", None, None], "q4_2": [None, "x", None]},
    {"q4_1": ["Valgt", "Ikke valgt", None], "q4_2": ["Ikke valgt", "Valgt", None]},
    {"q4_1": ["Politikere", None, None], "q4_2": [None, "Borgere", None]},
    {"q4_1": ["Ja", "Nej", None], "q4_2": ["Nej", "Ja", None]},
    {"q4_1": ["1", None, None], "q4_2": [None, None, None], "q4_3": [None, "1", None]},
    {"q4a": ["1", "0", None], "q4b": ["0", "1", None]},
    {"q4.1": ["1", "0", None], "q4.2": ["0", "1", None]},
    {"Hvem? - Politikere": ["1", "0", None], "Hvem? - Borgere": ["0", "1", None]},
    {"Hvem? [Politikere]": ["1", None, None], "Hvem? [Borgere]": [None, "1", None]},
]  # fmt: skip


@pytest.mark.parametrize("columns", TICKS)
def test_ticks_are_one_multiple_question(columns: dict[str, Cells]) -> None:
    file = raw(columns)
    questionnaire = guessed(file).questionnaire
    (question,) = questionnaire.questions
    assert question.kind == "multiple"
    coded = code_table(file.table, questionnaire)
    first, *_, last = question.columns()
    assert coded[first].fillna("–").tolist() == ["1", "0", "–"]
    assert coded[last].fillna("–").tolist() == ["0", "1", "–"]


def test_options_of_ticks_are_named_by_labels() -> None:
    labels = {"q4_1": "Hvem tog initiativ? - Politikere", "q4_2": "Hvem tog initiativ? - Borgere"}
    (question,) = guessed(raw(TICKS[0], labels)).questionnaire.questions
    assert (question.label, labels_of(question)) == (
        "Hvem tog initiativ?",
        ["Politikere", "Borgere"],
    )
    (question,) = guessed(raw(TICKS[3])).questionnaire.questions
    assert labels_of(question) == ["Politikere", "Borgere"]
    (question,) = guessed(raw(TICKS[8])).questionnaire.questions
    assert (question.label, labels_of(question)) == ("Hvem?", ["Politikere", "Borgere"])


def test_a_declared_set_is_one_question_whatever_its_columns_are_called() -> None:
    columns: dict[str, Cells] = {"v1": ["2", "1"], "x": ["a", "b"], "v7": ["1", "2"]}
    labels = {"v1": "Avis", "v7": "Radio"}
    sets = (MultipleSet("$medier", "Hvilke medier? Vælg højst to", ("v1", "v7"), "2"),)
    file = raw(columns, labels, multiple=sets)
    questionnaire = guessed(file).questionnaire
    question = questionnaire.question("medier")
    assert (question.kind, question.maximum, question.ticked) == ("multiple", 2, "2")
    assert labels_of(question) == ["Avis", "Radio"]
    assert questionnaire.columns == {"medier_1": "v1", "medier_2": "v7"}
    coded = code_table(file.table, questionnaire)
    assert coded[list(question.columns())].to_numpy().tolist() == [["1", "0"], ["0", "1"]]


def test_a_set_of_chosen_codes_stays_as_it_is() -> None:
    columns: dict[str, Cells] = {"m1": ["1", "2", "1", "2"], "m2": ["2", None, "3", None]}
    file = raw(columns, multiple=(MultipleSet("$m", "Medier", ("m1", "m2"), None),))
    assert kinds(guessed(file)) == {"m1": "single", "m2": "single"}


def test_ticks_coded_one_and_two_say_how_a_tick_is_written() -> None:
    scale = {"1": "Ikke valgt", "2": "Valgt"}
    labels = {"q4_1": scale, "q4_2": scale}
    file = raw({"q4_1": ["2", "1"], "q4_2": ["1", "1"]}, value_labels=labels)
    questionnaire = guessed(file).questionnaire
    assert questionnaire.questions[0].ticked == "2"
    assert code_table(file.table, questionnaire)["q4_1"].tolist() == ["1", "0"]


MATRIX: dict[str, Cells] = {
    "q5_pris": ["Tilfreds", "Utilfreds", "Meget tilfreds"] * 3,
    "q5_service": ["Tilfreds", "Tilfreds", "Meget utilfreds"] * 3,
}


def test_the_same_options_side_by_side_are_a_matrix() -> None:
    (question,) = guessed(raw(MATRIX)).questionnaire.questions
    assert (question.name, question.kind, question.columns()) == (
        "q5",
        "matrix",
        ("q5_pris", "q5_service"),
    )
    assert labels_of(question) == ["Meget tilfreds", "Tilfreds", "Utilfreds", "Meget utilfreds"]
    assert question.scale == "descending"


def test_yes_and_no_to_named_items_are_a_matrix() -> None:
    columns: dict[str, Cells] = {"q5_pris": ["Ja", "Nej", None], "q5_service": ["Nej", "Nej", "Ja"]}
    assert kinds(guessed(raw(columns))) == {"q5": "matrix"}


def test_different_options_are_different_questions() -> None:
    columns: dict[str, Cells] = {"q5_a": ["Rød", "Grøn"] * 4, "q5_b": ["Tilfreds", "Utilfreds"] * 4}
    assert kinds(guessed(raw(columns))) == {"q5_a": "single", "q5_b": "single"}


def test_the_same_value_labels_make_a_matrix_only_where_names_or_labels_go_together() -> None:
    scale = {"1": "Helt enig", "2": "Enig", "3": "Uenig"}
    cells: Cells = ["1", "2", "3", "1"]
    together = raw(
        {"v1": cells, "v2": cells},
        {"v1": "Er du enig? - Godt vejr", "v2": "Er du enig? - Dårligt vejr"},
        {"v1": scale, "v2": scale},
    )
    (question,) = guessed(together).questionnaire.questions
    assert [item.label for item in question.items] == ["Godt vejr", "Dårligt vejr"]
    apart = raw({"v1": cells, "v2": cells}, None, {"v1": scale, "v2": scale})
    assert kinds(guessed(apart)) == {"v1": "single", "v2": "single"}


def test_reversed_items_are_proposed_and_nothing_is_done() -> None:
    labels = {
        "q5_pris": "Er du enig? - Prisen er god",
        "q5_service": "Er du enig? - Betjeningen fungerer ikke",
    }
    guess = guessed(raw(MATRIX, labels))
    assert guess.proposed_reversed == ("q5_service",)
    assert "guess.reversed" in keys(guess, "q5")


def test_items_that_all_sound_reversed_are_not_the_reverse_of_each_other() -> None:
    labels = {"q5_pris": "Enig? - Prisen er ikke god", "q5_service": "Enig? - Ingen hører, ikke os"}
    assert guessed(raw(MATRIX, labels)).proposed_reversed == ()


def test_scales_and_options_that_are_no_answers_are_told_with_their_reason() -> None:
    labels = {"1": "Helt enig", "2": "Uenig", "8": "Ved ikke", "9": "Ikke relevant"}
    guess = guessed(raw({"q1": ["1", "2", "8", "9"]}, value_labels={"q1": labels}))
    assert keys(guess, "q1") == [
        "guess.single_labels", "guess.scale_descending", "guess.dont_know", "guess.not_relevant"
    ]  # fmt: skip


# --- names -------------------------------------------------------------------------------------


def test_long_headings_get_short_names_and_stand_under_columns() -> None:
    heading = "Hvad var det vigtigste, I lærte, da dørene måtte lukke?"
    guess = guessed(raw({"nr": TEN, heading: LONG}))
    assert guess.questionnaire.columns == {"hvad_var_det_vigtigste_i_laerte": heading}
    assert kinds(guess)["hvad_var_det_vigtigste_i_laerte"] == "open"
    assert "guess.renamed" in keys(guess, "")


def test_names_of_our_own_are_left_to_us() -> None:
    guess = guessed(raw({"number": LONG, "answered": ["a", "b"] * 5, "respondent": TEN}))
    assert guess.questionnaire.columns["number_b"] == "number"
    assert set(guess.questionnaire.columns.values()) == {"number", "answered", "respondent"}


# --- ids, background, consent, elaborations ------------------------------------------------------


def test_ids_are_found_by_name_or_as_the_first_column() -> None:
    assert kinds(guessed(raw({"x": LONG, "Løbenr": TEN})))["Løbenr"] == "id"
    assert kinds(guessed(raw({"x": [f"K{no}" for no in TEN], "y": LONG})))["x"] == "id"
    assert "id" not in kinds(guessed(raw({"x": ["a", "b"] * 5, "y": LONG}))).values()


def test_rows_of_one_id_that_agree_are_cases_of_one_respondent() -> None:
    people = [no for no in TEN for _ in range(2)]
    file = raw({
        "id": people,
        "kommune": [f"By {no}" for no in people],
        "hvad": [f"Det her er nyskabelse nummer {no} fra os" for no in range(20)],
        "q5": ["Ja", "Nej"] * 10,
    })  # fmt: skip
    guess = guessed(file)
    assert (guess.questionnaire.cases.rows, guess.questionnaire.cases.questions) == (
        True,
        ("hvad", "q5"),
    )
    survey = build_survey(code_table(file.table, guess.questionnaire), guess.questionnaire)
    assert (len(survey.respondents), len(survey.cases), len(survey.answers)) == (10, 20, 20)
    assert survey.cases.index[:2].tolist() == ["1", "1.2"]
    assert "guess.id_rows" in keys(guess, "id")


def test_an_id_used_twice_by_strangers_numbers_the_respondents() -> None:
    file = raw({
        "id": [*TEN[:9], "1"],
        "kommune": [f"By {no}" for no in TEN],
        "hvad": LONG,
    })  # fmt: skip
    guess = guessed(file)
    assert kinds(guess)["id"] == "background"
    assert keys(guess, "id") == ["guess.id_not_unique"]
    survey = build_survey(code_table(file.table, guess.questionnaire), guess.questionnaire)
    assert survey.respondents["id"].tolist() == [*TEN[:9], "1"]


def test_what_is_known_of_those_who_did_not_answer_is_background() -> None:
    guess = guessed(raw({
        "nr": TEN,
        "omraade": ["Nord", "Syd"] * 5,
        "q1": ["A", "B"] * 4 + [None, None],
        "q2": [*LONG[:8], None, None],
    }))  # fmt: skip
    assert kinds(guess) == {"nr": "id", "omraade": "background", "q1": "single", "q2": "open"}
    assert keys(guess, "omraade") == ["guess.background_silent"]


def test_consent_permits_what_says_yes() -> None:
    cells = ["Ja, gerne", "Nej tak"] * 5
    question = guessed(raw({"nr": TEN, "samtykke": cells})).questionnaire.question("samtykke")
    assert question.kind == "consent"
    assert [each.label for each in question.options if each.code in question.permits] == [
        "Ja, gerne"
    ]


def test_an_elaboration_follows_its_answer_and_is_given_only_there() -> None:
    added = [f"Senere fortalte lederen mere om nummer {no}" for no in TEN]
    file = raw({"q1": [*LONG[:9], None], "q1_uddybning": [*added[:3], *[None] * 7]})
    assert guessed(file).questionnaire.question("q1").elaboration == "q1_uddybning"
    elsewhere = raw({"q1": [None, *LONG[1:]], "q1_uddybning": [*added[:1], *[None] * 9]})
    assert kinds(guessed(elsewhere)) == {"q1": "open", "q1_uddybning": "open"}


# --- blocks ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["n2_{}", "anden_{}", "{}_2", "{} (2)"])
def test_repeated_columns_are_further_cases(name: str) -> None:
    base: dict[str, Cells] = {
        "nr": TEN,
        "hvad": LONG,
        "god": ["Ja", "Nej"] * 5,
        "ny": ["A", "B", "C", "A", "B"] * 2,
    }
    names = list(base)[1:]
    later = {name.format(each): [*base[each][:2], *[None] * 8] for each in names}
    file = raw({**base, **later})
    guess = guessed(file)
    questionnaire = guess.questionnaire
    assert questionnaire.cases.questions == ("hvad", "god", "ny")
    assert len(questionnaire.cases.prefixes) == 2
    survey = build_survey(code_table(file.table, questionnaire), questionnaire)
    assert len(survey.answers) == 12
    assert "guess.blocks" in keys(guess, "")


def test_one_column_called_like_another_is_no_case() -> None:
    file = raw({"nr": TEN, "hvad": LONG, "n2_hvad": LONG})
    assert guessed(file).questionnaire.cases.prefixes == ("",)


# --- what the user says ------------------------------------------------------------------------


def test_named_columns_override_the_guess() -> None:
    file = raw({"a": ["x", "y"] * 5, "b": LONG, "c": [f"k{no}" for no in TEN]})
    guess = guessed(file, open_columns=["a"], id_column="c")
    assert kinds(guess) == {"a": "open", "b": "open", "c": "id"}


def test_named_columns_must_be_in_the_file() -> None:
    with refused("survey.no_column", column="d", columns="a, b"):
        guess_questionnaire(raw({"a": TEN, "b": LONG}), "", ["d"])


# --- anything ----------------------------------------------------------------------------------

HEADING = st.sampled_from(
    [
        "id",
        "q1",
        "q1_1",
        "q1_2",
        "q1_3",
        "n2_q1",
        "Hvem? - A",
        "Hvem? - B",
        "case",
        "",
        "køn",
        "1",
        "2",
    ]
) | st.text(max_size=8)
CELL = st.none() | st.sampled_from(
    ["1", "0", "2", "Ja", "Nej", "x", "I høj grad", "Slet ikke", "Ved ikke", "-1", "01", "1,5", " "]
) | st.text(min_size=1, max_size=30)  # fmt: skip


@given(st.data())
def test_any_table_is_guessed_and_can_be_imported_with_nothing_lost(data: st.DataObject) -> None:
    names = data.draw(st.lists(HEADING, unique=True, min_size=1, max_size=6))
    rows = data.draw(st.integers(1, 8))
    columns = {name: data.draw(st.lists(CELL, min_size=rows, max_size=rows)) for name in names}
    file = raw(columns)
    questionnaire = guessed(file).questionnaire
    coded = code_table(file.table, questionnaire)
    for question in questionnaire.questions:
        for prefix in questionnaire.prefixes(question):
            if question.kind == "multiple":
                continue
            for name in question.columns():
                heading = questionnaire.columns.get(prefix + name, prefix + name)
                kept = coded[prefix + name].notna()
                written = file.table[heading].str.strip().fillna("") != ""
                assert kept[written].all()


def test_a_large_file_is_guessed_and_checked_soon() -> None:
    rng = np.random.default_rng(1)
    rows = 20_000
    columns = {
        f"q{no}_{row}": rng.integers(1, 6, rows).astype(str) for no in range(10) for row in range(5)
    }
    columns["id"] = np.arange(rows).astype(str)
    columns["hvad"] = np.array([f"Svar nummer {no} er et ret langt svar" for no in range(rows)])
    table = pd.DataFrame(columns, dtype="str")
    file = RawTable(table, Source("x.csv", "csv", *table.shape))
    start = time.perf_counter()
    questionnaire = guess_questionnaire(file, "").questionnaire
    code_table(table, questionnaire)
    assert time.perf_counter() - start < 5
    assert len(questionnaire.of_kind("matrix")) == 10


def test_a_tick_column_is_named_by_question_and_code() -> None:
    assert tick_column("q4", "1") == "q4_1"
