"""How far answers can be trusted: `make benchmark-answers`.

Alone: `python -m tests.benchmarks.bench_answers [--cache DIR] [PART...]`. Parts: quotes, refusal, asked, languages, checks, stitched, written,
sentences, speed, model; all where none is named. Constants are chosen on half 1 of the articles (`fit_quotes.py`), so that half 2
is the figure. `--cache` keeps vectors between runs. Data: CHATBOT_EVAL_DATA, default ../shared/data.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from chatbot_app.core.documents import Retrieval
from chatbot_app.core.trust import Quotes, Verdict
from chatbot_app.knowledge.search.reranking import best_for_model
from chatbot_app.knowledge.search.retriever import Retriever
from chatbot_app.knowledge.trust.checks.claims import Source, check_statement
from chatbot_app.knowledge.trust.quotes.quoted_passages import passages_for_model
from chatbot_app.knowledge.trust.quotes.quotes import PASSAGES, find_quotes
from tests.benchmarks import answers_of_model
from tests.benchmarks.asked_questions import bench_asked
from tests.benchmarks.bench_retrieval import CachedEmbedder, synthetic_library
from tests.benchmarks.changed_sentences import bench_sentences
from tests.benchmarks.libraries_of_questions import article_documents, articles_in_part
from tests.benchmarks.questions_across_languages import bench_languages
from tests.benchmarks.searched_library import quotes_for, searched
from tests.benchmarks.statements import statements
from tests.benchmarks.stitched_statements import bench_stitched
from tests.benchmarks.wikipedia import DATA, Wikipedia, holds_gold, says_gold, shares, title_of
from tests.benchmarks.written_statements import bench_written

PARTS = (
    "quotes",
    "refusal",
    "asked",
    "languages",
    "checks",
    "stitched",
    "written",
    "sentences",
    "speed",
    "model",
)


def bench_quotes(wikipedia: Wikipedia, embedder: CachedEmbedder) -> None:
    """Gold answer inside the first quote / the first three, in a library of all articles.

    At its own place, and wherever the quotes hold the same words.
    """
    with searched(embedder, article_documents(wikipedia)) as retriever:
        print("quotes: gold answer at its place inside the first / one of three; its words there")
        for half in (1, 2):
            rows, shown, lengths, refused = [], [], [], []
            for question in wikipedia.questions_of(half):
                retrieval = retriever.search(question["question"], PASSAGES, reads=True)
                found = find_quotes(retrieval, embedder.sentences)
                hits = [holds_gold(question, q.document, q.start, q.end) for q in found.quotes]
                said = [hit or says_gold(question, q.text) for hit, q in zip(hits, found.quotes, strict=True)]
                rows.append((any(hits[:1]), any(hits), any(said[:1]), any(said)))
                for_model = passages_for_model(retrieval, found, 5)
                shown.append(
                    [
                        any(holds_gold(question, e.title, e.passage.start, e.passage.end) for e in some)
                        for some in (
                            retrieval.evidence[:1],
                            for_model[:1],
                            best_for_model(retrieval, 5),
                            for_model,
                        )
                    ]
                )
                lengths.append(sum(len(quote.text) for quote in found.quotes))
                refused.append(found.refused)
            print(
                f"  half {half}: {shares(rows)} of {len(rows)} questions; three quotes hold "
                f"{statistics.mean(lengths):.0f} characters; {100 * statistics.mean(refused):.1f} % refused"
            )
            print(
                f"    passages with it, as found / as a model is shown them: first, of five {shares(shown)}"
            )


def bench_refusal(wikipedia: Wikipedia, embedder: CachedEmbedder) -> None:
    """Questions of each half asked of a library of that half, and of the other half alone; and of articles of which every
    second paragraph that is asked about was cut out. Of what is not refused, how much is said to be uncertain.
    """
    print(
        "refusal: questions that the library answers / that it does not answer, refused; of the rest, said to be uncertain"
    )
    found: dict[tuple[int, int], list[Quotes]] = {}
    for asked in (1, 2):
        with searched(embedder, article_documents(wikipedia, asked)) as retriever:
            for half in (1, 2):
                questions = [question["question"] for question in wikipedia.questions_of(half)]
                found[half, asked] = quotes_for(retriever, questions, embedder)
    for half in (1, 2):
        print(f"  half {half}: {_refused(found[half, half], found[half, 3 - half])}")
    print(
        "  articles without every second paragraph that is asked about: what the rest answers / what was cut out"
    )
    for _, half, documents, answered, silent in articles_in_part():
        with searched(embedder, documents) as retriever:
            told = [
                quotes_for(retriever, [wanted.text for wanted in asked], embedder)
                for asked in (answered, silent)
            ]
        print(f"  half {half}: {_refused(*told)}")


def _refused(*kinds: Sequence[Quotes]) -> str:
    """Return in words how much of each kind of questions is refused, and how much of the rest is uncertain."""
    refused = [100 * statistics.mean(one.refused for one in found) for found in kinds]
    doubted = [
        100 * statistics.mean([not one.certain for one in found if not one.refused] or [0]) for found in kinds
    ]
    counts = " and ".join(str(len(found)) for found in kinds)
    shown = [" / ".join(f"{share:.1f}" for share in parts) for parts in (refused, doubted)]
    return f"{shown[0]} % of {counts}; uncertain {shown[1]} % of the rest"


def bench_checks(wikipedia: Wikipedia, embedder: CachedEmbedder) -> None:
    """True statements and those with one fact changed, flagged, by kind of change."""
    with searched(embedder, article_documents(wikipedia)) as retriever:
        print("checks: statements flagged as unsupported or contradicted, five passages each")
        for half in (1, 2):
            questions = wikipedia.questions_of(half)
            sources = [
                _with_gold(question, retriever.search(question["question"], 5, reads=True), wikipedia)
                for question in questions
            ]
            flagged: dict[str, list[bool]] = {}
            for item in statements(questions, wikipedia.articles):
                verdicts = [
                    c.verdict for c in check_statement(item.text, sources[item.question], embedder.sentences)
                ]
                bad = any(v in (Verdict.UNSUPPORTED, Verdict.CONTRADICTED) for v in verdicts)
                for kind in (item.change or f"true, {item.made_by}", "changed" if item.change else "true"):
                    flagged.setdefault(kind, []).append(bad)
            counts = Counter({kind: len(rows) for kind, rows in flagged.items()})
            print(f"  half {half}")
            for kind, rows in sorted(flagged.items()):
                print(f"    {kind:28} {100 * statistics.mean(rows):5.1f} % of {counts[kind]}")


def _with_gold(question: dict[str, Any], found: Retrieval, wikipedia: Wikipedia) -> list[Source]:
    """Return five passages, with the paragraph of the gold answer among them."""
    sources = [Source(e.passage.text, f"{e.title}\n{e.passage.context}") for e in found.evidence[:5]]
    held = any(holds_gold(question, e.title, e.passage.start, e.passage.end) for e in found.evidence[:5])
    if not held:
        article = wikipedia.articles[question["article"]]
        gold = article[question["paragraph_char_start"] : question["paragraph_char_end"]]
        sources = [Source(gold, title_of(question["article"])), *sources[:4]]
    return sources


def bench_speed(embedder: CachedEmbedder, rows: int = 100_000) -> None:
    """From the question to its quotes over synthetic passages, with the embedding of question and sentences."""
    fresh = CachedEmbedder(None)  # nothing remembered
    with synthetic_library(embedder, rows) as (store, asked):
        retriever = Retriever(store.passages, fresh)
        retriever.warm_up()
        seconds = []
        for question in asked(40):
            started = time.perf_counter()
            found = find_quotes(retriever.search(question, PASSAGES, reads=True), fresh.sentences)
            seconds.append(time.perf_counter() - started)
            assert found.quotes
        print(
            f"speed: {rows:,} passages, question to quotes: median {1000 * statistics.median(seconds[5:]):.0f} ms,"
            f" slowest {1000 * max(seconds[5:]):.0f} ms"
        )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=[], help=", ".join(PARTS))
    parser.add_argument("--cache", type=Path)
    options = parser.parse_args(arguments)
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    if not DATA.is_dir():
        print(f"The evaluation data is not at {DATA}; name its folder in CHATBOT_EVAL_DATA.", file=sys.stderr)
        return 1
    if options.cache is not None:
        options.cache.mkdir(parents=True, exist_ok=True)
    embedder, wikipedia = CachedEmbedder(options.cache), Wikipedia()
    runs: dict[str, Callable[[], object]] = {
        "quotes": lambda: bench_quotes(wikipedia, embedder),
        "refusal": lambda: bench_refusal(wikipedia, embedder),
        "asked": lambda: bench_asked(embedder),
        "languages": lambda: bench_languages(wikipedia, embedder),
        "checks": lambda: bench_checks(wikipedia, embedder),
        "stitched": lambda: bench_stitched(wikipedia, embedder.sentences),
        "written": lambda: bench_written(embedder.sentences),
        "sentences": lambda: bench_sentences(embedder),
        "speed": lambda: bench_speed(embedder),
        "model": lambda: answers_of_model.main([]),
    }
    for part in options.parts or PARTS:
        runs[part]()
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
