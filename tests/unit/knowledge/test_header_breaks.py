"""Lines of headers stay lines where a mail is shown as Markdown, and what is marked stays marked."""

from __future__ import annotations

from chatbot_app.knowledge.formats.header_breaks import with_header_breaks


def test_headers_get_breaks_and_places_move_with_them() -> None:
    text = "Subject: A\nFrom: Ada <a@x.example>\nDate: now\n\nFrom: one to two\n<b@x.example> wrote"
    places = [text.index(words) for words in ("Subject", "From", "Date", "one", "<b@")]
    shown, moved = with_header_breaks(text, places)
    assert (
        shown
        == "Subject: A\\\nFrom: Ada \\<a@x.example>\\\nDate: now\n\nFrom: one to two\n<b@x.example> wrote"
    )
    assert [shown[at : at + 3] for at in moved] == ["Sub", "Fro", "Dat", "one", "<b@"]
    assert with_header_breaks("Plain text.", [2]) == ("Plain text.", [2])
    assert with_header_breaks("To: <a@b@c.example>", [9]) == ("To: \\<a@b@c.example>", [10])


def test_a_header_of_a_stranger_is_looked_through_once() -> None:
    for text in ("From: <" + "@" * 100_000, "From: <" + "a@" * 100_000):
        assert with_header_breaks(text, [3]) == (text, [3])
