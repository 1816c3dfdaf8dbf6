"""The expected answer type of a question (Li & Roth 2002), where its form is plain: a price, an address, a phone number …

What is asked for is told by a question's words, what a sentence holds by the shape of what stands there: an amount of
money, a street with its number, "+49 421 …". A question in any of the languages whose question words are known is asked
of sentences in any language.
"""

from __future__ import annotations

import re
from enum import StrEnum

from chatbot_app.core.late_pattern import LatePattern
from chatbot_app.knowledge.trust.measures import ValueKind
from chatbot_app.knowledge.trust.values import values_of


class AnswerType(StrEnum):
    """What an answer has to hold, more closely than `questions.Asked`."""

    PRICE = "price"  # of a thing, a service: not what is made with it
    SALARY = "salary"
    EARNED = "earned"  # by somebody, or by a company: what flows through its books counts
    ADDRESS = "address"
    PHONE = "phone"
    EMAIL = "email"
    DURATION = "duration"


_IS = r"\b(?:what(?:['’]?s| is| are| was| were)|tell me|give me|find)\b "
_SOME = r"(?:(?!of\b)[\w'’.-]+ ){0,5}?"  # words of one noun phrase
_OTHER_ADDRESSES = r"(?<!ip )(?<!mac )(?<!web )(?<!inaugural )(?<!gettysburg )(?<!farewell )(?<!keynote )(?<!opening )(?<!memory )"
# The first that matches counts. English, German, French, Spanish, Russian, Chinese.
_ASKED = tuple(
    (kind, LatePattern(form, re.IGNORECASE))
    for kind, form in (
        (
            AnswerType.EMAIL,
            r"\be-?mail[ -]?(?:address(?:es)?|adressen?)\b|(?:['’]s|\byour|\bhis|\bher|\btheir) e-?mail\W*$|\badresse (?:e-?mail|électronique)"
            r"|\b(?:cuál es|dirección de)\b.{0,30}\bcorreo electrónico\b|\bадрес электронной почты\b|(?:邮箱|电子邮件地址)",
        ),
        (
            AnswerType.PHONE,
            r"\b(?:tele)?phone numbers?\b|\b(?:mobile|cell|fax|hotline) numbers?\b|\b(?:telefon|handy|fax|ruf|mobil)nummer\w*"
            r"|\bnuméro de téléphone\b|\bnúmero de teléfono\b|\bcuál es el teléfono\b|\bномер\w* телефона\b|电话号码|电话是多少",
        ),
        (
            AnswerType.ADDRESS,
            rf"{_IS}[^\d_]{{0,80}}?{_OTHER_ADDRESSES}\baddress(?:es)?(?: (?:of|for) [^\d_]+)?\W*$|^[^\d_]{{1,60}}['’]s (?:\w+ )?{_OTHER_ADDRESSES}address\W*$"
            r"|^\W*(?:postal |street )?address(?: of [^\d_]+)?\W*$|\banschrift\b|\b(?:welche|wie (?:ist|lautet)|was ist)\b.{0,30}\badresse\b"
            r"|\bquelle est l['’]adresse\b|\bcuál es la dirección\b|\bпочтовый адрес\b|\bкакой (?:\w+ )?адрес\b|地址",
        ),
        (
            AnswerType.SALARY,
            rf"(?:{_IS}|\bhow (?:much|high|large) (?:is|are|was|were) |\bwhat ){_SOME}(?:salary|salaries|wages?)\b|\b(?:wie hoch|welches)\b.{{0,30}}\bgehalt\b(?! an\b)"
            r"|\bquel (?:est|était) .{0,30}\bsalaire\b|\bcuál (?:es|era) .{0,30}\b(?:sueldo|salario)\b|\bкакая .{0,30}\bзарплата\b|(?:工资|薪水)(?:是)?多少",
        ),
        (
            AnswerType.EARNED,
            r"\b(?:how much|what) (?:does|do|did|will) .{1,60}? (?:earn|get paid)\b|\b(?:was|wie ?viel) verdien\w+\b|\bcombien gagne\b"
            r"|\bcuánto gana\b|\bсколько зарабатывает\b",
        ),
        (
            AnswerType.PRICE,
            r"\b(?:how much|what) (?:does|do|did|will|would|might) .{1,80}? costs?\b|\bhow much (?:is|are|was|were) (?:a|an|one)\b|\bhow expensive\b"
            rf"|{_IS}{_SOME}prices? (?:of|for)\b|^\W*prices? (?:of|for)\b|\bhow much (?:do|does|did|must|will|would) (?:i|we|you|one) (?:have to )?pay for\b"
            r"|\bwas (?:kostet|kosten)\b|\bwie ?viel (?:kostet|kosten)\b|\bwie teuer\b|\bwie hoch ist der preis\b|\bcombien coûten?t?\b|\bquel est le prix\b"
            r"|\bcuánto (?:cuesta|vale)n?\b|\bcuál es el precio\b|\bсколько сто[ия]\w+|\bкакова цена\b|多少钱|价格是多少",
        ),
        (
            AnswerType.DURATION,
            r"\bhow (?:long|many (?:minutes|hours|days|weeks|months|years)) (?:does|do|did|will|would|must|should|can|may) .{1,80}?"
            r" (?:take|last|run|stay|remain|be|wait|keep|need|go on|continue)\b|\bhow long (?:is|are|was|were) .{1,80}? (?:kept|stored|valid|retained|held|open)\b"
            r"|\bwie lange (?:dauer\w+|gilt|gelten|läuft|brauch\w+)|\bcombien de temps\b|\bcuánto (?:tiempo )?(?:dura|tarda)\w*\b|\bкак долго\b|多久|多长时间",
        ),
    )
)
# What the features of quotes see nothing of: values of these have no unit.
UNSEEN = frozenset({AnswerType.ADDRESS, AnswerType.PHONE, AnswerType.EMAIL})
# The words of a question that only say its type: what is asked about are the others.
TYPE_WORDS = frozenset(
    """much cost costs costing price prices priced pay paid expensive salary salaries wage wages earn earns earned address addresses postal street
    home mailing headquarters phone telephone number numbers mobile cell fax email mail e long take takes last lasts run runs stay kept keep
    does do did is are was were tell give me find please called currently today now
    was kostet kosten wieviel viel teuer preis verdient verdienen gehalt anschrift adresse telefonnummer handynummer rufnummer nummer faxnummer lange dauert dauern gilt gelten
    combien coûte coûtent prix salaire gagne numéro téléphone adresse temps dure cuánto cuesta cuestan precio sueldo gana número teléfono dirección tiempo dura
    сколько стоит стоят цена цены зарплата адрес телефон номер долго""".split()
)

