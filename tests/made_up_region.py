"""A made-up region of five areas: its reference folder, its surveys and what was received."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from exports import WRITERS
from exports.responses import Record, Response
from marts_landscape import CHECKOUT
from shipped import SURVEYS_FOLDER

from landscape.paths import ProjectPaths
from landscape.surveys.definition import Survey, read_surveys

UPPER, LOWER = "Upper Merrow", "Lower Merrow"
# Code: name, region, and west, south, east, north in degrees. Three in a row, two beneath; one is much smaller than the others.
AREAS = {
    "E23000901": ("Ashmere", UPPER, (0.0, 50.4, 0.5, 50.7)),
    "E23000902": ("Brackwater and the Long Marshes", UPPER, (0.5, 50.4, 1.0, 50.7)),
    "E23000903": ("Quillport", LOWER, (1.0, 50.55, 1.15, 50.7)),
    "E23000904": ("Dunfold", LOWER, (0.0, 50.1, 0.7, 50.4)),
    "E23000905": ("Ellingstow", LOWER, (0.7, 50.1, 1.2, 50.4)),
}
LANDSCAPE = """
names:
  title: Police-community engagement in the Vales of Merrow
  full: the Vales of Merrow
  short: the Vales
  network: Merrow Network of Neighbourhood Engagement
regions: [Upper Merrow, Lower Merrow]
"""
HERE_FOR_THERE = {
    "North of England Police-Community Engagement": "Merrow Neighbourhood Engagement",
    "the North": "the Vales",
}
_DAY = dt.date(2017, 6, 20)
_NOON = dt.datetime(2017, 6, 20, 12)  # noqa: DTZ001 - tools write local times


def make_region(root: Path) -> tuple[ProjectPaths, tuple[Survey, ...]]:
    """A project folder for the region, with what was received there, and the surveys that were asked."""
    paths = ProjectPaths(root / "project")
    paths.reference.mkdir(parents=True)
    _write_reference(paths.reference)
    shutil.copytree(SURVEYS_FOLDER, root / "surveys", ignore=shutil.ignore_patterns("__*"))
    for path in (root / "surveys").rglob("*.*"):
        path.write_text(_of_here(path.read_text(encoding="utf-8")), encoding="utf-8")
    surveys = read_surveys(root / "surveys", paths.reference)
    labels = {o.code: o.label for s in surveys for q in s.questionnaire.questions for o in q.options}
    for survey, responses in zip(surveys, (_visits(labels), _signups(labels), _priorities(labels)), strict=True):
        _export(paths, survey, responses)
    return paths, surveys


def _export(paths: ProjectPaths, survey: Survey, responses: Sequence[Response]) -> None:
    path = paths.raw / survey.name / f"export{'.csv' if survey.tool == 'jisc_online_surveys' else '.xlsx'}"
    path.parent.mkdir(parents=True)
    WRITERS[survey.tool].write(survey, responses, path)


def _of_here(text: str) -> str:
    for there, here in HERE_FOR_THERE.items():
        text = text.replace(there, here)
    return text


def _write_reference(folder: Path) -> None:
    """What the region knows of itself; codes and rules are those of the project, but for its name."""
    (folder / "landscape.yml").write_text(LANDSCAPE, encoding="utf-8")
    (folder / "force_areas.geojson").write_text(json.dumps(_boundaries()), encoding="utf-8")
    for name in ("codebook.csv", "rules.csv", "products.csv", "police_uk_codings.csv", "showcase.csv"):
        (folder / name).write_text(_of_here((CHECKOUT.reference / name).read_text(encoding="utf-8")), encoding="utf-8")
    per_area = {
        "force_areas.csv": "{code},{name},{name} Police,{id},{region},,",
        "aliases.csv": "{code},{name},ons_name,decides,made up",
        "governing_bodies.csv": "{code},Commissioner for {name},PCC,2012-11-22,,made up",
        "local_authorities.csv": "E06000{number},Borough of {name},{code},,",
        "universities.csv": "University of {name},{code},{id}.example,no,made up",
        "population.csv": "{code},{name},2017,410000,1,made up,made up",
        "workforce_2017.csv": "{code},2017-09-30,{number}.5,80,40,,made up",
    }
    for name, row in per_area.items():
        header = (CHECKOUT.reference / name).read_text(encoding="utf-8").splitlines()[0]
        rows = [
            row.format(code=code, number=code[-3:], name=area, id=area.split()[0].lower(), region=region)
            for code, (area, region, _) in AREAS.items()
        ]
        (folder / name).write_text("\n".join([header, *rows, ""]), encoding="utf-8")


def _boundaries() -> dict[str, object]:
    features = [
        {
            "type": "Feature",
            "properties": {"force_area_code": code, "force_area_name": name},
            "geometry": {"type": "Polygon", "coordinates": [[[w, s], [e, s], [e, n], [w, n], [w, s]]]},
        }
        for code, (name, _, (w, s, e, n)) in AREAS.items()
    ]
    return {"type": "FeatureCollection", "attribution": "Source: made up.", "features": features}


def _visits(labels: Mapping[str, str]) -> list[Response]:
    """Four of the five areas visited, six activities, a challenge that all of them name."""

    def said(codes: Mapping[str, str | Sequence[str]]) -> dict[str, object]:
        return {
            question: labels[code] if isinstance(code, str) else [labels[each] for each in code]
            for question, code in codes.items()
        }

    found = {
        "E23000901": ("ORG.FORCE", ["OBJ.TRUST", "OBJ.INFORM"]),
        "E23000902": ("ORG.OPCC", ["OBJ.TRUST"]),
        "E23000904": ("ORG.FORCE", ["OBJ.TRUST", "OBJ.TENSION"]),
        "E23000905": ("ORG.OPCC", ["OBJ.INFORM"]),
    }
    return [
        Response(
            number=f"V{i}",
            answers={
                "visited_on": _DAY,
                **said({"force_area": area, "organisation_type": kind, "visit_release_level": "REL.NAMED"}),
            },
            parts={
                "activities": [
                    Record(
                        f"V{i}-A{j}",
                        said(
                            {
                                "primary_objective": objective, "objective_basis": "BAS.STATED",
                                "activity_type": ("ACT.MSG", "ACT.YOUTH")[i % 2],
                                "activity_release_level": "REL.NAMED", "novelty": "NOV.2", "channels": ["CHN.ALERT"],
                                "audiences": ["AUD.YOUNG"],
                            }
                        ),
                    )
                    for j, objective in enumerate(objectives)
                ],
                "challenges": [
                    Record(
                        f"V{i}-C",
                        said(
                            {
                                "challenge": "CHL.RESOURCE",
                                "challenge_speaker_type": "SPK.FORCE_LEAD" if i % 2 else "SPK.OPCC",
                                "challenge_release_level": "REL.NAMED",
                            }
                        ),
                    )
                ],
            },
        )
        for i, (area, (kind, objectives)) in enumerate(found.items(), start=1)
    ]  # fmt: skip


def _people(labels: Mapping[str, str]) -> Iterable[tuple[int, dict[str, object]]]:
    for i in range(30):
        area = list(AREAS)[i % len(AREAS)]
        yield (
            i,
            {
                "organisation_type": labels[("ORG.FORCE", "ORG.OPCC", "ORG.UNI")[i % 3]],
                "force_area": labels[area],
                "role": labels[("ROL.LEAD", "ROL.ENGAGE")[i % 2]],
                "consent_analysis": "Yes",
            },
        )


def _signups(labels: Mapping[str, str]) -> list[Response]:
    joins = {
        "organisation": "An organisation",
        **dict.fromkeys(("join_network", "consent_network", "consent_area"), "Yes"),
    }
    return [
        _response(i, {**answers, **joins, "full_name": "Alex Example", "email": f"person.{i}@example.org"})
        for i, answers in _people(labels)
    ]


def _priorities(labels: Mapping[str, str]) -> list[Response]:
    topics = [labels[code] for code in ("TOP.EVIDENCE", "TOP.DEMAND", "TOP.CROSSFORCE")]
    return [
        _response(
            i,
            {
                **answers,
                **{f"{purpose}_topics": topics[i % 3 :] for purpose in ("events", "research")},
                **{f"{purpose}_first": topics[i % 3] for purpose in ("events", "research")},
            },
        )
        for i, answers in _people(labels)
    ]


def _response(number: int, answers: Mapping[str, object]) -> Response:
    return Response(number=str(1000 + number), answers=dict(answers), started_at=_NOON, completed_at=_NOON)  # type: ignore[arg-type]
