"""Parameters of the rules, for use in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

READS_RULES = "reference.rules"


def minimum_base(tables: Mapping[str, pd.DataFrame]) -> int:
    """The smallest base for which a share is given.

    Args:
        tables: reference.rules among others.
    """
    return int(parameter(tables[READS_RULES], "minimum_base", "fewest"))


def parameter(rules: pd.DataFrame, rule: str, name: str) -> str:
    """The value of one parameter of a rule, as in its table.

    Args:
        rules: reference.rules.
        rule: The rule, as in shared_objectives.
        name: The parameter, as in fewest_areas.
    """
    return str(rules.loc[(rules.rule == rule) & (rules.parameter == name), "parameter_value"].item())
