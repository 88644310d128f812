"""How time and memory grow with the number of responses: python benchmarks/growth.py [N ...].

For each size a Jisc export is made up (a list of thirteen options to tick, a dozen spellings of each force area, words with
quotation marks and line ends), once as it is and once with an issue in every twentieth row, then taken from raw over staged
to marts. Beside it come loading the same file in DuckDB,
counting its rows there, and the same normalisation in polars and in pandas. Each runs in a process of its own, so that its
peak memory is its own, and all must count the same ticks by option and area. On a machine that others use, too, processor
time says more than time by the clock. Polars is not among the tools of the
project: `pip install polars` for its line of the table.
"""

from __future__ import annotations

import csv
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice, product
from pathlib import Path

from landscape.paths import ProjectPaths
from landscape.surveys.definition import Survey, read_survey

CHECKOUT = ProjectPaths(Path(__file__).resolve().parent.parent)
SIZES = (100_000, 1_000_000)
HEADINGS = (
    "Unique Response Number",
    "1. Which police force area do you work in?",
    "2. Which topics should be covered?",
    "2.a. If you selected Other, please specify:",
    "3. Why these?",
    "Start Date",
    "Completion Date",
)
WORDS = ("Because", 'so-called "engagement"', "it works,", "or so they say.\nOne day", "we shall see", "– perhaps")
SPELLINGS_PER_AREA = 12
ROWS_MADE_AT_ONCE = 5000
ROWS_TO_AN_ISSUE = 20
LONGEST = 3600  # seconds, for any one way
Ticks = dict[str, int]
"""Ticks by "option code|force area code", an area that is not known as an empty text."""


def growing_survey() -> Survey:
    """The survey that is measured with."""
    return read_survey(Path(__file__).resolve().parent / "growing_survey", CHECKOUT.reference)


