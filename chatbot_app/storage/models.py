"""The models of this computer that the person has, and how each is run."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from chatbot_app.core.errors import UsageError
from chatbot_app.core.local_models import (
    BUILT_IN_LOCAL_MODEL,
    BUILT_IN_MODEL_ID,
    EngineSettings,
    LocalModel,
    ModelFacts,
    Origin,
)
from chatbot_app.core.text import clean_text
from chatbot_app.storage.damaged_text import as_text
from chatbot_app.storage.database import Database
from chatbot_app.storage.document_rows import moment_of
from chatbot_app.storage.json_columns import dump_json, load_json, load_mapping
from chatbot_app.storage.settings import SettingsStore
from chatbot_app.storage.stored_paths import path_from, stored_path

_DEFAULT_MODEL = "models.default"


class LocalModelStore:
    """Models in the order in which they came; the one that ships is always there and always first.

    Methods raise UsageError for a model that does not exist, and StoreError where nothing could be saved.
    """

    def __init__(
        self,
        database: Database,
        settings: SettingsStore,
        *,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._database = database
        self._settings = settings
        self._now = now
        self._new_id = new_id

    def list(self) -> list[LocalModel]:
        """Return all models; whether their files are still there is not looked at."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT * FROM local_models ORDER BY position, id").fetchall()
        models = {model.id: model for model in map(_model_from, rows)}
        built_in = models.pop(BUILT_IN_MODEL_ID, BUILT_IN_LOCAL_MODEL)
        return [built_in, *models.values()]

    def find(self, id_or_name: str) -> LocalModel | None:
        """Return a model by its id, its name or a name that it had; None where there is none."""
        models = self.list()
        wanted = id_or_name.casefold()
        for model in models:
            if model.id == id_or_name:
                return model
        for model in models:
            if model.name.casefold() == wanted:
                return model
        former = self._former_names()
        return next((model for model in models if wanted in former.get(model.id, ())), None)

    def known_names(self) -> frozenset[str]:
        """Return by what `find` knows models, casefolded, without their ids."""
        former = (name for names in self._former_names().values() for name in names)
        return frozenset((*(model.name.casefold() for model in self.list()), *former))

    def at_path(self, path: Path) -> LocalModel | None:
        """Return the model of a file, None where it is none of the person's."""
        return next((model for model in self.list() if model.path == path), None)

    def default(self) -> LocalModel:
        """Return the model of conversations that name none: the one that ships if the chosen one is gone."""
        chosen = self._settings.get(_DEFAULT_MODEL)
        models = self.list()
        return next((model for model in models if model.id == chosen), models[0])

    def set_default(self, model_id: str) -> None:
        """Choose the model of conversations that name none."""
        self._require(model_id)
        self._settings.set(_DEFAULT_MODEL, model_id)

    def add(
        self, path: Path, facts: ModelFacts, *, name: str = "", origin: Origin | None = None
    ) -> LocalModel:
        """Keep a model that lies at the absolute `path`; one that is there already gets the new facts and origin.

        Without a `name` it is called as its file; a number follows where that name is taken.
        """
        with self._database.write() as connection:
            known = self.at_path(path)
            if known is not None:
                model = replace(known, facts=facts, origin=origin or known.origin)
            else:
                wanted = clean_text(name).strip() or file_title(path)
                model = LocalModel(self._new_id(), self._free_name(wanted), path, facts, origin=origin)
            _write(connection, model)
        return model

    def rename(self, model_id: str, name: str) -> LocalModel:
        """Call a model otherwise; conversations find it by its former names, too.

        Raises UsageError where the name is empty or taken, and for the model that ships.
        """
        name = clean_text(name).strip()
        if not name:
            raise UsageError(detail="A model needs a name.")
        if model_id == BUILT_IN_MODEL_ID:
            raise UsageError(detail="The model that ships with the program keeps its name.")
        with self._database.write() as connection:
            model = self._require(model_id)
            if self._is_taken(name, by_other_than=model_id):
                raise UsageError(detail=f"There is a model with the name “{name}” already.")
            former = dict.fromkeys([*self._former_names().get(model_id, ()), model.name.casefold()])
            renamed = replace(model, name=name)
            _write(connection, renamed)
            connection.execute(
                "UPDATE local_models SET former_names = ? WHERE id = ?", [dump_json(list(former)), model_id]
            )
        return renamed

    def set_settings(self, model_id: str, settings: EngineSettings) -> LocalModel:
        """Keep how a model is run; it counts from its next start on."""
        return self._change(model_id, settings=settings)

    def note_speed(self, model_id: str, tokens_per_second: float) -> LocalModel:
        """Keep how fast an answer of this moment came."""
        return self._change(model_id, tokens_per_second=tokens_per_second, last_used=self._now())

    def remove(self, model_id: str) -> None:
        """Forget a model; its file stays. Raises UsageError for the one that ships."""
        if model_id == BUILT_IN_MODEL_ID:
            raise UsageError(detail="The model that ships with the program cannot be removed.")
        with self._database.write() as connection:
            if not connection.execute("DELETE FROM local_models WHERE id = ?", [model_id]).rowcount:
                raise UsageError(detail="There is no such model.")
            if self._settings.get(_DEFAULT_MODEL) == model_id:
                self._settings.reset(_DEFAULT_MODEL)

    def _change(self, model_id: str, **changed: Any) -> LocalModel:
        with self._database.write() as connection:
            model = replace(self._require(model_id), **changed)
            _write(connection, model)
        return model

    def _is_taken(self, name: str, *, by_other_than: str) -> bool:
        return any(
            known.name.casefold() == name.casefold() and known.id != by_other_than for known in self.list()
        )

    def _require(self, model_id: str) -> LocalModel:
        model = next((known for known in self.list() if known.id == model_id), None)
        if model is None:
            raise UsageError(detail="There is no such model.")
        return model

    def _free_name(self, wanted: str) -> str:
        taken = {model.name.casefold() for model in self.list()}
        name, number = wanted, 2
        while name.casefold() in taken:
            name, number = f"{wanted} ({number})", number + 1
        return name

    def _former_names(self) -> dict[str, tuple[str, ...]]:
        with self._database.read() as connection:
            rows = connection.execute("SELECT id, former_names FROM local_models").fetchall()
        former = {}
        for row in rows:
            names = load_json(row["former_names"])
            former[as_text(row["id"])] = tuple(map(str, names)) if isinstance(names, list) else ()
        return former


