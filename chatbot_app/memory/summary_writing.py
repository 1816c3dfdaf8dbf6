"""How a running summary is asked for, read, and made without a model where the model cannot write one."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from chatbot_app.core.messages import Message, Role

HEADINGS = ("Goal", "Facts and constraints", "Decisions", "Open questions")

EXTRACT_HEADING = "What the person said, in their own words:"

LONGEST_STATEMENT = 300  # characters of one line of an extract

_SENTENCE = re.compile(r"[^.!?\n。！？]+[.!?。！？]*")
_ABOUT_ONESELF = re.compile(r"\b(?:I|I'm|I've|my|mine|me|we|we're|our|us)\b", re.IGNORECASE)
_NAME = re.compile(r"(?<=[\w,;:)\"'] )(?:[A-ZÄÖÜÉÈ]\w+|[\"“«][^\"”»]+[\"”»])")
_NUMBER = re.compile(r"\d")
# What is asked of the assistant is answered by the time it leaves the window.
_REQUEST = re.compile(
    r"^(?:(?:please|now|then|and|so|ok|okay|can you|could you)[, ]+)*(?:tell|explain|give|write|show|list|describe"
    r"|summari[sz]e|translate|make|compare|suggest|continue|answer|help|find|create|say|let|thanks?|hello|hi)\b",
    re.IGNORECASE,
)
_REMEMBER = re.compile(r"\b(?:remember|note|important|always|never|must|called|named)\b", re.IGNORECASE)


def summary_request(previous: str, exchanges: str, words: int) -> str:
    """Return the question that asks for a summary of at most `words` words.

    `previous` is the summary so far, "" for none, `exchanges` the messages that follow it.
    """
    headings = "\n".join(f"## {heading}" for heading in HEADINGS)
    earlier = f"Summary so far:\n<summary>\n{previous}\n</summary>\n\n" if previous else ""
    merge = "Merge it with the messages into one summary. Keep what still holds. " if previous else ""
    return (
        f"{earlier}Messages that follow:\n<messages>\n{exchanges}\n</messages>\n\n"
        f"Write the notes that somebody needs to go on with this conversation without having read it. {merge}"
        "Keep every name, number, date and wish of the user exactly. Write at most "
        f"{words} words, short points, nothing that was not said, under these headings and without those "
        f"that stay empty:\n{headings}"
    )


def usable_summary(reply: str) -> str | None:
    """Return what of a model's reply can stand as a summary, None where it did not do what was asked.

    A summary has at least one of the headings; a preamble above the first is left out.
    """
    text = re.sub(r"<think>.*?</think>", "", reply, flags=re.DOTALL).strip().removeprefix("```markdown")
    text = text.strip("`\n ")
    starts = [match.start() for heading in HEADINGS if (match := _heading(heading).search(text))]
    if not starts:
        return None
    text = text[min(starts) :].strip()
    points = [
        line for line in text.splitlines() if line.strip() and not line.lstrip().startswith(("#", "**"))
    ]
    return text if points else None


def extract(previous: str, messages: Sequence[Message], count: Callable[[str], int], limit: int) -> str:
    """Return the person's own statements with names, numbers and wishes, marked as such, in order.

    `previous` is an extract so far, whose lines come first. At most `limit` tokens as `count` counts; what
    says least is given up first, of equals the older one last: what is said first is what is built upon.
    "" where there is none.
    """
    lines = [line[2:] for line in previous.splitlines() if line.startswith("- ")]
    for message in messages:
        if message.role is Role.USER and not message.excluded:
            lines += [line for line in _statements(message.text) if line not in lines]
    ranked = sorted(range(len(lines)), key=lambda place: (-_weight(lines[place]), place))
    left = limit - count(EXTRACT_HEADING)
    kept = []
    for place in ranked:
        tokens = count(f"\n- {lines[place]}") + 1
        if tokens <= left:
            kept.append(place)
            left -= tokens
    if not kept:
        return ""
    return "\n".join([EXTRACT_HEADING, *(f"- {lines[place]}" for place in sorted(kept))])


def is_extract(text: str) -> bool:
    """Whether a summary was made by `extract`."""
    return text.startswith(EXTRACT_HEADING)


def cut_to(text: str, count: Callable[[str], int], limit: int) -> str:
    """Return as many whole lines of `text` from its start as fit into `limit` tokens."""
    lines = text.splitlines()
    while lines and count("\n".join(lines)) > limit:
        lines.pop()
    return "\n".join(lines)


def _statements(text: str) -> list[str]:
    found = []
    for match in _SENTENCE.finditer(text):
        sentence = " ".join(match[0].split())
        if sentence.endswith(("?", "？")) or not _weight(sentence) or len(sentence) > LONGEST_STATEMENT:
            continue
        found.append(sentence)
    return found


def _weight(sentence: str) -> int:
    """Return how much a statement tells: names, numbers, wishes, and being about the person."""
    if len(sentence) < 8 or (_REQUEST.match(sentence) and not _REMEMBER.search(sentence)):
        return 0
    signs = (_ABOUT_ONESELF, _NAME, _NUMBER, _REMEMBER)
    return sum(1 for sign in signs if sign.search(sentence))


def _heading(words: str) -> re.Pattern[str]:
    return re.compile(rf"^[ \t#*]*{words}\b", re.IGNORECASE | re.MULTILINE)