def area_spellings() -> dict[str, str]:
    """A dozen spellings of each force area, with its code: reviewed ones in several ways of writing."""
    written: dict[str, list[str]] = {}
    with (CHECKOUT.reference / "aliases.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["alias_use"] == "decides":
                ways = (row["alias"], row["alias"].upper(), row["alias"].lower(), f" {row['alias']} ")
                written.setdefault(row["force_area_code"], []).extend(ways)
    return {way: code for code, ways in written.items() for way in list(dict.fromkeys(ways))[:SPELLINGS_PER_AREA]}


def made_up_rows(n_rows: int, *, has_issues: bool = False) -> Iterator[list[str]]:
    """Responses, the same ones each time: a few thousand answers, each with a number of its own.

    Args:
        n_rows: How many.
        has_issues: In every twentieth row, the area is none that is known.
    """
    draw = random.Random(2017)  # noqa: S311 - made-up answers
    labels = [option.label for option in growing_survey().questionnaire.by_name["topics"].options]
    spellings = [*area_spellings(), "Northumberland Police", ""]
    answers = []
    for _ in range(ROWS_MADE_AT_ONCE):
        ticked = sorted(draw.sample(labels, draw.randint(0, len(labels))), key=labels.index)
        words = " ".join(draw.choices(WORDS, k=draw.randint(0, 12)))
        own_words = "own words, and more" if labels[-1] in ticked else ""
        answers.append([draw.choice(spellings), ",".join(ticked), own_words, words])
    day = "20/06/2017 12:00:00"
    if has_issues:
        answers = [
            ["Nowhere", *rest] if n % ROWS_TO_AN_ISSUE == 0 else [area, *rest]
            for n, (area, *rest) in enumerate(answers)
        ]
    numbered = (f"1-{number}" for number in range(1, n_rows + 1))
    repeated = (answer for _, answer in product(range(n_rows // ROWS_MADE_AT_ONCE + 1), answers))
    return ([number, *answer, day, day] for number, answer in islice(zip(numbered, repeated, strict=False), n_rows))


def ours(export: Path, folder: Path) -> Ticks:
    """Raw, staged and marts, as in a refresh but without Dagster and publishing."""
    sys.path.insert(0, str(CHECKOUT.root / "tests"))
    from marts_landscape import make_tables

    from landscape.staging_db import StagingDatabase, open_staging_db

    paths = ProjectPaths(folder)
    (paths.raw / "growing_survey").mkdir(parents=True)
    (paths.raw / "growing_survey" / "export.csv").symlink_to(export)
    paths.reference.symlink_to(CHECKOUT.reference)
    with open_staging_db(paths.staging_db, paths.lock) as con:
        make_tables(StagingDatabase(con, paths), (growing_survey(),))
        rows = con.execute(
            "SELECT option_code || '|' || force_area_code, n_selected FROM marts.survey_breakdown "
            "WHERE question = 'topics' AND force_area_code IS NOT NULL AND n_selected > 0"
        ).fetchall()
    return dict(rows)


def duckdb_read(export: Path) -> str:
    """SQL that reads the export as text, everything explicit."""
    columns = ", ".join(f"'c{at}': 'VARCHAR'" for at in range(len(HEADINGS)))
    return (
        f"read_csv('{export}', header=true, delim=',', quote='\"', escape='\"', all_varchar=true, auto_detect=false, "
        f"columns={{{columns}}})"
    )


def loaded(export: Path, folder: Path) -> Ticks:
    """Loading the file in DuckDB, nothing else."""
    import duckdb

    with duckdb.connect(folder / "loaded.duckdb") as con:
        con.execute(f"CREATE TABLE loaded AS SELECT * FROM {duckdb_read(export)}")
    return {}


def counted(export: Path, _folder: Path) -> Ticks:
    """Counting the file's rows in DuckDB."""
    import duckdb

    with duckdb.connect() as con:
        con.execute(f"SELECT count(*) FROM {duckdb_read(export)}").fetchall()
    return {}


def option_marks() -> dict[str, tuple[str, str]]:
    """For each option its code and a mark that no option holds, longest label first."""
    options = growing_survey().questionnaire.by_name["topics"].options
    ordered = sorted(options, key=lambda option: len(option.label), reverse=True)
    return {option.label: (option.code, f"\x1e{number}\x1e") for number, option in enumerate(ordered)}


def in_polars(export: Path, _folder: Path) -> Ticks:
    """The same in polars: options with commas are protected by marks, then the cell is split."""
    import polars as pl

    cells = pl.read_csv(export, infer_schema=False, new_columns=[f"c{at}" for at in range(len(HEADINGS))])
    area = pl.col("c1").replace_strict(area_spellings(), default=None)
    topics = pl.col("c2")
    for label, (_, mark) in option_marks().items():
        topics = topics.str.replace_all(label, mark, literal=True)
    marks = {mark: code for code, mark in option_marks().values()}
    found = (
        cells.select(area=area, option=topics.str.split(","))
        .explode("option", empty_as_null=True, keep_nulls=True)
        .with_columns(pl.col("option").replace_strict(marks, default=None))
        .drop_nulls()
        .group_by("option", "area")
        .len()
    )
    return {f"{option}|{code}": n for option, code, n in found.iter_rows()}


def in_pandas(export: Path, _folder: Path) -> Ticks:
    """The same in pandas."""
    import pandas as pd

    cells = pd.read_csv(export, dtype=str, names=range(len(HEADINGS)), header=0)
    area = cells[1].map(area_spellings())
    topics = cells[2]
    for label, (_, mark) in option_marks().items():
        topics = topics.str.replace(label, mark, regex=False)
    marks = {mark: code for code, mark in option_marks().values()}
    found = pd.DataFrame({"area": area, "option": topics.str.split(",")}).explode("option")
    found["option"] = found["option"].map(marks)
    counts = found.dropna().groupby(["option", "area"]).size()
    return {f"{option}|{code}": int(n) for (option, code), n in counts.items()}


WAYS: dict[str, Callable[[Path, Path], Ticks]] = {
    "count(*) in DuckDB": counted,
    "loading in DuckDB": loaded,
    "raw, staged, marts": ours,
    "polars": in_polars,
    "pandas": in_pandas,
}


def measure(way: str, export: Path) -> None:
    """One way, in this process; prints seconds, peak memory and what was counted, as JSON."""
    with tempfile.TemporaryDirectory(dir=export.parent) as folder:
        begun = time.perf_counter()
        ticks = WAYS[way](export, Path(folder))
        seconds = time.perf_counter() - begun
    used = resource.getrusage(resource.RUSAGE_SELF)
    processor, peak = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024**2
    print(json.dumps({"seconds": seconds, "processor": processor, "gigabytes": peak, "ticks": ticks}))


def main(sizes: list[int]) -> None:
    """Measures every way at every size and prints the table."""
    for size, has_issues in product(sizes, (False, True)):
        with tempfile.TemporaryDirectory(prefix="landscape-growth-") as scratch:
            export = Path(scratch) / "export.csv"
            with export.open("w", encoding="utf-8", newline="") as stream:
                writer = csv.writer(stream, lineterminator="\r\n")
                writer.writerow(HEADINGS)
                writer.writerows(made_up_rows(size, has_issues=has_issues))
            issues = ", 5 % with an issue" if has_issues else ""
            print(f"\n{size:,} responses{issues}, {export.stat().st_size / 1e9:.2f} GB")
            print(
                f"{'':<20}  {'seconds':>8}  {'processor':>9}  {'GB at peak':>10}  {'x loading':>9}  {'x count(*)':>10}"
            )
            compare(export)


def compare(export: Path) -> None:
    """One size: every way in a process of its own; all that count must count the same."""
    seconds: dict[str, float] = {}
    agreed: Ticks = {}
    for way in WAYS:
        done = subprocess.run(
            [sys.executable, __file__, "--measure", way, str(export)],
            capture_output=True,
            text=True,
            check=False,
            timeout=LONGEST,
            cwd=CHECKOUT.root,
        )
        if done.returncode:
            print(f"{way:<20}  ended without a result ({(done.stderr.strip().splitlines() or ['killed'])[-1]})")
            continue
        found = json.loads(done.stdout)
        seconds[way] = found["processor"]
        ratios = [
            found["processor"] / seconds[base]
            for base in ("loading in DuckDB", "count(*) in DuckDB")
            if base in seconds
        ]
        shown = "  ".join(f"{ratio:{width}.1f}" for ratio, width in zip(ratios, (9, 10), strict=False))
        said = f"{found['seconds']:8.2f}  {found['processor']:9.2f}  {found['gigabytes']:10.2f}"
        print(f"{way:<20}  {said}  {shown}", flush=True)
        if found["ticks"]:
            agreed = agreed or found["ticks"]
            if found["ticks"] != agreed:
                raise SystemExit(f"{way} counts other ticks than the first way that counted")
    print(f"every way that counts ticks counts the same: {sum(agreed.values()):,} in {len(agreed)} cells")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(sys.argv[2], Path(sys.argv[3]))
    else:
        main([int(size) for size in sys.argv[1:]] or list(SIZES))
