"""A bold line above paragraphs is a title, as those write it who use no styles of headings."""

from __future__ import annotations

import pytest

from chatbot_app.core.documents import Passage
from chatbot_app.knowledge.sentences.quotable_sentences import sentences_of


def headings(text: str) -> list[str]:
    passage = Passage(0, "d", 0, 0, len(text), text, None, (), "")
    return [one.text for one in sentences_of([passage]) if one.is_heading]


@pytest.mark.parametrize("title", ["**Trip to Nant Gwrtheyrn**", "__House rules__"])
def test_a_bold_line_above_a_paragraph_is_a_title(title: str) -> None:
    assert headings(f"{title}\n\nThe trip costs £289 in all.") == [title]
    assert headings(f"We go away.\n\n{title}\n\nThe trip costs £289 in all.") == [title]


@pytest.mark.parametrize(
    "text",
    [
        "**The trip costs £289.**\n\nIt is paid in March.",
        "**Price:**\n\n£289 in all.",
        "The price is\n**£289 in all**\n\nand no more.",
        "Pay here:\n\n**Account of Ada Brook**",
        "**Price** £289\n\nIn all.",
    ],
)
def test_other_bold_words_say_something(text: str) -> None:
    assert headings(text) == []
