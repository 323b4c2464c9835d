from django.db import migrations

# All that was sold: lines, and the months of partners who report figures without lines.
SALE = """
CREATE VIEW sales_sale AS
SELECT id, partner_id, seller_id, territory_id, product_id, sold_on, quantity, amount, currency, amount_in_currency,
       cost, tax, freight, order_number, line_number, true AS is_line, load_id, loaded_at, replaced_at
FROM sales_line
UNION ALL
SELECT id, partner_id, NULL::bigint, NULL::bigint, NULL::bigint, month, NULL::numeric, amount, currency, amount,
       NULL::numeric, NULL::numeric, NULL::numeric, NULL::varchar, NULL::integer, false, NULL::bigint, received_at, NULL::timestamptz
FROM sales_sellthrough WHERE NOT has_lines
"""


class Migration(migrations.Migration):
    dependencies = [("sales", "0002_lines")]
    operations = [migrations.RunSQL(SALE, "DROP VIEW sales_sale")]
