"""Makes of dist/Chatbot a .tar.gz and a .deb, both with a menu entry and an icon. Needs tar and dpkg-deb."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from chatbot_app import __version__  # noqa: E402

MENU_ENTRY = Path(__file__).with_name("chatbot-app.desktop")
# A menu needs the program's whole path: the script writes it, from where the folder was unpacked.
FOR_UNPACKED = (MENU_ENTRY, *(Path(__file__).with_name(name) for name in ("add-to-menu.sh", "README.txt")))
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
# Qt's libraries are inside; what talks to the graphics driver and to the fonts has to be the system's own.
DEPENDS = (
    "libc6 (>= {glibc}), libegl1, libgl1, libxcb1, libwayland-client0, libfontconfig1, "
    "fonts-dejavu-core | fonts-liberation | fonts-noto-core"
)
# Without these Qt uses X11; without Tesseract pictures are not read.
RECOMMENDS = "libwayland-cursor0, libwayland-egl1"
SUGGESTS = "tesseract-ocr"
DESCRIPTION = """Description: chatbot that answers from your own documents
 Answers with a built-in model on first launch, without key, account or network,
 or with any OpenAI-compatible server. Shows where every statement comes from.
"""
AFTER_INSTALL = "#!/bin/sh\nset -e\nif command -v update-desktop-database >/dev/null; then update-desktop-database -q; fi\n"


def add_menu_entry(folder: Path, icons: Path) -> None:
    """Put entry, icon and a script that adds them to a person's menu beside the program."""
    for file in FOR_UNPACKED:
        shutil.copy(file, folder / file.name)
    shutil.copy(icons / "256.png", folder / "chatbot-app.png")
    shutil.copy(ROOT / "resources" / "icons" / "chatbot.svg", folder / "chatbot-app.svg")


def make_archive(folder: Path, target: Path) -> Path:
    """Pack the folder, owned by root whoever built it."""

    def anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
        member.uid = member.gid = 0
        member.uname = member.gname = "root"
        return member

    with tarfile.open(target, "w:gz", compresslevel=6) as archive:
        archive.add(folder, arcname=folder.name, filter=anonymous)
    return target


def make_deb(folder: Path, work: Path, icons: Path, target: Path) -> Path:
    """Build a package that installs to /opt/chatbot-app with a link in /usr/bin."""
    shutil.rmtree(work, ignore_errors=True)
    program = work / "opt" / "chatbot-app"
    unneeded = shutil.ignore_patterns(*(file.name for file in FOR_UNPACKED))
    shutil.copytree(folder, program, symlinks=True, copy_function=_link, ignore=unneeded)
    (work / "usr/bin").mkdir(parents=True)
    (work / "usr/bin/chatbot-app").symlink_to("../../opt/chatbot-app/Chatbot")
    entries = work / "usr/share/applications"
    entries.mkdir(parents=True)
    shutil.copy(MENU_ENTRY, entries)
    for png in icons.glob("*.png"):
        place = work / f"usr/share/icons/hicolor/{png.stem}x{png.stem}/apps"
        place.mkdir(parents=True)
        shutil.copy(png, place / "chatbot-app.png")
    scalable = work / "usr/share/icons/hicolor/scalable/apps"
    scalable.mkdir(parents=True)
    shutil.copy(ROOT / "resources/icons/chatbot.svg", scalable / "chatbot-app.svg")
    notes = work / "usr/share/doc/chatbot-app"
    notes.mkdir(parents=True)
    (notes / "copyright").write_text(
        (ROOT / "LICENSE").read_text() + "\nThe parts of others: /opt/chatbot-app/THIRD-PARTY-LICENSES\n"
    )
    size = sum(path.stat().st_size for path in work.rglob("*") if path.is_file() and not path.is_symlink())
    control = work / "DEBIAN"
    control.mkdir()
    (control / "control").write_text(
        f"Package: chatbot-app\nVersion: {__version__}\nSection: net\nPriority: optional\n"
        f"Architecture: {_architecture()}\nMaintainer: Chatbot maintainers <maintainers@chatbot-app.invalid>\n"
        f"Installed-Size: {size // 1024}\nDepends: {DEPENDS.format(glibc=_glibc())}\n"
        f"Recommends: {RECOMMENDS}\nSuggests: {SUGGESTS}\n{DESCRIPTION}"
    )
    for name in ("postinst", "postrm"):
        (control / name).write_text(AFTER_INSTALL)
        (control / name).chmod(0o755)
    for path in (work, *(p for p in work.rglob("*") if p.is_dir())):
        path.chmod(0o755)
    # gzip: xz would take minutes for a tenth less, most of it being model weights.
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "-Zgzip", "-z6", "--build", work, target],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    shutil.rmtree(work)
    return target


def _link(source: str, target: str) -> None:
    try:
        Path(target).hardlink_to(source)
    except OSError:
        shutil.copy2(source, target)


def _architecture() -> str:
    import platform

    return ARCHITECTURES.get(platform.machine(), platform.machine())


def _glibc() -> str:
    import platform

    return platform.libc_ver()[1]


def main() -> None:
    """Make both of dist/Chatbot."""
    dist, icons = ROOT / "dist", ROOT / "build" / "build" / "icons"
    folder = dist / "Chatbot"
    add_menu_entry(folder, icons)
    for made in (
        make_archive(folder, dist / f"chatbot-app-{__version__}-linux-{_architecture()}.tar.gz"),
        make_deb(
            folder, ROOT / "build" / "deb", icons, dist / f"chatbot-app_{__version__}_{_architecture()}.deb"
        ),
    ):
        print(f"{made.stat().st_size / 1e6:6.0f} MB  {made.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
