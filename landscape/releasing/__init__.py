"""Releases, the only thing meant to leave the team: making, comparing, verifying and withdrawing them.

What may be shown is decided in `disclosure`.
"""
