"""SQL for sets of lines: staged texts become typed lines, are compared with those that count, and take their place.

A table `staged` with texts by field and the row's number must be there; all statements belong to one transaction.
Columns: (name, how it is read from `s`, field that it comes from).
"""

from __future__ import annotations

LOOKED_UP = (
    ("seller_id", "seller"),
    ("territory_id", "territory"),
    ("product_id", "product"),
    ("due_on", "due_on"),
    ("shipped_on", "shipped_on"),
    ("cost", "cost"),
    ("tax", "tax"),
    ("freight", "freight"),
)
SURE = ("sold_on", "quantity", "amount", "currency", "amount_in_currency")

INCOMING = """
CREATE TEMP TABLE incoming ON COMMIT DROP AS
WITH versions AS (
    SELECT id, number, CASE WHEN row_number() OVER version = 1 THEN '-infinity' ELSE from_on END AS from_on,
           coalesce(lead(from_on) OVER version, 'infinity') AS until_on
    FROM sales_product WINDOW version AS (PARTITION BY number ORDER BY from_on NULLS FIRST, id)
), days AS (
    SELECT DISTINCT currency, sold_on::date AS on FROM staged WHERE currency <> %(currency)s AND NOT %(reporting)s
), rates AS (
    SELECT days.currency, days.on, rate.rate FROM days CROSS JOIN LATERAL (
        SELECT rate FROM sales_rate WHERE currency = days.currency AND sales_rate.on BETWEEN days.on - 7 AND days.on
        ORDER BY sales_rate.on DESC LIMIT 1) rate
), worth AS (
    SELECT s.*, s.sold_on::date AS day, CASE WHEN %(reporting)s OR s.currency = %(currency)s THEN 1 ELSE rates.rate END AS rate
    FROM staged s LEFT JOIN rates ON rates.currency = s.currency AND rates.on = s.sold_on::date
)
SELECT s.row, coalesce(partner.merged_into_id, partner.id) AS partner_id, s."order" AS order_number, s.line::int AS line_number,
       seller.id AS seller_id, territory.id AS territory_id, coalesce(product.id, version.id) AS product_id,
       s.day AS sold_on, s.due_on::date AS due_on, s.shipped_on::date AS shipped_on, s.quantity::numeric(18,4) AS quantity,
       round(s.amount::numeric * s.rate, 4)::numeric(18,4) AS amount, s.currency::varchar(3) AS currency,
       s.amount::numeric(18,4) AS amount_in_currency, round(s.cost::numeric * s.rate, 4)::numeric(18,4) AS cost,
       round(s.tax::numeric * s.rate, 4)::numeric(18,4) AS tax, round(s.freight::numeric * s.rate, 4)::numeric(18,4) AS freight
FROM worth s
LEFT JOIN partners_partner partner ON partner.external_id = s.partner
LEFT JOIN sales_seller seller ON seller.key = s.seller
LEFT JOIN sales_salesterritory territory ON territory.key = s.territory
LEFT JOIN sales_product product ON product.key = s.product
LEFT JOIN versions version ON version.number = s.number AND s.day >= version.from_on AND s.day < version.until_on
"""

# (field, condition over s and i, reason, mend)
CHECKS = (
    ("partner", "i.partner_id IS NULL", "There is no partner {value}", "Load the partners first, or correct the cell"),
    ("seller", "s.seller IS NOT NULL AND i.seller_id IS NULL", "There is no person {value}", "Load the people first, or correct the cell"),
    ("territory", "s.territory IS NOT NULL AND i.territory_id IS NULL", "There is no territory {value}", "Load the territories first, or correct the cell"),
    ("product", "s.product IS NOT NULL AND i.product_id IS NULL", "There is no product {value}", "Load the products first, or correct the cell"),
    ("number", "s.number IS NOT NULL AND i.product_id IS NULL", "There is no product with the number {value}", "Load the products first, or correct the cell"),
    ("currency", "i.currency !~ '^[A-Z]{{3}}$'", "{value} is no currency", "Write three capital letters such as EUR"),
    ("currency", "i.amount IS NULL", "There is no rate of {value} for that day or the week before it", "Load the rates first, or say amounts: reporting"),
    ("sold_on", "i.sold_on > %(today)s", "{value} lies in the future", "Correct the day"),
    ("sold_on", "i.sold_on < '1980-01-01'", "{value} lies too far back", "Correct the day"),
)  # fmt: skip
WRONG = 'SELECT s.row, s."{field}" FROM staged s JOIN incoming i USING (row) WHERE {condition} ORDER BY s.row LIMIT 100001'

