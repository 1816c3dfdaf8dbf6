"""Verdicts on a statement: those that one sentence of a source decides, and that none says it."""

from __future__ import annotations

from chatbot_app.core.trust import Check, SourceSpan, Verdict
from chatbot_app.knowledge.sentences.source_sentences import SourceSentence

NOT_SAID = "None of the sources says this."


def supported(start: int, end: int, sentence: SourceSentence) -> Check:
    """Return that a sentence says what stands at `start` to `end` of an answer."""
    return _by(start, end, Verdict.SUPPORTED, sentence, "")


def contradicted(start: int, end: int, sentence: SourceSentence, reason: str) -> Check:
    """Return that a sentence says something against what stands at `start` to `end` of an answer."""
    return _by(start, end, Verdict.CONTRADICTED, sentence, reason)


def unsupported(start: int, end: int, reason: str = NOT_SAID) -> Check:
    """Return that no source says what stands at `start` to `end` of an answer."""
    return Check(start, end, Verdict.UNSUPPORTED, reason=reason)


def _by(start: int, end: int, verdict: Verdict, sentence: SourceSentence, reason: str) -> Check:
    """Return a verdict on characters `start` to `end` of an answer that one sentence of a source decides."""
    span = SourceSpan(sentence.source, sentence.start, sentence.end)
    return Check(start, end, verdict, (sentence.source,), reason, (span,))


def differing(mine: str, theirs: str) -> str:
    """Return in a sentence what an answer and a source say in the same place."""
    return f"The answer says “{mine.rstrip('.')}”, the source “{theirs.rstrip('.')}”."
