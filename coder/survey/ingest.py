"""From a table of text to a coded table, and from a coded table to a ``Survey``.

Two steps, so that the table can be kept as it came and the questionnaire corrected later:
``code_table`` turns labels into codes and checks them; ``build_survey`` sorts the columns into
respondents, cases and answers. The table of text comes from ``coder.survey.read``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
import pandas as pd

from coder.errors import UserError
from coder.model import Kind, Option, Question, Questionnaire, Survey
from coder.survey.privacy import find_personal_data, replaced
from coder.survey.raw import shown
from coder.survey.scales import not_ticked_words, ticked_words

_CLOSED_KINDS = ("single", "matrix", "consent", "background")
_ANSWER_KINDS: tuple[Kind, ...] = ("single", "multiple", "matrix", "number", "open")
_LONGEST = 60  # characters of a value or label in a message
_FIRST_ROW = 2  # the row of the first respondent, as a spreadsheet counts


@dataclass(frozen=True)
class Mistake:
    """What keeps a table from being coded: a text key with its parameters, and every row."""

    key: str
    params: Mapping[str, object]
    rows: tuple[int, ...] = ()

    def error(self) -> UserError:
        """The refusal that names the first of the rows."""
        row = {"row": self.rows[0]} if self.rows else {}
        return UserError(self.key, **row, **self.params)


def code_table(table: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """Turn every closed column into option codes and check the ids.

    A column may hold codes or labels; which of the two is decided for the column as a whole.
    Columns get the names that the questionnaire gives them; those that it doesn't name stay as
    they are. Raises ``UserError`` with the row and column of the first value that is no option,
    and for missing columns and bad ids.
    """
    coded, mistakes = try_code(table, questionnaire)
    for mistake in mistakes:
        raise mistake.error()
    return coded


def try_code(
    table: pd.DataFrame, questionnaire: Questionnaire
) -> tuple[pd.DataFrame, list[Mistake]]:
    """As ``code_table``, but values that are no option become missing, and all are told of."""
    table = _renamed(table, questionnaire)
    coded = {column: table[column] for column in table.columns}
    mistakes: list[Mistake] = []
    for question in questionnaire.questions:
        for prefix in questionnaire.prefixes(question):
            missing = _missing_columns(table, question, prefix, questionnaire)
            mistakes += missing
            if not missing and _stands(table, question, prefix):
                columns = [prefix + column for column in question.columns()]
                for column, (values, wrong) in _code_question(table[columns], question).items():
                    coded[column] = values
                    mistakes += _bad_values(table[column], wrong, question)
    result = pd.DataFrame(coded, index=table.index)
    return result, mistakes + _bad_ids(result, questionnaire)


def build_survey(table: pd.DataFrame, questionnaire: Questionnaire) -> Survey:
    """Sort a coded table into respondents, cases and answers (shapes: see ``Survey``).

    Respondents without an id column are numbered ``R001`` … in the order of the file.
    """
    table = table.set_axis(respondent_ids(table, questionnaire), axis="index")
    respondents = _respondents(table, questionnaire)
    blocks = [
        _block(table, questionnaire, number, prefix)
        for number, prefix in enumerate(questionnaire.cases.prefixes, start=1)
    ]
    cases = pd.concat(blocks).sort_values(["respondent", "number"], kind="stable")
    return Survey(
        questionnaire=questionnaire,
        respondents=respondents,
        cases=cases[[name for name in cases.columns if name not in _open_columns(questionnaire)]],
        answers=_answers(cases, questionnaire),
    )


# --- finding columns ---------------------------------------------------------------------------


def _renamed(table: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """The table with the questionnaire's names where they differ from the headings.

    A column that stands under another's name makes way: it is kept under its heading with a dash.
    """
    names = {heading: name for name, heading in questionnaire.columns.items()}
    kept = [str(column) for column in table.columns]
    if not set(names) & set(kept):
        return table.set_axis(kept, axis="columns")  # already renamed, or nothing to rename
    taken = {names[each] for each in kept if each in names}
    return table.set_axis(
        [names.get(each, f"{each} –" if each in taken else each) for each in kept], axis="columns"
    )


def _stands(table: pd.DataFrame, question: Question, prefix: str) -> bool:
    """Whether any column of the question is in this block."""
    return any(prefix + column in table.columns for column in question.columns())


def _missing_columns(
    table: pd.DataFrame, question: Question, prefix: str, questionnaire: Questionnaire
) -> list[Mistake]:
    """A later case need not be asked everything: there, whole questions may be missing."""
    first = prefix == questionnaire.prefixes(question)[0]
    needed = [*question.columns(), *([question.elaboration] if question.elaboration else [])]
    if not first:
        empty = not any(_stands(table, each, prefix) for each in _case_questions(questionnaire))
        needed = list(question.columns()) if empty or _stands(table, question, prefix) else []
    names = [str(name) for name in table.columns]
    return [
        _no_column(questionnaire.columns.get(prefix + name, prefix + name), names)
        for name in needed
        if prefix + name not in table.columns
    ]


def _no_column(column: str, names: list[str]) -> Mistake:
    near = get_close_matches(column, names, n=3) or names[:8]
    return Mistake("survey.no_column", {"column": column, "columns": ", ".join(near)})


def _case_questions(questionnaire: Questionnaire) -> list[Question]:
    return [questionnaire.question(name) for name in questionnaire.cases.questions]


# --- coding columns ----------------------------------------------------------------------------

# A coded column, and which of its cells could not be coded.
_Coded = tuple[pd.Series, "np.ndarray[tuple[int], np.dtype[np.bool_]]"]


def _code_question(table: pd.DataFrame, question: Question) -> dict[str, _Coded]:
    if question.kind == "multiple":
        return _code_ticks(table, question)
    if question.kind in _CLOSED_KINDS and question.options:
        return {name: _code_column(table[name], question.options) for name in table.columns}
    if question.kind == "number":
        return {name: _code_number(table[name]) for name in table.columns}
    return {name: (table[name], np.zeros(len(table), dtype=bool)) for name in table.columns}


def _code_column(values: pd.Series, options: Sequence[Option]) -> _Coded:
    by_code = {_folded(option.code): option.code for option in options}
    by_label = {_folded(option.label): option.code for option in options}
    counts = values.value_counts()
    cells = [(_folded(str(value)), count) for value, count in counts.items()]
    coded, labelled = (
        sum(count for text, count in cells if text in known) for known in (by_code, by_label)
    )
    return _translated(values, by_code if coded > labelled else by_label)


def _translated(values: pd.Series, known: Mapping[str, str]) -> _Coded:
    """Each value replaced by what is known for it; each different value is looked at once."""
    places, different = pd.factorize(values)
    folded = [_folded(str(value)) for value in different]
    # One more at the end: missing values have the place -1.
    found = np.array([*(known.get(text) for text in folded), None], dtype=object)
    bad = np.array([*(bool(text) and text not in known for text in folded), False], dtype=bool)
    coded = pd.Series(found[places], index=values.index, name=values.name).astype("str")
    return coded, bad[places]


def _code_ticks(table: pd.DataFrame, question: Question) -> dict[str, _Coded]:
    """Ticks as "1" and "0"; one who ticked anything has "0" where the file has nothing."""
    coded = {
        column: _translated(table[column], _tick_words(table, column, option, question.ticked))
        for column, option in zip(table.columns, question.options, strict=True)
    }
    answered = (
        pd.DataFrame({name: values for name, (values, _) in coded.items()}).notna().any(axis=1)
    )
    return {
        name: (values.mask(values.isna() & answered, "0"), wrong)
        for name, (values, wrong) in coded.items()
    }


def _tick_words(
    table: pd.DataFrame, column: str, option: Option, ticked: str | None
) -> dict[str, str]:
    """What the cells of this column may say, and whether it means ticked ("1") or not ("0").

    With ``ticked``, the one other value that the question's columns may have means not ticked.
    """
    words = dict.fromkeys(not_ticked_words(), "0")
    if ticked is not None:
        cells = {
            _folded(str(each)) for name in table.columns for each in table[name].dropna().unique()
        }
        others = cells - not_ticked_words() - {_folded(ticked), ""}
        return (
            words
            | (dict.fromkeys(others, "0") if len(others) == 1 else {})
            | {_folded(ticked): "1"}
        )
    own = dict.fromkeys([*ticked_words(), _folded(option.label), _folded(option.code)], "1")
    said = {_folded(str(each)) for each in table[column].dropna().unique()}
    if said == {_folded(option.label)} != {"0"}:
        return words | own  # an option that is itself called "No", in a column of labels
    return own | words


def _code_number(values: pd.Series) -> _Coded:
    if pd.api.types.is_numeric_dtype(values):
        return values, np.zeros(len(values), dtype=bool)
    text = values.str.strip().str.replace(",", ".", regex=False)
    numbers = pd.to_numeric(text, errors="coerce")
    return numbers, (numbers.isna() & text.notna() & (text != "")).to_numpy(dtype=bool)


def _bad_values(
    values: pd.Series, wrong: np.ndarray[tuple[int], np.dtype[np.bool_]], question: Question
) -> Iterator[Mistake]:
    """One mistake per column: its first wrong value, and the rows of all of them."""
    places = np.flatnonzero(wrong)
    if len(places):
        expected = {"multiple": "0, 1", "number": "0–9"}.get(
            question.kind, shown([_cut(option.label) for option in question.options])
        )
        value = _cut(str(values.iloc[places[0]]))
        params = {"column": values.name, "value": value, "expected": expected}
        yield Mistake("survey.bad_value", params, _rows(places))


def _cut(text: str) -> str:
    """As much of a text as a message can hold, and without personal data in it."""
    text = replaced(text, [(each.start, each.end, "[…]") for each in find_personal_data(text)])
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _rows(places: Sequence[int] | np.ndarray[tuple[int], np.dtype[np.intp]]) -> tuple[int, ...]:
    return tuple(int(place) + _FIRST_ROW for place in places)


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


# --- ids ---------------------------------------------------------------------------------------


def _bad_ids(table: pd.DataFrame, questionnaire: Questionnaire) -> list[Mistake]:
    mistakes: list[Mistake] = []
    for question in questionnaire.of_kind("id"):
        if question.name not in table.columns:
            continue
        ids = table[question.name]
        missing = np.flatnonzero(ids.isna())
        if len(missing):
            mistakes.append(Mistake("survey.no_id", {"column": question.name}, _rows(missing)))
        if questionnaire.cases.rows:
            mistakes += _differing_rows(table, question.name, questionnaire)
        else:
            mistakes += _same_ids(ids)
    return mistakes


def _same_ids(ids: pd.Series) -> Iterator[Mistake]:
    places = np.flatnonzero(ids.notna() & ids.duplicated())
    if len(places):
        value = ids.iloc[places[0]]
        first = _rows(np.flatnonzero(ids == value))[0]
        params = {"value": value, "column": ids.name, "first": first}
        yield Mistake("survey.same_id", params, _rows(places))


def _differing_rows(
    table: pd.DataFrame, id_column: str, questionnaire: Questionnaire
) -> Iterator[Mistake]:
    """What is known of a respondent is the same in all of the respondent's rows, or empty."""
    columns = [name for name in _respondent_columns(questionnaire) if name in table.columns]
    if not columns:
        return
    first = table.groupby(id_column, sort=False)[columns].transform("first")
    for column in columns:
        places = np.flatnonzero(table[column].notna() & table[column].ne(first[column]))
        if len(places):
            row = places[0]
            params = {
                "column": column,
                "value": table[column].iloc[row],
                "first": first[column].iloc[row],
                "respondent": table[id_column].iloc[row],
            }
            yield Mistake("survey.rows_differ", params, _rows(places))


