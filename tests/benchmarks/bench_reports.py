"""Reports that resemble each other: is the right one first, and does an answer's number stand in five passages?

`python tests/benchmarks/bench_retrieval.py reports`. A line for each company, whose constants were chosen on the
other one, beside plain min-max fusion of the same passages; and with the constants as shipped, questions of our own
(`tests/data/questions_of_reports.txt`), on which nothing was chosen, and such that name no time (`questions_without_period.txt`).
"""

from __future__ import annotations

import itertools
import json
import re
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chatbot_app.core.documents import ParsedDocument, Passage
from chatbot_app.knowledge.formats.reading import parse_file
from chatbot_app.knowledge.search import field_ranking
from chatbot_app.knowledge.search.retriever import Retriever
from chatbot_app.knowledge.splitting.splitter import Splitter
from chatbot_app.knowledge.tables.described import quotable_spans
from chatbot_app.knowledge.trust.quotes.quotes import PASSAGES, find_quotes
from chatbot_app.knowledge.values.measures import Value, ValueKind
from chatbot_app.knowledge.values.values import values_of

KINDS = {
    "Single-Doc Single-Chunk RAG": "one passage",
    "Single-Doc Multi-Chunk RAG": "several passages",
    "Multi-Doc RAG": "several reports",
}
TRIED = tuple(itertools.product((0.5,), (0.5,), (0.0, 0.25, 0.5), (0.0, 0.5, 1.0)))
OWN = Path(__file__).parents[1] / "data" / "questions_of_reports.txt"
WITHOUT_PERIOD = OWN.with_name("questions_without_period.txt")
IN_OTHER_LANGUAGES = OWN.with_name("questions_in_other_languages.txt")
THAT_ASK_WHY = OWN.with_name("questions_why.txt")
_NUMBER = re.compile(r"(?<![\w.,])\d[\d,]*(?:\.\d+)?(?![\w]|[.,]\d)")

_LARGE = 1e6  # amounts that answers give rounded, in another unit than the report: $88.9 billion for 88,945

Constants = tuple[
    float, float, float, float
]  # of field_ranking: FITS_GAINS, DIFFERS_LOSES, FIGURES_GAIN, NAMED_GAIN
Ranking = list[tuple[str, str]]  # (report, text) of the first five passages


@dataclass(frozen=True)
class Question:
    """A question, the reports that answer it, and what its written answer is made of."""

    text: str
    kind: str
    reports: frozenset[str]
    numbers: frozenset[str]
    amounts: tuple[Value, ...] = ()

    @property
    def company(self) -> str:
        """The last word of the reports' names."""
        return min(self.reports).removesuffix(".pdf").split()[-1]


def questions(data: Path) -> list[Question]:
    """Return the questions of `retrieval/reports`."""
    lines = (data / "retrieval" / "reports" / "questions.jsonl").read_text("utf-8").splitlines()
    found = []
    for line in lines:
        entry: dict[str, Any] = json.loads(line)
        names = frozenset(entry["documents"])
        answer = entry["answer"].partition("SOURCE(S)")[0]
        found.append(
            Question(entry["question"], KINDS[entry["type"]], names, numbers_of(answer), amounts_of(answer))
        )
    return found


@dataclass(frozen=True, slots=True)
class OwnQuestion:
    """A question of our own: the reports that answer it, and the amounts, as they are printed, that one of must be found."""

    part: int
    text: str
    reports: frozenset[str]
    amounts: tuple[str, ...]

    @property
    def company(self) -> str:
        """The last word of the reports' names."""
        return min(self.reports).removesuffix(".pdf").split()[-1]

    def is_answered_by(self, ranking: Ranking) -> bool:
        """Whether one of the amounts stands in a passage of a right report."""
        said = " ".join(
            " ".join(text.split()).replace("$", "") for report, text in ranking if report in self.reports
        )
        return any(
            re.search(rf"(?<![\d.,]){re.escape(amount)}(?!\d|[.,]\d)", said) for amount in self.amounts
        )


def own_questions(file: Path = OWN) -> list[OwnQuestion]:
    """Return the questions of `tests/data/questions_of_reports.txt`, or of another; each comment there begins another part."""
    found: list[OwnQuestion] = []
    part = 0
    for line in file.read_text("utf-8").splitlines():
        if line.startswith("#"):
            part += 1
            continue
        reports, text, amounts = line.split(" | ")
        names = frozenset(f"{name.strip()}.pdf" for name in reports.split(","))
        wanted = tuple(amount.strip().removeprefix("$") for amount in amounts.split(";"))
        found.append(OwnQuestion(part, text, names, wanted))
    return found


def amounts_of(text: str) -> tuple[Value, ...]:
    """Return the amounts of a million and more that a text holds, written with three digits or more."""
    return tuple(
        value
        for value in values_of(text)
        if value.kind is ValueKind.NUMBER
        and min(map(abs, value.readings), default=0.0) >= _LARGE
        and sum(character.isdigit() for character in text[value.start : value.end]) >= 3
    )


