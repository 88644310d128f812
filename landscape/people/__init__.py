"""Keys that stand for people. Not here: names, e-mails or anything else that is personal."""
