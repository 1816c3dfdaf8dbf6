"""Every kind of text in one table: ours left out and as shipped, beside vectors, BM25, RRF and min-max of plain chunks.

`python -m tests.benchmarks.bench_kinds [--cache DIR] [KIND...]`: nDCG@10 of the documents or passages that answer. "Left
out": with constants that the other kinds chose (`fit_retrieval.py`). For articles, the share of answers in the first / one
of five passages is printed beside.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from chatbot_app.core.documents import Retrieval
from chatbot_app.knowledge.search.retriever import Retriever
from chatbot_app.knowledge.splitting.splitter import Splitter
from tests.benchmarks import bench_retrieval as bench
from tests.benchmarks.fit_retrieval import (
    Constants,
    Searched,
    chosen_without,
    constants,
    ndcg,
    shipped,
    tried,
)
from tests.benchmarks.kinds import Asked, Kind, kinds

ONES_OWN = 0.005  # of nDCG@10: less is noise on some hundred questions
ARTICLE_GOALS = "85 / 97 %"


def plain_figures(kind: Kind, embedder: bench.CachedEmbedder) -> dict[str, float]:
    """Return the nDCG@10 of the field's usual ways over the field's usual chunks."""
    with bench.library(embedder) as store:
        names = store.add(kind.plain or kind.documents, bench.plain_chunks)
        numbers = {name: number for number, name in enumerate(names)}
        bench.prepare(store)
        every = store.passages.passages(store.passages.searchable_ids().tolist())
        rankings: dict[str, list[list[str]]] = {"vectors": [], "BM25": [], "RRF": [], "min-max": []}
        for asked in kind.questions:
            words, vectors = bench.two_lists(store, asked.text)
            orders = (
                [i for i, _ in vectors],
                [i for i, _ in words],
                bench.rrf(words, vectors),
                bench.min_max(words, vectors),
            )
            for name, order in zip(rankings, orders, strict=True):
                passages = (every[i].passage for i in order[:60])
                rankings[name].append(
                    list(dict.fromkeys(asked.unit_of(numbers[p.document_id], p) for p in passages))
                )
    return {name: ndcg(found, kind.questions) for name, found in rankings.items()}


def first_and_five(searched: Searched) -> str:
    """Return the shares of answers inside the first passage, and one of five."""
    rows = []
    for asked in searched.kind.questions:
        found: Retrieval = searched.retriever.search(asked.text, 5, reads=True)
        hits = [
            asked.unit_of(searched.numbers[item.passage.document_id], item.passage) in asked.relevant
            for item in found.best_first()[:5]
        ]
        rows.append((any(hits[:1]), any(hits)))
    first, five = (100 * statistics.mean(row[n] for row in rows) for n in (0, 1))
    return f"{first:.1f} / {five:.1f} %"


def bench_kinds(data: Path, embedder: bench.CachedEmbedder, names: Sequence[str] = ()) -> None:
    """Print the table."""
    chosen_kinds = kinds(data, names)
    plain: dict[str, dict[str, float]] = {}
    all_searched: list[Searched] = []
    asked: list[Asked] = [question for kind in chosen_kinds for question in kind.questions]
    embedder.remember([question.text for question in asked])
    with ExitStack() as opened:
        for kind in chosen_kinds:
            plain[kind.name] = plain_figures(kind, embedder)
            store = opened.enter_context(bench.library(embedder))
            added = store.add(kind.documents, Splitter(embedder.token_starts).split)
            retriever = Retriever(store.passages, embedder, store.fields)
            retriever.warm_up()
            numbers = {name: number for number, name in enumerate(added)}
            all_searched.append(Searched(kind, retriever, numbers, embedder))
        several = len(all_searched) > 1  # one kind alone has no others to choose by
        results = {searched.kind.name: tried(searched) for searched in all_searched if several}
        print(f"kinds of text, nDCG@10; shipped {shipped(embedder)}")
        if several:
            print(f"  chosen on all: {chosen_without(None, results)}")
        print(
            f"  {'kind':10} {'questions':>9} {'left out':>8} {'shipped':>8} {'vectors':>8} {'BM25':>8} {'RRF':>8}"
            f" {'min-max':>8} {'goal':>6}"
        )
        for searched in all_searched:
            _show(searched, plain[searched.kind.name], results)


def _show(searched: Searched, plain: dict[str, float], results: dict[str, dict[Constants, float]]) -> None:
    kind = searched.kind
    own = shipped(searched.embedder)
    chosen = chosen_without(kind.name, results) if results else own
    with constants(chosen):
        out = ndcg(searched.rankings(kind.questions), kind.questions)
        shares_out = first_and_five(searched) if kind.name == "articles" else ""
    ours = out
    if chosen != own:
        ours = ndcg(searched.rankings(kind.questions), kind.questions)
    best = max(plain["vectors"], plain["BM25"], plain["min-max"])
    verdict = "" if min(out, ours) >= best - ONES_OWN else f"   LOSES {best - min(out, ours):.3f}"
    goal = f"{kind.goal:.3f}" if kind.goal is not None else ""
    print(
        f"  {kind.name:10} {len(kind.questions):9} {out:8.3f} {ours:8.3f} {plain['vectors']:8.3f} {plain['BM25']:8.3f}"
        f" {plain['RRF']:8.3f} {plain['min-max']:8.3f} {goal:>6}{verdict}"
        f"   left out: {chosen.vectors}, {chosen.question}, {chosen.statement}"
    )
    if shares_out:
        print(
            f"             first / five left out {shares_out}, shipped {first_and_five(searched)}, goal {ARTICLE_GOALS}"
        )
    sys.stdout.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", default=[])
    parser.add_argument("--cache", type=Path)
    options = parser.parse_args(arguments)
    if not bench.DATA.is_dir():
        print(
            f"The evaluation data is not at {bench.DATA}; name its folder in CHATBOT_EVAL_DATA.",
            file=sys.stderr,
        )
        return 1
    if options.cache is not None:
        options.cache.mkdir(parents=True, exist_ok=True)
    begun = time.perf_counter()
    bench_kinds(bench.DATA, bench.CachedEmbedder(options.cache), options.kinds)
    print(f"in {time.perf_counter() - begun:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
