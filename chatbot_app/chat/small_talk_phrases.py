"""What is said to a program rather than asked of documents, in six languages; matched without regard to case."""

from __future__ import annotations

import re


def compiled(*forms: str, prefix: str = "", suffix: str = "") -> re.Pattern[str]:
    """Return a pattern that matches one of the forms."""
    return re.compile(f"{prefix}(?:{'|'.join(forms)}){suffix}", re.IGNORECASE)


# --- greetings, thanks, assent, and what is said to the program itself: whole messages -----------------------

_PHRASE = (
    # English
    r"hi+|hello+|hey+|hiya|yo|howdy|greetings|good (?:morning|afternoon|evening|night|day)|welcome"
    r"|(?:many |no )?thanks?(?: you)?(?: a lot| so much| very much| again| a million| in advance)?|thx|ty|cheers"
    r"|much appreciated|appreciate it|ok(?:ay)?|o\.k|k|cool|great|nice|awesome|perfect|wonderful|excellent|brilliant|fine"
    r"|(?:that |this |it )?(?:sounds|looks|is|was|works|helps?|helped)(?: (?:very|really|so|all))?"
    r" (?:good|great|fine|perfect|nice|helpful|useful|ok|cool|a lot|all)"
    r"|(?:that|it)'s (?:all|good|great|fine|perfect|nice|right|it|cool|ok|helpful|very helpful|interesting|amazing)"
    r"|good (?:job|work|one|answer|bot)|well done|got it|i (?:see|understand|agree|know)|understood|makes sense|interesting"
    r"|sure|of course|yes|yeah|yep|yup|no|nope|nah|maybe|please|sorry|my bad|oops|excuse me|pardon"
    r"|(?:good)?bye(?: bye)?|see (?:you|ya)(?: later| soon| tomorrow)?|later|take care|have a (?:nice|good|great) (?:day|one"
    r"|evening|weekend)|lol|rofl|lmao|(?:ha|he)(?:ha|he)*h?|wow|hm+|uh+|um+|ah+|oh+|testing|test|ping|hello world"
    r"|never ?mind|forget it|stop|go on|continue|go ahead|next|more|really|why not|what|huh"
    r"|how (?:are|r) (?:you|u)(?: doing)?(?: today)?|how's it going|how do you do|how have you been|what's up|sup|what's new"
    r"|(?:nice|good|pleased) to (?:meet|see) you|who (?:are|made|created|built|trained) you|what are you"
    r"|(?:what's|what is|tell me) your name|what (?:can|do|could) you do(?: for me)?|what are you (?:able to do|capable of)"
    r"|(?:which|what) (?:ai |language )?model are you|can you help(?: me)?(?: out)?|i need (?:some |your )?help|help(?: me)?"
    r"|are you (?:there|still there|a (?:ro)?bot|human|a human|real|an? ai|chatgpt|ok|okay|sure|alive|sentient|awake|busy)"
    r"|i (?:love|like|hate) (?:you|it|this|that)|you(?:'re| are) (?:great|welcome|wrong|right|funny|the best|awesome|amazing|stupid"
    r"|so \w+|very \w+)|what(?:'s| is) the (?:time|date|weather)(?: like)?(?: now| today)?|what time is it(?: now)?"
    r"|what day is (?:it|today)(?: today)?|tell me about yourself|introduce yourself|do you (?:speak|understand|know) \w+"
    r"|how old are you|where are you(?: from)?"
    # German
    r"|hallo+|moin(?: moin)?|servus|grüezi|gr(?:ü|ue)(?:ß|ss) (?:gott|dich|euch)|gute[nr]? (?:morgen|tag|abend|nacht)"
    r"|danke(?: schön| sehr| dir| ihnen| vielmals)*|dankeschön|(?:vielen|besten|herzlichen|tausend) dank|bitte(?: schön| sehr)?"
    r"|tsch(?:ü|ue)ss|tschau|ciao|auf wiedersehen|bis (?:bald|später|dann|morgen)|super|toll|prima|klasse|alles klar"
    r"|verstanden|verstehe|ja|nein|genau|richtig|stimmt|gut(?: gemacht)?|sehr gut|na gut|schön|wie geht(?:'s|s| es)(?: (?:dir|ihnen"
    r"|euch|so))*(?: heute)?|wer (?:bist du|sind sie)|was bist du|was (?:kannst du|können sie)(?: alles)?(?: tun| machen)?"
    r"|wie hei(?:ß|ss)(?:t du|en sie)|(?:kannst du|können sie) mir helfen|hilfe|bist du (?:da|ein mensch|ein roboter|echt)"
    r"|wie spät ist es|wie ist das wetter(?: heute)?|entschuldigung|weiter|schönen tag(?: noch)?"
    # French
    r"|bonjour|bonsoir|salut|coucou|bonne (?:nuit|journée|soirée)|merci(?: beaucoup| bien| à (?:toi|vous)| infiniment)*"
    r"|mille mercis|au revoir|à (?:bientôt|plus|plus tard|demain|tout à l'heure)|d'accord|parfait|génial|oui|non|très bien"
    r"|bien|(?:comment )?ça va(?: bien)?|comment (?:vas-tu|allez-vous|tu vas|vous allez)|qui (?:es-tu|êtes-vous|est-tu)"
    r"|tu es qui|que (?:peux-tu|pouvez-vous|sais-tu) faire|(?:qu'est-ce que|que) tu (?:peux|sais) faire"
    r"|comment (?:tu t'appelles|t'appelles-tu|vous appelez-vous)|s'il (?:te|vous) pla[iî]t|de rien|pardon|désolée?"
    r"|(?:peux-tu|pouvez-vous) m'aider|aide(?:z)?-moi|à l'aide|quelle heure est-il|je comprends|continue"
    # Spanish
    r"|¡?hola|¡?buenos días|¡?buen[oa]s? (?:tardes|noches|día)|¡?(?:muchas |mil )?gracias(?: por todo| por tu ayuda)?|adiós"
    r"|hasta (?:luego|pronto|mañana|la vista)|vale|perfecto|genial|estupendo|sí|claro|entendido|muy bien|bien|por favor|de nada"
    r"|¿?(?:qué|que) tal(?: estás)?|¿?cómo (?:estás|está|están|te va|te llamas|se llama)(?: hoy)?|¿?quién eres|¿?qué eres"
    r"|¿?qué (?:puedes|sabes) hacer|¿?(?:puedes|me puedes) ayudar(?:me)?|ayuda|ayúdame|lo siento|perdón|¿?qué hora es"
    # Russian
    r"|привет(?:ик)?|здравствуй(?:те)?|добр(?:ый|ое|ой|ого) (?:день|утро|вечер|ночи|дня)|спокойной ночи"
    r"|(?:большое )?спасибо(?: большое| огромное| тебе| вам)*|благодарю(?: вас| тебя)?|пока(?: пока)?|до (?:свидания|встречи"
    r"|завтра)|хорошо|отлично|супер|ладно|понятно|понял[аи]?|ясно|ок(?:ей)?|да|нет|конечно|не за что|извини(?:те)?|прости(?:те)?"
    r"|как (?:дела|ты|вы|поживаешь|жизнь|тебя зовут|вас зовут)(?: сегодня)?|кто (?:ты|вы)(?: так(?:ой|ая|ие))?"
    r"|что (?:ты|вы) (?:умеешь|умеете|можешь|можете)(?: делать)?|помоги(?:те)?(?: мне)?|пожалуйста|молодец|который час"
    # Chinese
    r"|你好[啊呀吗]?|您好|哈喽|嗨{1,3}|喂|大家好|早(?:上好|安)?|上午好|中午好|下午好|晚上好|晚安|(?:非常|十分|太)?(?:谢谢|感谢)(?:你|您|了|啦|你的帮助"
    r"|您的帮助)*|多谢|辛苦了|再见|拜拜|回头见|明天见|好{1,3}[的了吧啊]?|行|可以|明白了?|知道了?|懂了|了解|是的?|对的?|不是?|没有|没事|嗯{1,3}|哈{1,4}|呵{1,3}"
    r"|你(?:是谁|叫什么(?:名字)?|是什么(?:模型)?|能做什么|会(?:做)?什么|可以做什么|在吗|还好吗|好吗|最近怎么样)|在吗|最近怎么样|请|麻烦了|对不起"
    r"|不好意思|没关系|(?:你)?(?:可以|能)帮(?:我|帮我|助我)吗|帮帮我|现在几点了?|今天(?:几号|星期几|天气怎么样)|真棒|太好了|厉害|继续|加油"
)
_FILLER = (
    r"there|everyone|all|again|buddy|friend|my friend|dear|bro|man|mate|sir|bot|robot|assistant|chatbot|chat ?gpt|ai|so much"
    r"|for (?:your|the|that|this|all)(?: \w+)?|to you|too|then|now|and|but|also|today|very much|a lot|zusammen|leute|nochmal"
    r"|auch|dir|euch|ihnen|für (?:die|deine|ihre) \w+|tout le monde|à tous|pour (?:ton|votre) aide|amigo|a todos|por (?:la|tu|su) \w+"
    r"|всем|друг|за помощь|和|也"
)
PHRASES = compiled(
    rf"(?:{_PHRASE})(?:[\s,.!?;:…()\-—–~、，。！？]+(?:{_PHRASE}|{_FILLER})|(?<=[\u4e00-\u9fff])(?:{_PHRASE})){{0,5}}"
    r"[\s\W_]*",
    prefix=r"[\s\W_]*",
)

