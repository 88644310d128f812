"""One row shape whatever tool it came from; personal data already out. Not here: what readers ask."""

from typing import Any

import dagster as dg

from assets import OWNERS, group_of
from assets.raw import POLICE_UK, RECEIVED, survey_keys
from assets.tables import layer_assets, step, table_key
from landscape.steps import VAULT as VAULT_STEP
from landscape.steps import Refresh

VAULT = table_key(VAULT_STEP)


@dg.asset(
    key=VAULT,
    deps=[RECEIVED, table_key("staged.responses"), table_key("staged.consents")],
    description="Who answered and what they consented to, in data/contacts.duckdb; made-up people do not enter. "
    "Whatever is published is searched for them first.",
    group_name=group_of("staged"),
    owners=list(OWNERS),
    kinds={"duckdb", "python"},
)
def contacts_vault(refresh: dg.ResourceParam[Refresh]) -> dg.MaterializeResult[Any]:
    """The one file with names and addresses, beside the staging database and never in it."""
    from landscape.people.vault import count_contacts

    step("staged__contacts_vault").run(refresh)
    n_contacts = sum(count_contacts(refresh.staging_db.paths).values())
    return dg.MaterializeResult(metadata={"dagster/row_count": n_contacts})


def staged_layer() -> list[dg.AssetsDefinition]:
    """All assets of the layer; two steps read files as well as tables."""
    files = {"staged__surveys": survey_keys(), "staged__police_uk": (POLICE_UK, VAULT)}
    return [*layer_assets("staged", files), contacts_vault]
