"""Qt as this program starts it."""

from __future__ import annotations

import sys
from pathlib import Path


def import_qt() -> None:
    """Import Qt for Python and quieten the import hook that it puts into `builtins`.

    The hook reads the source of every module that is imported afterwards, to find out whether it asks for
    `snake_case` names. We never do. Without that, importing openai takes a quarter less time and the process
    15 MB less; with it, two threads that import at once have met half-initialised modules (pydantic). Nothing public
    switches it off: it came with PYSIDE-2029 (others were hit too: pyzo #851), and a switch there would end this.
    """
    from PySide6 import QtCore  # noqa: F401  # it loads the module below

    feature = sys.modules.get("shibokensupport.feature")
    if feature is not None and hasattr(feature, "_mod_uses_pyside"):
        feature._mod_uses_pyside = lambda module: False  # type: ignore[attr-defined]  # a module of its own making has no stub


def keep_qt_settings(folder: Path) -> None:
    """Let Qt keep what it keeps of itself (its file dialog: visited folders) in a folder, not in the home."""
    from PySide6.QtCore import QSettings

    for file_format in (QSettings.Format.NativeFormat, QSettings.Format.IniFormat):
        QSettings.setPath(file_format, QSettings.Scope.UserScope, str(folder / "qt"))
