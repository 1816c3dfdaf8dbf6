"""Runs in the packaged program before PyInstaller's own hooks: its children have no window and load no Qt.

PyInstaller's hook for PySide6 imports QtCore to tell Qt where its plugins are, in every process: 6 MB in each
child. (The wheels of PySide6 tell that themselves, so the window would not need it either.)
"""

import sys

if sys.argv[1:2] in (
    ["--local-server"],
    ["--parser"],
    ["--vectors"],
    ["--formulas"],
    ["--small-models"],
    ["--attention"],
):
    from _pyi_rth_utils import qt

    qt.create_embedded_qt_conf = lambda qt_bindings, prefix_path: None
