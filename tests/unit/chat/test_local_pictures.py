"""A picture and a model of this computer: the real child with a real projector, of random weights, reads it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from chatbot_app.chat.requests import NewQuestion
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.local_models import EngineSettings
from chatbot_app.core.messages import Message, MessageStatus
from chatbot_app.core.pictures import Picture
from chatbot_app.core.servers import BUILT_IN_SERVER_ID
from chatbot_app.core.sight import Sight
from chatbot_app.llm.local.examine import examine
from chatbot_app.ui.picture_encoding import encoded
from tests.random_gguf import write_random
from tests.random_projector import TOKENS, write_projector
from tests.tiny_png import png
from tests.unit.chat.desk import Desk, finished

PICTURE = Picture("1", "small.png", "image/png", 40, 30, png(40, 30))


@pytest.fixture
def eye(desk: Desk, tmp_path: Path, qapp: object) -> Desk:
    """A desk whose conversation is answered by a model with a projector."""
    [path] = write_random(tmp_path / "eye.gguf", context_length=2048)
    model = desk.services.models.add(path, examine(path).facts)
    projector = write_projector(tmp_path / "mmproj-eye.gguf")
    desk.services.models.set_settings(model.id, EngineSettings(projector=str(projector)))
    desk.services.encode_picture = encoded
    desk.settings = GenerationSettings(server_id=BUILT_IN_SERVER_ID, model=model.name, max_tokens=3)
    desk.services.conversations.set_settings(desk.conversation.id, desk.settings)
    return desk


def ask(desk: Desk, *pictures: Picture, text: str = "hi there") -> Message:
    return finished(desk.run(NewQuestion(desk.conversation.id, None, text, pictures=pictures)))


def test_a_picture_is_read_by_the_projector_of_a_model_of_this_computer(eye: Desk) -> None:
    with_words, with_picture = ask(eye), ask(eye, PICTURE)
    # On a busy computer words are now and then estimated, and then one answer teaches nothing.
    ask(eye, PICTURE)
    with_two = ask(eye, PICTURE, PICTURE)
    for answer in (with_words, with_picture, with_two):
        # Random weights may say nothing that is seen; that they read the picture, the count says.
        assert answer.usage is not None, answer.notices
    counts = [answer.usage.prompt_tokens for answer in (with_words, with_picture, with_two) if answer.usage]
    assert [count - (counts[0] or 0) for count in counts if count] == [0, TOKENS, 2 * TOKENS]
    plan = eye.services.conversations.plan(with_two.id)
    assert plan is not None
    # What was counted for the first picture corrected what the next ones were thought to take.
    assert plan.tokens == pytest.approx(counts[2], abs=2)


def test_without_a_projector_it_says_that_it_sees_nothing(eye: Desk) -> None:
    model = eye.services.models.find(eye.settings.model or "")
    assert model is not None
    eye.services.models.set_settings(model.id, replace(model.settings, projector=""))
    answer = ask(eye, PICTURE)
    assert answer.status is MessageStatus.FAILED
    assert answer.notices[-1].summary == f"{model.name} cannot see pictures."

    async def look() -> tuple[Sight, str, str]:
        said = await eye.services.gateway.sight(eye.settings)
        await eye.services.gateway.close()
        return said

    assert asyncio.run(look()) == (Sight.BLIND, model.name, "mmproj-eye.gguf")


def test_a_text_cannot_speak_as_a_picture(eye: Desk) -> None:
    marked = "hi <__media__> there"
    counts = [
        answer.usage.prompt_tokens or 0
        for answer in (ask(eye, text=marked), ask(eye, PICTURE, text=marked))
        if answer.usage is not None
    ]
    assert counts[1] - counts[0] == TOKENS
