"""Where each answer stands on a map: what says alike stands close together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.manifold import TSNE
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from coder.text.nearest import Points, nearest, neighbours_of, smoothed, unit

_LANDMARKS = 2_000  # distinct texts that are laid out; each other one stands by the nearest of them
_PERPLEXITY = 15  # about how many neighbours each text is to keep
_ROUNDS = 500  # as many neighbours are kept as by twice as many
_STEP = 0.006  # between answers that would stand on one spot, on a map from -1 to 1
_GOLDEN_ANGLE = np.pi * (3 - 5**0.5)

Places = NDArray[np.float64]


def answer_map(
    answers: Sequence[str], texts: Sequence[str], vectors: NDArray[np.float32]
) -> pd.DataFrame:
    """The place of each answer: index ``answer``, columns ``x`` and ``y``, from about -1 to 1.

    answers, texts : ids and texts, in any order; the order makes no difference to the places.
    vectors : array of shape (n, dimensions), rows of length 1.

    t-SNE (van der Maaten & Hinton 2008), begun from the principal components (Kobak & Berens
    2019), of the space in which proposals are made: so their groups are seen as groups. Only who
    is near whom means something; directions and large distances do not.
    """
    order = sorted(range(len(answers)), key=lambda i: (texts[i], answers[i]))
    distinct, of = np.unique([texts[i] for i in order], return_inverse=True)
    first = np.searchsorted(of, np.arange(len(distinct)))
    points = vectors[order][first]
    landmarks = _evenly(len(distinct))
    by = _nearest_landmark(points, landmarks)[of]
    places = np.empty((len(answers), 2))
    places[order] = _around(_laid_out(points[landmarks])[by], by)
    index = pd.Index(answers, name="answer", dtype=object)
    return pd.DataFrame(places, index=index, columns=["x", "y"])


def _evenly(n: int) -> NDArray[np.int64]:
    """All of n places, or as many as are laid out, spread evenly."""
    return np.unique(np.linspace(0, n - 1, min(n, _LANDMARKS)).round().astype(np.int64))


def _nearest_landmark(points: Points, landmarks: NDArray[np.int64]) -> NDArray[np.int64]:
    """The number of the landmark that each point stands by; of a landmark its own."""
    if len(landmarks) == len(points):
        return np.arange(len(points))
    by = nearest(points, points[landmarks], 1)[0][:, 0]
    by[landmarks] = np.arange(len(landmarks))
    return by


def _laid_out(points: Points) -> Places:
    """The points on a plane, from -1 to 1; all in the middle when they are the same."""
    if len(points) < 2 or np.ptp(points, axis=0).max() < 1e-6:
        return np.zeros((len(points), 2))
    near = smoothed(unit(points - points.mean(axis=0)), neighbours_of(len(points)))
    perplexity = min(_PERPLEXITY, (len(near) - 1) / 3)
    # In one thread: the sums of several come in any order, and the map would be another each time.
    with threadpool_limits(1, user_api="openmp"):
        layout = TSNE(2, perplexity=perplexity, init="pca", max_iter=_ROUNDS, random_state=0)
        plane = layout.fit_transform(near)
    plane -= (plane.max(axis=0) + plane.min(axis=0)) / 2
    return np.asarray(plane / np.maximum(np.abs(plane).max(axis=0), 1e-9), dtype=np.float64)


def _around(places: Places, spots: NDArray[np.int64]) -> Places:
    """The places, each moved around its spot as the seeds of a sunflower, so that all are seen."""
    rank = pd.Series(spots).groupby(spots).cumcount().to_numpy()
    angle, away = rank * _GOLDEN_ANGLE, _STEP * np.sqrt(rank)
    return np.asarray(places + np.column_stack([away * np.cos(angle), away * np.sin(angle)]))
