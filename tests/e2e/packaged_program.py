"""The program of dist/Chatbot as a person has it: no Python, no network, a folder that cannot be written to."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

BUILT = Path(__file__).resolve().parents[2] / "dist" / "Chatbot"
WINDOW_TITLE = "Chatbot"
_TICK = 0.05  # seconds between two looks at a fact

# Gives the program a network of its own in which only loopback is up, and its folder read-only; then becomes it.
# Prints what was permitted.
_CONFINE = """
import ctypes, fcntl, os, socket, struct, sys
folder, program, *arguments = sys.argv[1:]
libc = ctypes.CDLL(None, use_errno=True)
NEWNS, NEWUSER, NEWNET = 0x20000, 0x10000000, 0x40000000
uid, gid = os.getuid(), os.getgid()
confined = libc.unshare(NEWNS | NEWNET | (0 if uid == 0 else NEWUSER)) == 0
if confined:
    if uid:
        open("/proc/self/setgroups", "w").write("deny")
        open("/proc/self/uid_map", "w").write(f"{uid} {uid} 1")
        open("/proc/self/gid_map", "w").write(f"{gid} {gid} 1")
    with socket.socket() as interface:
        flags = struct.pack("16sh14x", b"lo", 0x1)  # IFF_UP
        fcntl.ioctl(interface, 0x8914, flags)  # SIOCSIFFLAGS
    place = os.fsencode(folder)
    libc.mount(b"none", b"/", None, 0x4000 | 0x40000, None)  # MS_REC | MS_PRIVATE
    read_only = libc.mount(place, place, None, 0x1000, None) == 0  # MS_BIND
    read_only = read_only and libc.mount(place, place, None, 0x1000 | 0x20 | 0x1, None) == 0  # MS_REMOUNT, MS_RDONLY
    assert not read_only or not os.access(folder, os.W_OK)
if os.environ.get("CONFINEMENT"):
    with open(os.environ.pop("CONFINEMENT"), "w") as note:
        note.write("own network" if confined else "proxies that refuse")
os.execv(program, [program, *arguments])
"""


@dataclass
class Machine:
    """A fresh home and a copy of the program; starts it, and looks at what it has kept."""

    folder: Path  # of the program
    home: Path
    display: str = ""

    @property
    def database(self) -> Path:
        """The store, in the platform's own place."""
        return self.home / ".local" / "share" / "chatbot-app" / "chatbot.sqlite3"

    @property
    def tools(self) -> Path:
        """The only folder on PATH."""
        return self.home.parent / "tools"

    def environment(self) -> dict[str, str]:
        """Return what the program gets: nothing of the machine's Python, and proxies that refuse."""
        refused = "http://127.0.0.1:9"
        return {
            "HOME": str(self.home),
            "PATH": str(self.tools),
            "LANG": "C.UTF-8",
            "DISPLAY": self.display,
            "HTTP_PROXY": refused,
            "HTTPS_PROXY": refused,
            "CONFINEMENT": str(self.home.parent / "confinement"),
        }

    def _command(self, arguments: Sequence[str]) -> list[str]:
        program = str(self.folder / "Chatbot")
        return [sys.executable, "-I", "-c", _CONFINE, str(self.folder), program, *arguments]

    def run(self, *arguments: str, timeout: float = 170) -> subprocess.CompletedProcess[str]:
        """Run one command to its end."""
        return subprocess.run(
            self._command(arguments),
            env=self.environment(),
            cwd="/",
            capture_output=True,
            encoding="utf-8",
            timeout=timeout,
            check=False,
        )

    @contextmanager
    def opened(self, *arguments: str) -> Iterator[Window]:
        """Open the window and hand it over when it is there; it is ended in the end."""
        log = self.home.parent / "stderr.txt"
        with log.open("w") as errors:
            process = subprocess.Popen(
                self._command(arguments), env=self.environment(), cwd="/", stdout=errors, stderr=errors
            )
            try:
                yield Window(self, process, self._find_window(process, log))
            finally:
                for child in (
                    [process, *psutil.Process(process.pid).children(recursive=True)]
                    if process.poll() is None
                    else []
                ):
                    child.kill()
                process.wait()

    def _find_window(self, process: subprocess.Popen[bytes], log: Path) -> str:
        found = ""

        def look() -> bool:
            nonlocal found
            assert process.poll() is None, f"it ended with {process.returncode}: {log.read_text()}"
            found = self.xdotool("search", "--onlyvisible", "--name", f"{WINDOW_TITLE}$", check=False)
            return bool(found)

        wait_until(look, 60, "its window")
        return found.split()[0]

    def xdotool(self, *words: str, check: bool = True) -> str:
        """Use the keyboard, or look at windows."""
        environment = {**os.environ, "DISPLAY": self.display}
        done = subprocess.run(
            ["xdotool", *words], env=environment, capture_output=True, text=True, check=check
        )
        return done.stdout.strip()

    def rows(self, question: str) -> list[tuple[object, ...]]:
        """Ask the store without touching it; nothing where it is not there yet."""
        if not self.database.exists():
            return []
        with closing(sqlite3.connect(f"{self.database.as_uri()}?mode=ro", uri=True)) as store:
            try:
                return store.execute(question).fetchall()
            except sqlite3.OperationalError:  # its tables are just being made
                return []

    def processes(self) -> list[str]:
        """Return the command lines of all that still runs out of the program's folder."""
        return [" ".join(process.info["cmdline"] or ()) for process in self.running()]

    def running(self) -> list[psutil.Process]:
        """Return all that still runs out of the program's folder."""
        found = []
        for process in psutil.process_iter(["cmdline"]):
            try:
                if process.exe().startswith(str(self.folder)):
                    found.append(process)
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
        return found


