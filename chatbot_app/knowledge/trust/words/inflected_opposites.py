"""Words of German, French, Spanish and Russian that say the opposite of each other, in any form: parties, sides, trends, states.

English ones stand in `opposites.py`. From any dictionary of antonyms, the common ones of reports, contracts, manuals and news.
Comparatives and who won or lost are left out: with the two sides exchanged the opposite says the same.
"""

from __future__ import annotations

from functools import lru_cache

from chatbot_app.knowledge.trust.words.inflection import forms_or_stem

_LINES = {
    "de": """
auftraggeber | auftragnehmer
arbeitgeber | arbeitnehmer
vermieter | mieter
verkäufer | käufer
gläubiger | schuldner
absender | empfänger
gewinn überschuss | verlust fehlbetrag defizit
einnahme ertrag | ausgabe aufwand
zunahme anstieg wachstum steigerung erhöhung | abnahme rückgang senkung verringerung
zunehmen steigen wachsen zulegen | abnehmen sinken fallen schrumpfen zurückgehen
annehmen zustimmen genehmigen billigen | ablehnen verwerfen zurückweisen
einschalten | ausschalten abschalten
öffnen aufmachen eröffnen | schließen zumachen
warm heiß | kalt kühl
nass feucht | trocken
hart | weich
voll | leer
früh | spät
schnell rasch | langsam
hell | dunkel
kostenlos gratis kostenfrei unentgeltlich | kostenpflichtig gebührenpflichtig
erlaubt gestattet zulässig | verboten untersagt unzulässig
freiwillig | verpflichtend obligatorisch vorgeschrieben
öffentlich | privat
natürlich | künstlich
größte höchste | kleinste niedrigste
längste | kürzeste
älteste | jüngste
erste | zweite | dritte | vierte | letzte
anfang beginn | ende schluss
norden nördlich nordufer | süden südlich südufer
osten östlich ostufer | westen westlich westufer
oberlauf | unterlauf
innerhalb | außerhalb
männlich | weiblich
import einfuhr | export ausfuhr
ankunft | abfahrt abflug
frühling frühjahr | sommer | herbst | winter
januar | februar | märz | april | mai | juni | juli | august | september | oktober | november | dezember
unterschätzt | überschätzt
billig günstig preiswert | teuer kostspielig
""",
    "fr": """
bailleur propriétaire | locataire
vendeur | acheteur acquéreur
employeur | salarié employé
prêteur créancier | emprunteur débiteur
bénéfice gain | perte déficit
hausse augmentation croissance | baisse diminution recul
augmenter croître progresser | diminuer baisser reculer
accepter approuver adopter | refuser rejeter
ouvrir rouvrir | fermer
chaud tiède | froid
sec | humide mouillé
plein rempli | vide
gratuit | payant
autorisé permis | interdit défendu
obligatoire | facultatif
inclus compris | exclu
premier | deuxième second | troisième | dernier
début commencement | fin
nord | sud
importation | exportation
long | court
ancien vieux | nouveau neuf
public | privé
printemps | été | automne | hiver
janvier | février | mars | avril | mai | juin | juillet | août | septembre | octobre | novembre | décembre
moitié | tiers | quart
""",
    "es": """
arrendador propietario | arrendatario inquilino
vendedor | comprador
empleador | empleado
acreedor prestamista | deudor prestatario
beneficio ganancia | pérdida déficit
aumento subida crecimiento | descenso bajada disminución caída
aumentar subir crecer | disminuir bajar caer descender
aceptar aprobar | rechazar
abrir reabrir | cerrar
caliente tibio | frío
seco | húmedo mojado
lleno | vacío
gratuito gratis | pago
permitido autorizado | prohibido
obligatorio | voluntario opcional
incluido | excluido
primero | segundo | tercero | último
principio comienzo inicio | fin final
norte | sur
este oriente | oeste occidente
importación | exportación
largo | corto
antiguo viejo | nuevo
público | privado
primavera | verano | otoño | invierno
enero | febrero | marzo | abril | mayo | junio | julio | agosto | septiembre | octubre | noviembre | diciembre
mitad | tercio | cuarto
""",
    "ru": """
арендодатель | арендатор
продавец продавца | покупатель
работодатель | работник
заказчик | подрядчик исполнитель
кредитор | должник заёмщик
прибыль | убыток убытки
доход доходы | расход расходы
рост увеличение повышение | снижение уменьшение падение спад
вырос выросла выросло выросли увеличился увеличилась увеличилось увеличились повысился повысилась | снизился снизилась снизилось снизились уменьшился уменьшилась упал упала упали сократился сократилась сократились
принял приняла принят принята приняли одобрил одобрила одобрен | отклонил отклонила отклонён отклонена отверг отвергла
открыл открыла открыт открыта открылся открылась | закрыл закрыла закрыт закрыта закрылся закрылась
горячий горячая горячей тёплый тёплой | холодный холодная холодной
сухой сухая | влажный влажная мокрый
бесплатный бесплатно бесплатна | платный платно
разрешено разрешён разрешается можно | запрещено запрещён запрещается
обязательный обязательно | добровольный добровольно
первый первая первое | второй вторая второе | третий третья третье | последний последняя последнее
начало | конец
север северный северная | юг южный южная
восток восточный восточная | запад западный западная
импорт ввоз | экспорт вывоз
крупнейший крупнейшая наибольший | наименьший
новый новая новое | старый старая старое
весной весна | летом лето | осенью осень | зимой зима
январь января январе | февраль февраля феврале | март марта марте | апрель апреля апреле | май мая мае | июнь июня июне | июль июля июле | август августа августе | сентябрь сентября сентябре | октябрь октября октябре | ноябрь ноября ноябре | декабрь декабря декабре
верховье верховья верховьях | низовье низовья низовьях
половина половину | треть | четверть
""",
}


def are_opposite(one: str, other: str, language: str) -> bool:
    """Whether two lower-case words of a language say the opposite, or name two things of which one at most is so."""
    known = _sides(language)
    mine = {place for form in forms_or_stem(one, language) for place in known.get(form, ())}
    theirs = {place for form in forms_or_stem(other, language) for place in known.get(form, ())}
    lines = {line for line, _ in mine} & {line for line, _ in theirs}
    return bool(lines) and not mine & theirs


@lru_cache
def _sides(language: str) -> dict[str, frozenset[tuple[int, int]]]:
    """Return, for each form, the (line, side) in which it stands."""
    found: dict[str, set[tuple[int, int]]] = {}
    for number, line in enumerate(_LINES.get(language, "").strip().splitlines()):
        for side, words in enumerate(line.split("|")):
            for word in words.split():
                for form in forms_or_stem(word, language):
                    found.setdefault(form, set()).add((number, side))
    return {form: frozenset(places) for form, places in found.items()}
