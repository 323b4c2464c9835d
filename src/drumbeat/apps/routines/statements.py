"""The beat's one statement: due moments become occurrences with steps and promises, all of a batch or nothing.

Moments are taken with SKIP LOCKED, so any number of clocks may run; the identity (subscription, nominal date) forbids
a second opening whatever happens.
"""

from drumbeat.apps.ledger.statements import WRITE_PROMISES
from drumbeat.apps.routines.keepers import HAND, KEEPER, KEEPER_JOINS

# What opening writes for the rows of `opened`, and upgrading for those of one occurrence: steps, and promises of their own.
_STEPS = """
    SELECT o.occurrence_id, o.routine, o.owing, o.owed, o.partner_id, o.manager_id, o.cover_id, o.covered_until, o.opens_at,
           o.miss_at - o.deadline_at AS patience,
           o.step_dues[p.position + 1] AS due_at, o.step_deadlines[p.position + 1] AS deadline_at,
           p.id AS playbook_step_id, p.kind, p.side, p.by, p.starts_held, p.has_condition,
           p.kind IN ('mail', 'report', 'branch', 'meeting', 'subroutine', 'form', 'approval', 'webhook') AS is_machine,
           CASE WHEN p.promised THEN nextval('ledger_promise_id_seq') END AS promise_id,
           CASE WHEN p.kind = 'meeting' THEN 'meeting' WHEN p.kind IN ('mail', 'report', 'webhook') THEN 'machine'
                ELSE 'person' END AS kept_through
    FROM opened o JOIN routines_playbookstep p ON p.version_id = o.version_id
    WHERE NOT o.without_steps
"""
_STEP_PROMISES = f"""
    SELECT promise_id, 'step', routine, CASE WHEN side = 'partner' THEN 'partner' ELSE 'vendor' END,
           CASE WHEN partner_id IS NULL THEN 'team' WHEN side = 'partner' THEN 'vendor' ELSE 'partner' END,
           kept_through, partner_id, CASE WHEN side = 'vendor' AND by = 'channel_manager' THEN {HAND.format("steps", "due_at")} END,
           due_at, deadline_at, deadline_at + patience, ''
    FROM steps WHERE promise_id IS NOT NULL
"""
_WRITE_STEPS = f"""
    INSERT INTO routines_step (occurrence_id, playbook_step_id, kind, side, is_machine, state, assignee_id, role,
                               starts_at, due_at, promise_id, attempts, error, answer)
    SELECT occurrence_id, playbook_step_id, kind, side, is_machine,
           CASE WHEN starts_held OR (has_condition AND NOT is_machine) THEN 'held' ELSE 'open' END,
           CASE WHEN side = 'partner' OR by = 'channel_manager' THEN {HAND.format("steps", "due_at")} END, by,
           CASE WHEN kind IN ('meeting', 'wait', 'form', 'approval') THEN opens_at ELSE due_at END, due_at, promise_id, 0, '', ''
    FROM steps
"""

