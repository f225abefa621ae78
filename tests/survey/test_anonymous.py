"""Without names: one pseudonym for one thing, and no cell that is smaller than agreed."""

from __future__ import annotations

import string

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from coder.survey.anonymous import Anonymous, anonymous, pseudonym, without_small_cells
from coder.survey.ingest import build_survey, code_table
from coder.survey.questionnaire import format_questionnaire, parse_questionnaire

KEY = b"k" * 16
FORM = parse_questionnaire(
    """
title: Prøve
organisation: kommune
cases: {questions: [hvad, mere], prefixes: ["", "n2_"]}
questions:
  - {name: nr, kind: id}
  - {name: kommune, kind: background}
  - {name: rolle, kind: background, options: [{code: 1, label: Chef}, {code: 2, label: Leder}]}
  - {name: internt, kind: ignore}
  - {name: hvad, kind: open, elaboration: uddybet}
  - {name: mere, kind: open}
"""
)
ROWS = [
    # nr, kommune, rolle, hvad, uddybet, mere, n2_hvad
    ("R1", "Ærø", "1", "a", "a2", None, "b"),
    ("R2", "Ærø", "1", "c", None, "d", None),
    ("R3", "Ærø", "1", "e", None, None, None),
    ("R4", "Læsø", "1", "f", None, None, None),
    ("R5", "Læsø", "2", None, None, None, None),
]
COLUMNS = ["nr", "kommune", "rolle", "hvad", "uddybet", "mere", "n2_hvad"]


def table_of(rows: list[tuple[str | None, ...]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=COLUMNS, dtype="str").assign(
        internt="hemmeligt", n2_uddybet=None, n2_mere=None
    )
    return code_table(table.astype("str"), FORM)


def nameless(table: pd.DataFrame, respondents: set[str] | None = None) -> Anonymous:
    texts = build_survey(table, FORM).answers
    shown = texts.assign(text=texts["text"] + "!")
    return anonymous(table, FORM, shown, respondents or set(table["nr"]), KEY)


TABLE = table_of(ROWS)


def test_every_answer_stands_with_the_pseudonym_of_its_respondent() -> None:
    made = nameless(TABLE)
    survey, before = build_survey(made.table, made.questionnaire), build_survey(TABLE, FORM)
    names = made.respondents
    for answer, row in before.answers.iterrows():
        new = names[row["respondent"]] + str(answer)[len(row["respondent"]) :]
        assert survey.answers.at[new, "text"] == row["text"] + "!"
    assert len(survey.answers) == len(before.answers) == 6
    assert survey.answers.at[f"{names['R1']}/hvad", "elaboration"] == "a2"


def test_no_name_no_unused_column_and_no_order_is_left() -> None:
    made = nameless(TABLE)
    held = made.table.to_csv() + format_questionnaire(made.questionnaire)
    for gone in ("R1", "Ærø", "Læsø", "hemmeligt", "internt"):
        assert gone not in held
    assert made.table["nr"].tolist() == sorted(made.table["nr"])
    assert made.table["kommune"].nunique() == 2
    assert parse_questionnaire(format_questionnaire(made.questionnaire)) == made.questionnaire


def test_who_is_not_to_leave_is_not_there() -> None:
    assert nameless(TABLE, {"R2", "R4"}).table["hvad"].tolist() != []
    assert set(nameless(TABLE, {"R2", "R4"}).table["hvad"]) == {"c!", "f!"}


def test_a_survey_without_ids_gets_pseudonyms_for_its_row_numbers() -> None:
    form = parse_questionnaire("questions: [{name: why, kind: open}]")
    table = code_table(pd.DataFrame({"why": ["a", "b"]}, dtype="str"), form)
    made = anonymous(table, form, build_survey(table, form).answers, {"R001", "R002"}, KEY)
    assert list(made.table.columns) == ["respondent", "why"]
    assert set(made.table["respondent"]) == set(made.respondents.values())


def test_a_pseudonym_is_the_same_with_the_same_key_and_another_with_another() -> None:
    one = pseudonym("respondent", "R1", KEY)
    assert one == pseudonym("respondent", "R1", KEY)
    others = [("organisation", "R1", KEY), ("respondent", "R2", KEY), ("respondent", "R1", b"x")]
    assert len({one, *(pseudonym(*each) for each in others)}) == 4
    assert set(one) <= set(string.ascii_lowercase + string.digits)
    assert len(one) == 16


def test_an_answer_of_which_nothing_may_be_shown_is_still_there() -> None:
    texts = build_survey(TABLE, FORM).answers.assign(text="")
    made = anonymous(TABLE, FORM, texts, set(TABLE["nr"]), KEY)
    assert len(build_survey(made.table, made.questionnaire).answers) == 6


# --- small cells -------------------------------------------------------------------------------


def test_the_most_telling_value_is_withheld_first() -> None:
    """By hand: three of Ærø are chefs, of Læsø one; four chefs without the municipality."""
    made = nameless(TABLE)
    names = made.respondents
    small = without_small_cells(made, {}, 3)
    rows = small.table.set_index("nr")
    assert small.withheld == {"R4": ("kommune",), "R5": ("kommune", "rolle")}
    assert rows.loc[[names["R1"], names["R2"], names["R3"]], "kommune"].nunique() == 1
    assert rows.at[names["R4"], "rolle"] == "1"
    assert rows.loc[names["R5"], ["kommune", "rolle"]].isna().all()


def test_a_category_makes_the_cell_smaller() -> None:
    made = nameless(TABLE)
    names = made.respondents
    told = without_small_cells(made, {names["R1"]: {"x"}}, 2).withheld
    assert told["R1"] == ("kommune", "rolle")
    assert "R2" not in told


def test_only_the_questions_that_are_named_count_and_one_is_no_limit() -> None:
    made = nameless(TABLE)
    assert without_small_cells(made, {}, 3, ["rolle"]).withheld == {"R5": ("rolle",)}
    assert without_small_cells(made, {}, 1).withheld == {}


PEOPLE = st.lists(
    st.tuples(st.sampled_from("ABC"), st.sampled_from("12"), st.sets(st.sampled_from("xy"))),
    min_size=1,
    max_size=25,
)


@given(PEOPLE, st.integers(1, 4))
def test_in_no_cell_do_too_few_share_what_is_told(
    people: list[tuple[str, str, set[str]]], smallest: int
) -> None:
    """Counted anew: who could be meant by what is told of one, beside each of their categories."""
    rows = [(str(no), kommune, rolle) for no, (kommune, rolle, _) in enumerate(people)]
    table = pd.DataFrame(rows, columns=["nr", "kommune", "rolle"], dtype="str")
    codes = {str(no): each for no, (*_, each) in enumerate(people)}
    made = Anonymous(table, FORM, {each: each for each in codes}, {})
    after = without_small_cells(made, codes, smallest)
    for who, *told in after.table.itertuples(index=False, name=None):
        known = [(at, value) for at, value in enumerate(told, start=1) if pd.notna(value)]
        for code in codes[who] or {None}:
            meant = [
                row
                for row in rows
                if all(row[at] == value for at, value in known)
                and (code in codes[row[0]] if code else not codes[row[0]])
            ]
            assert not known or len(meant) >= smallest
        assert len(known) == 2 - len(after.withheld.get(who, ()))
