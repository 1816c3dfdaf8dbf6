"""Which package index this machine uses: what pip was told, else the public one."""

from __future__ import annotations

import configparser
import ssl
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

PUBLIC_INDEX = "https://pypi.org/simple"


@dataclass(frozen=True, slots=True)
class PackageIndex:
    """The address of a simple index (it may hold a password) and a file of certificates, "" for the system's."""

    address: str = field(repr=False)
    certificates: str = ""

    def ssl_context(self) -> ssl.SSLContext | bool:
        """Return what httpx2 verifies with; True lets it read SSL_CERT_FILE. Raises OSError."""
        return ssl.create_default_context(cafile=self.certificates) if self.certificates else True


def configured_index(environment: Mapping[str, str]) -> PackageIndex:
    """Return the index of PIP_INDEX_URL and PIP_CERT, else of pip's configuration files, else the public one."""
    options: dict[str, str] = {}
    for path in _configuration_files(environment):
        options.update(_global_options(path))
    address = environment.get("PIP_INDEX_URL") or options.get("index-url") or PUBLIC_INDEX
    return PackageIndex(address, environment.get("PIP_CERT") or options.get("cert") or "")


def _configuration_files(environment: Mapping[str, str]) -> list[Path]:
    """Return pip's configuration files, the strongest last (pip documentation, "Configuration")."""
    name = "pip.ini" if sys.platform == "win32" else "pip.conf"
    home = Path(environment.get("HOME") or environment.get("USERPROFILE") or Path.home())
    if sys.platform == "win32":
        folders = [Path(environment.get("PROGRAMDATA", "C:/ProgramData")) / "pip", home / "pip"]
        folders.append(Path(environment.get("APPDATA", home)) / "pip")
    elif sys.platform == "darwin":
        support = Path("Library/Application Support/pip")
        folders = [Path("/") / support, home / ".pip", home / ".config/pip", home / support]
    else:
        configuration = Path(environment.get("XDG_CONFIG_HOME") or home / ".config")
        shared = [Path(place) for place in environment.get("XDG_CONFIG_DIRS", "/etc/xdg").split(":") if place]
        folders = [place / "pip" for place in reversed(shared)]
        folders += [Path("/etc"), home / ".pip", configuration / "pip"]
    files = [folder / name for folder in folders] + [Path(sys.prefix) / name]
    chosen = environment.get("PIP_CONFIG_FILE")
    return [*files, Path(chosen)] if chosen else files


def _global_options(path: Path) -> dict[str, str]:
    parser = configparser.RawConfigParser()
    try:
        parser.read(path, encoding="utf-8")
    except (OSError, UnicodeDecodeError, configparser.Error):
        return {}  # a broken file of pip's is pip's to complain about
    options: dict[str, str] = {}
    for section in ("global", "download"):
        if parser.has_section(section):
            options.update({key.replace("_", "-"): value for key, value in parser.items(section)})
    return options