# One by one: routines whose next occurrence waits until the last is closed (holding), or takes its place.
# Downtime: a routine that skips or merges opens what is already past its deadline without steps. To merge, a later
# moment of the same subject must be due too; the earlier ones are then settled together with it.
OPEN = f"""
WITH taken AS (
    DELETE FROM routines_moment m
    USING (
        SELECT id FROM routines_moment next WHERE opens_at <= %(at)s
          AND NOT (next.version_id = ANY(%(one_by_one)s) AND EXISTS (
              SELECT 1 FROM routines_moment earlier
              WHERE earlier.subscription_id = next.subscription_id AND earlier.nominal_on < next.nominal_on))
          AND NOT (next.version_id = ANY(%(holding)s) AND EXISTS (
              SELECT 1 FROM routines_occurrence o
              WHERE o.subscription_id = next.subscription_id AND o.closed_at IS NULL))
        ORDER BY opens_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
    ) due
    WHERE m.id = due.id
    RETURNING m.*
),
opened AS MATERIALIZED (
    SELECT t.*, s.partner_id, r.key AS routine, v.owner, v.owing, v.owed, v.kept_through, v.catch_up,
           {KEEPER},
           nextval('ledger_promise_id_seq') AS promise_id,
           nextval('routines_occurrence_id_seq') AS occurrence_id,
           v.catch_up <> 'late' AND t.deadline_at <= %(at)s AND (
               v.catch_up = 'skip' OR EXISTS (
                   SELECT 1 FROM routines_moment later
                   WHERE later.subscription_id = t.subscription_id AND later.nominal_on > t.nominal_on
                     AND later.opens_at <= %(at)s)
           ) AS without_steps
    FROM taken t
    JOIN routines_subscription s ON s.id = t.subscription_id
    JOIN routines_routine r ON r.id = s.routine_id
    JOIN routines_version v ON v.id = t.version_id
    {KEEPER_JOINS}
),
steps AS MATERIALIZED ({_STEPS}),
promised AS (
    SELECT promise_id, 'routine' AS origin, routine, owing, owed, kept_through, partner_id,
           CASE WHEN owner = 'channel_manager' THEN {HAND.format("opened", "due_at")} END AS person_id,
           due_at, deadline_at, miss_at, '' AS text
    FROM opened
    UNION ALL
    {_STEP_PROMISES}
),
{WRITE_PROMISES},
occurrences AS (
    INSERT INTO routines_occurrence (id, subscription_id, version_id, promise_id, nominal_on, event_id, opened_by_id,
                                     due_at, opened_at, why)
    SELECT occurrence_id, subscription_id, version_id, promise_id, nominal_on, event_id, opened_by_id,
           due_at, %(at)s, why FROM opened
),
written AS ({_WRITE_STEPS})
SELECT count(*), coalesce(array_agg(promise_id) FILTER (WHERE without_steps AND catch_up = 'skip'), '{{}}') FROM opened
"""

# New steps of a later version for one occurrence that is open already. Parameters: at, on, occurrence, version, keys, and of the
# moment as the version wants it: opens_at, deadline_at, miss_at, dues, deadlines.
ADD_STEPS = f"""
WITH opened AS (
    SELECT u.id AS occurrence_id, s.partner_id, r.key AS routine, v.id AS version_id, v.owing, v.owed,
           {KEEPER}, false AS without_steps,
           %(opens_at)s::timestamptz AS opens_at, %(deadline_at)s::timestamptz AS deadline_at,
           %(miss_at)s::timestamptz AS miss_at, %(dues)s::timestamptz[] AS step_dues,
           %(deadlines)s::timestamptz[] AS step_deadlines
    FROM routines_occurrence u
    JOIN routines_subscription s ON s.id = u.subscription_id
    JOIN routines_routine r ON r.id = s.routine_id
    JOIN routines_version v ON v.id = %(version)s
    {KEEPER_JOINS}
    WHERE u.id = %(occurrence)s
),
steps AS MATERIALIZED ({_STEPS} AND p.key = ANY(%(keys)s)),
promised (promise_id, origin, routine, owing, owed, kept_through, partner_id, person_id, due_at, deadline_at, miss_at, text)
AS ({_STEP_PROMISES}),
{WRITE_PROMISES},
written AS ({_WRITE_STEPS})
SELECT count(*) FROM steps
"""

# What the machine may take by a moment: its own steps, waits that it looks after on somebody's list, and people's steps
# whose own condition is to be judged. Each is told as its partial index is.
_IS_DUE = "s.starts_at <= %(at)s AND (s.next_attempt_at IS NULL OR s.next_attempt_at <= %(at)s)"
MACHINE_DUE = f"s.state = 'open' AND s.is_machine AND {_IS_DUE}"
WAIT_DUE = f"s.state = 'open' AND s.kind = 'wait' AND NOT s.is_machine AND {_IS_DUE}"
CONDITION_DUE = "s.state = 'held' AND NOT p.starts_held AND s.starts_at <= %(at)s"
# `needs` names steps of the same occurrence that must be settled first.
_READY = """NOT EXISTS (
        SELECT FROM routines_step b JOIN routines_playbookstep n ON n.id = b.playbook_step_id
        WHERE b.occurrence_id = s.occurrence_id AND b.state NOT IN ('done', 'skipped') AND n.key = ANY(p.needs))"""
