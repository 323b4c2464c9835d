"""A large channel filled by plain SQL, for the benchmarks of pages: partners, contacts, open items and a long ledger."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import psycopg

CAST = """
INSERT INTO people_account (password, email, name, sort_name, role, zone, country, subdivision, language, works_from,
                            works_until, routine_minutes_a_day, is_active)
SELECT '', 'm' || n || '@example.org', 'Manager ' || n, 'manager ' || lpad(n::text, 4, '0'), 'channel_manager',
       'Europe/Berlin', 'DE', '', 'en', '09:00', '17:00', 360, true FROM generate_series(1, %(managers)s) n;
INSERT INTO partners_territory (key, name) SELECT 't' || n, 'Territory ' || n FROM generate_series(1, 20) n;
INSERT INTO partners_partner (key, name, sort_name, type, status, tier, country, subdivision, city, address, postal_code,
                              phone, zone, calendar, language, gives_pos, territory_id, joined_on)
SELECT 'p' || n, 'Partner ' || n, 'partner ' || lpad(n::text, 6, '0'), (ARRAY['var','msp','si','isv','referral'])[1 + mod(n, 5)],
       'active', (ARRAY['registered','silver','gold','platinum'])[1 + mod(n, 4)], (ARRAY['DE','FR','GB','US'])[1 + mod(n, 4)],
       '', 'Town', '', '', '', (ARRAY['Europe/Berlin','Europe/Paris','Europe/London','America/New_York'])[1 + mod(n, 4)],
       '', 'en', true, (SELECT min(id) FROM partners_territory) + mod(n, 20), '2024-01-01' FROM generate_series(1, %(partners)s) n;
INSERT INTO partners_contact (partner_id, name, sort_name, email, phone, roles, language, joined_on)
SELECT p.id, 'Person ' || n || ' ' || p.id, 'person ' || n || ' ' || p.id, 'c' || n || '.' || p.id || '@example.com', '',
       ARRAY[(ARRAY['principal','sales_lead','technical_lead'])[n]], '', '2024-01-01'
FROM partners_partner p CROSS JOIN generate_series(1, 3) n;
INSERT INTO partners_assignment (partner_id, person_id, from_on)
SELECT id, (SELECT min(id) FROM people_account) + mod(id, %(managers)s), '2024-01-01' FROM partners_partner;
INSERT INTO sales_sellthrough (partner_id, month, amount, currency, received_at)
SELECT p.id, m, 1000 + mod(p.id, 97) * 100, 'EUR', m + interval '35 days' FROM partners_partner p
CROSS JOIN generate_series(date '2025-05-01', date '2026-05-01', interval '1 month') m;
INSERT INTO routines_subscription (routine_id, partner_id, phase, started_on, is_by_hand)
SELECT r.id, p.id, 0, '2024-01-01', false FROM routines_routine r CROSS JOIN partners_partner p
WHERE r.key IN ('weekly-partner-call', 'monthly-partner-report', 'monthly-checkin', 'quarter-review');
SELECT ledger_make_month((timestamp '2026-12-01' - make_interval(months => n))::date)
FROM generate_series(0, 10 + %(weeks)s * 7 / 30) n
"""

# Promises of so many weeks: calls of every partner, one a week or more, kept but for a few, two entries each.
HISTORY = """
INSERT INTO ledger_promise (origin, routine, owing, owed, kept_through, partner_id, person_id, promised_at, original_due_at,
                            original_deadline_at, original_miss_at, text)
SELECT 'routine', 'weekly-partner-call', CASE WHEN mod(p.id + w, 5) = 0 THEN 'partner' ELSE 'vendor' END, 'partner', 'person',
       p.id, a.person_id, d - interval '1 day', d, d + interval '1 day', d + interval '6 days', ''
FROM partners_partner p JOIN partners_assignment a ON a.partner_id = p.id
CROSS JOIN generate_series(1, %(weeks)s) w CROSS JOIN generate_series(0, %(a_week)s - 1) k
CROSS JOIN LATERAL (SELECT timestamptz '2026-06-08 08:00+00' - make_interval(weeks => w, days => -k, mins => mod(p.id, 400)::int) AS d) due;
INSERT INTO ledger_entry (recorded_at, promise_id, kind, at) SELECT promised_at, id, 'promised', promised_at FROM ledger_promise;
INSERT INTO ledger_standing (promise_id, partner_id, person_id, due_at, deadline_at, miss_at, outcome, outcome_at, cause)
SELECT id, partner_id, person_id, original_due_at, original_deadline_at, original_miss_at,
       CASE mod(id, 17) WHEN 3 THEN 'late' WHEN 5 THEN 'missed' ELSE 'kept' END,
       original_due_at + CASE mod(id, 17) WHEN 3 THEN interval '2 days' WHEN 5 THEN interval '6 days' ELSE interval '1 hour' END, ''
