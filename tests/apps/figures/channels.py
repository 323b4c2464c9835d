"""Public channels loaded through the shipped mappings, as the guide says."""

from __future__ import annotations

from datetime import UTC, datetime

from drumbeat.apps.intake.actions import load_file, load_partners
from drumbeat.apps.intake.kinds import KINDS
from drumbeat.apps.intake.queries import File, plan_partners
from drumbeat.apps.intake.uploads import Upload
from drumbeat.apps.people.actions import set_up_vendor
from drumbeat.interfaces.cli.intake_kinds import MAPPINGS, _beside
from tests.shared import shared

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
FILES = {
    "territories": "DimSalesTerritory.csv", "people": "DimEmployee.csv", "products": "DimProduct.csv",
    "rates": "FactCurrencyRate.csv.gz", "calendar": "DimDate.csv", "quotas": "FactSalesQuota_to_2012.csv",
    "lines": "FactResellerSales_to_2012.csv.gz",
}  # fmt: skip
CRM = {"people": "sales_teams.csv", "products": "products.csv", "deals": "sales_pipeline_dev.csv"}


def load_adventureworks(*kinds: str) -> None:
    """The kinds named, or all of them."""
    folder = shared("data/adventureworks")
    set_up_vendor(
        name="AW",
        country="US",
        subdivision="",
        zone="America/New_York",
        currency="USD",
        mail_from="a@aw.example",
        at=AT,
    )
    if not kinds or "partners" in kinds:
        mapping = File("m.yaml", (MAPPINGS / "adventureworks-resellers.yaml").read_bytes())
        files = [File(name, (folder / name).read_bytes()) for name in ("DimReseller.csv", "DimGeography.csv")]
        load_partners(plan_partners(files[0], mapping=mapping, places=files[1]), by=None, at=AT)
    for noun, name in FILES.items():
        if not kinds or noun in kinds:
            _load(noun, folder / name, f"adventureworks-{noun}")


def load_crm() -> None:
    set_up_vendor(
        name="CRM",
        country="US",
        subdivision="",
        zone="America/New_York",
        currency="USD",
        mail_from="a@crm.example",
        at=AT,
    )
    for noun, name in CRM.items():
        _load(noun, shared("data/crm_opportunities") / name, f"crm-{noun}")


def _load(noun, path, mapping) -> None:
    told = Upload(mapping, path=MAPPINGS / f"{mapping}.yaml")
    outcome = load_file(
        KINDS[noun], Upload(path.name, path=path), by=None, at=AT, mapping=told, lists=_beside(path.parent)
    )
    assert outcome.load, list(outcome.wrong.values())[:3]
