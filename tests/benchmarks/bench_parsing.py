"""Figures of reading files, printed in one run: `python tests/benchmarks/bench_parsing.py`.

Character similarity with `*.expected.md` per format (letters and digits only, white space as one),
encodings read right, and the speed of plain text. Data: CHATBOT_EVAL_DATA, default ../shared/data.
"""

from __future__ import annotations

import difflib
import gc
import os
import re
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
import numpy.typing as npt

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from chatbot_app.knowledge.children.parser import ParserProcess
from chatbot_app.knowledge.formats.decoding import decode
from chatbot_app.knowledge.formats.refusals import DocumentRefused
from chatbot_app.knowledge.splitting.splitter import Splitter

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("CHATBOT_EVAL_DATA", ROOT.parent / "shared" / "data"))
LANGUAGES = frozenset(
    """arabic bulgarian croatian czech greek hebrew hungarian polish romanian russian slovak slovene
    turkish""".split()
)
PYTHON_HAS_NO_CODEC = frozenset({"EUC-TW"})


def normal(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in text).split())


def bench_documents(parser: ParserProcess) -> None:
    found: dict[str, list[float]] = defaultdict(list)
    for path in sorted((DATA / "documents").glob("*/*")):
        expected = path.with_name(path.name + ".expected.md")
        if not expected.exists():
            continue
        try:
            text = parser.parse(path).text
        except DocumentRefused as exc:
            print(f"  {path.name}: {exc.summary}")
            found[path.parent.name].append(0.0)
            continue
        pair = normal(text), normal(expected.read_text("utf-8"))
        found[path.parent.name].append(difflib.SequenceMatcher(None, *pair, autojunk=False).ratio())
    for name, values in found.items():
        print(f"  {name:6} {statistics.mean(values):.3f}  ({len(values)} files)")
    print(f"  mean of files {statistics.mean(v for values in found.values() for v in values):.3f}")


def bench_encodings() -> None:
    right, wrong = 0, []
    folders = sorted((DATA / "documents" / "encodings").iterdir())
    for folder in folders:
        base, _, last = folder.name.rpartition("-")
        encoding = base if last in LANGUAGES else folder.name
        (path,) = (path for path in folder.iterdir() if path.is_file())
        data = path.read_bytes()
        text, detected = decode(data)
        if folder.name in PYTHON_HAS_NO_CODEC:
            good = detected.lower().replace("_", "-") == encoding.lower()
        else:
            good = text.lstrip("\ufeff") == data.decode(encoding, "replace").lstrip("\ufeff").replace(
                "\r\n", "\n"
            ).replace("\r", "\n")
        right += good
        if not good:
            wrong.append(f"{folder.name} as {detected}")
    print(f"encodings: {right} of {len(folders)} read right; wrong: {', '.join(wrong) or 'none'}")


def bench_pages(parser: ParserProcess) -> None:
    """Every passage of a report must stand on the page that it names, as pypdf reads that page.

    The program reads PDFs with PDFium, and so does kreuzberg, which carries it inside: pypdf shares no code
    with either. Counted are passages that it finds on one page only; the others are named.
    """
    from pypdf import PdfReader

    right = wrong = several = absent = 0
    for path in sorted((DATA / "documents" / "reports").glob("*.pdf")):
        pages = ["".join(normal(page.extract_text()).split()) for page in PdfReader(path).pages]
        for passage in Splitter(_word_starts).split(parser.parse(path)):
            # The inside of it: a page's edges are read in another order by each library.
            letters = "".join(normal(passage.text).split())
            middle = letters[len(letters) // 3 :][:80]
            places = [number for number, page in enumerate(pages, 1) if middle in page]
            right += places == [passage.page]
            wrong += len(places) == 1 and places != [passage.page]
            several += len(places) > 1
            absent += not places
    print(
        f"reports: {right} of {right + wrong} passages stand on the page that they name, as pypdf reads it "
        f"(not counted: {several} whose words stand on several pages, {absent} that it reads in another order)"
    )


def _word_starts(text: str) -> npt.NDArray[np.int64]:
    return np.array([found.start() for found in re.finditer(r"\S+", text)], np.int64)


def bench_speed(parser: ParserProcess) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "large.txt")
        line = "The quick brown fox jumps over the lazy dog and sleeps in the warm straw until dawn. " * 3
        path.write_text((line + "\n") * 150_000)
        size = path.stat().st_size
        gc.collect()
        gc.disable()  # as in the window, where collections wait (ui/quiet_collector.py)
        times = []
        for _ in range(3):
            started = time.perf_counter()
            parser.parse(path)
            times.append(time.perf_counter() - started)
        gc.enable()
        seconds = statistics.median(times)
    print(f"speed: {size / 1e6 / seconds:.0f} MB/s of plain text, through the child process and back")


def main() -> int:
    if not DATA.is_dir():
        print(f"The evaluation data is not at {DATA}; name its folder in CHATBOT_EVAL_DATA.", file=sys.stderr)
        return 1
    os.environ["PYTHONPATH"] = str(ROOT)
    with ParserProcess([sys.executable, "-m", "chatbot_app.knowledge.children.parser"]) as parser:
        print("documents: character similarity with the expected text")
        bench_documents(parser)
        bench_encodings()
        bench_pages(parser)
        bench_speed(parser)
    return 0


if __name__ == "__main__":
    sys.exit(main())
