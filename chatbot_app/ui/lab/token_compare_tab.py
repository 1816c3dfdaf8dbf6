"""What a text takes with every tokenizer, and one sentence in many languages."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from chatbot_app.core.errors import AppError
from chatbot_app.core.messages import Notice
from chatbot_app.lab.token_counts import TokenCount, count, sentences
from chatbot_app.lab.tokenizer_choice import TokenizerChoice, TokenizerShelf
from chatbot_app.ui.lab.number_table import NumberTable
from chatbot_app.ui.lab.token_price import TokenPrice
from chatbot_app.ui.lab.token_words import choice_words
from chatbot_app.ui.theme import em, scale_font, set_look
from chatbot_app.workers.lab_services import LabServices, Progress

Counted = tuple[int, TokenCount | str]  # row, counts or why there are none


class TokenCompareTab(QWidget):
    """Counts when it is seen, one tokenizer after the other; each row comes when it is known."""

    def __init__(
        self,
        services: LabServices,
        text: Callable[[], str],
        choices: Callable[[], list[TokenizerChoice]],
        price: TokenPrice,
        shelf: TokenizerShelf,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._services = services
        self._text, self._choices, self._price, self._shelf = text, choices, price, shelf
        self._counted: tuple[str, list[str]] | None = None  # the text and the tokenizers that are shown
        self._counts: list[TokenCount | str | None] = []
        self._names: list[str] = []
        self._said = QLabel(self)
        self._said.setObjectName("compare_said")
        self._said.setWordWrap(True)
        set_look(self._said, "muted")
        self._table = NumberTable("compare_table", self.tr("Tokens by tokenizer"), self)
        self._table.be_low(20)
        self._languages = NumberTable("languages_table", self.tr("Tokens by language"), self)
        heading = QLabel(self.tr("The same sentence in other languages"), self)
        scale_font(heading, 1.0, bold=True)
        source = QLabel(
            self.tr("Tokens of the first sentence of the Universal Declaration of Human Rights, article 1."),
            self,
        )
        source.setWordWrap(True)
        set_look(source, "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, em(self, 0.6), 0, 0)
        column.setSpacing(em(self, 0.4))
        column.addWidget(self._said)
        column.addWidget(self._table)
        for part in (heading, source):
            column.addWidget(part)
        column.addWidget(self._languages, 1)
        price.changed.connect(self._show)
        services.given_up.connect(self._let_go)

    def _compute(self) -> None:
        text, choices = self._text(), self._choices()
        wanted = text, [choice.name for choice in choices]
        if wanted == self._counted:
            return
        self._counted = wanted
        self._names = [choice_words(choice) for choice in choices]
        self._counts = [None] * len(choices)
        self._said.setText(self.tr("Counting…"))
        in_languages = [sentence for _, sentence in sentences()]
        self._show()

        def job(progress: Progress) -> None:
            for row, choice in enumerate(choices):
                progress.check()
                try:
                    counted: TokenCount | str = count(self._shelf.take(choice), text, in_languages)
                except AppError as error:
                    counted = error.summary
                progress.tell((row, counted))

        self._services.run(job, self._done, self._fail, topic="compare", progress=self._take)

    def _take(self, counted: Counted) -> None:
        row, found = counted
        self._counts[row] = found
        self._show()

    def _done(self, _: object) -> None:
        self._said.setText(self.tr("The text of “Step by step”, with every tokenizer."))
        self._show()

    def _fail(self, notice: Notice) -> None:
        self._counted = None
        self._said.setText(notice.summary)

    @Slot()
    def _let_go(self) -> None:
        if None in self._counts:
            self._counted = None
            self._said.setText(self.tr("Not all is counted: the window was closed."))

    @Slot()
    def _show(self) -> None:
        titles = [
            self.tr("Tokenizer"),
            self.tr("Tokens"),
            self.tr("Characters\na token"),
            self.tr("Bytes\na token"),
            self.tr("Longest\ninput"),
            self.tr("Fits"),
            self.tr("Cost"),
        ]
        self._table.set_columns(titles)
        self._table.set_rows(
            [self._row(name, found) for name, found in zip(self._names, self._counts, strict=True)]
        )
        known = [
            (name, found)
            for name, found in zip(self._names, self._counts, strict=True)
            if isinstance(found, TokenCount)
        ]
        self._languages.set_columns(
            [self.tr("Language"), self.tr("Characters"), *(name.split(" (")[0] for name, _ in known)]
        )
        rows = []
        for number, (language, sentence) in enumerate(sentences()):
            rows.append([language, str(len(sentence)), *(str(found.sentences[number]) for _, found in known)])
        self._languages.set_rows(rows)

    def _row(self, name: str, found: TokenCount | str | None) -> list[str]:
        if not isinstance(found, TokenCount):
            return [name, found or "…", *[""] * 5]
        longest = found.longest_input
        ratio = found.bytes / found.tokens if found.tokens else 0.0
        fits = "" if longest is None else self.tr("yes") if found.tokens <= longest else self.tr("no")
        cost = f"{self._price.cost(found.tokens):.6f}" if self._price.price() else ""
        return [
            name,
            f"{found.tokens:,}",
            f"{found.characters_per_token:.2f}",
            f"{ratio:.2f}",
            f"{longest:,}" if longest else "",
            fits,
            cost,
        ]

    # --- Qt ------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._compute()
