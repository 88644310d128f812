"""Who a person is, without names: keys, normal forms, marks, tombstones and withdrawals. Not here: names, or received files."""
