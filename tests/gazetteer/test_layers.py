from __future__ import annotations

import json
import os
import pickle
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from small_gazetteer import META, RECORDS, town

from gazetteer import Gazetteer, GazetteerError, InputError, LonLat, MapperError, SourcePlace, build, store
from gazetteer.home import home
from gazetteer.layers import DEFAULT_PRIORITY, PACKAGE_PRIORITY, Layers, build_file
from geo.gazetteer_cli import gazetteer_group

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT / "../shared/data"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the data of ../shared are not there")


def row(number: int, name: str, lat: float, lon: float, *, names: str = "", feature: str = "P PPL", **more: str) -> str:
    """A line of a GeoNames dump."""
    values = {"country": "SY", "admin1": "09", "people": "0", "day": "2019-05-01", **more}
    kind, code = feature.split()
    cells = [str(number), name, name, names, str(lat), str(lon), kind, code, values["country"], "", values["admin1"]]
    return "\t".join([*cells, "", "", "", values["people"], "", "300", "Asia/Damascus", values["day"]])


KAFR = row(1001, "Kafr Nūn", 36.1, 37.2, names="كفر نون")


def dump(path: Path, *rows: str) -> Path:
    path.write_text("".join(line + "\n" for line in rows), encoding="utf-8")
    return path


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(f.relative_to(folder)): f.read_bytes() for f in sorted(folder.rglob("*")) if f.is_file()}


@pytest.fixture
def layers(tmp_path: Path, small_file: Path) -> Layers:
    return Layers(tmp_path / "home", package=small_file)


@pytest.fixture
def opened(layers: Layers) -> Iterator[Gazetteer]:
    with layers.open() as gazetteer:
        yield gazetteer


# Adding and removing --------------------------------------------------------------------------------------------------


def test_without_layers_the_file_of_the_package_is_opened(layers: Layers, small_file: Path) -> None:
    with layers.open() as gazetteer:
        assert type(gazetteer) is Gazetteer
        assert gazetteer.path == small_file
    assert not layers.folder.exists()


def test_a_layer_adds_its_places_to_those_of_the_package(layers: Layers, tmp_path: Path) -> None:
    (added,) = layers.add([dump(tmp_path / "SY.txt", KAFR)])
    assert (added.change, added.layer.name, added.layer.places, added.layer.date) == ("added", "sy", 1, "2019-05-01")
    with layers.open() as gazetteer:
        assert [c.place.id for c in gazetteer.find("Kafr Nun", country="SY")] == ["geonames:1001"]
        assert [c.place.id for c in gazetteer.find("كفر نون")] == ["geonames:1001"]
        assert gazetteer.find("al-Bab")[0].place.id == "t:al-bab"
        assert [c.place.id for c in gazetteer.find("Kefr Noun")] == ["geonames:1001"]  # by its consonants
        assert gazetteer.has_name("kafr nun")
        assert [p.id for _, p in gazetteer.near(LonLat(lon=37.2, lat=36.1), radius_km=1)] == ["geonames:1001"]
        assert len(gazetteer.points("region:euphrates")) == 3


def test_a_layer_takes_the_names_of_divisions_from_the_package(layers: Layers, tmp_path: Path) -> None:
    layers.add([dump(tmp_path / "SY.txt", KAFR)])
    with layers.open() as gazetteer:
        place = gazetteer.place("geonames:1001")
    assert place is not None
    assert place.admin1_name == "Aleppo"


def test_adding_the_same_file_twice_changes_nothing(layers: Layers, tmp_path: Path) -> None:
    file = dump(tmp_path / "SY.txt", KAFR)
    layers.add([file])
    before = files_in(layers.folder)
    renamed = shutil.copy(file, tmp_path / "again.txt")
    assert [layers.add([path])[0].change for path in (file, Path(renamed))] == ["unchanged"] * 2
    assert files_in(layers.folder) == before


