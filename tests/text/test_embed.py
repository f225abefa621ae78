"""Each distinct text is encoded once, and what was encoded is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from coder.model import Progress
from coder.text.embed import embed, remembered
from coder.text.encode import EncoderRecord, FakeEncoder


class Memory:
    """A cache in a dictionary."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def get(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        return {key: self.kept[key] for key in keys if key in self.kept}

    def put(self, vectors: Mapping[str, bytes]) -> None:
        self.kept |= vectors


class CountingEncoder:
    """The fake encoder, which also remembers what it was asked for."""

    def __init__(self, record: EncoderRecord = FakeEncoder.record, stop_after: int = 10**9) -> None:
        self.record = record
        self.asked: list[str] = []
        self.stop_after = stop_after

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        if len(self.asked) >= self.stop_after:
            raise KeyboardInterrupt
        self.asked += texts
        return FakeEncoder().encode(texts, progress)


def test_equal_texts_are_encoded_once_and_get_equal_vectors() -> None:
    encoder = CountingEncoder()
    vectors = embed(["gåtur", "video", "gåtur", " gåtur "], encoder, Memory())
    assert sorted(encoder.asked) == ["gåtur", "video"]
    assert (vectors[0] == vectors[2]).all()
    assert (vectors[0] == vectors[3]).all()
    assert not (vectors[0] == vectors[1]).all()


def test_the_vectors_stand_in_the_order_of_the_texts() -> None:
    texts = ["en lang tekst om gåture i skoven", "kort", "noget midt imellem"]
    assert np.array_equal(embed(texts, CountingEncoder(), Memory()), FakeEncoder().encode(texts))


def test_a_second_time_nothing_is_encoded() -> None:
    cache = Memory()
    before = embed(["gåtur", "video"], CountingEncoder(), cache)
    encoder = CountingEncoder()
    assert np.array_equal(embed(["gåtur", "video"], encoder, cache), before)
    assert encoder.asked == []


def test_another_encoder_does_not_get_the_vectors_of_this_one() -> None:
    cache = Memory()
    embed(["gåtur"], CountingEncoder(), cache)
    other = CountingEncoder(replace(FakeEncoder.record, precision="int8"))
    embed(["gåtur"], other, cache)
    assert other.asked == ["gåtur"]


@pytest.mark.parametrize("part", ["name", "weights", "backend", "precision", "prompt"])
def test_every_part_of_the_record_parts_the_vectors(part: str) -> None:
    values = {"name": "n", "weights": "w", "backend": "b", "precision": "p", "prompt": "q"}
    one = EncoderRecord(**values, dimensions=3)
    other = EncoderRecord(**{**values, part: "x"}, dimensions=3)
    assert one.key() != other.key()


def test_work_that_is_stopped_goes_on_where_it_was() -> None:
    texts, cache = [f"svar nummer {no}" for no in range(600)], Memory()
    with pytest.raises(KeyboardInterrupt):
        embed(texts, CountingEncoder(stop_after=256), cache)
    encoder = CountingEncoder()
    embed(texts, encoder, cache)
    assert len(encoder.asked) == 600 - 256


def test_the_parts_are_the_same_when_work_goes_on() -> None:
    """So that the vectors are, too: with other texts beside it a text's sums come out otherwise."""
    texts = [f"{'x' * (no % 97)} {no}" for no in range(1500)]
    whole, cache = PartsEncoder(), Memory()
    embed(texts, whole, Memory())
    made: list[list[str]] = []
    while len(cache.kept) < 1500 - 256:
        some = PartsEncoder(stop_after=1)
        with pytest.raises(KeyboardInterrupt):
            embed(texts[::-1], some, cache)
        made += some.parts
    last = PartsEncoder()
    embed(texts, last, cache)
    assert sorted(made + last.parts) == sorted(whole.parts)


class PartsEncoder(CountingEncoder):
    """Remembers which texts it was asked for together, and stops after so many parts."""

    def __init__(self, stop_after: int = 10**9) -> None:
        super().__init__()
        self.stop_after, self.parts = stop_after, []

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        if len(self.parts) >= self.stop_after:
            raise KeyboardInterrupt
        self.parts.append(list(texts))
        return FakeEncoder().encode(texts)


def test_no_texts_have_no_vectors() -> None:
    assert embed([], CountingEncoder(), Memory()).shape == (0, FakeEncoder.record.dimensions)


def test_progress_counts_the_distinct_texts_while_they_are_encoded() -> None:
    told: list[tuple[str, int, int]] = []
    texts = [f"svar {no}" for no in range(300)] * 2
    embed(texts, CountingEncoder(), Memory(), lambda *step: told.append(step))
    # The part of 256, told by the encoder and again when it is kept; then the part of 44.
    assert told == [("progress.encoding", done, 300) for done in (0, 256, 256, 300, 300)]


def test_what_is_done_tells_how_long_the_rest_takes() -> None:
    """At any time, the texts done so far are about as long as the texts that are left."""
    encoder = PartsEncoder()
    embed([f"{no} " * (no % 40) + str(no) for no in range(12_800)], encoder, Memory())
    lengths = [np.mean([len(text) for text in part]) for part in encoder.parts]
    halves = [np.mean(lengths[:half]) / np.mean(lengths) for half in (10, 25, 40)]
    assert halves == pytest.approx([1, 1, 1], abs=0.1)


def test_others_may_encode_the_parts_in_any_order() -> None:
    def backwards(
        parts: Sequence[list[str]],
    ) -> Iterator[tuple[int, NDArray[np.float32]]]:
        for number in reversed(range(len(parts))):
            yield number, FakeEncoder().encode(parts[number])

    texts = [f"svar nummer {no}" for no in range(600)]
    here, cache = embed(texts, CountingEncoder(), Memory()), Memory()
    encoder = CountingEncoder()
    assert np.array_equal(embed(texts, encoder, cache, None, backwards), here)
    assert encoder.asked == []
    assert len(cache.kept) == 600


def test_vectors_that_are_all_there_need_no_encoder() -> None:
    cache, encoder = Memory(), FakeEncoder()
    texts = ["Gåture", "Opkald", " Gåture "]
    assert remembered(texts, encoder.record, cache) is None
    made = embed(texts, encoder, cache)
    found = remembered(texts, encoder.record, cache)
    assert found is not None
    np.testing.assert_array_equal(found, made)
    assert remembered([*texts, "Video"], encoder.record, cache) is None
    other = replace(encoder.record, weights="others")
    assert remembered(texts, other, cache) is None
