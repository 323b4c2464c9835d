"""A small channel to load files into: two partners with external ids, a seller, a territory, a product in two versions."""

from __future__ import annotations

from datetime import timedelta

from drumbeat.apps.intake.actions import Outcome, load_file
from drumbeat.apps.intake.kinds import KINDS
from drumbeat.apps.intake.uploads import Upload
from drumbeat.apps.partners.actions import add_partner
from tests.world import AT, World

LINES = "partner,order,line,sold_on,quantity,amount,currency,seller,territory,product,cost\n"


def furnish(world: World) -> None:
    for key in ("P1", "P2"):
        add_partner(
            {"name": f"Firm {key}", "type": "var", "country": "DE", "external_id": key}, by=None, at=AT
        )
    load("territories", "key,region,country,group\nT1,North,Germany,Europe\nT2,NA,NA,NA\n")
    load("people", "key,name,manager,territory\n7,Ann Lee,9,T1\n9,Max Roe,,\n")
    load(
        "products",
        "key,number,name,category,from_on\n1,A,Anvil,Tools,2025-01-01\n2,A,Anvil,Tools,2026-01-01\n",
    )


def load(
    noun: str, text: str | bytes, name: str = "file.csv", mapping: str = "", hours: int = 0, **more: object
) -> Outcome:
    data = text.encode() if isinstance(text, str) else text
    told = Upload("told.yaml", mapping.encode()) if mapping else None
    return load_file(
        KINDS[noun], Upload(name, data), by=None, at=AT + timedelta(hours=hours), mapping=told, **more
    )


def line(
    order: str = "O1", number: int = 1, amount: str = "10.5000", partner: str = "P1", on: str = "2026-01-15"
) -> str:
    return f"{partner},{order},{number},{on},2,{amount},EUR,7,T1,2,8.0000\n"
