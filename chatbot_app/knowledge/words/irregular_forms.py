"""English words whose forms no ending tells: "lost" is of "lose", "children" of "child", "death" of "die"."""

from __future__ import annotations

# The form that the others are compared by comes first; nouns stand with their verb where only the vowel differs.
_FORMS = """
be was were been am is are; bear bore born borne birth; beat beaten; become became; begin began begun; bend bent;
bind bound; bite bit bitten; blow blew blown; break broke broken; breed bred; bring brought; build built;
burn burnt; buy bought; catch caught; choose chose chosen choice; come came; creep crept; deal dealt;
die died dies dying death deaths dead; dig dug; do did done does; draw drew drawn; drink drank drunk;
drive drove driven; eat ate eaten; fall fell fallen; feed fed; feel felt; fight fought; find found; flee fled;
fly flew flown flight; forbid forbade forbidden; forget forgot forgotten; forgive forgave forgiven;
freeze froze frozen; get got gotten; give gave given; go went gone goes; grow grew grown growth; hang hung;
have had has; hear heard; hide hid hidden; hold held; keep kept; know knew known knowledge; lay laid;
lead led; leave left; lend lent; light lit; lose lost loss losses; make made; mean meant;
meet met; mislead misled; overcome overcame; overthrow overthrew overthrown; pay paid; prove proven;
ride rode ridden; ring rang rung; rise rose risen; run ran; say said; see saw seen; seek sought;
sell sold sale sales; send sent; shake shook shaken; shine shone; shoot shot; show shown; shrink shrank shrunk;
sing sang sung song songs; sink sank sunk; sit sat; sleep slept; slide slid; speak spoke spoken speech;
spend spent; spin spun; spring sprang sprung; stand stood; steal stole stolen; stick stuck; strike struck;
swear swore sworn; swim swam swum; swing swung; take took taken; teach taught; tear tore torn; tell told;
think thought; throw threw thrown; undertake undertook undertaken; understand understood; wake woke woken;
wear wore worn; weave wove woven; win won; withdraw withdrew withdrawn; write wrote written;
marry married marriage marriages; child children; man men; woman women; person people; foot feet; tooth teeth;
mouse mice; goose geese; life lives; wife wives; half halves; leaf leaves; knife knives; wolf wolves
"""

BASE_OF = {
    form: base
    for base, *forms in (group.split() for group in _FORMS.replace("\n", " ").split(";"))
    for form in forms
}