def file_title(path: Path) -> str:
    """Return what a file is called as a model: without its ending and the number of a part."""
    stem = path.name.removesuffix(".gguf").removesuffix(".GGUF")
    first, mark, last = stem.rpartition("-of-")
    if mark and last.isdigit():
        first = first.rpartition("-")[0]
        stem = first or stem
    return clean_text(stem.encode("utf-8", "replace").decode()).strip() or "Model"


def _model_from(row: sqlite3.Row) -> LocalModel:
    speed = row["tokens_per_second"]
    usable = isinstance(speed, int | float) and 0 < speed < 1e6
    settings = EngineSettings.from_json(load_mapping(row["settings"]))
    found = LocalModel(
        id=as_text(row["id"]),
        name=as_text(row["name"]),
        path=Path(path_from(row["path"]) or os.curdir),
        facts=ModelFacts.from_json(load_mapping(row["facts"])),
        settings=settings,
        origin=Origin.from_json(load_mapping(row["origin"])),
        tokens_per_second=float(speed) if usable else None,
        last_used=moment_of(row["last_used"]),
    )
    if found.id != BUILT_IN_MODEL_ID:
        return found
    # What is in its file does not change with what a person does; only how it is run and how it went is kept.
    return replace(
        BUILT_IN_LOCAL_MODEL,
        settings=settings,
        tokens_per_second=found.tokens_per_second,
        last_used=found.last_used,
    )


def _write(connection: sqlite3.Connection, model: LocalModel) -> None:
    connection.execute(
        "INSERT INTO local_models (id, name, path, facts, settings, origin, tokens_per_second, last_used, position)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, (SELECT coalesce(max(position), 0) + 1 FROM local_models))"
        " ON CONFLICT (id) DO UPDATE SET name = excluded.name, facts = excluded.facts, settings = excluded.settings,"
        " origin = excluded.origin, tokens_per_second = excluded.tokens_per_second, last_used = excluded.last_used",
        [
            model.id,
            model.name,
            "" if model.path is None else stored_path(str(model.path)),
            dump_json(model.facts.to_json()),
            dump_json(model.settings.to_json()),
            dump_json(model.origin.to_json() if model.origin is not None else {}),
            model.tokens_per_second,
            model.last_used.isoformat() if model.last_used is not None else None,
        ],
    )
