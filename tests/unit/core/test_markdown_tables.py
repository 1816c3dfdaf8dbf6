"""Rows of tables."""

from __future__ import annotations

from chatbot_app.core.markdown_tables import Alignment, alignments, is_table_start, split_row


def test_outer_pipes_are_optional_and_escaped_ones_stay() -> None:
    assert split_row("| a | b \\| c |") == ["a", "b | c"]
    assert split_row("a | b") == ["a", "b"]


def test_alignment_follows_the_colons() -> None:
    assert alignments("|:--|:-:|--:|---|") == [
        Alignment.LEFT,
        Alignment.CENTRE,
        Alignment.RIGHT,
        Alignment.LEFT,
    ]


def test_a_table_needs_as_many_cells_in_both_lines() -> None:
    assert is_table_start("| a | b |", "|---|---|")
    assert not is_table_start("| a | b |", "|---|")
    assert not is_table_start("a", "---")
