"""The values of a chart of an Office file (DrawingML), as the rows of a table."""

from __future__ import annotations

from xml.etree.ElementTree import Element

CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_TEXT = "{http://schemas.openxmlformats.org/drawingml/2006/main}t"
_MOST_POINTS = 500  # of a series; what has more is a curve, and no reader looks for a point of it
_MOST_SERIES = 50
_LONGEST_NUMBER = 9  # digits, of a point


def chart_of(part: Element) -> tuple[str, list[list[str]]]:
    """Return (title, rows) of a chart: a row for each category, a column for each series; the first row is heads.

    The values are those that the file keeps for drawing. Curves of more than 500 points have no rows.
    """
    title = part.find(f"{CHART}chart/{CHART}title")
    words = (
        " ".join("".join(text.text or "" for text in title.iter(_TEXT)).split()) if title is not None else ""
    )
    series = [_series(one) for one in part.iter(f"{CHART}ser")][:_MOST_SERIES]
    places = sorted({place for _name, _labels, values in series for place in values})
    if not places or len(places) > _MOST_POINTS:
        return words, []
    labels: dict[int, str] = {}
    for _name, own, _values in series:
        labels = own | labels
    rows = [["", *(name for name, _labels, _values in series)]]
    for place in places:
        rows.append(
            [labels.get(place, str(place + 1)), *(values.get(place, "") for _n, _l, values in series)]
        )
    return words, rows


def _series(series: Element) -> tuple[str, dict[int, str], dict[int, str]]:
    """Return (name, labels, values) of a series by the number of the point."""
    name = " ".join(_points(series.find(f"{CHART}tx")).values())
    labels = _points(series.find(f"{CHART}cat")) or _points(series.find(f"{CHART}xVal"))
    values = _points(series.find(f"{CHART}val")) or _points(series.find(f"{CHART}yVal"))
    form = series.find(f"{CHART}val/{CHART}numRef/{CHART}numCache/{CHART}formatCode")
    is_share = form is not None and (form.text or "").endswith("%")
    return name, labels, {place: _rounded(value, is_share) for place, value in values.items()}


def _points(element: Element | None) -> dict[int, str]:
    if element is None:
        return {}
    found: dict[int, str] = {}
    for point in element.iter(f"{CHART}pt"):
        value, number = point.find(f"{CHART}v"), point.get("idx", "")
        if value is not None and value.text and number.isdecimal() and len(number) <= _LONGEST_NUMBER:
            words = " ".join(value.text.split()).replace("|", "/")
            found[int(number)] = f"{found[int(number)]} {words}" if int(number) in found else words
    if not found and (name := element.find(f"{CHART}v")) is not None:
        found[0] = " ".join((name.text or "").split())
    return found


def _rounded(value: str, is_share: bool) -> str:
    """Return a number as a person writes it: 4.9000000000000004 as 4.9, a share in percent."""
    try:
        number = float(value) * (100 if is_share else 1)
    except ValueError:
        return value
    return f"{number:.12g}{'%' if is_share else ''}" if is_share or len(value) > 12 else value
