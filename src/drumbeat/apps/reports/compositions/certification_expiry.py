"""Certifications that end soon, who holds them, and how partners stand against what they need."""

from drumbeat.apps.reports.composition import EVERY, Composition
from drumbeat.apps.reports.periods import now
from drumbeat.apps.reports.sections import certifications, facts

COLUMNS = (
    facts.Told("certifications_expiring_90d", "expire in 90 days"),
    facts.Told("certifications_valid", "valid"),
    facts.Told("certified_people", "certified people"),
    facts.Told("certification_coverage", "held of required", facts.PERCENT),
)

COMPOSITION = Composition(
    name="Certification expiry",
    purpose="Certifications that end soon, who holds them, and how partners stand against what they need.",
    title="Certifications of {subject}, {period}",
    period=now,
    subjects=EVERY,
    for_partners=True,
    sections=(
        certifications.expiring,
        facts.by_partner(COLUMNS, title="Certifications by partner", key="partners"),
    ),
)
