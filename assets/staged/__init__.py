"""One row shape whatever tool it came from; personal data already out. Not here: what readers ask."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from assets import OWNERS, group_of
from assets.raw import POLICE_UK, RECEIVED, declared_surveys, survey_names
from assets.tables import check_spec, made_tables, models, sql_assets, table_key, table_spec
from landscape.errors import without_words
from landscape.models import TableModel
from landscape.opendata.police_uk_staging import PREFIX, stage_police_uk
from landscape.staging_db import StagingDatabase, accept_table
from landscape.surveys.issuebook import write_issues


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
    def survey_tables(staging_db: dg.ResourceParam[StagingDatabase]) -> Iterator[dg.MaterializeResult[Any]]:
        from landscape.surveys.staging import stage

        with without_words("staging answers"):
            stage(staging_db.con, declared_surveys())
            write_issues(staging_db.con, next(m for m in shared if m.name == "issues"), staging_db.paths.issues)
            for model in shared:
                accept_table(staging_db.con, model)
        yield from made_tables(shared, staging_db)

    return survey_tables


VAULT = dg.AssetKey(["staged", "contacts_vault"])


def _contacts_vault() -> dg.AssetsDefinition:
    """The one file with names and addresses, beside the staging database and never in it."""

    @dg.asset(
        key=VAULT,
        deps=[RECEIVED, table_key("staged.responses"), table_key("staged.consents")],
        description="Who answered and what they consented to, in data/contacts.duckdb; made-up people do not enter. "
        "Whatever is published is searched for them first.",
        group_name=group_of("staged"),
        owners=list(OWNERS),
        kinds={"duckdb", "python"},
    )
    def contacts_vault(staging_db: dg.ResourceParam[StagingDatabase]) -> dg.MaterializeResult[Any]:
        from landscape.people.vault import fill_vault
        from landscape.surveys.received import received_files

        with without_words("filling the vault"):
            files = received_files(staging_db.paths, declared_surveys())
            n_contacts = fill_vault(staging_db.con, staging_db.paths, files)
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
    def police_uk(staging_db: dg.ResourceParam[StagingDatabase]) -> Iterator[dg.MaterializeResult[Any]]:
        with without_words("staging data.police.uk"):
            stage_police_uk(staging_db, made)
            for model in made:
                accept_table(staging_db.con, model)
        yield from made_tables(made, staging_db)

    return police_uk


def staged_layer() -> list[dg.AssetsDefinition]:
    """All assets of the layer."""
    return [_survey_tables(), *sql_assets("staged"), _contacts_vault(), _police_uk()]
