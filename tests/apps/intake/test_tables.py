"""Files as tables: encodings, delimiters, row numbers; and what is no table."""

from __future__ import annotations

import codecs

import pytest

from drumbeat.apps.intake import tables
from drumbeat.apps.intake.tables import read_table
from drumbeat.core.refusal import Refused

TEXT = "name;city\r\nBäcker;Köln\r\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (codecs.BOM_UTF8 + TEXT.encode(), "utf-8-sig"),
        (TEXT.encode("cp1252"), "cp1252"),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "utf-16"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16"),
        (codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"), "utf-32"),
    ],
)
def test_the_encoding_is_found_out(data, encoding):
    table = read_table("list.csv", data)
    assert (table.encoding, table.columns) == (encoding, ("name", "city"))
    assert table.rows[0].cells == {"name": "Bäcker", "city": "Köln"}


def test_the_encoding_may_be_named():
    table = read_table("list.csv", "名前,市\n鈴木,東京\n".encode("shift-jis"), "shift-jis")
    assert table.rows[0].cells == {"名前": "鈴木", "市": "東京"}


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_out(sign):
    table = read_table("list.csv", f'"a,b;c"{sign}d{sign}e\n1{sign}2{sign}3\n'.encode())
    assert table.columns == ("a,b;c", "d", "e")
    assert list(table.rows[0].cells.values()) == ["1", "2", "3"]


def test_rows_count_as_in_a_spreadsheet():
    table = read_table("list.csv", b'a,b\n1,"two\nlines"\n\n , \n3,4\n')
    assert [row.number for row in table.rows] == [2, 5]
    assert table.rows[0].cells["b"] == "two\nlines"


def test_short_and_long_rows_are_counted():
    short, long, padded = read_table("list.csv", b"a,b,c\n1,2\n1,2,3,4,5\n1,2,3,,\n").rows
    assert (short.missing, long.surplus, padded.surplus) == (1, 2, 0)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "list.csv is empty"),
        (b" \n\n", "list.csv is empty"),
        (b"a,a\n1,2\n", r"row 1: the column \['a'\] is there twice"),
        (b"a,,c\n1,2,3\n", "row 1: a column has no name"),
        (b"a,b\n1,2\n3,\x81\n", "row 3: byte 0x81 .* neither UTF-8 nor Windows-1252"),
        (codecs.BOM_UTF16_LE + b"a\x00,", "list.csv, row 1: byte 0x2c .* not utf-16"),
        (codecs.BOM_UTF8 + b"a\n\xff\n", "list.csv, row 2: byte 0xff .* not utf-8"),
        (b'a,b\n1,2\n"open,3\n', "list.csv, row 3"),
        (b'a,b\n1,"x"y\n', "list.csv, row 2"),
        (b"a,b\n1," + b"x" * 200_000, "list.csv, row 2: field larger"),
    ],
)
def test_what_is_no_table_is_refused_with_its_place(data, words):
    with pytest.raises(Refused, match=words) as refusal:
        read_table("list.csv", data)
    assert refusal.value.mend


def test_an_unknown_encoding_and_a_vast_file_are_refused(monkeypatch):
    with pytest.raises(Refused, match="no encoding 'klingon'"):
        read_table("list.csv", b"a\n1\n", "klingon")
    monkeypatch.setattr(tables, "LARGEST", 3)
    with pytest.raises(Refused, match="has 4 bytes"):
        read_table("list.csv", b"a\n1\n")