# What may stand before the message proper.
OPENING = compiled(
    r"(?:hi|hello|hey|hallo|guten (?:tag|morgen|abend)|bonjour|salut|¡?hola|привет|здравствуйте|добрый день|ok(?:ay)?|thanks"
    r"|thank you|danke|merci|gracias|спасибо|great|so|well|and|now|yes|no)\b(?: there)?[\s,.!;:—-]+",
    r"(?:你好|您好|谢谢|好的)[，,。.!！\s]*",
    prefix=r"^",
)
POLITE = compiled(
    r"(?:please|pls|kindly|now|just|then|also|maybe|perhaps|quickly|"
    r"(?:can|could|would|will) you(?: please| maybe| kindly| also)?(?: help me(?: to)?)?|help me(?: to)?|let's|let us"
    r"|i(?:'d| would) like you to|i (?:want|need) you to|i(?:'d| would) like to|i (?:want|need) to|do you (?:know|think)"
    r"|(?:can|may|could) (?:i|we) (?:have|get|ask)|give me|show me|get me|i (?:want|need|would like)|i'd like"
    r"|bitte|mal|(?:kannst|könntest|würdest) du(?: mir| bitte| mal| uns)*|(?:können|könnten|würden) sie(?: mir| bitte| uns)*"
    r"|hilf mir(?: dabei)?(?:,| zu)?|ich (?:möchte|will)(?:,)? dass du|gib mir|zeig mir"
    r"|(?:peux|pourrais)-tu(?: me| m'| nous)?|(?:pouvez|pourriez)-vous(?: me| m'| nous)?|tu (?:peux|pourrais)(?: me)?"
    r"|s'il (?:te|vous) plaît,?|aide(?:z)?-moi à|je (?:veux|voudrais|souhaite) (?:que tu|un|une)|donne(?:z)?-moi"
    r"|¿?(?:me )?(?:puedes|podrías|puede|podría)(?: por favor)?|por favor,?|ayúdame a|quiero(?: que(?: me)?)?|necesito(?: que)?|dame"
    r"|пожалуйста,?|(?:можешь|можете|мог(?:ла|ли)? бы(?: ты| вы)?|не мог(?:ла|ли)? бы(?: ты| вы)?)(?: мне)?(?: пожалуйста)?"
    r"|помоги(?:те)?(?: мне)?|дай(?:те)?(?: мне)?|хочу,? чтобы ты|я хочу,? чтобы ты)[\s,]+",
    r"(?:请你?|麻烦你?|帮忙|帮我|你?能不能|你?可不可以|你?可以|你?能|我想让?你?|我要|给我)+\s*",
    prefix=r"^",
    suffix=r"",
)
POLITE = re.compile(f"^(?:{POLITE.pattern[1:]})+", re.IGNORECASE)  # several, one behind the other

