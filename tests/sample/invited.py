"""A made-up list of those who were invited to join the network."""

from __future__ import annotations

from landscape.surveys.definition import Survey
from sample import signups
from sample.draws import Draws

SURVEY = signups.SURVEY
_N_INVITED = 71  # as many as the showcase had delegates
_TYPES = {"ORG.FORCE": 12, "ORG.OPCC": 5, "ORG.UNI": 5, "ORG.LA": 2, "ORG.VCS": 2, "*": 0}


def made_up_invited(survey: Survey, seed: int) -> list[tuple[str, str, str]]:
    """Rows of a list, headings first: sign-ups of delegates of the showcase, and made-up delegates who never answered."""
    draws = Draws(survey, f"{seed}/invited")
    came = draws.label("attended_showcase", "ANS.YES")
    areas = [option.label for option in survey.questionnaire.by_name["force_area"].options]
    answered = {
        str(response.answers["email"]).lower(): (
            str(response.answers["organisation_type"]),
            str(area if (area := response.answers.get("force_area")) in areas else ""),
        )
        for response in signups.made_up_signups(survey, seed)
        if response.answers["attended_showcase"] == came and response.answers["full_name"] != "test"
    }
    silent = {
        f"guest.{number}@example.org": (draws.one("organisation_type", _TYPES), draws.one("force_area"))
        for number in range(1, _N_INVITED - len(answered) + 1)
    }
    rows = sorted((email, *rest) for email, rest in (answered | silent).items())
    return [("email", "organisation_type", "force_area"), *rows]
