"""Response rates as published: the whole landscape and types of organisation, small numbers hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

from landscape.disclosure.audit import audit
from landscape.disclosure.counts import TOTAL, Cell, Counts, Sum
from landscape.disclosure.cuts import groups_shown
from landscape.disclosure.declared import ALL, MEMBERS_SURVEY, OTHERS, RESPONSE_RATES
from landscape.disclosure.opinions import joined_tables
from landscape.disclosure.profiles import Profile
from landscape.disclosure.suppress import suppressed
from landscape.disclosure.suppression_mask import SUPPRESSED, masked

if TYPE_CHECKING:
    import pandas as pd

OTHER_TYPES = "Other types, and type not stated, together"
_KIND = "organisation_type"
_RESPONDED, _SILENT = "responded", "did not respond"


def response_rates(mart: pd.DataFrame, network: pd.DataFrame, profile: Profile, secret: bytes) -> pd.DataFrame:
    """How many of those invited responded: the whole landscape, and types of organisation with enough invitations.

    Responded and did not respond add up to invited, so small numbers of either are hidden. Responses without an
    invitation are shown for the whole landscape only. For the survey of members, types are shown only where they do
    not reveal, together with the table of members, that a few of a type responded without joining.

    Args:
        mart: marts.response_rates.
        network: marts.network_by_area.
        profile: The thresholds.
        secret: The key of the order in which cells are hidden.

    Returns:
        The columns of the mart with `state`; a survey that cannot tell who responded is not_covered.

    Raises:
        DisclosureError: A hidden count could be worked out.
    """
    tables = []
    for (survey, wave), rows in mart.groupby(["survey", "wave"], sort=True):
        whole = rows[rows["cut_code"] == ALL]
        types = rows[rows["cut"] == _KIND]
        if not (survey == MEMBERS_SURVEY and _shows_who_did_not_join(types, network[network["wave"] == wave], profile)):
            whole = _with_types(whole, types, profile)
        tables.append(_of_survey(whole, f"{RESPONSE_RATES.name}, {survey}, {wave}", profile, secret))
    return joined_tables(tables, RESPONSE_RATES, mart)


def _of_survey(shown: pd.DataFrame, name: str, profile: Profile, secret: bytes) -> pd.DataFrame:
    import pandas as pd

    shown = shown.sort_values(list(RESPONSE_RATES.row), ignore_index=True)
    is_told = shown["n_responded"].notna().all()
    too_few = int(shown["n_invited"].max()) < profile.smallest_base
    is_hidden = [too_few] * len(shown)
    if is_told and not too_few:
        counts = counts_of_rates(shown, name)
        hidden = suppressed(counts, profile, secret)
        audit(counts, hidden, profile)
        is_hidden = [(name, code, _RESPONDED) in hidden for code in _rows_of(shown)]
    # Other tables show how many answered in all, so it would be no secret: it is shown, for the whole landscape only.
    strangers = shown["n_not_invited"].where(shown["cut_code"].eq(ALL))
    published = masked(
        shown.assign(n_not_invited=strangers),
        is_hidden,
        (*RESPONSE_RATES.totals, *RESPONSE_RATES.counts),
        profile,
    )
    n = published["n_invited"]
    share = published["n_responded"] / n.where(n >= profile.smallest_base)
    published["response_share"] = pd.Series(share, dtype="Float64").clip(upper=1).round(4)
    if not is_told:
        published["state"] = published["state"].where(published["state"].eq(SUPPRESSED), "not_covered")
    return published


def counts_of_rates(shown: pd.DataFrame, name: str) -> Counts:
    """The true counts of one survey and wave: who responded and who did not, by type and overall.

    Args:
        shown: Its rows; the types add up to everybody, or there are none.
        name: What to call it.
    """
    values: dict[Cell, int] = {}
    sums: list[Sum] = []
    columns = (shown[column].astype(int) for column in ("n_invited", "n_responded"))
    for code, invited, responded in zip(_rows_of(shown), *columns, strict=True):
        values[name, code, _RESPONDED] = responded
        values[name, code, _SILENT] = invited - responded
        values[name, code, "invited"] = invited
        sums.append(Sum((name, code, "invited"), ((name, code, _RESPONDED), (name, code, _SILENT))))
    types = [code for code in _rows_of(shown) if code != TOTAL]
    if types:
        for column in (_RESPONDED, _SILENT, "invited"):
            sums.append(Sum((name, TOTAL, column), tuple((name, code, column) for code in types)))
    bases = frozenset(cell for cell in values if cell[2] == "invited")
    return Counts(
        values, tuple(sums), bases=bases, information_loss={(name, TOTAL, _RESPONDED): 1, (name, TOTAL, _SILENT): 1}
    )


def _rows_of(shown: pd.DataFrame) -> list[str]:
    return [TOTAL if code == ALL else str(code) for code in shown["cut_code"]]


def _with_types(whole: pd.DataFrame, types: pd.DataFrame, profile: Profile) -> pd.DataFrame:
    """The whole landscape, the types with enough invitations, and all others together."""
    import pandas as pd

    sizes = {str(code): int(n) for code, n in zip(types["cut_code"], types["n_invited"], strict=True)}
    everybody = int(whole["n_invited"].sum())
    chosen = groups_shown(sizes, everybody, profile.smallest_base)
    if not chosen:
        return whole
    rows = types[types["cut_code"].isin(chosen)]
    others = whole.assign(cut=_KIND, cut_code=OTHERS, cut_name=OTHER_TYPES)
    for column in ("n_invited", "n_responded", "n_not_invited"):
        others[column] = others[column] - rows[column].sum(min_count=1)
    return pd.concat([whole, rows, *([others] if int(others["n_invited"].iloc[0]) else [])], ignore_index=True)


def _shows_who_did_not_join(types: pd.DataFrame, network: pd.DataFrame, profile: Profile) -> bool:
    """Whether, for any type, members and responses differ by a few people."""
    members = network.groupby(network["organisation_type_code"].fillna("NOT_STATED"))["n_members"].sum()
    responses = types.set_index("cut_code")[["n_responded", "n_not_invited"]].sum(axis=1)
    apart = responses.sub(members, fill_value=0).abs()
    return bool(apart.between(1, profile.smallest_count - 1).any())
