"""The streams inside a compound file, the little file system in which an ``.xls`` lies.

Read here because the library for ``.xls`` follows a damaged chain of sectors round and round.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_HEADER = 512
_LAST = 0xFFFFFFFA  # sector numbers from here on mean the end, or nothing
_ENTRY = 128  # bytes of a directory entry
_SMALL = 4096  # a stream of fewer bytes lies in the mini stream


def streams(content: bytes) -> dict[str, bytes]:
    """Every stream by its name. Raises ``ValueError`` or ``struct.error`` for a broken file."""
    if not content.startswith(MAGIC):
        raise ValueError("no compound file")
    size = 1 << min(struct.unpack_from("<H", content, 30)[0], 12)
    mini_size = 1 << min(struct.unpack_from("<H", content, 32)[0], 12)
    (start,) = struct.unpack_from("<I", content, 48)
    (mini_start,) = struct.unpack_from("<I", content, 60)

    sectors = content[max(_HEADER, size) :]
    table = _table(content, sectors, size)
    directory = _joined(sectors, table, start, size)
    entries = [directory[at : at + _ENTRY] for at in range(0, len(directory), _ENTRY)]
    found = [_entry(each) for each in entries if len(each) == _ENTRY]
    mini = _joined(sectors, table, found[0][1], size) if found else b""
    mini_table = _numbers(_joined(sectors, table, mini_start, size))
    return {
        name: _joined(mini, mini_table, first, mini_size)[:length]
        if length < _SMALL
        else _joined(sectors, table, first, size)[:length]
        for name, first, length in found[1:]
        if name and length
    }


def _table(content: bytes, sectors: bytes, size: int) -> Sequence[int]:
    """For each sector the one that follows it."""
    places = list(struct.unpack_from("<109I", content, 76))
    (more,) = struct.unpack_from("<I", content, 68)
    for _ in range(len(content) // size):
        if more >= _LAST:
            break
        *others, more = _numbers(sectors[more * size : (more + 1) * size]) or [_LAST]
        places += others
    parts = [sectors[each * size : (each + 1) * size] for each in places if each < _LAST]
    if sum(map(len, parts)) > len(content):
        raise ValueError("sector used twice")
    return _numbers(b"".join(parts))


def _entry(entry: bytes) -> tuple[str, int, int]:
    """Name, first sector and length of a directory entry; no name for an unused one."""
    (letters,) = struct.unpack_from("<H", entry, 64)
    name = entry[: min(max(letters - 2, 0), 64)].decode("utf-16-le", "replace")
    return name, *struct.unpack_from("<II", entry, 116)


def _joined(sectors: bytes, table: Sequence[int], start: int, size: int) -> bytes:
    """The sectors of a chain in its order. A chain can't be longer than the table."""
    places: list[int] = []
    while start < _LAST:
        places.append(start)
        if start >= len(table) or len(places) > len(table):
            raise ValueError("broken chain of sectors")
        start = table[start]
    return b"".join(sectors[each * size : (each + 1) * size] for each in places)


def _numbers(content: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(content) // 4}I", content[: len(content) // 4 * 4])
