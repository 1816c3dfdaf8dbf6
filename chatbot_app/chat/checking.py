"""A whole answer against what its model was shown: a verdict for each sentence, and what its markers name."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING

from chatbot_app.chat.citations import citation_of_passage
from chatbot_app.core.citations import Citation
from chatbot_app.core.documents import Evidence
from chatbot_app.core.messages import Notice
from chatbot_app.core.trust import Check, SourceSpan, Verdict, statements_found

if TYPE_CHECKING:
    from chatbot_app.knowledge.embedder import Embedder, Vectors
    from chatbot_app.knowledge.search.citations import CitedAnswer
    from chatbot_app.knowledge.trust.checks.claims import Source

NOTHING_SUPPORTED = Notice(
    "NothingSupported",
    "None of this was found in your sources.",
    "Read the sources themselves before you rely on it.",
)


class CheckWithdrawn(Exception):
    """Nobody wants the verdicts any more: the message went, or the program ends."""


@dataclass(frozen=True, slots=True)
class CheckedAnswer:
    """An answer with its markers, what they name, and the verdicts on its sentences."""

    text: str
    citations: tuple[Citation, ...] = ()
    checks: tuple[Check, ...] = ()

    @property
    def notices(self) -> list[Notice]:
        """What is said of it as a whole."""
        supported, checked = statements_found(self.checks)
        return [NOTHING_SUPPORTED] if checked and not supported else []


def check_and_cite(
    answer: str,
    evidence: Sequence[Evidence],
    question: str = "",
    embedder: Embedder | None = None,
    *,
    is_wanted: Callable[[], bool] = lambda: True,
) -> CheckedAnswer:
    """Return the answer checked against the evidence that its model was shown; blocks.

    What the model wrote stays as it is. Where it wrote no marker, each supported sentence gets one; where it
    did, a marker on a sentence that its source does not say is told in the reason of the check. Raises
    CheckWithdrawn once `is_wanted` says no, and AppError where the embedding model cannot be used.
    """
    from chatbot_app.knowledge.search.citations import add_markers, parse_markers
    from chatbot_app.knowledge.trust.checks.claims import Source

    sources = [
        Source(
            item.passage.text,
            "\n".join(filter(None, (item.title, item.fields.company, item.passage.context))),
        )
        for item in evidence
    ]
    checker = _Checker(sources, question, _KnownVectors(embedder) if embedder else None, is_wanted)
    checks = checker.check(answer)
    cited = parse_markers(answer, len(evidence))
    if cited.markers:
        cited = replace(cited, checks=tuple(_with_markers_judged(cited, checks, checker)))
    else:
        cited = add_markers(answer, checks)
    return CheckedAnswer(cited.text, tuple(_citations(cited, evidence)), cited.checks)


def only_cite(answer: str, evidence: Sequence[Evidence]) -> CheckedAnswer:
    """Return the answer with what the model's own markers name; nothing is checked. Quick."""
    from chatbot_app.knowledge.search.citations import parse_markers

    cited = parse_markers(answer, len(evidence))
    return CheckedAnswer(answer, tuple(_citations(cited, evidence)))


class _Checker:
    def __init__(
        self,
        sources: Sequence[Source],
        question: str,
        embedder: _KnownVectors | None,
        is_wanted: Callable[[], bool],
    ) -> None:
        self._sources = sources
        self._question = question
        self._embedder = embedder
        self._is_wanted = is_wanted

    def check(self, answer: str) -> list[Check]:
        """Return the verdicts on an answer, in order."""
        from chatbot_app.knowledge.sentences.statements import statements
        from chatbot_app.knowledge.trust.checks.claims import check_answer

        # The question's words stand in for those that a short answer lacks ("308."). Lent to each sentence of a
        # longer one, they would bear out what no source says.
        if next(islice(statements(answer), 1, None), None) is not None:
            self._question = ""
        checks = check_answer(
            answer,
            self._sources,
            self._embedder,
            self._question,
            is_cancelled=lambda: not self._is_wanted(),
        )
        if not self._is_wanted():
            raise CheckWithdrawn
        return checks

    def says(self, number: int, sentence: str) -> Check | None:
        """Return the verdict of one source alone, where it supports a sentence."""
        from chatbot_app.knowledge.trust.checks.claims import check_answer

        if not self._is_wanted():
            raise CheckWithdrawn
        source = self._sources[number - 1]
        for check in check_answer(sentence, [source], self._embedder, self._question):
            if check.verdict is Verdict.SUPPORTED:
                spans = tuple(SourceSpan(number, span.start, span.end) for span in check.spans)
                return replace(check, sources=(number,), spans=spans)
        return None