def respondent_ids(table: pd.DataFrame, questionnaire: Questionnaire) -> pd.Index:
    """The respondent of each row of a coded table."""
    named = questionnaire.of_kind("id")
    if named:
        return pd.Index(table[named[0].name], name="respondent")
    width = max(3, len(str(len(table))))
    return pd.Index([f"R{no:0{width}d}" for no in range(1, len(table) + 1)], name="respondent")


# --- sorting columns ---------------------------------------------------------------------------


def _respondents(table: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """One row per respondent; of several rows the first that says anything counts."""
    known = table[_respondent_columns(questionnaire)].assign(
        answered=_answered(table, questionnaire)
    )
    if not questionnaire.cases.rows:
        return known
    grouped = known.groupby(level="respondent", sort=False)
    return grouped.first().assign(answered=grouped["answered"].any())


def _respondent_columns(questionnaire: Questionnaire) -> list[str]:
    return [
        column
        for question in questionnaire.questions
        if question.kind not in ("id", "ignore") and not questionnaire.is_about_case(question)
        for column in question.columns()
    ]


def _answered(table: pd.DataFrame, questionnaire: Questionnaire) -> pd.Series:
    """Who took part: who gave a value to anything that was asked in the questionnaire."""
    columns = [
        prefix + column
        for question in questionnaire.of_kind(*_ANSWER_KINDS)
        for prefix in questionnaire.prefixes(question)
        for column in question.columns()
    ]
    return table[[name for name in columns if name in table.columns]].notna().any(axis="columns")


def _block(
    table: pd.DataFrame, questionnaire: Questionnaire, number: int, prefix: str
) -> pd.DataFrame:
    """The cases of one block of columns: those for which anything in the block is filled in."""
    columns = _case_columns(questionnaire)
    block = table[[prefix + column for column in columns if prefix + column in table.columns]]
    block = block.rename(columns=lambda name: name.removeprefix(prefix)).reindex(columns=columns)
    block = block[block.notna().any(axis="columns")]
    numbers = block.groupby(level="respondent").cumcount() + number
    names = [f"{each}.{no}" if no > 1 else f"{each}" for each, no in numbers.items()]
    filled = block.assign(respondent=block.index, number=numbers)
    return filled.set_axis(pd.Index(names, name="case", dtype="str"), axis="index")


def _case_columns(questionnaire: Questionnaire) -> list[str]:
    questions = _case_questions(questionnaire)
    closed = [column for question in questions for column in question.columns()]
    return closed + [each.elaboration for each in questions if each.elaboration]


def _open_columns(questionnaire: Questionnaire) -> set[str]:
    questions = questionnaire.of_kind("open")
    return {q.name for q in questions} | {q.elaboration for q in questions if q.elaboration}


def _answers(cases: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """One row per open answer. With one open question an answer has the id of its case."""
    questions = [q for q in questionnaire.of_kind("open") if questionnaire.is_about_case(q)]
    parts = [_answers_to(cases, question, alone=len(questions) == 1) for question in questions]
    names = ["respondent", "case", "number", "question", "text", "elaboration"]
    nothing = pd.DataFrame(columns=names, index=pd.Index([], name="answer", dtype="str"))
    return pd.concat(parts) if parts else nothing.astype({"text": "str", "elaboration": "str"})


def _answers_to(cases: pd.DataFrame, question: Question, alone: bool) -> pd.DataFrame:
    given = cases[cases[question.name].notna()]
    names = given.index if alone else given.index + "/" + question.name
    return pd.DataFrame(
        {
            "respondent": given["respondent"],
            "case": given.index,
            "number": given["number"],
            "question": question.name,
            "text": given[question.name],
            "elaboration": given[question.elaboration] if question.elaboration else None,
        }
    ).set_axis(names.rename("answer"), axis="index")
