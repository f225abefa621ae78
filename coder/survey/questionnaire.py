"""The questionnaire file: YAML that a person can read and write, turned into a ``Questionnaire``.

The format is described in ``docs/formats.md``. Every mistake is reported with its place in the
file, such as ``questions[q04].options[2]``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast, get_args

import yaml

from coder import yaml_fields as read
from coder.errors import UserError
from coder.model import (
    Base,
    Cases,
    CodesPerAnswer,
    Condition,
    Item,
    Kind,
    Merged,
    Option,
    Question,
    Questionnaire,
    Role,
    Scale,
)

_QUESTION_KEYS = (
    "name",
    "kind",
    "label",
    "options",
    "items",
    "scale",
    "base",
    "asked_if",
    "elaboration",
    "permits",
    "maximum",
    "ticked",
    "codes",
    "outside",
    "merged",
)
_OF_TICKS = ("ticked", "ticks")
_OUTSIDE = ("dont_know", "not_relevant")
_WITH_OPTIONS = ("single", "multiple", "matrix", "consent")
# What the columns that we add to the survey's own are called (see ``Survey``).
_RESERVED = ("respondent", "case", "number", "answered")
# What YAML takes for the end of a line although nobody sees it.
_LINE_ENDS = re.compile("[\x85\u2028\u2029]")


def parse_questionnaire(text: str) -> Questionnaire:
    """Read a questionnaire from YAML.

    Raises ``UserError`` (``yaml.*``, ``questionnaire.*``) for the first mistake, with its place.
    """
    keys = ("title", "language", "organisation", "cases", "columns", "questions")
    top = read.mapping(read.load(text), "questionnaire", keys)
    questions = tuple(
        _question(each, f"questions[{number}]")
        for number, each in enumerate(read.items(top, "questions", "questionnaire"), start=1)
    )
    questionnaire = Questionnaire(
        title=read.text(top, "title", "questionnaire", ""),
        language=read.choice(top, "language", "questionnaire", ("da", "en"), "da"),
        questions=questions,
        cases=_cases(top.get("cases"), questions),
        organisation=_optional(top, "organisation", "questionnaire"),
        columns=_columns(top),
    )
    _check_names(questionnaire)
    _check_cases(questionnaire)
    _check_columns(questionnaire)
    return questionnaire


def format_questionnaire(questionnaire: Questionnaire) -> str:
    """Write a questionnaire as YAML that ``parse_questionnaire`` reads back to an equal value."""
    top: dict[str, Any] = {"title": questionnaire.title, "language": questionnaire.language}
    if questionnaire.organisation:
        top["organisation"] = questionnaire.organisation
    top["cases"] = _case_fields(questionnaire.cases)
    if questionnaire.columns:
        top["columns"] = dict(questionnaire.columns)
    top["questions"] = [_question_fields(question) for question in questionnaire.questions]
    return yaml.dump(top, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)


def only_items(questionnaire: Questionnaire, items: Sequence[str]) -> Questionnaire:
    """The questionnaire of a file that has only these items, one row per respondent."""
    questions = []
    for question in questionnaire.questions:
        kept = tuple(item for item in question.items if item.name in items)
        if kept or question.name in items:
            questions.append(replace(question, items=kept or question.items, asked_if=()))
    names = {column for question in questions for column in question.columns()}
    columns = {name: heading for name, heading in questionnaire.columns.items() if name in names}
    return replace(
        questionnaire,
        questions=tuple(questions),
        cases=Cases(()),
        columns=columns,
        organisation=None,
    )


# --- reading -----------------------------------------------------------------------------------


def _question(node: Any, place: str) -> Question:
    fields = read.mapping(node, place, _QUESTION_KEYS)
    name = read.text(fields, "name", place)
    place = f"questions[{name}]"
    question = Question(
        name=name,
        kind=cast(Kind, read.choice(fields, "kind", place, get_args(Kind))),
        label=read.text(fields, "label", place, name),
        options=_options(fields, place),
        items=tuple(_item(each, place) for each in read.items(fields, "items", place, [])),
        scale=_scale(fields, place),
        base=cast(Base, read.choice(fields, "base", place, get_args(Base), "answered")),
        asked_if=tuple(
            _condition(each, place) for each in read.items(fields, "asked_if", place, [])
        ),
        elaboration=_optional(fields, "elaboration", place),
        permits=tuple(read.texts(fields, "permits", place, [])),
        maximum=_maximum(fields, place),
        ticked=_optional(fields, "ticked", place),
        codes=cast(
            CodesPerAnswer, read.choice(fields, "codes", place, get_args(CodesPerAnswer), "many")
        ),
        outside=_outside(fields, place),
        merged=tuple(_merged(each, place) for each in read.items(fields, "merged", place, [])),
    )
    if question.kind in _WITH_OPTIONS and not question.options:
        raise UserError("yaml.missing_key", place=place, name="options")
    for key in ("maximum", "ticked"):
        if key in fields and question.kind != "multiple":
            raise UserError("questionnaire.only_multiple", place=place, name=key)
    if question.base in _OF_TICKS and question.kind != "multiple":
        raise UserError("questionnaire.only_multiple", place=place, name=f"base: {question.base}")
    if "codes" in fields and question.kind != "open":
        raise UserError("questionnaire.only_open", place=place, name="codes")
    return _with_items(question)


def _with_items(question: Question) -> Question:
    """A question that is no matrix is its own only item."""
    if question.items:
        return question
    return replace(question, items=(Item(question.name, question.label),))


def _options(fields: read.Fields, place: str) -> tuple[Option, ...]:
    nodes = read.items(fields, "options", place, [])
    return tuple(_option(each, f"{place}.options[{no}]") for no, each in enumerate(nodes, start=1))


def _option(node: Any, place: str) -> Option:
    fields = read.mapping(node, place, ("code", "label", "role"))
    role = cast(Role, read.choice(fields, "role", place, get_args(Role), "answer"))
    return Option(read.text(fields, "code", place), read.text(fields, "label", place), role)


def _item(node: Any, place: str) -> Item:
    fields = read.mapping(node, f"{place}.items", ("name", "label"))
    name = read.text(fields, "name", f"{place}.items")
    return Item(name, read.text(fields, "label", f"{place}.items", name))


def _scale(fields: read.Fields, place: str) -> Scale | None:
    if "scale" not in fields:
        return None
    return cast(Scale, read.choice(fields, "scale", place, get_args(Scale)))


def _condition(node: Any, place: str) -> Condition:
    fields = read.mapping(node, f"{place}.asked_if", ("item", "any_of"))
    codes = read.texts(fields, "any_of", f"{place}.asked_if")
    return Condition(read.text(fields, "item", f"{place}.asked_if"), tuple(codes))


def _outside(fields: read.Fields, place: str) -> tuple[Role, ...]:
    values = read.texts(fields, "outside", place, [])
    for value in values:
        read.choice({"outside": value}, "outside", place, _OUTSIDE)
    return tuple(cast(Role, value) for value in values)


def _merged(node: Any, place: str) -> Merged:
    place = f"{place}.merged"
    fields = read.mapping(node, place, ("label", "codes"))
    return Merged(read.text(fields, "label", place), tuple(read.texts(fields, "codes", place)))


def _cases(node: Any, questions: Iterable[Question]) -> Cases:
    """Without a section of its own, the open questions are what a respondent's one case is."""
    if node is None:
        return Cases(tuple(question.name for question in questions if question.kind == "open"))
    fields = read.mapping(node, "cases", ("questions", "prefixes", "rows"))
    prefixes = read.texts(fields, "prefixes", "cases", [""])
    if not prefixes:
        raise UserError("questionnaire.no_prefix")
    names = read.texts(fields, "questions", "cases")
    return Cases(tuple(names), tuple(prefixes), read.flag(fields, "rows", "cases", False))


