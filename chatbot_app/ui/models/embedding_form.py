"""The fields of an embedding model: which, what stands before its texts, how they become one vector, and a trial."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QFormLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from chatbot_app.core.embedding_prefixes import Prefixes, escaped, unescaped
from chatbot_app.core.local_models import POOLINGS
from chatbot_app.knowledge.embedding_choice import TRIAL_SENTENCES
from chatbot_app.ui.dialog_parts import dialog_button, plain_label
from chatbot_app.ui.models.embedding_offers import SHIPS, EmbeddingOffer, EmbeddingWish, source_words
from chatbot_app.ui.models.path_fields import choose_model_file
from chatbot_app.ui.settings.fields import NamedComboBox
from chatbot_app.ui.theme import em, set_look


class EmbeddingForm(QWidget):
    """Shows offers and what is known of the chosen one; what is written counts instead."""

    changed = Signal()  # the wish is another one
    files_chosen = Signal(list)  # list[Path]
    download_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offers: dict[str, EmbeddingOffer] = {}
        self._model = NamedComboBox("embedding_model", self.tr("Embedding model"), self)
        self._file = dialog_button(self, "embedding_file_button", self.tr("Add a file…"))
        self._folder = dialog_button(self, "embedding_folder_button", self.tr("Add a folder…"))
        self._folder.setToolTip(self.tr("A folder with model.onnx and tokenizer.json"))
        self._download = dialog_button(self, "embedding_download_button", self.tr("Download one…"))
        self._name = self._edit("embedding_server_model", self.tr("Name of the model at the server"))
        self._query = self._edit("embedding_query_prefix", self.tr("Text before a question"))
        self._passage = self._edit("embedding_passage_prefix", self.tr("Text before a passage"))
        self._source = plain_label(self, "embedding_prefix_source", shrinks=True)
        set_look(self._source, "muted")
        self._pooling = NamedComboBox("embedding_pooling", self.tr("How one vector is made of a text"), self)
        titles = (self.tr("A sentence"), self.tr("One that says the same"), self.tr("One that does not"))
        self._sentences = [self._edit(f"embedding_sentence_{row}", title) for row, title in enumerate(titles)]
        for edit, sentence in zip(self._sentences, TRIAL_SENTENCES, strict=True):
            edit.setText(sentence)
        self._form = QFormLayout()
        self._build(titles)
        self._connect()

    def _edit(self, name: str, words: str) -> QLineEdit:
        edit = QLineEdit(self)
        edit.setObjectName(name)
        edit.setAccessibleName(words)
        return edit

    def _build(self, titles: Sequence[str]) -> None:
        add = QHBoxLayout()
        add.setSpacing(em(self, 0.4))
        add.addWidget(self._file)
        add.addWidget(self._folder)
        add.addStretch(1)
        fetch = QHBoxLayout()
        fetch.addWidget(self._download)
        fetch.addStretch(1)
        form = self._form
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(em(self, 0.8))
        form.setVerticalSpacing(em(self, 0.4))
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(self.tr("Model"), self._model)
        form.addRow("", add)
        form.addRow("", fetch)
        form.addRow(self.tr("Its name there"), self._name)
        form.addRow(self.tr("Before a question"), self._query)
        form.addRow(self.tr("Before a passage"), self._passage)
        form.addRow("", self._source)
        form.addRow(self.tr("Pooling"), self._pooling)
        for title, edit in zip(titles, self._sentences, strict=True):
            form.addRow(title, edit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(form)

    def _connect(self) -> None:
        self._model.currentIndexChanged.connect(self._show_offer)
        self._name.textEdited.connect(self._show_rule)
        self._query.textEdited.connect(self._edited)
        self._passage.textEdited.connect(self._edited)
        self._pooling.currentIndexChanged.connect(self._edited)
        for edit in self._sentences:
            edit.textEdited.connect(self.changed)
        self._file.clicked.connect(self._ask_for_file)
        self._folder.clicked.connect(self._ask_for_folder)
        self._download.clicked.connect(self.download_requested)

    def show_offers(self, offers: Sequence[EmbeddingOffer], chosen: str = "") -> None:
        """Offer these; `chosen` is the key of the one that is shown, else it stays the one that is."""
        wanted = chosen or self._key()
        is_same = wanted in self._offers and self._offers[wanted] in offers and wanted == self._key()
        self._offers = {offer.key: offer for offer in offers}
        with QSignalBlocker(self._model):
            self._model.clear()
            for offer in offers:
                self._model.addItem(offer.words(), offer.key)
            self._model.setCurrentIndex(max(0, self._model.findData(wanted)))
        if not is_same:
            self._show_offer()

    def wish(self) -> EmbeddingWish | None:
        """Return what is to be tried, None where that is nothing: the model that ships, or one without a name."""
        offer = self._offers.get(self._key())
        name = self._name.text().strip()
        if offer is None or offer.key == SHIPS or (offer.server is not None and not name):
            return None
        sentences = tuple(edit.text().strip() for edit in self._sentences)
        is_own = all(sentences) and sentences != TRIAL_SENTENCES
        return EmbeddingWish(
            offer,
            name,
            self._prefixes(),
            str(self._pooling.currentData() or "") if offer.model is not None else "",
            sentences if is_own else (),
        )

    def is_shipping(self) -> bool:
        """Whether the model that ships is chosen."""
        return self._key() == SHIPS

    def offer(self) -> EmbeddingOffer | None:
        """Return what is chosen."""
        return self._offers.get(self._key())

    def _key(self) -> str:
        return str(self._model.currentData() or "")

    def _prefixes(self) -> Prefixes:
        return Prefixes(unescaped(self._query.text()), unescaped(self._passage.text()))

    @Slot()
    def _show_offer(self) -> None:
        offer = self._offers.get(self._key())
        if offer is None:
            return
        is_model, is_server = offer.model is not None, offer.server is not None
        for widget, is_shown in (
            (self._name, is_server),
            (self._query, is_model or is_server),
            (self._passage, is_model or is_server),
            (self._source, is_model or is_server),
            (self._pooling, is_model),
            *((edit, is_model or is_server) for edit in self._sentences),
        ):
            self._form.setRowVisible(widget, is_shown)
        with QSignalBlocker(self._pooling):
            self._pooling.clear()
            stated = offer.model.facts.pooling if offer.model is not None else ""
            names = {"mean": self.tr("mean"), "cls": self.tr("first token"), "last": self.tr("last token")}
            own = self.tr("As the model says ({how})").format(how=names[stated]) if stated in names else ""
            self._pooling.addItem(own or self.tr("As the model says"), "")
            for pooling in POOLINGS:
                self._pooling.addItem(names[pooling].capitalize(), pooling)
        self._show_rule()

    @Slot()
    def _show_rule(self) -> None:
        offer = self._offers.get(self._key())
        if offer is None:
            return
        rule = offer.rule_for(self._name.text().strip())
        self._query.setText(escaped(rule.prefixes.query))
        self._passage.setText(escaped(rule.prefixes.passage))
        self._edited()

    @Slot()
    def _edited(self) -> None:
        wish = self.wish()
        self._source.setText(source_words(wish.rule) if wish is not None else "")
        self.changed.emit()

    @Slot()
    def _ask_for_file(self) -> None:
        dialog = choose_model_file(self, self.tr("Add an embedding model"), many=True)
        dialog.filesSelected.connect(self._offer_files)
        dialog.open()

    @Slot()
    def _ask_for_folder(self) -> None:
        dialog = choose_model_file(self, self.tr("Add the folder of an embedding model"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.filesSelected.connect(self._offer_files)
        dialog.open()

    @Slot(list)
    def _offer_files(self, names: list[str]) -> None:
        self.files_chosen.emit([Path(name) for name in names])
