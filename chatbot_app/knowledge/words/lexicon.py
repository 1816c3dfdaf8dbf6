"""The words for magnitudes, shares, units and months, in the languages whose documents are checked by value:
English, German, French, Spanish, Russian; magnitudes and dates of Chinese and Japanese.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: `value * factor + offset` is the same amount in the base unit of its `dimension`."""

    dimension: str
    factor: float = 1.0
    offset: float = 0.0


def _spread(table: dict[str, float]) -> dict[str, float]:
    return {word: value for words, value in table.items() for word in words.split()}


MAGNITUDES = _spread(
    {
        "thousand thousands tausend tsd tys mille milliers mil тыс тысяч тысячи тысяча 千": 1e3,
        "万 萬": 1e4,
        "千万 千萬": 1e7,
        "mn mln mm million millions millionen mio millón millones млн миллион миллиона миллионов 百万": 1e6,
        "lakh lakhs": 1e5,
        "crore crores": 1e7,
        "亿 億": 1e8,
        "十亿 十億": 1e9,
        "bn bln mld billion billions milliarde milliarden mrd milliard milliards млрд миллиард миллиарда миллиардов": 1e9,
        "tn trn trillion trillions billionen": 1e12,
        "hundred": 1e2,
        "dozen dozens dutzend": 12.0,
    }
)


# Shares, in percent; "quarter" alone is more often one of the year.
FRACTIONS = {
    "half of": 50.0, "a third of": 100 / 3, "one third": 100 / 3, "two thirds": 200 / 3, "a quarter of": 25.0,
    "one quarter of": 25.0, "three quarters of": 75.0, "a fifth of": 20.0, "one fifth": 20.0, "two fifths": 40.0,
    "by half": 50.0, "by a third": 100 / 3, "by a quarter": 25.0, "three fifths": 60.0, "four fifths": 80.0, "a tenth of": 10.0, "one tenth": 10.0,
    "die hälfte": 50.0, "ein drittel": 100 / 3, "zwei drittel": 200 / 3, "ein viertel": 25.0, "drei viertel": 75.0,
    "la moitié": 50.0, "un tiers": 100 / 3, "deux tiers": 200 / 3, "un quart": 25.0, "trois quarts": 75.0,
    "la mitad": 50.0, "un tercio": 100 / 3, "dos tercios": 200 / 3, "una cuarta parte": 25.0,
    "половина": 50.0, "половину": 50.0,
}  # fmt: skip


VULGAR_FRACTIONS = frozenset("½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞")


# Written as codes, before the amount or behind it; those that have signs or names stand in `_units`.
OTHER_CURRENCIES = tuple("NOK SEK DKK PLN CZK HUF CAD AUD NZD SGD HKD MXN BRL ZAR TRY ILS THB".split())


