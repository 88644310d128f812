"""The jobs. Not here: when they run."""

import dagster as dg

refresh = dg.define_asset_job(
    "refresh",
    selection=dg.AssetSelection.all(),
    description="From received files to marts, figures and the report.",
)
