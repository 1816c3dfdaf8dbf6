"""The text of a message on its way to becoming blocks, a bounded step at a time."""

from __future__ import annotations

from typing import Any

from chatbot_app.core.markdown_block import Change
from chatbot_app.core.markdown_blocks import BlockSplitter
from chatbot_app.core.visible_text import visible_text

SHOWN_MOST = 400_000  # characters of one message; the rest is shown on demand
BLOCKS_MOST = 1_500  # of one message; the rest is shown on demand
FED_AT_ONCE = 4_000  # characters that become blocks in one step
READ_AT_ONCE = 6_000  # weight that the parser reads in one step
TAKEN_AT_ONCE = 16_000  # characters whose hidden signs are made visible in one step


class BodyText:
    """Text that may still grow, how much of it has become blocks, and how much of it may."""

    def __init__(self, *, literal: bool) -> None:
        self._splitter = BlockSplitter(literal=literal, read_most=READ_AT_ONCE)
        self._whole = ""  # with hidden signs made visible
        self._original: list[str] | None = None  # what `_whole` was made of, where that is something else
        self._incoming: list[str] = []
        self._waiting = 0  # characters of `_incoming`
        self._fed = 0
        self._blocks = 0
        self._characters_most, self._blocks_most = SHOWN_MOST, BLOCKS_MOST
        self._finished = False
        self._closed = False
        self.read_weight = 0  # how much the parser read at the last feed

    @property
    def references(self) -> dict[str, Any]:
        """Link definitions met so far."""
        return self._splitter.references

    @property
    def whole(self) -> str:
        """All of the text as it is shown: with hidden characters made visible."""
        self._take(self._waiting)
        return self._whole

    @property
    def original(self) -> str:
        """All of the text as it came."""
        taken = self._whole if self._original is None else "".join(self._original)
        return taken + "".join(self._incoming) if self._incoming else taken

    def __len__(self) -> int:
        return len(self._whole) + self._waiting

    def append(self, text: str) -> None:
        """Take more text; nothing is done with it yet."""
        if text:
            self._incoming.append(text)
            self._waiting += len(text)

    def finish(self) -> None:
        """The text is complete."""
        self._finished = True

    @property
    def is_finished(self) -> bool:
        """Whether the text is complete."""
        return self._finished

    @property
    def is_full(self) -> bool:
        """Whether as much is shown as may be, and more is there."""
        full = self._fed >= self._characters_most or self._blocks >= self._blocks_most
        return full and (self._fed < len(self) or self._splitter.is_behind)

    @property
    def is_fed(self) -> bool:
        """Whether all text that may be shown has become blocks."""
        if self.is_full:
            return True
        whole = self._fed >= len(self) and not self._splitter.is_behind
        return whole and (self._closed or not self._finished)

    @property
    def hidden(self) -> int:
        """Characters that are not shown until more is asked for."""
        return max(len(self) - self._fed, 1) if self.is_full else 0

    def unfed(self) -> tuple[int, int]:
        """Return how many characters and lines wait to become blocks and will, the lines about."""
        end = min(len(self), self._characters_most)
        if self.is_full or end <= self._fed:
            return 0, 0
        known = self._whole.count("\n", self._fed, min(end, self._fed + TAKEN_AT_ONCE))
        seen = max(min(len(self._whole), end, self._fed + TAKEN_AT_ONCE) - self._fed, 1)
        return end - self._fed, known * (end - self._fed) // seen

    def show_more(self) -> None:
        """Allow as much again to be shown."""
        self._characters_most += SHOWN_MOST
        self._blocks_most += BLOCKS_MOST

    def feed(self, at_most: int = FED_AT_ONCE) -> list[Change]:
        """Make blocks of some more text and return what changed."""
        if self.is_fed:
            return []
        changes: list[Change] = []
        self.read_weight = 0
        if self._splitter.is_behind:
            changes.append(self._splitter.go_on())
        elif self._fed < len(self):
            if self._waiting and len(self._whole) < self._fed + at_most:
                self._take(TAKEN_AT_ONCE)
            end = min(len(self._whole), self._characters_most, self._fed + at_most)
            changes.append(self._splitter.append(self._whole[self._fed : end]))
            self._fed = end
        elif self._finished and not self._closed:
            self._closed = True
            changes.append(self._splitter.finish())
        for change in changes:
            self.read_weight += self._splitter.read_weight
            self._blocks = change.start + len(change.blocks)
        return changes

    @property
    def is_closed(self) -> bool:
        """Whether nothing will change any more what has become blocks."""
        return self._closed and not self._splitter.is_behind

    def _take(self, at_most: int) -> None:
        """Make the hidden signs of some incoming text visible."""
        if not self._incoming:
            return
        # Joined once a flush: adding each token to a long text would copy it each time.
        text = "".join(self._incoming)
        if at_most < len(text):
            # Between lines, where nothing that belongs together is torn apart.
            at_most = (text.rfind("\n", at_most // 2, at_most) + 1) or at_most
        rest = text[at_most:]
        self._incoming = [rest] if rest else []
        self._waiting = len(rest)
        taken = text[:at_most]
        visible = visible_text(taken)
        if self._original is None and visible != taken:
            self._original = [self._whole]
        if self._original is not None:
            self._original.append(taken)
        self._whole += visible
