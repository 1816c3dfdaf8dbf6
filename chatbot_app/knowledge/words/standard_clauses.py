"""Clauses that most agreements have: how people ask for them, how they are worded, and what says that a sentence is one.

Nobody asks in the words of a clause: "When does the lease run out?" is answered by "shall continue for an initial term of five (5)
years". English; German, French and Spanish where their words differ.
"""

from __future__ import annotations

from dataclasses import dataclass

from chatbot_app.core.late_pattern import LatePattern

_AGREEMENT = LatePattern.any_of(
    r"\b(?:agreements?|contracts?|leases?|tenanc(?:y|ies)|deeds?|terms(?:\s(?:of\s(?:service|use)|and\sconditions))?|licen[cs]es?|offer\sletters?)\b",
    r"\w{0,30}(?:vertr[aä]g(?:es?|s)?|vereinbarung(?:en)?|agb)\b",
    r"\b(?:contrats?|baux|bail|accords?|convention|contratos?|acuerdos?|convenios?|arrendamiento)\b",
)
_MANY = r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|eighteen|twenty|thirty|sixty|ninety|ein\w{0,2}|zwei|drei|fünf|un|deux|trois|dos|tres)"
_TIME = (
    rf"(?:\b{_MANY}\b\W{{0,3}}(?:\(?\w+\)?\s)?\W?(?:consecutive\s|full\s|calendar\s|additional\s)?(?:years?|months?|weeks?|days?|jahre?n?|monate?n?|wochen|tagen?|ans?|années?|mois|jours|años?|meses|días)\b"
    r"|\banniversary\b|\b(?:19|20)\d\d\b|\bperpetu\w+|\bindefinite\w*|\bunbestimmte\b)"
)

NEARLY = 0.6  # of what a sentence of the clause counts
_SELF = r"(?:this|the)\s(?:\w+\s){0,3}(?:agreement|contract|lease|licen[cs]e)"


@dataclass(frozen=True, slots=True)
class StandardClause:
    """A clause: `asked` finds it in questions, `said` in sentences, `nearly` in those that may be of it too; `wording` is what it
    mostly says."""

    name: str
    asked: LatePattern
    said: LatePattern
    wording: str
    nearly: LatePattern | None = None

    def share_in(self, sentence: str) -> float:
        """Return how surely a sentence is of the clause: 1, `NEARLY` or 0."""
        if self.said.search(sentence) is not None:
            return 1.0
        return NEARLY if self.nearly is not None and self.nearly.search(sentence) is not None else 0.0


def _clause(name: str, asked: str, said: str, wording: str, nearly: str = "") -> StandardClause:
    others = LatePattern.any_of(nearly) if nearly else None
    return StandardClause(name, LatePattern.any_of(asked), LatePattern.any_of(said), wording, others)