# --- about the conversation itself -----------------------------------------------------------------------------

_ANSWER = r"(?:question|answer|message|reply|response|sentence|word|point|prompt|request|explanation|text)s?"
CONVERSATION = compiled(
    # English
    r"\bwhat (?:did|have|had|was|were|do|is it that) (?:i|we|you) (?:\w+ )?(?:just |earlier |previously |last |first )*"
    r"(?:ask|say|said|tell|told|talk|write|wrote|discuss|mean|meant|mention|answer|call)",
    r"\bwhat (?:were|are|have) we (?:been )?(?:talking|discussing|chatting)",
    r"\bwhat was (?:my|your|our) (?:\w+ )?" + _ANSWER,
    rf"\b(?:my|your|our) (?:very )?(?:last|latest|previous|prior|first|second|earlier|above|initial|original) {_ANSWER}",
    r"\bthe (?:last|previous|prior|above) (?:question|answer|message|reply|response)s?\b",
    r"\b(?:this|our) (?:whole |entire )?(?:conversation|chat|discussion|dialogue|exchange)\b",
    r"\b(?:summari[sz]e|recap|sum up|export|repeat) (?:the|everything|all)(?: whole| entire)? (?:conversation|chat|discussion"
    r"|we (?:said|discussed|talked)|of (?:this|that|it))",
    r"\bwhat have i (?:asked|said|told|written)|\bhow many (?:questions|messages) (?:have|did) (?:i|we)\b",
    r"\byou (?:just |previously |earlier )?(?:said|told|wrote|mentioned|answered|claimed)\b",
    r"\bi (?:just |already |previously )?(?:said|meant|asked|told you)\b|\bdo you remember\b|\bremember (?:that |when )?(?:i|we|my)\b",
    r"\bwhy did you (?:say|answer|write|use|not|think|choose|tell)\b|\bwhat do you mean\b|\bare you sure\b|\bis that (?:true|right"
    r"|correct)\s*\??$",
    # German
    r"\bwas (?:habe? ich|hab ich|haben wir|hast du|haben sie)(?: \w+){0,3} (?:gefragt|gesagt|geschrieben|besprochen|gemeint"
    r"|geantwortet)",
    r"\b(?:worüber|wovon) (?:haben wir|sprachen wir|reden wir)",
    r"\b(?:meine|deine|unsere|ihre)[nrm]? (?:letzte|vorige|vorherige|erste|obige)\w* (?:frage|antwort|nachricht|satz)",
    r"\b(?:unser|dieses|dieser|diesen|unsere[nms]?|das) (?:ganze )?(?:gespräch|chat|unterhaltung|konversation)(?:s|es)?\b",
    r"\b(?:bist du|sind sie)(?: dir| sich)? sicher\b|\bwas meinst du\b|\b(?:erinnerst|weißt) du (?:dich|noch)\b",
    # French
    r"\bqu'(?:ai-je|est-ce que (?:j'ai|je|tu as|on a|nous avons))(?: \w+){0,3} (?:demandé|dit|écrit|discuté|parlé|viens de)",
    r"\bde quoi (?:avons-nous|a-t-on|on a) (?:parlé|discuté)",
    r"\b(?:ma|ta|votre|notre|mes|tes|vos) (?:dernière|première|précédente)s? (?:question|réponse|phrase)s?",
    r"\b(?:ma|ta|votre|la) (?:question|réponse) précédente|\b(?:notre|cette) (?:conversation|discussion|échange)\b",
    r"\b(?:es-tu|tu es|êtes-vous|vous êtes) s[ûu]re?\b",
    # Spanish
    r"\bqué (?:te |le )?(?:pregunté|dije|escribí|acabo de|he (?:preguntado|dicho)|hemos (?:hablado|dicho)|dijiste|has dicho)",
    r"\bde qué (?:hemos hablado|hablamos|estábamos hablando)",
    r"\b(?:mi|tu|su|nuestra) (?:última|primera|anterior) (?:pregunta|respuesta|frase)|\b(?:pregunta|respuesta) anterior\b",
    r"\b(?:nuestra|esta) (?:conversación|charla|discusión)\b|\bestás segur[oa]\b",
    # Russian
    r"\b(?:что|о ч[её]м) (?:я|ты|мы|вы) (?:\w+ ){0,2}(?:спросил|спрашивал|сказал|говорил|написал|писал|обсуждал|имел)",
    r"\b(?:мо[йяеёию]\w*|тво[йяеёию]\w*|наш\w*|ваш\w*) (?:последн|предыдущ|перв|прошл)\w+ (?:вопрос|ответ|сообщени|фраз)",
    r"\b(?:наш|наш(?:у|ей|его)|эт(?:от|у|ой)) (?:разговор|бесед|диалог|переписк|чат)\w*|\bты уверен|\bвы уверены",
    # Chinese
    r"[我你](?:刚才|刚刚|之前|上面|最后|前面)*(?:问|说|写|讲|提)(?:了|过|到|的)*(?:什么|啥|是什么|哪些)",
    r"我们(?:刚才|刚刚|之前|都)*(?:聊|说|谈|讨论)(?:了|过|的)*(?:什么|啥|哪些|是什么)",
    r"(?:我们|这次|这段|上面|刚才|以上|本次)的?(?:对话|聊天|谈话|讨论|内容|会话)|(?:我|你)?的?上一?个?(?:问题|回答|答案)|你确定吗|你是什么意思",
)

