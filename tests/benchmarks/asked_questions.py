"""Questions as people ask them, over small libraries as they have them: what `bench_answers` prints as "asked".

`tests/data/asked`: twelve invented documents of as many kinds (agreement, manual, CV, invoice, minutes, expenses, mail, notes, code, bill, travel
report, rules of a school), with questions that were written before anything was run, a quarter of them silent but near. Half A was
looked at for what was mended, of half B the sums alone. `tests/data/small_library` beside it: a and b are of other authors.
`tests/data/near_and_silent`: 45 more documents, each with questions that it answers and nearly as many on what stands near and nowhere in it
(the price of a thing whose weight is told, another class, another day), parted by document with a coin; `held` was read as totals alone.
`tests/data/short_texts.txt`: questions for a price, an address, a duration … with a text of a few sentences each, in six languages,
half of them looked at; each asked of its text alone, and of all together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from chatbot_app.core.documents import ParsedDocument
from chatbot_app.core.trust import Quotes
from chatbot_app.knowledge.formats.reading import parse_file
from tests.benchmarks.bench_retrieval import CachedEmbedder
from tests.benchmarks.kinds import paragraphs
from tests.benchmarks.libraries_of_questions import Wanted, small_libraries
from tests.benchmarks.searched_library import quotes_for, searched

FOLDER = Path(__file__).parents[1] / "data" / "asked"
NEAR_AND_SILENT = FOLDER.parent / "near_and_silent"
SHORT_TEXTS = FOLDER.parent / "short_texts.txt"
OUTCOMES = ("first", "among three", "wrong", "refused")


def bench_asked(embedder: CachedEmbedder) -> None:
    """Print what is quoted of what the documents answer, and how much is refused of what they do not."""
    print(
        "asked: " + " / ".join(OUTCOMES) + " of what is answered, doubted; refused / doubted of what is not"
    )
    documents = [parse_file(path) for path in sorted(FOLDER.iterdir()) if path.name != "questions.txt"]
    questions = list(asked_questions())
    for half in "AB":
        _print(f"asked {half}", embedder, documents, [wanted for of, wanted in questions if of == half])
    for _, number, documents, answered, silent in small_libraries():
        _print(f"small {number}", embedder, documents, [*answered, *silent])
    for half in ("seen", "held"):
        _print(f"near {half}", embedder, *near_and_silent(half))
    _print_short_texts(embedder)


def asked_questions() -> Iterator[tuple[str, Wanted]]:
    """Yield the half and the question of each line of `tests/data/asked/questions.txt`."""
    for line in (FOLDER / "questions.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            half, _kind, words, question = line.split(" | ", 3)
            answers = () if words == "-" else tuple(words.split("; "))
            yield half, Wanted(question, answers)


def near_and_silent(half: str) -> tuple[list[ParsedDocument], list[Wanted]]:
    """Return the documents and the questions of a half of `tests/data/near_and_silent`."""
    folder = NEAR_AND_SILENT / half
    documents = [parse_file(path) for path in sorted(folder.iterdir()) if path.name != "questions.txt"]
    wanted = []
    for line in (folder / "questions.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            _kind, words, _document, question = line.split(" | ", 3)
            wanted.append(Wanted(question, () if words == "-" else (words,), is_near=words == "-"))
    return documents, wanted


def short_texts() -> Iterator[tuple[str, bool, str, str]]:
    """Yield the set with its half ("1A"), whether it is answered, the question and its text."""
    for line in SHORT_TEXTS.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            half, kind, sign, question, text = line.split(" | ", 4)
            yield kind[0] + half, sign == "+", question, text


def _print(
    name: str, embedder: CachedEmbedder, documents: Sequence[ParsedDocument], asked: Sequence[Wanted]
) -> None:
    told: Counter[str] = Counter()
    silent = refused = 0
    doubted: Counter[bool] = Counter()
    found = _found(embedder, documents, [wanted.text for wanted in asked])
    for wanted, quotes in zip(asked, found, strict=True):
        doubted[bool(wanted.answers)] += not (quotes.refused or quotes.certain)
        if wanted.answers:
            told[_outcome(wanted, quotes)] += 1
        else:
            silent += 1
            refused += quotes.refused
    counts = " / ".join(str(told[outcome]) for outcome in OUTCOMES)
    print(
        f"  {name:11} {counts} of {told.total()}, {doubted[True]}; {refused} / {doubted[False]} of {silent}"
    )


def _print_short_texts(embedder: CachedEmbedder) -> None:
    """Print how many questions of the short texts are refused that are answered, and that are not."""
    entries = list(short_texts())
    documents = [paragraphs(f"Note {number}", text) for number, (*_, text) in enumerate(entries)]
    questions = [question for _, _, question, _ in entries]
    together = _found(embedder, documents, questions)
    alone = [
        quotes
        for document, question in zip(documents, questions, strict=True)
        for quotes in _found(embedder, [document], [question])
    ]
    for name, found in (("alone", alone), ("together", together)):
        refused: Counter[str] = Counter()
        asked: Counter[str] = Counter()
        for (half, is_answered, _, _), quotes in zip(entries, found, strict=True):
            kind = f"{half} {'answered' if is_answered else 'silent'}"
            asked[kind] += 1
            refused[kind] += quotes.refused
        told = ", ".join(f"{kind} {refused[kind]} of {asked[kind]}" for kind in sorted(asked))
        print(f"  short texts {name}, refused: {told}")


def _found(
    embedder: CachedEmbedder, documents: Sequence[ParsedDocument], questions: Sequence[str]
) -> list[Quotes]:
    with searched(embedder, documents) as retriever:
        return quotes_for(retriever, questions, embedder)


def _outcome(wanted: Wanted, found: Quotes) -> str:
    if found.refused:
        return "refused"
    held = [wanted.is_held(one.document, one.start, one.end, _shown(one.text)) for one in found.quotes]
    return "first" if held[:1] == [True] else "among three" if any(held) else "wrong"


def _shown(text: str) -> str:
    return text.replace("*", "")
