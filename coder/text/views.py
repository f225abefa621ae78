"""Several views of every answer, what it means and how it is spelled, for the suggestions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.utils.extmath import randomized_svd

from coder.text.nearest import nearest, unit

Matrix = NDArray[np.float32]

_LANDMARKS = 4_000  # distinct texts from which a view is made; more only cost time
_NEIGHBOURS = 10
_MEANING, _BOTH, _SPELLING = 200, 300, 300  # dimensions that are kept
_WEIGHT_OF_SPELLING = 0.8


def views(texts: Sequence[str], vectors: Matrix) -> tuple[Matrix, ...]:
    """The answers as points: by meaning; by meaning and spelling; and the latter unsmoothed.

    texts : at least two. vectors : shape (n, dimensions), rows of length 1. Each view has n rows
    and as many columns as are of use; none depends on the order of the answers.

    Spelling is TF-IDF of runs of two to five letters within words, which sees what two Danish
    compounds share, in few dimensions (latent semantic analysis: Deerwester et al. 1990). In the
    first two each answer is moved towards those nearest to it, so that what is known of one is
    known of its neighbours (simplified graph convolution: Wu et al. 2019).
    """
    order = np.array(sorted(range(len(texts)), key=lambda i: texts[i]))
    first = _first_of_each([texts[i] for i in order])
    landmarks = order[first[_evenly(len(first))]]
    meaning = _centred(vectors, landmarks)
    spelling = _centred(_spelling(texts, landmarks), landmarks)
    both = unit(np.hstack([meaning, _WEIGHT_OF_SPELLING * spelling]))
    return (
        _reduced(_smoothed(meaning, landmarks, 0.5, 1), landmarks, _MEANING),
        _reduced(_smoothed(both, landmarks, 0.6, 2), landmarks, _BOTH),
        _reduced(both, landmarks, _BOTH),
    )


def _first_of_each(texts: Sequence[str]) -> NDArray[np.int64]:
    """Where each distinct text of a sorted list stands first."""
    return np.array([i for i, text in enumerate(texts) if i == 0 or texts[i - 1] != text])


def _evenly(n: int) -> NDArray[np.int64]:
    """All of n places, or as many as are used, spread evenly."""
    return np.unique(np.linspace(0, n - 1, min(n, _LANDMARKS)).round().astype(np.int64))


def _centred(points: Matrix, landmarks: NDArray[np.int64]) -> Matrix:
    centre = points[landmarks].mean(axis=0, dtype=np.float64).astype(np.float32)
    return np.asarray(unit(points - centre), dtype=np.float32)


def _spelling(texts: Sequence[str], landmarks: NDArray[np.int64]) -> Matrix:
    """The runs of letters in few dimensions, one row per text; one column if there are none."""
    known = [texts[i] for i in landmarks]
    counter = TfidfVectorizer(
        analyzer="char_wb",
        ngram_range=(2, 5),
        sublinear_tf=True,
        min_df=2,
        max_df=0.5 if len(known) > 20 else 1.0,
        dtype=np.float32,
    )
    try:
        table = counter.fit_transform(known)
    except ValueError:  # no run of letters stands in two texts
        return np.zeros((len(texts), 1), dtype=np.float32)
    count = min(_SPELLING, min(table.shape) - 1)
    if count < 1:
        return np.zeros((len(texts), 1), dtype=np.float32)
    directions = randomized_svd(table, count, random_state=0)[2].T
    pieces = [texts[i : i + 10_000] for i in range(0, len(texts), 10_000)]
    made = [counter.transform(piece) @ directions for piece in pieces]
    return np.asarray(unit(np.vstack(made)), dtype=np.float32)


def _smoothed(points: Matrix, landmarks: NDArray[np.int64], share: float, rounds: int) -> Matrix:
    """The points, each a ``share`` of the way towards its nearest landmarks, ``rounds`` times."""
    if len(landmarks) < 3:
        return points
    near, likeness = nearest(points, points[landmarks], min(_NEIGHBOURS, len(landmarks) - 1) + 1)
    near, weight = near[:, 1:], np.maximum(likeness[:, 1:], 0)  # the first is mostly itself
    weight = weight / np.maximum(weight.sum(axis=1, keepdims=True), 1e-9)
    moved = points
    for _ in range(rounds):
        known = share * moved[landmarks]
        moved = (1 - share) * points
        for each, by in zip(near.T, weight.T.astype(np.float32), strict=True):
            moved += by[:, None] * known[each]
    return np.asarray(unit(moved), dtype=np.float32)


def _reduced(points: Matrix, landmarks: NDArray[np.int64], count: int) -> Matrix:
    """The points in the directions in which the landmarks differ most, at most ``count``."""
    known = points[landmarks].astype(np.float64)
    centre = known.mean(axis=0)
    _, directions = np.linalg.eigh((known - centre).T @ (known - centre))
    kept = directions[:, ::-1][:, : min(count, len(landmarks) - 1)]
    return np.asarray((points - centre) @ kept, dtype=np.float32)