# A question is for the first that it has the words of: what is said of any clause ("how long") stands last.
CLAUSES = (
    _clause(
        "governing law",
        r"\bgoverning\slaws?\b|\b(?:which|what|whose)\b.{0,40}\blaws?\b|\blaws?\s(?:of\swhich|governs?|appl)|\bunder\s(?:the|which|what)\slaws?\b|\bwelche[sm]?\s(?:\w+\s)?recht\b"
        r"|\b(?:quel(?:le)?|qué)\s(?:droit|loi|ley|derecho)\b",
        r"\b(?:govern|constru|interpret|enforce)\w*\b.{0,200}\blaws?\b|\blaws?\sof\b.{3,80}\b(?:govern|appl)|\brecht\b.{0,60}\b(?:anwend|gilt|findet)|unterlieg\w+.{0,60}\brecht"
        r"|\b(?:régi|soumis)\w*\b.{0,80}\b(?:droit|lois?)\b|\b(?:regir|sujet)\w*\b.{0,80}\b(?:ley(?:es)?|derecho)\b",
        "This Agreement shall be governed by and construed in accordance with the laws of the State of",
    ),
    _clause(
        "warranty period",
        r"\b(?:warrant(?:y|ies|ed)|guarantees?d?|gewährleistung\w*|garant[ií]\w*)\b",
        rf"\b(?:warrant|guarant|gewährleist|garant)\w*\b.{{0,250}}{_TIME}|{_TIME}.{{0,120}}\b(?:warrant|guarant|gewährleist|garant)\w*",
        "warrants that for a period of days from the date of delivery; the warranty period shall be months",
    ),
    _clause(
        "change of control",
        r"\bchanges?\s(?:of|in)\scontrol\b|\btake[ns]?\sover\b|\btakeover\b|\b(?:is|gets?|are)\s(?:acquired|bought|sold)\b|\bmerge[srd]?\b|\bkontrollwechsel\b",
        r"\bchange\s(?:of|in)\s(?:\w+\s)?(?:control|ownership)\b|\bmerge[rds]?\b|\bacquisition\b|\bconsolidation\b|\bsale\sof\s(?:all|substantially)|\bkontrollwechsel",
        "in the event of a change of control, merger, acquisition or sale of all or substantially all of its assets",
    ),
    _clause(
        "insurance",
        r"\binsur\w*|\bversicher\w*|\bassurance\b|\bseguro\b",
        r"\binsur(?:ance|ed)\b|\bversicher\w*|\bassurances?\b|\bseguros?\b",
        "shall maintain comprehensive general liability insurance with limits of not less than per occurrence",
    ),
    _clause(
        "penalty",
        r"\bliquidated\sdamages\b|\bpenalt(?:y|ies)\b|\bvertragsstrafe\w*|\bpénalité\w*",
        r"\bliquidated\b|\bpenalt(?:y|ies)\b(?!\s*(?:to|of\sperjury))|\blate\sfees?\b|\bvertragsstrafe\w*|\bpénalité\w*",
        "shall pay as liquidated damages and not as a penalty the sum of",
    ),
    _clause(
        "disparagement",
        r"\bdisparag\w*|\b(?:speak|talk|say)\w*\s(?:badly|ill|bad)\b|\bdefam\w*",
        r"\bdisparag\w*|\bdefam\w*|\bderogat\w*|\bdisrepute\b",
        "shall not make any disparaging or derogatory statements about the other party",
    ),
    _clause(
        "renewal",
        r"\brenew\w*|\bextend\w*|\bextension\b|\bend\sof\s(?:the|its)\s(?:\w+\s)?term\b|\bverlänger\w*|\b(?:renouvel|recond|renuev|prorrog)\w*",
        r"\b(?:renew|extend|extension|verlänger|renouvel|recond|renuev|prorrog)\w*",
        "shall automatically renew for successive additional terms of one year unless either party gives written notice of non-renewal at least days before the end of the term",
    ),
    _clause(
        "non-compete",
        r"\bnon-?compet\w*|\bcompet(?:e|ing|itors?|ition|itive)\b|\bwettbewerb\w*|\bconcurren\w*|\bcompetencia\b",
        r"\b(?:not|no|neither|refrain|prohibit\w*|other\sthan|agrees|keine?\w{0,2}|nicht)\b.{0,250}\b(?:compet\w+|wettbewerb\w*)|\bcompet\w+\b.{0,200}\b(?:not|prohibit\w*|refrain)\b",
        "shall not, during the term, directly or indirectly engage in any business that competes with, or endorse competing products",
    ),
    _clause(
        "liability",
        r"\bliab(?:le|ility|ilities)\b|\bhaft\w*|\bresponsab\w*",
        r"\b(?:in\sno\sevent|not\sbe\sliable|no\sliability|any\sliability|liab\w+\b.{0,120}\b(?:limit\w*|exceed|total|aggregate|maximum)|(?:limit\w*|exceed|aggregate|maximum)\b.{0,120}\bliab\w+)"
        r"|\bhaft\w*\b.{0,80}\b(?:begrenzt|beschränkt|ausgeschlossen|nur)\b",
        "In no event shall either party be liable for any indirect, incidental or consequential damages, and the total aggregate liability shall not exceed the amount paid",
    ),
    _clause(
        "audit",
        r"\baudit\w*|\binspect\w*|\bbooks\sand\srecords\b|\beinsicht\w*|\bbücher\b",
        r"\b(?:audit|inspect|examin)\w*|\baccess\sto\b.{0,60}\b(?:books|records)\b|\bbücher\b|\beinsicht",
        "shall keep accurate books and records and permit the other party to audit and inspect them upon reasonable notice",
    ),
    _clause(
        "minimum",
        r"\bminim(?:um|al)\b|\bmindest\w*",
        r"\bminim(?:um|al)\b|\bat\sleast\b.{0,60}(?:[$€£]|\bunits?\b|\bpurchas)|\bmindest\w*",
        "shall purchase a minimum quantity, guaranteed minimum annual payment, minimum order",
    ),
    _clause(
        "share of revenue",
        r"\b(?:share|split|percent\w*)\s(?:of|in)\s(?:the\s)?(?:\w+\s)?(?:revenues?|profits?|income|sales)\b|\brevenue\sshar\w*|\broyalt(?:y|ies)\b|\bcommissions?\b|\bprovision(?:en)?\b|\blizenzgebühr\w*",
        r"\broyalt\w*|\bcommissions?\b|\brevenue\sshar\w*|\bshare\sof\b.{0,40}\b(?:revenue|profit)|\bpercent\w*\b|%",
        "shall pay a royalty or commission of percent of net revenues",
    ),
    _clause(
        "ownership",
        r"\bwho\sowns?\b|\bowner(?:ship)?\sof\b|\bintellectual\sproperty\b|\bbelongs?\sto\b|\bwem\sgehör\w+|\burheberrecht\w*",
        r"\b(?:own(?:s|ed|er|ership)?|property\sof|belongs?)\b|\b(?:right,\s)?title\s(?:and|,)|\bassigns?\b.{0,100}\b(?:rights?|title|interest)\b|\bworks?\smade\sfor\shire\b",
        "all right, title and interest in and to the work product, inventions and intellectual property shall be owned by and are assigned to",
    ),
    _clause(
        "licence",
        r"\b(?:what|which)\slicen[cs]es?\b|\blicen[cs]es?\s(?:is|are|does)\b|\bgrant(?:s|ed)?\b|\bmay\sbe\sdone\swith\b|\bnutzungsrecht\w*",
        r"\bgrant\w*\b.{0,200}\b(?:licen[cs]es?|rights?)\b|\bright\sto\suse\b|\bnutzungsrecht\w*",
        "hereby grants a non-exclusive, non-transferable license and right to use",
    ),
    _clause(
        "assignment",
        r"\bassign(?:s|ed|able|ment)?\b|\btransfer(?:s|red|able)?\b|\babtret\w*|\bübertrag\w*|\bcéder\b|\bcession\b|\bceder\b",
        r"\b(?:assign(?:s|ed|able|ment)?|transfer\w*|delegat\w*)\b.{0,250}\b(?:consent|agreement|rights?|obligations?|void|approval)\b|\b(?:abtret|übertrag)\w*",
        "Neither party may assign or transfer this Agreement or any of its rights or obligations without the prior written consent of the other party",
    ),
    _clause(
        "exclusivity",
        r"\bexclusiv\w*|\bexklusiv\w*|\bausschließlich\w*",
        r"\b(?:exclusiv|exklusiv)\w*\b(?!\s(?:jurisdiction|venue|agreement|statement|remed|governed))|\bsole\b(?!\s(?:discretion|cost|expense|remedy))|\bausschließlich\w*\b",
        "appoints as its exclusive and sole distributor in the territory; shall not, during the term, appoint, endorse or deal with any other",
    ),
    _clause(
        "parties",
        r"\bother\sparty\b|\bwith\swhom\b|\bwho\s(?:is|are)\s(?:the\s)?part(?:y|ies)\b|\bparties\s(?:to|of)\b|\bvertragspartner\w*|\bmit\swem\b|\bavec\squi\b|\bcon\squién\b",
        r"\b(?:agreement|contract|lease|deed|vertrag|vereinbarung|contrat|contrato)\b.{0,250}\b(?:between|among|zwischen|entre)\b(?!\s(?:the|its|both|all)?\s?part).{0,400}\b(?:and|und|et|y)\b",
        "This Agreement is made and entered into by and between",
    ),
    _clause(
        "date",
        r"\bwhen\s(?:was|were|did)\b.{0,120}\b(?:sign|ma[dk]e|enter|conclu|execut)\w*|\bdate\sof\b|\b(?:which|what)\s(?:day|date)\b|\bwann\swurde\b|\bquand\b.{0,60}\b(?:sign|conclu)\w*|\bcuándo\b.{0,60}\bfirm\w*",
        r"\b(?:made|entered|dated|effective|executed|signed|commence\w*|as\sof|geschlossen|unterzeichnet|conclu|signé|firmado)\b.{0,160}\b(?:19|20)\d\d\b|\b\d{1,2}(?:st|nd|rd|th)\s+day\s+of\b",
        "This Agreement is made and entered into as of this day of, dated, effective date, by and between",
    ),
    _clause(
        "termination",
        r"\bterminat\w+|\bget\s(?:out|rid)\b|\b(?:end|cancel|quit|leave)(?:l?ed)?\b.{0,60}\b(?:early|without|notice|any\stime|reason|cause)\b|\bnotice\speriod\b|\bnotice\b.{0,60}\b(?:end|cancel|leave)\b"
        r"|\bwithout\s(?:a\s|any\s)?(?:cause|reason)\b|\bkündig\w*|\brésili\w*|\bpréavis\b|\bpreaviso\b",
        r"\btermina(?:t|bl)\w*\b.{0,250}\b(?:notice|any\stime|without\scause|any\sreason|convenience)\b|\bnotice\b.{0,100}\bterminat\w*|\bcancel\w*\b.{0,120}\bnotice\b|\bkündig\w*|\brésili\w*",
        "Either party may terminate this Agreement at any time for any reason, without cause, upon days prior written notice to the other party",
    ),
    _clause(
        "term",
        r"\bexpir\w*|\bhow\slong\b|\b(?:term|duration|length)\sof\b|\buntil\swhen\b|\bwhen\s(?:does|will|do)\b.{0,160}\b(?:end|run\sout|lapse|stop|start|begin)s?\b|\bin\sforce\b|\blaufzeit\w*"
        r"|\bwie\slange\b|\bwann\s(?:endet|läuft)\b|\bdurée\b|\bduración\b|\bvence\b",
        rf"\bterm\b(?!\s(?:or|and)\s).{{0,250}}{_TIME}|{_TIME}.{{0,80}}\bterm\b"
        rf"|\b{_SELF}\b.{{0,160}}\b(?:shall|will|is|be|remains?|continues?|expires?|ends?|terminates?)\b.{{0,40}}\b(?:continu|remain|valid|effect|force|expir|terminat|last|run|end)\w*\b.{{0,200}}{_TIME}"
        rf"|\b(?:laufzeit|endet|läuft|durée|duración|vence)\w*\b.{{0,200}}{_TIME}",
        "The term of this Agreement shall commence on the Effective Date and continue in force for an initial term of years, and shall expire on, unless terminated earlier",
        rf"(?:\bterms?\b|\bin\s(?:full\s)?(?:force|effect)\b|\bperiod\sof\b|\b(?:continue|expire|valid|effective|last)\w*\b|\bterminat\w+\son\b).{{0,250}}{_TIME}",
    ),
)  # fmt: skip


def clause_asked(question: str) -> StandardClause | None:
    """Return the clause that a question about an agreement asks for, None where it asks for none of them."""
    if _AGREEMENT.search(question) is None:
        return None
    return next((clause for clause in CLAUSES if clause.asked.search(question)), None)
