"""The recipe file: YAML that says how a score is made, turned into a ``Recipe``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, get_args

from coder import yaml_fields as read
from coder.errors import UserError
from coder.model import Dimension, MeanOf, Questionnaire, Recipe, RecipeItem

_KEYS = (
    "name",
    "threshold",
    "most_dont_know",
    "replaced_dont_know_counts",
    "skipped_counts",
    "needs_description",
    "fewest_values",
    "mean_of",
    "dimensions",
)
# What tables of scores and categories call columns of their own.
_TAKEN = frozenset(
    """
    above answer answers case cases category codes described dont_know elaboration left_out number
    organisations rank respondent score scored share_above text tied
    """.split()  # noqa: SIM905 - words read better as text
)


def parse_recipe(text: str, questionnaire: Questionnaire) -> Recipe:
    """Read a recipe and check it against the questionnaire.

    Raises ``UserError`` (``yaml.*``, ``recipe.*``) for the first mistake, with its place: an item
    must be in the questionnaire, be about a case, and stand on a scale of two or more options or
    be given the value of each.
    """
    top = read.mapping(read.load(text), "recipe", _KEYS)
    recipe = Recipe(
        name=read.text(top, "name", "recipe"),
        threshold=read.number(top, "threshold", "recipe"),
        most_dont_know=read.whole(top, "most_dont_know", "recipe"),
        dimensions=_dimensions(read.items(top, "dimensions", "recipe")),
        replaced_dont_know_counts=read.flag(top, "replaced_dont_know_counts", "recipe", True),
        skipped_counts=read.flag(top, "skipped_counts", "recipe", False),
        needs_description=read.flag(top, "needs_description", "recipe", True),
        fewest_values=_fewest_values(top),
        mean_of=_mean_of(top),
    )
    _check_names(recipe)
    for item in recipe.items():
        _check_item(item, questionnaire)
    return recipe


def _fewest_values(top: read.Fields) -> int:
    return read.whole(top, "fewest_values", "recipe") if "fewest_values" in top else 1


def _mean_of(top: read.Fields) -> MeanOf:
    ways: tuple[MeanOf, ...] = get_args(MeanOf)
    chosen = read.choice(top, "mean_of", "recipe", ways, "items")
    return next(each for each in ways if each == chosen)


def _dimensions(nodes: Sequence[Any]) -> tuple[Dimension, ...]:
    if not nodes:
        raise UserError("recipe.empty", place="recipe.dimensions")
    return tuple(_dimension(node, f"dimensions[{no}]") for no, node in enumerate(nodes, start=1))


def _dimension(node: Any, place: str) -> Dimension:
    fields = read.mapping(node, place, ("name", "label", "items", "weight"))
    labels = read.mapping(fields.get("label", {}), f"{place}.label", ("da", "en"))
    items = read.items(fields, "items", place)
    if not items:
        raise UserError("recipe.empty", place=f"{place}.items")
    return Dimension(
        name=read.text(fields, "name", place),
        label={language: str(label) for language, label in labels.items()},
        items=tuple(_item(each, f"{place}.items[{no}]") for no, each in enumerate(items, start=1)),
        weight=_weight(fields, place),
    )


def _item(node: Any, place: str) -> RecipeItem:
    fields = read.mapping(node, place, ("item", "reversed", "dont_know", "weight", "values"))
    return RecipeItem(
        item=read.text(fields, "item", place),
        reversed=read.flag(fields, "reversed", place, False),
        dont_know=_share(fields, "dont_know", place) if "dont_know" in fields else None,
        weight=_weight(fields, place),
        values=_values(fields, place) if "values" in fields else None,
    )


def _values(fields: read.Fields, place: str) -> dict[str, float]:
    """The value of each option, by its code; the codes are checked with the questionnaire."""
    node, place = fields["values"], f"{place}.values"
    by_code = read.mapping(node, place, node if isinstance(node, dict) else ())
    return {code: _share(by_code, code, place) for code in by_code}


def _share(fields: read.Fields, key: str, place: str) -> float:
    """The number under a key, from 0 to 1."""
    value = read.number(fields, key, place)
    if not 0 <= value <= 1:
        raise UserError("recipe.not_share", place=f"{place}.{key}", value=fields[key])
    return value


def _weight(fields: read.Fields, place: str) -> float:
    """The number under ``weight``, greater than 0; 1 if left out."""
    value = read.number(fields, "weight", place) if "weight" in fields else 1.0
    if value <= 0:
        raise UserError("recipe.not_weight", place=f"{place}.weight", value=fields["weight"])
    return value


def _check_names(recipe: Recipe) -> None:
    """Dimensions and items are columns of one table each."""
    dimensions = [dimension.name for dimension in recipe.dimensions]
    for names in (dimensions, [each.item for each in recipe.items()]):
        for name, times in Counter(names).items():
            if times > 1:
                raise UserError("recipe.twice", name=name)
    for name in _TAKEN.intersection(dimensions):
        raise UserError("recipe.reserved", name=name)


def _check_item(item: RecipeItem, questionnaire: Questionnaire) -> None:
    questions = {each.name: q for q in questionnaire.questions for each in q.items}
    question = questions.get(item.item)
    if question is None or not questionnaire.is_about_case(question):
        raise UserError("recipe.no_item", item=item.item)
    ordinary = [option.code for option in question.options if option.role == "answer"]
    if item.values is not None and set(item.values) != set(ordinary):
        raise UserError("recipe.bad_values", item=item.item, codes=", ".join(ordinary))
    single = question.kind in ("single", "matrix")
    if not single or len(ordinary) < 2 or (question.scale is None and item.values is None):
        raise UserError("recipe.no_scale", item=item.item)
