"""What the parts of a transcript are drawn with."""

from __future__ import annotations

from dataclasses import dataclass, field

from markdown_it import MarkdownIt

from chatbot_app.core.markdown_parser import full_parser
from chatbot_app.ui.chat.idle_work import IdleWork
from chatbot_app.ui.chat.look import Look
from chatbot_app.ui.chat.mathematics import FormulaBudget, MathRenderer
from chatbot_app.ui.chat.picture_shelf import PictureShelf
from chatbot_app.ui.chat.step_allowance import StepAllowance


@dataclass
class Drawing:
    """What blocks are drawn with: one for all messages of a transcript, but for `budget`, which each has its own of."""

    look: Look
    renderer: MathRenderer
    idle: IdleWork
    parser: MarkdownIt = field(default_factory=full_parser)
    budget: FormulaBudget = field(default_factory=FormulaBudget)
    step: StepAllowance = field(default_factory=StepAllowance)
    pictures: PictureShelf = field(default_factory=PictureShelf)
