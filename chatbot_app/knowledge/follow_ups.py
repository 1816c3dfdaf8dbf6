"""Whether a question stands alone, or leans on the one before and needs its words to be searched.

Rules over the words of six languages, measured on labelled questions (`tests/unit/knowledge/test_follow_ups.py`).
A question leans on an earlier one by a word that points out of it ("when was it built?"), by what it leaves out
("and in 2023?", "why?"), or by asking for more of the same. A "there is", an "it takes … to" and a pronoun whose
noun stands in an earlier clause of the same question point nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chatbot_app.knowledge.words import query_terms, stem

_LONGEST_CHAIN = 3  # follow-ups of follow-ups whose words are collected
_FRAGMENT = 4  # words of a question that only names what is different: "And for children?"
_OPENED = 3  # words of its own that make a question whole, although it begins with "and"


@dataclass(frozen=True, slots=True)
class _Language:
    """The small words of a language, as alternatives of a regular expression."""

    common: str  # tell the language, and say nothing of what is asked
    opener: str  # begin a question that goes on
    about: str  # "what about …": says only what is different
    preposition: str
    bare: str  # ask without saying what of
    points: str  # pronouns and adverbs that point out of a clause
    possessive: str  # the same, but often at a noun of the same clause
    pointless: str  # phrases in which such words point nowhere
    boundary: str  # begin another clause


_ENGLISH = _Language(
    common="the a an of in on at to for from by with is are was were be been do does did has have had can could should"
    " would will may must what who whom which when where why how many much long often far old tall i we you my our your"
    " there it that this and or but not if any some as about into than me tell please exactly",
    opener=r"and|but|or|so|also|then|ok|okay",
    about=r"(?:and |but |so )?(?:what|how) about|what if not|same for|anything else|what else|who else|where else",
    preposition="in|on|at|for|with|without|from|since|until|till|by|under|over|after|before|during|within|per|to|only",
    bare=r"since|more|further|details?|examples?|elaborate|explain|continue|go|again|summari[sz]e|simpler|shorter|longer|sure"
    r"|really|else|instead|details|ahead|on|in|short|words|other|sources?|meaning|so|then|exactly|yes|no|and|ok|okay"
    r"|an|give|show|list|repeat|translate|rephrase|step|steps|point|points|mean|this|that|it",
    points=r"it|they|them|he|him|she|this|these|(?:which|each|the (?:\w+ )?|this |that )ones?|the (?:former|latter)"
    r"|the others?(?= is| are| was| were| do| does| have| \w+er\b|[?.!]|$)|the same(?= true| for| appl| thing| with|[?.!]|$)"
    r"|those(?! who| that| which| with| of)|there|(?:since|until|back|by|what) then|then(?=[?.!]|$)"
    r"|(?:^|(?<=\bis )|(?<=\bwas )|(?<=\bdoes )|(?<=\bdid )|(?<=\bdo )|(?<=\bcan )|(?<=\bcould )|(?<=\bwould )"
    r"|(?<=\bwill )|(?<=\bhas )|(?<=\babout )|(?<=\bof )|(?<=\bfor )|(?<=\bto )|(?<=\bwith )|(?<=\bafter )"
    r"|(?<=\bbefore )|(?<=\bwhy )|(?<=\bfrom )|(?<=\bin )|(?<=\bat )|(?<=\bby )|(?<=\bthan ))"
    r"that(?! the\b| an?\b| my\b| we\b| i\b| you\b)|that(?=[?.!]|$)",
    possessive="its|their|theirs|his|her|hers",
    pointless=r"(?:is|are|was|were|be|been|being|has|have|had|will|would|can|could|should|may|might|must|isn't|aren't"
    r"|wasn't|weren't) (?:there|not there)|there(?:'s| is| are| was| were| be| been| will| has| have| had| exists?"
    r"| any| might| may| can| could| should| would| seems?)|there to be|there (?:in|at|on|near) \w+"
    r"|it (?:rain|snow|hail|storm|thunder)(?:s|ed)?"
    r"|it(?:'s| is| was| be)? (?:still |also |ever |not |really |even |legally |ok )?(?:possible|necessary|allowed|true|legal"
    r"|safe|worth|better|best|important|required|mandatory|permitted|forbidden|easy|hard|difficult|common|normal"
    r"|likely|rude|wise|healthy|advisable|compulsory|illegal|customary|time|raining|snowing|cold|dark|ok|okay|fine)\b"
    r"|it (?:takes?|took|costs?|means?|meant|hurts?|helps?|pays?|makes? sense|matters?|mean) (?:to|if|for|that|when|whether)"
    r"|(?:what|which) (?:time|day|date) is it|(?:is|was) it [^?]*\b(?:who|that|which)\b|how is it that|it turns out"
    r"|this (?:year|month|week|morning|evening|afternoon|quarter|season|century|time|library|folder|collection)"
    r"|these days|one another|if [^?]* then",
    boundary=r"and|or|but|if|when|because|before|after|while|that|who|which|where|than|as|so|until|unless|although",
)
_GERMAN = _Language(
    common="der die das den dem des ein eine einen einem einer eines und oder aber nicht ist sind war waren wird werden"
    " hat haben hatte kann können muss müssen soll darf dürfen was wer wen wem wie wo wann warum wieso weshalb welche"
    " welcher welches welchen viel viele lange oft ich wir sie ihr mein meine unser in im auf für mit von vom zu zum zur"
    " bei beim über unter nach aus an am als wenn ob es gibt man auch noch bitte genau",
    opener=r"und|aber|oder|also|dann|auch|ok",
    about=r"(?:und |aber )?(?:was ist mit|wie ist es mit|wie sieht es (?:mit|bei|in)|wie steht es um)|was noch|wer noch",
    preposition="in|im|für|mit|ohne|ab|seit|bis|von|vor|nach|bei|beim|an|am|auf|unter|über|zu|zum|zur|während|nur|als",
    bare=r"mehr|genauer|weiter|details?|einzelheiten|beispiele?|beispiel|erkläre?|erklär|nochmal|kürzer|einfacher|wirklich"
    r"|echt|sicher|ja|nein|zusammen|fasse|inwiefern|wozu|woher|wohin|quelle|quellen|und|mach|mir|das|es|dazu",
    points=r"er|es|ihn|ihm|sie(?!\b.*\bSie\b)|ihnen|dies(?:e[rnms]?)?|jene[rnms]?|solche[rnms]?|dort|dorthin|damals|damit"
    r"|davon|dafür|darüber|daran|dazu|dabei|darin|daraus|danach|dagegen|davor|darauf|darum|deswegen|derselben?|dasselbe"
    r"|letztere[rnms]?|erstere[rnms]?|das(?=[?.!]|$| (?:auch|genau|noch|so|heute|heißen|bedeuten|möglich|erlaubt|gemacht"
    r"|gebaut|kosten|aus|in|für|bei|wirklich|gewesen|nicht)\b)|(?:kostet|heißt|bedeutet|gilt|geht|funktioniert|war|ist) das(?! [A-ZÄÖÜ])",
    possessive=r"sein(?:e[rnms]?)?(?! [^A-ZÄÖÜ\W])|ihr(?:e[rnms]?)?|deren|dessen",
    pointless=r"es gibt|gibt es|gab es|es gab|gäbe es|geht es (?:um|in|bei)|handelt es sich|es sich handelt|es ist \w+,? \w+ zu"
    r"|(?:ist|war|wäre) es (?:möglich|erlaubt|nötig|notwendig|wahr|richtig|wichtig|sinnvoll|üblich|sicher|verboten|schwer"
    r"|leicht|zulässig|pflicht)|(?:dauert|braucht|kostet|bedarf) es,|regnet es|schneit es|wie spät ist es|es heißt, dass"
    r"|(?:in |an )?diese[smnr]? (?:jahre?s?|monats?|woche|quartals?|sommers?|winters?|bibliothek|ordner|sammlung)"
    r"|(?:dafür|darüber|davon|daran|dazu|darauf|damit|darum|dagegen),? (?:dass|ob|wie|wer|wann|zu)",
    boundary=r"und|oder|aber|wenn|weil|bevor|nachdem|während|dass|ob|als|damit|obwohl",
)
_FRENCH = _Language(
    common="le la les l un une des du de d et ou mais ne pas est sont était ont a as qui que quoi quel quelle quels quelles"
    " quand où pourquoi comment combien dans en sur pour par avec sans au aux ce cette ces je nous vous mon ma mes notre"
    " il y faut peut on si plus encore aussi qu est-ce s n c j",
    opener=r"et|mais|ou|alors|donc|ok|aussi",
    about=r"(?:et |mais )?(?:qu'en est-il|que dire de)|quoi d'autre|qui d'autre|idem pour|même chose pour",
    preposition="en|dans|pour|avec|sans|depuis|jusqu|jusqu'en|de|par|chez|sur|sous|avant|après|à|au|aux|seulement",
    bare=r"encore|détails?|exemples?|exemple|explique|explique-moi|continue|vraiment|davantage|précisément|résume|sûr|oui|non"
    r"|donne|dis|moi|plus|m'en|dis-m'en|quoi|autres?|source|sources|mieux|simple|court",
    points=r"il|elle|ils|elles|lui|eux|ceci|cela|ça|celui(?:-ci|-là)?|celle(?:-ci|-là)?|ceux(?:-ci|-là)?|celles(?:-ci|-là)?"
    r"|là-bas|là(?=[ ?.!]|$)|ce dernier|cette dernière|(?:y|en) (?:a|est|va|reste|trouve)(?:-t)?-(?:il|on|t-on)|c'(?:est|était)(?= [?]|$)"
    r"|cett?e? (?!année|semaine|fois|mois|matin|trimestre|bibliothèque)\w+|ces (?!jours)\w+|pourquoi ça",
    possessive="son|sa|ses|leurs?",
    pointless=r"il y (?:a|avait|aura|aurait)|y (?:a|avait|aura|aurait)-t-il|il faut|faut-il|fallait-il|il existe|existe-t-il"
    r"|s'agit-il|il s'agit|pleut-il|quelle heure est-il|(?:est|était|serait)-il (?:possible|nécessaire|permis|vrai|interdit|obligatoire"
    r"|autorisé|utile|important|légal|prudent)|il est (?:possible|nécessaire|permis|vrai|interdit|obligatoire)|vaut-il mieux",
    boundary=r"et|ou|mais|si|quand|parce|avant|après|pendant|que|qui|où|lorsque|puisque",
)
_SPANISH = _Language(
    common="el la los las un una unos unas de del y o pero no es son era fue fueron está están hay ha han que qué quién"
    " quiénes cuál cuáles cuándo cuánto cuánta cuántos cuántas dónde cómo por para con sin en al a se me nos mi nuestro su"
    " puede debe si más muy como sobre entre también aún",
    opener=r"y|e|pero|o|entonces|también|vale",
    about=r"(?:y |pero )?(?:qué (?:hay|pasa|tal) (?:de|del|con)|qué más|quién más)|lo mismo (?:para|con)",
    preposition="en|para|con|sin|desde|hasta|de|del|por|antes|después|durante|al|solo|sólo",
    bare=r"más|detalles?|ejemplos?|ejemplo|explica|explícame|continúa|sigue|seguro|verdad|otra|vez|resume|sí|dame|un|cuéntame"
    r"|eso|fuentes?|exactamente|así|entonces|otros?",
    points=r"él|ella|ellos|ellas|eso|esto|aquello|allí|ahí|allá|entonces(?=[?]|$)|es[ae]s?|aquel(?:la|los|las)?|este(?! año| mes| trimestre)"
    r"|esta(?! semana| vez| mañana| tarde| noche)|est[ao]s(?! días)|el mismo(?=[?]|$)|lo(?= (?:hizo|hace|fundó|construyó|dijo|inventó|escribió|compró))",
    possessive="sus?",
    pointless=r"es decir|por eso mismo|a eso de",
    boundary=r"y|o|pero|si|cuando|porque|antes|después|mientras|que|quien|donde|aunque",
)
_RUSSIAN = _Language(
    common="и а но или не в во на по с со к ко у о об от до из за для без при над под что кто кого кому чем как где когда"
    " почему зачем сколько какой какая какое какие каких ли есть был была было были быть может нужно можно я мы вы мой"
    " наш это который которая же бы ещё еще тоже",
    opener=r"а|и|но|или|тогда|значит|ну|также",
    about=r"(?:а |и |но )?(?:как насчёт|как насчет|что насчёт|что насчет|как обстоит|что (?:с|со))|что ещё|что еще|кто ещё|то же для",
    preposition="в|во|на|для|с|со|без|до|после|от|из|по|при|за|только|через",
    bare=r"подробнее|подробности|пример|примеры|примеров|объясни|продолжай|продолжи|дальше|правда|точно|больше|ещё|еще|кратко"
    r"|да|нет|действительно|приведи|расскажи|именно|источник|источники|проще|короче",
    points=r"он|она|оно|они|его|её|ее|их|ему|ей|им|ими|ней|нём|нем|них|ним|ней|неё|него|нему|там|туда|оттуда|тогда(?=[?]|$)"
    r"|эт(?:от|а|о|и|ого|ой|ому|им|их|ими|ом|у)|т(?:от|а|ого|ой|ому|ем|ех)(?!,? (?:кто|что|котор))|последний|последняя",
    possessive="его|её|ее|их|своего|свой|своя|свои|свою",
    pointless=r"(?:в |на )?это(?:м|й|т|у) (?:году|год|месяце|месяц|неделе|неделю|квартале|раз|библиотеке|папке)|что это за|это правда"
    r"|тем не менее|кроме того|в том числе|дело в том",
    boundary=r"и|или|но|если|когда|потому|до|после|пока|что|который|которая|чтобы|чем|а",
)
_LANGUAGES = (_ENGLISH, _GERMAN, _FRENCH, _SPANISH, _RUSSIAN)
_COMMON = [frozenset(language.common.split()) for language in _LANGUAGES]

_CHINESE_POINTS = re.compile(
    r"(?<![吉其])[它他她](?:们)?|这(?!些年|一?年|个?月|周|样的话)|那(?!不勒斯|么多)|(?:前|后)者"
)
_CHINESE_BARE = re.compile(
    r"(?:那|那么|请|再|能|可以|你|给我|我|多|更|详细|具体|一点|一些|一下|说明|解释|举例|举个|例子|继续|还有|别的|其他|吗|呢|呀|啊|了|的|是"
    r"|为什么|为何|怎么|怎么样|如何|什么|什么时候|何时|哪里|哪儿|谁|多少|多少钱|多久|几个|真的|然后|总结|简单|详情|原因|来源|确定)+"
)
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_QUOTED = re.compile(r'["“„«»][^"“”„«»]{2,200}["”“«»]')  # words of somebody else point nowhere
_WORDS = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


def complete_follow_up(question: str, previous_questions: Sequence[str]) -> str:
    """Return a question that stands alone: with the key terms of the ones before where it leans on them.

    "And in 2023?" after "How much did Acme earn in 2022?" becomes "And in 2023? acme earn". Numbers are not
    carried over, for they are what a follow-up changes.
    """
    if not previous_questions or not leans(question):
        return question
    known = {stem(word) for word in query_terms(question)[0]}
    terms: list[str] = []
    for earlier in list(reversed(previous_questions))[:_LONGEST_CHAIN]:
        words, pairs = query_terms(earlier)
        for word in words:
            if stem(word) not in known and not word.isdigit():
                known.add(stem(word))
                terms.append(word)
        if pairs:
            terms.append(earlier)
        if not leans(earlier):
            break
    return " ".join([question, *terms])


def leans(question: str) -> bool:
    """Whether a question cannot be understood without what was asked before."""
    text = " ".join(_QUOTED.sub(" … ", question.replace("’", "'")).split())
    if len(_CHINESE.findall(text)) * 2 > len(re.findall(r"[^\W\d_]", text)):
        return _leans_in_chinese(text)
    words = [word.casefold() for word in _WORDS.findall(text)]
    if not words:
        return True
    language = _language(text, words)
    if "…" in text:  # what is quoted says what is asked about
        return _points_out(text.lstrip("¿¡ "), language, frozenset(language.common.split()))
    common = frozenset(language.common.split())
    own = [word for word in words if word not in common and not re.fullmatch(f"(?:{language.opener})", word)]
    if all(re.fullmatch(f"(?:{language.bare})", word) for word in own):
        return True
    plain = text.casefold().lstrip("¿¡ ")
    if re.match(rf"(?:{language.about})\b", plain):
        return True
    if len(words) == 1 and text.rstrip().endswith("?"):
        return True
    if _is_fragment(words, own, language, common):
        return True
    return _points_out(text.lstrip("¿¡ "), language, common)


def _language(text: str, words: Sequence[str]) -> _Language:
    """Return the language whose small words, letters and signs a question has most of; English where none."""
    if re.search("[а-яё]", text, re.IGNORECASE):
        return _RUSSIAN
    if "¿" in text or "¡" in text:
        return _SPANISH
    parts = [part for word in words for part in re.split(r"['-]", word)]
    scores = [
        sum(
            (part in common)
            + (re.fullmatch(f"(?:{language.preposition}|{language.opener})", part) is not None)
            for part in parts
        )
        for language, common in zip(_LANGUAGES, _COMMON, strict=True)
    ]
    return _LANGUAGES[scores.index(max(scores))]


def _is_fragment(
    words: Sequence[str], own: Sequence[str], language: _Language, common: frozenset[str]
) -> bool:
    """Whether a question names only what is different, or asks for a property of nothing."""
    opened = re.fullmatch(f"(?:{language.opener})", words[0]) is not None
    rest = words[1:] if opened else words
    if not rest:
        return True
    asks = _QUESTION_WORDS.fullmatch(rest[0]) is not None or (
        len(rest) > 1 and _QUESTION_WORDS.fullmatch(rest[1])
    )
    if opened and not asks and len(rest) <= _FRAGMENT:
        return not _VERBS.fullmatch(rest[0])
    if opened and len(own) <= 1:
        return True
    if re.fullmatch(f"(?:{language.preposition})", rest[0]) and len(rest) <= _FRAGMENT and not asks:
        return True
    # "How tall?", "Which year?", "¿Cuándo se fundó?": a question word and one other
    if language is _RUSSIAN and rest[0] in (
        "где",
        "кто",
        "что",
    ):  # "Где ключ?" has a verb that is not written
        return False
    small = [word for word in rest[1:] if word not in _DETERMINERS]
    return (
        bool(_QUESTION_WORDS.fullmatch(rest[0]))
        and len(own) <= 1
        and len(rest) <= 3
        and small == rest[1:]
        and (len(rest) == 2 or rest[1] in ("se", "lo", "la", "le", "much", "many"))
    )


def _points_out(text: str, language: _Language, common: frozenset[str]) -> bool:
    """Whether a word points to something that this question does not name."""
    formal = language is _GERMAN
    if language is _ENGLISH:
        text = re.sub(r"\bIT\b", "…", text)  # the trade, not the pronoun
    if not formal:
        text = text.casefold()
    flags = 0 if formal else re.IGNORECASE
    spared = re.sub(rf"(?<![\w'-])(?:{language.pointless})(?![\w-])", " … ", text, flags=re.IGNORECASE)
    if formal:  # "Sie" and "Ihr" within a sentence speak to somebody
        spared = spared[:1].lower() + re.sub(r"\b(?:Sie|Ihr(?:e[rnms]?)?|Ihnen)\b", "…", spared[1:])
    for found in re.finditer(rf"(?<![\w'-])(?:{language.points})(?![\w'-])", spared, flags):
        if not _named_before(spared[: found.start()], language, common, clause=True):
            return True
    for found in re.finditer(rf"(?<![\w'-])(?:{language.possessive})(?![\w'-])", spared, flags):
        if not _named_before(spared[: found.start()], language, common, clause=False):
            return True
    # French and others turn the subject round: "La garantie couvre-t-elle …?" names it, "Quand a-t-il …?" does not.
    turned = re.search(r"-(?:t-)?(?:il|elle|ils|elles)\b", spared) if language is _FRENCH else None
    return turned is not None and not _named_before(
        re.sub(r"[\w']+$", "", spared[: turned.start()]), language, common, clause=False
    )


def _named_before(before: str, language: _Language, common: frozenset[str], *, clause: bool) -> bool:
    """Whether a noun that a pronoun may stand for comes before it, in an earlier clause where `clause`."""
    if clause:
        ends = [
            found.start()
            for found in re.finditer(rf"[,;:.]|\b(?:{language.boundary})\b", before, re.IGNORECASE)
        ]
        ends = [end for end in ends if before[:end].strip()]
        if not ends:
            return False
        before = before[: ends[-1]]
    before = re.sub(r"\b(?:how|wie|so|too) \w+", " ", before, flags=re.IGNORECASE)
    return any(
        word.casefold() not in common and not _VERBS.fullmatch(word.casefold())
        for word in _WORDS.findall(before)
    )


_QUESTION_WORDS = re.compile(
    r"what|who|whom|whose|which|when|where|why|how|was|wer|wen|wem|wie|wo|wann|warum|wieso|weshalb|welche[rnms]?"
    r"|qui|que|quoi|quels?|quelles?|quand|où|pourquoi|comment|combien|qu'est-ce|est-ce|qué|quién(?:es)?|cuál(?:es)?|cuándo"
    r"|cuánt[oa]s?|dónde|cómo|что|кто|кого|кому|чем|как|где|когда|почему|зачем|сколько|как(?:ой|ая|ое|ие|их|ую)"
)
_VERBS = re.compile(
    r"is|are|was|were|do|does|did|can|could|should|would|will|may|must|has|have|had|tell|explain|list|give|show|find|name"
    r"|ist|sind|war|waren|hat|haben|kann|können|muss|darf|gibt|wird|est|sont|a|ont|peut|faut|es|son|está|hay|puede"
    r"|есть|можно|нужно|назови|перечисли|happened?|happens?|mean|means|apply|applies|work|works|cost|costs|say|says"
    r"|built|made|founded|written|kostet|kosten|gilt|passiert|funktioniert|gebaut|coûte|cuesta"
)
_DETERMINERS = frozenset(
    "the a an der die das ein eine le la les un une el los las una l' is are was were ist sind war es son est".split()
)


def _leans_in_chinese(text: str) -> bool:
    plain = re.sub(r"[\s？?。！!，,、]+$", "", text)
    if plain.endswith("呢") or re.match(r"(?:那么?|还有|以及|但是?|而)(?!不勒斯)", plain):
        return True
    if _CHINESE_BARE.fullmatch(re.sub(r"[\s，,]", "", plain)):
        return True
    for found in _CHINESE_POINTS.finditer(plain):
        earlier = re.split(r"[，,；;]", plain[: found.start()])
        named = len(earlier) > 1 and len("".join(earlier[:-1])) >= 3
        if not named:
            return True
    return False
