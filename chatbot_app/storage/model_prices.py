"""Prices that the person has given for models."""

from __future__ import annotations

from chatbot_app.core.model_prices import Price, PriceBook, read_price
from chatbot_app.storage.json_columns import dump_json, load_json
from chatbot_app.storage.settings import SettingsStore

_SETTING = "models.prices"


class ModelPriceStore:
    """Prices by server and model, the newest last. Methods raise StoreError where SQLite refuses."""

    def __init__(self, settings: SettingsStore) -> None:
        self._settings = settings

    def book(self) -> PriceBook:
        """Return all prices; what is damaged is none."""
        stored = load_json(self._settings.get(_SETTING))
        found = {}
        for entry in stored if isinstance(stored, list) else []:
            if isinstance(entry, list) and len(entry) == 3 and all(isinstance(one, str) for one in entry[:2]):
                price = read_price(entry[2])
                if price is not None:
                    found[entry[0], entry[1]] = price
        return PriceBook(found)

    def set(self, server_id: str, model: str, price: Price | None) -> PriceBook:
        """Keep the price of a model, None forgets it; return all."""
        prices = {pair: kept for pair, kept in self.book().prices.items() if pair != (server_id, model)}
        if price is not None:
            prices[server_id, model] = price
        return self._write(prices)

    def forget_server(self, server_id: str) -> PriceBook:
        """Forget the prices of a server that was removed; return all that stay."""
        before = self.book()
        prices = {pair: kept for pair, kept in before.prices.items() if pair[0] != server_id}
        return before if len(prices) == len(before.prices) else self._write(prices)

    def _write(self, prices: dict[tuple[str, str], Price]) -> PriceBook:
        rows = [[server, name, kept.to_dict()] for (server, name), kept in prices.items()]
        self._settings.set(_SETTING, dump_json(rows))
        return PriceBook(prices)
