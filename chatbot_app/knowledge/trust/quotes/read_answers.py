"""What reading says of sentences: passages are read with the question, each as a whole (`children/cross_encoder.py`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chatbot_app.core.documents import Evidence
from chatbot_app.knowledge.cross_encoding import CrossEncoder, CrossEncoding
from chatbot_app.knowledge.search.reading_order import READ, texts_to_read
from chatbot_app.knowledge.sentences.quotable_sentences import Sentence
from chatbot_app.knowledge.trust.quotes.quote_features import FEATURES, Features

_OF_SENTENCE, _OF_PASSAGE = FEATURES.index("read as an answer"), FEATURES.index("passage read as an answer")
_LOG_ODDS = 4.0  # that are one unit of the features, and the most of them: the others lie between 0 and 1
_NOT_READ = -1.5  # the features of what is not read


def read_passages(
    question: str, evidence: Sequence[Evidence], reader: CrossEncoder
) -> dict[int, CrossEncoding]:
    """Return what reading the first passages with a question tells, by their index. Raises AppError."""
    return dict(enumerate(reader.encode_pairs(question, texts_to_read(evidence[:READ]))))


def with_answers(
    table: Features, sentences: Sequence[Sentence], readings: Mapping[int, CrossEncoding]
) -> Features:
    """Return the features, shape (sentences, len(FEATURES)), with those of reading; `readings` are of passages, by their index."""
    complete = table.copy()
    for row, sentence in enumerate(sentences):
        reading = readings.get(sentence.source)
        odds = reading.log_odds(sentence.start, sentence.end) if reading is not None else None
        if reading is not None and odds is not None:
            complete[row, _OF_SENTENCE] = _scaled(odds)
            complete[row, _OF_PASSAGE] = _scaled(reading.passage)
        else:
            complete[row, [_OF_SENTENCE, _OF_PASSAGE]] = _NOT_READ
    return complete


def _scaled(odds: float) -> float:
    return min(1.0, max(-1.0, odds / _LOG_ODDS))
