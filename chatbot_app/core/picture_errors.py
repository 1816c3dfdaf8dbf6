"""What can be wrong with pictures that go with a question."""

from __future__ import annotations

from chatbot_app.core.errors import Action, AppError, ServerError


class PicturesRefused(ServerError):
    summary_template = "{server} did not take the picture: {detail}"
    next_step_template = (
        "Choose a model that sees pictures and regenerate, or ask without the picture. The question is kept."
    )
    action = Action.USE_BETTER_MODEL


class ModelSeesNoPictures(ServerError):
    summary_template = "{model} cannot see pictures."
    next_step_template = (
        "Choose a model that can and regenerate, or ask without the picture. The question is kept."
    )
    action = Action.USE_BETTER_MODEL


class PicturesNotSeen(AppError):
    """Nothing was stored or sent."""

    summary_template = "{reason}: your message was not sent."
    next_step_template = "Choose a model that can, or remove the pictures; nothing is lost."
    action = Action.USE_BETTER_MODEL


class PictureUnusable(AppError):
    summary_template = "The picture {name} cannot be used: {detail}"
    next_step_template = "Choose another picture, or save it as PNG or JPEG first."