def _columns(top: read.Fields) -> Mapping[str, str]:
    """The headings by name."""
    node = top.get("columns", {})
    if not isinstance(node, dict):
        raise UserError("yaml.not_mapping", place="columns", keys="name: heading")
    return {name: read.text(node, name, "columns") for name in node}


def _maximum(fields: read.Fields, place: str) -> int | None:
    value = _optional(fields, "maximum", place)
    if value is None:
        return None
    if not value.isdecimal() or int(value) < 1:
        raise UserError("yaml.not_count", place=f"{place}.maximum", value=value)
    return int(value)


def _optional(fields: read.Fields, key: str, place: str) -> str | None:
    return read.text(fields, key, place) if key in fields else None


# --- checking ----------------------------------------------------------------------------------


def _check_names(questionnaire: Questionnaire) -> None:
    """Names are unique, and what refers to a name refers to one that is there."""
    names = [question.name for question in questionnaire.questions]
    columns = [column for question in questionnaire.questions for column in question.columns()]
    for each in (*_twice(names), *_twice(columns)):
        raise UserError("questionnaire.twice", name=each)
    if questionnaire.organisation is not None and questionnaire.organisation not in names:
        raise UserError(
            "questionnaire.no_question", place="organisation", name=questionnaire.organisation
        )
    for name in questionnaire.cases.questions:
        if name not in names:
            raise UserError("questionnaire.no_question", place="cases.questions", name=name)
    for question in questionnaire.questions:
        _check_references(questionnaire, question)


def _check_cases(questionnaire: Questionnaire) -> None:
    """Cases lie side by side or one below the other, and no open answer is left outside them."""
    cases = questionnaire.cases
    for each in (*_twice(cases.questions), *_twice(cases.prefixes)):
        raise UserError("questionnaire.twice", name=f"cases: {each}")
    if cases.rows and cases.prefixes != ("",):
        raise UserError("questionnaire.rows_and_prefixes")
    if cases.rows and not questionnaire.of_kind("id"):
        raise UserError("questionnaire.rows_without_id")
    for question in questionnaire.of_kind("open"):
        if not questionnaire.is_about_case(question):
            raise UserError("questionnaire.open_elsewhere", name=question.name)


