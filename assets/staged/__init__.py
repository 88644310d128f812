"""The staged tables: the same columns whatever tool an answer came from, without personal data."""

import dagster as dg

from assets.raw import POLICE_UK, RECEIVED, survey_keys
from assets.tables import file_asset, layer_assets, step, table_key
from landscape.step import VAULT as VAULT_NAME
from landscape.step import VAULT_STEP, Refresh

VAULT = table_key(VAULT_NAME)


def _contacts(refresh: Refresh) -> dict[str, int]:
    from landscape.people.vault import count_contacts

    return {"dagster/row_count": sum(count_contacts(refresh.paths).values())}


def staged_layer() -> list[dg.AssetsDefinition]:
    """All assets of the layer; two steps read files as well as tables."""
    files = {"staged__surveys": survey_keys(), "staged__police_uk": (POLICE_UK, VAULT)}
    vault = step(VAULT_STEP)
    contacts_vault = file_asset(
        vault,
        {"duckdb", "python"},
        "Who answered and what they consented to, in data/contacts.duckdb; made-up people are left out. "
        "The PII scan searches everything published for them.",
        reads=[RECEIVED, *map(table_key, vault.reads)],
        shown=_contacts,
    )
    return [*layer_assets("staged", files), contacts_vault]
