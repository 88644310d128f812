"""The asset graph as the UI shows it.

A change of the graph is accepted by: python tests/test_dagster_graph.py
"""

from __future__ import annotations

from pathlib import Path

import dagster as dg
from offenders import failing

from assets import LAYERS, group_of
from pipelines.definitions import defs

SNAPSHOT = Path(__file__).parent / "snapshots" / "asset_graph.txt"
GRAPH = defs.resolve_asset_graph()
KEYS = sorted(GRAPH.get_all_asset_keys(), key=lambda key: (LAYERS.index(key.path[0]), key.path))


def name_of(key: dg.AssetKey) -> str:
    return "/".join(key.path)


def drawn() -> str:
    """The graph as text: key, kinds and what it reads, in the order the data moves."""
    lines: list[str] = []
    for key in KEYS:
        node = GRAPH.get(key)
        heading = f"[{node.group_name}]"
        if heading not in lines:
            lines += ["", heading]
        lines.append(f"{name_of(key)} ({', '.join(sorted(node.kinds))})")
        if node.parent_keys:
            lines.append(f"    reads   {', '.join(sorted(map(name_of, node.parent_keys)))}")
        if node.check_keys:
            lines.append(f"    checks  {', '.join(sorted(check.name for check in node.check_keys))}")
    return "\n".join(lines).lstrip() + "\n"


def test_the_graph_is_the_one_that_was_accepted() -> None:
    assert drawn() == SNAPSHOT.read_text(encoding="utf-8"), "to accept it: python tests/test_dagster_graph.py"


def test_an_asset_says_what_it_is() -> None:
    def says_what_it_is(key: dg.AssetKey) -> None:
        node = GRAPH.get(key)
        assert node.description
        assert node.kinds
        assert node.owners
        assert node.group_name == group_of(key.path[0])

    assert failing(says_what_it_is, KEYS) == []


def test_an_asset_reads_only_its_own_layer_and_earlier_ones() -> None:
    later = [
        f"{name_of(key)} reads {name_of(parent)}"
        for key in KEYS
        for parent in GRAPH.get(key).parent_keys
        if LAYERS.index(parent.path[0]) > LAYERS.index(key.path[0])
    ]
    # Files are published once all tables are sound, those of people among them.
    assert [each for each in later if not each.startswith("marts/published reads safe/")] == []


def test_groups_stand_in_the_order_the_data_moves() -> None:
    groups = [group_of(layer) for layer in LAYERS]
    assert groups == sorted(groups)
    assert {node.group_name for node in GRAPH.asset_nodes} == set(groups)


def test_every_column_of_every_table_is_described() -> None:
    schemas = {key: GRAPH.get(key).metadata.get("dagster/column_schema") for key in KEYS if GRAPH.get(key).check_keys}
    assert len(schemas) > 20
    undescribed = [
        f"{name_of(key)}.{column.name}"
        for key, schema in schemas.items()
        for column in schema.columns
        if not column.description
    ]
    assert undescribed == []


def test_every_check_blocks_and_says_what_must_hold() -> None:
    specs = [GRAPH.get_check_spec(key) for key in GRAPH.asset_check_keys]
    assert specs
    assert all(spec.blocking and spec.description for spec in specs)


def test_a_refresh_makes_and_checks_everything() -> None:
    job = defs.resolve_job_def("everything")
    assert job.asset_layer.executable_asset_keys == {key for key in KEYS if key.path[0] != "edited"}
    assert job.asset_layer.asset_graph.asset_check_keys == GRAPH.asset_check_keys


def test_what_people_edit_is_read_by_something_and_made_by_nothing() -> None:
    edited = [GRAPH.get(key) for key in KEYS if key.path[0] == "edited"]
    assert {"received_files", "decisions", "questionnaires", "population.csv"} <= {n.key.path[-1] for n in edited}
    assert all(node.is_external and node.child_keys and not node.parent_keys for node in edited)


if __name__ == "__main__":
    SNAPSHOT.parent.mkdir(exist_ok=True)
    SNAPSHOT.write_text(drawn(), encoding="utf-8", newline="\n")
