"""The 120 invented partner firms: where each of them is and which tier it holds. Knows nothing of what they do."""

from __future__ import annotations

from dataclasses import dataclass

# territory: name | country | state | city | tier (p, g, s, r)
FIRMS = """
dach: Alsterwerk Digital | DE | HH | Hamburg | p
dach: Kranich Systemhaus | DE | NW | Dortmund | g
dach: Isarblick IT | DE | BY | München | g
dach: Rheinufer Datentechnik | DE | RP | Mainz | g
dach: Tannhof Netzwerke | DE | BW | Freiburg | s
dach: Elbkontor Software | DE | SN | Dresden | s
dach: Havelland Cloud | DE | BB | Potsdam | s
dach: Weserbogen Consulting | DE | HB | Bremen | s
dach: Spreefeld Labs | DE | BE | Berlin | r
dach: Harzquell IT-Service | DE | NI | Goslar | r
dach: Saarbrück & Lorenz | DE | SL | Saarbrücken | r
dach: Thürwald Informatik | DE | TH | Erfurt | r
dach: Förde Solutions | DE | SH | Kiel | r
dach: Mainkai Partners | DE | HE | Frankfurt am Main | r
dach: Donaustern Informatik | AT | 9 | Wien | g
dach: Bergkristall IT | AT | 7 | Innsbruck | s
dach: Murtal Datendienste | AT | 6 | Graz | r
dach: Seeblick Technologie | CH | ZH | Zürich | s
dach: Aaretal Systeme | CH | BE | Bern | r
nordics: Fjordlys Data | NO | | Oslo | p
nordics: Bryggen Konsult | NO | | Bergen | s
nordics: Nordvik Skytjenester | NO | | Trondheim | r
nordics: Mälarstrand IT | SE | | Stockholm | g
nordics: Västerhav Systems | SE | | Göteborg | s
nordics: Björkdal Teknik | SE | | Uppsala | r
nordics: Øresund Netværk | DK | | København | s
nordics: Limfjord Software | DK | | Aalborg | r
nordics: Saimaa Digital | FI | | Lappeenranta | g
nordics: Kaamos Tietotekniikka | FI | | Oulu | r
nordics: Hvítá Hugbúnaður | IS | | Reykjavík | r
benelux: Grachtwater IT | NL | | Amsterdam | p
benelux: Polderlicht Systemen | NL | | Utrecht | s
benelux: Maasbrug Automatisering | NL | | Rotterdam | r
benelux: Scheldekaai Solutions | BE | | Antwerpen | g
benelux: Leie & Partners | BE | | Gent | r
benelux: Petrusse Informatique | LU | | Luxembourg | r
uk-ireland: Harrowgate Systems | GB | | Leeds | p
uk-ireland: Kestrel & Rowe | GB | | London | g
uk-ireland: Tamarside Cloud | GB | | Plymouth | g
uk-ireland: Cairnfield Networks | GB | | Aberdeen | s
uk-ireland: Merseybank IT | GB | | Liverpool | s
uk-ireland: Fenmoor Data | GB | | Cambridge | s
uk-ireland: Brackenhill Consulting | GB | | Cardiff | r
uk-ireland: Lowther Street Software | GB | | Carlisle | r
uk-ireland: Thistledown Technology | GB | | Edinburgh | r
uk-ireland: Pennine Crest | GB | | Huddersfield | r
uk-ireland: Lagan Quay Systems | GB | | Belfast | r
uk-ireland: Liffeyside Software | IE | | Dublin | g
uk-ireland: Corrib Managed Services | IE | | Galway | s
uk-ireland: Blackwater Byte | IE | | Cork | r
france: Val de Brume Informatique | FR | | Lyon | p
france: Quai des Ormes | FR | | Paris | g
france: Garonne Numérique | FR | | Bordeaux | s
france: Bastide & Fils Conseil | FR | | Toulouse | s
france: Armor Réseaux | FR | | Rennes | r
france: Mistral Données | FR | | Marseille | r
france: Canal du Nord Systèmes | FR | | Lille | r
south: Ribera Alta Sistemas | ES | MD | Madrid | g
south: Montseny Núvol | ES | CT | Barcelona | s
south: Tejo Digital | PT | | Lisboa | s
south: Douro Norte Software | PT | | Porto | r
south: Naviglio Informatica | IT | | Milano | s
south: Etnea Sistemi | IT | | Catania | r
south: Aegean Bridge IT | GR | | Athína | r
east: Wisła Cyfrowa | PL | | Warszawa | s
east: Karpaty Soft | PL | | Kraków | r
east: Vltavín Systémy | CZ | | Praha | s
east: Duna Part Informatika | HU | | Budapest | r
east: Gauja Tīkli | LV | | Rīga | r
east: Carpați Sud Software | RO | | Cluj-Napoca | r
mea: Tafelberg Technologies | ZA | | Cape Town | s
mea: Highveld Cloud | ZA | | Johannesburg | r
mea: Al Noor Digital | AE | | Dubai | s
mea: Dhow Creek Systems | AE | | Abu Dhabi | r
mea: Savanna Link | KE | | Nairobi | r
mea: Marmara Köprü Yazılım | TR | | İstanbul | r
north-america: Hudson Gate Technologies | US | NY | New York | p
north-america: Prairie Fork IT | US | IL | Chicago | g
north-america: Cascade Hollow Software | US | WA | Seattle | g
north-america: Bluebonnet Systems | US | TX | Austin | s
north-america: Copper Mesa Networks | US | AZ | Phoenix | s
north-america: Lantern Bay Consulting | US | MA | Boston | s
north-america: Magnolia Row Data | US | GA | Atlanta | s
north-america: Redwood Landing | US | CA | San Jose | r
north-america: Ozark Trail Solutions | US | MO | Springfield | r
north-america: Great Basin Cloud | US | NV | Reno | r
north-america: Front Range Managed IT | US | CO | Denver | r
north-america: Chesapeake Wharf | US | MD | Baltimore | r
north-america: Aloha Stack | US | HI | Honolulu | r
north-america: Rideau Systems | CA | ON | Ottawa | g
north-america: Fleuve & Érable | CA | QC | Montréal | s
north-america: Chinook Arch Software | CA | AB | Calgary | s
north-america: Salish Point IT | CA | BC | Vancouver | r
north-america: Fundy Shore Networks | CA | NS | Halifax | r
latin-america: Serra do Mar Tecnologia | BR | SP | São Paulo | g
latin-america: Ipê Amarelo Sistemas | BR | MG | Belo Horizonte | s
latin-america: Capibaribe Dados | BR | PE | Recife | r
latin-america: Pampa Azul Software | BR | RS | Porto Alegre | r
latin-america: Jacarandá Sistemas | MX | | Ciudad de México | s
latin-america: Sierra Gorda TI | MX | | Querétaro | s
latin-america: Bahía Cobre | MX | SON | Hermosillo | r
latin-america: Andes Claro | CL | | Santiago | r
latin-america: Páramo Digital | CO | | Bogotá | r
asia-pacific: Asagiri Systems | JP | | Tokyo | p
asia-pacific: Minato Bridge | JP | | Yokohama | g
asia-pacific: Kamogawa Soft | JP | | Kyoto | s
asia-pacific: Hakata Net Works | JP | | Fukuoka | r
asia-pacific: Lion Quay Technologies | SG | | Singapore | g
asia-pacific: Tembusu Data | SG | | Singapore | s
asia-pacific: Bukit Cloud | MY | | Kuala Lumpur | r
asia-pacific: Wattle Creek IT | AU | NSW | Sydney | g
asia-pacific: Yarra Bend Systems | AU | VIC | Melbourne | s
asia-pacific: Jarrah Networks | AU | WA | Perth | r
asia-pacific: Spinifex Data | AU | SA | Adelaide | r
asia-pacific: Kauri Point | NZ | | Wellington | r
india: Deccan Ridge Infotech | IN | | Bengaluru | g
india: Sahyadri Software | IN | | Pune | s
india: Yamuna Digital Works | IN | | Delhi | r
india: Coromandel Cloud | IN | | Chennai | r
india: Malabar Coast Systems | IN | | Kochi | r
"""

