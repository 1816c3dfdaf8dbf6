"""Mails as Outlook keeps them (.msg): a compound file ([MS-CFB]) with a stream for each property ([MS-OXMSG])."""

from __future__ import annotations

import struct

_SECTOR, _SMALL = 512, 64  # bytes
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def outlook_mail(texts: dict[int, str]) -> bytes:
    """Return a mail with short properties of text by their numbers: 0x0037 is the subject, 0x1000 the text."""
    streams = {f"__substg1.0_{tag:04X}001F": text.encode("utf-16-le") for tag, text in texts.items()}
    entries = (struct.pack("<HHIII", 0x001F, tag, 6, 2 * len(text) + 2, 0) for tag, text in texts.items())
    streams["__properties_version1.0"] = bytes(32) + b"".join(entries)
    names = sorted(streams, key=lambda name: (len(name), name))
    small = b""  # all of them are: the file has a stream of small streams
    chains: list[int] = []
    starts = []
    for name in names:
        starts.append(len(chains))
        count = -(-len(streams[name]) // _SMALL)
        chains += [*range(len(chains) + 1, len(chains) + count), _END]
        small += _filled(streams[name], _SMALL)
    tree = _balanced(1, len(names))
    root = _entry("Root Entry", 5, 0, len(small), child=(1 + len(names)) // 2)
    directory = [root]
    for number, (name, start) in enumerate(zip(names, starts, strict=True), 1):
        directory.append(_entry(name, 2, start, len(streams[name]), *tree[number]))
    parts = [_filled(small, _SECTOR), _filled(b"".join(directory), _SECTOR), _table(chains)]
    table: list[int] = []
    for part in parts:
        table += [*range(len(table) + 1, len(table) + len(part) // _SECTOR), _END]
    directory_at = len(parts[0]) // _SECTOR
    chains_at = directory_at + len(parts[1]) // _SECTOR
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6)
    header += bytes(6) + struct.pack("<9I", 0, 1, directory_at, 0, 4096, chains_at, 1, _END, 0)
    header += struct.pack("<109I", len(table), *[_FREE] * 108)
    return header + b"".join(parts) + _table([*table, _FAT])


def _filled(data: bytes, size: int) -> bytes:
    return data + bytes(-len(data) % size)


def _table(numbers: list[int]) -> bytes:
    return struct.pack("<128I", *numbers, *[_FREE] * (128 - len(numbers)))


def _balanced(first: int, last: int) -> dict[int, tuple[int, int]]:
    """Return for each of some numbers those of its left and right, as a directory's tree has them."""
    if first > last:
        return {}
    middle = (first + last) // 2
    left = (first + middle - 1) // 2 if first < middle else _FREE
    right = (middle + 1 + last) // 2 if middle < last else _FREE
    return {middle: (left, right), **_balanced(first, middle - 1), **_balanced(middle + 1, last)}


def _entry(
    name: str, kind: int, start: int, size: int, left: int = _FREE, right: int = _FREE, child: int = _FREE
) -> bytes:
    written = name.encode("utf-16-le")
    data = written.ljust(64, b"\0") + struct.pack("<HBB", len(written) + 2, kind, 1)
    return data + struct.pack("<III", left, right, child) + bytes(36) + struct.pack("<IQ", start, size)
