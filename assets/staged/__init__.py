"""One row shape whatever tool it came from; personal data already out. Not here: what readers ask."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from assets import OWNERS, group_of
from assets.raw import POLICE_UK, RECEIVED, declared_surveys, survey_names
from assets.tables import check_spec, made_tables, models, sql_assets, table_key, table_spec
from landscape.errors import without_words
from landscape.models import TableModel
from landscape.sources.police_uk_staging import PREFIX, stage_police_uk
from landscape.surveys.issuebook import write_issues
from landscape.warehouse import Workbench, accept_table


def _survey_tables() -> dg.AssetsDefinition:
    """The tables that every survey shares, made together in one pass over the raw cells."""
    shared = [model for model in models("staged") if not model.sql and not model.name.startswith(PREFIX)]
    made_here = {model.table for model in shared}
    raw = tuple(f"raw.{name}" for name in survey_names())

    @dg.multi_asset(
        name="staged__surveys",
        specs=[table_spec(model, deps=(*raw, *(t for t in model.upstream if t not in made_here))) for model in shared],
        check_specs=[check_spec(model) for model in shared],
    )
    def survey_tables(workbench: dg.ResourceParam[Workbench]) -> Iterator[dg.MaterializeResult[Any]]:
        from landscape.surveys.staging import stage

        with without_words("staging answers"):
            stage(workbench.con, declared_surveys())
            write_issues(workbench.con, next(m for m in shared if m.name == "issues"), workbench.paths.issues)
            for model in shared:
                accept_table(workbench.con, model)
        yield from made_tables(shared, workbench)

    return survey_tables


VAULT = dg.AssetKey(["staged", "contacts_vault"])


def _contacts_vault() -> dg.AssetsDefinition:
    """The one file with names and addresses, beside the workbench and never in it."""

    @dg.asset(
        key=VAULT,
        deps=[RECEIVED, table_key("staged.responses"), table_key("staged.consents")],
        description="Who answered and what they consented to, in data/contacts.duckdb; made-up people do not enter. "
        "Whatever is published is searched for them first.",
        group_name=group_of("staged"),
        owners=list(OWNERS),
        kinds={"duckdb", "python"},
    )
    def contacts_vault(workbench: dg.ResourceParam[Workbench]) -> dg.MaterializeResult[Any]:
        from landscape.people.vault import fill_vault
        from landscape.surveys.received import received_files

        with without_words("filling the vault"):
            files = received_files(workbench.paths, declared_surveys())
            n_contacts = fill_vault(workbench.con, workbench.paths, files)
        return dg.MaterializeResult(metadata={"dagster/row_count": n_contacts})

    return contacts_vault


def police_uk_models() -> list[TableModel]:
    """The tables of data.police.uk, which are made together."""
    return [model for model in models("staged") if model.name.startswith(PREFIX)]


def _police_uk() -> dg.AssetsDefinition:
    """What forces publish on data.police.uk; empty tables while nothing was pulled."""
    made = police_uk_models()
    names = {model.table for model in made}
    specs = [table_spec(m, deps=tuple(t for t in m.upstream if t not in names)) for m in made]

    @dg.multi_asset(
        name="staged__police_uk",
        specs=[spec.merge_attributes(deps=[POLICE_UK, VAULT]) for spec in specs],
        check_specs=[check_spec(model) for model in made],
    )
    def police_uk(workbench: dg.ResourceParam[Workbench]) -> Iterator[dg.MaterializeResult[Any]]:
        with without_words("staging data.police.uk"):
            stage_police_uk(workbench, made)
            for model in made:
                accept_table(workbench.con, model)
        yield from made_tables(made, workbench)

    return police_uk


def staged_layer() -> list[dg.AssetsDefinition]:
    """All assets of the layer."""
    return [_survey_tables(), *sql_assets("staged"), _contacts_vault(), _police_uk()]
