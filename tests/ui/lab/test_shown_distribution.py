"""What the page of the next token shows of a distribution."""

from __future__ import annotations

import numpy as np

from chatbot_app.lab.next_token import Distribution, TokenPath
from chatbot_app.lab.next_token_jobs import Place
from chatbot_app.lab.sampling import Sampling
from chatbot_app.llm.logprobs import Token
from chatbot_app.ui.lab.shown_distribution import shown_distribution


def test_settings_that_change_nothing_change_no_number() -> None:
    """A server rounds: its probabilities sum to 1.004 here."""
    tokens = tuple(Token(number, text, text.encode()) for number, text in enumerate(("a", "b", "c")))
    logprobs = np.log([0.6, 0.272, 0.132])
    place = Place(TokenPath("x"), Distribution(tokens, logprobs, 0.0))
    shown = shown_distribution(place, Sampling())
    assert [bar.after for bar in shown.bars] == [bar.before for bar in shown.bars]
    assert shown.reshaped_entropy == shown.entropy
    sharper = shown_distribution(place, Sampling(temperature=0.5))
    assert sharper.bars[0].after > 0.75
    assert abs(sum(bar.after for bar in sharper.bars) - 1) < 1e-9
