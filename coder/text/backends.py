"""How an encoder's sums are done: exactly as trained, or faster and a little less exactly.

``torch`` computes in 32-bit floats and is the same everywhere. ``bf16`` computes in 16-bit floats,
on processors that can; ``int8`` in 8-bit integers with OpenVINO, on every processor. A text's
vector stays within a cosine of .999 of the default's, but vectors of two backends are never mixed.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from coder.errors import UserError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from torch import Tensor

Backend = Literal["torch", "bf16", "int8"]

WORKERS = min(4, os.cpu_count() or 1)
_GROUP = 64  # activations that share a scale: 32 is slower, 128 less exact
_SHARED = {"INFERENCE_NUM_THREADS": WORKERS, "NUM_STREAMS": WORKERS}


@dataclass(frozen=True)
class Computing:
    """What an ``EncoderRecord`` says of a backend, and how many texts go through it together.

    Eight short texts are as quick as thirty-two and need less padding. Rounding to integers makes
    something of the smallest difference in a sum, so there each text goes alone: its vector then
    depends on nothing else.
    """

    engine: str
    precision: str
    batch: int


COMPUTING: Mapping[Backend, Computing] = {
    "torch": Computing("torch", "float32", 8),
    "bf16": Computing("torch", "bfloat16", 8),
    "int8": Computing("openvino", f"int8-{_GROUP}", 1),
}


def check_backend(backend: Backend) -> None:
    """Refuse a backend that can't be used here, before anything slow is done.

    ``UserError`` when a library is missing (``encoder.no_openvino``) or the processor does not
    compute in 16-bit floats and would only be slower (``encoder.no_bf16``). ``ValueError`` for a
    name that is none.
    """
    if backend not in get_args(Backend):
        raise ValueError(f"no backend {backend!r}")
    if backend == "int8" and find_spec("openvino") is None:
        raise UserError("encoder.no_openvino")
    if backend == "bf16" and not _computes_in_bf16():
        raise UserError("encoder.no_bf16")


def with_backend(model: SentenceTransformer, backend: Backend, name: str) -> SentenceTransformer:
    """The same model, computing with ``backend``; what comes after the transformer stays as it is.

    ``UserError`` when this model can't be computed that way (``encoder.backend_unfit``).
    """
    if backend == "torch":
        return model
    try:
        return _in_bf16(model) if backend == "bf16" else _in_int8(model)
    except (AttributeError, KeyError, RuntimeError, TypeError) as error:  # no transformer, or odd
        raise UserError("encoder.backend_unfit", name=name, backend=backend) from error


# --- 16-bit floats -----------------------------------------------------------------------------


def _computes_in_bf16() -> bool:
    """Whether the processor has instructions for it; by emulation it takes longer than float32."""
    import torch

    able = torch.cpu.get_capabilities()
    return any(able.get(each, False) for each in ("avx512_bf16", "amx_bf16", "bf16"))


def _in_bf16(model: SentenceTransformer) -> SentenceTransformer:
    model[0].model.bfloat16()
    model[0].register_forward_hook(_as_float32)
    return model


def _as_float32(_module: object, _given: object, features: dict[str, Tensor]) -> None:
    """What the tokens' vectors are summed up to is worth the exact sum."""
    features["token_embeddings"] = features["token_embeddings"].float()


# --- 8-bit integers ----------------------------------------------------------------------------


def _keep_to_ourselves() -> None:
    """OpenVINO tells its makers whenever it is imported; without this module of its it can't.

    To be called before OpenVINO is imported. Where answers are confidential, so is that they are.
    """
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]


def _in_int8(model: SentenceTransformer) -> SentenceTransformer:
    _keep_to_ourselves()
    import openvino

    transformer: Any = model[0]
    names = _inputs(model)
    graph = _graph(transformer.model, names)
    _shrink(graph)
    settings = {"INFERENCE_PRECISION_HINT": "f32", "DYNAMIC_QUANTIZATION_GROUP_SIZE": _GROUP}
    compiled = openvino.Core().compile_model(graph, "CPU", {**_SHARED, **settings})
    stand_in = _StandIn(compiled, names, transformer.model.config)
    # A torch module takes something else in a module's place only when that has left.
    del transformer.model
    transformer.model = stand_in
    return model


def _inputs(model: SentenceTransformer) -> tuple[str, ...]:
    """The tensors that the tokeniser makes and the transformer takes, by name."""
    import torch

    known: Any = model[0].model_forward_params
    made = [name for name, each in model.preprocess(["x"]).items() if torch.is_tensor(each)]
    return tuple(name for name in made if known is None or name in known)


def _graph(transformer: Any, names: tuple[str, ...]) -> Any:
    """The transformer as OpenVINO's graph, from ``names`` to the vectors of the tokens."""
    import torch
    from openvino.frontend import FrontEndManager
    from openvino.frontend.pytorch.ts_decoder import TorchScriptPythonDecoder

    class TokenVectors(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.transformer = transformer

        def forward(self, *given: Tensor) -> Tensor:
            output = self.transformer(**dict(zip(names, given, strict=True)), return_dict=True)
            return output["last_hidden_state"]  # type: ignore[no-any-return]

    example = tuple(torch.ones((2, 8), dtype=torch.int64) for _ in names)
    trace: Any = torch.jit.trace
    traced = trace(TokenVectors().eval(), example, check_trace=False)
    reader = TorchScriptPythonDecoder(traced)
    front_end = FrontEndManager().load_by_framework("pytorch")
    return front_end.convert(front_end.load(reader))  # needs the reader until it is done


def _shrink(graph: Any) -> None:
    """Weights as 8-bit integers, with a scale for each row: the greatest of it becomes 127."""
    for node in graph.get_ordered_ops():
        if node.get_type_name() == "MatMul" and node.get_attributes()["transpose_b"]:
            weights = node.input_value(1).get_node()
            if weights.get_type_name() == "Constant" and weights.data.ndim == 2:
                node.input(1).replace_source_output(_shrunk(weights.data).output(0))


def _shrunk(weights: np.ndarray[Any, Any]) -> Any:
    from openvino import opset13

    scales = np.abs(weights).max(axis=1, keepdims=True).astype(np.float32) / 127
    scales[scales == 0] = 1  # a row of zeros stays one
    whole = opset13.constant(np.round(weights / scales).astype(np.int8))
    return opset13.multiply(opset13.convert(whole, "f32"), opset13.constant(scales))


class _StandIn:
    """In the place of the torch transformer inside a sentence-transformers model."""

    def __init__(self, compiled: Any, names: tuple[str, ...], config: Any) -> None:
        self.config = config
        self._compiled = compiled
        self._names = names
        self._own = threading.local()

    def forward(self, **features: Any) -> dict[str, Tensor]:
        """The tokens' vectors, by the name that sentence-transformers looks for."""
        import torch

        if not hasattr(self._own, "request"):  # a request serves one thread at a time
            self._own.request = self._compiled.create_infer_request()
        done = self._own.request.infer([features[name].numpy() for name in self._names])
        return {"last_hidden_state": torch.from_numpy(done[0])}
