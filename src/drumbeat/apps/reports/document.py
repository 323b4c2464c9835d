"""An edition as one JSON document: what other systems read, and what its CSV files and workbook are written from."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from .models import Edition
from .tables import Table, tables_of


def document_of(edition: Edition) -> dict[str, Any]:
    """Plain values only. Money is in the document's currency, percent means of a hundred."""
    data = edition.data
    return {
        "report": edition.report,
        "title": edition.title,
        "vendor": data["vendor"],
        "subject": data["subject"],
        "period": {
            "name": data["period"],
            "from": edition.period_from.isoformat(),
            "until": edition.period_until.isoformat(),
        },
        "as_of": edition.built_at.isoformat(),
        "currency": data["currency"],
        "summary": data["summary"],
        "tables": [_table(table) for table in tables_of(edition)],
        "definitions": data["definitions"],
        "metrics": data.get("metrics", []),
    }


def edition_json(edition: Edition) -> bytes:
    return json.dumps(document_of(edition), ensure_ascii=False, indent=1).encode()


def _table(table: Table) -> dict[str, Any]:
    columns = [{"name": name, "kind": kind} for name, kind in zip(table.columns, table.kinds, strict=True)]
    rows = [[_plain(cell) for cell in row] for row in table.rows]
    return {"key": table.key, "title": table.title, "columns": columns, "rows": rows}


def _plain(cell: Any) -> Any:
    return cell.isoformat() if isinstance(cell, date | datetime) else cell
