"""Units as OneRoster's orgs.csv, there and back, and files of others."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from elearn.units.rules.oneroster import HEADINGS, operations_of, orgs_of, read_orgs, write_orgs
from elearn.units.rules.operations import Close, Create, Move, Rename
from elearn.units.rules.organisation import NO_DECISION, Organisation
from elearn.units.rules.planning import plan
from tests.units.trees import FIRST, KINDS, REFORM, small

PEER = Path(__file__).parents[2].parent / "shared" / "peer" / "oneroster"
HEAD = ",".join(HEADINGS) + "\r\n"


def test_it_writes_what_it_reads_back_as_the_same_tree():
    data = write_orgs(orgs_of(small().as_of(REFORM), {"commune": "school"}))
    assert data.decode().startswith(",".join(HEADINGS)) and b"\r\n" in data
    orgs, problems = read_orgs(data)
    assert not problems
    assert operations_of(orgs, small(), REFORM, {}, NO_DECISION) == []
    made = plan(Organisation(), operations_of(orgs, Organisation(), FIRST, {}, NO_DECISION), KINDS)
    assert made.is_sound
    assert orgs_of(made.organisation.as_of(REFORM), {"commune": "school"}) == orgs_of(small().as_of(REFORM), {"commune": "school"})


def test_it_finds_what_changed():
    rows = "A,,,Xã Một,school,A,D2\r\nB,tobedeleted,2025-07-01T00:00:00Z,Đơn vị B,school,B,D1\r\nN,,,Mới,department,N,A\r\n"
    orgs, problems = read_orgs((HEAD + rows).encode(), known=["D1", "D2"])
    operations = operations_of(orgs, small(), REFORM, {"department": "cell"}, NO_DECISION)
    assert not problems and [type(each) for each in operations] == [Rename, Move, Create, Close]
    assert plan(small(), operations, KINDS).is_sound


@pytest.mark.parametrize("name", ["Test_full_data_set.zip", "Test_minimal_data_set.zip"])
def test_it_reads_files_of_others(name):
    if not PEER.exists():
        pytest.skip("the files to compare with are not beside the project")
    with zipfile.ZipFile(PEER / name) as archive:
        orgs, problems = read_orgs(archive.read("orgs.csv"))
    assert [(org.sourced_id, org.name, org.type) for org in orgs] == [("org-sch-222-456", "History Department", "department")]
    # The full set names a parent that lies outside the file: a warning, no refusal.
    assert [(problem.code, problem.is_warning) for problem in problems] == ([("unknown_parent", True)] if "full" in name else [])


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("", 1, "sourcedId"),
        ("sourcedId,name\r\n", 1, "type"),
        (HEAD + ",,,Tên,school,,\r\n", 2, "sourcedId"),
        (HEAD + "A,,,Tên,school,,\r\nA,,,Tên,school,,\r\n", 3, "sourcedId"),
        (HEAD + "A,,,Tên,trường,,\r\n", 2, "type"),
        (HEAD + "A,chờ,,Tên,school,,\r\n", 2, "status"),
        (HEAD + "A,,hôm qua,Tên,school,,\r\n", 2, "dateLastModified"),
        (HEAD + "A,,,Tên,school\r\n", 2, ""),
        (HEAD + 'B,,,"Hai\r\ndòng",school,,\r\nA,,,Tên,school,,A\r\n', 4, "parentSourcedId"),
    ],
)
def test_it_names_the_line_and_column_of_a_problem(text, line, column):
    _, problems = read_orgs(text.encode())
    assert (problems[0].line, problems[0].column) == (line, column)
    assert all(problem.message % problem.values for problem in problems)


def test_it_refuses_another_encoding():
    orgs, problems = read_orgs((HEAD + "A,,,Tên,school,,\r\n").encode("utf-16"))
    assert not orgs and problems[0].code == "encoding"
