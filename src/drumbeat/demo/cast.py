"""Who works for the demo's vendor. Everybody is invented and has the same password, which the start prints."""

from __future__ import annotations

from dataclasses import dataclass

ZONE, COUNTRY = "Europe/Berlin", "DE"
PASSWORD = "every-beat-counts"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Member:
    """One of the staff; role is a word of people.Role."""

    email: str
    name: str
    role: str
    zone: str
    country: str


STAFF = (
    Member("mara@northwind.example", "Mara Lindqvist", "channel_manager", "Europe/Berlin", "DE"),
    Member("tomas@northwind.example", "Tomás Ferreira", "channel_manager", "America/New_York", "US"),
    Member("aiko@northwind.example", "Aiko Tanabe", "channel_manager", "Asia/Tokyo", "JP"),
    Member("ruth@northwind.example", "Ruth Adeyemi", "director", "Europe/Berlin", "DE"),
    Member("olaf@northwind.example", "Olaf Brandt", "partner_operations", "Europe/Berlin", "DE"),
    Member("ines@northwind.example", "Ines Kowalski", "administrator", "Europe/Berlin", "DE"),
)
