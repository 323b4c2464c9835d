from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('outbox', '0007_message_delivered_at')]

    operations = [
        migrations.CreateModel(
            name='Pace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('domain', models.CharField(max_length=254, unique=True)),
                ('minute_at', models.DateTimeField()),
                ('letters', models.PositiveIntegerField(default=0)),
            ],
        ),
    ]
