"""What stands before a date and says whose day it is: "Reporting date:", "Stand:", "Visited on"; or another's: "Due date:", "geboren am"."""

from __future__ import annotations

import re
from enum import Enum

from chatbot_app.core.late_pattern import LatePattern


class Label(Enum):
    """What the words before a date say of it."""

    NONE = "none"  # nothing
    OTHER = "other"  # it is the day of something else: when a thing ends, what comes next, who was born
    WEAK = "weak"  # of a document that has a day of its own it is that one: "as of", "vom"
    OWN = "own"  # it is the document's, whatever that is
    PERIOD = "period"  # it begins or ends the time that the document is about
    REVISED = "revised"  # the day of the last change


def label_before_date(line: str) -> Label:
    """Return what the words of a line before a date say of it; a line that is cut begins with "…"."""
    if _REVISED.search(line):
        return Label.REVISED
    if _PERIOD.search(line):
        return Label.PERIOD
    if _OTHER_EVENT.search(line):
        return Label.OTHER
    if _OWN.search(line):
        return Label.OWN
    if _WEAK.search(line):
        return Label.WEAK
    return Label.OTHER if _NONE_OF_IT.search(line) else Label.NONE


# "Date: Wed, 08 May 2024"
_BEFORE_DATE = (
    r"(?:\W{1,3}(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mar|mer|jeu|ven|sam|dim|пн|вт|ср|чт|пт|сб|вс)"
    r"(?:day|sday|nesday|rsday|urday)?\.?,)?\W{0,6}$"
)
# At the head of a line, or of a sentence, a cell, a remark in brackets: within one ("the tower was visited on …") it is a
# day that the text tells of.
_HEAD = r"(?:^(?:[^,.…]{1,40},)?|[|·•;.(–—]|\*\*|__)[\s*_#>-]*"


def _label(*labels: str, before: str, behind: str) -> LatePattern:
    return LatePattern(rf"{before}(?:{'|'.join(labels)}){behind}{_BEFORE_DATE}", re.IGNORECASE)


