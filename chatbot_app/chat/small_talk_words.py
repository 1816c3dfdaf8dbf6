"""The words of tasks and of questions that `small_talk` goes by, in six languages; case does not count."""

from __future__ import annotations

import re

from chatbot_app.chat.small_talk_phrases import compiled

# --- tasks ---------------------------------------------------------------------------------------------------------

# Documents that a message names: then it speaks to them, whatever it wants.
DOCUMENTS = compiled(
    r"\b(?:my|our|the|these|those|this|that|all|your|his|her|their|attached|uploaded|imported|which|what|both|each|any)"
    r"(?: (?!of\b|and\b|to\b|for\b|is\b)[\w'-]+){0,3} (?:documents?|docs?|pdfs?|reports?|library|sources?|papers?|contracts?|manuals?|handbook"
    r"|(?:meeting |lecture )?notes|slides|spreadsheets?|brochures?|agreements?|invoices?|polic(?:y|ies)|filings?|articles?|collections?"
    r"|chapters?|e-?books?|books?|files?|appendix|10-[qk]s?|leases?)\b",
    r"\b(?:according to|based on|in|from) (?:the |my )?(?:documents?|sources?|library|reports?|files?)\b",
    r"\b(?:mein|dein|unser|dies|jen|sein|ihr|all)\w* (?:[\w-]+ ){0,2}(?:dokument|datei|bericht|unterlage|quelle|bibliothek|vertrag|verträge"
    r"|pdf|notiz|artikel|handbuch|protokoll|rechnung|buch|studie|richtlinie)\w*",
    r"\b(?:d(?:er|ie|as|en|em|es)|im|vom|zum|in) (?:[\w-]+ ){0,2}(?:dokument|datei|\w*bericht|unterlagen|quellen|bibliothek|\w*vertrag"
    r"|verträge|pdf|notizen|handbuch|protokoll|studie)\w*",
    r"\b(?:mes|les|le|la|ce|cette|ces|nos|mon|ma|du|des|au|aux|l'|d'après) ?(?:[\w'-]+ ){0,2}(?:documents?|fichiers?|rapports?|bibliothèque"
    r"|sources?|contrats?|manuel|notes|pdf|facture)\b",
    r"\b(?:mis?|los|el|la|las|este|esta|estos|nuestr\w+|del|al|según) (?:[\w-]+ ){0,2}(?:documentos?|archivos?|informes?|biblioteca|fuentes?"
    r"|contratos?|manual|notas|pdf|factura)\b",
    r"\b(?:документ|файл|отч[её]т|библиотек|источник|договор|заметк|инструкци|руководств)\w*",
    r"文档|文件|资料|报告|合同|手册|知识库|笔记|这篇|这本书|这份",
)

# What is done with whole documents.
TASK = compiled(
    r"^(?:summari[sz]e|sum up|outline|recap|compare|contrast|list|translate|write|draft|rewrite|describe|explain|analy[sz]e|review|discuss"
    r"|extract|create|make|generate|give|show|tell me about|prepare|turn|convert|evaluate|critique|assess|highlight|explore|introduce)\b",
    r"\b(?:summar(?:y|ies|i[sz]e)|overview|outline|gist|key (?:points?|takeaways?|findings?|facts?|ideas?|messages?)|main (?:points?|ideas?"
    r"|topics?|findings?|arguments?|themes?|messages?|conclusions?)|tl;?dr|takeaways|table of contents|in common|differ|differences?)\b",
    r"\b(?:is|are|were|was)\b.{0,60}\babout\W*$|\b(?:deals?|dealing) with\W*$|\b(?:say|says|tell|tells us|contain|contains|cover|covers)\W*$",
    r"\bwhat (?:documents|files|reports|sources|books|papers)\b|\bhow many (?:documents|files|reports|sources|books|papers)\b",
    r"^(?:fass|vergleich|list|beschreib|erklär|analysier|übersetz|schreib|erstell|nenn|zeig|gib)\w*\b|zusammenfass\w*|überblick|hauptpunkt\w*"
    r"|kernaussage\w*|\b(?:worum|wovon) (?:geht|handel)\w*|unterschied\w*",
    r"^(?:résum|compar|list|décri|expliqu|analys|tradui|écri|donn|montr|rédig)\w*\b|résumé|aperçu|points? clés?|idées? principales?|de quoi (?:parle"
    r"|traite)\w*|différences?",
    r"^(?:resum|compar|list|describ|explic|analiz|tradu|escrib|da|muestr|redact)\w*\b|resumen|visión general|puntos? clave|ideas? principales?"
    r"|de qué (?:trata|habla)\w*|diferencias?",
    r"^(?:кратко|перескаж|сравн|перечисл|опиш|объясн|проанализир|перевед|напиш|состав|покаж|дай|резюмир)\w*|обзор|резюме|главн\w+ мысл|основн\w+"
    r" (?:мысл|иде|положени|вывод)|о ч[её]м|различи|разниц|содержани",
    r"总结|概括|摘要|概述|要点|比较|对比|列出|分析|翻译|介绍|讲了?什么|说了?什么|主要内容|关于什么|区别",
)

