"""The questions of Today in SQL: constants of the house, without values. Opened all day long, they are written for speed."""

# The steps on a person's lists, each with the name of its list. Whether a promise is broken is looked up only where it
# decides: for steps of today that keep one.
LISTED = """
WITH listed AS (
    SELECT s.id, s.occurrence_id, p.title, s.due_at, coalesce(s.minutes, p.minutes) AS minutes,
           CASE WHEN s.side = 'partner' OR (s.due_at <= %(at)s AND EXISTS (
                    SELECT FROM routines_occurrence o JOIN ledger_standing l ON l.promise_id = o.promise_id
                    WHERE o.id = s.occurrence_id AND l.rests_from IS NOT NULL)) THEN 'waiting'
                WHEN s.due_at < %(today_from)s THEN 'overdue'
                WHEN p.keeps AND s.due_at <= %(at)s AND EXISTS (
                    SELECT FROM routines_occurrence o JOIN ledger_standing l ON l.promise_id = o.promise_id
                    WHERE o.id = s.occurrence_id AND l.deadline_at <= %(at)s) THEN 'overdue'
                WHEN s.due_at < %(today_until)s THEN 'today' ELSE 'this_week' END AS list
    FROM routines_step s JOIN routines_playbookstep p ON p.id = s.playbook_step_id
    WHERE s.state = 'open' AND NOT s.is_machine
      AND (s.assignee_id = %(person)s OR (s.assignee_id IS NULL AND s.role = ANY(%(pools)s)))
      AND CASE s.side WHEN 'partner' THEN s.starts_at <= %(at)s ELSE s.due_at < %(week_until)s END
)
"""
FIRST_OF_EACH = (
    LISTED
    + """, placed AS (
    SELECT *, row_number() OVER (PARTITION BY list ORDER BY due_at, id) AS place,
           count(*) OVER (PARTITION BY list) AS in_all, sum(minutes) OVER (PARTITION BY list) AS in_minutes
    FROM listed
)
SELECT list, id, in_all, in_minutes FROM placed WHERE place <= %(page)s ORDER BY list, place
"""
)
ON_PAPER = (
    LISTED
    + """
SELECT l.list, l.id, l.title, coalesce(partner.name, ''), l.due_at, l.minutes
FROM listed l JOIN routines_occurrence o ON o.id = l.occurrence_id JOIN routines_subscription u ON u.id = o.subscription_id
LEFT JOIN partners_partner partner ON partner.id = u.partner_id
ORDER BY l.due_at, l.id LIMIT %(page)s
"""
)
OVERDUE = f"{LISTED} SELECT count(*) FROM listed WHERE list = 'overdue'"

# One statement instead of a graph of models: Today is opened all day long, and shows fifty of these. The last columns tell
# the last mail or report of the occurrence that the machine did, or could not do. The ids are unnested so that the server
# plans for no particular number of them, and keeps the one plan: to plan this anew costs more than to answer it.
LINES = """
SELECT s.id AS step_id, p.title, s.kind, s.side, s.state, s.role, s.assignee_id, s.done_by_id, s.due_at, s.postponed_from,
       coalesce(s.minutes, p.minutes) AS minutes, p.keeps OR s.promise_id IS NOT NULL AS keeps, s.occurrence_id, s.meeting_id,
       m.starts_at AS meets_at, u.person_id, coalesce(a.name, '') AS person,
       coalesce(away.name, '') AS covers_for, away.until_on AS covers_until, o.version_id,
       partner.key, partner.name, partner.zone, promise.id, promise.text, standing.due_at, standing.deadline_at, standing.outcome,
       standing.rests_from,
       deed.title, deed.kind, deed.state, deed.done_at
FROM routines_step s
JOIN routines_playbookstep p ON p.id = s.playbook_step_id
JOIN routines_occurrence o ON o.id = s.occurrence_id
JOIN routines_subscription u ON u.id = o.subscription_id
JOIN ledger_promise promise ON promise.id = coalesce(s.promise_id, o.promise_id)
JOIN ledger_standing standing ON standing.promise_id = promise.id
LEFT JOIN partners_partner partner ON partner.id = u.partner_id
LEFT JOIN people_account a ON a.id = u.person_id
LEFT JOIN meetings_meeting m ON m.id = s.meeting_id
LEFT JOIN LATERAL (
    SELECT who.name, leave.until_on FROM partners_cover c
    JOIN people_leave leave ON leave.id = c.leave_id AND leave.state = 'approved' AND leave.until_on > s.due_at::date
    JOIN people_account who ON who.id = leave.person_id
    WHERE c.partner_id = u.partner_id AND c.person_id = s.assignee_id ORDER BY leave.from_on LIMIT 1
) away ON true
LEFT JOIN LATERAL (
    SELECT what.title, d.kind, d.state, d.done_at
    FROM routines_step d JOIN routines_playbookstep what ON what.id = d.playbook_step_id
    WHERE d.occurrence_id = s.occurrence_id AND d.kind IN ('mail', 'report') AND d.state IN ('done', 'failed')
    ORDER BY d.done_at DESC LIMIT 1
) deed ON true
WHERE s.id = ANY(ARRAY(SELECT unnest(%s::bigint[])))
"""

JUST_DONE = """
SELECT id FROM routines_step WHERE done_by_id = %(person)s AND NOT is_machine AND recorded_at > %(since)s
ORDER BY due_at, id LIMIT %(page)s
"""

# Minutes of a week by day: what is done counts on its day, what is open when it is due.
LOADS = """
SELECT (CASE s.state WHEN 'done' THEN s.done_at ELSE s.due_at END AT TIME ZONE %(zone)s)::date AS day, s.state,
       sum(coalesce(s.minutes, p.minutes))
FROM routines_step s JOIN routines_playbookstep p ON p.id = s.playbook_step_id
WHERE s.assignee_id = %(person)s AND NOT s.is_machine AND s.side = 'vendor'
  AND (s.state = 'done' AND s.done_at >= %(since)s AND s.done_at < %(until)s
       OR s.state = 'open' AND s.due_at >= %(since)s AND s.due_at < %(until)s)
GROUP BY 1, 2
"""

# What the machine did for these partners (a query of their ids) by kind of step, and what stands with an error.
MACHINE_DEEDS = """
SELECT CASE WHEN s.state = 'done' THEN s.kind ELSE 'stuck' END, count(*)
FROM routines_step s JOIN routines_occurrence o ON o.id = s.occurrence_id
JOIN routines_subscription u ON u.id = o.subscription_id
WHERE (s.state = 'done' AND s.is_machine AND s.done_at >= %s AND s.done_at < %s OR s.state IN ('failed', 'uncertain'))
  AND u.partner_id IN ({partners})
GROUP BY 1
"""
