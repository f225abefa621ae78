"""The answers of a code in smaller groups."""

from __future__ import annotations

from itertools import chain

import numpy as np
import pytest

from coder.model import ApplyCode, CreateCode
from coder.study import Study
from coder.text.encode import FakeEncoder
from coder.text.subgroups import sub_groups

TEXTS = {
    **{f"w{i}": f"gåtur i skoven med borgere, hold {i}" for i in range(6)},
    **{f"c{i}": f"videomøde med familien over nettet, uge {i}" for i in range(4)},
    **{f"m{i}": f"varm mad bragt ud til døren, rute {i}" for i in range(3)},
}
ANSWERS = list(TEXTS)
VECTORS = FakeEncoder().encode(list(TEXTS.values()))


def letters(groups: list[list[str]]) -> list[str]:
    """The subject of every group's answers."""
    return ["".join(sorted({answer[0] for answer in group})) for group in groups]


def test_each_group_is_about_the_same_and_the_largest_comes_first() -> None:
    groups = sub_groups(ANSWERS, VECTORS, 3)
    assert letters(groups) == ["w", "c", "m"]
    assert sorted(chain(*groups)) == sorted(ANSWERS)


def test_the_same_groups_in_any_order() -> None:
    order = np.random.default_rng(1).permutation(len(ANSWERS))
    shuffled = sub_groups([ANSWERS[i] for i in order], VECTORS[order], 3)
    assert shuffled == sub_groups(ANSWERS, VECTORS, 3)


def test_the_same_groups_in_any_order_where_all_are_equally_far_apart() -> None:
    apart = np.eye(6, dtype=np.float32)
    groups = sub_groups(ANSWERS[:6], apart, 3)
    assert sub_groups(ANSWERS[5::-1], apart, 3) == groups


@pytest.mark.parametrize("count", [1, 2, 13, 40])
def test_as_many_groups_as_asked_or_as_there_are_answers(count: int) -> None:
    groups = sub_groups(ANSWERS, VECTORS, count)
    assert len(groups) == min(count, len(ANSWERS))
    assert len([*chain(*groups)]) == len(ANSWERS)


@pytest.mark.parametrize("few", [0, 1, 2])
def test_of_few_answers_each_is_a_group(few: int) -> None:
    assert sorted(sub_groups(ANSWERS[:few], VECTORS[:few], 3)) == [[e] for e in ANSWERS[:few]]


def test_equal_answers_can_be_grouped() -> None:
    same = np.repeat(VECTORS[:1], 4, axis=0)
    assert len(sub_groups(ANSWERS[:4], same, 2)) == 2


def test_the_study_groups_the_answers_that_have_a_code(own_proposed: Study) -> None:
    study, anna = own_proposed, own_proposed.coder("Anna")
    answers = tuple(study.survey.answers.index[:12])
    study.decide(anna, CreateCode("a", "Alt"))
    study.decide(anna, ApplyCode("a", answers))
    groups = study.sub_groups("a", 3)
    assert len(groups) == 3
    assert sorted(chain(*groups)) == sorted(answers)
    assert study.sub_groups("a", 2, coder="nobody") == []
