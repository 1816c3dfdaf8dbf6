"""Where things are: resources in a checkout, a wheel or a frozen build, and the person's folders."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from chatbot_app.core.errors import PortableFolderUnusable

APPLICATION_NAME = "Chatbot"
_FOLDER_NAME = "chatbot-app"
_PORTABLE_FOLDER = "chatbot-data"
_PORTABLE_MARK = "portable"  # a file of this name beside the program has the effect of --portable
_PORTABLE_VARIABLE = "CHATBOT_PORTABLE"


def resources_dir() -> Path:
    """Return the folder of the files that ship with the program."""
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen:
        return Path(frozen) / "resources"
    package = Path(__file__).resolve().parents[1]
    inside = package / "resources"  # a wheel
    return inside if inside.is_dir() else package.parent / "resources"  # a checkout


def sample_document() -> Path:
    """Return the document that a person without documents can ask."""
    return resources_dir() / "sample" / "Guide to Chatbot.md"


def program_dir() -> Path:
    """Return the folder that the program stands in: of the executable, the checkout or the environment."""
    if getattr(sys, "frozen", False):
        executable = Path(sys.executable).absolute()
        # A bundle of macOS is one thing to the person; its inside is signed and stays as it is.
        bundle = next((parent for parent in executable.parents if parent.suffix == ".app"), None)
        return bundle.parent if bundle is not None else executable.parent
    package = Path(__file__).resolve().parents[1]
    return Path(sys.prefix) if (package / "resources").is_dir() else package.parent


def choose_portable() -> None:
    """Keep all data beside the program, in this process and the children that it starts."""
    os.environ[_PORTABLE_VARIABLE] = "1"


def is_portable() -> bool:
    """Whether all data is kept beside the program: `--portable` was said, or the file `portable` is there."""
    if os.environ.get(_PORTABLE_VARIABLE) == "1":
        return True
    return not os.environ.get("CHATBOT_DATA_DIR") and (program_dir() / _PORTABLE_MARK).is_file()


def portable_dir() -> Path:
    """Return the data folder of a portable program."""
    return program_dir() / _PORTABLE_FOLDER


def require_portable_dir() -> None:
    """Make the data folder of a portable program where it is missing. Raises PortableFolderUnusable."""
    folder = portable_dir()
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as exc:
        raise PortableFolderUnusable(path=str(folder), detail=f"{exc.strerror}.") from exc


def models_dir() -> Path:
    """Return the folder for model files that all data folders share: CHATBOT_MODELS_DIR, else a cache."""
    chosen = os.environ.get("CHATBOT_MODELS_DIR")
    if chosen:
        return Path(chosen).expanduser()
    if is_portable():
        return portable_dir() / "models"
    import platformdirs

    return platformdirs.user_cache_path(_FOLDER_NAME, appauthor=False) / "models"


def hub_models_dir() -> Path:
    """Return the folder of models that were downloaded from a hub; what is in it is the program's own.

    It is no cache: cleaners of the system may empty those, and gigabytes that a person waited for are not to vanish.
    """
    if os.environ.get("CHATBOT_MODELS_DIR") or is_portable():
        return models_dir() / "hub"
    import platformdirs

    return platformdirs.user_data_path(_FOLDER_NAME, appauthor=False) / "models"


def default_data_dir() -> Path:
    """Return the data folder: beside a portable program, else CHATBOT_DATA_DIR, else the platform's own place."""
    if is_portable():
        return portable_dir()
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
    def drafts(self) -> Path:
        """What is written and not stored yet, while the store cannot take it."""
        return self.root / "drafts.json"

    @property
    def draft_pictures(self) -> Path:
        """The pictures of what is written and not sent."""
        return self.root / "draft-pictures"

    @property
    def backups(self) -> Path:
        """Verified copies of the store."""
        return self.root / "backups"

    @property
    def texts(self) -> Path:
        """Pasted texts and fetched pages, as files."""
        return self.root / "pasted texts"

    @property
    def small_models(self) -> Path:
        """The models that were built in the laboratory, a folder each."""
        return self.root / "small models"

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

    @property
    def are_portable(self) -> bool:
        """Whether this is the data folder beside a portable program."""
        return is_portable() and self.root == portable_dir()


def child_command(*arguments: str) -> list[str]:
    """Return the command line that starts this program again as a child process."""
    if getattr(sys, "frozen", False):
        return [sys.executable, *arguments]
    return [sys.executable, "-m", "chatbot_app", *arguments]
