"""The code location, and the only module here that imports assets."""

import dagster as dg

from assets.edited import edited_layer
from assets.figures import figure_names
from assets.figures.layer import drawings, figure_reads, figure_sources, figures_layer, figures_step
from assets.marts import marts_layer
from assets.raw import declared_surveys, raw_layer
from assets.reference import reference_layer
from assets.report import report_layer, report_step
from assets.report.releases import declared_for_release
from assets.safe import safe_layer
from assets.staged import staged_layer
from assets.tables import models as models_of
from assets.tables import reference_models, steps, table_models
from landscape.paths import project_paths
from pipelines.jobs import everything, refresh_job
from pipelines.refreshing import Catalogue, Done, run_refresh
from pipelines.resources import refresh_resource, say_what_is_waited_for
from pipelines.schedules import weekly_refresh
from pipelines.sensors import received_files_changed

__all__ = [  # the command line asks for these here
    "CATALOGUE",
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


_STEPS = (*steps(), figures_step(), report_step())
_ASSETS = [
    *raw_layer(),
    *reference_layer(),
    *staged_layer(),
    *marts_layer(),
    *safe_layer(),
    figures_layer(),
    *report_layer(),
]


def _everything() -> dg.JobDefinition:
    return defs.resolve_job_def("everything")


CATALOGUE = Catalogue(
    steps=_STEPS,
    surveys=declared_surveys,
    keys={asset.op.name: [spec.key for spec in asset.specs] for asset in _ASSETS},
    code_versions={spec.key: spec.code_version for asset in _ASSETS for spec in asset.specs if spec.code_version},
    reads={spec.key: [dep.asset_key for dep in spec.deps] for asset in _ASSETS for spec in asset.specs},
    job=_everything,
)


def _refresh(context: dg.OpExecutionContext) -> Done:
    def begins(name: str, number: int, n_steps: int) -> None:
        context.log.debug(f"{name}, {number} of {n_steps}")

    say_what_is_waited_for(project_paths(), context.log)
    return run_refresh(CATALOGUE, begins, context.instance)


refresh = refresh_job(_refresh)

defs: dg.Definitions = dg.Definitions(
    assets=[*edited_layer(_STEPS), *_ASSETS],
    jobs=[refresh, everything],
    schedules=[weekly_refresh(refresh)],
    sensors=[received_files_changed(refresh)],
    resources={"refresh": refresh_resource(declared_surveys)},
    executor=dg.in_process_executor,  # one process, one connection to the staging database
)
