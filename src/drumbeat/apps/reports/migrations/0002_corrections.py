import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]
    operations = [
        migrations.AddField("edition", "differs_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "edition",
            "corrects",
            models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="correction", to="reports.edition"
            ),
        ),
    ]
