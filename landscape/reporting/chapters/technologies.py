"""Chapter: products in use, on the same fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from landscape.reporting.content import FigureRef, Paragraph, Section, found
from landscape.reporting.wording import counted, number, x_of_n

if TYPE_CHECKING:
    import pandas as pd


def chapter(tables: Mapping[str, pd.DataFrame]) -> Section:
    """Technologies."""
    every = tables["marts.technologies"]
    products = every[every["force_area_code"].isna()]
    title = "Technologies"
    if products.empty:
        return Section(title, (Paragraph("No product has been recorded."), FigureRef("technologies")))
    n_uses = int(products["n_uses"].sum())
    return Section(
        title,
        (
            Paragraph(
                found(
                    "technologies",
                    "the record holds {n_products} in {n_uses}{see figure:technologies}. The cost is known for {n_cost} uses, "
                    "the year it began for {n_since}, the staff time for {n_hours}.",
                    bool(products["is_sample"].any()),
                    n_products=counted(len(products), "product", "products"),
                    n_uses=counted(n_uses, "use", "uses"),
                    n_cost=x_of_n(products["n_cost_known"].sum(), n_uses),
                    n_since=number(products["n_since_known"].sum()),
                    n_hours=number(products["n_staff_hours_known"].sum()),
                )
            ),
            Paragraph(
                "What is unknown is printed as unknown. Costs were not counted in the same way everywhere, so the table "
                "compares what is known about products; it does not rank them."
            ),
            FigureRef("technologies"),
        ),
    )