FROM ledger_promise;
INSERT INTO ledger_entry (recorded_at, promise_id, kind, at)
SELECT outcome_at, promise_id, outcome, outcome_at FROM ledger_standing
"""

# Open items: occurrences due around the moment of measuring, one task each.
OPEN_ITEMS = """
CREATE TEMP TABLE fresh AS
SELECT nextval('ledger_promise_id_seq') AS id, s.id AS subscription_id, r.version_id, r.key, s.partner_id, a.person_id,
       timestamptz '2026-06-08 08:00+00' + make_interval(days => mod(s.id, 8)::int - 3, mins => mod(s.id, 300)::int) AS due_at
FROM (SELECT * FROM routines_subscription ORDER BY id LIMIT %(items)s) s
JOIN routines_routine r ON r.id = s.routine_id JOIN partners_assignment a ON a.partner_id = s.partner_id;
INSERT INTO ledger_promise (id, origin, routine, owing, owed, kept_through, partner_id, person_id, promised_at, original_due_at,
                            original_deadline_at, original_miss_at, text)
SELECT id, 'routine', key, 'vendor', 'partner', 'person', partner_id, person_id, '2026-06-01', due_at, due_at + interval '1 day',
       due_at + interval '7 days', '' FROM fresh;
INSERT INTO ledger_entry (recorded_at, promise_id, kind, at) SELECT '2026-06-01', id, 'promised', '2026-06-01' FROM fresh;
INSERT INTO ledger_standing (promise_id, partner_id, person_id, due_at, deadline_at, miss_at, cause)
SELECT id, partner_id, person_id, due_at, due_at + interval '1 day', due_at + interval '7 days', '' FROM fresh;
INSERT INTO routines_occurrence (id, subscription_id, version_id, promise_id, nominal_on, due_at, opened_at, why)
SELECT id, subscription_id, version_id, id, due_at::date, due_at, '2026-06-01', 'rule 2026-06-08' FROM fresh;
INSERT INTO routines_step (occurrence_id, playbook_step_id, kind, side, is_machine, state, assignee_id, role, starts_at, due_at,
                           attempts, error, answer)
SELECT f.id, p.id, p.kind, p.side, false, 'open', f.person_id, p.by, '2026-06-01', f.due_at, 0, '', ''
FROM fresh f JOIN LATERAL (
    SELECT * FROM routines_playbookstep p WHERE p.version_id = f.version_id AND p.kind IN ('task', 'meeting')
    ORDER BY position LIMIT 1) p ON true;
DROP TABLE fresh
"""

AT = datetime(2026, 6, 8, 6, 30, tzinfo=UTC)


def fill(*, partners: int, managers: int, items: int, weeks: int, a_week: int = 1) -> None:
    """The routines must be published before. Ends with fresh statistics."""
    from drumbeat.apps.ledger import statements
    from drumbeat.apps.people.actions import set_up_vendor

    set_up_vendor(
        name="Bench", country="DE", zone="Europe/Berlin", mail_from="bench@example.org", is_demo=True, at=AT
    )

    parameters = {
        "partners": partners,
        "managers": managers,
        "items": items,
        "weeks": weeks,
        "a_week": a_week,
    }
    with psycopg.connect(os.environ["DRUMBEAT_DATABASE_URL"], autocommit=True) as connection:
        for script in (CAST, HISTORY, OPEN_ITEMS, statements.REBUILD_TALLIES, "VACUUM ANALYZE"):
            for statement in script.split(";"):
                used = {name: value for name, value in parameters.items() if f"%({name})s" in statement}
                connection.execute(statement, used or None)


def clock_offset() -> float:
    """Seconds that turn the doors' clock to the moment of the scene."""
    return (AT + timedelta(minutes=1) - datetime.now(UTC)).total_seconds()
