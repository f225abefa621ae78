"""A later file adds to a survey and never takes anything away unasked."""

from __future__ import annotations

import pandas as pd
import pytest

from coder.errors import UserError
from coder.model import Cases, Change, Item, Option, Question, Questionnaire
from coder.survey.merge import Merge, merge_tables


def question(name: str, kind: str, **more: object) -> Question:
    return Question(name, kind, name, items=(Item(name, name),), **more)  # type: ignore[arg-type]


YES_NO = (Option("1", "Ja"), Option("2", "Nej"))
SURVEY = Questionnaire(
    title="",
    language="da",
    questions=(
        question("id", "id"),
        question("q1", "single", options=YES_NO),
        question("q2", "open"),
    ),
    cases=Cases(("q2",)),
)
FIRST = [("a", "1", "gåtur"), ("b", "2", "video"), ("c", None, None)]


def table(*rows: tuple[str | None, ...], columns: str = "id q1 q2") -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=columns.split()).astype("str")


def merged(*later: tuple[str | None, ...], columns: str = "id q1 q2") -> Merge:
    return merge_tables(table(*FIRST), table(*later, columns=columns), SURVEY)


def rows(frame: pd.DataFrame) -> list[tuple[str | None, ...]]:
    return [tuple(None if pd.isna(v) else v for v in row) for row in frame.itertuples(index=False)]


def test_new_respondents_come_after_the_old_ones() -> None:
    merge = merged(("d", "1", "bål"))
    assert rows(merge.kept) == [*FIRST, ("d", "1", "bål")]
    assert (merge.added, merge.filled, merge.changes) == (("d",), 0, ())


def test_late_answers_fill_what_was_empty() -> None:
    merge = merged(("c", "2", "sent svar"))
    assert rows(merge.kept)[2] == ("c", "2", "sent svar")
    assert (merge.added, merge.filled, merge.changes) == ((), 2, ())


def test_a_value_that_differs_is_a_change_and_both_tables_are_there_to_choose_from() -> None:
    merge = merged(("a", "2", "gåture"))
    assert merge.changes == (Change("a", "q1", "1", "2"), Change("a", "q2", "gåtur", "gåture"))
    assert rows(merge.kept)[0] == ("a", "1", "gåtur")
    assert rows(merge.taken)[0] == ("a", "2", "gåture")


def test_a_closed_value_that_is_gone_is_a_change_and_an_open_answer_stays() -> None:
    merge = merged(("a", None, None))
    assert merge.changes == (Change("a", "q1", "1", None),)
    assert rows(merge.taken)[0] == ("a", None, "gåtur")


def test_respondents_that_the_later_file_lacks_stay_as_they_were() -> None:
    merge = merged(("b", "2", "video"))
    assert rows(merge.taken) == FIRST


def test_a_new_column_is_added_and_a_missing_one_kept() -> None:
    merge = merged(("a", "nord"), columns="id region")
    assert list(merge.kept.columns) == ["id", "q1", "q2", "region"]
    assert rows(merge.kept)[0] == ("a", "1", "gåtur", "nord")
    assert merge.changes == ()


def test_the_same_file_again_changes_nothing() -> None:
    merge = merged(*FIRST)
    assert rows(merge.kept) == rows(merge.taken) == FIRST
    assert (merge.added, merge.filled, merge.changes) == ((), 0, ())


def test_several_rows_of_one_respondent_are_matched_in_their_order() -> None:
    before = table(("a", "1", "første"), ("a", "2", "anden"))
    after = table(("a", "1", "første"), ("a", "1", "anden"), ("a", "1", "tredje"))
    merge = merge_tables(before, after, SURVEY)
    assert merge.changes == (Change("a", "q1", "2", "1"),)
    assert rows(merge.kept)[2] == ("a", "1", "tredje")


def test_without_ids_nobody_can_be_recognised() -> None:
    nameless = Questionnaire("", "da", SURVEY.questions[1:], SURVEY.cases)
    with pytest.raises(UserError) as refused:
        merge_tables(table(*FIRST), table(*FIRST), nameless)
    assert refused.value.key == "import.no_id_to_add"
