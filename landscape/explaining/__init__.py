"""From a number in a figure back to rows, records, answers and files. Not here: making any of them."""
