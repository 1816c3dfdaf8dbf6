"""The one tree of errors that a person may cause or meet.

Each class holds its sentence and its next step as templates over the values it was raised with, so that
the window and the command line say the same. What is no `AppError` is a bug of ours.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from chatbot_app.core.messages import Notice


class Action(StrEnum):
    """The button that an error offers."""

    NONE = ""
    RETRY = "retry"
    CONTINUE = "continue"
    OPEN_SERVERS = "open-servers"
    USE_BETTER_MODEL = "use-better-model"
    OPEN_MODELS = "open-models"
    FETCH_MODELS = "fetch-models"
    OPEN_SETTINGS = "open-settings"
    ADD_SERVER = "add-server"
    RESTORE_BACKUP = "restore-backup"
    SET_WINDOW = "set-window"
    COPY_DIAGNOSTICS = "copy-diagnostics"


class AppError(Exception):
    """Something went wrong that is not a bug; `details` fill the templates."""

    summary_template: ClassVar[str] = "Something went wrong: {detail}"
    next_step_template: ClassVar[str] = ""
    action: ClassVar[Action] = Action.NONE

    def __init__(self, **details: Any) -> None:
        self.details = {"detail": "", **details}
        super().__init__(self.summary)

    @property
    def summary(self) -> str:
        """One plain sentence: what happened."""
        return self.summary_template.format_map(_Details(self.details))

    @property
    def next_step(self) -> str:
        """What the person can do now."""
        return self.next_step_template.format_map(_Details(self.details))

    def notice(self) -> Notice:
        """Return the error as a value that is kept with an answer."""
        from chatbot_app.core.messages import Notice  # a launch that goes well needs none

        return Notice(type(self).__name__, self.summary, self.next_step, self.action.value)

    def __str__(self) -> str:
        return f"{self.summary} {self.next_step}".strip()


class _Details(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return ""


# --- servers and the network -------------------------------------------------------------------------


class ServerError(AppError):
    """A server could not answer; `server` is its name."""

    summary_template = "{server} could not answer: {detail}"
    next_step_template = "Try again, or choose another server."
    action = Action.RETRY


class Offline(ServerError):
    summary_template = "{server} cannot be reached. {detail}"
    next_step_template = (
        "Check the network and the address, then try again. The built-in model works without a network."
    )


class ServerTimedOut(ServerError):
    summary_template = "{server} did not answer in {seconds} s."
    next_step_template = "Try again, or choose another server."


class KeyRejected(ServerError):
    summary_template = "{server} rejected the key."
    next_step_template = "Open Servers and enter the key again."
    action = Action.OPEN_SERVERS


class KeyMissing(ServerError):
    summary_template = "{server} needs a key."
    next_step_template = "Open Servers and enter one."
    action = Action.OPEN_SERVERS


class ModelNotFound(ServerError):
    summary_template = "{server} has no model named “{model}”."
    next_step_template = "Choose one from the list in Settings."
    action = Action.OPEN_SETTINGS


class RateLimited(ServerError):
    summary_template = "{server} asks for a pause of {seconds} s: too many requests."
    next_step_template = "Try again after that."


class QuotaExhausted(ServerError):
    summary_template = "{server} says that the quota is used up."
    next_step_template = "Check plan and billing there, or choose another server."
    action = Action.OPEN_SERVERS


class PromptTooLong(ServerError):
    summary_template = (
        "The conversation is too long for this model ({prompt_tokens} tokens, window {window})."
    )
    next_step_template = "Shorten the question, raise the window, or choose a model with a larger one."
    action = Action.OPEN_SETTINGS

    @property
    def summary(self) -> str:
        """One plain sentence; with the numbers where the server gave both."""
        if self.details.get("prompt_tokens") is None or self.details.get("window") is None:
            return "The conversation is too long for this model."
        return super().summary


class RequestRefused(ServerError):
    summary_template = "{server} refused the request: {detail}"
    next_step_template = "Check the settings of this conversation."
    action = Action.OPEN_SETTINGS


class StreamError(ServerError):
    summary_template = "{server} reported an error while answering: {detail}"
    next_step_template = "What had arrived is kept. Try again."


class StreamCut(ServerError):
    summary_template = "The connection ended before the answer did: it may be cut off."
    next_step_template = "Continue or regenerate the answer."
    action = Action.CONTINUE


class ReplyTooLong(ServerError):
    """`limit` is what is read at most."""

    summary_template = "{server} sent more than is read of one reply ({limit})."
    next_step_template = "What had arrived is kept. Try again, or choose another server."


class AnswerDamaged(StreamCut):
    """`count` parts of the answer were unreadable."""

    summary_template = (
        "{server} sent parts that could not be read ({count}): words of the answer may be missing."
    )
    next_step_template = "Regenerate the answer."
    action = Action.RETRY


class NoAnswerText(ServerError):
    """The model ended its answer without a word of it."""

    summary_template = "{server} ended the answer without a word of it{detail}."
    next_step_template = "{advice}"
    action = Action.RETRY


class NotAModelServer(ServerError):
    summary_template = "The address answered with {answered_with}, not as a model server."
    next_step_template = "Check the address in Servers; it usually ends in /v1."
    action = Action.OPEN_SERVERS


class ProxyUnusable(ServerError):
    summary_template = "{server} cannot be reached through this computer's proxy: {detail}"
    next_step_template = "Correct or remove HTTP_PROXY, HTTPS_PROXY and ALL_PROXY, then start again."


class RedirectRefused(ServerError):
    summary_template = "The address sends requests on to {target}. Nothing was sent there."
    next_step_template = "If you trust it, enter that address in Servers."
    action = Action.OPEN_SERVERS


class AddressInvalid(ServerError):
    summary_template = "The address “{address}” cannot be used: {detail}"
    next_step_template = "An address looks like http://localhost:1234/v1."
    action = Action.OPEN_SERVERS


class KeyInvalid(ServerError):
    summary_template = "The key cannot be sent: {detail}"
    next_step_template = "Copy it again, without spaces or line breaks."
    action = Action.OPEN_SERVERS


# --- the store ---------------------------------------------------------------------------------------


class StoreError(AppError):
    summary_template = "The data could not be written: {detail}"
    next_step_template = "Try again."
    action = Action.RETRY


class StoreUnreadable(StoreError):
    summary_template = "The data could not be read: {detail}"
    next_step_template = (
        "Nothing was changed. Try again; if it happens again, restart the program: it checks the file."
    )
    action = Action.NONE


class SearchIndexDamaged(StoreError):
    summary_template = "The index of the search was damaged and is being made anew. No text is lost."
    next_step_template = "Try again."


class DiskFull(StoreError):
    summary_template = "The disk is full: nothing was saved, and nothing was deleted."
    next_step_template = "Free some space and try again."


class QuestionNotSaved(StoreError):
    """A question was not stored and not sent; `cause` is the sentence of the error that it met."""

    summary_template = "The question was not sent, for it could not be saved. {cause}"
    next_step_template = "It is in the composer; send it again as soon as that is put right."
    action = Action.NONE


class AnswerNotSaved(StoreError):
    """What has arrived of an answer is in memory alone; `cause` is the sentence of the error that it met."""

    summary_template = "The answer is not saved yet. {cause}"
    next_step_template = "It is kept in this window and saved by itself as soon as that is possible."
    action = Action.NONE


class StoreReadOnly(StoreError):
    summary_template = "The data folder {path} cannot be written, so the history is open for reading only."
    next_step_template = "Make the folder writable or start with another one (--data-dir)."
    action = Action.NONE


class StoreTooNew(StoreError):
    summary_template = (
        "The history was written by a newer version of this program and is open for reading only."
    )
    next_step_template = "Update the program, or start with another data folder (--data-dir)."
    action = Action.NONE


class StoreDamaged(StoreError):
    summary_template = "The history file is damaged. It was kept as {kept_as}."
    next_step_template = "{offer}"
    action = Action.NONE


class StoreNotOurs(StoreError):
    summary_template = (
        "The file {name} in the data folder belongs to another program. It was kept unchanged as {kept_as}, "
        "and a new history was begun."
    )
    next_step_template = "If that program misses it, give the file its old place and start with --data-dir."
    action = Action.NONE


class DataFolderUnusable(StoreError):
    summary_template = "The data folder {path} cannot be used: {detail}"
    next_step_template = "Choose another one with --data-dir."
    action = Action.NONE


class PortableFolderUnusable(DataFolderUnusable):
    summary_template = "The folder {path} beside the program cannot be made: {detail}"
    next_step_template = (
        "Copy the program to a place where you may write, or start it without --portable "
        "and without a file named “portable” beside it."
    )


class ExportFailed(AppError):
    summary_template = "{path} could not be written: {detail}"
    next_step_template = "Choose another place."


class ExportStopped(AppError):
    summary_template = "The export was stopped: {path} was not written."


class ImportUnreadable(AppError):
    summary_template = "{path} could not be read: {detail}"
    next_step_template = "Choose another file."


class ConversationGone(AppError):
    summary_template = "The conversation was deleted while it was being answered."
    next_step_template = "It can be brought back from the trash."


class ModelTooSmall(AppError):
    """Statements are checked by models that can be trusted with it; `model` is "" where its name is not known."""

    summary_template = "The model {model} is too small to check what an answer says."
    next_step_template = "Choose a larger one in Servers."
    action = Action.OPEN_SERVERS


class NothingToCheck(AppError):
    summary_template = "There is no statement from documents in this answer that a model could check."


class PromptDoesNotFit(AppError):
    summary_template = "The question does not fit: system prompt and question take {tokens} tokens, the model's window leaves {budget}."
    next_step_template = "Shorten the question, or choose a model with a larger window."
    action = Action.OPEN_SETTINGS


class ConversationTooLong(AppError):
    """Everything is to be kept, and everything does not fit."""

    summary_template = "The conversation is {over} tokens too long for the model: it takes {tokens}, the window leaves {budget}."
    next_step_template = (
        "Exclude messages, choose in Settings what gives way, or choose a model with a larger window."
    )
    action = Action.OPEN_SETTINGS


class AlreadyRunning(AppError):
    summary_template = "The program is already running with this data folder."
    next_step_template = "Use the window that is open, or start with another data folder (--data-dir)."


class UsageError(AppError):
    """The command line was used in a way that cannot work."""

    summary_template = "That cannot be done. {detail}"
