"""Kinds of documents: how they name themselves, and how questions name them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from chatbot_app.core.late_pattern import LatePattern

# Not inside a word; scripts without spaces have no such border, and names of files have underscores.
_FREE = r"(?-i:(?<![^\W_\u3000-\u9fff]))"  # compiling a range of thousands without case takes 5 ms each time
_END = r"(?-i:(?![^\W_\u3000-\u9fff]))"
_FORM = r"(?:form\s+)?"


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """A kind of document. `broader` are the kinds that it is one of, nearest first.

    `pattern` finds it in a name, title or short line; `asked` in a question (None: as `pattern`). A `dated` kind
    has a day of its own, a `periodic` one comes again for each period.
    """

    name: str
    pattern: LatePattern
    broader: tuple[str, ...] = ()
    asked: LatePattern | None = None
    dated: bool = False
    periodic: bool = False


def _words(pattern: str) -> LatePattern:
    return LatePattern(rf"{_FREE}(?:{pattern}){_END}", re.IGNORECASE)


# After one of these an ambiguous word ("letter", "policy", "minutes") means a document.
_POINTED = (
    r"(?:the|this|that|our|their|his|her|my|in|of|from|per|under|latest|newest|last|previous|first|original|each|these|those"
    r"|signed|der|die|das|dem|den|des|im|vom|unser\w{0,2}|le|la|les|el|los|(?:19|20)\d\d|q[1-4]|[A-Z]\w+['’]s)"
    r"(?:\s+[\w'’-]+)?\s+"
)


def _pointed(pattern: str) -> LatePattern:
    return LatePattern(rf"{_FREE}{_POINTED}(?:{pattern}){_END}", re.IGNORECASE)


def _sec(
    name: str, pattern: str, *broader: str, periodic: bool = False, asked: str = "", pointed: str = ""
) -> DocumentKind:
    """Return a form of the SEC; `asked` is stricter than `pattern`, for "10k" mostly is a number."""
    question = None
    if asked:
        question = _words(rf"{_FORM}{asked}" + (rf"|{_POINTED}(?:{pointed})" if pointed else ""))
    kinds = (*broader, "filing")
    return DocumentKind(name, _words(_FORM + pattern), kinds, question, dated=not periodic, periodic=periodic)


_RELEASES = (
    r"earnings\s+(?:press\s+)?releases?|trading\s+(?:update|statement)|決算短信"
    r"|(?:reports|announces)\s+(?:\w+[\s-]+){0,4}(?:quarter|year)(?:\s+\d{4})?\s+results"
)
_RESULTS = (
    r"(?:results|résultats|resultados|chiffre\s+d['’]affaires|ventas|(?:geschäfts)?(?:zahlen|ergebnisse))"
)
_FOR = r"(?:(?:for|of|du|de|del|im|zum|für)\s+)?(?:(?:the|das)\s+)?"
_NTH = (
    r"(?:first|second|third|fourth|[1-4](?:st|nd|rd|th|er|e|ème|[.º])?|premier|deuxième|troisième|quatrième"
    r"|primer|segundo|tercer|cuarto|erste[ns]?|zweite[ns]?|dritte[ns]?|vierte[ns]?)"
)
_PART_OF_YEAR = r"(?:quarter|half|trimestre|semestre|quartal|halbjahr)"
_REPORT, _ANNUAL, _QUARTERLY = "report", "annual report", "quarterly report"

_PROTOCOL = r"(?:clinical\s+)?(?:study|trial|research)\s+protocols?|(?:studien|prüf)protokolle?|protocoles?\s+d['’](?:étude|essai)|研究方案"
_PLAN = (
    r"(?:(?:joint|agency|corporate|annual)\s+)?(?:strategic|business|performance|action|operating)\s+plans?"
    r"|(?:geschäfts|aktions|strategie)pl[aä]ne?|plans?\s+(?:stratégiques?|d['’]action)|plan\s+estratégico"
)

# The first that is found in a line counts; special kinds stand before general ones.
KINDS: tuple[DocumentKind, ...] = (
    _sec("10-Q", r"10[-‑–]?\s?Qs?(?:/A)?", _QUARTERLY, _REPORT, periodic=True),
    _sec("10-K", r"10[-‑–]?\s?K(?:SB|T)?s?(?:/A)?", _ANNUAL, _REPORT, periodic=True, asked=r"10[-‑–]\s?Ks?", pointed="10Ks?"),
    _sec("20-F", r"20[-‑–]?F(?:/A)?", _ANNUAL, _REPORT, periodic=True, asked=r"20[-‑–]Fs?"),
    _sec("40-F", r"40[-‑–]?F(?:/A)?", _ANNUAL, _REPORT, periodic=True, asked=r"40[-‑–]Fs?"),
    _sec("8-K", r"8[-‑–]?K(?:/A)?", "current report", _REPORT, asked=r"8[-‑–]Ks?"),
    _sec("6-K", r"6[-‑–]?K(?:/A)?", "current report", _REPORT, asked=r"6[-‑–]Ks?"),
    _sec("S-1", r"S[-‑–]1(?:/A)?", "prospectus"),
    _sec("proxy statement", r"DEF\s?14A|proxy\s+statements?"),
    DocumentKind(
        "half-year report",
        _words(
            r"half[- ]?year(?:ly)?\s+(?:financial\s+)?(?:report|results?)s?|semi-?annual\s+reports?"
            r"|halbjahres(?:finanz)?berichte?s?|rapports?\s+(?:financiers?\s+)?semestriels?|informes?\s+semestral(?:es)?|résultats\s+semestriels|resultados\s+semestrales|半年度?报告"
            r"|relazion[ei]\s+(?:finanziari[ae]\s+)?semestral[ei]|relatórios?\s+semestra(?:l|is)|halvårsrapport\w{0,2}|halfjaar(?:verslag|bericht)|raport\s+półroczny"
        ),
        (_REPORT,), periodic=True,
    ),
    DocumentKind(
        _QUARTERLY,
        _words(
            r"quarterly\s+(?:[\w-]{1,20}\s+)?(?:report|filing|statement|results?|update)s?|interim\s+(?:financial\s+)?(?:report|statement)s?"
            r"|quartals(?:finanz)?(?:bericht|mitteilung|abschluss|zahl)\w{0,3}|zwischen(?:bericht|mitteilung)\w{0,2}"
            r"|(?:rapports?|résultats)\s+trimestriels?|resultados\s+trimestrales|informes?\s+trimestral(?:es)?|relazion[ei]\s+trimestral[ei]|relatórios?\s+trimestra(?:l|is)|kwartaal(?:verslag|bericht)|kvartalsrapport\w{0,2}|delårsrapport\w{0,2}|raport\s+kwartalny|resoconto\s+intermedio\s+di\s+gestione|квартальн\w+\s+отч[её]т\w{0,2}|季度报告|季报|四半期報告書"
        ),
        (_REPORT,), periodic=True,
    ),
    DocumentKind(
        _ANNUAL,
        _words(
            r"annual\s+(?:program\s+)?performance\s+reports?|annual\s+(?:financial\s+|integrated\s+)?(?:report|filing|review)s?(?:\s+(?:and|&)\s+accounts)?|yearly\s+reports?"
            r"|geschäftsbericht\w{0,2}|jahres(?:finanz)?bericht\w{0,2}|rapports?\s+annuels?|documents?\s+d['’]enregistrement"
            r"|informes?\s+anual(?:es)?|memorias?\s+anual(?:es)?|relazion[ei]\s+(?:finanziari[ae]\s+)?annual[ei]|relatórios?\s+anua(?:l|is)|jaarverslag\w{0,2}"
            r"|årsrapport\w{0,2}|årsredovisning\w{0,2}|årsberetning\w{0,2}|vuosikertomus|raport\s+roczny|годов\w+\s+отч[её]т\w{0,2}|年度报告|年报|有価証券報告書|年次報告書"
        ),
        (_REPORT,), periodic=True,
    ),
    DocumentKind(
        "earnings release",
        _words(
            rf"{_RELEASES}|(?:consolidated\s+financial|(?:unaudited\s+)?(?:full|fiscal)[- ]year)\s+(?:financial\s+)?results"
            # Papers have preliminary results, too: those of a company are of a stretch of time.
            r"|(?:preliminary|annual|final|interim)\s+(?:financial\s+)?results(?:\s+announcement)?"
            r"(?=[^\n]{0,30}\b(?:years?|weeks|months|quarter|half|fy\d{0,4})(?:\s+(?:ended|ending|to)\b|\s+(?:19|20)\d\d|\W*$))"
            rf"|{_RESULTS}\s+{_FOR}(?:{_NTH}\s+{_PART_OF_YEAR}|q[1-4]|[1-4][qt]|[hs][12]|9m)"
            rf"|(?:q[1-4]|[1-4]q|[hs][12]|{_NTH}[- ]{_PART_OF_YEAR}|nine[- ]months?)(?:\s+(?:fy\s?)?['’]?\d{{2,4}})?\s+(?:financial\s+)?{_RESULTS}"
            r"|(?:q4|fourth\s+quarter)\s+and\s+(?:full|fiscal)[- ]year|year[- ]end\s+report|bokslutskommuniké|vorläufige\s+(?:geschäfts|jahres)?zahlen"
            r"|résultats\s+annuels|resultados\s+anuales|(?:\d{4}年\d{1,2}月期\s?)?(?:第[1-4一二三四]四半期)?決算短信"
        ),
        ("press release",), asked=_words(_RELEASES), dated=True, periodic=True,
    ),
    DocumentKind(
        "earnings call",
        _words(r"(?:earnings|results|investor)\s+(?:conference\s+)?calls?|telefonkonferenz\s+zu\s+den\s+ergebnissen"),
        dated=True, periodic=True,
    ),
    DocumentKind(
        "press release",
        _words(r"press\s+releases?|news\s+releases?|for\s+immediate\s+release|pressemitteilung\w{0,2}|communiqués?\s+de\s+presse"
               r"|comunicados?\s+de\s+prensa|пресс-релиз\w{0,2}|新闻稿"),
        dated=True,
    ),
    DocumentKind(
        "financial statements",
        _words(r"(?:consolidated\s+)?financial\s+statements|(?:jahres|konzern)abschl[uü]ss\w{0,2}|états\s+financiers"
               r"|comptes\s+(?:annuels|consolidés)|estados\s+financieros|cuentas\s+anuales|bilanci?o\s+(?:d['’]esercizio|consolidato)|jaarrekening"),
        asked=_pointed(r"financial\s+statements|(?:jahres|konzern)abschl[uü]ss\w{0,2}"), periodic=True,
    ),
    DocumentKind(
        "bank statement",
        _words(r"(?:bank|account)\s+statements?|statements?\s+of\s+account|kontoausz[uü]g\w{0,2}|relevés?\s+(?:de\s+compte|bancaires?)|extractos?\s+(?:bancarios?|de\s+cuenta)"),
        dated=True, periodic=True,
    ),
    DocumentKind(
        "payslip",
        _words(r"pay\s?slips?|pay\s+stubs?|(?:gehalts|lohn|verdienst)abrechnung\w{0,2}|(?:fiches?|bulletins?)\s+de\s+(?:paie|salaire)|nóminas?"),
        dated=True, periodic=True,
    ),
    DocumentKind(
        "purchase order", _words(r"purchase\s+orders?|bestellung\w{0,2}|bons?\s+de\s+commande|órden(?:es)?\s+de\s+compra"), dated=True
    ),
    DocumentKind(
        "invoice",
        _words(
            r"(?:tax\s+|proforma\s+)?invoices?|rechnung(?:en)?|factures?|facturas?|fattur[ae]|faturas?|factu(?:ur|ren)|faktura(?:\s+vat)?|fakturor|сч[её]т-фактур\w"
            r"|发票|請求書"
        ),
        dated=True,
    ),
    DocumentKind("receipt", _words(r"receipts?|quittung(?:en)?|reçus?|recibos?"), asked=_pointed(r"receipts?|quittung(?:en)?"), dated=True),
    DocumentKind(
        "quotation", _words(r"quotations?|quote|angebot|devis|presupuesto"), asked=_words(r"quotations?|the\s+quote|angebote?s?|devis"), dated=True
    ),
    DocumentKind("protocol", _words(_PROTOCOL), asked=_pointed(_PROTOCOL)),
    DocumentKind("plan", _words(_PLAN), asked=_pointed(_PLAN)),
    DocumentKind(
        "minutes",
        _words(
            r"(?:meeting\s+)?minutes|(?:sitzungs)?protokoll\w{0,2}|procès[- ]verba(?:l|ux)|compte[- ]rendus?|actas?\s+de\s+(?:la\s+)?(?:reunión|sesión)"
            r"|verbal[ei](?=\s+(?:d[ei]|n\W))|atas?\s+d[ae]\s+(?:reunião|assembleia)|notulen|protokół"
            r"|протокол\w{0,2}|会议纪要|議事録"
        ),
        asked=_words(
            r"(?:the|meeting|board|council|these|those|latest|last|previous|in|all|\d{4})\s+(?:\w+\s+)?minutes|minutes\s+(?:of|from)"
            r"|(?:sitzungs)?protokoll\w{0,2}|procès[- ]verba(?:l|ux)|протокол\w{0,2}|会议纪要|議事録"
        ),
        dated=True, periodic=True,
    ),
    DocumentKind("agenda", _words(r"agenda|tagesordnung|ordre\s+du\s+jour|orden\s+del\s+día"), asked=_pointed(r"agendas?|tagesordnung"), dated=True),
    DocumentKind(
        "contract",
        _words(
            r"(?:\w+\s+)?(?:agreements?|contracts?)|leases?(?:\s+of\s+[\w\s]{3,40})?|tenancy|amendment|non-?disclosure|(?:\w{1,30})?vertr[aä]g(?:es?|s)?|contrats?|contratos?|accord\s+de"
            r"|contratt[oi]|overeenkomst\w{0,2}|umow[ay]|(?:\w{1,30})?avtal(?:et)?"
            r"|договор\w{0,2}|合同|協議書?|契約書"
        ),
        asked=_words(r"contracts?|(?<!to )leases?|(?:the|this|our|an?|what|which)\s+(?:[\w&-]+\s+){0,5}?agreements?|(?:lease|loan|license|service|purchase|merger|employment)\s+(?:\w+\s+)?agreements?"
                     r"|(?:\w{1,30})?vertr[aä]g(?:es?|s)?|contrats?|contratos?|договор\w{0,2}|合同|契約書"),
        dated=True,
    ),
    DocumentKind(
        "statutes",
        _words(r"(?:vereins|muster|haupt)?satzung(?:en)?|statutes|by-?laws|articles\s+of\s+association|(?:haus|garten|platz)ordnung|statuts|estatutos|устав\w{0,2}|章程"),
        asked=_words(r"(?:vereins|muster|haupt)?satzung(?:en)?|by-?laws|articles\s+of\s+association|(?:haus|garten|platz)ordnung|statuts|estatutos|устав\w{0,2}|章程"),
        dated=True,
    ),
    DocumentKind(
        "price list",
        _words(r"price\s?lists?|(?:\w{1,30})?preislisten?|listes?\s+de\s+prix|listas?\s+de\s+precios|прайс-лист\w{0,2}|价目表"), dated=True,
    ),
    DocumentKind("memo", _words(r"memo(?:randum|s)?|aktennotiz|note\s+de\s+service"), dated=True),
    DocumentKind("policy", _words(r"(?:\w+\s+)?polic(?:y|ies)|richtlinien?|politique\s+de"), asked=_pointed(r"polic(?:y|ies)|richtlinien?")),
    DocumentKind("manual", _words(r"(?:user|owner'?s|service)?\s?(?:manual|guide|handbook)s?|handb[uü]ch\w{0,2}|bedienungsanleitung|manuel|manual\s+de"),
                 asked=_pointed(r"manuals?|handbooks?|handb[uü]ch\w{0,2}|bedienungsanleitung")),
    DocumentKind("résumé", _words(r"r[eé]sum[eé]|curriculum\s+vitae|lebenslauf"), asked=_words(r"résumé|curriculum\s+vitae|lebenslauf|the\s+cv")),
    DocumentKind("thesis", _words(r"(?:master'?s?|bachelor'?s?|doctoral|phd)\s+thesis|dissertation|(?:master|bachelor|doktor)arbeit|mémoire\s+de\s+master"),
                 asked=_pointed(r"thesis|dissertation")),
    DocumentKind(
        "mail", _words(r"(?!)"), ("letter",),
        # "The account of your e-mail" asks for none.
        asked=_words(r"(?:e-?)?mails?(?=\s+(?:of|from|by|sent|dated|vom|von)\b)|(?:latest|last|newest|letzte\w{0,2}|neueste\w{0,2})\s+(?:e-?)?mails?"
                     r"|courriels?(?=\s+(?:du|de)\b)|correos?(?=\s+del?\b)"),
        dated=True,
    ),
    DocumentKind("letter", _words(r"letter\s+(?:of|to|from)\s[\w\s]*|cover\s+letter|anschreiben"), asked=_pointed(r"letters?|brief(?:e|es)?"), dated=True),
    DocumentKind("paper", _words(r"white\s?paper|working\s+paper"), asked=_pointed(r"papers?|article|study")),
    DocumentKind(
        _REPORT, _words(r"(?:\w+\s+)?reports?|(?:\w{1,30})?bericht(?:es?|s)?|rapports?|informes?|отч[её]т\w{0,2}|报告|報告書"),
        asked=_pointed(r"reports?|bericht(?:es?|s)?|rapports?|informes?|отч[её]т\w{0,2}"), periodic=True,
    ),
    DocumentKind("filing", _words(r"(?!)"), asked=_pointed(r"filings?")),
)  # fmt: skip
BY_NAME = {kind.name: kind for kind in KINDS}

_SALUTATION = re.compile(
    r"^[^\S\n]*(?:dear\s+\S+.{0,60}|to\s+whom\s+it\s+may\s+concern.{0,5}|sehr\s+geehrte[rs]?\s.{0,60}|liebe[rs]?\s+\S+.{0,40}[,!]"
    r"|(?:madame|monsieur|cher|chère)s?\b.{0,60},|estimad[oa]s?\s.{0,60}[,:]|уважаем\w{2}\s.{0,60}[,!])\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_ABSTRACT = re.compile(r"^\W{0,4}(?:abstract|zusammenfassung|résumé|resumen)\b", re.IGNORECASE | re.MULTILINE)
_SCHOLARLY = re.compile(
    r"arxiv|\bdoi\b|keywords?\b|\breferences\b|\bet\s+al\b|university|introduction", re.IGNORECASE
)
_SHORT_LINE, _MOST_WORDS = 90, 12
_FULL_LINE = 50  # characters: a sentence may go on behind
_FEW_WORDS = 7  # of a name in which an ambiguous word is the kind
_LEADING_LINES = 40  # of a title page, that name what it is


def kind_in_name(text: str) -> DocumentKind | None:
    """Return the kind that the name or title of a file says; a title that is a sentence mentions kinds, and is none."""
    if len(text.split()) > _MOST_WORDS:
        return None
    is_short = len(text.split()) <= _FEW_WORDS
    return next((kind for kind in KINDS if (is_short or not kind.asked) and kind.pattern.search(text)), None)


def kind_of_page(front: str) -> DocumentKind | None:
    """Return the kind that a title page says: in a line of its own, by a salutation, by an abstract."""
    lines = [line for line in (line.strip(" #*_|\t") for line in _own_lines(front)) if line][:_LEADING_LINES]
    titles = [line for line in lines if len(line) <= _SHORT_LINE and len(line.split()) <= _MOST_WORDS]
    best: tuple[int, int, DocumentKind] | None = None
    for place, line in enumerate(titles):
        joined = " ".join(titles[place : place + 2])
        for rank, kind in enumerate(KINDS):
            if not (_is_titled(kind, line) or _is_titled(kind, joined, len(line))):
                continue
            # A form of the SEC further down says more than "REPORT" above it.
            key = (0 if kind.name in _FORMS else place + 1, rank)
            if best is None or key < best[:2]:
                best = (*key, kind)
            break
    if best is not None and best[2].name not in (_REPORT, "policy", "manual"):
        return best[2]
    if _SALUTATION.search(front):
        return BY_NAME["letter"]
    if _ABSTRACT.search(front) and _SCHOLARLY.search(front):
        return BY_NAME["paper"]
    return best[2] if best is not None else None


def _own_lines(front: str) -> list[str]:
    """Return the lines that do not go on with the sentence of the one before: "… three times a day, 20 / minutes a time"."""
    pairs = pairwise(["", *front.split("\n")])
    ended = (".", ":", "!", "?")
    return [b for a, b in pairs if len(a) < _FULL_LINE or not b[:1].islower() or a.rstrip().endswith(ended)]


def kinds_asked(question: str) -> list[DocumentKind]:
    """Return the kinds of documents that a question names."""
    found: list[DocumentKind] = []
    taken: set[str] = set()
    for kind in KINDS:
        if kind.name not in taken and (kind.asked or kind.pattern).search(question):
            found.append(kind)
            taken.update(kind.broader)
    return found


def is_kind(kind: str, asked: str) -> bool:
    """Whether a document of one kind is meant by a question about another: the same, or a broader one of it."""
    if kind.casefold() == asked.casefold():
        return True
    known, wanted = BY_NAME.get(kind), BY_NAME.get(asked)
    if known is not None and asked in known.broader:
        return True
    # A quarterly report whose form nobody read may be the 10-Q that is asked for.
    return wanted is not None and bool(wanted.broader) and wanted.broader[0] == kind != _REPORT


def root_kind(kind: str) -> str:
    """Return what documents of like kinds have in common: "quarterly report" for a 10-Q."""
    known = BY_NAME.get(kind)
    return known.broader[0] if known is not None and known.broader else kind.casefold()


def is_periodic(kind: str) -> bool:
    """Whether documents of a kind come again for each period."""
    known = BY_NAME.get(kind)
    return known is not None and known.periodic


def is_own_kind(kind: str) -> bool:
    """Whether a kind is one that a person made up."""
    return bool(kind) and kind not in BY_NAME


def is_company_report(kind: str) -> bool:
    """Whether documents of a kind are full of a company's figures for a period."""
    return is_kind(kind, _REPORT) or kind in ("earnings release", "financial statements")


def _is_titled(kind: DocumentKind, line: str, within: int | None = None) -> bool:
    """Whether a line is a title that says a kind; `within`: one that goes on in the next line behind so many characters."""
    if within is not None and line[:within].endswith((".", ",", ";")):
        return False
    found = kind.pattern.search(line)
    return found is not None and (within is None or found.start() < within) and _is_title(line, found)


def _is_title(line: str, found: re.Match[str]) -> bool:
    """Whether a line is made of what was found, more or less, and no sentence that mentions it."""
    ended = line.rstrip().removesuffix(" r.")  # "2023 r.", as years are written in Polish
    if ended.endswith((".", ",", ";")) and len(line.split()) > 5:
        return False
    return len(found.group()) >= 0.25 * len(line) or found.start() <= 12


_FORMS = frozenset(kind.name for kind in KINDS if "filing" in kind.broader)
