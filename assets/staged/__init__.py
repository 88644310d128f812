"""The staged tables: the same columns whatever tool an answer came from, without personal data."""

import dagster as dg

from assets.raw import POLICE_UK, RECEIVED, survey_keys
from assets.tables import file_asset, layer_assets, step, table_key
from landscape.step import KNOWN as KNOWN_NAME
from landscape.step import KNOWN_STEP, Refresh

KNOWN = table_key(KNOWN_NAME)


def _known(refresh: Refresh) -> dict[str, int]:
    return {"dagster/row_count": len(refresh.known.names)}


def staged_layer() -> list[dg.AssetsDefinition]:
    """All assets of the layer; two steps read files as well as tables."""
    files = {"staged__surveys": survey_keys(), "staged__police_uk": (POLICE_UK, KNOWN)}
    known = file_asset(
        step(KNOWN_STEP),
        {"python"},
        "Whom the PII scan searches everything published for: read from received files into memory, and kept nowhere. "
        "Made-up people are left out.",
        reads=[RECEIVED],
        shown=_known,
    )
    return [*layer_assets("staged", files), known]
