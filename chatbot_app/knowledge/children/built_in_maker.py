"""The one who cuts documents into passages that fit the built-in model."""

from __future__ import annotations

from chatbot_app.knowledge.splitting.passage_making import PassageMaker
from chatbot_app.knowledge.splitting.splitter import Splitter


def built_in_maker() -> PassageMaker:
    """Return the maker that every import uses: passages fit the built-in model, whichever makes the vectors."""
    from chatbot_app.knowledge.children.built_in_embedder import BuiltInEmbedder

    model = BuiltInEmbedder()
    return PassageMaker(Splitter(model.token_starts), model)
