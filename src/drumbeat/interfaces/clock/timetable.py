"""When the clock calls, as cron rules in UTC. What is due is asked of the house each time: a missed call is made up by the next."""

TICK = "* * * * *"
WORK = "* * * * *"
MAILBOX = "*/2 * * * *"
REMINDERS = "*/10 * * * *"
NIGHT = "7 * * * *"  # each hour; the house knows whether its night is over
TIDYING = "37 * * * *"
