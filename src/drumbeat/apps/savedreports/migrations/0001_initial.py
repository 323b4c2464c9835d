
import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SavedReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=48, unique=True)),
                ('title', models.CharField(max_length=80)),
                ('purpose', models.CharField(blank=True, default='', max_length=200)),
                ('blueprint', models.JSONField()),
                ('readers', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('channel_manager', 'Channel manager'), ('director', 'Director'), ('partner_operations', 'Partner operations'), ('administrator', 'Administrator')], max_length=20), default=list, size=None)),
                ('saved_at', models.DateTimeField()),
                ('retired_at', models.DateTimeField(null=True)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='saved_reports', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['title', 'pk'],
            },
        ),
    ]
