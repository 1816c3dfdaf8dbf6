"""A second look where scores are close: the passage with the sentence that is nearest to the question comes first.

The vector of a passage tells what all of it is about, the answer mostly stands in one sentence. Vectors of sentences are
made only for passages that could change places with the first; the embedding model keeps them for the quotes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import fsum

from chatbot_app.core.documents import Passage
from chatbot_app.knowledge.embedder import TokenEmbedder
from chatbot_app.knowledge.search.reranking import ScoredPassage
from chatbot_app.knowledge.sentences.quotable_sentences import sentences_of
from chatbot_app.knowledge.words.word_forms import WordForms

# Chosen over articles, abstracts and code: a flat optimum, whichever of them is left out, and no half of one loses (articles,
# first passage: 83.5 / 80.4 to 85.5 / 82.7 %). More sentences, all of them, more passages, those further behind, and the
# tokens of sentences (late interaction) change less than one point, either way.
LOOKED_AT = 5  # passages at most
CLOSE = 0.1  # to the score of the first: what is further behind seldom gets past it. 73 % of those questions need no look
SENTENCES = 2  # of each passage, those that hold most of the question's words
SENTENCE_WEIGHT = 0.5  # of the cosine
# Of all of them: their vectors would take longer than a tenth of a second. Of the questions about articles 2 % need more.
CHARACTERS = 1800


def nearest_first(
    scored: Sequence[ScoredPassage], question: str, words: WordForms, embedder: TokenEmbedder
) -> list[ScoredPassage]:
    """Return passages, best first, after a second look at those whose scores are close to that of the first.

    `scored` are in order, `words` are those of the question. They stay as they are where their sentences are too long to
    be looked at. Raises AppError where the embedding model cannot be used.
    """
    close = [item for item in scored[:LOOKED_AT] if item.scores.fused >= scored[0].scores.fused - CLOSE]
    if len(close) < 2:
        return list(scored)
    sentences = _promising([item.placed.passage for item in close], words)
    texts = [text for of_passage in sentences for text in of_passage]
    if sum(map(len, texts)) > CHARACTERS:
        return list(scored)
    asked, *found = embedder.embed_tokens([question, *texts])
    cosines = iter(float(one.vector @ asked.vector) for one in found)
    nearest = [max((next(cosines) for _ in of_passage), default=None) for of_passage in sentences]
    lowest = min((cosine for cosine in nearest if cosine is not None), default=0.0)
    looked_at = []
    for item, cosine in zip(close, nearest, strict=True):
        # Nobody loses: what was not looked at stays behind them.
        gained = 0.0 if cosine is None else SENTENCE_WEIGHT * (cosine - lowest)
        scores = replace(item.scores, fused=item.scores.fused + gained, sentence=cosine)
        looked_at.append(replace(item, scores=scores))
    looked_at.sort(key=lambda item: (-item.scores.fused, item.placed.passage.id))
    return [*looked_at, *scored[len(close) :]]


def _promising(passages: Sequence[Passage], words: WordForms) -> list[list[str]]:
    """Return of each passage the sentences that hold most of the question's words, rare ones counting more."""
    texts: list[list[tuple[float, str]]] = [[] for _ in passages]
    for sentence in sentences_of(passages):
        held = fsum(words.weights[term] for term in words.inside(sentence.text))
        texts[sentence.source].append((held, sentence.text))
    return [
        [text for _, text in sorted(of_passage, key=lambda one: -one[0])[:SENTENCES]] for of_passage in texts
    ]
