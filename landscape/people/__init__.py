"""Requests and rights of people: the vault, consent and mailing lists, the directory, erasure, retention.

Only this package and `identity` handle who somebody is; nothing that is published imports it.
"""
