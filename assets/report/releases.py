"""The parts of a release, from all layers. It is not an asset, since a person decides when to make one."""

from typing import TYPE_CHECKING

from assets.figures.layer import released_charts
from assets.raw import declared_surveys
from assets.tables import models

if TYPE_CHECKING:
    from landscape.releasing.make import Declared

NOT_RELEASED = ("decisions", "codings")
"""Tables of people's decisions on single answers, which a release does not use."""


def declared_for_release() -> "Declared":
    """The surveys, all table models and the figures, for `landscape.releasing.make`."""
    from landscape.releasing.make import Declared

    return Declared(
        surveys=declared_surveys(),
        reference=tuple(model for model in models("reference") if model.name not in NOT_RELEASED),
        staged=models("staged"),
        marts=models("marts"),
        people=models("safe"),
        draw=released_charts,
    )
