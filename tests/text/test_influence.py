"""What suggestions did to the coding: rates by hand, intervals by another formula."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coder.model import Act, Turn
from coder.text.encode import FakeEncoder
from coder.text.influence import held_out, influence, rate
from coder.text.suggest import Space, make_space

TEXTS = {f"w{i}": f"gåtur i skoven nummer {i}" for i in range(6)} | {
    f"v{i}": f"videomøde med familien, opkald {i}" for i in range(6)
}


def space() -> Space:
    return make_space(list(TEXTS), list(TEXTS.values()), FakeEncoder().encode([*TEXTS.values()]))


def single(answer: str, code: str, *offered: str) -> tuple[str, Act]:
    return "anna", Act(Turn((answer,), None, offered), code, (answer,))


ACTED = [
    ("anna", Act(Turn(("w0",)), "w", ("w0",), new=True)),  # nothing could be offered yet
    ("anna", Act(Turn(("v0",)), "v", ("v0",), new=True)),
    single("w1", "w", "w", "v"),
    single("v1", "v", "w", "v"),
    ("anna", Act(Turn(("w2", "w3", "v2", "w4"), "w", ("w", "v")), "w", ("w2", "w3"), ("v2",))),
    ("anna", Act(Turn(("v3", "v4"), "w", ("w",)), None)),
    ("anna", Act(Turn(("v3", "v4"), "w", ("w", "v")), "v", ("v3", "v4"))),
    single("w5", "w"),  # held out
]
CODINGS = {
    ("anna", answer): (answer[0],) for _, act in ACTED for answer in act.accepted if answer != "w3"
}


def test_rates_worked_out_by_hand() -> None:
    """Of eight shown in groups two were accepted as offered; of six codings w3 was taken off."""
    found = influence(space(), ACTED, CODINGS, {"w5"})
    pairs = {name: (each.count, each.of) for name, each in vars(found).items()}
    assert pairs == {
        "first_taken": (1, 2),
        "offer_taken": (2, 2),
        "in_groups": (2, 8),
        "changed": (1, 6),
        "changed_blind": (0, 1),
        "agreed": (6, 6),
        "agreed_blind": (1, 1),
    }


def test_what_is_coded_later_tells_nothing_of_what_was_foretold() -> None:
    """Before its only code was known, the machine could not have named it."""
    acted = [*ACTED[:1], single("v1", "v"), *ACTED[1:3]]
    found = influence(space(), acted, {}, {"v1"})
    assert (found.agreed_blind.count, found.agreed_blind.of) == (0, 1)


def test_of_nothing_there_is_no_share() -> None:
    found = influence(space(), [], {}, set())
    assert {(each.of, each.share, each.low) for each in vars(found).values()} == {(0, None, None)}


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_is_wilsons(pair: tuple[int, int]) -> None:
    """Wilson (1927), with z = 1.96: the shares that a test at 5 % does not reject."""
    count, n = pair
    z, p = 1.959963984540054, count / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    found = rate(count, n)
    assert found.low == pytest.approx(max(0, middle - half), abs=1e-9)
    assert found.high == pytest.approx(min(1, middle + half), abs=1e-9)
    assert found.share == p


def test_who_is_held_out_depends_on_nothing_but_id_and_seed() -> None:
    ids = [f"R{i}" for i in range(2000)]
    tenth = held_out(ids, 0.1, 1)
    assert 150 < len(tenth) < 250  # 200 ± 3.7 standard deviations of 13.4
    assert held_out(ids[:500], 0.1, 1) == tenth & set(ids[:500])
    assert tenth < held_out(ids, 0.2, 1)
    assert tenth != held_out(ids, 0.1, 2)
    assert held_out(ids, 0, 1) == frozenset()
