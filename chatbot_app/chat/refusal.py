"""What is said where the documents do not answer: what was searched, and what comes nearest."""

from __future__ import annotations

from chatbot_app.chat.quoting import quoted_text
from chatbot_app.core.documents import Citation, SearchScope
from chatbot_app.core.trust import Quotes

NO_DOCUMENTS = "There are no documents to search yet. Add some, or ask without documents."


def refusal(quotes: Quotes, scope: SearchScope, asked: str, searched: str) -> tuple[str, list[Citation]]:
    """Return the text of a refusal, as Markdown, and the citations of the nearest passages in it.

    `searched` is the query where it is another than the question `asked`.
    """
    if not scope.documents:
        return NO_DOCUMENTS, []
    text = f"Your documents do not answer this question. Searched: {_searched(scope)}"
    text += f", for “{searched}”." if " ".join(searched.split()) != " ".join(asked.split()) else "."
    if not quotes.quotes:
        return f"{text} Nothing in them comes near it.", []
    return quoted_text(quotes.quotes, f"{text} What comes nearest:")


def _searched(scope: SearchScope) -> str:
    count = "1 document" if scope.documents == 1 else f"{scope.documents:,} documents"
    if not scope.collections:
        return f"{count}, the whole library" if scope.documents > 1 else count
    names = [f"“{name}”" for name in scope.collections]
    if len(names) == 1:
        return f"{count} in {names[0]}"
    return f"{count} in {', '.join(names[:-1])} and {names[-1]}"
