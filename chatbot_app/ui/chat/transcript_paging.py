"""Which messages of a long conversation are widgets: plain numbers, no Qt."""

from __future__ import annotations

SHOWN_MOST = 100  # messages that are widgets at once
SHOWN_AT_FIRST = 80
PAGE = 30  # messages that come or go at an end


class Paging:
    """Of `count` messages, those from `first` up to `last` are widgets."""

    def __init__(self) -> None:
        self.count = self.first = self.last = 0

    def holds(self, position: int) -> bool:
        """Whether the message at a position is a widget."""
        return self.first <= position < self.last

    @property
    def is_at_end(self) -> bool:
        """Whether the newest message is a widget, or there is none."""
        return self.last == self.count

    def open(self, count: int) -> None:
        """Show the end of so many messages."""
        self.count = self.last = count
        self.first = max(count - SHOWN_AT_FIRST, 0)

    def prepend(self, number: int) -> None:
        """So many older messages came above; the same ones are widgets."""
        self.count += number
        self.first += number
        self.last += number

    def append(self) -> None:
        """A message came at the end; it is a widget where the one before it is."""
        self.count += 1
        if self.last == self.count - 1:
            self.last += 1
            self._shrink_top()

    def page_up(self, *, keep_end: bool) -> None:
        """Make widgets of a page of older messages, and let as many go below unless they are kept."""
        self.first = max(self.first - PAGE, 0)
        if not keep_end:
            self.last = min(self.last, self.first + SHOWN_MOST)

    def page_down(self) -> None:
        """Make widgets of a page of newer messages, and let as many go above."""
        self.last = min(self.last + PAGE, self.count)
        self._shrink_top()

    def go_to_end(self) -> None:
        """Show the newest messages, unless the newest is shown."""
        if not self.is_at_end:
            self.show_from(max(self.count - SHOWN_AT_FIRST, 0))

    def go_to(self, position: int) -> None:
        """Show the messages around a position, unless it is shown."""
        if not self.holds(position):
            self.show_from(max(position - SHOWN_AT_FIRST // 2, 0))

    def show_from(self, first: int) -> None:
        """Show the messages from a position on."""
        self.first = first
        self.last = min(first + SHOWN_AT_FIRST, self.count)

    def _shrink_top(self) -> None:
        self.first = max(self.first, self.last - SHOWN_MOST)