_LINE_KEY = "partner_id, order_number, line_number"
_COLUMNS = ", ".join([*SURE, *(name for name, _ in LOOKED_UP)])
TWICE = f"""
WITH several AS (SELECT {_LINE_KEY} FROM incoming GROUP BY {_LINE_KEY} HAVING count(*) > 1),
     seen AS (SELECT row, order_number || ' line ' || line_number AS value, ROW({_COLUMNS})::text AS content,
              first_value(ROW({_COLUMNS})::text) OVER same AS first_content, first_value(row) OVER same AS first_row
              FROM incoming JOIN several USING ({_LINE_KEY}) WINDOW same AS (PARTITION BY {_LINE_KEY} ORDER BY row))
SELECT row, value, first_row, content = first_content FROM seen WHERE row <> first_row ORDER BY row
"""
FORGET_ROWS = "DELETE FROM incoming WHERE row = ANY(%(rows)s)"

_KEPT = ", ".join(
    f"CASE WHEN '{field}' = ANY(%(mapped)s) THEN i.{name} ELSE l.{name} END AS {name}"
    for name, field in LOOKED_UP
)
_DIFFERS = " OR ".join(
    [f"i.{name} IS DISTINCT FROM l.{name}" for name in SURE]
    + [f"('{field}' = ANY(%(mapped)s) AND i.{name} IS DISTINCT FROM l.{name})" for name, field in LOOKED_UP]
)
MATCHED = f"""
CREATE TEMP TABLE matched ON COMMIT DROP AS
SELECT l.id AS old_id, l.load_id AS old_load, l.sold_on AS old_on, l.id IS NULL OR {_DIFFERS} AS is_written,
       {", ".join(f"i.{name}" for name in (*_LINE_KEY.split(", "), *SURE))}, {_KEPT}
FROM incoming i LEFT JOIN sales_line l
  ON l.partner_id = i.partner_id AND l.order_number = i.order_number AND l.line_number = i.line_number AND l.replaced_at IS NULL
"""
REPLACE = """
UPDATE sales_line SET replaced_by_load = %(load)s, replaced_at = %(at)s
FROM matched WHERE sales_line.id = matched.old_id AND matched.is_written
"""
WRITE = f"""
INSERT INTO sales_line ({_LINE_KEY}, {_COLUMNS}, load_id, loaded_at)
SELECT {_LINE_KEY}, {_COLUMNS}, %(load)s, %(at)s FROM matched WHERE is_written
"""
CLAIM = """
INSERT INTO sales_lineclaim (line_id, load_id, loaded_at)
SELECT old_id, %(load)s, %(at)s FROM matched WHERE NOT is_written AND old_load <> %(load)s
"""
COUNTS = """
SELECT count(*) FILTER (WHERE old_id IS NULL), count(*) FILTER (WHERE old_id IS NOT NULL AND is_written),
       count(*) FILTER (WHERE NOT is_written) FROM matched
"""
TOUCHED = """
CREATE TEMP TABLE touched ON COMMIT DROP AS
SELECT DISTINCT partner_id, date_trunc('month', sold_on)::date AS month FROM matched WHERE is_written
UNION SELECT DISTINCT partner_id, date_trunc('month', old_on)::date FROM matched WHERE is_written AND old_on IS NOT NULL
"""
# Months that had a figure without lines, as they were: the lines take their place.
FIGURES_BEFORE = """
SELECT m.id, to_jsonb(m) FROM sales_sellthrough m JOIN touched USING (partner_id, month) WHERE NOT m.has_lines
"""
SUM_MONTHS = """
INSERT INTO sales_sellthrough (partner_id, month, amount, currency, received_at, has_lines, cost, costed, first_on, last_on, changed_at)
SELECT l.partner_id, t.month, sum(l.amount), %(currency)s, min(l.loaded_at), true, sum(l.cost),
       sum(l.amount) FILTER (WHERE l.cost IS NOT NULL), min(l.sold_on), max(l.sold_on), %(at)s
FROM touched t JOIN sales_line l ON l.partner_id = t.partner_id AND l.sold_on >= t.month
 AND l.sold_on < t.month + interval '1 month' AND l.replaced_at IS NULL
GROUP BY l.partner_id, t.month
ON CONFLICT (partner_id, month) DO UPDATE SET amount = excluded.amount, currency = excluded.currency, has_lines = true,
   cost = excluded.cost, costed = excluded.costed, first_on = excluded.first_on, last_on = excluded.last_on,
   changed_at = greatest(sales_sellthrough.changed_at, excluded.changed_at),
   received_at = CASE WHEN sales_sellthrough.has_lines THEN least(sales_sellthrough.received_at, excluded.received_at)
                      ELSE excluded.received_at END
"""
EMPTY_MONTHS = """
DELETE FROM sales_sellthrough m USING touched t
WHERE m.partner_id = t.partner_id AND m.month = t.month AND m.has_lines AND NOT EXISTS (
    SELECT FROM sales_line l WHERE l.partner_id = t.partner_id AND l.sold_on >= t.month
    AND l.sold_on < t.month + interval '1 month' AND l.replaced_at IS NULL)
"""