def _units() -> dict[str, Unit]:
    table: dict[str, Unit] = {}

    def add(words: str, dimension: str, factor: float = 1.0, offset: float = 0.0) -> None:
        table.update(dict.fromkeys(words.split(), Unit(dimension, factor, offset)))

    add("% percent prozent процент процента процентов pct", "%")
    add("‰ promille", "%", 0.1)
    add("$ US$ USD usd dollar dollars доллар доллара долларов 美元", "USD")
    add("€ EUR eur euro euros евро 欧元", "EUR")
    add("£ GBP gbp 英镑", "GBP")
    add("¥ JPY jpy yen 円 日元", "JPY")
    add("CNY RMB cny rmb yuan 元 人民币", "CNY")
    add("₽ RUB rub rubel roubles rubles рубль рубля рублей руб", "RUB")
    add("CHF chf francs franken", "CHF")
    add("₹ INR inr rupees", "INR")
    add("₩", "KRW")
    for code in (*OTHER_CURRENCIES, "KRW"):
        add(f"{code} {code.casefold()}", code)
    for sign in ("€", "EUR", "$", "USD", "£", "GBP", "CHF"):
        for prefix, factor in (("k", 1e3), ("K", 1e3), ("T", 1e3), ("M", 1e6), ("Md", 1e9)):
            add(f"{prefix}{sign}", table[sign].dimension, factor)
    add("nm nanometre nanometres nanometer nanometers", "length", 1e-9)
    add("µm μm micrometre micrometres micrometer micrometers microns", "length", 1e-6)
    add("µl μl microlitre microlitres", "volume", 1e-6)
    add("ml millilitre millilitres milliliter milliliters", "volume", 0.001)
    add("cl", "volume", 0.01)
    add("dl", "volume", 0.1)
    add("hl hectolitre hectolitres hectoliter hektoliter hektolitern hectolitros гл", "volume", 100.0)
    add("cm3 kubikzentimeter", "volume", 0.001)
    add("km3 kubikkilometer", "volume", 1e12)
    add("l litre litres liter liters litern litros литров литра 升", "volume")
    add("m3 kubikmeter kubikmetern", "volume", 1000.0)
    add("gallon gallons", "volume", 3.785411784)
    add("pint pints", "volume", 0.473176473)
    add("bbl barrel barrels barril barriles baril barils баррелей баррель", "volume", 158.987294928)
    add("Wh", "energy")
    add("kWh kwh kilowattstunden", "energy", 1e3)
    add("MWh megawattstunden", "energy", 1e6)
    add("GWh gigawattstunden", "energy", 1e9)
    add("TWh terawattstunden", "energy", 1e12)
    add("J joule joules", "heat")
    for prefix, factor in (("k", 1e3), ("M", 1e6), ("G", 1e9), ("T", 1e12), ("P", 1e15), ("E", 1e18)):
        add(f"{prefix}J", "heat", factor)
    add("kcal", "heat", 4184.0)
    add("bar", "pressure", 1e5)
    add("Pa", "pressure")
    add("hPa mbar", "pressure", 100.0)
    add("kPa", "pressure", 1e3)
    add("MPa", "pressure", 1e6)
    add("V volt volts", "voltage")
    add("mV", "voltage", 1e-3)
    add("kV", "voltage", 1e3)
    add("mA", "current", 1e-3)
    add("kA", "current", 1e3)
    add("kN", "force", 1e3)
    add("oz ounce ounces", "mass", 0.028349523)
    add("ms millisecond milliseconds", "time", 0.001)
    add("mm millimetre millimetres millimeter millimeters мм 毫米 ミリ", "length", 0.001)
    add(
        "cm centimetre centimetres centimeter centimeters zentimeter centímetros см 厘米 公分 センチ",
        "length",
        0.01,
    )
    add("m metre metres meter meters mètre mètres metros метров метра м 米 公尺 メートル", "length")
    add(
        "km kilometre kilometres kilometer kilometers kilomètres kilómetros километров км 公里 千米 キロメートル",
        "length",
        1000.0,
    )
    add("mile miles mi meilen", "length", 1609.344)
    add("ft foot feet", "length", 0.3048)
    add("inch inches", "length", 0.0254)
    add("yards", "length", 0.9144)
    add("µg μg mcg microgram micrograms mikrogramm", "mass", 1e-9)
    add("mg milligrams milligram milligramm мг", "mass", 1e-6)
    add("g gram grams gramm 克 グラム", "mass", 0.001)
    add("kg kilogram kilograms kilogramm кг 公斤 千克 キログラム", "mass")
    add("t tonne tonnes tonnen toneladas тонн тонны 吨 噸 トン", "mass", 1000.0)
    add("kt kilotonne kilotonnes kilotonnen кт", "mass", 1e6)
    add("Mt megatonne megatonnes megatonnen", "mass", 1e9)
    add("Gt gigatonne gigatonnes gigatonnen", "mass", 1e12)
    add("lb lbs", "mass", 0.45359237)
    add("km2 kilometers2 kilometres2 平方公里 平方千米 quadratkilometer quadratkilometern", "area", 1e6)
    add("m2 sqm qm quadratmeter quadratmetern 平方米", "area")
    add("cm2 quadratzentimeter", "area", 1e-4)
    add("mm2 quadratmillimeter", "area", 1e-6)
    add("ha hectares hectare hektar hectáreas hectárea га 公顷", "area", 1e4)
    add("sqft", "area", 0.09290304)
    add("sqkm qkm", "area", 1e6)
    add("acres acre", "area", 4046.8564224)
    add("°C celsius", "temperature", 1.0, 273.15)
    add("°F fahrenheit", "temperature", 5 / 9, 459.67 * 5 / 9)
    add("second seconds sekunden секунд sec 秒", "time")
    add("minute minutes minuten минут min 分钟 分鐘", "time", 60.0)
    add("h hour hours std stunde stunden heures horas часов час hr hrs 小时 小時 時間", "time", 3600.0)
    add("day days tage tagen jours días дней 天 日間", "time", 86_400.0)
    add("week weeks wochen semaines semanas недель 周 星期 週間", "time", 604_800.0)
    add("month months monate monaten mois meses месяцев 个月 個月 か月 ヶ月", "calendar")
    add("year years jahre jahren jahr ans años лет года год 年間 年", "calendar", 12.0)
    add("KB kb", "bytes", 1e3)
    add("MB", "bytes", 1e6)
    add("GB", "bytes", 1e9)
    add("TB", "bytes", 1e12)
    add("PB", "bytes", 1e15)
    add("KiB", "bytes", 1024.0)
    add("MiB", "bytes", 1024.0**2)
    add("GiB", "bytes", 1024.0**3)
    add("TiB", "bytes", 1024.0**4)
    add("Hz hz", "frequency")
    add("kHz", "frequency", 1e3)
    add("MHz", "frequency", 1e6)
    add("GHz", "frequency", 1e9)
    add("mW", "power", 1e-3)
    add("W watt watts вт", "power")
    add("kW kilowatt kilowatts квт 千瓦", "power", 1e3)
    add("MW megawatt megawatts мвт 兆瓦", "power", 1e6)
    add("GW gigawatt gigawatts гвт", "power", 1e9)
    add("TW terawatt terawatts", "power", 1e12)
    # What a plant can deliver at most.
    for prefix, factor in (("k", 1e3), ("M", 1e6), ("G", 1e9)):
        add(f"{prefix}Wp", "power", factor)
    return table


