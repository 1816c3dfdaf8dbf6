"""Prices are what the person has said, and nothing else; what is damaged is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot_app.chat.services import create_services
from chatbot_app.core.messages import Usage
from chatbot_app.core.model_prices import Price, amount_words
from chatbot_app.core.servers import Server


def test_prices_are_kept_by_server_and_model_changed_and_forgotten(data_dir: Path) -> None:
    services = create_services(data_dir)
    store = services.prices
    assert dict(store.book().prices) == {}  # none ships
    assert store.book().of("a", "one") is None
    store.set("a", "one", Price(2.5, 10.0, "€"))
    book = store.set("b", "one", Price(0.1, 0.4))
    assert (book.of("a", "one"), book.of("b", "one")) == (Price(2.5, 10.0, "€"), Price(0.1, 0.4))
    assert (book.of("a", "two"), book.of(None, None), book.currency) == (None, None, "")
    assert store.set("a", "one", Price(3.0, 10.0, "€")).currency == "€"
    assert store.set("b", "one", None) == store.book()
    assert dict(store.book().prices) == {("a", "one"): Price(3.0, 10.0, "€")}
    services.servers.add(Server("a", "A", "https://a.example/v1"))
    services.servers.remove("a")
    assert dict(store.book().prices) == {}
    for damaged in (
        '[["a", "one", 3], ["a"], 3, ["a", "two", {"sent": -1, "written": 2}], ["a", "b", {"sent": "1"}]]',
        '[["a", "b", {"sent": true, "written": 1}], ["a", "b", {"sent": NaN, "written": 1}]]',
        "nonsense",
    ):
        services.settings.set("models.prices", damaged)
        assert dict(store.book().prices) == {}
    services.close()


def test_a_cost_is_known_where_tokens_were_counted() -> None:
    price = Price(2.0, 10.0, "€")
    assert price.cost(Usage(1_000, 500)) == pytest.approx(0.007)
    assert price.cost(Usage(None, 500)) is None
    assert price.cost(None) is None
    assert Price(0.0, 0.0).cost(Usage(5, 5)) == 0


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0.0, "0 €"),
        (0.0000001, "< 0.000001 €"),
        (0.000042, "0.000042 €"),
        (0.5, "0.5 €"),
        (1234.5, "1,234.50 €"),
    ],
)
def test_an_amount_is_as_exact_as_it_is_told(amount: float, words: str) -> None:
    assert amount_words(amount, "€") == words
