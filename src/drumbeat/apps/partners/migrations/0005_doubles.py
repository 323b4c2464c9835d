"""Pairs of partners that may be one, and what was decided."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("partners", "0004_indexes_of_daily_pages"),
    ]
    operations = [
        migrations.CreateModel(
            name="Double",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("score", models.SmallIntegerField()),
                ("reasons", django.contrib.postgres.fields.ArrayField(models.CharField(max_length=120), default=list, size=None)),
                ("found_at", models.DateTimeField()),
                ("decision", models.CharField(blank=True, choices=[("same", "The same"), ("apart", "Not the same")], default="", max_length=5)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("first", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="partners.partner")),
                ("second", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="partners.partner")),
            ],
            options={
                "ordering": ["-score", "id"],
                "indexes": [models.Index(fields=["-score", "id"], condition=Q(decision=""), name="double_undecided")],
                "constraints": [
                    models.UniqueConstraint(fields=["first", "second"], name="one_double_a_pair"),
                    models.CheckConstraint(condition=Q(first__lt=F("second")), name="double_in_order"),
                ],
            },
        ),
    ]
