"""Reports full of tables: is a figure of the written answer among the passages and the quotes that are found?

`python tests/benchmarks/bench_tables.py [--cache DIR]`, or `make benchmark-retrieval`'s part "tables". Data:
CHATBOT_EVAL_DATA, default ../shared/data.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from chatbot_app.core.documents import ParsedDocument
from chatbot_app.knowledge.formats.reading import parse_file
from chatbot_app.knowledge.search.retriever import Retriever
from chatbot_app.knowledge.splitting.splitter import Splitter
from chatbot_app.knowledge.trust.quotes.quotes import PASSAGES, find_quotes

DATA = Path(os.environ.get("CHATBOT_EVAL_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
_SOURCE = re.compile(r"\(?SOURCE.*", re.DOTALL)
_FIGURE = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+|\b\d{2,3}(?= (?:million|billion|%))")
KINDS = (
    ("tables, one passage", lambda q: "Single-Chunk" in q["type"] and q["from"] == "Table"),
    ("tables, several passages", lambda q: "Multi-Chunk" in q["type"] and q["from"] == "Table"),
    ("tables, several reports", lambda q: "Multi-Doc" in q["type"] and q["from"] == "Table"),
    ("text", lambda q: q["from"] != "Table"),
    ("all", lambda q: True),
)
ASKED = (
    "What were Apple's total net sales in the third quarter of 2022?",
    "How much did Apple spend on research and development?",
    "Total net sales",
)


def figures_of(answer: str) -> set[str]:
    """Return the figures of a written answer as they stand in a report; years and page numbers are none."""
    return set(_FIGURE.findall(_SOURCE.sub("", answer)))


def holds(text: str, figures: set[str]) -> bool:
    """Whether one of the figures stands in a text as a number of its own."""
    return any(re.search(rf"(?<![\d,.]){re.escape(figure)}(?![\d]|[.,]\d)", text) for figure in figures)


def bench_tables(
    embedder: Any, library: Callable[[Any], Any], documents: Sequence[ParsedDocument] | None = None
) -> None:
    """Print the shares, and the first quotes of the questions that the issue names."""
    lines = (DATA / "retrieval" / "reports" / "questions.jsonl").read_text("utf-8").splitlines()
    questions = [json.loads(line) for line in lines]
    reports = sorted((DATA / "documents" / "reports").glob("*.pdf"))
    parsed = list(documents) if documents is not None else [parse_file(path) for path in reports]
    embedder.remember([*(question["question"] for question in questions), *ASKED])
    print(f"tables: {len(parsed)} reports, {len(questions)} questions")
    with library(embedder) as store:
        names = dict(
            zip(
                store.add(parsed, Splitter(embedder.token_starts).split),
                (path.name for path in reports),
                strict=True,
            )
        )
        retriever = Retriever(store.passages, embedder, store.fields)
        retriever.warm_up()
        rows = []
        for question in questions:
            found = retriever.search(question["question"], PASSAGES, reads=True)
            ranked = found.best_first()
            figures = figures_of(question["answer"])
            quotes = find_quotes(found, embedder).quotes
            right = [item for item in ranked[:5] if names[item.passage.document_id] in question["documents"]]
            rows.append(
                (
                    question,
                    names[ranked[0].passage.document_id] in question["documents"],
                    holds("\n".join(item.passage.text for item in ranked[:5]), figures) if figures else None,
                    holds("\n".join(item.passage.text for item in right), figures) if figures else None,
                    holds("\n".join(quote.text for quote in quotes), figures) if figures else None,
                )
            )
        print(
            f"  {'kind':26} {'questions':>9} {'report first':>13} {'figure in 5':>12} {'of the right one':>17} {'in quotes':>10}"
        )
        for name, is_kind in KINDS:
            chosen = [row for row in rows if is_kind(row[0])]
            shares = [
                statistics.mean(known) if (known := [row[n] for row in chosen if row[n] is not None]) else 0.0
                for n in (1, 2, 3, 4)
            ]
            with_figures = sum(row[2] is not None for row in chosen)
            print(
                f"  {name:26} {len(chosen):4} ({with_figures:2}) {shares[0]:13.2f} {shares[1]:12.2f}"
                f" {shares[2]:17.2f} {shares[3]:10.2f}"
            )
        for asked in ASKED:
            print(f"  {asked}")
            for quote in find_quotes(retriever.search(asked, PASSAGES, reads=True), embedder).quotes:
                words = getattr(quote, "described", "") or quote.text
                print(f"    {quote.document}, page {quote.page}: {' '.join(words.split())[:300]}")


def main() -> int:
    """Run this part alone."""
    from tests.benchmarks.bench_retrieval import CachedEmbedder, library

    folder = Path(sys.argv[2]) if sys.argv[1:2] == ["--cache"] else None
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    bench_tables(CachedEmbedder(folder), library)
    return 0


if __name__ == "__main__":
    sys.exit(main())
