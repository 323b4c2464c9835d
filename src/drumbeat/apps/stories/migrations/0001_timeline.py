from django.db import migrations

from drumbeat.apps.stories.schema import NO_TIMELINE, TIMELINE


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("events", "0002_what_events_concern"),
        ("partners", "0003_business_type"),
        ("ledger", "0003_commitments"),
        ("outbox", "0005_reminders"),
        ("meetings", "0003_run_live"),
        ("forms", "0001_initial"),
        ("deals", "0002_what_files_say"),
        ("routines", "0008_decisions"),
        ("reports", "0001_initial"),
    ]

    operations = [migrations.RunSQL(TIMELINE, NO_TIMELINE)]
