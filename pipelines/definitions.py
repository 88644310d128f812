"""The code location, and the only module here that imports assets. Not here: what any asset does."""

import datetime as dt

import dagster as dg

from assets.figures import figure_names
from assets.figures.layer import drawings, figure_reads, figure_sources, figures_layer
from assets.marts import PUBLISHED, marts_layer
from assets.raw import RECEIVED, declared_surveys, police_uk, pulled_keys, raw_layer
from assets.raw.pulled import SAID
from assets.reference import reference_layer
from assets.report import REPORT, report_layer
from assets.report.releases import declared_for_release
from assets.safe import safe_layer
from assets.staged import staged_layer
from assets.tables import models as models_of
from assets.tables import reference_models, steps, table_models
from pipelines.jobs import refresh
from pipelines.resources import refresh_resource
from pipelines.schedules import weekly_refresh
from pipelines.sensors import received_files_changed

__all__ = [  # the command line asks for these here
    "SAID",
    "declared_for_release",
    "declared_surveys",
    "defs",
    "drawings",
    "figure_names",
    "figure_reads",
    "figure_sources",
    "models_of",
    "reference_models",
    "steps",
    "table_models",
]

FRESH_FOR = dt.timedelta(days=8)  # a weekly refresh, with a day's grace
_FRESH = dg.FreshnessPolicy.time_window(fail_window=FRESH_FOR)
_WATCHED = {RECEIVED, PUBLISHED, REPORT, *pulled_keys()}


def _with_freshness(spec: dg.AssetSpec) -> dg.AssetSpec:
    return spec.replace_attributes(freshness_policy=_FRESH) if spec.key in _WATCHED else spec


defs = dg.Definitions(
    assets=dg.map_asset_specs(
        _with_freshness,
        [
            *raw_layer(),
            police_uk,
            *reference_layer(),
            *staged_layer(),
            *marts_layer(),
            *safe_layer(),
            figures_layer(),
            *report_layer(),
        ],
    ),
    jobs=[refresh],
    schedules=[weekly_refresh],
    sensors=[received_files_changed],
    resources={"refresh": refresh_resource(declared_surveys)},
    executor=dg.in_process_executor,  # one process, one connection to the staging database
)