CODE = compiled(
    r"^(?:write|make|create|generate|give me|show me|code|build|need|i need)?\s*(?:me )?(?:an?|some|the)?\s*(?:[\w+#.-]+ ){0,3}"
    r"(?:(?:python|javascript|typescript|java|c\+\+|c#|bash|shell|sql|html|css|rust|golang|php|ruby|kotlin|swift|powershell|excel|vba)"
    r" (?:code|script|function|program|query|snippet|example|class|macro|formula|one-liner)|regex|regular expression)\b"
    r"(?!.*\b(?:documents?|reports?|manual)\b)",
    r"^(?:(?:some|the|more|your|just|source)\s+)*code(?:\s+(?:it|me|please|pls|now|for me|for (?:an?|the) .*|that .*|to .*|in \w+))?[\s.!?]*$",
    r"^(?:write|implement|refactor|debug|program|code)\b.*\b(?:code|script|function|program|class|algorithm|method|api|app|regex|query|loop"
    r"|unit tests?|website|web page|game)\b",
    r"^(?:schreib|programmier|implementier)\w*\b.*\b(?:code|skript|funktion|programm|klasse|algorithmus)\b",
    r"^(?:écri|code|programme)\w*\b.*\b(?:code|script|fonction|programme|algorithme)\b",
    r"^(?:escrib|program)\w*\b.*\b(?:código|script|función|programa|algoritmo)\b",
    r"^(?:напиши|запрограммируй|реализуй)\w*\b.*\b(?:код|скрипт|функци|программ|алгоритм)\w*",
    r"^(?:写|编写|实现|写个|写一个|写一段).*(?:代码|程序|函数|脚本|算法)",
)