def test_the_same_layers_are_the_same_bytes(tmp_path: Path, small_file: Path) -> None:
    file = dump(tmp_path / "SY.txt", KAFR)
    found = []
    for name in ("one", "two"):
        layers = Layers(tmp_path / name, package=small_file)
        layers.add([file])
        found.append(files_in(layers.folder))
    assert found[0] == found[1]


def test_newer_data_replace_the_layer_of_their_name(layers: Layers, tmp_path: Path) -> None:
    layers.add([dump(tmp_path / "SY.txt", KAFR)], priority=70)
    (replaced,) = layers.add([dump(tmp_path / "SY.txt", row(1002, "Sarmin", 35.9, 36.7))])
    assert (replaced.change, replaced.layer.priority) == ("replaced", 70)
    with layers.open() as gazetteer:
        assert gazetteer.find("Kafr Nun") == []
        assert gazetteer.find("Sarmin")
    assert len(list(layers.folder.rglob("*.sqlite"))) == 2  # the layer and the joined file: nothing old stays


def test_another_priority_keeps_the_places(layers: Layers, tmp_path: Path) -> None:
    file = dump(tmp_path / "SY.txt", KAFR)
    layers.add([file])
    (updated,) = layers.add([file], priority=200)
    assert (updated.change, layers.list()[0].priority) == ("updated", 200)


def test_removing_a_layer_leaves_the_package(layers: Layers, tmp_path: Path, small_file: Path) -> None:
    layers.add([dump(tmp_path / "SY.txt", KAFR)])
    assert layers.remove("sy").name == "sy"
    assert layers.list() == ()
    assert list(files_in(layers.folder)) == ["lock"]
    with layers.open() as gazetteer:
        assert gazetteer.path == small_file
    with pytest.raises(InputError, match="there is no layer 'sy'; there are: none"):
        layers.remove("sy")


def test_each_dump_is_a_layer_and_a_name_makes_one_of_them(layers: Layers, tmp_path: Path) -> None:
    files = [
        dump(tmp_path / "SY.txt", KAFR),
        dump(tmp_path / "LB.txt", row(2001, "Nun", 34.1, 36.2, country="LB", admin1="05")),
    ]
    codes = dump(tmp_path / "admin1.txt", "SY.09\tHalab\tHalab\t1", "LB.05\tMount Lebanon\tMount Lebanon\t2")
    assert [added.layer.name for added in layers.add([*files, codes])] == ["sy", "lb"]
    one = Layers(tmp_path / "other", package=layers.package)
    (added,) = one.add([*files, codes], name="levant")
    assert (added.layer.name, added.layer.places) == ("levant", 2)
    with one.open() as gazetteer:
        assert gazetteer.find("Nun", country="LB")[0].place.admin1_name == "Mount Lebanon"


def test_the_same_files_under_another_name_are_refused(layers: Layers, tmp_path: Path) -> None:
    file = dump(tmp_path / "SY.txt", KAFR)
    layers.add([file])
    with pytest.raises(InputError, match=r"SY\.txt: these files are the layer 'sy' already"):
        layers.add([file], name="syria")


@pytest.mark.parametrize("name", ["geonames", "package", "Two Words", "../up", "", "x" * 65])
def test_names_that_mean_something_else_are_refused(name: str, layers: Layers, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"layer name .* cannot be used"):
        layers.add([dump(tmp_path / "SY.txt", KAFR)], name=name)


def test_info_says_layers_counts_dates_and_licences(layers: Layers, tmp_path: Path) -> None:
    layers.add([dump(tmp_path / "SY.txt", KAFR)])
    with layers.open() as gazetteer:
        info = gazetteer.info()
    (layer,) = info["layers"]
    assert (layer["name"], layer["places"], layer["date"], layer["licence"]) == ("sy", 1, "2019-05-01", "CC BY 4.0")
    assert info["places"] == len(RECORDS) + 1
    assert info["places_by_scheme"]["geonames"] == 1
    assert "GeoNames" in [source["name"] for source in info["sources"]]
    assert info["version"].startswith("2026-01+sy-")


