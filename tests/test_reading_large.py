"""Large text files, which DuckDB reads: the same cells and lines as row by row, or row by row after all."""

import csv
import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from landscape.errors import ReceivedFileError
from landscape.surveys.cells import Row, cells_of, column_of, made_of, occurring
from landscape.surveys.dialects import textfiles
from landscape.surveys.dialects.largefiles import read_at_once
from landscape.surveys.dialects.textfiles import TextTable, read_text, read_text_rows

SMALL = textfiles.LARGE
CELLS = st.one_of(
    st.sampled_from(["", "A", "B, C", 'so-called "trust"', "a\nb", "a\r\nb", " ", "é", "\r"]), st.text(max_size=6)
)


def read(path: Path, large: int) -> TextTable | str:
    """The file as it is read if everything from a size on is large; or what is said of it."""
    textfiles.LARGE = large
    try:
        return read_text(path)
    except ReceivedFileError as error:
        return str(error)
    finally:
        textfiles.LARGE = SMALL


def held_against_rows(path: Path, content: bytes) -> TextTable | str:
    """What is read of a file; it is the same either way."""
    path.write_bytes(content)
    at_once, by_row = read(path, 0), read(path, len(content) + 1)
    assert at_once == by_row
    return at_once


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet='ab,;" \t\r\né\x00', max_size=40))
@example('a,b\r\n"x" ,y\r\n')
@example('a,b\n"x" ,y\n"x" ,y\n')
@example('a,b\nx, "y"\n')
@example("a,b\nx,y,\nz,w\n")
@example("a,b\n\nx,y\n\n")
@example('a,b\nx,"y\n\nz"\nv,w\n')
@example('a,b\nx,"y"z\n')
@example('a,b\nx,"y\n')
@example("\ufeffa,b\nx,y\n")
@example("a,b\rx,y\r")
@example("a,b\r\nx,y\nz,w\r\n")
def test_any_text_is_read_as_row_by_row(tmp_path_factory, text):
    held_against_rows(tmp_path_factory.mktemp("text") / "export.csv", text.encode())


@settings(max_examples=60, deadline=None)
@given(
    st.integers(2, 4).flatmap(lambda n: st.lists(st.lists(CELLS, min_size=n, max_size=n), min_size=1, max_size=12)),
    st.sampled_from(["\r\n", "\n"]),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
def test_rows_as_tools_write_them_are_read_as_row_by_row(tmp_path_factory, rows, line_end, quoting):
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator=line_end, quoting=quoting).writerows(
        [["one", "two", "three", "four"][: len(rows[0])], *rows]
    )
    content = written.getvalue().encode("utf-8", errors="replace")
    held_against_rows(tmp_path_factory.mktemp("rows") / "export.csv", content)


def test_a_whole_file_needs_no_reading_row_by_row(tmp_path):
    path = tmp_path / "export.csv"
    path.write_bytes('\ufeffID,"Why, and how?",Area\r\n1,"one\r\ntwo\nthree",\r\n2,,Durham\r\n'.encode())
    columns = read_at_once(path, ",", 3, 1)
    assert columns is not None
    assert [list(column.in_rows()) for column in columns] == [["1", "2"], ["one\r\ntwo\nthree", ""], ["", "Durham"]]
    table = read(path, 0)
    assert isinstance(table, TextTable)
    assert list(table.cells.rows()) == [Row(2, ("1", "one\r\ntwo\nthree", "")), Row(5, ("2", "", "Durham"))]


@pytest.mark.parametrize("row", ['"x" ,y', 'x, "y"', "x,y,", "", "x", "x,y,z"])
def test_what_duckdb_would_change_without_a_word_is_not_taken_from_it(row, tmp_path):
    path = tmp_path / "export.csv"
    path.write_bytes(f"a,b\n1,2\n{row}\n3,4\n".encode())
    assert read_at_once(path, ",", 2, 1) is None


def test_rows_of_another_length_keep_their_lines(tmp_path):
    table = held_against_rows(tmp_path / "export.csv", b'a,b\n1,"2\n2"\n\nx\n3,4\n1,2,3\n')
    assert isinstance(table, TextTable)
    assert [(row.line, row.cells) for row in table.cells.odd] == [(4, ()), (5, ("x",)), (7, ("1", "2", "3"))]
    assert table.cells.lines.tolist() == [2, 6]


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=30))
def test_cells_by_column_are_the_rows_they_were_made_of(rows):
    cells = cells_of((Row(line, row) for line, row in enumerate(rows, start=2)), 3)
    assert [row.cells for row in cells.rows()] == rows
    assert list(made_of(cells.columns, "|".join).in_rows()) == ["|".join(row) for row in rows]
    assert occurring(cells.columns)[0] == list(dict.fromkeys(rows))
    for at, column in enumerate(cells.columns):
        assert column == column_of(row[at] for row in rows)
        assert list(column.mapped(str.strip).in_rows()) == [row[at].strip() for row in rows]
    some = np.array([bool(row[0]) for row in rows], dtype=np.bool_)
    assert cells.of(some) == cells_of((Row(n, row) for n, row in enumerate(rows, start=2) if row[0]), 3)


def test_rows_read_for_rewriting_hold_the_headings_too(tmp_path):
    path = tmp_path / "export.csv"
    path.write_bytes(b"a,b\n1,2\n")
    assert read_text_rows(path)[0] == [Row(1, ("a", "b")), Row(2, ("1", "2"))]
