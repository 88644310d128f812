"""Writes the made-up sample in data/sample: python tests/write_sample.py [--seed N]. Other seeds give other responses."""

from __future__ import annotations

import argparse
from pathlib import Path

from sample import SAMPLE_SEED, write_sample

from assets.raw import SURVEYS_FOLDER
from landscape.paths import ProjectPaths
from landscape.surveys.definition import read_surveys

CHECKOUT = ProjectPaths(Path(__file__).resolve().parent.parent)

if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seed", type=int, default=SAMPLE_SEED)
    write_sample(read_surveys(SURVEYS_FOLDER, CHECKOUT.reference), CHECKOUT.sample, asked.parse_args().seed)