def test_a_joined_gazetteer_can_be_sent_to_another_process(layers: Layers, tmp_path: Path) -> None:
    layers.add([dump(tmp_path / "SY.txt", KAFR)])
    with layers.open() as gazetteer, pickle.loads(pickle.dumps(gazetteer)) as copy:
        assert copy.find("Kafr Nun")


# What is one place ----------------------------------------------------------------------------------------------------


def ids(gazetteer: Gazetteer, name: str) -> list[str]:
    return [hit.place.id for hit in gazetteer.lookup(name)]


def test_one_name_country_and_class_nearby_is_one_place_with_all_names(layers: Layers, tmp_path: Path) -> None:
    layers.add([dump(tmp_path / "SY.txt", row(1, "Idlib", 35.94, 36.63, names="Idlip,Edleb", admin1="12", people="9"))])
    with layers.open() as gazetteer:
        assert ids(gazetteer, "Idlip") == ids(gazetteer, "Edleb") == ["t:idlib"]
        assert ids(gazetteer, "Idlib") == ["t:idlib", "admin1:SY.12"]
        place = gazetteer.place("t:idlib")
    assert place is not None
    assert (place.lat, place.population) == (35.9306, 128_840)
    assert place.source == "test towns; GeoNames"


def test_the_main_name_of_the_loser_is_a_further_name(layers: Layers, tmp_path: Path) -> None:
    layers.add([dump(tmp_path / "SY.txt", row(1, "Idleb Town", 35.94, 36.63, names="Idlib", admin1="12"))])
    with layers.open() as gazetteer:
        (hit,) = gazetteer.lookup("Idleb Town")
    assert (hit.place.id, hit.kind, hit.place.name) == ("t:idlib", "alternate", "Idlib")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (row(1, "Idlib", 36.03, 36.6339), "eleven kilometres off"),
        (row(1, "Idlib", 35.93, 36.634, country="TR"), "another country"),
        (row(1, "Idlib", 35.93, 36.634, feature="S RUIN"), "another class"),
        (row(1, "Idlip", 35.93, 36.634), "another name"),
        (row(1, "Idlib", 35.93, 36.634, feature="A ADM3"), "a division of another level"),
    ],
)
def test_other_places_stay_other_places(line: str, why: str, layers: Layers, tmp_path: Path) -> None:
    layers.add([dump(tmp_path / "SY.txt", line)])
    with layers.open() as gazetteer:
        assert gazetteer.place("geonames:1") is not None, why
        assert gazetteer.info()["places"] == len(RECORDS) + 1


def test_a_higher_priority_wins_over_the_package(layers: Layers, tmp_path: Path) -> None:
    layers.add([dump(tmp_path / "SY.txt", row(1, "Idlib", 35.94, 36.63, admin1="12"))], priority=200)
    with layers.open() as gazetteer:
        assert ids(gazetteer, "Idlib") == ["geonames:1", "admin1:SY.12"]
        place = gazetteer.place("geonames:1")
        assert ids(gazetteer, "Idleb") == ["geonames:1", "admin1:SY.12"]  # a name that only the package knows
    assert place is not None
    assert (place.lat, place.population) == (35.94, 128_840)  # its own point; people from the package


def test_one_geonames_number_is_one_place_wherever_it_is_written(tmp_path: Path) -> None:
    place = town("curated:kn", "Kafr Noon", 37.5, 36.5, "SY", "09")
    cited = SourcePlace(replace(place, source="Wikipedia; GeoNames 1001"))
    package = tmp_path / "package.sqlite"
    build(package, [cited], meta=META)
    layers = Layers(tmp_path / "home", package=package)
    layers.add([dump(tmp_path / "SY.txt", KAFR)])
    with layers.open() as gazetteer:
        assert ids(gazetteer, "Kafr Nūn") == ids(gazetteer, "Kafr Noon") == ["curated:kn"]
        assert gazetteer.info()["places"] == 1


