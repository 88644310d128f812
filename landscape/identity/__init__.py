"""Recognising a person without storing who they are: keys, normal forms, marks, tombstones and withdrawals.

It is below everything that reads responses, so that people who were forgotten are set aside before anything is stored.
"""
