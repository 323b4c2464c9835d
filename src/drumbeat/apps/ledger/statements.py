"""The ledger's writing as set-based SQL: each statement is one step of the book, for one promise or a hundred thousand.

The columns of the ledger's tables are named here and nowhere else.
"""

# Continues a WITH list that has `promised`: the promises to write. Parameters: at.
WRITE_PROMISES = """
promises AS (
    INSERT INTO ledger_promise (id, origin, routine, owing, owed, kept_through, partner_id, person_id, promised_at,
                                original_due_at, original_deadline_at, original_miss_at, text)
    SELECT promise_id, origin, routine, owing, owed, kept_through, partner_id, person_id, %(at)s,
           due_at, deadline_at, miss_at, text
    FROM promised
),
entries AS (
    INSERT INTO ledger_entry (recorded_at, promise_id, kind, at)
    SELECT %(at)s, promise_id, 'promised', %(at)s FROM promised
),
standings AS (
    INSERT INTO ledger_standing (promise_id, partner_id, person_id, due_at, deadline_at, miss_at, cause)
    SELECT promise_id, partner_id, person_id, due_at, deadline_at, miss_at, '' FROM promised
)
"""

# One promise that a person gave. Parameters: at, and the columns by their names.
WRITE_ONE = f"""
WITH promised AS (
    SELECT nextval('ledger_promise_id_seq') AS promise_id, %(origin)s::text AS origin, '' AS routine,
           %(owing)s::text AS owing, %(owed)s::text AS owed, 'person' AS kept_through,
           %(partner)s::bigint AS partner_id, %(person)s::bigint AS person_id, %(due_at)s::timestamptz AS due_at,
           %(deadline_at)s::timestamptz AS deadline_at, %(miss_at)s::timestamptz AS miss_at, %(text)s::text AS text
), {WRITE_PROMISES} SELECT promise_id FROM promised
"""

# What every choice says of each promise besides.
_TOLD = "%(by)s::bigint AS by_id, %(recorded_at)s::timestamptz AS recorded_at, %(reason)s::text AS reason"

# Each promise with an outcome, a moment and words of its own: columns as in `told`, one array each.
CHOOSE_OPEN = """
SELECT s.promise_id, s.due_at, s.person_id,
       CASE WHEN told.outcome = 'kept' AND least(told.at, s.rests_from) > s.deadline_at THEN 'late' ELSE told.outcome END AS outcome,
       told.at AS happened_at, told.cause, 1 AS sign, told.by_id, told.recorded_at, told.reason
FROM unnest(%(ids)s::bigint[], %(outcomes)s::text[], %(ats)s::timestamptz[], %(causes)s::text[], %(bys)s::bigint[],
            %(recorded_ats)s::timestamptz[], %(reasons)s::text[])
     AS told (promise_id, outcome, at, cause, by_id, recorded_at, reason)
JOIN ledger_standing s ON s.promise_id = told.promise_id
WHERE s.outcome IS NULL
ORDER BY s.promise_id FOR UPDATE OF s
"""

CHOOSE_MISSED = f"""
SELECT s.promise_id, s.due_at, s.person_id, 'missed' AS outcome, s.miss_at AS happened_at, ''::text AS cause, 1 AS sign, {_TOLD}
FROM ledger_standing s
WHERE s.outcome IS NULL AND s.rests_from IS NULL AND s.miss_at <= %(at)s
ORDER BY s.miss_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
"""

CHOOSE_SETTLED = f"""
SELECT s.promise_id, s.due_at, s.person_id, s.outcome, s.outcome_at AS happened_at, s.cause, -1 AS sign, {_TOLD}
FROM ledger_standing s
WHERE s.promise_id = ANY(%(ids)s) AND s.outcome IS NOT NULL
ORDER BY s.promise_id FOR UPDATE
"""

# A promise of both sides counts for both; broken, for the side named as cause, for both if none is named.
# What the team owes itself counts as the vendor's: it has no partner, so it stands in no partner's record.
_SIDES = """
(VALUES ('vendor'), ('partner')) AS side (name)
WHERE side.name = CASE
    WHEN p.owing = 'team' THEN 'vendor'
    WHEN p.owing <> 'both' THEN p.owing
    WHEN c.outcome IN ('late', 'missed') AND c.cause <> '' THEN c.cause
    ELSE side.name END
"""

