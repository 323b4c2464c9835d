from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]

    operations = [
        migrations.AddConstraint(
            model_name="load",
            constraint=models.UniqueConstraint(fields=("noun", "digest"), name="one_load_a_file"),
        ),
    ]
