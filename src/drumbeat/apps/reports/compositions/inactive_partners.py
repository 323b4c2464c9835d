"""Who came, who went quiet, who came back: partners by their sales, and those to call."""

from drumbeat.apps.reports.composition import CHANNEL, PERSON, Composition
from drumbeat.apps.reports.periods import last_quarter
from drumbeat.apps.reports.sections import metric, silence

LIFE = ("active_partners", "inactive_partners", "first_partners", "reactivated_partners", "lapsed_partners")

COMPOSITION = Composition(
    name="Inactive partners",
    purpose="Who came, who went quiet, who came back: partners by their sales, and those to call.",
    title="Inactive partners of {subject}, {period}",
    period=last_quarter,
    subjects=(CHANNEL, PERSON),
    for_partners=False,
    sections=(
        silence.summary_of_silence,
        metric.standing((metric.in_period, LIFE), title="Partners and their sales", key="standing"),
        metric.split("dormancy", ["partners"], title="Days since the last sale", key="dormancy", windowed=metric.all_time),
        silence.silent_partners,
    ),
)  # fmt: skip
