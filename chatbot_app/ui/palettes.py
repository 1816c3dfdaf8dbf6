"""Every colour of the window, by what it means, light and dark."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Colors:
    """What a colour means, as `#rrggbb`. Text colours reach 4.5:1 on background, surface and raised.

    `background` is the window, `surface` what one writes in, `raised` what lies above or under the mouse;
    `border` only decorates, `outline` (3:1) draws the edge of what can be operated. The `part_` colours
    stand for the kinds of a prompt plan.
    """

    text: str
    muted: str
    background: str
    surface: str
    raised: str
    border: str
    outline: str
    accent: str
    accent_hover: str
    accent_text: str
    user_bubble: str
    code_background: str
    selection: str
    selection_text: str
    link: str
    link_visited: str
    success: str
    warning: str
    danger: str
    info_background: str
    warning_background: str
    danger_background: str
    mark: str  # behind the words that a search found
    part_system: str
    part_pinned: str
    part_summary: str
    part_history: str
    part_recalled: str
    part_passage: str
    part_question: str
    part_picture: str
    part_reply: str


LIGHT = Colors(
    text="#1c2127",
    muted="#58616c",
    background="#f5f6f8",
    surface="#ffffff",
    raised="#e9ecf1",
    border="#d8dde4",
    outline="#858e9a",
    accent="#2b66a6",
    accent_hover="#23568d",
    accent_text="#ffffff",
    user_bubble="#e1ebf6",
    code_background="#eef1f5",
    selection="#c7dcf3",
    selection_text="#1c2127",
    link="#1f5c9e",
    link_visited="#6b4a9c",
    success="#17683b",
    warning="#7d5000",
    danger="#ad241c",
    info_background="#e4eef9",
    warning_background="#fcf1d9",
    danger_background="#fce8e6",
    mark="#ffe08a",
    part_system="#7a58b5",
    part_pinned="#b8478c",
    part_summary="#0f8a93",
    part_history="#3f7fbf",
    part_recalled="#8a7a16",
    part_passage="#2a8a55",
    part_question="#c2641c",
    part_picture="#a5524a",
    part_reply="#7d8794",
)

DARK = Colors(
    text="#e6e9ed",
    muted="#a6afba",
    background="#16191d",
    surface="#1e2227",
    raised="#2a2f36",
    border="#343a43",
    outline="#78818d",
    accent="#82b6ee",
    accent_hover="#9dc6f3",
    accent_text="#0d1b2a",
    user_bubble="#22364b",
    code_background="#101317",
    selection="#2f5179",
    selection_text="#f4f7fa",
    link="#8fbff4",
    link_visited="#c0a6ec",
    success="#74cf9a",
    warning="#eab95f",
    danger="#f4938a",
    info_background="#1c2f44",
    warning_background="#3a2f16",
    danger_background="#43211f",
    mark="#6b5212",
    part_system="#a98fe0",
    part_pinned="#e580bd",
    part_summary="#4fc3cc",
    part_history="#5f9be0",
    part_recalled="#d0c04a",
    part_passage="#5fbf86",
    part_question="#ec8f4a",
    part_picture="#df8f84",
    part_reply="#808a97",
)