@dataclass
class Window:
    """An open window and the hands on its keyboard."""

    machine: Machine
    process: subprocess.Popen[bytes]
    number: str

    def type(self, text: str) -> None:
        """Type into whatever has the focus."""
        self.machine.xdotool("windowfocus", "--sync", self.number)
        self.machine.xdotool("type", "--delay", "15", text)

    def press(self, keys: str) -> None:
        """Press keys together, named as X11 does."""
        self.machine.xdotool("windowfocus", "--sync", self.number)
        self.machine.xdotool("key", keys)

    def answers(self) -> list[tuple[object, ...]]:
        """Return status and text of all answers in the store."""
        return self.machine.rows(
            "SELECT status, text FROM messages WHERE role = 'assistant' ORDER BY sequence"
        )

    def picture(self, name: str) -> None:
        """Keep a picture of the screen where PACKAGED_PICTURES names a folder."""
        folder = os.environ.get("PACKAGED_PICTURES")
        if folder and shutil.which("import"):
            environment = {**os.environ, "DISPLAY": self.machine.display}
            subprocess.run(["import", "-window", "root", f"{folder}/{name}.png"], env=environment, check=True)

    def quit(self) -> int:
        """Press Ctrl+Q and return the exit status."""
        self.press("ctrl+q")
        return self.process.wait(30)


def wait_until(fact: Callable[[], object], seconds: float, name: str) -> None:
    """Return when `fact` is true; raises AssertionError after `seconds`."""
    end = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < end, f"waited {seconds:.0f} s for {name}"
        time.sleep(_TICK)


def install(folder: Path) -> Machine:
    """Put the program into `folder` under a name with spaces and letters of several scripts; nothing may write there."""
    program = folder / "Prográmme 程序 und mehr" / "Chatbot"
    shutil.copytree(BUILT, program, symlinks=True, copy_function=_link)
    for place in (program, *(path for path in program.rglob("*") if path.is_dir())):
        place.chmod(0o555)
    machine = Machine(program, folder / "Zuhause von Jürgen")
    machine.home.mkdir()
    machine.tools.mkdir()
    return machine


def uninstall(machine: Machine) -> None:
    """Make the folder removable again."""
    for place in (machine.folder, *(path for path in machine.folder.rglob("*") if path.is_dir())):
        place.chmod(0o755)
    shutil.rmtree(machine.folder)


def _link(source: str, target: str) -> None:
    try:
        Path(target).hardlink_to(source)
    except OSError:
        shutil.copy2(source, target)


def write_pdf(path: Path, sentence: str) -> None:
    """Write a PDF of one page with one line of ASCII text."""
    drawing = f"BT /F1 14 Tf 72 700 Td ({sentence}) Tj ET".encode("ascii")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    content, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    path.write_bytes(
        content
        + b"xref\n0 6\n0000000000 65535 f \n%strailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (table, len(content))
    )
