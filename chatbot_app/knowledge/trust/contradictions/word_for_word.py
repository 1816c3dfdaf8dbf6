"""What a sentence says against a statement of nearly the same words: another word in a place, another one who does it.

For German, French, Spanish and Russian, whose inflected words and free order tell more, and need more, than those of English: of
this only what changed places is told here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatbot_app.knowledge.sentences.source_sentences import SourceSentence
from chatbot_app.knowledge.trust.contradictions.comparisons import sides_exchanged
from chatbot_app.knowledge.trust.contradictions.crossed_parts import crossed, denied_beside
from chatbot_app.knowledge.trust.contradictions.decided_checks import differing
from chatbot_app.knowledge.trust.contradictions.german_roles import done_by_another
from chatbot_app.knowledge.trust.contradictions.left_over import left_over
from chatbot_app.knowledge.trust.contradictions.swapped import replaced_characters, swapped
from chatbot_app.knowledge.words.thesaurus import LANGUAGES

_ASKS = re.compile(r"[?:]\s")


def word_against(
    text: str, sentence: SourceSentence, sentences: Sequence[SourceSentence], language: str
) -> str | None:
    """Return, in a sentence, what a source's sentence says against a statement of its words; None where it says nothing against it.

    `sentences` are all of the sources, `language` theirs.
    """
    if sentence.is_row or _ASKS.search(text):
        return None  # a question with its answer has an order of its own
    if sides_exchanged(text, sentence.text):
        return None  # "slower" for "faster" is right
    # In Russian cases tell who does it, in whatever order.
    if language != "ru" and (pair := swapped(text, sentence.text)) is not None:
        return f"The source has it the other way round: “{pair[1]}” comes before “{pair[0]}”."
    if language == "han":
        words = replaced_characters(text, sentence.text)
        return None if words is None else differing(*words)
    if language not in LANGUAGES:
        return None
    if (words := left_over(text, sentence.text, language)) is not None:
        return differing(*words)
    if language == "de":
        others = [other.text for other in sentences if other.source == sentence.source and not other.is_row]
        if (agents := done_by_another(text, others, sentence.text)) is not None:
            return f"The answer says this of “{agents[0]}”, the source of “{agents[1]}”."
    if (parts := crossed(text, sentence.text, language)) is not None:
        return f"The source says “{parts[1]}” where the answer says “{parts[0]}”."
    if (but := denied_beside(text, sentence.text, language)) is not None:
        return f"The source denies this of “{but}”."
    return None