_DIGIT = re.compile(r"[\d一二三四五六七八九十百千万两]")
_CURRENCY = LatePattern(
    r"[$€£¥₽₹₩₺₴]|\b(?:usd|eur|gbp|chf|jpy|cny|rmb|inr|rub|sek|nok|dkk|isk|pln|czk|huf|brl|cad|aud|krw)\b"
    r"|\b(?:euros?|dollars?|pounds?|pence|cents?|ct|francs?|franken|yen|yuan|rubles?|roubles?|rupees?|pesos?|kron\w{1,4}|krón\w{1,3}|złoty|zloty|lir[ae]"
    r"|shillings?|guilders?|marks?|dinars?|riyals?|reais|won|bucks|grand|quid|guineas?|livres?|ducats?|florins?|drachmas?|talents?|denarii|рубл\w+|доллар\w*|евро)\b|元|块|円|欧元|美元",
    re.IGNORECASE,
)
_PRICED = LatePattern(
    r"\b(?:prices?|priced|fees?|fares?|rates?|rents?|charges?|charged|tariffs?|costs?|costing|free of charge|for free|worth|tickets?"
    r"|preise?|gebühr\w*|kostet\w*|kosten\w*|kostenlos|gratis|miete|tarif\w*|pauschale|beitrag|prix|tarifs?|coûte\w*|frais|gratuit\w*|loyer|precios?|tarifas?|cuesta\w*|gratuito"
    r"|alquiler|цен\w+|стоимость|стоит|бесплатно|плата)\b|价格|费用|价钱|免费",
    re.IGNORECASE,
)
# What flows through books, however it is counted, is no price of what it is made with.
_FLOWS = LatePattern(
    r"\b(?:cost of (?:sales|revenues?|goods)|net sales|sales(?! prices?)|revenues?|turnover|net income|operating income|operating expenses|gross (?:margin|profit)|profits?|earnings"
    r"|cash flows?|liabilit\w+|assets|shareholders|inventor\w+|umsatz\w*|erlöse?|gewinne?|ergebnis|chiffre d['’]affaires|bénéfices?|ventas|ingresos|beneficios?|выручк\w+|прибыл\w+)\b",
    re.IGNORECASE,
)
_EXPENSE = LatePattern(
    r"\b(?:expens\w+|expenditures?|costs?(?! of (?:sales|revenue|goods))|aufw[aä]nd\w*|kosten|ausgaben|dépenses?|coûts?|gastos?|costes?|расход\w*)\b",
    re.IGNORECASE,
)
# An amount that a word for a price leads to: "cost $1.3 million", "at a price of 20 €".
_COSTS = LatePattern(
    r"\b(?:cost(?! of (?:sales|revenue|goods))|costs|costing|priced|prices? (?:of|was|is|were|are)|kostet\w*|preis von|coût\w*|cuesta\w*|costó|стои\w+)\b"
    r"[^.;\d]{0,40}\d",
    re.IGNORECASE,
)
_PAID = LatePattern(
    r"\b(?:salar\w+|wages?|earn\w*|compensation|stipend\w*|pay|paid|income|remunerat\w+|gehalt\w*|verdien\w+|lohn|löhne|vergütung|brutto|salaires?|rémunération|gagne\w*|sueldos?|salarios?"
    r"|gana\w*|зарплат\w+|оклад\w*|зарабатыва\w+)\b|工资|薪",
    re.IGNORECASE,
)
_PHONE = LatePattern(r"(?<![\w.,-])(?:\+\d{1,3}|\(?0\d|\(\d{3}\)|\d{3}[ .-]\d{3})[\d /().-]{4,18}\d(?![\w%])")
_EMAIL = re.compile(r"[^\s@<>]{1,64}@[^\s@<>]{1,64}\.\w{2,}")
_STREET = LatePattern(
    r"\b\d{1,5}[a-z]?,? (?:[A-Z][\w'’.-]*,? ){1,4}(?i:street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|way|court|ct|square|sq|place|pl|park"
    r"|parkway|pkwy|terrace|close|crescent|highway|hwy|quay|yard|row|hill|gardens|mews|loop|circle|plaza|broadway)\b"
    r"|\b[A-ZÄÖÜ][\w-]*(?:stra(?:ß|ss)e|str\.|weg|gasse|platz|allee|ufer|damm|ring|graben) \d{1,4}\b"
    r"|\b(?:Am|An der|Im|Auf der|Unter den) [A-ZÄÖÜ][\w-]+ \d{1,4}[a-z]?\b|\b\d{5} [A-ZÄÖÜ][a-zäöüß]{2,}"
    r"|\b(?i:rue|avenue|boulevard|place|chemin|calle|avenida|plaza|paseo|via|viale|piazza|rua|praça) (?:[\w'’-]+ ){1,5}?,? ?\d{1,4}\b"
    r"|\b\d{1,4},? (?:bis )?(?i:rue|avenue|boulevard|place|chemin)\b|\b(?:ул\.|улица|проспект|пр\.|переулок|пер\.)|[路街道]\d+号"
    r"|\b(?i:p\.? ?o\.? box|postfach|suite) \d|\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b|\b[A-Z]{2} \d{5}(?:-\d{4})?\b|\b(?:One|Two|Three) [A-Z]\w+ (?:[A-Z]\w+ )?(?:Way|Square|Plaza|Place|Drive)\b"
)
_LASTING = LatePattern(
    r"\b(?:indefinitely|permanent\w*|forever|overnight|lifetime|for life|decades?|centur\w+|unlimited|unbefristet|dauerhaft|lebenslang)\b"
    r"|\b(?:until|till|bis|jusqu['’]\w+|hasta|до) [^.;]{0,30}\d",
    re.IGNORECASE,
)
_TIME = frozenset({"time", "calendar", "length"})  # "how long" may be asked of a road
_LONGEST = 2000  # characters of a question or a sentence that are looked at


