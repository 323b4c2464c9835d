from django.db import migrations

# The goals that the routine library serves; titles are the vendor's to change.
STANDARD = (
    ("grow", "Grow sell-through", "More business with the partners we have."),
    ("reach", "Wider coverage", "Capable partners wherever customers are."),
    ("activate", "Partners active", "New and sleeping partners begin to sell."),
    ("enable", "Partners able", "Their people know the product and prove it."),
    ("retain", "Partners stay", "Good partners have reasons to remain."),
    ("trust", "On time and fair", "Promises kept, the same rule for everybody."),
    ("craft", "Better craft", "Managers and routines improve."),
)


def write(apps, schema_editor):
    goals = apps.get_model("goals", "Goal").objects
    for key, title, purpose in STANDARD:
        goals.get_or_create(key=key, defaults={"title": title, "purpose": purpose})


class Migration(migrations.Migration):
    dependencies = [("goals", "0001_initial")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
