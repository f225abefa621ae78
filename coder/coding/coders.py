"""The coders as they are shown."""

from __future__ import annotations

from itertools import cycle

from coder.coding.state import State

# Okabe and Ito (2008), told apart also by those who see few colours; without the yellow and the
# black, which on a white page are hard to see and hard to tell from text.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")


def colours(state: State) -> dict[str, str]:
    """A colour for each coder, in the order in which they joined; it never changes."""
    return dict(zip(state.coders, cycle(_COLOURS), strict=False))