_WEAK = _label(
    r"date(?:\s+of\s+(?:meeting|issue|invoice|report))?|dated(?:\s+as\s+of)?|made\s+(?:on|as\s+of)|entered\s+into\s+(?:on|as\s+of)",
    r"as\s+of|effective(?:\s+date)?|invoice\s+date|issue(?:d|\s+date)(?:\s+on)?|filed(?:\s+on)?|meeting\s+(?:of|held\s+on|date)|held\s+on|sent",
    r"datum|rechnungsdatum|sitzung\s+(?:vom|am)|vom|den|le|fecha(?:\s+de\s+\w+)?|дата",
    r"(?:faktura|factuur)datum|data(?:\s+(?:d[iea]l?l?a?\s+\w+|wystawienia|sprzedaży|fattura))?|zawart[aey](?:\s+w)?\s+dni[au]|dnia",
    before=r"(?:^|[\s|*_(])",
    behind="",
)
_REVISED = _label(
    r"(?:last\s+|latest\s+)?(?:updat|revis|modifi|amend|review|edit|chang)ed|(?:last\s+|latest\s+)?(?:update|revision|change|amendment)(?:\s+date)?",
    r"date\s+of\s+(?:the\s+)?(?:last\s+|latest\s+)?(?:update|revision|amendment|change)",
    r"(?:zuletzt\s+)?(?:geändert|aktualisiert|überarbeitet)|(?:letzte\s+)?(?:änderung|aktualisierung|überarbeitung)",
    r"(?:bearbeitungs)?stand|fassung|version|revisionsstand|änderungsdatum",
    r"(?:dernière\s+)?(?:mise\s+à\s+jour|modification|révision)|(?:révisé|mis\s+à\s+jour|modifié)e?s?",
    r"(?:última\s+)?(?:actualización|modificación|revisión)|actualizad[oa]|revisad[oa]",
    r"обновлен[оа]?|редакция|изменен[оа]?|(?:最后)?(?:更新|修订|修改)(?:日期|时间)?",
    before=_HEAD,
    behind=r"(?:\s+(?:on|in|as\s+of|am|vom|von|per|le|en|du|de|el|от))?",
)
_DEED = (
    r"(?:issue|publication|release|report(?:ing)?|statement|approval|adoption|resolution|signature|sampl(?:e|ing)|(?:sample\s+)?collection|test(?:ing)?|inspection"
    r"|examination|survey|(?:site\s+)?visit|audit|measurement|assessment|calibration|analysis|meeting|session|exam|print(?:ing)?|version|document|invoice|order"
    r"|letter|preparation)"
)
_DONE = (
    r"(?:(?:issu|publish|releas|report|prepar|complet|approv|adopt|pass|sign|sampl|collect|test|inspect|examin|survey|visit|audit|measur|record|assess|calibrat"
    r"|dat)ed|taken|drawn|written|held|made)"
)
_PROBEN = r"(?:prüf(?:ung|datum|tag)|untersuchung|untersuchungsdatum|prob(?:en?|ent)nahme(?:datum)?|messdatum|messung|besichtigung|begehung|besuch|inspektion)"
_ACTE = (
    r"(?:essai|émission|édition|publication|inspection|examen|prélèvement|visite|contrôle|analyse|mesure|signature|rapport|réunion|parution|établissement"
    r"|délivrance|création|facture|facturation)"
)
_ACTO = r"(?:emisión|inspección|publicación|toma|muestra|ensayo|prueba|informe|visita|análisis|expedición|edición|elaboración|reunión|firma|aprobación|factura)"
_ДЕЛО = (
    r"(?:испытани[яй]|составления|выпуска|публикации|проверки|осмотра|отбора(?:\s+проб\w?)?|издания|выдачи|документа|отч[её]та|заседания|анализа|исследования"
    r"|утверждения|подписания)"
)
_OWN = _label(
    rf"(?:(?:blood\s+)?samples?\s+|specimen\s+)?{_DONE}|{_DEED}\s+date|date\s+(?:of\s+(?:the\s+)?{_DEED}|{_DONE})|date",
    r"(?:date|datum|fecha|дата)\s*(?:&|and|/|und|et|y|и)\s*(?:time|uhrzeit|zeit|heure|hora|время)",
    r"v(?:ersion)?\.?[\s:]*v?\d+(?:\.\d+)*[\s,;:–-]*(?:dated?|datum)?",  # "Version 1, 26/10/2023", "Version: v1.0 Date: …"
    r"effective(?:\s+date)?|valid\s+from|in\s+force(?:\s+(?:from|since))?|applies\s+from",
    r"(?:erstell|ausgestell|veröffentlich|geprüf|untersuch|begutachte|genehmig|verabschiede|kalibrier|besichtig)(?:e?t)",
    r"ausgegeben|beschlossen|freigegeben|unterzeichnet|gemessen|aufgenommen|verfasst|herausgegeben|entnommen",
    rf"ausgabe(?:datum)?|(?:aus|er)stellung(?:sdatum)?|veröffentlichung|berichts?datum|{_PROBEN}|inspektionsdatum|freigabe(?:datum)?|druckdatum",
    r"datum(?:\s+(?:der|des)\s+\w+)?|tag\s+der\s+\w+|sitzung|in\s+kraft(?:\s+(?:ab|seit))?|(?:gültig|gilt)\s+(?:ab|seit)",
    rf"date\s+(?:d['’]|de\s+(?:l['’]|la\s+)?|du\s+){_ACTE}|(?:publié|émis|édité|délivré|établi|prélevé|contrôlé|inspecté|visité|signé|adopté|approuvé|rédigé)e?s?",
    r"en\s+vigueur(?:\s+(?:depuis|à\s+(?:partir|compter)\s+du))?|applicable\s+à\s+(?:partir|compter)\s+du",
    rf"fecha(?:\s+de(?:l|\s+la)?\s+{_ACTO})?|(?:publicad|emitid|expedid|aprobad|firmad|inspeccionad|visitad|elaborad)[oa]s?|en\s+vigor(?:\s+desde)?|vigente\s+desde",
    rf"дата(?:\s+{_ДЕЛО})?|(?:утвержден|опубликован|составлен|выдан|издан|подписан|проверен)[оаы]?|действует\s+с|вступает\s+в\s+силу|по\s+состоянию\s+на",
    r"(?:检查|检测|测试|试验|采样|取样|发布|报告|签发|出版|编制|生效|会议|审核|评审|测量|签署|制定|批准|印发|打印)(?:日期|时间|日)|日期|发布于",
    before=_HEAD,
    behind=r"(?:\s+(?:on|in|from|as\s+of|at|dated|am|vom|von|zum|ab|seit|per|le|en|du|de|el|desde|от|с))?",
)
_PERIOD = LatePattern(
    rf"{_HEAD}(?:(?:report(?:ing|ed)?\s+|statement\s+)?period(?:\s+covered)?|berichts(?:zeitraum|monat|woche)|zeitraum|période(?:\s+(?:couverte|du\s+rapport))?|per[ií]odo"
    r"|отч[её]тный\s+период|报告期间?)\b[^\n.;。]{0,50}$",
    re.IGNORECASE,
)
_REST = r"[^\n.;。；]{0,40}?"
_OTHER_EVENT = LatePattern(
    r"(?:\b(?:due|expir\w*|expiry|end|closing|deadline|maturity|delivery|payment|birth|born|dob|d\.o\.b\.?|start(?:ing)?|renewal|purchase|hired?|retirement|death|died)"
    r"(?:\s+(?:date|on|by|before))?"
    r"|\b(?:date|day)\s+of\s+(?:birth|death|expiry|expiration|delivery|purchase|payment|maturity|departure|arrival|loss|accident|admission|discharge|hire|marriage)"
    r"|\b(?:valid|effective|good)\s+(?:until|till|to|through)|\b(?:until|till|no\s+later\s+than)"
    rf"|\b(?:best\s+before|use\s+by|sell\s+by|replaces|supersedes|previous|former|last|next)\b{_REST}"
    rf"|\b(?:nächste[nrs]?|folgende[nrs]?|vorige[nrs]?|vorherige[nrs]?|letzte[nrs]?|ersetzt)\b{_REST}"
    r"|\b(?:fällig(?:keit)?|fälligkeitsdatum|zahlbar|bis(?:\s+zum)?|geb\.?|geboren|geburtsdatum|ablaufdatum|verfallsdatum|mindesthaltbarkeitsdatum|haltbar"
    rf"|lieferdatum|liefertermin|eintritt|frist|abgabe(?:termin)?)(?!\w){_REST}"
    rf"|\b(?:née?|naissance|échéance|expiration|péremption|jusqu['’]?(?:au)?|limite|livraison|prochaine?|remplace|avant\s+le|décès)\b{_REST}"
    rf"|\b(?:nacid[oa]|nacimiento|vencimiento|caducidad|hasta|límite|entrega|próxim[oa]|sustituye|fallecimiento)\b{_REST}"
    rf"|(?:рожден\w+|род\.|срок\s+действия|действител\w+\s+до|годен\s+до|окончания|следующ\w+|сдачи|оплаты|поставки|смерти){_REST}"
    r"|(?:出生|有效期|到期|截止|下次|失效|生产|交货|付款)[^\n。；]{0,8})\W{0,6}$",
    re.IGNORECASE,
)
_NONE_OF_IT = LatePattern(
    r"(?:incorporat|organiz|founded|establish|due|expir|matur|valid\s+(?:until|to)|effective\s+until|fällig|zahlbar|born|geboren"
    r"|outstanding|act\s+of|copyright|©|since|seit)[^\n]{0,60}$",
    re.IGNORECASE,
)
