"""The jobs. Not here: when they run."""

import dagster as dg

everything = dg.define_asset_job(
    "everything",
    selection=dg.AssetSelection.all(),
    description="All assets. Each finds its work done where nothing has changed.",
)


@dg.op(description="As `landscape refresh`: makes what changed, and has it recorded in a run of its own.")
def make_what_changed(context: dg.OpExecutionContext) -> None:
    """Tells in the run's log how far it is."""
    from pipelines.refreshing import run_refresh

    done = run_refresh(lambda name, number, n_all: context.log.debug(f"{name}, {number} of {n_all}"), context.instance)
    context.log.info(f"Made: {', '.join(done.made) or 'nothing; all was as it is'}.")
    for why in done.not_pulled:
        context.log.warning(why)


@dg.job(description="From received files to marts, figures and the report, as far as anything has changed.")
def refresh() -> None:
    """What schedule and sensor ask for."""
    make_what_changed()
