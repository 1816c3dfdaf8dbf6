"""How a download is shown, from what it says while it runs."""

from __future__ import annotations

from dataclasses import replace

from chatbot_app.chat.model_downloads import ModelReady
from chatbot_app.core.hub_models import DownloadStage, DownloadState
from chatbot_app.llm.hub.events import (
    DownloadChecking,
    DownloadHeldUp,
    DownloadRestarted,
    DownloadStarted,
    HubEvent,
)
from chatbot_app.llm.model_files import DownloadProgressed, DownloadWaiting

_ELSEWHERE = "Another program of this computer downloads it; this one waits."


def after(state: DownloadState, event: HubEvent | ModelReady) -> DownloadState:
    """Return how a download is shown after an event."""
    match event:
        case DownloadStarted():
            return replace(
                state,
                title=event.name,
                stage=DownloadStage.RECEIVING,
                received=event.received,
                total=event.total,
                note="",
            )
        case DownloadProgressed():
            return replace(
                state,
                stage=DownloadStage.RECEIVING,
                received=event.received,
                total=event.total,
                bytes_per_second=event.bytes_per_second,
                seconds_left=event.seconds_left,
                note=state.note if state.stage is DownloadStage.RECEIVING else "",
            )
        case DownloadChecking():
            return replace(state, stage=DownloadStage.CHECKING, bytes_per_second=0.0, seconds_left=None)
        case DownloadHeldUp():
            return replace(
                state,
                stage=DownloadStage.PAUSED_BY_SERVER,
                bytes_per_second=0.0,
                seconds_left=event.seconds,
                note=event.reason,
            )
        case DownloadRestarted():
            return replace(state, stage=DownloadStage.RECEIVING, received=0, note=event.reason)
        case DownloadWaiting():
            return replace(state, stage=DownloadStage.PAUSED_BY_SERVER, seconds_left=None, note=_ELSEWHERE)
    return state
