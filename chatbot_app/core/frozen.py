"""What differs where the program is a PyInstaller folder instead of a package."""

from __future__ import annotations

import sys
from collections.abc import MutableMapping

# PyInstaller points the loader of these systems into the folder and keeps the person's value aside.
_LIBRARY_PATHS = ("LD_LIBRARY_PATH", "LIBPATH")


def is_frozen() -> bool:
    """Say whether this is the packaged program."""
    return bool(getattr(sys, "frozen", False))


def restore_library_path(environment: MutableMapping[str, str]) -> None:
    """Give programs started from here (a browser, Tesseract) the libraries of the system, not ours.

    This process has read the variable already; children from the same executable set it again themselves.
    """
    for name in _LIBRARY_PATHS:
        original = environment.get(f"{name}_ORIG")
        if original is not None:
            environment[name] = original
        else:
            environment.pop(name, None)
