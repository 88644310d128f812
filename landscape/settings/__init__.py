"""Readers of what people edit by hand, in YAML and CSV: every fault at once, by line. Not here: what a file means."""
