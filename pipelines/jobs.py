"""The jobs: which assets each of them makes."""

from collections.abc import Callable

import dagster as dg

from pipelines.refreshing import Done

everything = dg.define_asset_job(
    "everything",
    selection=dg.AssetSelection.all(),
    description="All assets. Each finds its work done where nothing has changed.",
)


def refresh_job(make: Callable[[dg.OpExecutionContext], Done]) -> dg.JobDefinition:
    """What schedule and sensor ask for: the same as `landscape refresh`, whose record is a run of its own.

    Args:
        make: Makes what changed, and has it recorded.
    """

    @dg.op
    def make_what_changed(context: dg.OpExecutionContext) -> None:
        done = make(context)
        context.log.info(f"Made: {', '.join(done.made) or 'nothing; all was as it is'}.")
        for why in done.not_pulled:
            context.log.warning(why)

    @dg.job(description="From received files to marts, figures and the report, as far as anything has changed.")
    def refresh() -> None:
        make_what_changed()

    return refresh
