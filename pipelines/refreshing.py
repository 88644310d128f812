"""One refresh from the command line: runs the job in this process and tells how it goes. Not here: what is made."""

from __future__ import annotations

import signal
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from landscape.errors import StagingDatabaseError
from pipelines.instance import dagster_instance

if TYPE_CHECKING:
    from dagster import EventLogEntry

StepDone = Callable[[str, int, int], None]
"""Called with the step's name, its number and how many there are."""


@dataclass
class Pulls:
    """How the pulls of a refresh went, for people.

    Args:
        pulled: What was pulled from services.
        not_pulled: What could not be, each with what to do; the refresh went on with what was there.
    """

    pulled: list[str] = field(default_factory=list)
    not_pulled: list[str] = field(default_factory=list)


def run_refresh(on_step: StepDone) -> Pulls:
    """Runs the refresh job.

    Raises:
        LandscapeError: It could not be completed; the error says what is wrong and what to do.
    """
    import dagster as dg
    import duckdb

    from pipelines.definitions import SAID, defs

    job = defs.resolve_job_def("refresh")
    steps = len(job.graph.node_dict)
    run_id = str(uuid.uuid4())
    done = 0
    pulls = Pulls()

    def listen(entry: EventLogEntry) -> None:
        nonlocal done
        if entry.dagster_event is not None and entry.dagster_event.is_step_success:
            done += 1
            on_step(str(entry.dagster_event.step_key), done, steps)
        check, made = entry.asset_check_evaluation, entry.asset_materialization
        if check is not None and not check.passed and not check.blocking:
            pulls.not_pulled.append(check.description or "")
        if made is not None and SAID in made.metadata:
            pulls.pulled.append(str(made.metadata[SAID].value))

    with dagster_instance() as instance:
        instance.add_event_listener(run_id, listen)
        signal.signal(signal.SIGTERM, _interrupt)
        try:
            job.execute_in_process(
                instance=instance,
                run_id=run_id,
                raise_on_error=True,
                tags={"started_by": "landscape refresh"},
                run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            )
        except (
            dg.DagsterUserCodeExecutionError
        ) as error:  # the staging database could not be opened; its own error says why
            raise error.user_exception from error
        except dg.DagsterExecutionInterruptedError:
            raise KeyboardInterrupt from None
        except duckdb.OperationalError as error:
            raise StagingDatabaseError(
                "DuckDB could not go on",
                file="data/warehouse.duckdb",
                culprits=[str(error).splitlines()[0]],
                remedy="most often the disk is full or memory is short: free some, then refresh again",
            ) from error
    return pulls


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt
