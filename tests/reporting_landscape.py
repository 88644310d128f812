"""A hand-made landscape for the report, small enough to work out every answer on paper. Not a test itself."""

from __future__ import annotations

import csv
import datetime
import hashlib
import struct
import zlib
from pathlib import Path

import pandas as pd
from frames import made_once_and_copied
from mapping_landscapes import mapping
from safe_frames import answers, member_areas, members, question, responses, round_of

AREAS = [  # code, name, region, population, force visits, commissioner visits, activities
    ("E23000002", "Cumbria", "North West", 498375, 0, 0, 0),
    ("E23000003", "Lancashire", "North West", 1490463, 1, 1, 4),
    ("E23000004", "Merseyside", "North West", 1416825, 1, 0, 6),
    ("E23000005", "Greater Manchester", "North West", 2798799, 2, 1, 9),
    ("E23000006", "Cheshire", "North West", 1054132, 1, 0, 0),
    ("E23000007", "Northumbria", "North East", 1447494, 1, 1, 5),
    ("E23000008", "Durham", "North East", 629851, 1, 1, 3),
    ("E23000013", "Cleveland", "North East", 565885, 0, 0, 0),
    ("E23000009", "North Yorkshire", "Yorkshire and The Humber", 823274, 0, 1, 2),
    ("E23000010", "West Yorkshire", "Yorkshire and The Humber", 2307035, 1, 1, 7),
    ("E23000011", "South Yorkshire", "Yorkshire and The Humber", 1393445, 1, 1, 4),
    ("E23000012", "Humberside", "Yorkshire and The Humber", 928999, 0, 0, 0),
]
OBJECTIVES = {
    "OBJ.INFORM": "Communicate key messages",
    "OBJ.TRUST": "Build trust",
    "OBJ.DIVERT": "Divert young people",
}
COMBINATIONS = [("OBJ.INFORM", 14, 6), ("OBJ.INFORM + OBJ.TRUST", 12, 5), ("OBJ.DIVERT + OBJ.TRUST", 1, 1)]
TOPICS = {"TOP.TECH": "New technologies and media", "TOP.SKILLS": "Officer skill and confidence"}
SHOWCASE = {
    "held_on": "2017-05-09",
    "city": "Leeds",
    "delegates": 71,
    "academic_presentations": 4,
    "unity_presentations": 1,
    "practice_presentations": 13,
    "theme_1": "Activities are wide-ranging and often combine multiple objectives",
    "theme_2": "The police cannot do everything themselves",
}


@made_once_and_copied
def landscape(
    *, is_sample: bool = True, hostile: str = "", n_answered: int = 40, small_region: bool = False
) -> dict[str, pd.DataFrame]:
    """Every table that the report reads; `hostile` is put wherever a label comes from outside."""
    areas = pd.DataFrame([_area(area, is_sample=is_sample) for area in AREAS])
    tables = {
        **mapping(areas, _activities(), is_sample=is_sample),
        "marts.force_areas": areas,
        "marts.coverage": pd.DataFrame(
            {
                "survey": ["showcase_follow_up"] * 2,
                "wave": ["2017"] * 2,
                "force_area_code": ["E23000003", "E23000002"],
                "force_area_name": ["Lancashire", "Cumbria"],
                "n_records": [7, 0],
                "state": ["value", "not_covered"],
                "first_on": [datetime.date(2017, 6, 1), None],
                "last_on": [datetime.date(2017, 7, 9), None],
                "is_sample": is_sample,
            }
        ),
        **_members(0 if small_region else 10, is_sample),
        "safe.survey_answers": _priorities(n_answered, is_sample),
        "safe.responses": responses("network_signup", 50, 71, is_sample=is_sample),
        "marts.objective_breakdown": _breakdown(hostile, is_sample),
        "marts.activity_types": _types(is_sample),
        **_challenges(is_sample),
        "marts.objective_regions": pd.DataFrame(
            [
                (region, code, name, 3 if region == "North West" else 0, 7, is_sample)
                for region in ("North East", "North West", "Yorkshire and The Humber")
                for code, name in OBJECTIVES.items()
            ],
            columns=[
                "region_name",
                "objective_code",
                "objective_name",
                "n_activities",
                "n_region_activities",
                "is_sample",
            ],
        ).assign(state=lambda rows: rows.n_activities.gt(0).map({True: "value", False: "zero"})),
        "marts.objective_combinations": pd.DataFrame(
            [
                (
                    codes,
                    " + ".join(OBJECTIVES[code] for code in codes.split(" + ")),
                    codes.count("+") + 1,
                    n,
                    n_areas,
                )
                for codes, n, n_areas in COMBINATIONS
            ],
            columns=["objective_codes", "objective_names", "n_objectives", "n_activities", "n_areas"],
        ).assign(is_sample=is_sample),
        "marts.context": _context(),
        **police_uk([]),
        "staged.submissions": pd.DataFrame(
            {
                "survey": ["showcase_follow_up", "visits"],
                "tool": ["limesurvey", "kobotoolbox"],
                "file_name": ["a.csv", "b.csv"],
                "n_rows": [45, 30],
                "is_sample": is_sample,
            }
        ),
        "staged.response_statuses": pd.DataFrame(
            {"survey": ["showcase_follow_up"] * 2, "status": ["counted", "duplicate"], "n_responses": [43, 2]}
        ),
        "staged.issue_counts": pd.DataFrame(
            {
                "survey": ["visits"],
                "field": [hostile or "force_area"],
                "reason": ["unknown_force_area"],
                "severity": ["warning"],
                "n_issues": [3],
            }
        ),
        "staged.decision_counts": pd.DataFrame(
            {"decision_kind": ["correction", "merge"], "n_applied": [4, 2], "n_refused": [1, 0]}
        ),
        "reference.agreement": pd.DataFrame(
            [
                ("objective", None, 0.82, 0.7, 0.91, 30, "used"),
                ("objective", "OBJ.TRUST", 0.7, 0.5, 0.88, 30, "tentative"),
            ],
            columns=["scheme", "code", "alpha", "alpha_low", "alpha_high", "n_units", "verdict"],
        ).assign(is_sample=is_sample),
        "reference.codebook": pd.DataFrame(
            [("objective", code, name, f"Definition of {name}.") for code, name in OBJECTIVES.items()]
            + [("topic", code, name, None) for code, name in TOPICS.items()],
            columns=["scheme", "code", "label", "definition"],
        ).assign(valid_to=None, replaced_by=None),
        "reference.showcase": pd.DataFrame({"fact": list(SHOWCASE), "fact_value": [str(v) for v in SHOWCASE.values()]}),
        "dictionary": pd.DataFrame(
            {
                "table_name": "marts.coverage",
                "field_name": ["survey", "n_records"],
                "type": ["string", "integer"],
                "description": [f"Name of the survey. {hostile}", "Records received."],
            }
        ),
    }
    return tables


def _activities() -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Area and objectives of each activity."""
    sets = [tuple(codes.split(" + ")) for codes, _, _ in COMBINATIONS]
    places = [code for code, *_, n in AREAS for _ in range(n)]
    return [((place,), sets[number % len(sets)]) for number, place in enumerate(places)]


def police_uk(themes: list[tuple[str, str | None, int]]) -> dict[str, pd.DataFrame]:
    """What was pulled from data.police.uk in October 2026: (area, theme, priorities); nothing at all where there is none."""
    asked = {area for area, _, _ in themes}
    month = datetime.date(2026, 10, 1) if themes else None
    areas = [(code, name, "value" if code in asked else "not_covered") for code, name, *_ in AREAS]
    rows = [row for code, *_ in areas for row in (t for t in themes if t[0] == code)]
    rows += [(code, None, None) for code, _, state in areas if state == "not_covered"]
    names = {code: name for code, name, _ in areas}
    return {
        "marts.police_uk_channels": pd.DataFrame(
            [(*area, "web" if themes else None) for area in areas],
            columns=["force_area_code", "force_area_name", "state", "contact_channel_code"],
        ),
        "marts.police_uk_events": pd.DataFrame(
            [(*area, month) for area in areas],
            columns=["force_area_code", "force_area_name", "state", "month_on"],
        ),
        "marts.police_uk_themes": pd.DataFrame(
            {
                "force_area_code": [code for code, _, _ in rows],
                "force_area_name": [names[code] for code, _, _ in rows],
                "month_on": pd.to_datetime([month if code in asked else None for code, _, _ in rows]),
                "theme_code": [theme for _, theme, _ in rows],
                "n_priorities": [n for _, _, n in rows],
                "state": ["value" if code in asked else "not_covered" for code, _, _ in rows],
            }
        ),
    }


def _area(area: tuple, *, is_sample: bool) -> dict:
    code, name, region, population, force, office, n = area
    visited = force + office > 0
    return {
        "force_area_code": code,
        "force_area_name": name,
        "force_name": f"{name} Police",
        "region_name": region,
        "population": population,
        "n_visits": force + office,
        "n_force_visits": force,
        "n_speakers": 2 * (force + office),
        "n_commissioner_visits": office,
        "first_visited_on": datetime.date(2017, 6, 1) if visited else None,
        "last_visited_on": datetime.date(2017, 9, 12) if visited else None,
        "n_activities": n,
        "is_visited": visited,
        "visits_state": "value" if visited else "not_covered",
        "state": ("value" if n else "zero") if visited else "not_covered",
        "is_sample": is_sample,
    }


def _members(in_north_east: int, is_sample: bool) -> dict[str, pd.DataFrame]:
    """Members as published; of Lancashire it is said that it has some."""
    by_region = {"North East": in_north_east, "North West": 25, "Yorkshire and The Humber": 10, "NOT_STATED": 5}
    by_type = {"ORG.FORCE": 30, "OTHERS": 20}
    return {
        "safe.members": members(by_region, by_type, is_sample=is_sample),
        "safe.member_areas": member_areas([area[:3] for area in AREAS], ["E23000003"], is_sample=is_sample),
    }


def _priorities(n_people: int, is_sample: bool) -> pd.DataFrame:
    """Half chose the first topic; a quarter the second."""
    asked = [
        question(f"{purpose}_{kind}", n_people, dict(zip(TOPICS, chosen, strict=True)), labels=TOPICS, silent=silent)
        for purpose in ("events", "research")
        for kind, chosen, silent in (
            ("topics", (n_people // 2, n_people // 4), n_people // 4),
            ("rank", (n_people // 4, 1), n_people * 3 // 4),
        )
    ]
    return answers(round_of("priority_survey", n_people, asked, is_sample=is_sample))


def _breakdown(hostile: str, is_sample: bool) -> pd.DataFrame:
    rows = [
        {
            "force_area_code": code,
            "force_area_name": name,
            "objective_code": objective,
            "objective_name": f"{words}{hostile}",
            "n_activities": min(n, 1),
            "n_area_activities": n,
            "activity_share": None,
            "state": ("value" if n else "zero") if force + office else "not_covered",
            "is_tentative": objective == "OBJ.TRUST",
            "is_sample": is_sample,
        }
        for code, name, _, _, force, office, n in AREAS
        for objective, words in OBJECTIVES.items()
    ]
    return pd.DataFrame(rows)


def _types(is_sample: bool) -> pd.DataFrame:
    rows = [
        {
            "force_area_code": code,
            "force_area_name": name,
            "activity_type_code": kind,
            "activity_type_name": words,
            "n_activities": n if kind == "ACT.MSG" else 0,
            "n_area_activities": n,
            "state": "not_covered" if force + office == 0 else "value" if n and kind == "ACT.MSG" else "zero",
            "is_sample": is_sample,
        }
        for code, name, _, _, force, office, n in AREAS
        for kind, words in (("ACT.MSG", "Messaging"), ("ACT.WALK", "Walks"))
    ]
    return pd.DataFrame(rows)


def _challenges(is_sample: bool) -> dict[str, pd.DataFrame]:
    """Funding is asserted about three areas, trust about one."""
    asserted = {"CHA.MONEY": ("E23000003", "E23000007", "E23000010"), "CHA.TRUST": ("E23000007",)}
    names = {"CHA.MONEY": "Funding", "CHA.TRUST": "Trust"}
    by_area = [
        {
            "force_area_code": code,
            "force_area_name": name,
            "challenge_code": challenge,
            "challenge_name": names[challenge],
            "n_assertions": (2 if code in where else 0) if force + office else None,
            "n_speaker_types": (1 if code in where else 0) if force + office else None,
            "state": ("value" if code in where else "zero") if force + office else "not_covered",
            "is_sample": is_sample,
        }
        for code, name, _, _, force, office, _ in AREAS
        for challenge, where in asserted.items()
    ]
    common = pd.DataFrame(
        {
            "challenge_code": list(asserted),
            "challenge_name": list(names.values()),
            "n_assertions": [6, 2],
            "n_areas": [3, 1],
            "n_speaker_types": [2, 1],
            **{f"n_by_{who}": [3, 1] for who in ("force_leads", "front_line")},
            **{f"n_by_{who}": [0, 0] for who in ("police_staff", "commissioners", "others")},
            "is_about_intermediaries": [False, False],
            "is_common": [True, False],
            "is_sample": is_sample,
        }
    )
    return {
        "marts.challenge_areas": pd.DataFrame(by_area).astype({"n_assertions": "Int64", "n_speaker_types": "Int64"}),
        "marts.common_challenges": common.assign(elsewhere=None),
    }


def _context() -> pd.DataFrame:
    rows = []
    for code, name, _, population, *_ in AREAS:
        for measure, words, unit, value in (
            ("pcsos", "Police community support officers", "full-time equivalent", 566.89),
            ("police_support_volunteers", "Police support volunteers", "headcount", 120),
        ):
            is_known = (code, measure) != ("E23000007", "police_support_volunteers")
            rows.append(
                {
                    "force_area_code": code,
                    "force_area_name": name,
                    "measure_code": measure,
                    "measure_name": words,
                    "unit": unit,
                    "measured_on": datetime.date(2017, 9, 30),
                    "measure_value": value if is_known else None,
                    "population": population,
                    "measure_per_100k": round(value / population * 100_000, 2) if is_known else None,
                    "state": "value" if is_known else "not_covered",
                    "note": None if is_known else "not available in the release",
                    "source": "Home Office, Police workforce, England and Wales, 30 September 2017 (OGL v3.0)",
                }
            )
    return pd.DataFrame(rows)


def figure_entry(folder: Path, figure_id: str, *, title: str, files: dict[str, bytes], **more: object) -> dict:
    """A manifest entry whose files lie in `folder`; the data table is written with it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{figure_id}.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(
            [
                ("force_area_name", "measure_per_100k", "label"),
                ("Durham", "24.571818", "'=1+1"),
                ("Cumbria", "7", title),
            ]
        )
    for kind, content in files.items():
        (folder / f"{figure_id}.{kind}").write_bytes(content)
    kinds = ["csv", *files]
    return {
        "id": figure_id,
        "title": title,
        "subtitle": "Areas by kind of visit",
        "caption": f"9 of 12 areas are covered. {title}",
        "alt": f"Map of twelve areas, nine of them visited. {title}",
        "long_description": f"Lancashire and eight others are shown as visited. {title}",
        "n": "12 areas",
        "coverage": "9 of 12 areas",
        "source": "Visits, 2017",
        "is_sample": True,
        "files": {
            kind: {
                "path": f"reports/figures/{figure_id}.{kind}",
                "sha256": hashlib.sha256((folder / f"{figure_id}.{kind}").read_bytes()).hexdigest(),
            }
            for kind in kinds
        },
        **more,
    }


def svg(words: str) -> bytes:
    """A picture with words in it."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 400" width="640" height="400">'
        '<rect width="640" height="400" fill="#E7EEF5"/>'
        '<rect x="40" y="60" width="300" height="300" fill="#12436D"/>'
        f'<text x="40" y="40" font-family="Open Sans" font-size="18">{words}</text></svg>'
    ).encode()


def png(width: int = 64, height: int = 40) -> bytes:
    """A picture of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + b"\x12\x43\x6d" * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