def test_two_geonames_numbers_are_two_places(layers: Layers, tmp_path: Path) -> None:
    layers.add([dump(tmp_path / "a.txt", KAFR)])
    layers.add([dump(tmp_path / "b.txt", row(1002, "Kafr Nūn", 36.11, 37.2))])
    with layers.open() as gazetteer:
        assert sorted(ids(gazetteer, "Kafr Nun")) == ["geonames:1001", "geonames:1002"]


def test_p_codes_name_the_divisions_of_the_package(layers: Layers, tmp_path: Path) -> None:
    header = "ADM1_EN,ADM1_AR,ADM1_PCODE,ADM0_PCODE,lat,lon\n"
    (tmp_path / "adm1.csv").write_text(header + "Idleb,إدلب,SY07,SY,35.8,36.7\n", encoding="utf-8")
    header = "admin4Name_en,admin4Pcode,admin1Name_en,admin1Pcode,admin0Pcode,lat,lon\n"
    (tmp_path / "pplp.csv").write_text(header + "Sarmin,C3900,Idleb,SY07,SY,35.9,36.72\n", encoding="utf-8")
    layers.add([tmp_path / "adm1.csv", tmp_path / "pplp.csv"], name="cod")
    with layers.open() as gazetteer:
        division, town = gazetteer.admin1("SY", "12"), gazetteer.place("pcode:C3900")
        assert [c.place.id for c in gazetteer.find("Sarmin", admin1="Idlib")] == ["pcode:C3900"]
    assert division is not None
    assert (division.name, division.pcode) == ("Idlib", "SY07")
    assert town is not None
    assert (town.admin1, town.admin1_name) == ("12", "Idlib")


def test_divisions_of_a_winning_layer_are_still_found_by_their_code(layers: Layers, tmp_path: Path) -> None:
    header = "ADM1_EN,ADM1_AR,ADM1_PCODE,ADM0_PCODE,lat,lon\n"
    (tmp_path / "adm1.csv").write_text(header + "Idleb,إدلب,SY07,SY,35.8,36.7\n", encoding="utf-8")
    layers.add([tmp_path / "adm1.csv"], priority=200)
    with layers.open() as gazetteer:
        division = gazetteer.admin1("SY", "12")
    assert division is not None
    assert (division.name, division.lat, division.pcode, division.admin1) == ("Idleb", 35.8, "SY07", "12")


def test_people_of_a_division_are_left_to_the_package(layers: Layers, tmp_path: Path) -> None:
    line = row(1, "Idlib", 35.8, 36.7, feature="A ADM1", admin1="12", people="1500000")
    layers.add([dump(tmp_path / "SY.txt", line)])
    with layers.open() as gazetteer:
        division = gazetteer.admin1("SY", "12")
        assert ids(gazetteer, "Idlib")[0] == "t:idlib"
    assert division is not None
    assert division.population is None


# Bad input, crashes, company ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("SY.txt", KAFR + "\n" + KAFR.rsplit("\t", 1)[0] + "\n", r"SY\.txt:2: 18 columns"),
        ("SY.txt", KAFR + "\n" + row(7, "Nun", 99, 37) + "\n", r"SY\.txt:2: latitude 99 is outside"),
        ("SY.txt", KAFR + "\n" + KAFR + "\n", r"SY\.txt: two rows have one id"),
        ("admin1CodesASCII.txt", "SY.09\tA\tA\t1\n", "no places in these files alone"),
        ("places.csv", "name,lon\nKafr,37.2\n", r"places\.csv:2: no column 'lat'"),
        ("adm1.csv", "ADM1_EN,ADM1_PCODE,lat,lon\nA,2,36,37\n", r"adm1\.csv:2: P-code '2' .* read as a number"),
        ("places.csv", "name,lat,lon\n", "no places in it"),
    ],
)
def test_a_bad_file_leaves_the_layers_as_they_were(
    name: str, text: str, says: str, layers: Layers, tmp_path: Path
) -> None:
    layers.add([dump(tmp_path / "good.txt", row(5, "Sarmin", 35.9, 36.7))])
    before = files_in(layers.folder)
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=says) as caught:
        layers.add([tmp_path / name])
    assert "\n" not in str(caught.value)
    assert files_in(layers.folder) == before


