"""What can be wrong with a model hub, and with a download from it."""

from __future__ import annotations

from chatbot_app.core.errors import Action, AppError


class HubError(AppError):
    """A hub could not give what was asked for; `hub` is its host, `repository` and `file` what it was about."""

    summary_template = "{hub} could not answer: {detail}"
    next_step_template = "Try again later."
    action = Action.RETRY


class HubUnreachable(HubError):
    summary_template = "{hub} cannot be reached. {detail}"
    next_step_template = (
        "Check the network and the proxy, then try again; what has arrived of a download is kept. "
        "Behind a mirror, set HF_ENDPOINT to its address."
    )


class HubTurnedOff(HubError):
    summary_template = "HF_HUB_OFFLINE is set, so {hub} is not contacted."
    next_step_template = "Remove that variable and start again, or add a GGUF file that is on this computer."
    action = Action.NONE


class HubAddressUnusable(HubError):
    """`variable` names the setting that holds an address that is none."""

    summary_template = "{variable} is set to “{address}”, which is no address of a hub."
    next_step_template = "Set it to an address like https://huggingface.co, or remove it, and start again."
    action = Action.NONE


class NoModelAddress(HubError):
    summary_template = "“{address}” does not name a model on {hub}: {detail}"
    next_step_template = "Paste “owner/name”, or the address of a model's page or of a GGUF file there."
    action = Action.NONE


class HubNotFound(HubError):
    summary_template = "{hub} has no repository “{repository}”, or it is private."
    next_step_template = "Check the name; for a private one enter a token that may read it."
    action = Action.NONE


class HubRevisionNotFound(HubError):
    summary_template = "The repository {repository} has no revision “{revision}”."
    next_step_template = "Leave the revision out: then the newest one is taken."
    action = Action.NONE


class HubFileNotFound(HubError):
    """`offered` names files that are there, as a sentence, or is ""."""

    summary_template = "The repository {repository} has no model file “{file}”."
    next_step_template = "Choose another one. {offered}"
    action = Action.NONE


class HubNothingToRun(HubError):
    summary_template = (
        "The repository {repository} holds neither a GGUF file nor an embedding model in ONNX form with its tokenizer, so"
        " it cannot be run here."
    )
    next_step_template = "Look for a repository whose name ends in “GGUF”."
    action = Action.NONE


class HubFileIncomplete(HubError):
    summary_template = "Parts of {file} are missing in the repository {repository}."
    next_step_template = "Choose another file, or another repository of this model."
    action = Action.NONE


class HubGated(HubError):
    """`page` is where the terms are; `has_token` says whether a token was sent."""

    summary_template = "{repository} is only given to people who accepted its terms."
    next_step_template = "Accept them on {page}, then enter a token (kind “read”) from {tokens}."
    action = Action.NONE

    @property
    def next_step(self) -> str:
        """What to do; another thing where a token was sent already."""
        if self.details.get("has_token"):
            return (
                f"Accept them on {self.details.get('page')} with the account of your token, then try again."
            )
        return super().next_step


class HubTokenRejected(HubError):
    summary_template = "{hub} did not accept the token."
    next_step_template = "Make a new one (kind “read”) on {tokens} and enter it again, or remove it."
    action = Action.NONE


class HubForbidden(HubError):
    summary_template = "{hub} refuses access to {repository}."
    next_step_template = "Look at {page} for the reason; a token that may read it may be needed."
    action = Action.NONE


class HubBusy(HubError):
    """`pause` is how long it asks to wait, in words."""

    summary_template = "{hub} asks for a pause{pause}: too many requests."
    next_step_template = (
        "Try again after that; what has arrived is kept. With a token more requests are allowed."
    )


class HubBroken(HubError):
    summary_template = "{host} has a problem of its own (status {status})."
    next_step_template = "Try again later; what has arrived is kept."


class HubAnswersOddly(HubError):
    summary_template = "{hub} answered with something else than a model hub does{detail}."
    next_step_template = "Check that nothing in between (a login page of the network, a proxy) answers in its place, and HF_ENDPOINT."


class HubRedirectRefused(HubError):
    summary_template = (
        "{hub} sends the download on to {target}, which is not encrypted. Nothing was loaded from there."
    )
    next_step_template = "Check HF_ENDPOINT and the proxy."
    action = Action.NONE


class DownloadError(HubError):
    """A download that ended for good; `title` is the file."""

    summary_template = "{title} could not be downloaded: {detail}"
    next_step_template = "Start it again."


class DownloadChanged(DownloadError):
    summary_template = (
        "{title} was changed on {hub}: it is not the file that was asked for. What had arrived was deleted."
    )
    next_step_template = "Look at the files of {repository} again and choose anew."
    action = Action.NONE


class DownloadWrong(DownloadError):
    summary_template = (
        "What arrived as {title} is not the file that {hub} describes (wrong checksum). It was deleted."
    )
    next_step_template = (
        "Download it again; if that happens again, something between here and {hub} changes it."
    )


class DownloadNeedsSpace(DownloadError):
    summary_template = (
        "There is too little space for {title}: {needed} are needed, {free} are free on the disk of {folder}."
    )
    next_step_template = "Free some space, or set CHATBOT_MODELS_DIR to a folder on another disk."


class DownloadDiskFull(DownloadError):
    summary_template = (
        "The disk of {folder} became full while {title} was downloaded. What had arrived was deleted."
    )
    next_step_template = (
        "Free some space, or set CHATBOT_MODELS_DIR to a folder on another disk, and start again."
    )


class DownloadFolderUnusable(DownloadError):
    summary_template = "{title} could not be saved: the folder {folder} cannot be written ({detail})."
    next_step_template = "Make the folder writable, or set CHATBOT_MODELS_DIR to another one."


class DownloadInterrupted(DownloadError):
    """The connection broke too often; what arrived is kept."""

    summary_template = "The connection to {host} broke while {title} was downloaded ({detail})."
    next_step_template = "Start it again: it goes on where it ended."


class DownloadUnusable(DownloadError):
    """What arrived is what the hub has, and yet nothing that can be run."""

    summary_template = "{title} arrived and cannot be used, so it was deleted. {detail}"
    next_step_template = "Choose another file or another repository."
    action = Action.NONE


class ModelFilesRemain(AppError):
    """The model left the list, its files did not leave the disk."""

    summary_template = "The model was taken off the list, but {path} could not be deleted: {detail}."
    next_step_template = "Delete the file by hand when nothing uses it any more."


class DownloadRuns(AppError):
    summary_template = "{title} is being downloaded by another program of this computer right now."
    next_step_template = "End it there first."