UNITS = _units()

# Names of months in the order of the year, in full and short, as calendars and cells of sheets write them.
MONTH_NAMES = {
    "en": (
        "January February March April May June July August September October November December".split(),
        "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(),
    ),
    "de": (
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(),
        "Jan Feb Mrz Apr Mai Jun Jul Aug Sep Okt Nov Dez".split(),
    ),
    "fr": (
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
        "janv févr mars avr mai juin juil août sept oct nov déc".split(),
    ),
    "es": (
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(),
        "ene feb mar abr may jun jul ago sep oct nov dic".split(),
    ),
}
# What months are read by besides their full names above: short forms that are no other words, other spellings, and
# Russian, Swedish, Danish, Dutch, Italian, Portuguese and Polish ones.
_OTHER_MONTH_NAMES = (
    "jan jän jänner janv ene янв января январь январе januari gennaio janeiro stycznia styczeń styczniu",
    "feb febr févr fév фев февр февраля февраль феврале februari febbraio fevereiro lutego luty lutym",
    "mar mrz мар марта март марте maart marts março marzec marca marcu",
    "apr avr abr апр апреля апрель апреле aprile kwietnia kwiecień kwietniu",
    "мая май мае maj mei maggio maio maja maju",
    "jun июн июня июнь июне giugno junho czerwca czerwiec czerwcu",
    "jul juil июл июля июль июле luglio julho lipca lipiec lipcu",
    "aug авг августа август августе augusti augustus sierpnia sierpień sierpniu",
    "sept sep сен сент сентября сентябрь сентябре settembre setembro września wrzesień wrześniu",
    "oct okt окт октября октябрь октябре ottobre outubro października październik październiku",
    "nov ноя нояб ноября ноябрь ноябре novembro listopada listopad listopadzie",
    "dec dez déc dic дек декабря декабрь декабре dicembre dezembro grudnia grudzień grudniu",
)
MONTHS = {
    name.casefold(): number
    for number, (others, *full) in enumerate(
        zip(_OTHER_MONTH_NAMES, *(in_full for in_full, _ in MONTH_NAMES.values()), strict=True), 1
    )
    for name in (*full, *others.split())
}
