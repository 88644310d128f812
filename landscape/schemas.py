"""JSON Schemas of settings, for completion and checks in editors. To write them again: python -m landscape.schemas."""

from __future__ import annotations

from pathlib import Path

from landscape.places.landscape import Landscape
from landscape.settings.yamlfiles import Settings, json_schema
from landscape.surveys.declared import SCHEMA, SurveyFile

SCHEMAS: dict[str, type[Settings]] = {SCHEMA: SurveyFile, "docs/schemas/landscape.schema.json": Landscape}
"""Each committed schema, and its model."""


def write_schemas(root: Path) -> None:
    """Writes all schemas below the folder of the project."""
    for name, model in SCHEMAS.items():
        (root / name).write_text(json_schema(model), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write_schemas(Path(__file__).resolve().parent.parent)
