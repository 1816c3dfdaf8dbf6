"""Words of which one thing at most is so: Monday or Tuesday, on or off, left or right, 三 or 五."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from chatbot_app.knowledge.search.words import stem

# Of each line one thing at most is so; what stands between bars is the same. Other opposites are looked for clause by clause.
_EXCLUSIVE = """
monday | tuesday | wednesday | thursday | friday | saturday | sunday
montag | dienstag | mittwoch | donnerstag | freitag | samstag sonnabend | sonntag
lundi | mardi | mercredi | jeudi | vendredi | samedi | dimanche
lunes | martes | miércoles | jueves | viernes | sábado | domingo
понедельник понедельникам | вторник вторникам | среду средам | четверг четвергам | пятницу пятницам | субботу субботам | воскресенье
more | less fewer
mehr | weniger
plus | moins
más | menos
больше более | меньше менее
geöffnet offen | geschlossen
ouvert ouverte ouverts ouvertes | fermé fermée fermés fermées
abierto abierta abiertos abiertas | cerrado cerrada cerrados cerradas
открыт открыта открыто открыты | закрыт закрыта закрыто закрыты
left | right
on | off
in | out
up | down
for | against
above | below
most | few
usually often mostly normally | rarely seldom hardly
until till | from since
only | also
together | separately
high tall | long | wide broad | deep | thick
brother | sister | aunt | uncle | cousin | nephew | niece | mother | father | son | daughter
person | room | night | hour | week | month | year
upstairs | downstairs
links linke linken linker | rechts rechte rechten rechter
an ein | aus ab
für | gegen
oben | unten
gauche | droite
pour | contre
haut | bas
izquierda izquierdo | derecha derecho
arriba | abajo
влево слева левый левой левую | вправо справа правый правой правую
вверх вверху | вниз внизу
за | против
до | после
rouge rouges | bleu bleue | vert verte | jaune | noir noire | blanc blanche | gris grise
rojo roja | azul | verde | amarillo amarilla | negro negra | blanco blanca | gris
красный красная красное красную | синий синяя синее синюю | зелёный зелёная зелёное зелёную | жёлтый жёлтая жёлтое жёлтую | чёрный чёрная чёрное чёрную | белый белая белое белую
红 紅 | 蓝 藍 | 绿 綠 | 黄 黃 | 黑 | 白
轻 輕 | 重
东 東 | 南 | 西 | 北
左 | 右
上 | 下
开 | 关
内 | 外
多 | 少
大 | 小
高 | 低
早 | 晚
前 | 后 後
一 | 二 两 兩 | 三 | 四 | 五 | 六 | 七 | 八 | 九 | 十 | 百 | 千 | 万 萬 | 亿 億
"""


@lru_cache(maxsize=1)
def exclusive_words() -> dict[str, tuple[int, int]]:
    """Return, for each word of which one thing at most is so, which line it stands in, and in which part of it."""
    lines = _EXCLUSIVE.strip().splitlines()
    parts = ((line, *part) for line, text in enumerate(lines) for part in enumerate(text.split("|")))
    return {stem(word): (line, part) for line, part, words in parts for word in words.split()}


def exclude(mine: Sequence[str], theirs: Sequence[str]) -> bool:
    """Whether a word of one text and the word in its place exclude each other: "Tuesday" and "Monday", 三 and 五."""
    if len(mine) != len(theirs):
        return False
    known = exclusive_words()
    pairs = [(known.get(one), known.get(other)) for one, other in zip(mine, theirs, strict=True)]
    return any(one and other and one[0] == other[0] and one != other for one, other in pairs)
