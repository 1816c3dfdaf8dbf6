"""The running summary: its request, what is accepted as one, and the extract in its place."""

from __future__ import annotations

import pytest

from chatbot_app.core.messages import Message, Role
from chatbot_app.memory.summary_writing import cut_to, extract, is_extract, summary_request, usable_summary


def said(text: str, role: Role = Role.USER, excluded: bool = False) -> Message:
    return Message("m", "c", None, 1, role, text, excluded=excluded)


def words(text: str) -> int:
    return len(text.split())


def test_the_request_merges_the_summary_so_far() -> None:
    request = summary_request("## Goal\nA cake", "User: no walnuts", 100)
    assert "A cake" in request
    assert "no walnuts" in request
    assert "Merge" in request
    assert "Merge" not in summary_request("", "User: hi", 100)


@pytest.mark.parametrize(
    ("reply", "accepted"),
    [
        ("## Goal\n- bake", "## Goal\n- bake"),
        (
            "Here it is:\n## Goal\n- bake\n## Decisions\n- no walnuts",
            "## Goal\n- bake\n## Decisions\n- no walnuts",
        ),
        ("<think>hm</think>**Facts and constraints**\n- x", "**Facts and constraints**\n- x"),
        ("## Goal\n## Decisions", None),
        ("The user and I talked about cakes.", None),
        ("", None),
    ],
)
def test_a_reply_without_headings_is_no_summary(reply: str, accepted: str | None) -> None:
    assert usable_summary(reply) == accepted


def test_an_extract_keeps_the_persons_facts_in_their_words() -> None:
    talk = [
        said("My sister Ottilie was born on 14 March 1983. What a nice day! Tell me about Oslo, part 3."),
        said("Her sister Anna is 40.", Role.ASSISTANT),
        said("My secret is 42.", excluded=True),
        said("Is Graz nice?"),
    ]
    text = extract("", talk, words, 200)
    assert is_extract(text)
    assert text.splitlines()[1:] == ["- My sister Ottilie was born on 14 March 1983."]


def test_an_extract_goes_on_and_gives_up_what_says_least() -> None:
    first = extract("", [said("My sister Ottilie was born on 14 March 1983.")], words, 200)
    talk = [said(f"I think that thing {'x' * n} is good.") for n in range(3, 30)]
    text = extract(first, talk, words, 40)
    assert "Ottilie" in text
    assert words(text) <= 40
    assert extract("", [said("Hm, no.")], words, 40) == ""


def test_what_is_too_long_loses_whole_lines() -> None:
    assert cut_to("a b\nc d\ne f", words, 4) == "a b\nc d"