# Taking a load back: what others claim becomes theirs; what it replaced counts again, unless a later load replaced it too.
TOUCHED_BY_LOAD = """
CREATE TEMP TABLE touched ON COMMIT DROP AS
SELECT DISTINCT partner_id, date_trunc('month', sold_on)::date AS month FROM sales_line
WHERE load_id = %(load)s OR replaced_by_load = %(load)s
"""
HAND_OVER = """
WITH heir AS (
    SELECT DISTINCT ON (c.line_id) c.id, c.line_id, c.load_id, c.loaded_at
    FROM sales_lineclaim c JOIN sales_line l ON l.id = c.line_id WHERE l.load_id = %(load)s AND c.load_id <> %(load)s
    ORDER BY c.line_id, c.loaded_at, c.id
), handed AS (
    UPDATE sales_line l SET load_id = heir.load_id, loaded_at = heir.loaded_at FROM heir WHERE l.id = heir.line_id
    RETURNING l.id, l.load_id, l.loaded_at, l.partner_id, l.order_number, l.line_number
), before AS (
    UPDATE sales_line l SET replaced_by_load = handed.load_id, replaced_at = handed.loaded_at FROM handed
    WHERE l.replaced_by_load = %(load)s AND l.partner_id = handed.partner_id AND l.order_number = handed.order_number
      AND l.line_number = handed.line_number
)
DELETE FROM sales_lineclaim c USING heir WHERE c.id = heir.id
"""
DROP_CLAIMS = "DELETE FROM sales_lineclaim WHERE load_id = %(load)s"
DELETED = f"""
CREATE TEMP TABLE gone ON COMMIT DROP AS
SELECT {_LINE_KEY}, replaced_by_load, replaced_at FROM sales_line WHERE load_id = %(load)s
"""
DELETE_LINES = "DELETE FROM sales_line WHERE load_id = %(load)s"
COUNT_AGAIN = """
UPDATE sales_line l SET replaced_by_load = gone.replaced_by_load, replaced_at = gone.replaced_at FROM gone
WHERE l.replaced_by_load = %(load)s AND l.partner_id = gone.partner_id AND l.order_number = gone.order_number
  AND l.line_number = gone.line_number
"""
