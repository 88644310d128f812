"""Activities that a force and a commissioner's office may both have reported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True)
class LikelyPair:
    """Two activities that may be one.

    Args:
        force_activity: The one the force reported.
        office_activity: The one the commissioner's office reported.
        areas: Force areas that both run in, by name.
        activity_type: The type that both have, by label.
        objectives: The objectives that both have, by label.
        n_objectives: How many objectives either has.
    """

    force_activity: str
    office_activity: str
    areas: str
    activity_type: str
    objectives: str
    n_objectives: int


def likely_pairs(con: DuckDBPyConnection) -> tuple[LikelyPair, ...]:
    """Pairs of the same type, in the same area, with an objective in common, one from each body; the likeliest first.

    Pairs that were merged are one activity and are not listed again.
    """
    return tuple(LikelyPair(*row) for row in con.execute(_PAIRS).fetchall())


_PAIRS = """
WITH reported AS (
    SELECT a.activity_id, a.activity_type_code, v.organisation_type_code
    FROM staged.activities AS a JOIN staged.visits AS v ON v.visit_id = a.visit_id
),
pairs AS (
    SELECT f.activity_id AS force_activity, o.activity_id AS office_activity, f.activity_type_code
    FROM reported AS f
    JOIN reported AS o ON o.activity_type_code = f.activity_type_code
    WHERE f.organisation_type_code = 'ORG.FORCE' AND o.organisation_type_code = 'ORG.OPCC'
),
places AS (
    SELECT p.force_activity, p.office_activity, string_agg(areas.force_area_name, ', ' ORDER BY areas.force_area_name) AS areas
    FROM pairs AS p
    JOIN staged.activity_areas AS f ON f.activity_id = p.force_activity
    JOIN staged.activity_areas AS o ON o.activity_id = p.office_activity AND o.force_area_code = f.force_area_code
    JOIN reference.force_areas AS areas ON areas.force_area_code = f.force_area_code
    GROUP BY ALL
),
objectives AS (
    SELECT p.force_activity, p.office_activity, string_agg(DISTINCT b.label, ', ' ORDER BY b.label) AS objectives,
        count(DISTINCT f.code) AS n_shared
    FROM pairs AS p
    JOIN staged.activity_codes AS f ON f.activity_id = p.force_activity AND f.scheme = 'objective'
    JOIN staged.activity_codes AS o ON o.activity_id = p.office_activity AND o.scheme = 'objective' AND o.code = f.code
    JOIN reference.codebook AS b ON b.code = f.code
    WHERE f.code <> 'OBJ.UNSTATED'
    GROUP BY ALL
),
either AS (
    SELECT p.force_activity, p.office_activity, count(DISTINCT c.code) AS n_objectives
    FROM pairs AS p
    JOIN staged.activity_codes AS c ON c.scheme = 'objective' AND c.activity_id IN (p.force_activity, p.office_activity)
    GROUP BY ALL
)
SELECT p.force_activity, p.office_activity, places.areas, kinds.label, objectives.objectives, either.n_objectives
FROM pairs AS p
JOIN places USING (force_activity, office_activity)
JOIN objectives USING (force_activity, office_activity)
JOIN either USING (force_activity, office_activity)
JOIN reference.codebook AS kinds ON kinds.code = p.activity_type_code
ORDER BY objectives.n_shared / either.n_objectives DESC, p.force_activity, p.office_activity
"""