_WORK = (
    r"(?:poem|haiku|limerick|sonnet|verse|rhyme|joke|pun|riddle|story|tale|song|lyrics|rap|essay|e-?mail|letter|cover letter|speech|toast"
    r"|tweet|post|caption|slogan|tagline|script|dialogue|screenplay|novel|recipe|blog(?: post)?|article|review|bio|cv|resume|advert|ad"
    r"|birthday (?:card|wish(?:es)?|message)|greeting|invitation|apology|message|sentence|paragraph|text|quiz|game|name|title|headline"
    r"|idea|synonym|compliment|pick-?up line|excuse|word|palindrome|tongue twister|motto|nickname|password|emoji|drawing|picture|image)s?"
)
WRITING = compiled(
    # English
    r"(?:write|compose|draft|translate|rewrite|rephrase|reword|paraphrase|proofread|spell-?check|brainstorm|pretend|role-?play|refactor"
    r"|debug|sing|act as|act like|imagine|invent|polish|count (?:to|from|up|down)|calculate|compute|solve|play|roll (?:a|the) dic?e"
    r"|flip a coin|say (?:hello|hi|something|\W)|spell|draw|paint|compile|improvise|roast|finish (?:this|the|my) (?:sentence|story|poem)"
    r"|continue (?:this|the|my) (?:sentence|story|poem|text))\b",
    r"(?:correct|fix|improve|edit|check|polish|shorten|simplify|format) (?:this|my|the following|the (?:grammar|spelling|wording|style)"
    r"|these)\b",
    rf"(?:create|make(?: up)?|generate|suggest|come up with|think of|propose|find|tell|give|do)\b(?: (?:me|us))?(?: (?:an?|another|some|the"
    rf"|one|two|three|five|ten|\d+|good|more))+(?: [\w'-]+){{0,3}} {_WORK}\b(?!\s+(?:of|in) (?:the|my|our))",
    r"(?:an?|another|some|one more|more|two|three|five|ten|\d+)(?: [\w'-]+){0,2} (?:poem|haiku|limerick|sonnet|joke|pun|riddle|story|song"
    r"|rap|essay|e-?mail|letter|speech|tweet|slogan|tagline|recipe|cover letter|blog post)s?\b(?: (?:please|about|on|for|to|that|with)\b.*)?"
    r"[\s.!?]*$",
    r"(?:poem|haiku|limerick|joke|story|song|essay|recipe)s?(?: (?:please|about|for|now)\b.*)?[\s.!?]*$",
    # German
    r"(?:schreib|verfass|dicht|übersetz|umschreib|umformulier|formulier\w* .*\bum\b|korrigier|programmier|erfind|reim|sing|rechne|zähl\w* (?:bis"
    r"|von)|stell dir vor|spiel|buchstabier|tu so)\w*",
    r"(?:erzähl|mach|nenn|gib)\w*(?: (?:mir|uns|bitte|mal))* (?:einen|eine|ein|noch einen|noch eine|ein paar|\d+) (?:\w+ )?(?:witz|geschichte"
    r"|gedicht|märchen|rätsel|reim|idee|vorschlag|namen?|synonym|lied|rezept)\w*",
    r"(?:verbesser|kürz|überarbeit|prüf)\w* (?:bitte )?(?:diesen|dieses|diese|meinen|meine|mein|den folgenden|folgenden) (?:text|satz|absatz|code"
    r"|brief|aufsatz|e-?mail)",
    # French
    r"(?:écri|rédige|tradui|reformul|corrige|compos|invent|imagin|programm|calcul|chant|compt\w* (?:jusqu|de)|épell|récri|réécri)\w*",
    r"(?:racont|donn|propos|fai)\w*(?:-moi|-nous)? (?:une?|des|\d+) (?:\w+ )?(?:blague|histoire|poème|conte|devinette|idées?|chanson|recette"
    r"|synonymes?)",
    # Spanish
    r"(?:escrib|escríb|redact|tradu[cz]|tradúc|reescrib|reformul|corrig|corríg|corrij|compon|compón|invent|invént|imagin|program|calcul|canta"
    r"|cuenta (?:hasta|un)|deletre)\w*",
    r"(?:cuénta|cuent|da|di|haz|dime|hazme|propón)\w*(?:me)? (?:un|una|unos|unas|\d+) (?:\w+ )?(?:chiste|historia|cuento|poema|adivinanza|idea"
    r"|canción|receta|sinónimo)s?",
    # Russian
    r"(?:напиш|написать|сочин|перевед|перевест|переведи|перепиш|переписать|перефразир|исправ|придума|посчита|вычисли|нарису|спой|представь"
    r"|сыгра|составь (?:письмо|стих|текст)|отредактир|зарифмуй)\w*",
    r"(?:расскаж|дай|предлож)\w*(?: мне)? (?:\w+ )?(?:анекдот|шутк|сказк|истори|стих|загадк|ид[еи]|рецепт|песн)\w*",
    # Chinese
    r"(?:写(?!的|了)|翻译|改写|润色|编[一个写故]|作[一首诗]|创作|起草|修改|校对|讲[个一].*(?:笑话|故事)|说[个一].*(?:笑话|故事)|把.*(?:翻译|译成|改[写成为])|将.*(?:翻译|译成)"
    r"|计算|画|唱|扮演|假装|想[一几]?个|取[一个]?名|起[一个]*名|给我讲|数到|造句|用.*造句|来[一首个].*(?:诗|笑话|故事))",
    prefix=r"^",
)
# German and others put the verb last: "Kannst du mir ein Gedicht schreiben?"
WRITING_AT_END = compiled(
    r"^(?:kannst|könntest|würdest|können|könnten|würden|magst|möchtest) (?:du|sie)\b.*\b(?:schreiben|übersetzen|verfassen|dichten|umformulieren"
    r"|korrigieren|programmieren|erzählen|erfinden)[\s.!?]*$",
    r"(?:翻译成|译成)(?:中文|英文|英语|德语|法语|日语|俄语|西班牙语)",
    r"^.{1,200}\b(?:auf|ins) (?:deutsch|englisch\w*|französisch\w*) übersetzen[\s.!?]*$",
)
# A text of the person's own comes along: it is worked on, not the library.
GIVEN_TEXT = compiled(
    r"(?:summari[sz]e|explain|analy[sz]e|review|shorten|classify|extract|translate|rate|describe|simplify|what (?:does|is)|is|find|list)\b[^:]{0,60}"
    r"\b(?:this|these|the following|following|my|below)\b(?: (?:text|paragraph|passage|sentence|e-?mail|code|letter|message|error|essay|poem|function"
    r"|snippet|quote|list|words?))?[^:]{0,30}:\s*\S",
    r"(?:fasse?|erklär\w*|analysier\w*|kürz\w*)\b[^:]{0,60}\b(?:folgende\w*|diese\w*|meine\w*)\b[^:]{0,40}:\s*\S",
    r"(?:résum\w*|expliqu\w*|analys\w*)\b[^:]{0,60}\b(?:suivant\w*|ce|cette)\b[^:]{0,40}:\s*\S",
    r"(?:resum\w*|explic\w*|analiz\w*)\b[^:]{0,60}\b(?:siguiente\w*|este|esta)\b[^:]{0,40}:\s*\S",
    r"(?:кратко |перескажи|объясни|проанализируй)[^:]{0,60}\b(?:следующ\w*|этот|эту)\b[^:]{0,40}:\s*\S",
    r"(?:总结|概括|解释|分析)[^:：]{0,20}(?:以下|下面|这段)[^:：]{0,20}[:：]\s*\S",
    prefix=r"^",
)
ARITHMETIC = compiled(
    r"(?:(?:what(?:'s| is)|calculate|compute|how much is|was ist|combien font|cuánto es|сколько будет|计算)\s*)?"
    r"[\d\s().,]*\d[\d\s().,]*(?:(?:[+\-*/×÷^%=]|plus|minus|times|mal|geteilt durch|плюс|минус|加|减|乘|除以)[\s\d().,]+)+"
    r"(?:是多少|等于多少)?[=?？\s.]*",
)

