"""Countries, zones, languages, and which zone a place lies in. Knows names and codes, neither clocks nor working days."""

from difflib import get_close_matches
from functools import lru_cache
from importlib.resources import files
from zoneinfo import available_timezones

from babel import Locale, UnknownLocaleError

from drumbeat.core.calendars import CalendarError, national_calendar
from drumbeat.core.refusal import Refused, insist

# States and provinces of countries with several zones, by the zone in which most of their people live.
_ZONES_OF_STATES = {
    "US": {
        "America/New_York": "CT DC DE FL GA MA MD ME NC NH NJ NY OH PA RI SC VA VT WV",
        "America/Detroit": "MI",
        "America/Indiana/Indianapolis": "IN",
        "America/Kentucky/Louisville": "KY",
        "America/Chicago": "AL AR IA IL KS LA MN MO MS ND NE OK SD TN TX WI",
        "America/Denver": "CO MT NM UT WY",
        "America/Boise": "ID",
        "America/Phoenix": "AZ",
        "America/Los_Angeles": "CA NV OR WA",
        "America/Anchorage": "AK",
        "Pacific/Honolulu": "HI",
        "America/Puerto_Rico": "PR",
    },
    "CA": {
        "America/Vancouver": "BC",
        "America/Edmonton": "AB NT",
        "America/Regina": "SK",
        "America/Winnipeg": "MB",
        "America/Toronto": "ON QC",
        "America/Iqaluit": "NU",
        "America/Moncton": "NB",
        "America/Halifax": "NS PE",
        "America/St_Johns": "NL",
        "America/Whitehorse": "YT",
    },
    "AU": {
        "Australia/Sydney": "ACT NSW",
        "Australia/Melbourne": "VIC",
        "Australia/Brisbane": "QLD",
        "Australia/Adelaide": "SA",
        "Australia/Darwin": "NT",
        "Australia/Perth": "WA",
        "Australia/Hobart": "TAS",
    },
    "BR": {
        "America/Manaus": "AM",
        "America/Rio_Branco": "AC",
        "America/Cuiaba": "MT",
        "America/Campo_Grande": "MS",
        "America/Porto_Velho": "RO",
        "America/Boa_Vista": "RR",
    },
    "MX": {
        "America/Tijuana": "BCN",
        "America/Hermosillo": "SON",
        "America/Mazatlan": "BCS NAY SIN",
        "America/Chihuahua": "CHH",
        "America/Cancun": "ROO",
    },
    "RU": {
        "Europe/Kaliningrad": "KGD",
        "Europe/Samara": "SAM",
        "Asia/Yekaterinburg": "CHE PER SVE TYU",
        "Asia/Omsk": "OMS",
        "Asia/Novosibirsk": "NVS",
        "Asia/Krasnoyarsk": "KYA",
        "Asia/Irkutsk": "IRK",
        "Asia/Vladivostok": "KHA PRI",
    },
    "ID": {"Asia/Makassar": "BA NB NT SN", "Asia/Jayapura": "PA PB MA"},
    "ES": {"Atlantic/Canary": "CN"},
    "PT": {"Atlantic/Azores": "20", "Atlantic/Madeira": "30"},
}
# The zone of most people, for countries with several zones where one of them clearly prevails.
_CHIEF_ZONES = {
    "AR": "America/Argentina/Buenos_Aires", "BR": "America/Sao_Paulo", "CD": "Africa/Kinshasa",
    "CL": "America/Santiago", "CN": "Asia/Shanghai", "CY": "Asia/Nicosia", "DE": "Europe/Berlin",
    "EC": "America/Guayaquil", "ES": "Europe/Madrid", "GL": "America/Nuuk", "ID": "Asia/Jakarta",
    "KZ": "Asia/Almaty", "MN": "Asia/Ulaanbaatar", "MX": "America/Mexico_City", "MY": "Asia/Kuala_Lumpur",
    "NZ": "Pacific/Auckland", "PG": "Pacific/Port_Moresby", "PT": "Europe/Lisbon", "RU": "Europe/Moscow",
    "UA": "Europe/Kyiv", "UZ": "Asia/Tashkent",
}  # fmt: skip


@lru_cache(maxsize=1)
def countries() -> dict[str, str]:
    """ISO 3166 codes with their English names, from the table that comes with the time zones."""
    rows = _table("iso3166.tab")
    return {code: name for code, name, *_ in rows}


def country_code(text: str) -> str:
    """The ISO 3166 code, in capitals. Raises Refused."""
    code = text.strip().upper()
    if code not in countries():
        named = [known for known, name in countries().items() if name.casefold() == text.strip().casefold()]
        mend = f"Write {named[0]}" if named else "Give its ISO 3166 code of two letters, such as DE, US or JP"
        raise Refused(f"There is no country {text.strip()!r}", mend, field="country")
    return code


def subdivision_code(text: str, country: str) -> str:
    """The ISO 3166-2 code of a state or province without the country: BW, also when DE-BW is given. Raises Refused."""
    code = text.strip().upper().removeprefix(f"{country}-")
    insist(
        code == "" or (code.isascii() and code.isalnum() and len(code) <= 3),
        f"{text.strip()!r} is no code of a state or province",
        "Give its ISO 3166-2 code of one to three letters or digits, such as BW in DE-BW",
        "subdivision",
    )
    return code


def zone_name(text: str) -> str:
    """The IANA time zone. Raises Refused."""
    name = text.strip()
    if name not in _zones():
        near = get_close_matches(name, _zones(), n=1)
        mend = f"Did you mean {near[0]}?" if near else "Give an IANA name such as Europe/Berlin"
        raise Refused(f"There is no time zone {name!r}", mend, field="zone")
    return name


def language_tag(text: str) -> str:
    """The BCP 47 tag as it is usually written: en, pt-BR. Raises Refused."""
    try:
        return str(Locale.parse(text.strip(), sep="-")).replace("_", "-")
    except (UnknownLocaleError, ValueError) as error:
        raise Refused(
            f"There is no language {text.strip()!r}",
            "Give its BCP 47 tag, such as en, de or pt-BR",
            field="language",
        ) from error


def calendar_code(text: str) -> str:
    """The code of a business calendar: a country, or country and subdivision, such as DE or DE-BW. Raises Refused."""
    code = text.strip().upper()
    country, _, subdivision = code.partition("-")
    if code:
        try:
            national_calendar(country, subdivision or None, range(2000, 2001))
        except CalendarError as error:
            raise Refused(error.reason, error.mend, field="calendar") from error
    return code


def zone_of_place(country: str, subdivision: str = "") -> str | None:
    """The IANA zone in which most people of the place live; None where the country alone doesn't tell it."""
    for zone, states in _ZONES_OF_STATES.get(country, {}).items():
        if subdivision in states.split():
            return zone
    zones = _zones_of_countries().get(country, ())
    return _CHIEF_ZONES.get(country) or (zones[0] if len(zones) == 1 else None)


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones()) - {"Factory", "localtime"}


@lru_cache(maxsize=1)
def _zones_of_countries() -> dict[str, tuple[str, ...]]:
    zones: dict[str, tuple[str, ...]] = {}
    for country, _, zone, *_ in _table("zone.tab"):
        zones[country] = (*zones.get(country, ()), zone)
    return zones


def _table(name: str) -> list[list[str]]:
    text = (files("tzdata") / "zoneinfo" / name).read_text("utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
