"""Where things are: resources in a checkout, a wheel or a frozen build, and the person's folders."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

APPLICATION_NAME = "Chatbot"
_FOLDER_NAME = "chatbot-app"


def resources_dir() -> Path:
    """Return the folder of the files that ship with the program."""
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen:
        return Path(frozen) / "resources"
    package = Path(__file__).resolve().parents[1]
    inside = package / "resources"  # a wheel
    return inside if inside.is_dir() else package.parent / "resources"  # a checkout


def models_dir() -> Path:
    """Return the cache folder for model files that all data folders share."""
    chosen = os.environ.get("CHATBOT_MODELS_DIR")
    if chosen:
        return Path(chosen).expanduser()
    import platformdirs

    return platformdirs.user_cache_path(_FOLDER_NAME, appauthor=False) / "models"


def default_data_dir() -> Path:
    """Return the data folder: CHATBOT_DATA_DIR, else the platform's own place."""
    chosen = os.environ.get("CHATBOT_DATA_DIR")
    if chosen:
        return Path(chosen).expanduser()
    import platformdirs

    return platformdirs.user_data_path(_FOLDER_NAME, appauthor=False)


@dataclass(frozen=True, slots=True)
class DataPaths:
    """The files inside one data folder."""

    root: Path

    @property
    def database(self) -> Path:
        """The SQLite store."""
        return self.root / "chatbot.sqlite3"

    @property
    def backups(self) -> Path:
        """Verified copies of the store."""
        return self.root / "backups"

    @property
    def logs(self) -> Path:
        """Rotated log files."""
        return self.root / "logs"

    @property
    def keys(self) -> Path:
        """The 0600 file for keys, only where the person asked for it."""
        return self.root / "keys.json"

    @property
    def lock(self) -> Path:
        """Held by the one process that writes."""
        return self.root / "chatbot.lock"


def child_command(*arguments: str) -> list[str]:
    """Return the command line that starts this program again as a child process."""
    if getattr(sys, "frozen", False):
        return [sys.executable, *arguments]
    return [sys.executable, "-m", "chatbot_app", *arguments]
