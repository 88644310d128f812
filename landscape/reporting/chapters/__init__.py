"""The chapters of the report, one per module: each turns tables into sections. Layout numbers and formats them."""
