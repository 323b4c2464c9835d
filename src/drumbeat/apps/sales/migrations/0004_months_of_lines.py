"""Months learn what their lines cost, their first and last day, and when they changed last."""

from django.db import migrations, models
from django.db.models import Q

FILL = """
UPDATE sales_sellthrough m SET cost = of_lines.cost, costed = of_lines.costed, first_on = of_lines.first_on,
       last_on = of_lines.last_on, changed_at = of_lines.changed_at
FROM (SELECT partner_id, date_trunc('month', sold_on)::date AS month, sum(cost) FILTER (WHERE replaced_at IS NULL) AS cost,
             sum(amount) FILTER (WHERE cost IS NOT NULL AND replaced_at IS NULL) AS costed,
             min(sold_on) FILTER (WHERE replaced_at IS NULL) AS first_on, max(sold_on) FILTER (WHERE replaced_at IS NULL) AS last_on,
             max(greatest(loaded_at, replaced_at)) AS changed_at
      FROM sales_line GROUP BY 1, 2) of_lines
WHERE m.partner_id = of_lines.partner_id AND m.month = of_lines.month AND m.has_lines
"""


class Migration(migrations.Migration):
    dependencies = [("sales", "0003_sale")]
    operations = [
        migrations.AddField("sellthrough", "cost", models.DecimalField(max_digits=18, decimal_places=4, null=True)),
        migrations.AddField("sellthrough", "costed", models.DecimalField(max_digits=18, decimal_places=4, null=True)),
        migrations.AddField("sellthrough", "first_on", models.DateField(null=True)),
        migrations.AddField("sellthrough", "last_on", models.DateField(null=True)),
        migrations.AddField("sellthrough", "changed_at", models.DateTimeField(null=True)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "sellthrough",
            models.CheckConstraint(
                condition=Q(has_lines=False)
                | Q(first_on__isnull=False, last_on__isnull=False, changed_at__isnull=False),
                name="a_month_of_lines_knows_its_days",
            ),
        ),
        migrations.AddIndex("sellthrough", models.Index(fields=["month"], name="figure_by_month")),
        migrations.AddIndex(
            "sellthrough",
            models.Index(fields=["changed_at"], condition=Q(changed_at__isnull=False), name="figure_changed"),
        ),
        migrations.AddIndex(
            "sellthrough",
            models.Index(fields=["received_at"], condition=Q(has_lines=False), name="figure_received"),
        ),
        migrations.AddIndex(
            "line",
            models.Index(fields=["replaced_at"], condition=Q(replaced_at__isnull=False), name="line_replaced_at"),
        ),
    ]
