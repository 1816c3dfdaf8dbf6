"""Countries, peoples and their languages under one roof: China is said by “Chinese”, the Netherlands by “Dutch”.

What begins alike (“America”, “American”) is met by its letters (see `names.is_said_by`) and stands here only where it does not.
"""

from __future__ import annotations

_GROUPS = (
    "china chinese", "france french frenchman", "spain spanish spaniard", "netherlands dutch holland", "germany german germans",
    "england english englishman", "britain british uk briton britons kingdom", "wales welsh welshman",
    "scotland scottish scots scot scotsman", "ireland irish irishman", "denmark danish dane danes",
    "sweden swedish swede swedes", "switzerland swiss", "poland polish pole poles", "finland finnish finn finns",
    "norway norwegian norwegians", "iceland icelandic icelander", "turkey turkish turk turks turkiye", "greece greek greeks",
    "portugal portuguese", "thailand thai thais", "philippines filipino filipinos philippine", "peru peruvian",
    "cyprus cypriot cypriots", "iraq iraqi iraqis", "iran iranian iranians persia persian", "israel israeli israelis",
    "yemen yemeni", "oman omani", "kuwait kuwaiti", "qatar qatari", "nepal nepali nepalese", "japan japanese",
    "congo congolese", "malta maltese", "lebanon lebanese", "vietnam vietnamese", "burma burmese myanmar",
    "taiwan taiwanese", "sudan sudanese", "senegal senegalese", "cuba cuban cubans",
    "chile chilean", "brazil brazilian", "mexico mexican", "canada canadian canadians", "egypt egyptian egyptians",
    "kenya kenyan", "libya libyan", "syria syrian", "serbia serb serbian serbs", "croatia croat croatian croats",
    "slovakia slovak slovaks", "czechia czech czechs bohemia bohemian", "hungary hungarian magyar", "ukraine ukrainian",
    "russia russian russians", "belgium belgian belgians", "italy italian italians", "austria austrian",
    "usa america american americans", "eu european europe", "ussr soviet soviets", "afghanistan afghan afghans",
    "pakistan pakistani", "bangladesh bangladeshi", "argentina argentine argentinian", "madagascar malagasy",
    "monaco monegasque", "rome roman romans", "athens athenian", "venice venetian", "naples neapolitan", "vienna viennese",
    "paris parisian", "london londoner", "moscow muscovite", "manchester mancunian", "liverpool liverpudlian",
    "normandy norman normans", "flanders flemish", "brittany breton", "saxony saxon saxons", "bavaria bavarian",
    "catalonia catalan", "israel hebrew", "mongolia mongol mongols mongolian", "tibet tibetan", "deutschland deutsch deutsche",
    "frankreich französisch", "china chinesisch", "spanien spanisch", "polen polnisch", "england englisch",
)  # fmt: skip


def _same() -> dict[str, frozenset[str]]:
    table: dict[str, frozenset[str]] = {}
    for group in _GROUPS:
        names = frozenset(group.split())
        table.update({name: table.get(name, frozenset()) | names for name in names})
    return table


_SAME = _same()


def also_called(form: str) -> frozenset[str]:
    """Return the forms that name the same country, people or language as a name, as `names.name_form` writes them."""
    return _SAME.get(form, frozenset())
