"""A study in another place, and two studies that were coded apart as one."""

from __future__ import annotations

from coder.coding.join import Joined
from coder.place import Place
from coder.store import Store
from coder.study.study import Study


def copy_study(source: Place, target: Place) -> dict[str, int]:
    """Copy a study to another place, whole or not at all; the counts of what is there now.

    Every version of every part and every entry of the log with its hash, and whose the pseudonyms
    are; not the vectors, which can be computed again. Raises ``UserError`` when there is something
    already, or when the study is damaged.
    """
    Store.open(source).copy_to(target)
    return dict(Study.open(target).check().counts)


def join_studies(
    place: Place, other: Place, keep_both: bool = False, dry_run: bool = False
) -> Joined:
    """Bring the coding of another study of the same survey into this one (see ``Study.join``)."""
    return Study.open(place).join(other, keep_both, dry_run)
