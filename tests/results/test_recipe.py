"""The recipe file: read as written, every mistake with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from coder.errors import UserError
from coder.model import Recipe, RecipeItem
from coder.results.recipe import parse_recipe
from coder.study import Study
from coder.survey.questionnaire import parse_questionnaire
from tests.fixtures import refused, survey_of

OPTIONS = (
    "options: [{code: 1, label: a}, {code: 2, label: b}, {code: 9, label: c, role: dont_know}]"
)
SURVEY = parse_questionnaire(f"""
cases: {{questions: [why, good, nominal, short, ticks]}}
questions:
  - {{name: about, kind: single, scale: ascending, {OPTIONS}}}
  - {{name: why, kind: open}}
  - {{name: good, kind: single, scale: ascending, {OPTIONS}}}
  - {{name: nominal, kind: single, {OPTIONS}}}
  - {{name: short, kind: single, scale: ascending, options: [{{code: 1, label: a}}]}}
  - {{name: ticks, kind: multiple, options: [{{code: 1, label: a}}, {{code: 2, label: b}}]}}
""")
HEAD = "name: x\nthreshold: 0.5\nmost_dont_know: 1\n"


def recipe(items: str, head: str = HEAD) -> Recipe:
    return parse_recipe(f"{head}dimensions: [{{name: d, items: [{items}]}}]", SURVEY)


def test_the_demo_recipe_is_that_of_the_report(demo: Study, checkout: Path) -> None:
    """13 items in five dimensions (4, 4, 2, 1, 2), above .8, at most three don't-knows."""
    found = parse_recipe((checkout / "data" / "recipe.yaml").read_text("utf-8"), demo.questionnaire)
    assert [len(dimension.items) for dimension in found.dimensions] == [4, 4, 2, 1, 2]
    assert (found.threshold, found.most_dont_know) == (0.8, 3)
    assert [each.item for each in found.items() if each.reversed] == ["q22_saerlige_forhold"]
    assert {each.item: each.dont_know for each in found.items() if each.dont_know is not None} == {
        "q24_kendte_omkostninger": 0.5, "q24_staar_maal": 0.5
    }  # fmt: skip
    assert demo.recipe() == found


def test_what_is_left_out_gets_its_default() -> None:
    found = recipe("{item: good}")
    assert found.items() == (RecipeItem("good", reversed=False, dont_know=None),)
    assert found.dimensions[0].label == {}
    assert (found.replaced_dont_know_counts, found.skipped_counts, found.needs_description) == (
        True, False, True
    )  # fmt: skip
    assert (found.fewest_values, found.mean_of) == (1, "items")
    assert (found.dimensions[0].weight, found.items()[0].weight) == (1, 1)


def test_weights_values_and_the_mean_are_read() -> None:
    found = parse_recipe(
        HEAD + "fewest_values: 2\nmean_of: dimensions\ndimensions:\n"
        "  - {name: d, weight: 2, items: [{item: nominal, weight: .5, values: {1: 1, 2: .25}}]}",
        SURVEY,
    )
    assert found.items() == (RecipeItem("nominal", weight=0.5, values={"1": 1, "2": 0.25}),)
    assert (found.dimensions[0].weight, found.fewest_values, found.mean_of) == (2, 2, "dimensions")


@pytest.mark.parametrize(("names", "key"), [("d, d", "recipe.twice"), ("score", "recipe.reserved")])
def test_dimensions_are_columns_with_names_of_their_own(names: str, key: str) -> None:
    items = iter(("good", "other"))
    dimensions = [
        f"{{name: {name}, items: [{{item: {next(items)}}}]}}" for name in names.split(", ")
    ]
    with refused(key):
        parse_recipe(f"{HEAD}dimensions: [{', '.join(dimensions)}]", SURVEY)


