"""The database keeps a year of a partner side by side."""

from django.db import migrations

from drumbeat.apps.sales.sheets import CREATE_SHEETS, DROP_SHEETS


class Migration(migrations.Migration):
    dependencies = [("sales", "0004_months_of_lines")]
    operations = [migrations.RunSQL(CREATE_SHEETS, DROP_SHEETS)]
