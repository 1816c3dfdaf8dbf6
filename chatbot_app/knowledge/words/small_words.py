"""The small words of five languages that tell whether a question leans on the one before (`follow_ups`)."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SmallWords:
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
    asks_of: str  # a whole question for what something has, which it does not name: "What were the reasons?"
    idle: str  # phrases of a question that names only what is different, which say nothing of it: "how did that look for …"


ENGLISH = SmallWords(
    common="the a an of in on at to for from by with is are was were be been do does did has have had can could should"
    " would will may must what who whom which when where why how many much long often far old tall i we you my our your"
    " there it that this and or but not if any some as about into than me tell please exactly",
    opener=r"and|but|or|so|also|then|ok|okay|now",
    about=r"(?:and |but |so )?(?:what|how) about|what if not|(?:the )?same(?: question| thing| again)?,? (?:for|in|but)|likewise for|anything else|what else|who else|where else"
    r"|(?:and |but )?(?:(?:in |for |what was it )?(?:the|a|one|two|three) (?:years?|quarters?|months?|weeks?|days?) (?:before|after|earlier|later|prior))(?=[?.!]*$)",
    preposition="in|on|at|for|with|without|from|since|until|till|by|under|over|after|before|during|within|per|to|only|as",
    bare=r"since|more|further|details?|examples?|elaborate|explain|continue|go|again|summari[sz]e|simpler|shorter|longer|sure"
    r"|really|else|instead|details|ahead|on|in|short|words|other|sources?|meaning|so|then|exactly|yes|no|and|ok|okay"
    r"|an|give|show|list|repeat|translate|rephrase|step|steps|point|points|mean|this|that|it",
    points=r"it|they|them|he|him|she|this|these|instead(?=[?.!]|$)|(?:the|a|one) (?:year|quarter|month|week) (?:before|earlier|later)(?=[?.!]|$)|(?:which |each |the (?:\w+ )?|this |that )ones?|(?:an?|any|another) (?:\w+ )?ones?(?=[?.!,]|$| in\b| for\b| with\b| from\b| than\b)|the (?:former|latter)"
    r"|the others?(?= is| are| was| were| do| does| have| \w+er\b|[?.!]|$)|the same(?= true| for| appl| thing| with|[?.!]|$)"
    r"|those(?! who| that| which| with| of)|there|(?:since|until|back|by|what) then|then(?=[?.!]|$)"
    r"|(?:^|(?<=\bis )|(?<=\bwas )|(?<=\bdoes )|(?<=\bdid )|(?<=\bdo )|(?<=\bcan )|(?<=\bcould )|(?<=\bwould )"
    r"|(?<=\bwill )|(?<=\bhas )|(?<=\babout )|(?<=\bof )|(?<=\bfor )|(?<=\bto )|(?<=\bwith )|(?<=\bafter )"
    r"|(?<=\bbefore )|(?<=\bwhy )|(?<=\bfrom )|(?<=\bin )|(?<=\bat )|(?<=\bby )|(?<=\bthan )|(?<=\bshould )|(?<=\bmust )"
    r"|(?<=\bmay )|(?<=\bmight )|(?<=\bexplain )|(?<=\bbreak )|(?<=\brepeat )|(?<=\bput )|(?<=\brephrase )|(?<=\btranslate )"
    r"|(?<=\bsummarise )|(?<=\bsummarize )|(?<=\bshow )|(?<=\bsay )|(?<=\bcheck )|(?<=\bcompare ))"
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
    asks_of=r"(?:and |but |so )?(?:what|which|who|where|when|how (?:high|big|large|long|much|many|old)) (?:is|are|was|were|will be|would be)"
    r" the (?:main |exact |total |other |final |new |old |most important |key |biggest )?(?:reasons?|causes?|consequences?|results?"
    r"|outcomes?|effects?|impacts?|implications?|purpose|goals?|aims?|prices?|costs?|fees?|amounts?|total|sum|deadlines?|dates?"
    r"|duration|authors?|owners?|winners?|names?|titles?|address|location|differences?|advantages?|disadvantages?|benefits?"
    r"|drawbacks?|conditions?|requirements?|exceptions?|limits?|maximum|minimum|penalty|penalties|alternatives?|explanation"
    r"|background|conclusions?|recommendations?|answer|solution|side effects|risks?|percentage|share|rate|increase|decrease"
    r"|change|trend|breakdown|figures?|numbers?|participants?|parties)",
    idle=r"please|then|though|by the way|instead|(?:what|how) about|how (?:did|does|do|was|were|is|are) (?:that|it|this|things|they|those)(?: (?:look|go|compare|turn out|like))?"
    r"|(?:what|how (?:much|many|high|large|big|long|old)) (?:is|was|were|are) (?:it|that|this|they|those)|(?:was|were|is|are) (?:it|that|they) (?:the )?(?:same|different|like that)",
)
GERMAN = SmallWords(
    common="der die das den dem des ein eine einen einem einer eines und oder aber nicht ist sind war waren wird werden"
    " hat haben hatte kann können muss müssen soll darf dürfen was wer wen wem wie wo wann warum wieso weshalb welche"
    " welcher welches welchen viel viele lange oft ich wir sie ihr mein meine unser in im auf für mit von vom zu zum zur"
    " bei beim über unter nach aus an am als wenn ob es gibt man auch noch bitte genau mir mich dir dich uns euch mehr"
    " nenne zeige sage erkläre",
    opener=r"und|aber|oder|also|dann|auch|ok",
    about=r"(?:und |aber )?(?:was ist mit|wie ist es mit|wie sieht es (?:mit|bei|in)|wie steht es um)|was noch|wer noch"
    r"|(?:das)?(?:selbe|gleiche)(?: frage| nochmal)? (?:für|in|im|zu|zum|zur)|(?:die )?(?:gleiche|selbe) frage|dieselbe frage"
    r"|(?:und )?(?:(?:ein|zwei|drei) (?:jahre?|quartale?|monate?) (?:davor|danach|früher|später|zuvor)|(?:im|das) (?:jahr|quartal) (?:davor|danach|zuvor))(?=[?.!]*$)",
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
    asks_of=r"(?:und |aber )?(?:was|wer|wann|wo|welche[rs]?|wie (?:hoch|gro(?:ß|ss)|lang|viel|alt)) (?:ist|sind|war|waren|wäre|wären)"
    r" (?:der|die|das) (?:genaue |wichtigsten? |anderen? |neue |häufigsten? )?(?:grund|gründe|ursachen?|folgen?|ergebnis(?:se)?"
    r"|auswirkung(?:en)?|wirkung(?:en)?|zweck|ziele?|preise?|kosten|gebühr(?:en)?|betrag|summe|frist(?:en)?|datum|dauer|autor(?:in)?"
    r"|verfasser(?:in)?|eigentümer(?:in)?|gewinner(?:in)?|name|titel|adresse|unterschiede?|vorteile?|nachteile?|bedingung(?:en)?"
    r"|voraussetzung(?:en)?|ausnahmen?|grenzen?|strafen?|alternativen?|hintergrund|hintergründe|risiken|anteil|veränderung|zahlen"
    r"|nebenwirkungen|teilnehmer|parteien)",
    idle=r"bitte|denn|eigentlich|noch mal|nochmal|wie (?:war|waren|ist|sind|sieht|sah|steht|stand|verhält|lief) (?:das|es|sie|die)(?: sich)?(?: denn)?|(?:sieht|sah|steht|war|lief) (?:das|es)"
    r"|wie (?:viele?|hoch|groß|gross|lange?|alt) (?:war|waren|ist|sind) (?:das|es|sie|er)|was (?:ist|war) (?:mit|bei)|aus(?=\W*$)",
)
FRENCH = SmallWords(
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
    asks_of=r"(?:et |mais )?(?:quels?|quelles?|qui) (?:est|sont|était|étaient) (?:le|la|les|l') ?(?:raisons?|causes?|conséquences?|résultats?"
    r"|effets?|but|prix|coûts?|montant|date|délai|durée|auteur|nom|différences?|avantages?|inconvénients?|conditions?|exceptions?|risques?)",
    idle=r"s'il (?:te|vous) plaît|qu'en (?:est|était)-il(?: d[eu'])?|que dire d[eu']|(?:c'était |c'est )?comment(?: (?:est|était)-ce| c'était)?|combien (?:est|était)-ce|alors|au fait|quant (?:à|au|aux)",
)
SPANISH = SmallWords(
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
    asks_of=r"(?:y |pero )?(?:qué|quién|cuál|cuáles) (?:es|son|era|eran|fue|fueron) (?:el|la|los|las) (?:razón|razones|motivos?|causas?"
    r"|consecuencias?|resultados?|efectos?|precio|coste|importe|fecha|plazo|autora?|nombre|diferencias?|ventajas?|condiciones|excepciones"
    r"|riesgos?)",
    idle=r"por favor|qué (?:pasó|pasa|hay|hubo|tal)(?: (?:de|del|con))?|cómo (?:fue|era|está|estuvo|le fue)(?: eso| esto)?(?: a)?|cuánto (?:fue|era|es)|entonces|por cierto",
)
RUSSIAN = SmallWords(
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
    asks_of=r"(?:а |и |но )?(?:каков[аоы]?|како[йе]|какая|какие) (?:был[аои]? |будет )?(?:причин[аы]|последствия|результаты?|цена|срок|сумма|автор"
    r"|цель|разница|условия|исключения|риски|доля)",
    idle=r"пожалуйста|(?:как|что) насч[её]т|как (?:было|обстоит|обстояли|обстоят)(?: дел[ао])?(?: с| со| у)?|сколько (?:это )?(?:было|составил[аои]?)|что (?:с|со)|тогда|кстати",
)

LANGUAGES = (ENGLISH, GERMAN, FRENCH, SPANISH, RUSSIAN)
_COMMON = [frozenset(language.common.split()) for language in LANGUAGES]
_WORDS = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


def language_of(text: str) -> SmallWords:
    """Return the language of a question by its small words, letters and signs; English where there are none."""
    if re.search("[а-яё]", text, re.IGNORECASE):
        return RUSSIAN
    if "¿" in text or "¡" in text:
        return SPANISH
    words = (word.casefold() for word in _WORDS.findall(text))
    parts = [part for word in words for part in re.split(r"['-]", word)]
    scores = [
        sum(
            (part in common)
            + (re.fullmatch(f"(?:{language.preposition}|{language.opener})", part) is not None)
            for part in parts
        )
        for language, common in zip(LANGUAGES, _COMMON, strict=True)
    ]
    return LANGUAGES[scores.index(max(scores))]
