"""What a sentence holds of the type of answer that is asked for: told by the shape of what stands there, or by words for it.

An amount of money, a street with its number, "+49 421 …". No list of shapes is whole ("is on the house", "the last farm on the
left"): that none is there never says that something is no answer. `may_hold` knows words by which a sentence speaks of the matter
at all.
"""

from __future__ import annotations

import re

from chatbot_app.core.late_pattern import LatePattern
from chatbot_app.knowledge.trust.answer_types import AnswerType
from chatbot_app.knowledge.trust.measures import ValueKind
from chatbot_app.knowledge.trust.values import values_of

_DIGIT = re.compile(r"[\d一二三四五六七八九十百千万两]")
_CURRENCY = LatePattern(
    r"[$€£¥₽₹₩₺₴]|\b(?:usd|eur|gbp|chf|jpy|cny|rmb|inr|rub|sek|nok|dkk|isk|pln|czk|huf|brl|cad|aud|krw)\b"
    r"|\b(?:euros?|dollars?|pounds?|pence|cents?|ct|francs?|franken|yen|yuan|rubles?|roubles?|rupees?|pesos?|kron\w{1,4}|krón\w{1,3}|złoty|zloty|lir[ae]"
    r"|shillings?|guilders?|marks?|dinars?|riyals?|reais|won|bucks|grand|quid|guineas?|livres?|ducats?|florins?|drachmas?|talents?|denarii|руб(?:л\w+)?|доллар\w*|евро)\b|元|块|円|欧元|美元",
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
# Nothing is to be paid; "feel free", "free time" and "sugar-free" are something else.
_FREE = LatePattern(
    r"\bfree of (?:charge|cost)\b|\bfor free\b|\b(?:is|are|was|were|stays?|remains?) (?:always |also |entirely |completely |totally )?free\b(?! (?:to|of|from|time|as|and easy|in)\b)"
    r"|\bfree (?:entry|entrance|admission|parking|delivery|shipping|of cost)\b|\bcomplimentary\b|\bat no (?:\w+ )?(?:cost|charge|expense)\b"
    r"|\bno (?:charge|fee|entrance fee|cost)s?\b|\bwithout (?:charge|payment|a fee|paying)\b|\b(?:costs?|pays?|charged?) nothing\b|(?<!not )\bincluded in (?:the|your) (?:\w+ )?(?:price|admission|fee|fare|rent|ticket|rate|membership|subscription)\b|\bon the house\b"
    r"|\bkosten(?:los|frei)\w*|\b(?:gratis|umsonst|unentgeltlich|gebührenfrei|inbegriffen|inklusive)\b|\b(?:ist|sind|bleibt|eintritt) frei\b|\bfreie[rnm]? eintritt\b|\bkostet\w* (?:\w+ ){0,3}nichts\b"
    r"|\bim (?:\w*preis|\w*beitrag|\w*gebühr) (?:enthalten|inbegriffen)\b|\bnichts (?:berechnet|zu zahlen)\b"
    r"|\bgratuit\w*|\b(?:entrée|accès) libre\b|\bne coûten?t? rien\b|\bsans frais\b|\bcompris\w* dans\b|\b(?:est|sont) offert\w*"
    r"|\bgratuit[oa]s?\b|\b(?:entrada|acceso) (?:es )?libre\b|\bsin (?:coste|costo|cargo)\b|\bno cuestan? nada\b|\binclui\w+ en\b"
    r"|\bбесплатн\w+|\bничего не сто\w+|\bне взима\w+|\bвход свободн\w+|\bвходит в (?:стоимость|цену)\b|\bдаром\b|免费|不收费|不要钱|无需付费|不用付",
    re.IGNORECASE,
)
# So much for each: "30 per month", "3.4 million a year".
_RATE = LatePattern(
    r"(?<![\d.,])\d[\d.,]{0,15}k?(?: (?:million|billion|thousand|hundred|tausend|millionen|millions?|mil|millones|тыс\w*|млн))?"
    r" ?(?:(?:per|an?|each|every|pro|je|im|par|por|al|a la|в|за) (?:seat|user|person|head|guest|child|adult|night|hour|day|week|month|quarter|year|annum|piece|unit|kilo|page|mile"
    r"|stunde|tag|woche|monat|jahr|person|kopf|kind|nacht|stück|heure|jour|semaine|mois|an|année|personne|nuit|hora|día|semana|mes|año|persona|noche|час|день|неделю|месяц|год|человека)\b"
    r"|/ ?(?:h|hour|day|week|month|mo|year|yr|seat|user|person|monat|jahr|std|mois|mes|мес|год))",
    re.IGNORECASE,
)
_PHONE = LatePattern(
    r"(?<![\w.,-])(?:\+\d{1,3}|\(?0\d|\(\d{3}\)|\d{3}[ .-]\d{3})[\d /().-]{4,18}\d(?![\w%])|(?<![\w.,-])\d{3}-\d{4}(?![\w-])"
)
# A number that a word for telephones leads to, or follows; short ones, too: "dial 112", "ext. 417".
_PHONE_WORD = (
    r"(?:(?:tele|cell|mobile )?phones?|tel|fax|call|dial|ring|hotline|extension|ext|telefon\w*|durchwahl|notruf\w*|rufnummer|anruf\w*|handy\w*|mobil|wählen sie"
    r"|téléphone\w*|tél|appel\w*|composez|teléfono\w*|llam\w+|marque|interno|телефон\w*|тел|звон\w+|добавочн\w+|доб)"
)
_DIALLED = LatePattern(
    rf"\b{_PHONE_WORD}\b\W[^.;\d\n]{{0,30}}(?<![\d.,])\d[\d /().-]{{1,16}}\d(?![\w%,])|(?:电话|拨打|分机|热线|手机)\D{{0,8}}\d[\d -]{{2,15}}",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[^\s@<>]{1,64}(?:@| ?[(\[]at[)\]] ?)[^\s@<>]{1,64}\.\w{2,}", re.IGNORECASE)
_STREET = LatePattern(
    r"\b\d{1,5}[a-z]?,? (?:[A-Z][\w'’.-]*,? ){1,4}(?i:street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|way|court|ct|square|sq|place|pl|park"
    r"|parkway|pkwy|terrace|close|crescent|highway|hwy|quay|yard|row|hill|gardens|mews|loop|circle|plaza|broadway)\b"
    r"|\b[A-ZÄÖÜ][\w-]*(?:stra(?:ß|ss)e|str\.|weg|gasse|platz|allee|ufer|damm|ring|graben|markt|hof|steig|berg|wall|kai|tor) \d{1,3}[a-z]?\b"
    r"|\b[A-ZÄÖÜ][\w-]*(?:st(?:raße|rasse|r\.?)|weg|gasse|gatan|gata|gade|gate|veien|vegen|vegur|stræde|straat|gracht|laan|kade|plein|katu|utca|ulica) \d{1,4} ?[a-z]?\b|\b\d{1,4} [A-Z]\w+ (?:Street|Road|Lane)\b"
    r"|\b(?:Alte[nr]?|Neue[nr]?|Große[nr]?|Kleine[nr]?|Lange[nr]?|Obere[nr]?|Untere[nr]?) [A-ZÄÖÜ][\w-]+ \d{1,3}[a-z]?\b"
    r"|\b[A-ZÄÖÜ][\w-]+er (?:Stra(?:ß|ss)e|Str\.|Weg|Platz|Allee|Ring|Gasse|Damm|Ufer|Chaussee|Markt) \d{1,4}\b|\bStra(?:ß|ss)e (?:des|der|am|zum|zur) [^,\n]{1,30} \d{1,4}\b"
    r"|\b\d{1,2}-\d{1,2}-\d{1,2} [A-Z]\w+"
    r"|\b(?:Am|An der|Im|Auf der|Unter den) [A-ZÄÖÜ][\w-]+ \d{1,4}[a-z]?\b|\b\d{5} [A-ZÄÖÜ][a-zäöüß]{2,}"
    r"|\b(?i:rue|avenue|boulevard|place|chemin|calle|avenida|plaza|paseo|via|viale|piazza|rua|praça) (?:[\w'’-]+ ){1,5}?,? ?\d{1,4}\b"
    r"|\b\d{1,4},? (?:bis )?(?i:rue|avenue|boulevard|place|chemin)\b|\b(?:ул\.|улица|проспект|пр\.|переулок|пер\.)|[路街道]\d+号"
    r"|(?i:(?:улице|дом|д\.) ?\d)|号楼"
    r"|\b(?i:p\.? ?o\.? box|postfach|suite) \d|\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b|\b[A-Z]{2} \d{5}(?:-\d{4})?\b|\b(?:One|Two|Three) [A-Z]\w+ (?:[A-Z]\w+ )?(?:Way|Square|Plaza|Place|Drive)\b"
)
# A name with the number of a house, where the next words say that it is one: "Laugavegur 12, 101 Reykjavík", "at Kirkegata 14 in Bergen".
_HOUSE = LatePattern(
    r"\b(?!(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Chapter|Section|Table|Figure|Page|Part|Volume|Version|Article|Room|Day|Week|Year|Step|Level|Grade|Class|Phase|Question"
    r"|Kapitel|Abschnitt|Tabelle|Seite|Teil|Band|Artikel|Raum|Tag|Woche|Jahr|Schritt|Stufe|Klasse|Phase|Chapitre|Tableau|Página|Capítulo)[a-zé]*\b)"
    r"[A-ZÀ-ÖØ-Þ][\w'’-]{2,}(?: [A-ZÀ-ÖØ-Þ][\w'’-]+){0,2} \d{1,4} ?[a-zA-Z]?(?:, (?:\d{3,6} )?[A-ZÀ-ÖØ-Þ]\w+| (?:in|en|à|,) [A-ZÀ-ÖØ-Þ]\w+|,? \d{4,5} [A-ZÀ-ÖØ-Þ]\w+)"
)
_LASTING = LatePattern(
    r"\b(?:indefinite(?:ly)?|permanent\w*|forever|overnight|lifetime|for (?:life|good|ever)|decades?|centur\w+|unlimited|open-ended|fortnights?|(?:until|till) further notice"
    r"|unbefristet\w*|unbegrenzt\w*|auf unbestimmte zeit|auf dauer|bis auf weiteres|dauerhaft|lebenslang\w*|(?:viertel|halb)jahr\w*|anderthalb|ewig"
    r"|illimité\w*|indéfini\w*|à durée indéterminée|à vie|jusqu['’]à nouvel ordre|ilimitad\w+|indefinid\w+|de por vida|para siempre|hasta nuevo aviso"
    r"|бессрочн\w+|неограничен\w+|пожизненн\w+|навсегда|полгода|до дальнейшего)\b|长期|永久|无限期|终身|半年|[一二三四五六七八九十两几\d]个?(?:天|周|月|年|小时|分钟)"
    r"|\b(?:until|till|bis|jusqu['’]\w+|hasta|до) [^.;]{0,30}"
    r"(?:\d|\b(?:january|february|march|april|may|june|july|august|september|october|november|december|januar|februar|märz|mai|juni|juli|oktober|dezember|janvier|février|mars|avril|juin"
    r"|juillet|août|septembre|octobre|novembre|décembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|январ\w+|феврал\w+|март\w*|апрел\w+|мая|июн\w+|июл\w+"
    r"|август\w*|сентябр\w+|октябр\w+|ноябр\w+|декабр\w+)\b|\b(?:the )?end of|ende\b|la fin|final|fin\b|конца)"
    r"|\b(?:from|von|de|с) \d{1,2}(?:[.:]\d\d)? (?:to|until|till|bis|à|a|до) \d",
    re.IGNORECASE,
)
# Words by which a sentence speaks of the matter, whatever it then says.
_OF_PRICES = LatePattern(
    r"\b(?:pa(?:y|ys|id|ying|yments?)|afford\w*|expens\w+|cheap\w*|free|gifts?|(?<!to )presents?|donat\w+|donations?|bought|buys?|sold|sells?|cash|coins?|money|sums?|bills?|billed|deposit|budget\w*|subsid\w+|fund\w*"
    r"|included|zahl\w*|bezahl\w*|frei\w*|geschenk\w*|spende\w*|kauf\w*|verkauf\w*|gekauft|geld\w*|münze\w*|kaution|enthalten|berechnet|billig\w*|übernimmt|pa(?:ie|ye)\w*|don|libre|cadeau|acheté\w*|vend\w*"
    r"|compris\w*|offert\w*|euros?|argent|paga\w*|libre|regal\w+|donativo|incluid\w+|compr[aó]\w*|cargo|cuenta|дар\w*|плат\w+|оплат\w+|подар\w+|куп\w+|прода\w+|свободн\w+|обош\w+|включен\w*)\b"
    r"|付|花|元|费|赠|钱|\b(?:an?|per|pro|par|por) (?:night|day|week|month|year|person|head|nacht|tag|monat|jahr|nuit|jour|mois|noche|día|mes)\b"
    r"|(?<![\d.,])\d{1,5}[.,]\d\d(?![\d.,])",
    re.IGNORECASE,
)
_OF_PAY = LatePattern(
    r"\b(?:paid|pay|unpaid|volunt\w+|honorary|fees?|wages?|grade|scale|bonus\w*|commission|profits?|income|revenues?|sales|allowance|expenses|makes|receives|gets|ehrenamt\w*|entgelt\w*|besold\w+|tarif\w*|bekommt|erhält"
    r"|indemnité\w*|bénévol\w+|touche|perçoit|reçoit|cobra\w*|honorari\w+|voluntari\w+|percibe|recibe|получа\w+|доброволь\w+|жаловань\w+|ставк\w+)\b|薪|报酬|收入|挣",
    re.IGNORECASE,
)
_OF_PLACES = LatePattern(
    r"\b(?:address\w*|located|situated|lies|find|reached|corner|opposite|beside|behind|next to|between|house|street|road|lane|square|village|floor|building|door|adress\w*|anschrift|liegt|befindet|gegenüber|neben|hinter|ecke|haus"
    r"|hof|stock|straße|gasse|platz|dorf|se trouve|situé\w*|lieu-dit|rue|place|route|étage|derrière|en face|está en|situad\w+|ubicad\w+|kilómetro|carretera|esquina|calle|frente a|piso|находится|расположен\w*|улиц\w+|дом"
    r"|этаж\w*|напротив|за углом|село|km)\b|在|位于|旁|对面|楼|\b(?:is|are|we are) (?:at|in|on)\b|\b(?:est|sont) (?:au|à|en)\b|https?://|\bwww\.|(?<![@\w.-])[\w-]{1,63}\.(?:com|org|net|io|local|example)\b",
    re.IGNORECASE,
)
_OF_PHONES = LatePattern(
    rf"\b(?:{_PHONE_WORD}|numbers?|reach\w*|nummer\w*|erreich\w+|numéro\w*|répond\w*|joindre|número\w*|номер\w*)\b|电话|号码|拨|分机|热线",
    re.IGNORECASE,
)
_OF_MAIL = LatePattern(
    r"\b(?:e-?mails?|mails?|write to|contact\w*|reach\w*|schreib\w*|kontakt\w*|écri\w+|courriel|correo|escrib\w+|почт\w+|пиш\w+)\b|邮|@",
    re.IGNORECASE,
)
_OF_TIME = LatePattern(
    r"\b(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|seasons?|terms?|nights?|mornings?|afternoons?|evenings?|moments?|whiles?|until|till|since|as long as|ends?|ended|expires?|always|never|ever|brief\w*|short\w*"
    r"|temporar\w+|ages|spring|summer|autumn|winter|christmas|easter|(?:mon|tues|wednes|thurs|fri|satur|sun)day|from .{1,40} to|between .{1,40} and|lasts?|lasted|took|takes|duration|period|sekund\w*|minute\w*|stunde\w*|tage?n?|woche\w*"
    r"|monat\w*|jahr\w*|sommer|winter|herbst|frühling|frühjahr|weihnachten|ostern|pfingsten|bis|solange|so lange|seit|end\w*|immer|dauer\w*|kurz\w*|vorübergehend|befristet\w*|frist\w*|von .{1,40} bis|secondes?|heures?|jours?"
    r"|semaines?|mois|années?|ans?|été|hiver|printemps|automne|pâques|noël|jusqu\w*|longtemps|fin|finit|dur\w+|délai|courte?|segundos?|minutos?|horas?|días?|semanas?|mes(?:es)?|años?|verano|invierno|primavera|otoño|navidad"
    r"|hasta|mientras|siempre|termina\w*|plazo|секунд\w*|минут\w*|час\w*|день|дня|дней|недел\w*|месяц\w*|год\w*|лет\w?|зим\w+|осен\w+|весн\w+|до|пока|всегда|конц\w+|срок\w*|длит\w+|длил\w+)\b"
    r"|[天周月年季]|小时|分钟|直到|期间|为止",
    re.IGNORECASE,
)
_SPOKEN = {
    AnswerType.PRICE: (_PRICED, _CURRENCY, _OF_PRICES),
    AnswerType.SALARY: (_PAID, _CURRENCY, _OF_PAY),
    AnswerType.EARNED: (_PAID, _CURRENCY, _OF_PAY),
    AnswerType.ADDRESS: (_OF_PLACES,),
    AnswerType.PHONE: (_OF_PHONES,),
    AnswerType.EMAIL: (_OF_MAIL,),
    AnswerType.DURATION: (_OF_TIME,),
}
_OTHER_MEASURES = frozenset({"mass", "power", "volume", "energy", "temperature"})  # than of money
_LONGEST = 2000  # characters of a sentence that are looked at

_TIME = frozenset({"time", "calendar", "length"})  # "how long" may be asked of a road


def holds(kind: AnswerType, text: str, scale: float = 1.0) -> bool:
    """Whether a sentence, or a row with its heads, holds something of a type; `scale` is what its table's numbers are counted in."""
    text = text[:_LONGEST]
    match kind:
        case AnswerType.EMAIL:
            return _EMAIL.search(text) is not None
        case AnswerType.PHONE:
            return _PHONE.search(text) is not None or _DIALLED.search(text) is not None
        case AnswerType.ADDRESS:
            return _STREET.search(text) is not None or _HOUSE.search(text) is not None
        case AnswerType.DURATION:
            return _holds_duration(text)
        case AnswerType.SALARY:
            return _PAID.search(text) is not None and _holds_amount(text)
        case AnswerType.EARNED:
            return scale > 1 or _holds_amount(text)
        case AnswerType.PRICE:
            return _holds_price(text, scale)


def may_hold(kind: AnswerType, text: str, scale: float = 1.0) -> bool:
    """Whether a sentence holds something of a type, or speaks of what it is a type of in words known for it."""
    text = text[:_LONGEST]
    if holds(kind, text, scale):
        return True
    if kind is AnswerType.PRICE and _is_of_books(text, scale):
        return False
    return any(words.search(text) is not None for words in _SPOKEN[kind])


def measures_something_else(kind: AnswerType, text: str, scale: float = 1.0) -> bool:
    """Whether a sentence measures what is asked for by another measure: "250 g", or what is sold of it, where a price is."""
    text = text[:_LONGEST]
    if kind is not AnswerType.PRICE:
        return False
    return _is_of_books(text, scale) or any(value.dimension in _OTHER_MEASURES for value in values_of(text))


def _is_of_books(text: str, scale: float) -> bool:
    """Whether a sentence counts what flows through books: no price, however much money it is."""
    if _EXPENSE.search(text) is not None:
        return False
    return scale > 1 or (_FLOWS.search(text) is not None and _holds_money(text))


def _holds_amount(text: str) -> bool:
    return _holds_money(text) or _RATE.search(text) is not None


def _holds_money(text: str) -> bool:
    return _DIGIT.search(text) is not None and _CURRENCY.search(text) is not None


def _holds_price(text: str, scale: float) -> bool:
    if _COSTS.search(text) is not None or _FREE.search(text) is not None:
        return True
    if scale > 1 or _FLOWS.search(text) is not None:
        return _EXPENSE.search(text) is not None and _holds_something_paid(text)
    return _holds_something_paid(text)


def _holds_something_paid(text: str) -> bool:
    return (_PRICED.search(text) is not None and _DIGIT.search(text) is not None) or _holds_amount(text)


def _holds_duration(text: str) -> bool:
    if _LASTING.search(text) is not None:
        return True
    values = values_of(text)
    return (
        any(value.dimension in _TIME for value in values)
        or sum(value.kind is ValueKind.DATE for value in values) > 1
    )
