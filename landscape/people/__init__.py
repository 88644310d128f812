"""Requests and rights of people: consent and mailing lists, the directory, holds, erasure, retention, keys.

Only this package and `identity` handle who somebody is; nothing that is published imports it.
"""
