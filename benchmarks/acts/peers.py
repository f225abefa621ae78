"""Fixed clusters of the same texts and the same vectors, from other methods and libraries.

Every method gives one clustering or several alternatives by name (cuts of a tree, ways to treat
outliers, numbers of topics). A clustering is one number per answer, -1 for no cluster. Which
alternative counts is chosen afterwards, knowing the right codes: more than a coder could do.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout, suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

from benchmarks.acts.sets import Answers, Vectors

Clusterings = Mapping[str, list[int]]
Encode = Callable[[Sequence[str]], Vectors]

_CUT_GROWTH = 1.25  # from one cut of the tree to the next, from two clusters to one per answer
_STRATEGIES = ("distributions", "c-tf-idf", "embeddings")
_FEW = 400  # below, words that fewer than ten answers have count as well: there would be none left


@dataclass(frozen=True)
class Method:
    """A peer. ``seeded``: whether chance plays a part, so that it is run with several seeds.

    ``distributions`` are those whose versions decide the outcome.
    """

    name: str
    run: Callable[[Answers, int, Encode], Clusterings]
    seeded: bool
    distributions: tuple[str, ...]


# --- Ward --------------------------------------------------------------------------------------


def ward(vectors: NDArray[Any]) -> dict[str, list[int]]:
    """Cuts of the Ward tree, by the number of clusters, from two on in steps of a quarter."""
    tree = linkage(vectors.astype(np.float64), "ward")
    return {f"{k} clusters": fcluster(tree, k, "maxclust").tolist() for k in _cuts(len(vectors))}


def _cuts(n: int) -> list[int]:
    counts = [2]
    while counts[-1] < n:
        counts.append(max(counts[-1] + 1, round(counts[-1] * _CUT_GROWTH)))
    return [count for count in counts if count <= n]


def _plain_ward(answers: Answers, seed: int, encode: Encode) -> Clusterings:
    return ward(answers.vectors)


def _centred_ward(answers: Answers, seed: int, encode: Encode) -> Clusterings:
    moved = answers.vectors - answers.vectors.mean(axis=0)
    return ward(moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-12))


# --- BERTopic ----------------------------------------------------------------------------------


def _bertopic(answers: Answers, seed: int, encode: Encode) -> Clusterings:
    """The defaults, but for the seed; outliers left alone, and reduced in three ways."""
    from bertopic import BERTopic
    from umap import UMAP

    # BERTopic's own default, which can't be given a seed otherwise.
    reducer = UMAP(
        n_neighbors=15,
        n_components=5,
        min_dist=0.0,
        metric="cosine",
        low_memory=False,
        random_state=seed,
    )
    model, texts = BERTopic(umap_model=reducer), list(answers.texts)
    topics = [int(topic) for topic in model.fit_transform(texts, answers.vectors)[0]]
    found = {"as found": topics}
    if {-1} < set(topics):  # with outliers only there is no topic to move them to
        for strategy in _STRATEGIES:
            moved = model.reduce_outliers(
                texts, topics, strategy=strategy, embeddings=answers.vectors
            )
            found[strategy] = [int(topic) for topic in moved]
    return found


# --- turftopic ---------------------------------------------------------------------------------


def _turf_clusters(answers: Answers, seed: int, encode: Encode) -> Clusterings:
    from turftopic import ClusteringTopicModel

    model = ClusteringTopicModel(
        encoder=_encoder(encode), vectorizer=_vectorizer(answers), random_state=seed
    )
    # It stops with an error when nothing but outliers were found; they are what it found.
    with suppress(ValueError):
        model.fit_predict(list(answers.texts), embeddings=answers.vectors)
    return {"as found": [int(label) for label in model.clustering.labels_]}


def _turf_keynmf(answers: Answers, seed: int, encode: Encode) -> Clusterings:
    from turftopic import KeyNMF

    return _strongest_topics(KeyNMF, answers, seed, encode)


def _turf_s3(answers: Answers, seed: int, encode: Encode) -> Clusterings:
    from turftopic import SemanticSignalSeparation

    return _strongest_topics(SemanticSignalSeparation, answers, seed, encode)


def _strongest_topics(
    model: Callable[..., Any], answers: Answers, seed: int, encode: Encode
) -> Clusterings:
    """Each answer's strongest topic, among ten and among as many as there are codes."""
    found = {}
    for count in sorted({10, len(set(answers.labels))}):
        weights = model(
            count, encoder=_encoder(encode), vectorizer=_vectorizer(answers), random_state=seed
        ).fit_transform(list(answers.texts), embeddings=answers.vectors)
        empty = ~np.asarray(weights).any(axis=1)
        topics = np.where(empty, -1, np.asarray(weights).argmax(axis=1))
        found[f"{count} topics"] = topics.tolist()
    return found


def _vectorizer(answers: Answers) -> Any:
    """The library's default, but that small sets keep their rare words."""
    from sklearn.feature_extraction.text import CountVectorizer

    return CountVectorizer(min_df=1 if len(answers) < _FEW else 10, stop_words="english")


def _encoder(encode: Encode) -> Any:
    """Our encoder, for the words of the topics, as the library wants it."""
    from turftopic.encoders import ExternalEncoder

    class Ours(ExternalEncoder):  # type: ignore[misc]
        def encode(self, sentences: Sequence[str]) -> Vectors:
            return encode([str(each) for each in sentences])

    return Ours()


# --- all of them -------------------------------------------------------------------------------

WARD = ("Ward, plain vectors", "Ward, centred vectors")
BERTOPIC = "BERTopic"
ANCHORS = (*WARD, BERTOPIC)
_OF_UMAP = ("umap-learn", "hdbscan", "numba", "scikit-learn", "numpy")
METHODS = (
    Method(WARD[0], _plain_ward, False, ("scipy",)),
    Method(WARD[1], _centred_ward, False, ("scipy",)),
    Method(BERTOPIC, _bertopic, True, ("bertopic", *_OF_UMAP)),
    Method("turftopic clusters", _turf_clusters, True, ("turftopic", "scikit-learn")),
    Method("turftopic KeyNMF", _turf_keynmf, True, ("turftopic", "scikit-learn")),
    Method("turftopic S³", _turf_s3, True, ("turftopic", "scikit-learn")),
)


def clusterings(method: Method, answers: Answers, seed: int, encode: Encode) -> Clusterings:
    """What a method makes of these answers; the libraries keep their remarks to themselves."""
    with _quiet():
        return method.run(answers, seed, encode)


@contextmanager
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings(action="ignore"), redirect_stdout(io.StringIO()):
        yield
