"""The sets of coded texts, whole and as random draws, with the vectors of their texts."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class Answers:
    """Coded texts: ``labels`` are the right codes, ``vectors`` of shape (n, dimensions).

    ``draw`` is the seed of a random draw, None for a whole set.
    """

    name: str
    ids: tuple[str, ...]
    texts: tuple[str, ...]
    labels: tuple[str, ...]
    vectors: Vectors
    draw: int | None = None

    def __len__(self) -> int:
        return len(self.ids)

    def fingerprint(self) -> str:
        """A sha256 of texts and vectors: all that a clustering may depend on."""
        whole = hashlib.sha256("\n".join(self.texts).encode())
        whole.update(np.ascontiguousarray(self.vectors).tobytes())
        return whole.hexdigest()


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file with the columns id, text and label.

    ``ValueError`` when a column is missing, or when a row has no text or no label.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for number, row in enumerate(rows, start=2):
        if not all(row.get(column) for column in ("id", "text", "label")):
            raise ValueError(f"{path.name}, row {number}: id, text or label is missing")
    return rows


def as_answers(name: str, rows: Sequence[dict[str, str]], vectors: Vectors) -> Answers:
    """Rows of ``read_rows`` with their vectors, in the order of the file."""
    ids, texts, labels = (tuple(row[column] for row in rows) for column in ("id", "text", "label"))
    return Answers(name, ids, texts, labels, vectors)


def drawn(answers: Answers, size: int, seed: int) -> Answers:
    """So many answers at random, without replacement, in their order in the set."""
    chosen = np.sort(np.random.default_rng(seed).choice(len(answers), size, replace=False))
    ids, texts, labels = (
        tuple(column[i] for i in chosen) for column in (answers.ids, answers.texts, answers.labels)
    )
    return Answers(answers.name, ids, texts, labels, answers.vectors[chosen], seed)