def said_in(passage: Passage) -> str:
    """Return what a passage says, the rows of its tables with their units."""
    spans = quotable_spans(passage.text, passage.context)
    return "\n".join(words or passage.text[start:end] for start, end, words in spans)


def numbers_of(text: str) -> frozenset[str]:
    """Return the numbers of three digits or more that a text holds, without years."""
    plain = {match.group().replace(",", "") for match in _NUMBER.finditer(text)}
    return frozenset(
        number
        for number in plain
        if len(number.replace(".", "")) >= 3 and not re.fullmatch(r"(?:19|20)\d\d", number)
    )


def right_first(asked: Question, ranking: Ranking) -> bool:
    """Whether the first passage is of a report that answers the question."""
    return bool(ranking) and ranking[0][0] in asked.reports


def has_number(asked: Question, ranking: Ranking, *, as_amount: bool = True) -> bool:
    """Whether a number of the written answer stands in the passages, as it is or `as_amount` as the same value."""
    if asked.numbers & {number for _report, text in ranking for number in numbers_of(text)}:
        return True
    if not as_amount:
        return False
    said = [amount for _report, text in ranking for amount in amounts_of(text)] if asked.amounts else []
    return any(amount.says(wanted, exactly=True) for wanted in asked.amounts for amount in said)


def reports_found(asked: Question, ranking: Ranking) -> float:
    """Return the share of the reports asked for, five at most, that a passage is of."""
    return len({report for report, _text in ranking} & asked.reports) / min(5, len(asked.reports))


def goodness(asked: Sequence[Question], rankings: Sequence[Ranking]) -> float:
    """Return what constants are chosen by: the mean of the three figures."""
    pairs = list(zip(asked, rankings, strict=True))
    numbered = [pair for pair in pairs if pair[0].numbers]
    return statistics.mean(
        (
            statistics.mean(right_first(*pair) for pair in pairs),
            statistics.mean(has_number(*pair) for pair in numbered),
            statistics.mean(reports_found(*pair) for pair in pairs),
        )
    )


def chosen_by(goodness_of: Mapping[Constants, float]) -> Constants:
    """Return the best constants; of equals those whose neighbours are best: not the edge of a plateau."""

    def around(constants: Constants) -> float:
        steps = [
            goodness_of[other]
            for other in goodness_of
            if sum(mine != theirs for mine, theirs in zip(constants, other, strict=True)) <= 1
        ]
        return statistics.mean(steps)

    return max(goodness_of, key=lambda constants: (goodness_of[constants], around(constants)))


def show(name: str, asked: Sequence[Question], rankings: Sequence[Ranking]) -> None:
    """Print one line."""
    pairs = list(zip(asked, rankings, strict=True))
    parts = []
    for kind in KINDS.values():
        of_kind = [pair for pair in pairs if pair[0].kind == kind]
        if of_kind:
            parts.append(f"{kind} {statistics.mean(right_first(*pair) for pair in of_kind):.2f}")
    several = [pair for pair in pairs if pair[0].kind == "several reports"]
    numbered = [pair for pair in pairs if pair[0].numbers]
    print(
        f"  {name:<34} right report first: {', '.join(parts)}; of several reports found"
        f" {statistics.mean(reports_found(*pair) for pair in several):.2f}; number among five"
        f" {statistics.mean(has_number(*pair) for pair in numbered):.2f}"
        f" (as it is written {statistics.mean(has_number(*pair, as_amount=False) for pair in numbered):.2f})"
    )


def _show_own(asked: Sequence[OwnQuestion], rankings: Sequence[Ranking]) -> None:
    """Print the shares of our own questions of each part and company whose right report is first, and that are answered."""
    for part, company in sorted({(question.part, question.company) for question in asked}):
        pairs = [
            pair
            for pair in zip(asked, rankings, strict=True)
            if (pair[0].part, pair[0].company) == (part, company)
        ]
        first = statistics.mean(ranking[0][0] in question.reports for question, ranking in pairs)
        answered = statistics.mean(question.is_answered_by(ranking) for question, ranking in pairs)
        print(
            f"  {company}, {len(pairs)} of our own, part {part}: right report first {first:.2f}, amount among five {answered:.2f}"
        )


