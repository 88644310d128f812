"""The online services of survey tools: pulling responses, checking access, deleting single responses.

It is apart because only this package calls services, with secrets from the environment that no message shows. It leaves
export files in data/raw, which are loaded like files that a person dropped there.
"""
