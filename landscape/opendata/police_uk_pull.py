"""One pull of data.police.uk: what is asked for, in which order, and how it continues after an interruption."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from landscape.errors import OpenDataError
from landscape.opendata.police_uk import (
    FORCES,
    PASSING,
    Answer,
    PoliceUk,
    force_path,
    neighbourhood_paths,
    neighbourhoods_path,
)
from landscape.opendata.police_uk_files import Pull, begin_pull, end_pull, keep_answer, mend_pull, read_pulls
from landscape.paths import ProjectPaths
from landscape.settings.csvfiles import read_csv

GOES_ON_FOR = dt.timedelta(hours=24)  # a pull that stopped longer ago is left as it is, and a new one begins
_MOST_REFUSED = 5  # in a row; then the service is down, and there is no point in asking
_LIST = "forces"  # the file that keeps the list of all forces


@dataclass
class Pulled:
    """What a pull did.

    Args:
        name: The pull's folder below data/raw/police_uk.
        n_fetched: Answers fetched now.
        n_kept: Answers that were there already, from before it was interrupted.
        statuses: Answers fetched now, by HTTP status.
    """

    name: str
    n_fetched: int = 0
    n_kept: int = 0
    statuses: dict[int, int] = field(default_factory=dict)
    _refused: int = 0

    @property
    def n_refused(self) -> int:
        """Requests still refused for the moment after every attempt; the pull is not complete while there are any."""
        return sum(n for status, n in self.statuses.items() if status in PASSING)

    def count(self, answer: Answer) -> None:
        """Counts one answer fetched now.

        Raises:
            OpenDataError: The service has refused several times in a row.
        """
        self.n_fetched += 1
        self.statuses[answer.status] = self.statuses.get(answer.status, 0) + 1
        self._refused = self._refused + 1 if answer.status in PASSING else 0
        if self._refused == _MOST_REFUSED:
            raise OpenDataError(
                f"data.police.uk refuses: status {answer.status}, {_MOST_REFUSED} times in a row",
                culprits=[answer.path],
                remedy="pull again in an hour: it continues where it stopped",
            )


@dataclass(frozen=True)
class Plan:
    """What a pull would do: its forces, the pull it would continue ("" for none), answers there, requests last time.

    `n_requests` is None for a force that was never pulled: how many neighbourhoods it has is known only then.
    """

    goes_on_with: str
    n_kept: int
    n_requests: dict[str, int | None]


def forces_here(paths: ProjectPaths, names: Sequence[str] = ()) -> tuple[str, ...]:
    """The data.police.uk ids of the landscape's forces, or of those named by id, area or force.

    Raises:
        OpenDataError: A name matches none of them.
    """
    rows = read_csv(paths.reference / "force_areas.csv", ("police_uk_id", "force_area_name", "force_name"))
    known = {
        row[column].casefold(): row["police_uk_id"]
        for row in rows
        for column in ("police_uk_id", "force_area_name", "force_name")
    }
    strangers = [name for name in names if name.casefold() not in known]
    if strangers:
        ids = ", ".join(row["police_uk_id"] for row in rows)
        raise OpenDataError(
            "no forces of this landscape have these names", culprits=strangers, remedy=f"the forces are {ids}"
        )
    chosen = {known[name.casefold()] for name in names}
    return tuple(row["police_uk_id"] for row in rows if not names or row["police_uk_id"] in chosen)


def pull_police_uk(
    paths: ProjectPaths,
    service: PoliceUk,
    forces: Sequence[str],
    now: Callable[[], dt.datetime],
    on_answer: Callable[[str, int], None] = lambda _force, _n: None,
) -> Pulled:
    """Pulls what forces publish: engagement methods, neighbourhoods, their events and priorities.

    Each answer is kept as received, whatever its status. A pull that was interrupted less than a day ago continues: only
    what is not there yet, or was refused for the moment, is asked for.

    Args:
        paths: The project folder.
        service: Where to ask.
        forces: Ids of forces (forces_here).
        now: The time, with its zone.
        on_answer: Is given the force and the number of its answers so far, after each.

    Raises:
        OpenDataError: The service does not answer, or no longer lists a force; earlier answers are kept.
    """
    with _alone(paths):
        pull = unfinished_pull(paths, forces, now()) or begin_pull(paths.police_uk, forces, now())
        mend_pull(pull)
        done = Pulled(pull.name)
        _refuse_unlisted(_Asking(pull, _LIST, service, done, on_answer).get(FORCES), forces)
        for force in forces:
            _pull_force(_Asking(pull, force, service, done, on_answer))
        if not done.n_refused:
            end_pull(pull, now())
    return done


@contextmanager
def _alone(paths: ProjectPaths) -> Iterator[None]:
    """Two pulls at once would write to the same file, and together exceed the rate limit."""
    from filelock import FileLock, Timeout

    paths.police_uk.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(paths.police_uk / ".pull.lock", timeout=0):
            yield
    except Timeout as error:
        raise OpenDataError("another pull is running", remedy="wait until it has ended") from error


def unfinished_pull(paths: ProjectPaths, forces: Sequence[str], now: dt.datetime) -> Pull | None:
    """The latest pull of exactly these forces, if it is recent and has not ended."""
    same = [pull for pull in read_pulls(paths.police_uk) if pull.forces == tuple(forces)]
    is_open = bool(same) and not same[-1].ended_at and now - dt.datetime.fromisoformat(same[-1].begun_at) < GOES_ON_FOR
    return same[-1] if is_open else None


def plan_pull(paths: ProjectPaths, forces: Sequence[str], now: dt.datetime) -> Plan:
    """What `pull_police_uk` would do; asks for nothing."""
    goes_on = unfinished_pull(paths, forces, now)
    n_requests: dict[str, int | None] = dict.fromkeys(forces)
    for pull in read_pulls(paths.police_uk):
        if pull.ended_at:
            n_requests.update({force: len(pull.answers(force)) for force in pull.forces if force in n_requests})
    n_kept = sum(len(goes_on.answers(force)) for force in (_LIST, *forces)) if goes_on else 0
    return Plan(goes_on.name if goes_on else "", n_kept, n_requests)


class _Asking:
    """Asks for one force: answers that are there already are not fetched again."""

    def __init__(
        self, pull: Pull, force: str, service: PoliceUk, done: Pulled, on_answer: Callable[[str, int], None]
    ) -> None:
        self.force = force
        self._pull, self._service, self._done, self._on_answer = pull, service, done, on_answer
        self._there = {p: a for p, a in pull.answers(force).items() if a.status not in PASSING}
        self._n_answers = 0

    def get(self, path: str) -> Answer:
        """The answer to a path, stored before it is counted."""
        answer = self._there.get(path)
        if answer is None:
            answer = self._service.get(path)
            keep_answer(self._pull, self.force, answer)
            self._done.count(answer)
        else:
            self._done.n_kept += 1
        self._n_answers += 1
        self._on_answer(self.force, self._n_answers)
        return answer


def _pull_force(asking: _Asking) -> None:
    asking.get(force_path(asking.force))
    for neighbourhood_id in neighbourhood_ids(asking.get(neighbourhoods_path(asking.force))):
        for path in neighbourhood_paths(asking.force, neighbourhood_id).values():
            asking.get(path)


def neighbourhood_ids(answer: Answer) -> list[str]:
    """Ids in a list of neighbourhoods, as spelt there; none if the answer is not such a list."""
    return list(dict.fromkeys(str(row["id"]) for row in items_of(answer) if row.get("id")))


def items_of(answer: Answer) -> list[dict[str, object]]:
    """The objects of a body that is a list; none if it is an error or anything else."""
    return list(_items(answer))


def _items(answer: Answer) -> Iterator[dict[str, object]]:
    body = body_of(answer)
    yield from (item for item in body if isinstance(item, dict)) if isinstance(body, list) else ()


def body_of(answer: Answer) -> object:
    """The body as JSON; None if the answer is an error, or its body is not JSON."""
    if not answer.is_good:
        return None
    try:
        return json.loads(answer.body)
    except ValueError:
        return None


def _refuse_unlisted(answer: Answer, forces: Sequence[str]) -> None:
    """Refuses forces that are no longer listed, for example because they were renamed."""
    listed = {item.get("id") for item in items_of(answer)}
    gone = [force for force in forces if force not in listed]
    if gone:
        raise OpenDataError(
            f"{FORCES} does not list these forces (status {answer.status})",
            culprits=gone,
            remedy="if the service works, look up their new ids and put them into data/reference/force_areas.csv (police_uk_id)",
        )