_COUNT = "sum(c.sign) FILTER (WHERE c.outcome = '{0}')"

# Parameters: those of the choice. A clock that was set back writes no outcome before its promise.
SETTLE = f"""
WITH chosen AS MATERIALIZED ({{choose}}),
entries AS (
    INSERT INTO ledger_entry (recorded_at, promise_id, kind, at, by_id, cause, reason)
    SELECT greatest(c.recorded_at, p.promised_at), c.promise_id, CASE WHEN sign < 0 THEN 'corrected' ELSE outcome END,
           CASE WHEN sign < 0 THEN c.recorded_at ELSE happened_at END, c.by_id, c.cause, c.reason
    FROM chosen c JOIN ledger_promise p ON p.id = c.promise_id
),
standings AS (
    UPDATE ledger_standing s
    SET outcome = CASE WHEN c.sign > 0 THEN c.outcome END,
        outcome_at = CASE WHEN c.sign > 0 THEN c.happened_at END,
        cause = CASE WHEN c.sign > 0 THEN c.cause ELSE '' END,
        rests_from = NULL
    FROM chosen c WHERE c.promise_id = s.promise_id
),
counted AS (
    SELECT date_trunc('month', c.due_at AT TIME ZONE 'UTC')::date AS month, side.name AS side, p.partner_id, p.routine,
           c.person_id, p.kept_through,
           coalesce({_COUNT.format("kept")}, 0) AS kept, coalesce({_COUNT.format("late")}, 0) AS late,
           coalesce({_COUNT.format("missed")}, 0) AS missed, coalesce({_COUNT.format("waived")}, 0) AS waived,
           coalesce(sum(c.sign * extract(epoch FROM c.happened_at - c.due_at)::bigint)
                    FILTER (WHERE c.outcome = 'late'), 0) AS late_seconds
    FROM chosen c JOIN ledger_promise p ON p.id = c.promise_id CROSS JOIN LATERAL (SELECT side.name FROM {_SIDES}) side
    GROUP BY 1, 2, 3, 4, 5, 6
),
tallies AS (
    INSERT INTO ledger_tally AS t (month, side, partner_id, routine, person_id, kept_through,
                                   kept, late, missed, waived, late_seconds)
    SELECT * FROM counted ORDER BY partner_id, month, side, routine, person_id, kept_through
    ON CONFLICT ON CONSTRAINT one_tally DO UPDATE SET
        kept = t.kept + excluded.kept, late = t.late + excluded.late, missed = t.missed + excluded.missed,
        waived = t.waived + excluded.waived, late_seconds = t.late_seconds + excluded.late_seconds
)
SELECT promise_id, outcome FROM chosen
"""

# The tolerance and the time until the miss move with the due moment.
REDATE = """
WITH chosen AS (
    SELECT promise_id FROM ledger_standing WHERE promise_id = %(id)s AND outcome IS NULL FOR UPDATE
),
entries AS (
    INSERT INTO ledger_entry (recorded_at, promise_id, kind, at, by_id, reason, due_at)
    SELECT greatest(%(at)s, p.promised_at), p.id, 'redated', %(at)s, %(by)s, %(reason)s, %(due_at)s
    FROM chosen JOIN ledger_promise p ON p.id = chosen.promise_id
)
UPDATE ledger_standing s
SET due_at = %(due_at)s, deadline_at = s.deadline_at + (%(due_at)s - s.due_at), miss_at = s.miss_at + (%(due_at)s - s.due_at)
FROM chosen c WHERE c.promise_id = s.promise_id
RETURNING s.promise_id
"""

# The other side has its turn. Parameters: ids, at.
REST = """
WITH chosen AS (
    SELECT promise_id FROM ledger_standing
    WHERE promise_id = ANY(%(ids)s) AND outcome IS NULL AND rests_from IS NULL ORDER BY promise_id FOR UPDATE
),
entries AS (
    INSERT INTO ledger_entry (recorded_at, promise_id, kind, at)
    SELECT greatest(%(at)s, p.promised_at), p.id, 'rested', %(at)s FROM chosen JOIN ledger_promise p ON p.id = chosen.promise_id
)
UPDATE ledger_standing s SET rests_from = %(at)s FROM chosen c WHERE c.promise_id = s.promise_id
"""

