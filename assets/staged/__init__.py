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
    step("staged__contacts_vault").run(refresh)
    return dg.MaterializeResult()


def _with_files(spec: dg.AssetSpec) -> dg.AssetSpec:
    """What is read from files as well as from tables."""
    if spec.key.path[-1].startswith("police_uk_"):
        return spec.merge_attributes(deps=[POLICE_UK, VAULT])
    if RECEIVED in {dep.asset_key for dep in spec.deps}:
        return spec.merge_attributes(deps=survey_keys())
    return spec


def staged_layer() -> list[dg.AssetsDefinition]:
    """All assets of the layer."""
    return [*(asset.map_asset_specs(_with_files) for asset in layer_assets("staged")), contacts_vault]
