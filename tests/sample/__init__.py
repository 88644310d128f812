"""The made-up sample that is used until real answers come, in each tool's shape."""

from __future__ import annotations

from pathlib import Path

from exports import WRITERS
from exports.responses import write_text_rows

from landscape.coding.ledgers import Approval
from landscape.surveys.definition import Survey
from landscape.surveys.invited import SAMPLE_INVITED
from sample import invited, priorities, signups, texts, visits
from sample.draws import marked

SAMPLE_SEED = 2017
"""The seed of the committed sample."""

_STORIES = {
    priorities.SURVEY: priorities.made_up_priorities,
    signups.SURVEY: signups.made_up_signups,
    visits.SURVEY: visits.made_up_visits,
}


def write_sample(surveys: tuple[Survey, ...], folder: Path, seed: int) -> list[Path]:
    """Writes made-up responses as exports, one file for each survey of the sample, who was invited to one, and what was
    decided about texts.

    Args:
        surveys: All surveys.
        folder: Where; each file goes to a folder of its survey's name.
        seed: The same seed gives the same bytes.

    Returns:
        The files written.
    """
    written: list[Path] = []
    approvals = folder / "SAMPLE-approvals.csv"
    for survey in surveys:
        if survey.name in _STORIES:
            tool = WRITERS[survey.tool]
            path = folder / survey.name / marked(survey.name + tool.ENDING)
            responses = _STORIES[survey.name](survey, seed)
            tool.write(survey, responses, path)
            written.append(path)
            if survey.name == visits.SURVEY:
                decided = texts.made_up_approvals(responses, survey.waves[0].wave)
                write_text_rows(approvals, [Approval._fields, *sorted(decided)])
                written.append(approvals)
        if survey.name == invited.SURVEY:
            path = folder / survey.name / SAMPLE_INVITED
            write_text_rows(path, invited.made_up_invited(survey, seed))
            written.append(path)
    return written
