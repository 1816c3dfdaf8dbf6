"""Cells of workbooks as they are shown: 0.188 in a cell of percents is 18.8%.

kreuzberg 4.10 reads the numbers that a workbook keeps, and nothing of how they are shown. Cells of percents, money,
durations and days are written as texts before it reads; of days it would write "2023-03-31", whatever the sheet shows.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Mapping
from html import escape, unescape
from pathlib import Path

from chatbot_app.knowledge.formats.sheet_dates import EPOCH_1900, EPOCH_1904, is_of_two_orders, shows_day
from chatbot_app.knowledge.formats.zip_parts import DAMAGED, read_part

_STYLES = "xl/styles.xml"
_WORKBOOK = "xl/workbook.xml"
_FROM_1904 = re.compile(rb"""<workbookPr\b[^<>]*\bdate1904=["'](?:1|true)["']""")
_ODS = "content.xml"
# That says what it shows: some programs write the value alone.
_ODS_CELL = re.compile(
    rb'<table:table-cell\s[^<>]*?\boffice:value-type="(?:percentage|currency|time)"[^<>]*(?<!/)>'
    rb"(?=\s*(?:<office:annotation\b.{0,4000}?</office:annotation>\s*)?<text:p\b[^<>]*(?<!/)>(?!\s*</text:p>))",
    re.DOTALL,
)
# A number in the notation of its office: "1.204,5" where the file keeps 1204.5.
_ODS_NUMBER = re.compile(
    rb'<table:table-cell\s(?=[^<>]*?\boffice:value-type="float")[^<>]*?\boffice:value="([^"<>]{1,40})"[^<>]*(?<!/)>'
    rb"(?=\s*<text:p>([^<>]{1,40})</text:p>\s*</table:table-cell>)"
)
# A day whose text says its year in full, so that nothing of it is lost: no "31.03.", no 3/4/2023 that may be March or April.
_ODS_DAY = re.compile(
    rb'<table:table-cell\s(?=[^<>]*?\boffice:value-type="date")[^<>]*?\boffice:date-value="(\d{4})-[^"<>]{1,20}"[^<>]*(?<!/)>'
    rb"(?=\s*<text:p>([^<>]{1,60})</text:p>\s*</table:table-cell>)"
)
_ODS_TYPE = re.compile(rb'(\soffice:value-type=)"[^"]*"')
_ODS_VALUE = re.compile(rb'\soffice:(?:value|time-value|date-value|currency)="[^"]*"')
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_MOST_BYTES = 30_000_000  # of a sheet's XML; a larger one is data that no person reads by its percents
_FORMAT = re.compile(r"""<numFmt((?:\s+[\w:]+=(?:"[^"]*"|'[^']*'))+)\s*/?>""")
_ATTRIBUTE = re.compile(r"""([\w:]+)=(?:"([^"]*)"|'([^']*)')""")
_CELL_FORMATS = re.compile(r"<cellXfs\b.*?</cellXfs>", re.DOTALL)
_CELL_FORMAT = re.compile(r'<xf\b[^<>]*?\bnumFmtId="(\d+)"')
_CELL = re.compile(
    rb'<c((?:\s[^<>]*?)?\ss="(\d+)"[^<>]*)>(?:<f\b[^<>]*(?:/>|>[^<>]*</f>))?<v>([^<>]{1,40})</v></c>'
)
_TYPED = re.compile(rb'\s+t="([^"]*)"')
# Those that Excel knows by number alone (ECMA-376, part 1, 18.8.30).
_KNOWN = {9: "0%", 10: "0.00%", 20: "h:mm", 21: "h:mm:ss", 15: "d-mmm-yy", 17: "mmm-yy", 46: "[h]:mm:ss"}
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.')
_CURRENCY = re.compile(r"\[\$([^\]-]{1,4})[^\]]*\]|\"\s*([$€£¥₽₹]|[A-Z]{3})\s*\"|([$€£¥₽₹])")
_OF_TIME = re.compile(r"[ymdhs]", re.IGNORECASE)
_MOST_DECIMALS = 30  # as Excel allows
_DECIMALS = re.compile(r"[0#?]\.([0#?]+)")

Shown = Callable[[float], str]


def shown_bytes(path: Path) -> bytes | None:
    """Return a workbook whose percents, money, durations and days are texts; None where it has none. Raises OSError."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            from_1904 = _WORKBOOK in names and _FROM_1904.search(
                read_part(archive, archive.getinfo(_WORKBOOK))
            )
            epoch = EPOCH_1904 if from_1904 else EPOCH_1900
            forms = (
                _forms(read_part(archive, archive.getinfo(_STYLES)).decode("utf-8", "replace"), epoch)
                if _STYLES in names
                else {}
            )
            sheets = [name for name in names if _SHEET.fullmatch(name)] if forms else []
            written = {
                name: _with_texts(read_part(archive, archive.getinfo(name)), forms)
                for name in sheets
                if archive.getinfo(name).file_size <= _MOST_BYTES
            }
            return _copied(archive, written) if written else None
    except DAMAGED:
        return None  # who reads the file says what is wrong


def shown_ods_bytes(path: Path) -> bytes | None:
    """Return an OpenDocument table whose percents, money, durations and days are the texts that it shows; None as above."""
    try:
        with zipfile.ZipFile(path) as archive:
            if archive.getinfo(_ODS).file_size > _MOST_BYTES:
                return None
            content = read_part(archive, archive.getinfo(_ODS))
            written = _ODS_NUMBER.sub(
                _as_written, _ODS_CELL.sub(_as_text, _ODS_DAY.sub(_as_shown_day, content))
            )
            return _copied(archive, {_ODS: written}) if written != content else None
    except (KeyError, *DAMAGED):
        return None  # who reads the file says what is wrong


def _as_text(cell: re.Match[bytes]) -> bytes:
    return _ODS_VALUE.sub(b"", _ODS_TYPE.sub(rb'\1"string"', cell[0]))


def _as_shown_day(cell: re.Match[bytes]) -> bytes:
    shown = cell[2].decode("utf-8", "replace")
    return cell[0] if cell[1] not in cell[2] or is_of_two_orders(shown) else _as_text(cell)


def _as_written(cell: re.Match[bytes]) -> bytes:
    """Return a cell of a number as a text where it shows all digits of the number, and shows them otherwise."""
    kept, shown = (re.sub(rb"\D", b"", part).strip(b"0") for part in cell.groups())
    return _as_text(cell) if kept == shown and cell[1] != cell[2] else cell[0]


def _copied(archive: zipfile.ZipFile, written: Mapping[str, bytes]) -> bytes:
    copied = io.BytesIO()
    with zipfile.ZipFile(copied, "w") as copy:
        for name in dict.fromkeys(archive.namelist()):
            if name.lower().endswith((".xml", ".rels")) or name == "mimetype":
                copy.writestr(name, written.get(name) or read_part(archive, archive.getinfo(name)))
    return copied.getvalue()


def _with_texts(sheet: bytes, forms: Mapping[bytes, Shown]) -> bytes:
    def text(cell: re.Match[bytes]) -> bytes:
        form = forms.get(cell[2])
        typed = _TYPED.search(cell[1])
        if form is None or (typed is not None and typed[1] != b"n"):
            return cell[0]
        try:
            shown = form(float(cell[3]))
        except (ValueError, OverflowError):
            return cell[0]
        attributes = _TYPED.sub(b"", cell[1])
        return b'<c%b t="inlineStr"><is><t>%b</t></is></c>' % (attributes, escape(shown).encode())

    return _CELL.sub(text, sheet)


def _forms(styles: str, epoch: dt.date) -> dict[bytes, Shown]:
    """Return how numbers of each style of cells are shown, by the style's number as sheets write it."""
    codes = dict(_KNOWN)
    for found in _FORMAT.findall(styles):
        named = {name: double or single for name, double, single in _ATTRIBUTE.findall(found)}
        if named.get("numFmtId", "").isdecimal():
            codes[int(named["numFmtId"])] = unescape(named.get("formatCode", ""))
    cells = _CELL_FORMATS.search(styles)
    numbers = _CELL_FORMAT.findall(cells[0]) if cells is not None else []
    forms = {}
    for place, number in enumerate(numbers):
        code = codes.get(int(number), "")
        form = _form(code) or shows_day(code, epoch)
        if form is not None:
            forms[str(place).encode()] = form
    return forms


def _form(code: str) -> Shown | None:
    """Return what writes numbers of a format, None where the number itself is what is shown."""
    first = code.split(";", 1)[0]
    bare = _QUOTED.sub("", first)
    found = _DECIMALS.search(bare)
    decimals = min(len(found[1]), _MOST_DECIMALS) if found is not None else 0
    if "%" in bare:
        return lambda value: f"{100 * value:.{decimals}f}%"
    if re.match(r"\[h+\]", bare, re.IGNORECASE):
        return _hours
    plain = re.sub(r"\[[^\]]*\]", "", bare)
    if re.fullmatch(r"h{1,2}:mm(?::ss)?(?: ?am/pm)?", plain.strip(), re.IGNORECASE):
        return lambda value: _hours(value % 1)
    currency = _CURRENCY.search(first)
    if currency is None or _OF_TIME.search(plain) or not re.search("[0#?]", plain):
        return None
    sign = (currency[1] or currency[2] or currency[3]).strip()
    digit = re.search("[0#?]", _QUOTED.sub(lambda quoted: " " * len(quoted[0]), first))
    leads = digit is not None and currency.start() < digit.start()

    def money(value: float) -> str:
        amount = f"{abs(value):,.{decimals}f}"
        minus = "-" if value < 0 else ""
        if leads:
            return f"{minus}{sign}{'' if len(sign) == 1 else ' '}{amount}"
        return f"{minus}{amount} {sign}"

    return money if sign else None


def _hours(days: float) -> str:
    """Return a part of a day, or several of them, in hours, minutes and (where there are any) seconds."""
    minutes, seconds = divmod(round(abs(days) * 86_400), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{'-' if days < 0 else ''}{hours:02d}:{minutes:02d}" + (f":{seconds:02d}" if seconds else "")
