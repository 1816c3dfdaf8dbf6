"""The page of downloads, made and wired; its code is loaded when the Models window is first opened."""

from __future__ import annotations

from PySide6.QtCore import QObject

from chatbot_app.chat.services import Services
from chatbot_app.ui.models.catalogue_controller import CatalogueController
from chatbot_app.ui.models.local_controller import LocalController
from chatbot_app.workers.hub_worker import HubWorker
from chatbot_app.workers.model_downloads import ModelDownloadQueue


def make_catalogue(services: Services, local: LocalController, parent: QObject) -> CatalogueController:
    """Make the controller; `parent` owns it and its lanes, which its `shutdown` ends."""

    catalogue = CatalogueController(
        HubWorker(services.model_catalogue, parent),
        ModelDownloadQueue(services.model_downloads, parent),
        services.hub_token.keep,
        services.models.list,
        local.runner,
        parent,
    )
    catalogue.model_arrived.connect(local.take_new)
    catalogue.used.connect(local.use_model)
    local.models_changed.connect(catalogue.refresh)
    return catalogue