_STEPS = "FROM routines_step s JOIN routines_playbookstep p ON p.id = s.playbook_step_id"


def claim(which: str) -> str:
    """Leases so many of these steps that no other worker has, and returns them with their attempts."""
    return f"""
UPDATE routines_step SET lease_until = %(until)s, attempts = attempts + 1
WHERE id IN (
    SELECT s.id {_STEPS}
    WHERE {which} AND (s.lease_until IS NULL OR s.lease_until <= %(at)s)
    ORDER BY s.starts_at, s.id LIMIT %(limit)s FOR UPDATE OF s SKIP LOCKED)
RETURNING id
"""


CLAIM_MACHINE = claim(f"{MACHINE_DUE} AND s.kind = %(kind)s AND (p.needs = '{{}}' OR {_READY})")
CLAIM_WAITS = claim(f"{WAIT_DUE} AND (p.needs = '{{}}' OR {_READY})")
CLAIM_CONDITIONS = claim(CONDITION_DUE)

# How many of each kind are due. Machine steps are counted as soon as one of them may run: what is done may be what others
# need.
DUE_BY_KIND = f"""
SELECT kind, count(*) FROM (
    SELECT s.kind, bool_or(p.needs = '{{}}' OR {_READY}) OVER () AS may_run {_STEPS} WHERE {MACHINE_DUE}) machine
WHERE may_run GROUP BY kind
UNION ALL SELECT 'wait', count(*) {_STEPS} WHERE {WAIT_DUE} HAVING count(*) > 0
UNION ALL SELECT 'condition', count(*) {_STEPS} WHERE {CONDITION_DUE} HAVING count(*) > 0
"""

# What could be done at this moment and is not yet: how many, and since when the oldest could.
UNOPENED = "SELECT count(*), min(opens_at) FROM routines_moment WHERE opens_at <= %(at)s"
UNPERFORMED = f"""
SELECT count(*), min(greatest(s.starts_at, s.next_attempt_at)) {_STEPS}
WHERE {MACHINE_DUE} AND (s.lease_until IS NULL OR s.lease_until <= %(at)s) AND (p.needs = '{{}}' OR {_READY})
"""

# Parameters: one array for each column of `told`.
COMPLETE = """
UPDATE routines_step s
SET state = 'done', answer = told.answer, minutes = told.minutes, done_at = told.done_at,
    recorded_at = told.recorded_at, done_by_id = told.by_id, error = '',
    is_machine = false, lease_until = NULL
FROM unnest(%(ids)s::bigint[], %(answers)s::text[], %(minutes)s::int[], %(done_ats)s::timestamptz[],
            %(recorded_ats)s::timestamptz[], %(bys)s::bigint[])
     AS told (id, answer, minutes, done_at, recorded_at, by_id)
WHERE s.id = told.id
"""

# Two who finish the last two steps at once would each still see the other's step open: so occurrences are locked first, in
# a statement of its own, which sees what was committed meanwhile.
LOCK_OCCURRENCES = """
SELECT id FROM routines_occurrence WHERE id = ANY(%(ids)s) AND closed_at IS NULL ORDER BY id FOR UPDATE
"""
CLOSE_FINISHED = """
UPDATE routines_occurrence o SET closed_at = told.at
FROM unnest(%(ids)s::bigint[], %(ats)s::timestamptz[]) AS told (id, at)
WHERE o.id = told.id AND NOT EXISTS (
    SELECT FROM routines_step s WHERE s.occurrence_id = o.id
      AND s.state IN ('held', 'open', 'handed', 'failed', 'uncertain'))
"""