# It has answered: the promise is due when the working time that was left has passed. Parameters: ids, due_ats, at.
RESUME = """
WITH chosen AS (
    SELECT s.promise_id, told.due_at FROM ledger_standing s
    JOIN unnest(%(ids)s::bigint[], %(due_ats)s::timestamptz[]) AS told (promise_id, due_at) USING (promise_id)
    WHERE s.outcome IS NULL AND s.rests_from IS NOT NULL ORDER BY s.promise_id FOR UPDATE OF s
),
entries AS (
    INSERT INTO ledger_entry (recorded_at, promise_id, kind, at, due_at)
    SELECT greatest(%(at)s, p.promised_at), p.id, 'resumed', %(at)s, chosen.due_at
    FROM chosen JOIN ledger_promise p ON p.id = chosen.promise_id
)
UPDATE ledger_standing s
SET due_at = c.due_at, deadline_at = s.deadline_at + (c.due_at - s.due_at), miss_at = s.miss_at + (c.due_at - s.due_at),
    rests_from = NULL
FROM chosen c WHERE c.promise_id = s.promise_id
"""

# What every standing must be, told from promises and entries alone.
RETOLD = """
SELECT p.id AS promise_id,
       coalesce(redated.due_at, p.original_due_at) AS due_at,
       p.original_deadline_at + (coalesce(redated.due_at, p.original_due_at) - p.original_due_at) AS deadline_at,
       p.original_miss_at + (coalesce(redated.due_at, p.original_due_at) - p.original_due_at) AS miss_at,
       CASE WHEN last.kind IN ('kept', 'late', 'missed', 'waived') THEN last.kind END AS outcome,
       CASE WHEN last.kind IN ('kept', 'late', 'missed', 'waived') THEN last.at END AS outcome_at,
       CASE WHEN last.kind IN ('kept', 'late', 'missed', 'waived') THEN last.cause ELSE '' END AS cause,
       CASE WHEN last.kind = 'rested' THEN last.at END AS rests_from
FROM ledger_promise p
JOIN LATERAL (
    SELECT kind, at, cause FROM ledger_entry e WHERE e.promise_id = p.id AND e.kind <> 'redated' ORDER BY id DESC LIMIT 1
) last ON true
LEFT JOIN LATERAL (
    SELECT due_at FROM ledger_entry e WHERE e.promise_id = p.id AND e.kind IN ('redated', 'resumed') ORDER BY id DESC LIMIT 1
) redated ON true
"""

DIFFERENCES = f"""
SELECT count(*) FROM ({RETOLD}) r FULL JOIN ledger_standing s USING (promise_id)
WHERE s.promise_id IS NULL OR r.promise_id IS NULL
   OR (s.due_at, s.deadline_at, s.miss_at, s.cause) IS DISTINCT FROM (r.due_at, r.deadline_at, r.miss_at, r.cause)
   OR s.rests_from IS DISTINCT FROM r.rests_from OR s.outcome IS DISTINCT FROM r.outcome OR s.outcome_at IS DISTINCT FROM r.outcome_at
"""

REBUILD_STANDINGS = f"""
UPDATE ledger_standing s
SET due_at = r.due_at, deadline_at = r.deadline_at, miss_at = r.miss_at, outcome = r.outcome,
    outcome_at = r.outcome_at, cause = r.cause, rests_from = r.rests_from
FROM ({RETOLD}) r WHERE r.promise_id = s.promise_id
"""

REBUILD_TALLIES = f"""
INSERT INTO ledger_tally (month, side, partner_id, routine, person_id, kept_through, kept, late, missed, waived, late_seconds)
SELECT date_trunc('month', c.due_at AT TIME ZONE 'UTC')::date, side.name, p.partner_id, p.routine, c.person_id,
       p.kept_through, count(*) FILTER (WHERE c.outcome = 'kept'), count(*) FILTER (WHERE c.outcome = 'late'),
       count(*) FILTER (WHERE c.outcome = 'missed'), count(*) FILTER (WHERE c.outcome = 'waived'),
       coalesce(sum(extract(epoch FROM c.outcome_at - c.due_at)::bigint) FILTER (WHERE c.outcome = 'late'), 0)
FROM ledger_standing c JOIN ledger_promise p ON p.id = c.promise_id
CROSS JOIN LATERAL (SELECT side.name FROM {_SIDES}) side
WHERE c.outcome IS NOT NULL
GROUP BY 1, 2, 3, 4, 5, 6
"""
