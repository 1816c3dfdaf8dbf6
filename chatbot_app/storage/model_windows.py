"""Windows that the person named, for models whose server does not say."""

from __future__ import annotations

from chatbot_app.storage.database import Database


class ModelWindowStore:
    """Context windows in tokens, by server and model. Methods raise StoreError where SQLite refuses."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> dict[tuple[str, str], int]:
        """Return every window by (server id, model)."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT server_id, model, tokens FROM model_windows")
            return {(row["server_id"], row["model"]): row["tokens"] for row in rows}

    def get(self, server_id: str, model: str) -> int | None:
        """Return the window that the person named; None where they were not asked."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT tokens FROM model_windows WHERE server_id = ? AND model = ?", [server_id, model]
            ).fetchone()
        return row["tokens"] if row is not None and isinstance(row["tokens"], int) else None

    def set(self, server_id: str, model: str, tokens: int) -> None:
        """Keep a window. Raises ValueError where it is not positive."""
        if tokens < 1:
            raise ValueError("a window has at least one token")
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO model_windows (server_id, model, tokens) VALUES (?, ?, ?)"
                " ON CONFLICT (server_id, model) DO UPDATE SET tokens = excluded.tokens",
                [server_id, model, tokens],
            )

    def remove(self, server_id: str, model: str) -> None:
        """Forget a window; does nothing where there is none."""
        with self._database.write() as connection:
            connection.execute(
                "DELETE FROM model_windows WHERE server_id = ? AND model = ?", [server_id, model]
            )