def test_a_country_without_rows_in_the_dump_is_refused(layers: Layers, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no places of LB in it"):
        layers.add([dump(tmp_path / "SY.txt", KAFR)], country="lb")


def test_a_damaged_description_says_what_to_do(layers: Layers, tmp_path: Path) -> None:
    layers.add([dump(tmp_path / "SY.txt", KAFR)])
    (layers.folder / "layers" / "sy.json").write_text("{", encoding="utf-8")
    with pytest.raises(GazetteerError, match=r"sy\.json: this is no description of a layer .* add the layer again"):
        layers.open()


def test_a_lost_or_cut_off_joined_file_is_made_anew(layers: Layers, tmp_path: Path) -> None:
    layers.add([dump(tmp_path / "SY.txt", KAFR)])
    (joined,) = layers.folder.glob("joined-*.sqlite")
    for damage in (joined.unlink, lambda: joined.write_bytes(joined.read_bytes()[:5000])):
        damage()
        with layers.open() as gazetteer:
            assert gazetteer.find("Kafr Nun")


def test_a_damaged_file_of_a_layer_is_made_anew_by_adding_it_again(layers: Layers, tmp_path: Path) -> None:
    file = dump(tmp_path / "SY.txt", KAFR)
    layers.add([file])
    for damaged in layers.folder.rglob("*.sqlite"):
        damaged.write_bytes(damaged.read_bytes()[:5000])
    with pytest.raises(
        GazetteerError, match=r"layer 'sy' .*cut off.* add its files again \(SY\.txt\), .* gazetteer remove sy"
    ):
        layers.open()
    layers.add([file])
    with layers.open() as gazetteer:
        assert gazetteer.find("Kafr Nun")


def test_a_damaged_layer_keeps_no_other_from_changing(layers: Layers, tmp_path: Path) -> None:
    layers.add([dump(tmp_path / "SY.txt", KAFR)])
    next((layers.folder / "layers").glob("*.sqlite")).unlink()
    layers.add([dump(tmp_path / "other.txt", row(5, "Sarmin", 35.9, 36.7))])
    layers.remove("sy")
    with layers.open() as gazetteer:
        assert gazetteer.find("Sarmin")


def test_layers_change_also_where_the_package_is_missing(layers: Layers, tmp_path: Path) -> None:
    layers.package = tmp_path / "nothing.sqlite"
    layers.add([dump(tmp_path / "SY.txt", KAFR)])
    with pytest.raises(GazetteerError, match=r"nothing\.sqlite: there is no gazetteer file"):
        layers.open()
    layers.remove("sy")


def test_a_new_version_of_the_package_is_joined_at_its_first_use(
    layers: Layers, tmp_path: Path, small_file: Path
) -> None:
    layers.add([dump(tmp_path / "SY.txt", KAFR)])
    newer = tmp_path / "newer.sqlite"
    build(newer, [r for r in RECORDS if r.place.id != "t:idlib"], meta={"version": "2026-02", "sources": "[]"})
    with Layers(layers.folder, package=newer).open() as gazetteer:
        assert gazetteer.find("Kafr Nun")
        assert ids(gazetteer, "Idlib") == ["admin1:SY.12"]
    with layers.open() as gazetteer:  # and the older one still has its own
        assert ids(gazetteer, "Idlib") == ["t:idlib", "admin1:SY.12"]


ADD = """
import sys, time
from pathlib import Path
import os
from gazetteer.layers import Layers

folder, package, file, halt = sys.argv[1:]

def pause(*_):
    print("here", flush=True)
    time.sleep(600)

if halt == "before the last step":
    os.fsync = pause
Layers(Path(folder), package=Path(package)).add([Path(file)], progress=pause if halt == "while reading" else None)
"""


def adding(layers: Layers, file: Path, halt: str = "") -> subprocess.Popen[str]:
    command = [sys.executable, "-c", ADD, str(layers.folder), str(layers.package), str(file), halt]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=file.parent
    )