TIERS = {"p": "platinum", "g": "gold", "s": "silver", "r": "registered"}
LANGUAGES = {
    "DE": "de", "AT": "de", "CH": "de", "FR": "fr", "LU": "fr", "NO": "nb", "SE": "sv", "DK": "da", "FI": "fi", "IS": "is",
    "NL": "nl", "BE": "nl", "ES": "es", "MX": "es", "CL": "es", "CO": "es", "PT": "pt", "BR": "pt-BR", "IT": "it", "GR": "el",
    "PL": "pl", "CZ": "cs", "HU": "hu", "JP": "ja",
}  # fmt: skip
TERRITORIES = {
    "dach": "Germany, Austria, Switzerland",
    "nordics": "Nordics",
    "benelux": "Benelux",
    "uk-ireland": "United Kingdom and Ireland",
    "france": "France",
    "south": "Southern Europe",
    "east": "Central and Eastern Europe",
    "mea": "Middle East and Africa",
    "north-america": "North America",
    "latin-america": "Latin America",
    "asia-pacific": "Asia Pacific",
    "india": "India",
}
FAR = frozenset({"asia-pacific", "india"})


@dataclass(frozen=True, slots=True)
class Firm:
    """One line of the table."""

    territory: str
    name: str
    country: str
    subdivision: str
    city: str
    tier: str

    @property
    def language(self) -> str:
        return LANGUAGES.get(self.country, "en")


def all_firms() -> list[Firm]:
    """In the order of the table."""
    return [_firm(line) for line in FIRMS.strip().splitlines()]


def some_firms(count: int) -> list[Firm]:
    """Every n-th firm of the table, `count` of them, for small channels: all territories and tiers stay in the picture."""
    firms = all_firms()
    return [firms[place * len(firms) // count] for place in range(count)]


def _firm(line: str) -> Firm:
    territory, _, rest = line.partition(":")
    name, country, subdivision, city, tier = (cell.strip() for cell in rest.split("|"))
    return Firm(territory, name, country, subdivision, city, TIERS[tier])