def answer_type(question: str) -> AnswerType | None:
    """Return what a question asks for, None where its form does not tell."""
    question = question[:_LONGEST]
    return next((kind for kind, form in _ASKED if form.search(question)), None)


def holds(kind: AnswerType, text: str, scale: float = 1.0) -> bool:
    """Whether a sentence, or a row with its heads, holds something of a type; `scale` is what its table's numbers are counted in."""
    text = text[:_LONGEST]
    match kind:
        case AnswerType.EMAIL:
            return _EMAIL.search(text) is not None
        case AnswerType.PHONE:
            return _PHONE.search(text) is not None
        case AnswerType.ADDRESS:
            return _STREET.search(text) is not None
        case AnswerType.DURATION:
            return _holds_duration(text)
        case AnswerType.SALARY:
            return _holds_money(text) and _PAID.search(text) is not None
        case AnswerType.EARNED:
            return scale > 1 or _holds_money(text)
        case AnswerType.PRICE:
            return _holds_price(text, scale)


def _holds_money(text: str) -> bool:
    return _DIGIT.search(text) is not None and _CURRENCY.search(text) is not None


def _holds_price(text: str, scale: float) -> bool:
    if _COSTS.search(text) is not None:
        return True
    if (_FLOWS.search(text) is not None or scale > 1) and _EXPENSE.search(text) is None:
        return False
    return (_PRICED.search(text) is not None and _DIGIT.search(text) is not None) or _holds_money(text)


def _holds_duration(text: str) -> bool:
    if _LASTING.search(text) is not None:
        return True
    values = values_of(text)
    return (
        any(value.dimension in _TIME for value in values)
        or sum(value.kind is ValueKind.DATE for value in values) > 1
    )