@pytest.mark.parametrize(
    ("items", "head", "key", "params"),
    [
        ("{item: bad}", HEAD, "recipe.no_item", {"item": "bad"}),
        ("{item: about}", HEAD, "recipe.no_item", {"item": "about"}),
        ("{item: nominal}", HEAD, "recipe.no_scale", {"item": "nominal"}),
        ("{item: short}", HEAD, "recipe.no_scale", {"item": "short"}),
        ("good", HEAD, "yaml.not_mapping", {"place": "dimensions[1].items[1]"}),
        ("{}", HEAD, "yaml.missing_key", {"place": "dimensions[1].items[1]", "name": "item"}),
        ("{item: good, importance: 2}", HEAD, "yaml.unknown_key", {"name": "importance"}),
        ("{item: good, weight: 0}", HEAD, "recipe.not_weight",
         {"place": "dimensions[1].items[1].weight", "value": "0"}),
        ("{item: good, weight: heavy}", HEAD, "yaml.not_number", {"value": "heavy"}),
        ("{item: good, dont_know: 1.5}", HEAD, "recipe.not_share",
         {"place": "dimensions[1].items[1].dont_know", "value": "1.5"}),
        ("{item: good, values: {1: 0, 2: 7}}", HEAD, "recipe.not_share",
         {"place": "dimensions[1].items[1].values.2", "value": "7"}),
        ("{item: good, values: {1: 0}}", HEAD, "recipe.bad_values", {"codes": "1, 2"}),
        ("{item: good, values: {1: 0, 2: 1, 9: 1}}", HEAD, "recipe.bad_values", {"item": "good"}),
        ("{item: good, values: high}", HEAD, "yaml.not_mapping",
         {"place": "dimensions[1].items[1].values"}),
        ("{item: good}, {item: good}", HEAD, "recipe.twice", {"name": "good"}),
        ("{item: ticks, values: {1: 1, 2: 0}}", HEAD, "recipe.no_scale", {"item": "ticks"}),
        ("", HEAD, "recipe.empty", {"place": "dimensions[1].items"}),
        ("{item: good}", HEAD + "mean_of: people\n", "yaml.bad_choice", {"value": "people"}),
        ("{item: good}", HEAD + "fewest_values: -1\n", "yaml.not_whole", {"value": "-1"}),
        ("{item: good, reversed: ja}", HEAD, "yaml.bad_choice", {"value": "ja"}),
        ("{item: good, dont_know: half}", HEAD, "yaml.not_number",
         {"place": "dimensions[1].items[1].dont_know", "value": "half"}),
        ("{item: good}", "name: x\nmost_dont_know: 1\n", "yaml.missing_key", {"name": "threshold"}),
        ("{item: good}", HEAD.replace("0.5", "0,5"), "yaml.not_number", {"value": "0,5"}),
        ("{item: good}", HEAD + "skipped_counts: 1\n", "yaml.bad_choice", {"value": "1"}),
    ],
)  # fmt: skip
def test_a_mistake_is_refused_with_its_place(
    items: str, head: str, key: str, params: dict[str, object]
) -> None:
    with refused(key, **params):
        recipe(items, head)


def test_a_label_is_by_language() -> None:
    with refused("yaml.not_mapping", place="dimensions[1].label", keys="da, en"):
        parse_recipe(f"{HEAD}dimensions: [{{name: d, label: D, items: []}}]", SURVEY)


@pytest.mark.parametrize("count", ["nan", "inf", "2.5"])
def test_a_number_of_dont_knows_that_is_no_count_is_refused(count: str) -> None:
    with pytest.raises(UserError):
        recipe("{item: good}", HEAD.replace("most_dont_know: 1", f"most_dont_know: {count}"))


def test_a_recipe_without_items_is_refused() -> None:
    with pytest.raises(UserError):
        parse_recipe(HEAD + "dimensions: []", SURVEY)


def test_the_small_survey_is_one_that_can_be_scored() -> None:
    """Else the refusals above might be for another reason."""
    assert recipe("{item: good}").items()[0].item in survey_of([{"good": "1"}], SURVEY).cases
