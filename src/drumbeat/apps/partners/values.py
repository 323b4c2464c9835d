"""What may stand in the fields of a partner and of a contact: texts from forms and files become typed values, or a
list of what is wrong with them. Knows no row but the territories that it is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from drumbeat.core.places import (
    calendar_code,
    country_code,
    language_tag,
    subdivision_code,
    zone_name,
    zone_of_place,
)
from drumbeat.core.refusal import Refused, insist

from .models import ContactRole, PartnerType, Status, Territory, Tier

Reader = Callable[[Any], Any]
Values = dict[str, Any]
PARTNER_NEEDS = ("name", "type", "country")
PARTNER_FIELDS = (
    "name", "type", "status", "tier", "country", "subdivision", "city", "address", "postal_code", "phone", "zone",
    "calendar", "language", "territory", "joined_on", "external_id", "gives_pos",
    "business_type",
)  # fmt: skip


def read_partner(
    values: Mapping[str, Any],
    *,
    territories: Mapping[str, Territory],
    stands: Mapping[str, Any] | None = None,
) -> tuple[Values, list[Refused]]:
    """Typed values and all that is wrong. `stands` holds what an existing partner has: then only what changes is given,
    else the needed fields must be there, and the zone follows from the place unless it is given."""
    read, problems = _read(values, _partner_readers(values, territories, stands or {}))
    if stands is None:
        problems += [_missing(field) for field in PARTNER_NEEDS if not values.get(field)]
        if not values.get("zone") and "country" in read:
            _put_zone_of_place(read, problems)
    return read, problems


def read_contact(values: Mapping[str, Any], *, is_new: bool) -> tuple[Values, list[Refused]]:
    """Typed values of a contact, and all that is wrong."""
    read, problems = _read(values, CONTACT_READERS)
    if is_new and not values.get("name"):
        problems.append(_missing("name"))
    return read, problems


def _read(values: Mapping[str, Any], readers: Mapping[str, Reader]) -> tuple[Values, list[Refused]]:
    read: Values = {}
    problems: list[Refused] = []
    for field, value in values.items():
        if field not in readers:
            problems.append(
                Refused(f"There is no field {field}", f"Known are {', '.join(readers)}", field=field)
            )
            continue
        try:
            read[field] = readers[field](value)
        except Refused as refusal:
            problems.append(Refused(refusal.what, refusal.mend, field=field))
    return read, problems


def _partner_readers(
    values: Mapping[str, Any], territories: Mapping[str, Territory], stands: Mapping[str, Any]
) -> dict[str, Reader]:
    country = str(values.get("country") or stands.get("country", "")).strip().upper()
    return {
        "name": needed(line(160)),
        "type": word(PartnerType.values),
        "status": word(Status.values),
        "tier": word(Tier.values),
        "country": needed(country_code),
        "subdivision": lambda value: subdivision_code(str(value), country),
        "city": line(80),
        "address": text(500),
        "postal_code": line(20),
        "phone": line(40),
        "zone": lambda value: zone_name(str(value)) if value or stands else "",
        "calendar": lambda value: calendar_code(str(value)),
        "language": lambda value: language_tag(str(value)),
        "territory": lambda value: _territory(value, territories),
        "joined_on": day,
        "external_id": lambda value: line(64)(value) or None,
        "gives_pos": truth,
        "business_type": line(80),
    }


def _put_zone_of_place(read: Values, problems: list[Refused]) -> None:
    place = (read["country"], read.get("subdivision", ""))
    zone = zone_of_place(*place)
    if zone:
        read["zone"] = zone
    else:
        where = "-".join(filter(None, place))
        problems.append(
            Refused(f"{where} has several time zones", "Name one, such as America/Chicago", field="zone")
        )


def text(longest: int) -> Reader:
    """A text without the spaces around it. NUL is refused, because no database text can hold it."""

    def read(value: Any) -> str:
        found = str(value or "").strip()
        insist("\x00" not in found, "The text holds a NUL sign", "Take it out")
        insist(len(found) <= longest, f"The text is {len(found)} characters long", f"Use {longest} at most")
        return found

    return read


def line(longest: int) -> Reader:
    """A text without line breaks: it may stand in a mail's header, where a second line would be another header."""

    def read(value: Any) -> str:
        found: str = text(longest)(value)
        insist(len(found.splitlines()) < 2, "The text has several lines", "Write it in one line")
        return found

    return read


def needed(reader: Reader) -> Reader:
    def read(value: Any) -> Any:
        insist(bool(str(value or "").strip()), "It is empty", "Give a value")
        return reader(value)

    return read


def word(known: Sequence[str]) -> Reader:
    """One of the words known."""

    def read(value: Any) -> str:
        insist(str(value) in known, f"{str(value)!r} is not known", f"Use one of {', '.join(known)}")
        return str(value)

    return read


def day(value: Any) -> date | None:
    """A date, or an ISO 8601 text of one; empty is none."""
    if isinstance(value, datetime) or not value:
        insist(not value, "A moment is no day", "Give the date alone")
        return None
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError as error:
        raise Refused(f"There is no day {str(value)!r}", "Write an existing day like 2026-01-31") from error


def truth(value: Any) -> bool:
    words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False, "": False}
    found = words.get(str(value or "").strip().lower())
    if found is None:
        raise Refused(f"{str(value)!r} is neither yes nor no", "Write yes or no")
    return found


def address(value: Any) -> str:
    """A mail address, or nothing."""
    found: str = text(254)(value)
    if found:
        try:
            validate_email(found)
        except ValidationError as error:
            raise Refused(f"{found!r} is no mail address", "Write it like name@firm.example") from error
    return found


def contact_roles(value: Any) -> list[str]:
    roles = value.replace(",", " ").split() if isinstance(value, str) else list(value)
    return [word(ContactRole.values)(role) for role in dict.fromkeys(roles)]


CONTACT_READERS: dict[str, Reader] = {
    "name": needed(line(120)),
    "email": address,
    "phone": line(40),
    "roles": contact_roles,
    "language": lambda value: language_tag(str(value)) if value else "",
    "joined_on": needed(day),
}


def _territory(value: Any, territories: Mapping[str, Territory]) -> Territory | None:
    if isinstance(value, Territory) or not value:
        return value or None
    if str(value) not in territories:
        raise Refused(
            f"There is no territory {str(value)!r}", f"Use one of {', '.join(territories) or '(none yet)'}"
        )
    return territories[str(value)]


def _missing(field: str) -> Refused:
    return Refused(f"{field} is missing", "Give a value", field=field)
