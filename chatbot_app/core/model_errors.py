"""What can be wrong with the built-in model: its files, its download, its start."""

from __future__ import annotations

from chatbot_app.core.errors import Action, AppError


class ModelFileError(AppError):
    """A model file is missing or unusable; `path` names it."""

    summary_template = "The model file {path} cannot be used: {detail}"
    next_step_template = "Choose another GGUF file in Servers, or run “chatbot-app models fetch”."
    action = Action.FETCH_MODELS


class ModelFileMissing(ModelFileError):
    summary_template = "The built-in model is not on this machine yet."
    next_step_template = "Download it (94 MB), or choose another server."


class LocalServerFailed(AppError):
    summary_template = "The built-in model could not be started: {detail}"
    next_step_template = "Try again. If it happens again, choose another model file in Servers."
    action = Action.RETRY


class DownloadFailed(AppError):
    summary_template = "{name} could not be downloaded: {detail}"
    next_step_template = "Check the network and run it again; what has arrived is kept."
    action = Action.FETCH_MODELS
