"""A routine that reads well, to be spoilt line by line. Lines are numbered from 1 as in any editor."""

GOOD = """\
routine: pulse-call
title: Pulse call
purpose: We hear early what troubles a partner.
subject: partner
promise:
  by: vendor
  to: partner
  text: We call you every month.
  kept_by: call
owner: channel_manager
goals: [retain]
balance: tactical
audience: partner.status == "active" && partner.employees > 3
calendar: both
cadence:
  rule: FREQ=MONTHLY;BYMONTHDAY=1
  at: 09:30
  zone: Europe/Oslo
  roll: preceding
  offset: +4bd
  spread: 5bd
  starts_on: 2026-01-01
  ends_on: 2027-12-31
  pause: [12-20..01-06, 2026-05-14]
grace: 1bd
miss_after: 10bd
catch_up: merge
review_every: 12mo
steps:
  - {step: figures, kind: report, title: Figures, report: partner-scorecard, due: -1bd}
  - {step: read, kind: task, title: Read the figures, minutes: 10, due: -4h, needs: [figures]}
  - step: call
    kind: meeting
    title: Pulse call
    attendees: [channel_manager, sales_lead]
    minutes: 30
    agenda: weekly-call
    due: 0
  - step: thanks
    kind: mail
    title: Thank you
    to: [attendees]
    template: minutes
    attach: [figures]
    needs: [read]
    promised: true
    due: +1bd@09:00
  - {step: heard, kind: wait, title: An answer, until: mail.answered, timeout: 3bd, due: step.thanks+3bd}
  - {step: quiet, kind: branch, title: Did they answer, when: answer.heard, otherwise: [ring], due: +5bd}
  - {step: ring, kind: task, title: Ring them up, due: +6bd}
"""


def spoilt(old: str, new: str) -> str:
    """The good text with one piece replaced; the piece must be there."""
    assert GOOD.count(old) == 1, f"{old!r} is there {GOOD.count(old)} times"
    return GOOD.replace(old, new)


WISH = """
form: wish
title: One wish
fields:
  - {field: wish, type: text, label: Your wish, required: true}
  - {field: mark, type: number, label: A mark}
"""