@pytest.mark.parametrize("halt", ["while reading", "before the last step"])
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL on this system")
def test_a_process_killed_while_adding_leaves_the_old_state(halt: str, layers: Layers, tmp_path: Path) -> None:
    layers.add([dump(tmp_path / "old.txt", row(5, "Sarmin", 35.9, 36.7))])
    file = dump(tmp_path / "SY.txt", KAFR)
    with adding(layers, file, halt) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "here\n"
        os.kill(process.pid, signal.SIGKILL)
    assert [layer.name for layer in layers.list()] == ["old"]
    with layers.open() as gazetteer:
        assert gazetteer.find("Sarmin")
        assert not gazetteer.find("Kafr Nun")
    layers.add([file])
    with layers.open() as gazetteer:
        assert gazetteer.find("Sarmin")
        assert gazetteer.find("Kafr Nun")
    names = sorted(Path(name).name.split("-")[0] for name in files_in(layers.folder))
    assert names == ["joined", "lock", "old", "old.json", "sy", "sy.json"]  # nothing of the killed one is left


def test_processes_that_add_at_once_both_succeed(layers: Layers, tmp_path: Path) -> None:
    rows = {n: [row(n * 1000 + i, f"Village {n} {i}", 35 + n / 9, 37 + i / 999) for i in range(300)] for n in range(4)}
    files = [dump(tmp_path / f"part{n}.txt", *lines) for n, lines in rows.items()]
    running = [adding(layers, file) for file in [*files, files[0]]]
    for process in running:
        _, errors = process.communicate(timeout=120)
        assert (process.returncode, errors) == (0, "")
    assert [layer.name for layer in layers.list()] == ["part0", "part1", "part2", "part3"]
    with layers.open() as gazetteer:
        assert gazetteer.info()["places"] == len(RECORDS) + 1200
        assert all(gazetteer.find(f"Village {n} 7") for n in range(4))


def test_a_process_waits_for_the_one_that_adds(layers: Layers, tmp_path: Path) -> None:
    first = adding(layers, dump(tmp_path / "one.txt", KAFR), "while reading")
    assert first.stdout is not None
    first.stdout.readline()
    second = adding(layers, dump(tmp_path / "two.txt", row(5, "Sarmin", 35.9, 36.7)))
    time.sleep(0.5)
    assert second.poll() is None
    first.kill()
    first.communicate()
    _, errors = second.communicate(timeout=60)
    assert (second.returncode, errors) == (0, "")
    assert [layer.name for layer in layers.list()] == ["two"]


# Files of one's own ---------------------------------------------------------------------------------------------------


def test_a_gazetteer_file_of_inputs_alone(layers: Layers, tmp_path: Path) -> None:
    info = build_file(tmp_path / "own.sqlite", [dump(tmp_path / "SY.txt", KAFR)], layers=layers)
    assert (info["places"], info["path"]) == (1, str(tmp_path / "own.sqlite"))
    with Gazetteer.open(tmp_path / "own.sqlite") as gazetteer:
        assert gazetteer.find("Kafr Nun")
        assert not gazetteer.find("Idlib")


def test_a_gazetteer_file_of_package_and_layers(layers: Layers, tmp_path: Path) -> None:
    file = dump(tmp_path / "SY.txt", KAFR)
    build_file(tmp_path / "with.sqlite", [file], with_package=True, layers=layers)
    layers.add([file])
    build_file(tmp_path / "all.sqlite", layers=layers)
    for name in ("with.sqlite", "all.sqlite"):
        with Gazetteer.open(tmp_path / name) as gazetteer:
            assert gazetteer.find("Kafr Nun")
            assert gazetteer.find("Idlib")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["SY.txt", "all.sqlite", "home", "with.sqlite"]