_THAT = r"(?:that|this|it|these|those|them|the (?:answer|above|same)|(?:your|the|my) (?:last |previous |above )?\w+|everything|what you (?:just )?said)"
_HOW = (
    r"(?: (?:again|please|once more|more (?:simply|clearly|briefly)|in .*|into .*|to .*|as .*|for .*|further|better|differently|shorter"
    r"|longer|simply|briefly|so .*|like .*|a bit.*|more.*|down|out|up))*"
)
CONVERSATION_AS_WHOLE = compiled(
    rf"(?:please |can you |could you |would you )*(?:repeat|rephrase|reword|shorten|explain|say|translate|summari[sz]e|expand"
    rf"|elaborate|rewrite|simplify|clarify|continue|paraphrase|condense|list|put|write|read|check|correct|redo|improve|turn|convert)"
    rf"(?: on| about)? (?:that|this|it|these|those|them|the (?:answer|above|same)|(?:your|the) (?:last |previous |above )?(?:answer"
    rf"|reply|response|message|explanation|summary|list)|everything|what you (?:just )?said){_HOW}",
    r"(?:please |can you |could you )*(?:make|keep) (?:it|that|this|them|(?:your|the) (?:answer|reply|response|text))\b.*",
    r"(?:please )?(?:(?:a (?:bit|little) |much |even )?(?:shorter|longer|simpler|clearer|funnier)|more (?:detail(?:s|ed)?|formal|formally"
    r"|informal|examples?|info(?:rmation)?|simple|simply|please|briefly)|again|once more|one more(?: time)?|try again|another one"
    r"|(?:an)?other (?:example|answer|way|words)|elaborate|rephrase|repeat|explain|explain further|summari[sz]e|tl;?dr"
    r"|in (?:english|german|french|spanish|russian|chinese|simple(?:r)? words|simple terms|plain english|other words|short|brief"
    r"|one (?:sentence|word|line)|(?:a )?bullet points|more detail)|as (?:a )?(?:list|table|bullet points|bullets))(?: please| then)?",
    r"(?:that|this|it)(?:'s| is| was) (?:wrong|not (?:right|correct|true|what i .*)|incorrect|false|too (?:long|short|hard|complicated).*)",
    r"you(?:'re| are) (?:wrong|right|not right|mistaken)|wrong|i (?:do not|don't) (?:understand|get it|agree|know|think so)",
    # German
    r"(?:bitte |kannst du |könntest du )*(?:wiederhol\w*|erklär\w*|sag\w*|formulier\w*|fass\w*|kürz\w*|übersetz\w*|vereinfach\w*|mach\w*"
    r"|schreib\w*)(?: (?:mir|bitte|mal))* (?:(?:das|es|dies)(?: (?:bitte|mal|noch ?mals?|noch einmal|nochmal|kurz|kürzer|länger|einfacher|anders"
    r"|genauer|besser|ausführlicher|zusammen|um|neu|auf .*|in .*|ins .*|als .*|mit .*|für .*))*|(?:deine (?:letzte )?antwort|die antwort|alles)\b.*)",
    r"(?:bitte )?(?:(?:etwas |viel |noch )?(?:kürzer|länger|einfacher|genauer|ausführlicher)|noch ?mals?|noch einmal|nochmal|mehr (?:details"
    r"|beispiele)|auf (?:deutsch|englisch)|in (?:einfachen|anderen) worten|in einem satz|als (?:liste|tabelle))(?: bitte)?",
    r"(?:das|es) (?:ist|stimmt|war) (?:falsch|nicht(?: richtig)?|zu (?:lang|kurz).*)",
    # French
    r"(?:peux-tu |pouvez-vous |s'il (?:te|vous) plaît,? )*(?:répèt\w*|répét\w*|reformul\w*|expliqu\w*|résum\w*|tradui\w*|simplifi\w*"
    r"|raccourci\w*|développ\w*|continu\w*)(?:-(?:moi|le|la|nous))*(?: (?:ça|cela|ta réponse|votre réponse|tout ça)\b.*| s'il (?:te|vous) pla[iî]t)?",
    r"(?:un peu |beaucoup |encore )?(?:plus (?:court|long|simple|clair|détaillé|de détails)|encore une fois|autrement|en (?:français"
    r"|anglais|bref|une phrase|d'autres termes))(?: s'il (?:te|vous) plaît)?|c'est (?:faux|trop long|pas ça)",
    # Spanish
    r"(?:¿?puedes |por favor,? )*(?:repít?e\w*|repite\w*|reformul\w*|explíca\w*|explica\w*|resúme\w*|resume\w*|tradúce\w*|traduce\w*"
    r"|simplifica\w*|acorta\w*)(?: (?:eso|esto|lo|la respuesta|tu respuesta|todo)\b.*)?",
    r"(?:un poco |mucho )?(?:más (?:corto|largo|simple|sencillo|claro|detalles?|detallado)|otra vez|de nuevo|en (?:español|inglés|una frase"
    r"|otras palabras))(?: por favor)?",
    # Russian
    r"(?:пожалуйста,? |можешь |можете )*(?:повтори|перефразируй|объясни|сократи|скажи|переведи|упрости|перескажи|продолжи|поясни)(?:те|ть)?"
    r"(?: (?:это|ещ[её] раз|сво[йе]\w* ответ\w*|ответ|проще|короче|подробнее|по-другому))+.*",
    r"(?:немного |ещ[её] )?(?:короче|длиннее|проще|подробнее|понятнее|ещ[её] раз|по-другому|другими словами|по-русски|на русском"
    r"|в одном предложении)(?: пожалуйста)?|это (?:неверно|неправильно|не так)",
    # Chinese
    r"(?:请|能|可以|你)*(?:再说|再讲|重复|再解释|再回答|重新回答|重说)(?:一遍|一次|一下)?.*|(?:请)?(?:换(?:一)?[个种]说法|说(?:得)?(?:简单|详细|短|清楚)(?:一)?[点些]"
    r"|(?:更)?(?:简短|详细|简单|具体|短|长|清楚)(?:一)?[点些]|用(?:中文|英文|一句话)(?:说|回答|总结)?.{0,4}|不对|错了|解释一下|总结一下)",
)
