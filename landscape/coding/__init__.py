"""Coding by people: changes to the codebook, review of open answers, decisions, agreement between coders.

It is separate from the answer coding in `surveys`, which looks answers up without anyone's judgement.
"""
