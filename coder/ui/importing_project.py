"""Import of a project made in another program as a study of its own."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from coder.errors import UserError
from coder.i18n import Texts
from coder.study import Study, copy_study
from coder.ui import session


def create_with(
    file: Path, create: Callable[[Path], Study], path: Path, name: str, texts: Texts
) -> str:
    """Make a study of a project's answers with its categories and codings; what is said of it.

    create : makes the study of the answers alone. Nothing is at ``path`` before all of it is there.
    Raises ``UserError`` as ``create`` and ``Study.import_project`` do, or when there is a study, or
    nobody has said who takes it in.
    """
    if not session.coder_name():
        raise UserError("ui.name_first")
    if path.exists():
        raise UserError("study.exists", path=path)
    with tempfile.TemporaryDirectory(prefix="coder-") as folder:
        draft = create(Path(folder) / path.name)
        taken = draft.import_project(file, session.coder_name())
        copy_study(draft.path, path)
    done = texts("importing.project_done", name=name, codes=taken.codes, codings=taken.codings)
    if taken.refusals:
        done += " " + texts("importing.project_refused", count=len(taken.refusals))
    return done
