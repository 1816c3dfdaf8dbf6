"""What it is worth that a question says a row's label or names documents: chosen on the reports of one company, printed for
the other.

`python -m tests.benchmarks.fit_named_rows [--cache DIR]`. Over retrieval/reports, the three constants of
`knowledge/trust/quotes/quotes.py` that were fitted on no prose: a number of the written answer stands in the first quote / in
one of the quotes (as the same value); questions of a library of other things (retrieval/wikipedia, one in ten), asked
of the reports, are refused. And how much surer a question is answered that names the reports, by questions that do and that
these do not answer (`tests/data/silent_questions_of_reports.txt`; written by a model, looked up in the reports); and the constants of
`knowledge/trust/quotes/amounts_asked.py` and `missing_parts.py` by the same and by questions of our own. Data: CHATBOT_EVAL_DATA, default ../shared/data.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from chatbot_app.core.documents import Retrieval
from chatbot_app.core.trust import Quotes
from chatbot_app.knowledge.formats.reading import parse_file
from chatbot_app.knowledge.search.retriever import Retriever
from chatbot_app.knowledge.splitting.splitter import Splitter
from chatbot_app.knowledge.trust.quotes import (
    amounts_asked,
    missing_parts,
    quote_confidence,
    quote_scores,
    quotes,
)
from tests.benchmarks.bench_reports import Question, has_number, own_questions, questions
from tests.benchmarks.bench_retrieval import CachedEmbedder, library
from tests.benchmarks.fit_quotes import Remembering
from tests.benchmarks.wikipedia import DATA, Wikipedia

SCORES = (0.0, 1.5, 3.0, 6.0, 12.0)
SECTIONS = (0.5, 0.75, 1.0)
CONFIDENCES = (0.0, 0.5, 0.7, 0.8, 0.9, 1.0)
NAMING = (0.0, 0.5, 1.0, 1.5, 2.0, 2.5)
AMOUNTS = tuple(itertools.product((0.0, 3.0, 6.0, 9.0), (0.0, 2.0)))  # AMOUNT_SAID, ROW_EXPLAINED
MISSING = ("NAME_MISSING", "COUNT_MISSING", "PERSON_MISSING", "DEED_MISSING")
ONE_IN = 10  # silent questions
COST = 2.0  # of refusing what is answered, against not refusing what is not
SILENT = Path(__file__).parents[1] / "data" / "silent_questions_of_reports.txt"

Constants = tuple[float, float, float]  # NAMED_ROW_SCORE, OF_A_SECTION, NAMED_ROW_CONFIDENCE


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line for each company and the constants as they ship."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path)
    options = parser.parse_args(arguments)
    if not DATA.is_dir():
        print(f"The evaluation data is not at {DATA}; name its folder in CHATBOT_EVAL_DATA.", file=sys.stderr)
        return 1
    if options.cache is not None:
        options.cache.mkdir(parents=True, exist_ok=True)
    embedder = Remembering(options.cache)
    asked = [question for question in questions(DATA) if question.numbers]
    wikipedia = Wikipedia()
    silent = [q["question"] for half in (1, 2) for q in wikipedia.questions_of(half)][::ONE_IN]
    with library(embedder) as store:
        parsed = [parse_file(path) for path in sorted((DATA / "documents" / "reports").glob("*.pdf"))]
        store.add(parsed, Splitter(embedder.token_starts).split)
        retriever = Retriever(store.passages, embedder, store.fields)
        found = [retriever.search(question.text, quotes.PASSAGES, reads=True) for question in asked]
        nothing = [retriever.search(question, quotes.PASSAGES, reads=True) for question in silent]
        shipped = _constants()
        tried = [
            *itertools.product(SCORES, SECTIONS, shipped[2:]),
            *((*shipped[:2], confidence) for confidence in CONFIDENCES),
            shipped,
        ]
        given: dict[Constants, list[Quotes]] = {}
        refused: dict[Constants, list[Quotes]] = {}
        for constants in dict.fromkeys(tried):
            _set(constants)
            given[constants] = _quoted(found, embedder)
            refused[constants] = _quoted(nothing, embedder) if constants[:2] == shipped[:2] else []
        _set(shipped)
        _print_naming(retriever, embedder)
        _print_amounts(retriever, embedder)
        _print_missing(retriever, embedder)
    print(f"named rows: {len(asked)} questions with a number, {len(silent)} silent ones")
    for company in sorted({question.company for question in asked}):
        mine = [n for n, question in enumerate(asked) if question.company == company]
        others = [n for n in range(len(asked)) if n not in mine]
        by_place = {c: _goodness(asked, given[c], others) for c in given if c[2] == shipped[2]}
        score, section, _ = max(by_place, key=lambda c: (by_place[c], _around(c, by_place)))
        chosen = (score, section, shipped[2])
        _show(f"{company}, {chosen[:2]} chosen on the other", asked, given[chosen], mine)
        _show(f"{company}, as shipped {shipped}", asked, given[shipped], mine)
        _show(f"{company}, without", asked, given[0.0, 1.0, shipped[2]], mine)
    print("how sure a named row makes: questions of the reports refused / silent ones refused")
    for confidence in CONFIDENCES:
        constants = (*shipped[:2], confidence)
        shares = [100 * statistics.mean(one.refused for one in ours[constants]) for ours in (given, refused)]
        print(f"  {confidence:.1f}: {shares[0]:.0f} / {shares[1]:.0f} %")
    return 0


def _print_naming(retriever: Retriever, embedder: CachedEmbedder) -> None:
    """Print what is refused of the questions that name reports, for each worth of that."""
    lines = [line.split(" | ", 1) for line in SILENT.read_text("utf-8").splitlines() if line[0] != "#"]
    asked = [(question.company, True, question.text) for question in questions(DATA)]
    asked += [(company, False, text) for company, text in lines]
    found = [retriever.search(text, quotes.PASSAGES, reads=True) for _, _, text in asked]
    shipped = quote_confidence.NAMES_DOCUMENTS
    shares: dict[tuple[str, float], tuple[float, float]] = {}
    for worth in NAMING:
        quote_confidence.NAMES_DOCUMENTS = worth
        refused = [one.refused for one in _quoted(found, embedder)]
        for company in {company for company, _, _ in asked}:
            told = [
                100
                * statistics.mean(
                    was
                    for was, (of, answered, _) in zip(refused, asked, strict=True)
                    if of == company and answered is wanted
                )
                for wanted in (True, False)
            ]
            shares[company, worth] = told[0], told[1]
    quote_confidence.NAMES_DOCUMENTS = shipped
    print("questions that name the reports: refused of what they answer / of what they do not")
    for company in sorted({company for company, _ in shares}):
        others = {w: silent - COST * lost for (of, w), (lost, silent) in shares.items() if of != company}
        chosen = max(others, key=lambda worth: others[worth])
        every = ", ".join(f"{w}: {shares[company, w][0]:.0f} / {shares[company, w][1]:.0f}" for w in NAMING)
        print(f"  {company}: {every} % (the other company chooses {chosen}, {shipped} ships)")


def _print_amounts(retriever: Retriever, embedder: CachedEmbedder) -> None:
    """Print what is refused for each worth of an amount that is said, and of a row that is to be explained, and how
    many of our own questions are quoted an amount that answers.
    """
    own = own_questions()
    lines = [line.split(" | ", 1) for line in SILENT.read_text("utf-8").splitlines() if line[0] != "#"]
    asked = [(question.company, "of theirs", question.text) for question in questions(DATA)]
    asked += [(question.company, "our own", question.text) for question in own]
    asked += [(company, "silent", text) for company, text in lines]
    found = [retriever.search(text, quotes.PASSAGES, reads=True) for _, _, text in asked]
    shipped = amounts_asked.AMOUNT_SAID, amounts_asked.ROW_EXPLAINED
    print("an amount that is said, a row that is to be explained: refused of theirs / of our own / silent")
    for worth in AMOUNTS:
        amounts_asked.AMOUNT_SAID, amounts_asked.ROW_EXPLAINED = worth
        refused = [one.refused for one in _quoted(found, embedder)]
        shares = [
            " / ".join(
                f"{100 * statistics.mean(was for was, (of, what, _) in zip(refused, asked, strict=True) if (of, what) == (company, kind)):.0f}"
                for kind in ("of theirs", "our own", "silent")
            )
            for company in ("AAPL", "AMZN")
        ]
        ships = ", which ships" if worth == shipped else ""
        print(f"  {worth}: AAPL {shares[0]}, AMZN {shares[1]} %{ships}")
    amounts_asked.AMOUNT_SAID, amounts_asked.ROW_EXPLAINED = shipped
    first = len(asked) - len(lines) - len(own)
    given = _quoted(found[first : first + len(own)], embedder)
    for company in ("AAPL", "AMZN"):
        answered = [
            question.is_answered_by([(f"{quote.document}.pdf", quote.words) for quote in one.quotes])
            for question, one in zip(own, given, strict=True)
            if question.company == company
        ]
        print(
            f"  {company}: amount in the quotes for {statistics.mean(answered):.2f} of {len(answered)} of our own"
        )


def _print_missing(retriever: Retriever, embedder: CachedEmbedder) -> None:
    """Print what is refused without each rule for what is missing of a question, with all and with none of them."""
    lines = [line.split(" | ", 1) for line in SILENT.read_text("utf-8").splitlines() if line[0] != "#"]
    asked = [
        (question.company, "answered", question.text) for question in (*questions(DATA), *own_questions())
    ]
    asked += [(company, "silent", text) for company, text in lines]
    found = [retriever.search(text, quotes.PASSAGES, reads=True) for _, _, text in asked]
    shipped = {name: getattr(missing_parts, name) for name in MISSING}
    print("what is missing of a question: refused of what is answered / of what is not")
    for without in (*MISSING, "nothing", "all"):
        for name, worth in shipped.items():
            setattr(missing_parts, name, 0.0 if without in (name, "all") else worth)
        refused = [one.refused for one in _quoted(found, embedder)]
        shares = [
            " / ".join(
                f"{100 * statistics.mean(was for was, (of, what, _) in zip(refused, asked, strict=True) if (of, what) == (company, kind)):.0f}"
                for kind in ("answered", "silent")
            )
            for company in ("AAPL", "AMZN")
        ]
        print(f"  without {without}: AAPL {shares[0]}, AMZN {shares[1]} %")
    for name, worth in shipped.items():
        setattr(missing_parts, name, worth)


def _quoted(found: Sequence[Retrieval], embedder: CachedEmbedder) -> list[Quotes]:
    return [quotes.find_quotes(retrieval, embedder) for retrieval in found]


def _figures(
    asked: Sequence[Question], given: Sequence[Quotes], which: Sequence[int]
) -> tuple[float, float, float]:
    """Return the shares of questions with a number of their answer in the first quote, in one, and refused."""
    held = [[has_number(asked[n], [("", one.words)]) for one in given[n].quotes] for n in which]
    return (
        statistics.mean(any(hits[:1]) for hits in held),
        statistics.mean(any(hits) for hits in held),
        statistics.mean(given[n].refused for n in which),
    )


def _goodness(asked: Sequence[Question], given: Sequence[Quotes], which: Sequence[int]) -> float:
    return sum(_figures(asked, given, which)[:2])


def _around(constants: Constants, goodness_of: Mapping[Constants, float]) -> float:
    """Return the mean of the neighbours on the grid: of equals the one in the middle of a plateau is taken."""
    return statistics.mean(
        good
        for other, good in goodness_of.items()
        if sum(mine != theirs for mine, theirs in zip(constants, other, strict=True)) <= 1
    )


def _show(name: str, asked: Sequence[Question], given: Sequence[Quotes], which: Sequence[int]) -> None:
    first, every, refused = _figures(asked, given, which)
    print(
        f"  {name:<40} number in the first quote {first:.2f}, in one {every:.2f},"
        f" refused {refused:.2f} of {len(which)}"
    )


def _constants() -> Constants:
    return quote_scores.NAMED_ROW_SCORE, quote_scores.OF_A_SECTION, quote_confidence.NAMED_ROW_CONFIDENCE


def _set(constants: Constants) -> None:
    quote_scores.NAMED_ROW_SCORE, quote_scores.OF_A_SECTION, quote_confidence.NAMED_ROW_CONFIDENCE = constants


if __name__ == "__main__":
    sys.exit(main())
