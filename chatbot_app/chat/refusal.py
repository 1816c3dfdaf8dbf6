"""What is said where the documents do not answer: what was searched, and what comes nearest."""

from __future__ import annotations

from collections.abc import Sequence

from chatbot_app.chat.quoting import plain_line, quoted_text
from chatbot_app.core.citations import Citation
from chatbot_app.core.documents import SearchScope
from chatbot_app.core.trust import Quotes, years_shown
from chatbot_app.core.visible_text import visible_text

NONE_OF_THESE = (
    "None of your documents is of {fields}, and this conversation keeps to such ones. Nothing was searched. Take the"
    " restriction away, or correct what the documents say about themselves, in Knowledge."
)
NO_DOCUMENTS = "There are no documents to search yet. Add some, or ask without documents."


def refusal(quotes: Quotes, scope: SearchScope, asked: str, searched: str) -> tuple[str, list[Citation]]:
    """Return the text of a refusal, as Markdown, and the citations of the nearest passages in it.

    `searched` is the query where it is another than the question `asked`.
    """
    if not scope.documents and scope.kept_to:
        return NONE_OF_THESE.format(fields=_plain(scope.kept_to)), []
    if not scope.documents:
        return NO_DOCUMENTS, []
    text = f"Your documents do not answer this question. Searched: {_searched(scope)}"
    text += f", for “{searched}”." if " ".join(searched.split()) != " ".join(asked.split()) else "."
    if quotes.unsaid_years:
        text += f" What lies nearest tells of other years, not of {years_shown(quotes.unsaid_years)}."
    if not quotes.quotes:
        return f"{text} Nothing in them comes near it.", []
    return quoted_text(quotes.quotes, f"{text} What comes nearest:")


def _searched(scope: SearchScope) -> str:
    count = "1 document" if scope.documents == 1 else f"{scope.documents:,} documents"
    if scope.kept_to:
        count += f" of {_plain(scope.kept_to)}"
        if not scope.collections:
            return count
    if not scope.collections:
        return f"{count}, the whole library" if scope.documents > 1 else count
    names = [f"“{name}”" for name in scope.collections]
    if len(names) == 1:
        return f"{count} in {names[0]}"
    return f"{count} in {', '.join(names[:-1])} and {names[-1]}"


def _plain(fields: Sequence[str]) -> str:
    """Return what documents are kept to, as text that is no Markdown."""
    return ", ".join(f"“{plain_line(visible_text(text))}”" for text in fields)