class _KnownVectors:
    """An embedding model that is asked for each text once: a source that a marker names is read again alone."""

    def __init__(self, embedder: Embedder) -> None:
        self.model = embedder.model
        self._embedder = embedder
        self._known: dict[str, Vectors] = {}

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, float32, shape (len(texts), dimension). Raises AppError."""
        import numpy as np

        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, self._embedder.embed(new), strict=True))
        if not texts:
            return np.zeros((0, self.model.dimension), np.float32)
        return np.stack([self._known[text] for text in texts])


def _with_markers_judged(cited: CitedAnswer, checks: Sequence[Check], checker: _Checker) -> list[Check]:
    """Return the checks, with what is to be said of the sources that the model named."""
    named: dict[int, list[int]] = {}
    spans = _sentences(cited.text)
    for marker in cited.markers:
        start, _ = _cited_sentence(cited.text, spans, marker.start, marker.end)
        named.setdefault(start, []).extend(marker.sources)
    return [
        _judged(check, list(dict.fromkeys(named[check.start])), cited.text, checker)
        if check.start in named and check.verdict is not Verdict.NOT_CHECKED
        else check
        for check in checks
    ]


def _judged(check: Check, named: Sequence[int], answer: str, checker: _Checker) -> Check:
    sentence = answer[check.start : check.end]
    says: dict[int, Check] = {}
    for number in named:
        if check.verdict is Verdict.SUPPORTED and number in check.sources:
            says[number] = check
        elif (alone := checker.says(number, sentence)) is not None:
            says[number] = alone
    silent = [number for number in named if number not in says]
    reason = f"{_markers(silent)} {'does' if len(silent) == 1 else 'do'} not say this" if silent else ""
    if says:
        # A statement of two clauses that two sources bear out has both, also where the model names one.
        sources = tuple(dict.fromkeys(source for alone in says.values() for source in alone.sources))
        spans = tuple(dict.fromkeys(span for alone in says.values() for span in alone.spans))
        return replace(
            check,
            verdict=Verdict.SUPPORTED,
            sources=sources,
            spans=spans,
            reason=f"{reason}." if reason else "",
        )
    if check.verdict is Verdict.SUPPORTED:
        return replace(check, reason=f"{reason}; {_markers(check.sources)} does.")
    return replace(check, reason=" ".join(part for part in (f"{reason}.", check.reason) if part))


def _markers(numbers: Sequence[int]) -> str:
    marks = [f"[{number}]" for number in numbers]
    return marks[0] if len(marks) == 1 else f"{', '.join(marks[:-1])} and {marks[-1]}"


def _citations(cited: CitedAnswer, evidence: Sequence[Evidence]) -> list[Citation]:
    spans = _sentences(cited.text)
    supports = {check.start: check for check in cited.checks if check.verdict is Verdict.SUPPORTED}
    found = []
    for marker in cited.markers:
        place = marker.start, marker.end
        sentence = _cited_sentence(cited.text, spans, *place)
        check = supports.get(sentence[0])
        for number in marker.sources:
            quoted = next((span for span in check.spans if span.number == number), None) if check else None
            found.append(
                citation_of_passage(
                    number, evidence[number - 1], not marker.by_model, sentence, place, quoted
                )
            )
    return found


def _sentences(text: str) -> list[tuple[int, int]]:
    from chatbot_app.knowledge.words.sentence_ends import sentence_spans

    return list(sentence_spans(text, 0, len(text)))


def _cited_sentence(text: str, spans: Sequence[tuple[int, int]], begin: int, end: int) -> tuple[int, int]:
    """Return the sentence that a marker at `begin` to `end` belongs to, with the marker."""
    index = bisect_right(spans, begin, key=itemgetter(0)) - 1
    if index < 0:
        return begin, end
    start, stop = spans[index]
    # A marker behind the full stop stands at the start of what follows.
    if index and not any(character.isalpha() for character in text[start:begin]):
        start, stop = spans[index - 1][0], end
    return start, max(stop, end)