def _show_newest(retriever: Retriever, embedder: Any) -> None:
    """Print for questions without a period the shares whose first passage, and first quote, is of the newest report, and
    whose first quote answers.
    """
    asked = own_questions(WITHOUT_PERIOD)
    for part in sorted({question.part for question in asked}):
        shares = []
        for question in (one for one in asked if one.part == part):
            found = retriever.search(question.text, PASSAGES, reads=True)
            best = max((*found.evidence, *found.below_floor), key=lambda item: item.scores.fused)
            quotes = [(f"{quote.document}.pdf", quote.words) for quote in find_quotes(found, embedder).quotes]
            shares.append(
                (
                    f"{best.title}.pdf" in question.reports,
                    bool(quotes) and quotes[0][0] in question.reports,
                    question.is_answered_by(quotes[:1]),
                    question.is_answered_by(quotes),
                )
            )
        first, quoted, answers, three = (statistics.mean(column) for column in zip(*shares, strict=True))
        print(
            f"  {len(shares)} without a period, part {part}: newest report first {first:.2f}, quoted first {quoted:.2f},"
            f" its amount in the first quote {answers:.2f}, in one {three:.2f}"
        )


def _show_quoted(name: str, file: Path, retriever: Retriever, embedder: Any) -> None:
    """Print for questions of our own how many the first quote, and one of three, answers, and what is refused."""
    asked = own_questions(file)
    for part in sorted({question.part for question in asked}):
        first = three = refused = answered = silent = refused_silent = 0
        for question in (one for one in asked if one.part == part):
            found = find_quotes(retriever.search(question.text, PASSAGES, reads=True), embedder)
            if question.company == "-":
                silent, refused_silent = silent + 1, refused_silent + found.refused
                continue
            quotes = [(f"{quote.document}.pdf", quote.words) for quote in found.quotes]
            answered, refused = answered + 1, refused + found.refused
            first += question.is_answered_by(quotes[:1])
            three += question.is_answered_by(quotes)
        print(
            f"  {answered} {name}, part {part}: answered in the first quote {first}, in one {three}, refused {refused};"
            f" of {silent} that nothing answers refused {refused_silent}"
        )


def _constants() -> Constants:
    return (
        field_ranking.FITS_GAINS,
        field_ranking.DIFFERS_LOSES,
        field_ranking.FIGURES_GAIN,
        field_ranking.NAMED_GAIN,
    )


def _set_constants(values: Constants) -> None:
    (
        field_ranking.FITS_GAINS,
        field_ranking.DIFFERS_LOSES,
        field_ranking.FIGURES_GAIN,
        field_ranking.NAMED_GAIN,
    ) = values


def bench_reports(
    data: Path, embedder: Any, library: Callable[[Any], Any], plain: Callable[..., list[int]]
) -> None:
    """Print the table; `library` and `plain` are those of bench_retrieval."""
    asked = questions(data)
    embedder.remember([question.text for question in asked])
    with library(embedder) as store:
        parsed: list[ParsedDocument] = [
            parse_file(path) for path in sorted((data / "documents" / "reports").glob("*.pdf"))
        ]
        names = dict(zip(store.add(parsed, Splitter(embedder.token_starts).split), parsed, strict=True))
        every = store.passages.passages(store.passages.searchable_ids().tolist())

        def place(passage: int) -> tuple[str, str]:
            item = every[passage].passage
            return f"{names[item.document_id].title}.pdf", f"{item.context}\n{item.text}\n{said_in(item)}"

        def ranking_of(retriever: Retriever, question: str) -> Ranking:
            found = retriever.search(question, 5, reads=True)
            best = found.best_first()
            return [place(item.passage.id) for item in best[:5]]

        def search(retriever: Retriever) -> list[Ranking]:
            return [ranking_of(retriever, question.text) for question in asked]

        print(f"reports: {len(parsed)} reports, {len(asked)} questions")
        baseline = [[place(i) for i in plain(question.text, store)[:5]] for question in asked]
        show("min-max of the same passages", asked, baseline)
        show("without fields", asked, search(Retriever(store.passages, embedder)))
        retriever = Retriever(store.passages, embedder, store.fields)
        shipped = _constants()
        results: dict[Constants, list[Ranking]] = {}
        for tried in TRIED:
            _set_constants(tried)
            results[tried] = search(retriever)
        _set_constants(shipped)
        for company in sorted({question.company for question in asked}):
            mine = [n for n, question in enumerate(asked) if question.company == company]
            others = [n for n in range(len(asked)) if n not in mine]
            chosen = chosen_by(
                {
                    tried: goodness([asked[n] for n in others], [rankings[n] for n in others])
                    for tried, rankings in results.items()
                }
            )
            show(
                f"{company} left out, {chosen}",
                [asked[n] for n in mine],
                [results[chosen][n] for n in mine],
            )
        show(f"as shipped, {shipped}", asked, search(retriever))
        ours = own_questions()
        _show_own(ours, [ranking_of(retriever, question.text) for question in ours])
        _show_newest(retriever, embedder)
        _show_quoted("in other languages", IN_OTHER_LANGUAGES, retriever, embedder)
        _show_quoted("that ask why", THAT_ASK_WHY, retriever, embedder)
        spread = [goodness(asked, rankings) for rankings in results.values()]
        print(f"  mean of the figures over all constants tried: {min(spread):.3f} to {max(spread):.3f}")