def test_a_broken_build_leaves_the_older_file(layers: Layers, tmp_path: Path) -> None:
    file = dump(tmp_path / "SY.txt", KAFR)
    build_file(tmp_path / "own.sqlite", [file], layers=layers)
    before = (tmp_path / "own.sqlite").read_bytes()
    with pytest.raises(InputError, match=r"SY\.txt:1"):
        build_file(tmp_path / "own.sqlite", [dump(file, row(1, "Nun", 99, 0))], layers=layers)
    with pytest.raises(InputError, match="one of the inputs"):
        build_file(file, [file], layers=layers)
    assert (tmp_path / "own.sqlite").read_bytes() == before


# The commands ---------------------------------------------------------------------------------------------------------


def run(*words: object) -> Result:
    return CliRunner().invoke(gazetteer_group, [str(word) for word in words])


@pytest.fixture
def own_home(tmp_path: Path, small_file: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CONFLICTMAP_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(store, "PACKAGED", small_file)
    return tmp_path / "home"


def test_the_home_is_the_variable_or_the_data_folder_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONFLICTMAP_HOME", "/somewhere")
    assert home() == Path("/somewhere")
    monkeypatch.delenv("CONFLICTMAP_HOME")
    assert home().name == "conflictmap"


def test_the_commands_add_show_and_remove_a_layer(own_home: Path, tmp_path: Path) -> None:
    file = dump(tmp_path / "SY.txt", KAFR)
    added = run("add", file, "--priority", 60)
    assert added.exit_code == 0
    assert added.stderr == (
        "added layer sy: 1 places, 2 names, priority 60, data of 2019-05-01; CC BY 4.0 (GeoNames, geonames.org)\n"
    )
    assert "nothing changed" in run("add", file).stderr
    assert json.loads(run("info").stdout)["layers"][0]["priority"] == 60
    with Gazetteer.open() as gazetteer:  # what every other command opens
        assert gazetteer.find("Kafr Nun")
    assert run("remove", "sy").exit_code == 0
    assert json.loads(run("info").stdout)["layers"] == []


def test_the_build_command_writes_a_file_for_the_gazetteer_option(own_home: Path, tmp_path: Path) -> None:
    file = dump(tmp_path / "SY.txt", KAFR)
    assert run("build", "-o", tmp_path / "own.sqlite", file).exit_code == 0
    assert json.loads(run("info", "--gazetteer", tmp_path / "own.sqlite").stdout)["places"] == 1


def test_the_help_names_the_priorities_that_count() -> None:
    assert f"[default: {DEFAULT_PRIORITY}; the package has {PACKAGE_PRIORITY}]" in " ".join(
        run("add", "--help").stdout.split()
    )


def test_wrong_use_of_the_commands_is_told(own_home: Path, tmp_path: Path) -> None:
    assert run("add").exit_code == 2
    assert run("add", tmp_path / "SY.txt", "--country", "Syria").exit_code == 2
    assert isinstance(run("add", tmp_path / "SY.txt").exception, MapperError)
    assert isinstance(run("remove", "sy").exception, MapperError)


# True data ------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@needs_shared
def test_a_true_dump_joins_the_package(world: Gazetteer, tmp_path: Path) -> None:
    layers = Layers(tmp_path / "home")
    layers.add([SHARED / "geonames/rebuilt/SY.txt.gz", SHARED / "boundaries/ocha_syr_admin1.geojson"], name="syria")
    with layers.open() as gazetteer:
        counts = gazetteer.info()["places_by_scheme"]
        assert counts["admin1"] == world.info()["places_by_scheme"]["admin1"]  # the 14 are known already
        assert "pcode" not in counts
        assert 9_000 < gazetteer.info()["places"] - world.info()["places"] < 10_317
        for name in ("al-Bab", "Aleppo", "Raqqa"):
            assert ids(world, name)[0] in ids(gazetteer, name)
        aleppo = gazetteer.admin1("SY", "09")
    assert aleppo is not None
    assert (aleppo.pcode, aleppo.name) == ("SY02", "Aleppo")