def _check_columns(questionnaire: Questionnaire) -> None:
    """No column has a name of ours, and the headings are those of columns that are there."""
    for question in questionnaire.questions:
        taken = {*question.columns(), question.elaboration} & set(_RESERVED)
        for name in taken if question.kind not in ("id", "ignore") else ():
            raise UserError("questionnaire.reserved", name=name)
    known = {
        prefix + name
        for question in questionnaire.questions
        for prefix in questionnaire.prefixes(question)
        for name in (*question.columns(), question.elaboration)
        if name is not None
    }
    for name in questionnaire.columns:
        if name not in known:
            raise UserError("questionnaire.no_question", place="columns", name=name)
    for heading in _twice(list(questionnaire.columns.values())):
        raise UserError("questionnaire.twice", name=f"columns: {heading}")


def _check_references(questionnaire: Questionnaire, question: Question) -> None:
    place = f"questions[{question.name}]"
    for each in _twice([option.code for option in question.options]):
        raise UserError("questionnaire.twice", name=f"{place}.options: {each}")
    for code in question.permits:
        if question.option(code) is None:
            raise UserError("questionnaire.no_code", place=f"{place}.permits", code=code)
    for condition in question.asked_if:
        _check_condition(questionnaire, condition, f"{place}.asked_if")
    for each in _twice(question.outside):
        raise UserError("questionnaire.twice", name=f"{place}.outside: {each}")
    for each in _twice([code for merged in question.merged for code in merged.codes]):
        raise UserError("questionnaire.twice", name=f"{place}.merged: {each}")
    for merged in question.merged:
        check_merged(question, merged)


def check_merged(question: Question, merged: Merged) -> None:
    """Whether these options can be shown as one: two or more of one role, neighbours on a scale.

    Raises ``UserError`` (``questionnaire.*``).
    """
    place = f"questions[{question.name}].merged"
    for code in merged.codes:
        if question.option(code) is None:
            raise UserError("questionnaire.no_code", place=place, code=code)
    if len(merged.codes) < 2:
        raise UserError("questionnaire.merged_few", place=place, label=merged.label)
    roles = {option.role for option in question.options if option.code in merged.codes}
    if len(roles) > 1:
        raise UserError("questionnaire.merged_roles", place=place, label=merged.label)
    in_order = [option.code for option in question.options if option.role in roles]
    places = sorted(in_order.index(code) for code in merged.codes)
    if question.scale and places[-1] - places[0] >= len(places):
        raise UserError("questionnaire.merged_apart", place=place, label=merged.label)


def _check_condition(questionnaire: Questionnaire, condition: Condition, place: str) -> None:
    items = {item.name: each for each in questionnaire.questions for item in each.items}
    if condition.item not in items:
        raise UserError("questionnaire.no_question", place=place, name=condition.item)
    for code in condition.any_of:
        if items[condition.item].option(code) is None:
            raise UserError("questionnaire.no_code", place=place, code=code)


def _twice(names: Sequence[str]) -> list[str]:
    seen: set[str] = set()
    return [name for name in names if name in seen or seen.add(name)]  # type: ignore[func-returns-value]


# --- writing -----------------------------------------------------------------------------------


class _Dumper(yaml.SafeDumper):
    """Writes text with unseen line ends in double quotes, where they are escaped."""


def _represent_text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = '"' if _LINE_ENDS.search(text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)


def _case_fields(cases: Cases) -> dict[str, Any]:
    fields = {"questions": list(cases.questions), "prefixes": list(cases.prefixes)}
    return {**fields, "rows": True} if cases.rows else fields


def _question_fields(question: Question) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "name": question.name,
        "kind": question.kind,
        "label": question.label,
        "scale": question.scale,
        "base": question.base if question.base != "answered" else None,
        "elaboration": question.elaboration,
        "permits": list(question.permits),
        "maximum": question.maximum,
        "ticked": question.ticked,
        "codes": question.codes if question.codes != "many" else None,
        "outside": list(question.outside),
        "asked_if": [{"item": c.item, "any_of": list(c.any_of)} for c in question.asked_if],
        "options": [_option_fields(option) for option in question.options],
        "merged": [{"label": m.label, "codes": list(m.codes)} for m in question.merged],
    }
    if [item.name for item in question.items] != [question.name]:
        fields["items"] = [{"name": item.name, "label": item.label} for item in question.items]
    return {key: value for key, value in fields.items() if value not in (None, [])}


def _option_fields(option: Option) -> dict[str, str]:
    fields = {"code": option.code, "label": option.label}
    return fields if option.role == "answer" else {**fields, "role": option.role}
