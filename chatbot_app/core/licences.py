"""The licence of the program, and those of everything that it uses."""

from __future__ import annotations

import importlib.metadata
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from chatbot_app.core.paths import program_dir

OWN_FILE, THIRD_PARTY_FILE = "LICENSE", "THIRD-PARTY-LICENSES"
_LONGEST_NAME = 60  # characters; some distributions put the whole text where the name belongs


@dataclass(frozen=True, slots=True)
class Licences:
    """Texts to be read: of the program itself, and of what others made."""

    own: str
    third_party: str


def read_licences(folders: Sequence[Path] | None = None) -> Licences:
    """Return the texts that stand beside the program (or in `folders`).

    A program from source has no list of what is inside it: the installed distributions are named instead.
    """
    places = _places() if folders is None else folders
    own = _first(OWN_FILE, places) or "MIT licence"
    return Licences(own, _first(THIRD_PARTY_FILE, places) or _installed())


def _places() -> list[Path]:
    executable = Path(sys.executable).absolute().parent
    places = [executable] if getattr(sys, "frozen", False) else []
    return [*places, program_dir(), Path(__file__).resolve().parents[2]]


def _first(name: str, folders: Sequence[Path]) -> str:
    for folder in folders:
        try:
            return (folder / name).read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
    return ""


def _installed() -> str:
    found = {}
    for distribution in importlib.metadata.distributions():
        name = distribution.metadata["Name"]
        if name and name != "chatbot-app":
            found[name.lower()] = f"{name} {distribution.version}: {_licence_of(distribution.metadata)}"
    head = "Started from source. Installed beside it, each with its licence in its own folder:"
    return "\n".join([head, "", *(found[key] for key in sorted(found))]) + "\n"


def _licence_of(metadata: importlib.metadata.PackageMetadata) -> str:
    classifiers = [
        line.rsplit("::", 1)[-1].strip()
        for line in metadata.get_all("Classifier") or []
        if line.startswith("License ::") and line.count("::") > 1
    ]
    words = _field(metadata, "License").strip()
    named = words if "\n" not in words and len(words) <= _LONGEST_NAME else ""
    return _field(metadata, "License-Expression") or named or ", ".join(classifiers) or "see its files"


def _field(metadata: importlib.metadata.PackageMetadata, name: str) -> str:
    return str((metadata.get_all(name) or [""])[0])
