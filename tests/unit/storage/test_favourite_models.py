"""Favourite models are kept; what is damaged is none."""

from __future__ import annotations

from pathlib import Path

from chatbot_app.chat.services import create_services


def test_favourites_are_kept_in_their_order_and_once(data_dir: Path) -> None:
    services = create_services(data_dir)
    store = services.favourite_models
    assert store.list() == ()
    store.mark("a", "one", favourite=True)
    store.mark("b", "two", favourite=True)
    assert store.mark("a", "one", favourite=True) == (("b", "two"), ("a", "one"))
    assert store.mark("b", "two", favourite=False) == (("a", "one"),)
    services.settings.set("models.favourites", '[["a"], 3, ["a", "one"], ["a", "one"], ["a", null]]')
    assert store.list() == (("a", "one"),)
    services.settings.set("models.favourites", "nonsense")
    assert store.list() == ()
    services.close()
