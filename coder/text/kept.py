"""Proposals as they are kept with a study: plain values for JSON, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from coder.model import Proposal, ProposalNode, ProposalSet, ProposalTree
from coder.text.cut import cut


def to_keep(made: ProposalSet) -> dict[str, Any]:
    """The set as lists, numbers and text. Of a set with a tree the tree alone: it has the rest.

    The cut that is shown is ``count`` of the settings.
    """
    shown = {"count": len(made), **made.settings}
    if made.tree is None:
        return asdict(made) | {"settings": shown}
    return {"encoder": made.encoder, "settings": shown, "tree": asdict(made.tree)}


def from_kept(values: Mapping[str, Any]) -> ProposalSet:
    """The set that was kept, in the cut it was shown in; also one from before there were trees."""
    if values.get("tree") is None:
        made = tuple(Proposal(**_frozen(each)) for each in values["proposals"])
        return ProposalSet(made, values["encoder"], values["settings"])
    tree = _frozen(values["tree"])
    nodes = tuple(ProposalNode(**_frozen(each)) for each in tree.pop("nodes"))
    whole = ProposalSet(
        (), values["encoder"], values["settings"], ProposalTree(**tree, nodes=nodes)
    )
    return cut(whole, values["settings"]["count"])


def _frozen(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with tuples for lists, as the frozen classes have them."""
    return {name: _tuple(value) for name, value in values.items()}


def _tuple(value: Any) -> Any:
    return tuple(map(_tuple, value)) if isinstance(value, list | tuple) else value
