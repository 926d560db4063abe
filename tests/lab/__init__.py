"""A small internet of our own, inside a network namespace: what tries to lead us astray is real, and no packet leaves it.

Every address there is on this machine. Those in `world.PUBLIC` are the web; whoever is asked at any other answers with a secret.
Run by tests/test_trials_lab.py as `unshare -rnm python -m lab FOLDER`; prints one JSON object.
"""
