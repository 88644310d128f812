"""What a release is made of, from all layers; a person decides on one, so it is no asset. Not here: making it."""

from typing import TYPE_CHECKING

from assets.figures.layer import released_charts
from assets.raw import declared_surveys
from assets.tables import models

if TYPE_CHECKING:
    from landscape.releasing.make import Declared

NOT_RELEASED = ("decisions", "codings")
"""What people decided of single answers: tables that a release is not even made from."""


def declared_for_release() -> "Declared":
    """The surveys, all table models and the figures, as `landscape.releasing.make` takes them."""
    from landscape.releasing.make import Declared

    return Declared(
        surveys=declared_surveys(),
        reference=tuple(model for model in models("reference") if model.name not in NOT_RELEASED),
        staged=models("staged"),
        marts=models("marts"),
        people=models("safe"),
        draw=released_charts,
    )
