"""The fields of documents in words. They come from outside and are shown literally, on one line."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QDate, QLocale, Qt

from chatbot_app.core.document_fields import DocumentFields, FieldMatch, FieldsAsked, parse_iso_date
from chatbot_app.core.text import shortened
from chatbot_app.core.visible_text import visible_text

_DOT = "  ·  "
_LONGEST = 60  # characters of a company or a kind


def fields_line(fields: DocumentFields, *, time_first: bool = False) -> str:
    """Return company, kind, and the period or else the date, on one line; "" where nothing is known.

    `time_first`: for a place that is narrow, where the time mostly is what differs.
    """
    when = fields.period_shown or date_shown(fields.date)
    parts = [_short(fields.company), _short(fields.kind), _short(when)]
    return _DOT.join(part for part in (reversed(parts) if time_first else parts) if part)


def date_shown(iso: str) -> str:
    """Return an ISO date as people write it here; one without a day as it is."""
    parts = parse_iso_date(iso)
    if parts is None or parts[1] is None or parts[2] is None:
        return iso
    return day_shown(QDate(parts[0], parts[1], parts[2]))


def day_shown(day: QDate) -> str:
    """Return a day as people write it here; in the locale "C", whose "6 07 2026" nobody does, as ISO has it."""
    locale = QLocale()
    if locale.language() is QLocale.Language.C:
        return day.toString(Qt.DateFormat.ISODate)
    return locale.toString(day, QLocale.FormatType.ShortFormat)


def match_words(match: FieldMatch) -> str:
    """Return in plain words how a document's fields stand to the question; "" where they say nothing."""
    tr = QCoreApplication.translate
    match match:
        case FieldMatch.FITS:
            return tr("DocumentFields", "is asked for")
        case FieldMatch.ALSO:
            return tr("DocumentFields", "is compared with it")
        case FieldMatch.DIFFERS:
            return tr("DocumentFields", "is another document of that kind")
        case _:
            return ""


def asked_words(asked: FieldsAsked) -> str:
    """Return one sentence on what of the question names documents, and what that did to the ranking."""
    tr = QCoreApplication.translate
    named = ", ".join(_short(part) for part in (*asked.companies, *asked.kinds, *asked.periods))
    if asked.several:
        sentence = tr(
            "DocumentFields", "Asks about {n} documents ({named}): the best passage of each comes first."
        )
    elif asked.documents == 1:
        sentence = tr("DocumentFields", "Asks about 1 document ({named}): others of its kind count less.")
    else:
        sentence = tr(
            "DocumentFields", "Asks about {n} documents ({named}): others of their kind count less."
        )
    sentence = sentence if named else sentence.replace(" ({named})", "")
    return sentence.replace("{n}", QLocale().toString(asked.documents)).replace("{named}", named)


def _short(text: str) -> str:
    return shortened(" ".join(visible_text(text).split()), _LONGEST)
