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

# One statement instead of a graph of models: Today is opened all day long, and shows fifty of these.
LINES = """
SELECT s.id AS step_id, p.title, s.kind, s.side, s.state, s.role, s.assignee_id, s.done_by_id, s.due_at, s.postponed_from,
       coalesce(s.minutes, p.minutes) AS minutes, p.keeps OR s.promise_id IS NOT NULL AS keeps, s.occurrence_id, s.meeting_id,
       m.starts_at AS meets_at, u.person_id, coalesce(a.name, '') AS person,
       coalesce(away.name, '') AS covers_for, away.until_on AS covers_until, o.version_id,
       partner.key, partner.name, partner.zone, promise.id, promise.text, standing.due_at, standing.deadline_at, standing.outcome,
       standing.rests_from
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
WHERE s.id = ANY(%s)
"""

# Of each occurrence the last mail or report that was done or failed.
DEEDS = """
SELECT DISTINCT ON (s.occurrence_id) s.occurrence_id, p.title, s.kind, s.state, s.done_at
FROM routines_step s JOIN routines_playbookstep p ON p.id = s.playbook_step_id
WHERE s.occurrence_id = ANY(%s) AND s.kind IN ('mail', 'report') AND s.state IN ('done', 'failed')
ORDER BY s.occurrence_id, s.done_at DESC
"""
