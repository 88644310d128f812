"""Readers of settings, the YAML and CSV files that people edit by hand: all faults at once, each with its line.

What a setting means is decided where it is used.
"""
