"""Writes the made-up sample in data/sample: python tests/write_sample.py [--seed N]. Other seeds give other responses."""

from __future__ import annotations

import argparse

from sample import SAMPLE_SEED, write_sample
from shipped import CHECKOUT, SURVEYS

if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seed", type=int, default=SAMPLE_SEED)
    write_sample(tuple(SURVEYS.values()), CHECKOUT.sample, asked.parse_args().seed)
