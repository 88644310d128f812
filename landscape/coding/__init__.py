"""Coding by people: the codebook, own words reviewed, decisions, agreement between coders. Not here: reading exports."""
