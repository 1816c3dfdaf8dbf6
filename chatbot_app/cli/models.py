"""The commands on the models that run on this computer."""

from __future__ import annotations

import argparse
from contextlib import closing
from pathlib import Path

from chatbot_app.chat.services import Services, create_services
from chatbot_app.cli.model_files import fetch_model_files, list_model_files, states_as_json
from chatbot_app.cli.model_forms import (
    RUNS,
    download_as_json,
    fit_here,
    found_as_json,
    model_as_json,
    model_line,
    offers_as_json,
    print_model,
    print_offers,
    recommendation_as_json,
    size_of,
)
from chatbot_app.cli.printing import print_json
from chatbot_app.core.errors import UsageError
from chatbot_app.core.hub_models import DownloadState
from chatbot_app.core.local_models import BUILT_IN_LOCAL_MODEL, LocalModel, ModelKind
from chatbot_app.core.paths import DataPaths, default_data_dir
from chatbot_app.storage.database import Access


def run(options: argparse.Namespace, data_dir: Path | None) -> int:
    """Run the command and return the exit status. Raises AppError."""
    if options.action == "fetch" and options.model is None:
        return fetch_model_files(quiet=options.quiet)
    if options.action == "list" and not (options.recommended or options.search):
        return _list(options, data_dir)
    with closing(create_services(data_dir, access=Access.GUEST)) as services:
        match options.action:
            case "list":
                _list_hub(services, options)
            case "info":
                from chatbot_app.cli.model_hub import keep_token

                keep_token(services, options.token_env)
                _info(services, options)
            case "add":
                _told(_add(services, options), options, "Added")
            case "fetch":
                from chatbot_app.cli.model_hub import fetch, keep_token

                keep_token(services, options.token_env)
                model = fetch(services, options)
                if options.default:
                    _make_default(services, model)
                _told(model, options, "Ready:")
            case "remove":
                _remove(services, options)
            case "default":
                _default(services, options)
    return 0


def named_model(services: Services, name: str) -> LocalModel:
    """Return the model of a name or id. Raises UsageError."""
    model = services.models.find(name)
    if model is None:
        names = ", ".join(model.name for model in services.models.list())
        raise UsageError(detail=f"There is no model named “{name}”. There are: {names}.")
    return model


def _list(options: argparse.Namespace, data_dir: Path | None) -> int:
    """Print the built-in files, and what else there is; 1 where one of the former is missing or damaged."""
    root = data_dir or default_data_dir()
    models, default_id = [BUILT_IN_LOCAL_MODEL], BUILT_IN_LOCAL_MODEL.id
    downloads: list[DownloadState] = []
    if DataPaths(root).database.is_file():  # to look is not to begin a data folder
        with closing(create_services(data_dir, access=Access.GUEST)) as services:
            models = services.models.list()
            default_id = services.models.default().id
            downloads = services.model_downloads.unfinished()
    if options.json:
        status, files = states_as_json()
        print_json(
            {
                "files": files,
                "models": [model_as_json(model, is_default=model.id == default_id) for model in models],
                "downloads": [download_as_json(state) for state in downloads],
            }
        )
        return status
    status = list_model_files()
    for model in models:
        if not model.ships:
            print(model_line(model, is_default=model.id == default_id))
    for state in downloads:
        done = f"{size_of(state.received)} of {size_of(state.total)}"
        print(
            f"  unfinished  {state.title}  {done}; go on with: models fetch {state.origin.repository} --file {state.title}"
        )
    return status


def _list_hub(services: Services, options: argparse.Namespace) -> None:
    if options.recommended:
        recommended = services.model_catalogue.recommended()
        if options.json:
            print_json({"recommended": [recommendation_as_json(entry) for entry in recommended]})
            return
        for entry in recommended:
            size = size_of(entry.model.bytes) if entry.model.bytes else ""
            fit = RUNS[entry.fit.verdict] if entry.fit is not None else ""
            here = "is here" if entry.here is not None else fit
            print("\t".join([entry.model.name, size, entry.model.licence, here, entry.model.good_at]))
        return
    found = services.model_catalogue.search(options.search)
    if options.json:
        print_json({"found": [found_as_json(repository) for repository in found]})
        return
    for repository in found:
        gated = "terms to accept" if repository.gated else ""
        use = "for vectors" if repository.makes_vectors else ""
        row = [repository.id, f"{repository.downloads:,}", repository.licence, gated, use]
        print("\t".join(row).rstrip())
    if not found:
        print("Nothing was found. Fewer or shorter words find more.")


def _info(services: Services, options: argparse.Namespace) -> None:
    model = services.models.find(options.model)
    if model is not None:
        is_default = services.models.default().id == model.id
        fit = fit_here(model)
        if options.json:
            print_json(model_as_json(model, is_default=is_default, fit=fit))
        else:
            print_model(model, is_default=is_default, fit=fit)
        return
    from chatbot_app.cli.model_hub import address_of

    offers = services.model_catalogue.look(address_of(options.model))
    if options.json:
        print_json(offers_as_json(offers))
    else:
        print_offers(offers)


def _add(services: Services, options: argparse.Namespace) -> LocalModel:
    from chatbot_app.llm.local.examine import examine

    found = examine(options.file.absolute())
    model = services.models.add(found.path, found.facts, name=options.name or found.name)
    if options.default:
        _make_default(services, model)
    return model


def _remove(services: Services, options: argparse.Namespace) -> None:
    wanted = options.model.casefold()
    for state in services.model_downloads.unfinished():
        if (
            wanted in (state.id.casefold(), state.title.casefold())
            and services.models.find(options.model) is None
        ):
            services.model_downloads.discard(state)
            if options.json:
                print_json({"removed": state.title, "deleted": []})
            else:
                print(f"Removed the download of {state.title}.")
            return
    model = named_model(services, options.model)
    deleted = services.model_downloads.remove(model)
    if options.json:
        print_json({"removed": model.name, "deleted": [str(path) for path in deleted]})
    elif deleted:
        print(f"Removed {model.name}, and deleted what was downloaded: {', '.join(map(str, deleted))}")
    else:
        print(f"Removed {model.name} from the list; its file stays: {model.path}")


def _default(services: Services, options: argparse.Namespace) -> None:
    if options.model is not None:
        _make_default(services, named_model(services, options.model))
    model = services.models.default()
    if options.json:
        print_json(model_as_json(model, is_default=True))
    else:
        print(model.name)


def _make_default(services: Services, model: LocalModel) -> None:
    if model.facts.kind is not ModelKind.CHAT:
        raise UsageError(detail=f"{model.name} is no model for answers, so it cannot be the default one.")
    services.models.set_default(model.id)


def _told(model: LocalModel, options: argparse.Namespace, what: str) -> None:
    if options.json:
        print_json(model_as_json(model, is_default=options.default))
    else:
        print(f"{what} {model.name}: {model.path}")
