"""Candidate categories: complete, the same every time, and sensible on easy texts."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from coder.model import ProposalSet, Wordlist
from coder.text import leaves as leaves_module
from coder.text.cut import cut, open_nodes
from coder.text.encode import FakeEncoder
from coder.text.kept import from_kept, to_keep
from coder.text.leaves import Extras
from coder.text.propose import _doubtful, _Grown, _standing, propose
from coder.text.why import why_here

SUBJECTS = {
    "walk": ["gåtur i skoven", "lange gåture", "gåtur ved søen", "gåture to og to"],
    "food": ["mad ud af huset", "mad til døren", "varm mad leveret", "madpakker og mad"],
    "chat": ["chat med unge", "en chat om natten", "chat og sms", "åben chat"],
}
TEXTS = [text for texts in SUBJECTS.values() for text in texts]
IDS = [f"R{no:03d}" for no in range(1, len(TEXTS) + 1)]


def made(
    ids: list[str], texts: list[str], count: int | None = None, extras: Extras | None = None
) -> ProposalSet:
    return propose(ids, texts, FakeEncoder().encode(texts), "da", "fake", count, extras)


def groups(proposals: ProposalSet) -> set[frozenset[str]]:
    return {frozenset(each.answers) for each in proposals}


def where(proposals: ProposalSet) -> dict[str, str]:
    return {answer: each.id for each in proposals for answer in each.answers}


def many(n: int) -> tuple[list[str], list[str]]:
    """Made-up texts of 12 subjects, some of them equal."""
    rng = random.Random(n)
    texts = [f"{rng.choice(TEXTS)} {rng.randrange(n)}" for _ in range(n)]
    return [f"A{no:05d}" for no in range(n)], texts


def test_subjects_that_share_no_words_are_told_apart() -> None:
    wanted = [subject for subject, texts in SUBJECTS.items() for _ in texts]
    found = where(made(IDS, TEXTS, 3))
    assert adjusted_rand_score(wanted, [found[answer] for answer in IDS]) == 1


def test_terms_and_names_say_the_subject() -> None:
    proposals = made(IDS, TEXTS, 3)
    assert {each.terms[0] for each in proposals} & {"gåture", "gåtur"}
    assert {"mad", "chat"} <= {each.terms[0] for each in proposals}
    assert all(each.name.split(", ")[0] == each.terms[0] for each in proposals)


def test_proposals_are_the_same_on_a_second_run() -> None:
    assert made(IDS, TEXTS) == made(IDS, TEXTS)


texts_with_ties = st.lists(
    st.one_of(st.sampled_from([*TEXTS[:6], "", "ja", "JA", "nej"]), st.text(max_size=12)),
    min_size=1,
    max_size=16,
)


@settings(deadline=None, max_examples=60)
@given(texts_with_ties, st.randoms(use_true_random=False), st.booleans())
def test_the_order_of_the_answers_makes_no_difference(
    texts: list[str], rng: random.Random, coded: bool
) -> None:
    rows = [
        (f"R{no:02d}", text, "c" if coded and 0 < no < 4 else None) for no, text in enumerate(texts)
    ]
    shuffled = rng.sample(rows, len(rows))

    def found(some: list[tuple[str, str, str | None]]) -> ProposalSet:
        ids, own, codes = (list(column) for column in zip(*some, strict=True))
        return made(ids, own, None, Extras(codes=codes))

    assert found(shuffled) == found(rows)


@settings(deadline=None, max_examples=40)
@given(texts_with_ties)
def test_every_answer_stands_in_exactly_one_proposal_of_every_cut(texts: list[str]) -> None:
    ids = [f"R{no}" for no in range(len(texts))]
    proposals = made(ids, texts)
    for count in range(1, len(texts) + 1):
        assert sorted(a for each in cut(proposals, count) for a in each.answers) == sorted(ids)


def test_a_finer_cut_parts_one_group_and_leaves_the_others_as_they_are() -> None:
    whole = made(IDS, TEXTS)
    cuts = [cut(whole, count) for count in range(1, len(TEXTS) + 1)]
    assert [len(each) for each in cuts] == list(range(1, len(TEXTS) + 1))
    for coarse, fine in pairwise(cuts):
        parted = groups(coarse) - groups(fine)
        assert len(parted) == 1
        assert frozenset().union(*groups(fine) - groups(coarse)) == next(iter(parted))
        stay = {each.id: each.answers for each in coarse} | {each.id: each.answers for each in fine}
        assert len(stay) == len(coarse) + 2


def test_a_cut_is_the_same_as_proposing_that_number() -> None:
    assert cut(made(IDS, TEXTS), 4).proposals == made(IDS, TEXTS, 4).proposals


def test_a_set_without_a_tree_has_one_cut_only() -> None:
    with pytest.raises(ValueError, match="without a tree"):
        cut(ProposalSet((), "fake"), 2)


def test_the_largest_proposal_comes_first_and_the_most_typical_answer_first_in_it() -> None:
    proposals = made(IDS, TEXTS, 4)
    sizes = [len(each.answers) for each in proposals]
    assert sizes == sorted(sizes, reverse=True)
    for each in proposals:
        assert list(each.typicality) == sorted(each.typicality, reverse=True)
        assert each.coherence == pytest.approx(np.mean(each.typicality), abs=1e-4)


def test_typicality_is_the_cosine_to_the_centre() -> None:
    vectors = FakeEncoder().encode(TEXTS)
    moved = vectors - vectors.mean(axis=0)
    moved /= np.linalg.norm(moved, axis=1, keepdims=True)
    for each in made(IDS, TEXTS, 3):
        own = moved[[IDS.index(answer) for answer in each.answers]]
        centre = own.mean(axis=0) / np.linalg.norm(own.mean(axis=0))
        assert each.typicality == pytest.approx((own @ centre).tolist(), abs=1e-4)


def test_the_doubtful_are_those_nearest_to_another_group() -> None:
    angles = np.radians([0, 1, 2, 3, 4, 41, 90, 91, 92, 93, 94, 89])
    points = np.column_stack([np.cos(angles), np.sin(angles)]).astype(np.float32)
    # Their opposites too, so that the mean is nought and nothing is moved.
    vectors = np.concatenate([points, -points])
    ids = [f"R{no:02d}" for no in range(24)]
    proposals = propose(ids, [f"svar {each}" for each in ids], vectors, "da", "", 4)
    first = next(each for each in proposals if "R00" in each.answers)
    assert first.doubtful[0] == "R05"
    assert not set(first.doubtful) & set(first.answers[:3])
    assert all(len(each.doubtful) <= 3 for each in proposals)


def test_doubt_weighs_another_centre_against_the_own() -> None:
    points = np.array([[0.9, 0.5], [0.3, 0.3], [0.98, 0.2]])
    rivals = np.array([[0.0, 1.0], [0.0, -1.0]])
    assert _doubtful(points, points[:, 0], rivals, 40) == (41, 40, 42)
    assert _doubtful(points, points[:, 0], rivals[:0], 40) == ()


def test_a_group_is_compared_with_those_of_the_first_cut_it_stands_in() -> None:
    splits = (1, 0, 3, 4)  # of a tree with two roots
    grown = _Grown(np.zeros((10, 2), dtype=np.int64), splits, np.zeros(0), np.zeros(0), 3)
    for node in range(10):
        cuts = [open_nodes(2, splits, count) for count in range(2, 7)]
        assert _standing(grown, node) == next(each for each in cuts if node in each)


def test_groups_that_are_plain_are_stable() -> None:
    ids, texts = many(120)
    proposals = made(ids, texts, 3)
    assert all(each.stability is not None and 0 < each.stability <= 1 for each in proposals)
    subjects = {text: subject for subject, some in SUBJECTS.items() for text in some}
    plain = made(
        ids, [f"{subjects[text.rsplit(' ', 1)[0]] * 3} {no}" for no, text in enumerate(texts)], 3
    )
    assert min(each.stability or 0 for each in plain) > 0.9


@pytest.mark.parametrize("texts", [["ene"], ["to", "svar"], ["ens", "ens", "ens"]])
def test_few_or_equal_answers_are_no_special_case(texts: list[str]) -> None:
    ids = [f"R{no}" for no in range(len(texts))]
    assert sorted(a for each in made(ids, texts) for a in each.answers) == ids


def test_the_default_number_suits_reading() -> None:
    """Between half the square root of the number of answers and the whole of it."""
    texts = [f"{text} {no}" for no in range(20) for text in TEXTS]
    ids = [f"R{no:04d}" for no in range(len(texts))]
    assert 7 <= len(made(ids, texts)) <= 16


def test_an_id_tells_which_answers_are_in_it() -> None:
    first, again = made(IDS, TEXTS, 3), made(IDS, TEXTS, 4)
    by_members = {frozenset(each.answers): each.id for each in first}
    shared = [each for each in again if frozenset(each.answers) in by_members]
    assert shared
    assert all(by_members[frozenset(each.answers)] == each.id for each in shared)


def test_groups_of_one_name_have_one_more_term_each() -> None:
    tree = made(IDS, TEXTS).tree
    assert tree is not None
    terms = [("ko", "hest", "abe"), ("ko", "hest", "ulv"), ("ko", "hest"), ("gris", "so")]
    nodes = [
        replace(tree.nodes[0], start=no, stop=no + 1, typicality=(9,), terms=own, name=own[0])
        for no, own in enumerate(terms)
    ]
    proposals = ProposalSet((), "", {}, replace(tree, nodes=tuple(nodes), splits=()))
    names = [each.name for each in cut(proposals, 4)]
    assert sorted(names) == ["gris", "ko, abe", "ko, hest", "ko, ulv"]


# --- many answers ------------------------------------------------------------------------------


@pytest.fixture
def small_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaves_module, "SAMPLE", 60)


@pytest.mark.usefixtures("small_sample")
def test_of_many_answers_each_joins_those_of_the_sample_that_are_like_it() -> None:
    ids, texts = many(600)
    proposals = made(ids, texts, 3)
    subjects = {text: subject for subject, some in SUBJECTS.items() for text in some}
    wanted = [subjects[text.rsplit(" ", 1)[0]] for text in texts]
    found = where(proposals)
    assert adjusted_rand_score(wanted, [found[answer] for answer in ids]) > 0.9
    assert sorted(found) == ids


@pytest.mark.usefixtures("small_sample")
def test_only_answers_of_the_sample_are_compared_with() -> None:
    tree = made(*many(600)).tree
    assert tree is not None
    assert 50 < len({near for row in tree.near for near in row}) <= 60


@pytest.mark.usefixtures("small_sample")
def test_the_sample_depends_on_the_texts_and_not_on_their_order() -> None:
    ids, texts = many(300)
    rows = list(zip(ids, texts, strict=True))
    random.Random(1).shuffle(rows)
    shuffled = [list(column) for column in zip(*rows, strict=True)]
    assert made(*shuffled, 8) == made(ids, texts, 8)


@pytest.mark.usefixtures("small_sample")
def test_equal_texts_stay_together() -> None:
    ids, texts = many(300)
    texts = [text.rsplit(" ", 1)[0] + str(no % 7) for no, text in enumerate(texts)]
    finest = where(cut(made(ids, texts), 300))
    by_text: dict[str, set[str]] = {}
    for answer, text in zip(ids, texts, strict=True):
        by_text.setdefault(text, set()).add(finest[answer])
    assert len(by_text) > 60
    assert all(len(each) == 1 for each in by_text.values())


# --- what the researcher knows -----------------------------------------------------------------


def test_seeds_are_groups_of_their_own_at_every_cut() -> None:
    extras = Extras(wordlist=Wordlist(seeds=("mad", "gåtur", "findes ikke")))
    proposals = made(IDS, TEXTS, None, extras)
    for count in range(1, len(TEXTS) + 1):
        named = {each.name: set(each.answers) for each in cut(proposals, count)}
        assert named["mad"] == set(IDS[4:8])
        assert named["gåtur"] == set(IDS[:4])
    assert proposals.tree is not None
    assert (proposals.tree.fewest, proposals.tree.most) == (3, 6)


def test_seeds_may_take_every_answer() -> None:
    extras = Extras(wordlist=Wordlist(seeds=("mad", "gåtur", "chat")))
    assert {each.name for each in made(IDS, TEXTS, None, extras)} == {"mad", "gåtur", "chat"}


def test_words_that_belong_together_draw_their_answers_together() -> None:
    wordlist = Wordlist(together=(("søen", "natten", "døren"),))
    before = why_here(made(IDS, TEXTS), "R003", TEXTS[2], "da")[0].near
    after = why_here(made(IDS, TEXTS, None, Extras(wordlist=wordlist)), "R003", "", "da")[0].near
    assert not {"R006", "R010"} <= set(before)
    assert set(after[:2]) == {"R006", "R010"}


def test_what_has_a_code_is_not_grouped_again() -> None:
    codes = ["walk" if no < 3 else "food" if no < 6 else None for no in range(len(IDS))]
    taught = made(IDS, TEXTS, 1, Extras(codes=codes)).proposals[0]
    untaught = made(
        IDS, TEXTS, 1, Extras(codes=[code and f"{no}" for no, code in enumerate(codes)])
    )
    assert sorted(taught.answers) == sorted(untaught.proposals[0].answers) == IDS[6:]
    assert taught.typicality != untaught.proposals[0].typicality
    with pytest.raises(ValueError, match="nothing without a code"):
        made(IDS, TEXTS, None, Extras(codes=["c"] * len(IDS)))


PAIRS = st.lists(st.tuples(st.sampled_from(IDS), st.sampled_from(IDS)), max_size=8)


@settings(deadline=None, max_examples=40)
@given(PAIRS, st.booleans(), st.booleans())
def test_what_must_be_apart_stands_in_no_group_together(
    pairs: list[tuple[str, str]], equal: bool, seeded: bool
) -> None:
    texts = ["gåtur"] * 4 + TEXTS[4:] if equal else TEXTS
    wordlist = Wordlist(seeds=("gåtur",) if seeded else ())
    proposals = made(IDS, texts, 1, Extras(apart=pairs, wordlist=wordlist))
    found = where(proposals)
    assert sorted(found) == IDS
    assert all(found[one] != found[other] for one, other in pairs if one != other)


# --- segments ----------------------------------------------------------------------------------


def test_by_segment_an_answer_stands_wherever_one_of_its_segments_does() -> None:
    both = "gåtur i skoven. varm mad leveret."
    ids, texts = [*IDS, "R100", "R100"], [*TEXTS, both[:15], both[16:]]
    spans = [(0, len(text)) for text in TEXTS] + [(0, 15), (16, len(both))]
    proposals = made(ids, texts, 3, Extras(spans=spans))
    standing = [each for each in proposals if "R100" in each.answers]
    assert len(standing) == 2
    found = {each.spans[each.answers.index("R100")] for each in standing}
    assert found == {((0, 15),), ((16, len(both)),)}
    whole = cut(proposals, 1).proposals[0]
    assert len(whole.answers) == len(set(whole.answers)) == len(IDS) + 1
    assert whole.spans[whole.answers.index("R100")] == ((0, 15), (16, len(both)))
    reasons = why_here(proposals, "R100", both, "da")
    assert {each.proposal for each in reasons} == {each.id for each in standing}
    assert all({"gåtur", "gåture", "mad"} & set(each.terms) != set() for each in reasons)
    assert not set(reasons[0].terms) & set(reasons[1].terms)
    for reason, each in zip(reasons, standing, strict=True):
        assert set(reason.near[:3]) <= set(each.answers)


def test_an_answer_is_not_near_to_itself_by_its_other_segments() -> None:
    spans = [(0, 5), (6, 9)] * 6
    proposals = made(
        [answer for answer in IDS[:6] for _ in range(2)], TEXTS, 1, Extras(spans=spans)
    )
    (reason,) = why_here(proposals, "R001", TEXTS[0], "da")
    assert reason.near
    assert "R001" not in reason.near


def test_other_segments_of_the_same_answers_are_another_proposal() -> None:
    ids = {made(IDS, TEXTS, 1, Extras(spans=[(0, end)] * 12)).proposals[0].id for end in (4, 5)}
    assert len(ids) == 2


# --- kept, and why -----------------------------------------------------------------------------


def test_what_is_kept_is_what_was_made() -> None:
    wordlist = Wordlist(seeds=("mad",))
    for extras in (Extras(), Extras(wordlist=wordlist), Extras(spans=[(0, 5)] * len(IDS))):
        proposals = made(IDS, TEXTS, None, extras)
        assert from_kept(json.loads(json.dumps(to_keep(proposals)))) == proposals


def test_a_set_from_before_there_were_trees_is_read() -> None:
    each: dict[str, Any] = {"id": "x", "answers": ["R1"], "typicality": [1.0], "terms": ["a"]}
    old = {"encoder": "e5", "settings": {"count": 1}, "proposals": [{**each, "coherence": 1.0}]}
    proposals = from_kept(old)
    assert (proposals.tree, proposals.proposals[0].answers) == (None, ("R1",))
    assert from_kept(json.loads(json.dumps(to_keep(proposals)))) == proposals
    assert why_here(proposals, "R1", "a", "da") == ()


def test_why_an_answer_is_here() -> None:
    proposals = made(IDS, TEXTS, 3)
    (reason,) = why_here(proposals, "R005", TEXTS[4], "da")
    assert reason.proposal == where(proposals)["R005"]
    assert reason.near[0] in IDS[5:8]
    assert "R005" not in reason.near
    assert len(reason.near) == 5
    assert reason.terms == ("mad",)
    assert why_here(proposals, "nobody", "", "da") == ()


def test_a_term_is_shared_in_any_form_and_compound() -> None:
    proposals = made(IDS, TEXTS, 3)
    for text in ("chatordningen", "CHAT"):
        assert why_here(proposals, "R009", text, "da")[0].terms == ("chat",)
    assert why_here(proposals, "R009", "mad", "da")[0].terms == ()
