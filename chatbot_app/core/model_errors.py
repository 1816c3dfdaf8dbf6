"""What can be wrong with the built-in model: its files, its download, its start."""

from __future__ import annotations

from chatbot_app.core.errors import Action, AppError


class ModelFileError(AppError):
    """A model file is missing or unusable; `path` names it."""

    summary_template = "The model file {path} cannot be used: {detail}"
    next_step_template = "Choose another model in Tools › Models, or run “chatbot-app models fetch”."
    action = Action.OPEN_MODELS


class ModelFileMissing(ModelFileError):
    summary_template = "The built-in model is not on this machine yet."
    next_step_template = "Download it (94 MB), or choose another server."
    action = Action.FETCH_MODELS


class ModelNotWhole(ModelFileError):
    summary_template = "The model file {path} is not whole: {detail}"
    next_step_template = "Download it again: what is missing cannot be made up."


class ModelBeingWritten(ModelNotWhole):
    next_step_template = "It is still being written. Try again when its download has ended."


class ModelPartsMissing(ModelNotWhole):
    next_step_template = "Put all its parts into one folder and choose the first one."


class ModelUnknown(ModelFileError):
    summary_template = "The model file {path} is of a family that this version cannot run: {detail}"
    next_step_template = "Update the program, or choose a model of another family."


class ModelForAnotherUse(ModelFileError):
    summary_template = "The model file {path} cannot answer questions: {detail}"
    next_step_template = "Choose a chat model; their names often end in “Instruct” or “it”."


class ModelMakesNoVectors(ModelForAnotherUse):
    summary_template = "The model file {path} cannot make vectors: {detail}"
    next_step_template = (
        "Choose an embedding model (GGUF or ONNX); their names often hold “embed”, “e5”, “bge” or “gte”."
    )


class ModelTooLarge(ModelFileError):
    summary_template = "The model file {path} is too large for this computer: {detail}"
    next_step_template = "Choose a smaller quantisation of it (Q4_K_M, Q3_K_M), or a smaller model."


class ChatTemplateUnusable(ModelFileError):
    summary_template = "The chat template of {path} cannot be used: {detail}"
    next_step_template = "Set another one in Tools › Models, or reset it there."


class LocalServerFailed(AppError):
    summary_template = "The model on this computer could not be started: {detail}"
    next_step_template = "Try again. If it happens again, choose another model in Tools › Models."
    action = Action.RETRY


class DownloadFailed(AppError):
    summary_template = "{name} could not be downloaded: {detail}"
    next_step_template = "Check the network and run it again; what has arrived is kept."
    action = Action.FETCH_MODELS


class ModelFileGone(AppError):
    """A file that was on the list is not where it was."""

    summary_template = "The file {path} is not there any more."
    next_step_template = "Bring it back, or take the model off the list and add it where it is now."


class TokenizerUnusable(AppError):
    """`name` is that of its model or file."""

    summary_template = "The tokenizer of {name} cannot be used. {detail}"
    next_step_template = "Choose another one."


class TokenizerUnknown(TokenizerUnusable):
    """The file is whole, but how its tokenizer cuts is known to llama.cpp alone."""

    next_step_template = "Load the model (Tools, Models) and choose it again."
