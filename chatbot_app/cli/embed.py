"""The command that turns texts into vectors, by the model that searches the documents."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from pathlib import Path

from chatbot_app.chat.services import create_services
from chatbot_app.cli.printing import one_line, print_json
from chatbot_app.core.errors import UsageError
from chatbot_app.core.lab_errors import EmbeddingModelMissing
from chatbot_app.core.text import clean_text
from chatbot_app.storage.database import Access

_LONGEST = 60  # characters of a text that a line shows


def run(options: argparse.Namespace, data_dir: Path | None) -> int:
    """Run the command and return the exit status. Raises AppError."""
    texts: list[str] = []
    for text in options.texts:
        texts += [line for line in sys.stdin.read().splitlines() if line.strip()] if text == "-" else [text]
    texts = [clean_text(text) for text in texts]
    if not texts:
        raise UsageError(detail="There is no text.")
    for place, text in enumerate(texts, start=1):
        if not text.strip():
            raise UsageError(detail=f"Text {place} of {len(texts)} is empty: it has no vector.")
    with closing(create_services(data_dir, access=Access.GUEST)) as services:
        from chatbot_app.knowledge.embedder import embed_queries

        embedder = services.library.embedder
        if embedder is None:
            raise EmbeddingModelMissing()
        vectors = embed_queries(embedder, texts) if options.query else embedder.embed(texts)
        name = services.library_move.searched_name()
    cosines = vectors @ vectors.T
    if options.json:
        print_json(
            {
                "model": name,
                "dimension": int(vectors.shape[1]),
                "vectors": [[round(float(number), 6) for number in vector] for vector in vectors],
                "cosines": [[round(float(cosine), 4) for cosine in row] for row in cosines],
            }
        )
        return 0
    print(f"{name}, {vectors.shape[1]} numbers a vector")
    for row, text in enumerate(texts):
        near = "  ".join(f"{cosine:5.2f}" for cosine in cosines[row])
        print(f"{row + 1:>3}  {near}  {one_line(text)[:_LONGEST]}")
    return 0
