from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('outbox', '0006_optional_mail')]

    operations = [
        migrations.AddField(
            model_name='message', name='delivered_at', field=models.DateTimeField(null=True),
        ),
    ]