# --- questions ---------------------------------------------------------------------------------------------------

# Said to the program or of oneself: it may ask the documents ("Do you know who founded Oracle?"), or nothing.
ABOUT_YOU = compiled(
    r"(?:are|do|did|have|were|would|should|could|can|will|may|might|don't|aren't) you\b(?!.*\b(?:who|what|when|where|which|why|how|whether"
    r"|find|explain|list|describe|tell me)\b)",
    r"(?:what|who|how|where|when|why|which)\b.{0,30}\b(?:do|are|did|would|can|were|will) you(?:r|rself)?\b",
    r"(?:what|who|how)(?:'s| is| are) your\b",
    r"(?:bist|hast|kannst|magst|weißt|willst) du\b(?!.*\b(?:wer|was|wann|wo|welche\w*|warum|wie|ob)\b)|(?:wie|was|wer|wo|warum) \w+ du\b",
    r"(?:es-tu|as-tu|peux-tu|aimes-tu|tu es|tu as|tu aimes)\b(?!.*\b(?:qui|quand|où|quel\w*|pourquoi|comment|combien)\b)",
    r"¿?(?:eres|tienes|puedes|te gusta)\b(?!.*\b(?:qué|quién|cuándo|dónde|cuál|cómo|cuánto)\b)",
    r"(?:ты|вы) (?!знаешь|знаете)\w+|(?:любишь|умеешь|можешь) (?:ли )?ты\b",
    r"你(?:喜欢|会|觉得|有没有|是不是|会不会|想)",
    prefix=r"^",
)
QUESTION = compiled(
    r"(?:what|who|whom|whose|which|when|where|why|how|is|are|was|were|does|did|do|has|have|had|can|could|should|would|will|am|may)\b"
    r"(?!\s*$)",
    r"(?:tell me|explain|describe|define|list|name|find|search|look up|compare|contrast|outline|summari[sz]e|show|give (?:me|an|the|a)|identify"
    r"|quote|cite|state|enumerate|analy[sz]e|discuss|details? (?:of|on)|overview of|information (?:on|about)|everything (?:on|about)|locate"
    r"|extract|highlight|i (?:want|need|would like) to know|i'd like to know|do you know|any idea)\b(?!\s*$)",
    r"(?:was|wer|wen|wem|wessen|wann|wo|woher|wohin|wie|warum|wieso|weshalb|welche[rnms]?|ist|sind|hat|haben|gibt|kann|muss|darf|worin|womit"
    r"|wofür|erkläre?|beschreibe?|nenne?|liste|finde?|suche?|vergleiche?|fasse?|zeige?|definiere?|sag mir|ich möchte wissen)\b(?!\s*$)",
    r"(?:qui|que|qu'|quoi|quand|où|pourquoi|comment|combien|quel(?:le)?s?|est-ce|y a-t-il|explique\w*|décri\w*|cite\w*|nomme\w*|liste\w*"
    r"|trouve\w*|compare\w*|résume\w*|montre\w*|défini\w*|dis-moi|dites-moi)\b(?!\s*$)",
    r".{1,300}[,;:] (?:and |but )?(?:how (?:much|many|did|does|do|is|are|was|were|has|have|can)|(?:what|which|who|when|where|why) (?:did|does"
    r"|do|is|are|was|were|has|have|had|can|will|would|factors?|impact|percentage|amount))\b",
    r"¿|(?:qué|quién(?:es)?|cuándo|dónde|por qué|cómo|cuánt[oa]s?|cuál(?:es)?|explica\w*|describe\w*|nombra\w*|enumera\w*|encuentra\w*|busca\w*"
    r"|compara\w*|resume\w*|muestra\w*|define\w*|dime)\b(?!\s*$)",
    r"(?:что|кто|кого|кому|ч[её]м|когда|где|куда|откуда|почему|зачем|как|как(?:ой|ая|ое|ие|их|ую|им)|сколько|чей|объясни|опиши|назови"
    r"|перечисли|найди|сравни|расскажи|покажи|определи|есть ли|скажи)\w*\b(?!\s*$)",
    r".*(?:什么|谁|哪[里儿个些年天种位]?|何时|何处|为什么|为何|怎么|怎样|如何|多[少大高长重远久快深厚宽]|几(?!乎|率|何)|何种|何人|何年|吗|呢|是否|有没有)|(?:解释|描述|列出|说明|介绍|比较|总结|概括|查找|找出|告诉我)",
    prefix=r"^",
)

# Words that keywords for a search do not have, remarks do.
REMARKS = frozenset(
    """i i'm i've i'd i'll me my mine myself we we're us our you you're you've your yours u ur it's that's let's gonna wanna please
    thanks hello hi hey sorry love hate like feel feeling think thought hope wish want need nice good great bad cool awesome funny
    happy sad tired bored hungry weather today tonight yesterday lol haha wow really very too just maybe not don't doesn't can't
    didn't isn't won't this that these those emoji joke ich mich mir mein meine du dich dir dein deine wir uns bin bist schön gut
    toll heute nicht müde je j'ai j'aime moi mon ma tu toi ton ta nous suis es bien pas aujourd'hui yo mi tú tu nosotros estoy
    eres hoy no muy bueno я мне меня мой моя ты тебя мы нас сегодня очень не хочу люблю 我 你""".split()
)
UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")
