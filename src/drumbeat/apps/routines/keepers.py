"""Who keeps the promises of a subscription on a day, as SQL for sets: another owner where one was agreed, else the manager,
else the person it is about; during a leave what falls due before the return is the cover's.
"""

# For a subscription `s`: `manager_id` is whose it is, `cover_id` who stands in, for what is due before `covered_until`.
# Parameter: on, the vendor's day.
KEEPER = """coalesce(o.owner_id, a.person_id, s.person_id) AS manager_id,
       CASE WHEN s.partner_id IS NULL THEN l.cover_id ELSE c.person_id END AS cover_id, l.covered_until"""
KEEPER_JOINS = """
LEFT JOIN (
    SELECT DISTINCT ON (subscription_id) subscription_id, owner_id FROM routines_override
    WHERE kind = 'owner' AND withdrawn_at IS NULL AND from_on <= %(on)s AND (until_on IS NULL OR until_on > %(on)s)
    ORDER BY subscription_id, from_on DESC, id DESC
) o ON o.subscription_id = s.id
LEFT JOIN partners_assignment a ON a.partner_id = s.partner_id
    AND a.from_on <= %(on)s AND (a.until_on IS NULL OR a.until_on > %(on)s)
LEFT JOIN (
    SELECT DISTINCT ON (leave.person_id) leave.id, leave.person_id, leave.cover_id,
           leave.until_on::timestamp AT TIME ZONE account.zone AS covered_until
    FROM people_leave leave JOIN people_account account ON account.id = leave.person_id
    WHERE leave.state = 'approved' AND leave.from_on <= %(on)s AND leave.until_on > %(on)s
    ORDER BY leave.person_id, leave.until_on DESC
) l ON l.person_id = coalesce(o.owner_id, a.person_id, s.person_id)
LEFT JOIN partners_cover c ON c.leave_id = l.id AND c.partner_id = s.partner_id
"""
# The same for all subscriptions, a row each.
KEEPERS = (
    f"SELECT s.id AS subscription_id, s.partner_id, {KEEPER} FROM routines_subscription s {KEEPER_JOINS}"  # noqa: S608
)

# Who has what is due then; `{0}` names the row of KEEPERS, `{1}` the due moment.
HAND = (
    "CASE WHEN {0}.cover_id IS NOT NULL AND {1} < {0}.covered_until THEN {0}.cover_id ELSE {0}.manager_id END"
)
