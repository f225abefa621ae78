"""Writing a file whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from coder.errors import UserError


@contextmanager
def replacing(path: Path, mode: int = 0o666) -> Iterator[Path]:
    """A draft beside ``path`` to write to, which takes its place when the block ends well.

    Otherwise the draft goes and ``path`` is as it was. mode : who may read and write the file, as
    far as the user's mask lets them. Raises ``UserError`` when the folder isn't there or nothing
    can be written to it.
    """
    if not path.parent.is_dir():
        raise UserError("file.no_folder", path=path.parent)
    draft = path.with_name(f".{path.name}.new")
    try:
        draft.unlink(missing_ok=True)
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode))
        yield draft
        draft.replace(path)
    except OSError as error:
        raise UserError("file.unwritable", path=path, reason=error.strerror or error) from error
    finally:
        draft.unlink(missing_ok=True)
