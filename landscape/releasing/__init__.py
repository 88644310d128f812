"""Releases: made, compared with those before, verified, withdrawn. Not here: what may be shown (landscape/disclosure)."""
