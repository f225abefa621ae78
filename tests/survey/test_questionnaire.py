"""The questionnaire file: what is written is read back, and every mistake has its place."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from coder.errors import UserError
from coder.model import Cases, Condition, Item, Kind, Merged, Option, Question, Questionnaire
from coder.survey.questionnaire import (
    format_questionnaire,
    parse_questionnaire,
)
from tests.fixtures import refused

# Words that YAML would rather read as something else.
TRICKY = [
    "01",
    "1.0",
    "no",
    "yes",
    "null",
    "~",
    "1e3",
    "0x1F",
    "2020-03-11",
    "- a",
    "a: b",
    "#",
    "",
]
TEXT = st.sampled_from(TRICKY) | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NAME = st.sampled_from(["q", "q1", "01", "no", "null", "1.0"]) | st.text("abæ_-. 1", min_size=1)
ROLE = st.sampled_from(["answer", "dont_know", "not_relevant"])


@st.composite
def questions(draw: st.DrawFn, name: str) -> Question:
    kinds: list[Kind] = ["id", "background", "single", "multiple", "matrix", "number", "open"]
    kind = draw(st.sampled_from([*kinds, "consent", "ignore"]))
    least = 1 if kind in ("single", "multiple", "matrix", "consent") else 0
    codes = draw(st.lists(TEXT, unique=True, min_size=least, max_size=4))
    label = draw(TEXT)
    options = tuple(Option(code, draw(TEXT), draw(ROLE)) for code in codes)
    items = draw(st.lists(NAME, min_size=1, max_size=3)) if kind == "matrix" else []
    return Question(
        name=name,
        kind=kind,
        label=label,
        options=options,
        items=tuple(Item(f"{name}.{each}", draw(TEXT)) for each in items) or (Item(name, label),),
        scale=draw(st.sampled_from(["descending", "ascending", None])),
        base=draw(
            st.sampled_from(
                ["answered", "asked", *(["ticked", "ticks"] if kind == "multiple" else [])]
            )
        ),
        elaboration=draw(st.none() | NAME),
        permits=tuple(code for code in codes if draw(st.booleans())),
        maximum=draw(st.none() | st.integers(1, 20)) if kind == "multiple" else None,
        ticked=draw(st.none() | TEXT) if kind == "multiple" else None,
        codes=draw(st.sampled_from(["one", "many"])) if kind == "open" else "many",
        outside=tuple(draw(st.lists(st.sampled_from(["dont_know", "not_relevant"]), unique=True))),
        merged=merges(options, draw),
    )


def merges(options: tuple[Option, ...], draw: st.DrawFn) -> tuple[Merged, ...]:
    """The first two options as one, if they may be."""
    first = options[:2]
    if len(first) < 2 or first[0].role != first[1].role or not draw(st.booleans()):
        return ()
    return (Merged(draw(TEXT), tuple(option.code for option in first)),)


@st.composite
def questionnaires(draw: st.DrawFn) -> Questionnaire:
    names = draw(st.lists(NAME, unique=True, min_size=1, max_size=4))
    asked = [draw(questions(name)) for name in names]
    columns = [column for question in asked for column in question.columns()]
    assume(len(set(columns)) == len(columns))
    first = asked[0]
    condition = Condition(first.items[0].name, tuple(each.code for each in first.options))
    about = [q.name for q in asked if q.kind == "open" or draw(st.booleans())]
    return Questionnaire(
        title=draw(TEXT),
        language=draw(st.sampled_from(["da", "en"])),
        questions=(
            first,
            *(
                Question(**{**vars(each), "asked_if": (condition,) if draw(st.booleans()) else ()})
                for each in asked[1:]
            ),
        ),
        cases=Cases(tuple(about), tuple(draw(st.lists(TEXT, unique=True, min_size=1, max_size=2)))),
        organisation=draw(st.none() | st.sampled_from(names)),
        columns={
            name: f"{draw(TEXT)} {no}"
            for no, question in enumerate(asked)
            for name in question.columns()[:1]
            if question.name not in about and draw(st.booleans())
        },
    )


@given(questionnaires())
def test_what_is_written_is_read_back(questionnaire: Questionnaire) -> None:
    assert parse_questionnaire(format_questionnaire(questionnaire)) == questionnaire


def test_the_demo_questionnaire_is_written_and_read_back(demo_questionnaire: Questionnaire) -> None:
    assert parse_questionnaire(format_questionnaire(demo_questionnaire)) == demo_questionnaire
    assert len(demo_questionnaire.questions) == 32
    assert demo_questionnaire.cases.prefixes == ("", "n2_")


@pytest.fixture
def demo_questionnaire(request: pytest.FixtureRequest) -> Questionnaire:
    checkout = request.getfixturevalue("checkout")
    return parse_questionnaire((checkout / "data" / "questionnaire.yaml").read_text("utf-8"))


@pytest.mark.parametrize("code", ["01", "no", "1.0", "null", "~", "1_000", "0o7", "true"])
def test_a_code_stays_the_text_that_was_written(code: str) -> None:
    found = parse_questionnaire(
        f"questions: [{{name: q, kind: single, options: [{{code: {code}, label: {code}}}]}}]"
    )
    assert found.questions[0].options == (Option(code, code),)


def test_what_is_left_out_gets_its_default() -> None:
    found = parse_questionnaire("questions: [{name: why, kind: open}, {name: id, kind: id}]")
    assert (found.title, found.language, found.organisation) == ("", "da", None)
    assert found.cases == Cases(("why",), ("",))
    why = found.question("why")
    assert (why.label, why.items, why.base, why.scale) == (
        "why", (Item("why", "why"),), "answered", None
    )  # fmt: skip


def test_columns_of_each_kind_have_the_names_of_the_file() -> None:
    options = (Option("1", "a"), Option("02", "b"))
    several = Question("q", "multiple", "", options, (Item("q", ""),))
    rows = Question("q", "matrix", "", options, (Item("q_a", ""), Item("q_b", "")))
    assert several.columns() == ("q_1", "q_02")
    assert rows.columns() == ("q_a", "q_b")


def question(fields: str) -> str:
    return f"questions:\n- {{name: q, {fields}}}"


OPTIONS = "options: [{code: 1, label: a}]"
FOUR = (
    "options: [{code: 1, label: a}, {code: 2, label: b}, {code: 3, label: c},"
    " {code: 4, label: d, role: dont_know}]"
)
REFUSALS: list[tuple[str, str, dict[str, object]]] = [
    ("questions: [\n}", "yaml.unreadable", {"line": 2}),
    ("title: \x00", "yaml.unreadable", {"line": "?"}),
    ("", "yaml.not_mapping", {"place": "questionnaire"}),
    ("- a", "yaml.not_mapping", {"place": "questionnaire"}),
    ("questions: [a]", "yaml.not_mapping", {"place": "questions[1]"}),
    (question("kind: single, options: [a]"), "yaml.not_mapping",
     {"place": "questions[q].options[1]"}),
    (question("kind: matrix, options: [{code: 1, label: a}], items: [a]"), "yaml.not_mapping",
     {"place": "questions[q].items"}),
    (question("kind: open, asked_if: [q]"), "yaml.not_mapping", {"place": "questions[q].asked_if"}),
    (question("kind: open") + "\ncases: q", "yaml.not_mapping", {"place": "cases"}),
    ("titel: x\nquestions: []", "yaml.unknown_key", {"place": "questionnaire", "name": "titel"}),
    (question("kind: open, text: x"), "yaml.unknown_key",
     {"place": "questions[1]", "name": "text"}),
    ("title: x", "yaml.missing_key", {"place": "questionnaire", "name": "questions"}),
    ("questions: [{kind: open}]", "yaml.missing_key", {"place": "questions[1]", "name": "name"}),
    (question("label: x"), "yaml.missing_key", {"place": "questions[q]", "name": "kind"}),
    (question("kind: single"), "yaml.missing_key", {"place": "questions[q]", "name": "options"}),
    (question("kind: single, options: [{code: 1}]"), "yaml.missing_key",
     {"place": "questions[q].options[1]", "name": "label"}),
    (question("kind: open, asked_if: [{item: q}]"), "yaml.missing_key",
     {"place": "questions[q].asked_if", "name": "any_of"}),
    ("questions: many", "yaml.not_list", {"place": "questionnaire.questions"}),
    (question("kind: single, options: a"), "yaml.not_list", {"place": "questions[q].options"}),
    ("title: [a]\nquestions: []", "yaml.not_text", {"place": "questionnaire.title"}),
    (question("kind: open, label: {a: b}"), "yaml.not_text", {"place": "questions[q].label"}),
    (question("kind: consent, permits: [[1]], options: [{code: 1, label: a}]"), "yaml.not_text",
     {"place": "questions[q].permits"}),
    (question("kind: essay"), "yaml.bad_choice", {"place": "questions[q].kind", "value": "essay"}),
    ("language: sv\nquestions: []", "yaml.bad_choice", {"place": "questionnaire.language"}),
    (question(f"kind: single, scale: up, {OPTIONS}"), "yaml.bad_choice",
     {"place": "questions[q].scale"}),
    (question(f"kind: single, base: all, {OPTIONS}"), "yaml.bad_choice",
     {"place": "questions[q].base"}),
    (question("kind: single, options: [{code: 1, label: a, role: none}]"), "yaml.bad_choice",
     {"place": "questions[q].options[1].role", "value": "none"}),
    (question("kind: open") + "\n- {name: q, kind: id}", "questionnaire.twice", {"name": "q"}),
    (question(f"kind: multiple, {OPTIONS}") + "\n- {name: q_1, kind: id}", "questionnaire.twice",
     {"name": "q_1"}),
    (question("kind: single, options: [{code: 1, label: a}, {code: 1, label: b}]"),
     "questionnaire.twice", {"name": "questions[q].options: 1"}),
    ("organisation: town\nquestions: []", "questionnaire.no_question",
     {"place": "organisation", "name": "town"}),
    (question("kind: open") + "\ncases: {questions: [q, r]}", "questionnaire.no_question",
     {"place": "cases.questions", "name": "r"}),
    (question("kind: open, asked_if: [{item: p, any_of: [1]}]"), "questionnaire.no_question",
     {"place": "questions[q].asked_if", "name": "p"}),
    (question(f"kind: single, asked_if: [{{item: q, any_of: [2]}}], {OPTIONS}"),
     "questionnaire.no_code", {"place": "questions[q].asked_if", "code": "2"}),
    (question(f"kind: consent, permits: [2], {OPTIONS}"), "questionnaire.no_code",
     {"place": "questions[q].permits", "code": "2"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "key", "params"), REFUSALS)
def test_a_mistake_is_refused_with_its_place(
    text: str, key: str, params: dict[str, object]
) -> None:
    with refused(key, **params):
        parse_questionnaire(text)


def test_an_open_question_that_is_not_about_the_case_is_refused() -> None:
    with refused("questionnaire.open_elsewhere", name="q"):
        parse_questionnaire(question("kind: open") + "\ncases: {questions: []}")


@pytest.mark.parametrize("fields", ["elaboration: [a, b]", "elaboration: {a: b}"])
def test_an_elaboration_that_is_no_text_is_refused(fields: str) -> None:
    with refused("yaml.not_text", place="questions[q].elaboration"):
        parse_questionnaire(question(f"kind: open, {fields}"))


def test_an_empty_list_of_prefixes_is_refused() -> None:
    with pytest.raises(UserError):
        parse_questionnaire(question("kind: open") + "\ncases: {questions: [q], prefixes: []}")


NEWER_REFUSALS: list[tuple[str, str, dict[str, object]]] = [
    (question(f"kind: multiple, maximum: 0, {OPTIONS}"), "yaml.not_count",
     {"place": "questions[q].maximum", "value": "0"}),
    (question(f"kind: multiple, maximum: many, {OPTIONS}"), "yaml.not_count", {"value": "many"}),
    (question(f"kind: single, maximum: 2, {OPTIONS}"), "questionnaire.only_multiple",
     {"place": "questions[q]", "name": "maximum"}),
    (question("kind: open, ticked: 2"), "questionnaire.only_multiple", {"name": "ticked"}),
    (question("kind: number, codes: one"), "questionnaire.only_open", {"name": "codes"}),
    (question(f"kind: single, base: ticks, {OPTIONS}"), "questionnaire.only_multiple",
     {"place": "questions[q]", "name": "base: ticks"}),
    (question(f"kind: single, outside: [answer], {OPTIONS}"), "yaml.bad_choice",
     {"place": "questions[q].outside", "value": "answer"}),
    (question(f"kind: single, outside: [dont_know, dont_know], {OPTIONS}"),
     "questionnaire.twice", {"name": "questions[q].outside: dont_know"}),
    (question(f"kind: single, merged: [{{label: x}}], {OPTIONS}"), "yaml.missing_key",
     {"place": "questions[q].merged", "name": "codes"}),
    (question(f"kind: single, merged: [{{label: x, codes: [1]}}], {OPTIONS}"),
     "questionnaire.merged_few", {"place": "questions[q].merged", "label": "x"}),
    (question(f"kind: single, merged: [{{label: x, codes: [1, 7]}}], {OPTIONS}"),
     "questionnaire.no_code", {"place": "questions[q].merged", "code": "7"}),
    (question(f"kind: single, {FOUR}, merged: [{{label: x, codes: [1, 2]}},"
     " {label: y, codes: [2, 3]}]"), "questionnaire.twice", {"name": "questions[q].merged: 2"}),
    (question(f"kind: single, {FOUR}, merged: [{{label: x, codes: [3, 4]}}]"),
     "questionnaire.merged_roles", {"label": "x"}),
    (question(f"kind: single, scale: ascending, {FOUR}, merged: [{{label: x, codes: [1, 3]}}]"),
     "questionnaire.merged_apart", {"label": "x"}),
    (question("kind: open, codes: two"), "yaml.bad_choice", {"place": "questions[q].codes"}),
    (question("kind: open") + "\ncolumns: [q]", "yaml.not_mapping", {"place": "columns"}),
    (question("kind: open") + "\ncolumns: {q: [a]}", "yaml.not_text", {"place": "columns.q"}),
    (question("kind: open") + "\ncolumns: {r: Why}", "questionnaire.no_question",
     {"place": "columns", "name": "r"}),
    (question("kind: open") + "\n- {name: r, kind: id}\ncolumns: {q: Why, r: Why}",
     "questionnaire.twice", {"name": "columns: Why"}),
    (question("kind: open") + "\ncases: {questions: [q], rows: maybe}", "yaml.bad_choice",
     {"place": "cases.rows"}),
    (question("kind: open") + "\ncases: {questions: [q], rows: true}",
     "questionnaire.rows_without_id", {}),
    (question("kind: open") + "\n- {name: r, kind: id}\n"
     "cases: {questions: [q], rows: true, prefixes: [a, b]}",
     "questionnaire.rows_and_prefixes", {}),
    (question("kind: open") + "\ncases: {questions: [q, q]}", "questionnaire.twice",
     {"name": "cases: q"}),
    (question("kind: open") + "\ncases: {questions: [q], prefixes: []}",
     "questionnaire.no_prefix", {}),
    ("organisation: [a]\nquestions: []", "yaml.not_text", {"place": "questionnaire.organisation"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "key", "params"), NEWER_REFUSALS)
def test_a_mistake_in_what_came_later_is_refused_with_its_place(
    text: str, key: str, params: dict[str, object]
) -> None:
    with refused(key, **params):
        parse_questionnaire(text)


@pytest.mark.parametrize("name", ["respondent", "case", "number", "answered"])
def test_a_name_of_our_own_is_refused_and_columns_are_the_way_out(name: str) -> None:
    with refused("questionnaire.reserved", name=name):
        parse_questionnaire(f"questions: [{{name: {name}, kind: open}}]")
    found = parse_questionnaire(f"columns: {{q: {name}}}\nquestions: [{{name: q, kind: open}}]")
    assert found.columns == {"q": name}


def test_an_id_may_have_a_name_of_our_own() -> None:
    assert parse_questionnaire("questions: [{name: respondent, kind: id}]").of_kind("id")


@pytest.mark.parametrize("end", ["\x85", "\u2028", "\u2029", "a\x85b", "\r", "\ufeff"])
def test_line_ends_that_nobody_sees_come_back(end: str) -> None:
    made = Questionnaire(end, "da", (), Cases(()))
    assert parse_questionnaire(format_questionnaire(made)).title == end


# --- the schema --------------------------------------------------------------------------------

SCHEMA = json.loads(files("coder.survey").joinpath("questionnaire.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
# What a schema can't see: whether a name or code is there, or used for something else already.
BEYOND_A_SCHEMA = {
    "questionnaire.twice", "questionnaire.no_question", "questionnaire.no_code",
    "questionnaire.open_elsewhere", "questionnaire.rows_without_id",
    "questionnaire.rows_and_prefixes", "yaml.unreadable",
    "questionnaire.merged_roles", "questionnaire.merged_apart",
}  # fmt: skip
SEEN_BY_A_SCHEMA = [
    text for text, key, _ in [*REFUSALS, *NEWER_REFUSALS] if key not in BEYOND_A_SCHEMA
]


def as_editors_read(text: str) -> Any:
    return yaml.safe_load(text)


def as_we_read(text: str) -> Any:
    return yaml.load(text, Loader=yaml.BaseLoader)


READERS = pytest.mark.parametrize("read", [as_editors_read, as_we_read])


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@READERS
def test_the_schema_takes_the_demo_questionnaire(
    read: Callable[[str], Any], request: pytest.FixtureRequest
) -> None:
    checkout = request.getfixturevalue("checkout")
    text = (checkout / "data" / "questionnaire.yaml").read_text("utf-8")
    assert not list(VALIDATOR.iter_errors(read(text)))


@given(questionnaires())
def test_the_schema_takes_what_we_write(questionnaire: Questionnaire) -> None:
    assert not list(VALIDATOR.iter_errors(as_we_read(format_questionnaire(questionnaire))))


@READERS
@pytest.mark.parametrize("text", SEEN_BY_A_SCHEMA)
def test_the_schema_refuses_what_we_refuse(read: Callable[[str], Any], text: str) -> None:
    assert list(VALIDATOR.iter_errors(read(text)))


def test_the_schema_knows_every_word_of_ours() -> None:
    known = SCHEMA["$defs"]["question"]["properties"]
    assert set(known) | {"label"} == {*vars(Question("q", "id", ""))}
    assert set(SCHEMA["$defs"]["cases"]["properties"]) == {*vars(Cases(()))}
    assert set(SCHEMA["properties"]) == {*vars(Questionnaire("", "da", (), Cases(())))}
