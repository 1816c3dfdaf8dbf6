"""Organisations: read from a title page or a file name, and named by a question."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from chatbot_app.knowledge.words.names import name_form

_LEGAL = (
    r"Aktiengesellschaft|Incorporated|Inc|Corporation|Corp|Limited|Ltd|L\.?L\.?C|L\.?L\.?P|L\.?P|PLC|plc|Plc|gGmbH|GmbH|mbH|AG|SE|KGaA|KG"
    r"|OHG|UG|e\.\s?V|eG|S\.?A\.?S|S\.?A\.?R\.?L|S\.?A|S\.?p\.?A|S\.?r\.?l|S\.?L|N\.?V|B\.?V|Sp\.\s?z\s?o\.\s?o|Lda|Ltda|Oyj|Oy|AB|ASA|A/S|ApS"
    r"|Pty|K\.K|INCORPORATED|INC|CORPORATION|CORP|LIMITED|LTD|Company|COMPANY|Co|CO|Holdings?|HOLDINGS?|Group|GROUP"
    r"|Bancorp|Bancshares|Foundation|Stiftung|Genossenschaft"
)
_WORD = r"[A-ZÄÖÜÉÈÀØÅА-ЯЁ0-9][\w&.'’/+-]*"
_SMALL = r"(?:of|the|and|&|für|und|der|den|des|von|zu|zur|de|du|des|la|les|et|del|los|las|y|e|do|da|dos|das|di|della|dei|van|voor|och|og|for)"
_WITH_LEGAL_FORM = re.compile(
    rf"(?<![\w&])(?P<name>{_WORD}(?:,?\s(?:{_SMALL}\s){{0,2}}{_WORD}){{0,6}}?),?\s(?P<legal>(?:&\s)?(?:{_LEGAL})\b\.?"
    rf"(?:,?\s(?:&\s)?(?:{_LEGAL})\b\.?){{0,3}})(?![\w&])"
)
_EASTERN = re.compile(
    r"(?:株式会社[\w・ー]{2,30}|[\w・ー]{2,30}株式会社|[\u4e00-\u9fff()（）]{4,40}(?:有限公司|股份公司|集团))"
    r"|(?:ООО|ОАО|ПАО|АО|ЗАО)\s*[«\"][^»\"\n]{2,60}[»\"]"
)
_INSTITUTION = re.compile(
    rf"(?:(?:{_WORD}\s){{0,2}}(?:University|Institute|Ministry|Department|City|County|Town|State|Bank|Board|Council|Committee|Office"
    rf"|Republic)\sof\s{_WORD}"
    rf"(?:\s(?:{_SMALL}\s){{0,2}}{_WORD}){{0,5}}"
    rf"|{_WORD}(?:\s(?:{_SMALL}\s){{0,2}}{_WORD}){{0,5}}\s(?:University|Institute|Council|Association|Society|Agency"
    r"|Authority|Bank|Commission|Committee|Federation|Parish|School|College|Academy|Hospital|Clinic|Museum|Library|Trust|Fund|Union|Club"
    r"|Partnership|Cooperative|Universität|Hochschule|Akademie|Klinik|Sparkasse|Volksbank|Verein|Verband"
    r"|Gemeinde|Stadt|Behörde)"
    # One word before is not enough: "Supervisory Board", "System Administration".
    rf"|{_WORD}\s(?:{_SMALL}\s)?{_WORD}(?:\s(?:{_SMALL}\s){{0,2}}{_WORD}){{0,5}}\s(?:Board|Administration|Bureau|Directorate|Inspectorate)"
    rf"|(?:Universität|Hochschule|Stadt|Gemeinde|Ministerium|Université|Universidad|Ministère|Ayuntamiento|Mairie"
    rf"|Association|Asociación|Associazione|(?:Kreis|Stadt)?[Ss]parkasse|Volksbank|Raiffeisenbank)\s(?:{_SMALL}\s)?{_WORD}"
    rf"(?:\s(?:{_SMALL}\s)?{_WORD}){{0,4}})"
)
_SMALL_WORD = re.compile(_SMALL)
_CAPITALS_INSIDE = re.compile(r"[^\W\d_]{2}[A-ZÄÖÜ]{2}|[a-zäöüß][A-ZÄÖÜ]{2}|[a-zäöüß][A-ZÄÖÜ]\b")
_TITLED = re.compile(
    rf"\b(?:of|by|der|des|vom|von|du|de\sla|del)\s(?:the\s)?(?P<name>(?:{_WORD}|{_SMALL})(?:\s(?:{_WORD}|{_SMALL})){{0,7}})$"
)
_OF_SOMEBODY = re.compile(
    r"(?:meeting|minutes|report|agenda|notes|letter|members|session|sitzung|protokoll|réunion|reunión)s?\s+(?:of|der|des|du|de)\b",
    re.IGNORECASE,
)
_YEAR_BEHIND = re.compile(
    r"(?:,?\s(?:FY|[Ff]iscal\s[Yy]ears?))?(?:,?\s(?:19|20)\d\d(?:\s?[/–-]\s?(?:(?:19|20)?\d\d))?)?$"
)
_REGISTRANT = re.compile(r"\(?\s*exact\s+name\s+of\s+(?:the\s+)?registrant", re.IGNORECASE)
# Named on title pages without being whose document it is.
_BYSTANDERS = re.compile(
    r"\b(?:stock|securities)\s+(?:market|exchange)|nasdaq|\bNYSE\b|\bSEC\b|edgar|ernst\s*&\s*young|deloitte|\bKPMG\b"
    r"|pricewaterhouse|\bPwC\b|grant\s+thornton|\bBDO\b|broadridge|donnelley|depository\s+trust|securities\s+act",
    re.IGNORECASE,
)
_TICKER = re.compile(
    r"\((?:NASDAQ|Nasdaq|NYSE|AMEX|LSE|XETRA|Xetra|FWB|TSX|ASX|HKEX|TSE|Euronext|SIX)[\w\s]{0,20}:\s*(?P<one>[A-Z][A-Z0-9.]{0,5})\)"
    r"|\b(?P<two>[A-Z]{1,5})\s+(?:The\s+)?(?:N(?:asdaq|ASDAQ)|New\s+York\s+Stock\s+Exchange|NYSE)\b"
)
_LEGAL_WORDS = frozenset(
    "aktiengesellschaft incorporated inc corporation corp limited ltd llc llp lp plc ggmbh gmbh mbh ag se kgaa kg ohg ug ev eg sas sarl sa"
    " spa srl sl nv bv oyj oy ab asa as aps pty kk company co holding holdings group bancorp bancshares the com"
    " sp lda ltda ооо оао пао ао зао".split()
)
# "The Group", "our Company", "die Stiftung": how a text calls whose it is, once it has been named.
_ITSELF = _LEGAL_WORDS | frozenset(
    "the our this that a an each any every such parent whole entire its their said der die das den dem des unsere unser diese dieser"
    " le la notre cette el nuestra foundation stiftung genossenschaft bancorp bancshares".split()
)
_NUMBER_OF_HEADING = re.compile(r"^\d+(?:\.\d+)*\.?\s")  # "1.1. Holdings"
_RECEIVER = re.compile(
    r"[\s>*_|#]*(?:an|to|(?:bill(?:ed)?|ship(?:ped)?|sold|invoiced?|deliver)\s+to|attn|rechnung\s+an|(?:rechnungs|liefer)(?:empfänger|adresse|anschrift)|empfänger(?:in)?"
    r"|customer|client|buyer|kund(?:e|in)|käufer(?:in)?|à|destinataire|facturé\s+à|livré\s+à|para|destinat[aá]rio|facturar\s+a|cliente|klant|afnemer|mottagare|nabywca|odbiorca|кому|покупатель|получатель|заказчик"
    r"|致|收件人|客户|购买方|買方|宛先)[*_]{0,2}\s*[:：]",
    re.IGNORECASE,
)
# "and Frau Katja Lindner (Arbeitnehmer)", "between Jo Brandt, Bremen (the “Tenant”)": people have no legal form.
_ROLE = (
    r"(?:landlords?|tenants?|lessors?|lessees?|sellers?|buyers?|purchasers?|employers?|employees?|lenders?|borrowers?|clients?|customers?|contractors?|suppliers?"
    r"|licensors?|licensees?|vermieter(?:in)?|mieter(?:in)?|verpächter(?:in)?|pächter(?:in)?|verkäufer(?:in)?|käufer(?:in)?|arbeitgeber(?:in)?|arbeitnehmer(?:in)?"
    r"|auftraggeber(?:in)?|auftragnehmer(?:in)?|darlehensgeber(?:in)?|darlehensnehmer(?:in)?|bailleur|locataire|vendeur|acheteur|employeur|salariée?|arrendador|arrendatario)"
)
_PARTY = re.compile(
    rf"\b(?:between|and|zwischen|und|entre|et|y)\s(?:(?:[Hh]errn?|[Ff]rau|Mr\.?|Mrs\.?|Ms\.?|Dr\.?|Mme|M\.|Sr\.?|Sra\.?)\s){{0,2}}"
    rf"(?P<name>{_WORD}(?:\s(?:{_SMALL}\s)?{_WORD}){{1,3}})(?:,[^()\n]{{1,80}})?\s\((?:(?:the|im\sFolgenden|nachfolgend|hereinafter|der|die|le|la|el)\s){{0,2}}[“\"„'‘]?(?i:{_ROLE})\b"
)
_LINES_OF_ADDRESS = 3
_ABBREVIATED = re.compile(r"(?:\.\w|\b(?:Inc|Corp|Ltd|Co|INC|CORP|LTD|CO))\.$")
_EASTERN_LEGAL = re.compile("株式会社|(?:股份|控股|集团)*有限公司|股份公司|集团")
# Too common to stand for a company by themselves.
_COMMON_WORDS = frozenset(
    "bank university city national american international united general first global technologies technology systems"
    " energy financial services industries health capital power department ministry office council institute board"
    " state association society committee communications entertainment resources solutions partners".split()
)
_TOKEN = re.compile(r"[^\W_]+(?:['’.&-][^\W_]+)*")
_LONGEST_LINE = 160
_MOST_PARTIES = 3
_FEWEST_INITIALS = 3


def company_names(text: str, *, short_lines_only: bool = False) -> Iterator[str]:
    """Yield the organisations that a text names by legal form, in order, each once; bystanders are left out."""
    seen: set[tuple[str, ...]] = set()
    for line in text.split("\n"):
        line = line.strip(" #*_|\t")
        if not line or (len(line) > _LONGEST_LINE and short_lines_only):
            continue
        line = line[: 4 * _LONGEST_LINE]
        for found in (*_WITH_LEGAL_FORM.finditer(line), *_EASTERN.finditer(line)):
            name = " ".join(found.group().split()).strip(" ,*|")
            if name.endswith(".") and not _ABBREVIATED.search(name):
                name = name[:-1]  # the sentence's
            around = line[max(0, found.start() - 30) : found.end() + 10]
            key = company_key(name)
            if (
                key
                and key not in seen
                and not _ITSELF.issuperset(_forms(_NUMBER_OF_HEADING.sub("", name)))
                and not _BYSTANDERS.search(name)
                and not _BYSTANDERS.search(around)
            ):
                seen.add(key)
                yield name


def without_receivers(front: str) -> str:
    """Return a title page without whom it is addressed to: "Bill to: …", or the lines below "An:" up to an organisation."""
    kept: list[str] = []
    left = 0  # lines of an address that may follow
    for line in front.split("\n"):
        found = _RECEIVER.match(line)
        if found is not None:
            left = 0 if line[found.end() :].strip(" *_|\t") else _LINES_OF_ADDRESS
        elif not left or not line.strip():
            kept.append(line)
        else:
            left = 0 if next(company_names(line), institution_of(line)) else left - 1
    return "\n".join(kept)


def registrant_of(front: str) -> str:
    """Return the name above "(Exact name of registrant as specified in its charter)", "" where there is none."""
    found = _REGISTRANT.search(front)
    if found is None:
        return ""
    lines = [line.strip(" #*_|\t") for line in front[: found.start()].split("\n")]
    return " ".join(next((line for line in reversed(lines) if line), "")[:100].split())


def institution_of(front: str) -> str:
    """Return the public body or association that a short line of a title page consists of, "" without one."""
    for line in front.split("\n"):
        line = " ".join(line.strip(" #*_|\t").split())
        if 0 < len(line) <= 80:
            line = _YEAR_BEHIND.sub("", line)
            if _OF_SOMEBODY.match(line):
                if name := institution_titled(line):
                    return name
                continue
            for spelling in (line, _without_capitals(line)):
                found = _INSTITUTION.match(spelling)
                if found is not None and len(found.group()) >= 0.6 * len(line):
                    return found.group()
    return ""


def _without_capitals(line: str) -> str:
    """Return a line in capitals, large and small, as names are written: "UNITED StateS OFFICE OF MINES"; others as they are."""
    if not _CAPITALS_INSIDE.search(line):
        return line
    return " ".join(
        word.lower() if _SMALL_WORD.fullmatch(word.lower()) else word.title() for word in line.split()
    )


def institution_titled(line: str) -> str:
    """Return the public body or association with which a title ends: "Minutes of the Larkfield Housing Association"."""
    found = _TITLED.search(_YEAR_BEHIND.sub("", line.strip(" #*_|\t")[:_LONGEST_LINE]))
    inside = None if found is None else _INSTITUTION.fullmatch(found["name"])
    return "" if inside is None else inside.group()


def parties_of(front: str) -> str:
    """Return the organisations of an agreement, separated by "; ", and the people who are called a party of it."""
    names = list(itertools.islice(company_names(front), _MOST_PARTIES))
    for party in _PARTY.finditer(front):
        name = " ".join(party["name"].split())
        if not any(set(company_key(name)) & set(company_key(known)) for known in names):
            names.append(name)
    return "; ".join(names[:_MOST_PARTIES])


def tickers_of(front: str) -> tuple[str, ...]:
    """Return the trading symbols that a title page names."""
    found = (match["one"] or match["two"] for match in _TICKER.finditer(front))
    return tuple(dict.fromkeys(found))[:3]


@lru_cache(4096)
def company_key(name: str) -> tuple[str, ...]:
    """Return the words that tell an organisation from others: without legal form, accents and case."""
    words = _forms(_EASTERN_LEGAL.sub(" ", name))
    # Dotted legal forms ("S.A.", "e. V.") fall apart into letters: they are no names either.
    telling = [word for word in words if word and word not in _LEGAL_WORDS]
    while len(telling) > 1 and len(telling[-1]) == 1:
        telling.pop()
    return tuple(telling or [word for word in words if word])


class CompanyIndex:
    """The organisations that documents are of, found in questions: looked up by word, however many there are."""

    def __init__(self, known: Iterable[tuple[str, Sequence[str]]]) -> None:
        """`known` are (company, aliases); a company may be several, separated by ";"."""
        self._aliases: dict[tuple[str, ...], set[str]] = {}
        for company, aliases in known:
            for one in company.split(";"):
                if key := company_key(one):
                    self._aliases.setdefault(key, set()).update(aliases)
        self._owners: dict[str, set[tuple[str, ...]]] = {}  # of each word of a name
        self._by_alias: dict[str, set[tuple[str, ...]]] = {}
        self._by_initials: dict[str, set[tuple[str, ...]]] = {}
        self._eastern = [key for key in self._aliases if any(word > "\u3000" for word in key)]
        for key, others in self._aliases.items():
            for word in key:
                self._owners.setdefault(word, set()).add(key)
            for alias in others:
                self._by_alias.setdefault(name_form(alias), set()).add(key)
            for initials in _initials(key):
                self._by_initials.setdefault(initials, set()).add(key)

    def asked(self, question: str) -> set[tuple[str, ...]]:
        """Return the keys of the organisations that a question names.

        By the whole name without its legal form, an alias, its initials, or a word of it that no other known
        one has. A word that also is an ordinary one ("target") counts when it is written like a name.
        """
        tokens = _TOKEN.findall(question)
        has_capitals = any(token[:1].isupper() for token in tokens[1:])
        words = _forms(question)
        capital = {form for token in tokens if token[:1].isupper() for form in _forms(token)}
        # "Apples Umsatz" is the German genitive, "apples" are fruit.
        like_names = (capital | {form[:-1] for form in capital if form.endswith("s")}) | (
            set() if has_capitals else set(words)
        )
        upper = {token.replace(".", "") for token in tokens if len(token) > 1 and token.isupper()}
        found: set[tuple[str, ...]] = set()
        for word in like_names:
            for key in self._owners.get(word, ()):
                is_telling = word in (key[0], key[-1]) and len(word) >= 4 and word not in _COMMON_WORDS
                if (is_telling and len(self._owners[word]) == 1) or _stands_in(key, words):
                    found.add(key)
        for word in upper | {form for form in like_names if len(form) > 3}:
            found |= self._by_alias.get(name_form(word), set())
        for word in upper:
            found |= self._by_initials.get(word, set())
        if any(character > "\u3000" for character in question):
            plain = question.casefold()
            found.update(key for key in self._eastern if any(len(word) > 1 and word in plain for word in key))
        return found


def _initials(key: Sequence[str]) -> set[str]:
    """Return what the first letters of a name of several words may be called: "OPM" and "USOPM", "DOT" with its "of"."""
    names = [key]
    if key[:2] in (("u", "s"), ("united", "states")):
        names.append(key[2:])
    names += [[word for word in name if not _SMALL_WORD.fullmatch(word)] for name in names]
    return {"".join(word[0] for word in name).upper() for name in names if len(name) >= _FEWEST_INITIALS}


def _forms(text: str) -> list[str]:
    """Return the words of a text as names are compared; "Amazon.com" is two."""
    return [
        form
        for token in _TOKEN.findall(text)
        for part in re.split(r"[.\-/]", token)
        if (form := name_form(part))
    ]


def _stands_in(key: tuple[str, ...], words: Sequence[str]) -> bool:
    last = len(key) - 1
    return any(
        all(
            word == key[n] or (n == last and word == f"{key[n]}s")
            for n, word in enumerate(words[at : at + len(key)])
        )
        for at in range(len(words) - last)
    )
