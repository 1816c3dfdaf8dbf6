"""Whether a follow-up about somebody else is meant at the time of the question before.

"And Ivan Petrenko's?" after "What was Martha Olsen's haemoglobin on 5 February?": his was taken on another day.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from chatbot_app.knowledge.fields.matching import Wanted
from chatbot_app.knowledge.search.follow_ups import without_times
from chatbot_app.knowledge.search.replaced_phrases import named_anew
from chatbot_app.knowledge.words.small_words import language_of
from chatbot_app.storage.word_search import WordSearch


def wanted_of_others(
    question: str, earlier: Sequence[str], wanted: Callable[[Sequence[str]], Wanted], words: WordSearch
) -> Wanted:
    """Return what a follow-up wants of the library: `wanted` of the questions it leans on, without their times where no
    document of such a time has the names that it names anew, and another one has them. Raises StoreError.
    """
    found = wanted(earlier)
    names = named_anew(question, language_of(question)) if earlier and found.fitting else []
    timeless = [without_times(one) for one in earlier] if names else []
    if not names or timeless == list(earlier):
        return found
    match = " AND ".join(f'"{name}"' for name in names)
    if words.documents_with(match, list(found.fitting)) or not words.count([match], 1)[0]:
        return found
    return wanted(timeless)
