from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_corrections")]
    operations = [migrations.AddField("edition", "compared_at", models.DateTimeField(null=True))]
