"""Routines of many days: weekly with a call and a mail, daily at hours that summer time skips or doubles, monthly by working
days, and one that events open and that rests while the partner is asked."""

from __future__ import annotations

WEEKLY = """
routine: weekly-word
title: Weekly word
purpose: Both sides talk.
subject: partner
promise: {by: vendor, to: partner, text: We call every Tuesday., kept_by: call}
owner: channel_manager
goals: [trust]
audience: partner.status == "active"
calendar: partner
cadence: {rule: FREQ=WEEKLY;BYDAY=TU, at: "10:00", zone: partner, roll: following}
grace: 1bd
catch_up: late
steps:
  - {step: ahead, kind: mail, title: What we talk about, to: [sales_lead], template: call-agenda, due: -1bd}
  - {step: call, kind: task, title: Call, minutes: 20, due: 0}
  - {step: note, kind: task, title: Note what was said, minutes: 5, due: +1bd, promised: true}
"""
WEEKLY_LATER = (
    WEEKLY.replace("minutes: 20", "minutes: 30")
    .replace("step: note", "step: tell")
    .replace('at: "10:00"', 'at: "11:30"')
)

# 02:30 is skipped or said twice when summer time begins or ends (Berlin, New York), 02:00 to 02:30 on Lord Howe.
DAILY = """
routine: daily-figure
title: Daily figure
purpose: A figure each day.
subject: partner
promise: {{by: vendor, to: partner, text: A mail every day., kept_by: figure}}
owner: channel_manager
goals: [trust]
audience: partner.country == "{country}"
calendar: partner
cadence: {{rule: FREQ=DAILY;INTERVAL=2, at: "02:15", zone: partner}}
grace: 1bd
catch_up: {catch_up}
steps:
  - {{step: figure, kind: mail, title: Figure, to: [sales_lead], template: newsletter, due: 0}}
"""

MONTHLY = """
routine: monthly-plan
title: Monthly plan
purpose: Both sides plan.
subject: partner
promise: {by: both, to: both, text: We plan each month., kept_by: plan}
owner: channel_manager
goals: [trust]
audience: partner.status == "active"
calendar: partner
cadence: {rule: FREQ=MONTHLY;BYMONTHDAY=-1, at: "16:00", zone: partner, roll: modified_preceding}
grace: 2bd
steps:
  - {step: plan, kind: task, title: Plan, minutes: 30, due: 0}
"""

DEALS = """
routine: deal-word
title: Deal word
purpose: An answer comes.
subject: deal
promise: {by: vendor, to: partner, text: We answer., kept_by: word}
owner: channel_manager
goals: [trust]
audience: partner.status == "active"
trigger: {event: deal.submitted, reentry: restart, exit: deal.won}
due: opened+16bh
calendar: vendor
miss_after: 40bh
steps:
  - {step: ask, kind: form, title: What is missing, by: sales_lead, form: one-wish, ask: 40bh, pauses_clock: true, due: opened+4bh}
  - {step: word, kind: task, title: Decide, minutes: 8, due: 0}
"""


def all_texts() -> tuple[str, ...]:
    daily = (("US", "late"), ("AU", "merge"), ("CL", "skip"))
    texts = [DAILY.format(country=country, catch_up=word) for country, word in daily]
    named = [text.replace("daily-figure", f"daily-figure-{n}") for n, text in enumerate(texts)]
    return (WEEKLY, MONTHLY, DEALS, *named)
