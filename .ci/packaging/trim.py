"""Keeps out of the packaged program what it never loads, and takes the symbols out of what it does."""

from __future__ import annotations

import fnmatch
import shutil
import struct
import subprocess
import sys
from pathlib import Path

_PT_LOAD = 1  # elf.h

Entry = tuple[str, str, str]  # PyInstaller's: path inside the folder, path on this machine, kind

# Paths inside the folder, with `/`. PyInstaller takes every plugin of a Qt module and what these link to.
UNNEEDED = (
    # Platforms without a desktop, and Qt Quick's on-screen keyboard, which brings Qt Quick with it.
    "*/plugins/platforms/libqeglfs*", "*/plugins/platforms/libqlinuxfb*", "*/plugins/platforms/libqvkkhrdisplay*",
    "*/plugins/platforms/libqvnc*", "*/plugins/platforms/*qminimal*", "*/plugins/platforms/*qdirect2d*",
    "*/plugins/platforminputcontexts/*qtvirtualkeyboard*",
    # Needs the system's GTK, which cannot live with the copies of GLib that come along; the portal does the same.
    "*/plugins/platformthemes/libqgtk3*",
    "*/plugins/egldeviceintegrations/*", "*/plugins/generic/*",
    # Pictures that the program neither ships nor shows; documents are drawn by pdfium.
    "*/plugins/imageformats/*qpdf*", "*/plugins/imageformats/*qtga*", "*/plugins/imageformats/*qtiff*",
    "*/plugins/imageformats/*qwbmp*", "*/plugins/imageformats/*qicns*",
    "*/plugins/vectorimageformats/*", "*/plugins/printsupport/*", "*/plugins/sqldrivers/*",
    # Qt Network serves the local socket of the single instance; HTTP is httpx2's.
    "*/plugins/tls/*", "*/plugins/networkinformation/*",
    "*/plugins/qmltooling/*", "*/plugins/qmllint/*", "*/plugins/wayland-graphics-integration-server/*",
    "*/translations/qt_help_*", "*/translations/qtmultimedia*", "*/translations/qtwebengine*",
    "*/translations/qtdeclarative*", "*/translations/qtconnectivity*", "*/translations/qtserialport*",
    "*/translations/designer*", "*/translations/linguist*", "*/translations/assistant*",
    "*/translations/qtlocation*", "*/translations/qtwebsockets*", "*/translations/qt_??.qm",
    "*/translations/qt_??_??.qm",
    "*Qt6Qml*", "*Qt6Quick*", "*Qt6VirtualKeyboard*", "*Qt6Pdf*", "*Qt6EglF*", "*Qt6WaylandCompositor*",
    "*Qt6OpenGLWidgets*", "*Qt6Sql*", "*Qt6Test*", "*opengl32sw*", "*d3dcompiler*",
    "*pyside6qml*",
    # The Python interface to the models is compiled in; this copy is for C++ programs.
    "onnxruntime/capi/libonnxruntime.so*",
    "onnxruntime/capi/libonnxruntime.*dylib",
    # Sources, types and headers of packages.
    "*.pyi", "*.pxd", "*.h", "*.hpp", "*py.typed",
)  # fmt: skip


def is_needed(path: str) -> bool:
    """Say whether a file belongs into the folder."""
    inside = path.replace("\\", "/")
    return not any(fnmatch.fnmatchcase(inside, pattern) for pattern in UNNEEDED)


def linked_only(entries: list[Entry]) -> list[Entry]:
    """Drop the system's libraries that nothing links to (any more): PyInstaller took them for a dropped plugin."""
    from PyInstaller.depend.bindepend import get_imports

    by_name = {Path(inside).name: entry for entry in entries for inside in [entry[0]]}
    roots = [
        entry for entry in entries if "/" in entry[0] or entry[2] == "EXTENSION" or "libpython" in entry[0]
    ]
    reached, waiting = {entry[0] for entry in roots}, list(roots)
    while waiting:
        for needed, _path in get_imports(waiting.pop()[1]):
            entry = by_name.get(Path(needed).name)
            if entry is not None and entry[0] not in reached:
                reached.add(entry[0])
                waiting.append(entry)
    return [entry for entry in entries if entry[0] in reached]


def strip_symbols(entries: list[Entry], folder: Path) -> list[Entry]:
    """Return the entries with their native libraries replaced by copies without symbols, made in `folder`.

    What `strip` cannot read, or leaves in a state that cannot be loaded, stays as it is. Symbols that other libraries link to are kept.
    """
    program = shutil.which("strip")
    if program is None:
        raise SystemExit("strip is missing. On Debian and Ubuntu: apt-get install binutils")
    options = ["-x", "-S"] if sys.platform == "darwin" else ["--strip-unneeded"]
    stripped = []
    for inside, source, kind in entries:
        if kind not in {"BINARY", "EXTENSION"}:
            stripped.append((inside, source, kind))
            continue
        target = folder / inside
        target.parent.mkdir(parents=True, exist_ok=True)
        result = subprocess.run([program, *options, "-o", target, source], capture_output=True, check=False)
        usable = result.returncode == 0 and _can_be_loaded(target)
        if usable:
            shutil.copymode(source, target)
        stripped.append((inside, str(target) if usable else source, kind))
    return stripped


def _can_be_loaded(library: Path) -> bool:
    """Say whether glibc would map an ELF file: strip misaligns segments that patchelf has moved (wheels)."""
    content = library.read_bytes()
    if content[:6] != b"\x7fELF\x02\x01":  # 64 bits, little-endian
        return True
    (headers_at,) = struct.unpack_from("<Q", content, 32)
    size, count = struct.unpack_from("<HH", content, 54)
    for number in range(count):
        kind, _flags, offset, address, _, _, _, alignment = struct.unpack_from(
            "<IIQQQQQQ", content, headers_at + number * size
        )
        if kind == _PT_LOAD and (address - offset) % alignment:
            return False
    return True
