"""From frames and files to segments, the same whatever they came as."""

from __future__ import annotations

import datetime
import filecmp
import inspect
import os
import pickle
import subprocess
import sys
import typing
from pathlib import Path

import pytest

import tribus
from conftest import data_folder, real_file

RECIPE = "marketing-campaign"


def run_program(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "tribus", *map(str, arguments)], capture_output=True, text=True, check=False
    )


def program(*arguments):
    done = run_program(*arguments)
    assert done.returncode == 0, done.stderr
    return done


def files_below(folder: Path):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def assert_same_files(one: Path, other: Path):
    names = files_below(one)
    assert names == files_below(other)
    assert "report.html" in names
    _, differ, odd = filecmp.cmpfiles(one, other, names, shallow=False)
    assert (differ, odd) == ([], [])


# Purchases, one in each row, need a recipe that makes customers of them.
RECIPES = {"CDNOW_master.txt": "rfm", "OnlineRetail_full.csv.gz": "rfm"}


def all_real_files() -> list[str]:
    folder = data_folder()
    if folder is None:
        return ["customers.csv"]
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("name", all_real_files())
def test_the_program_and_the_package_write_the_same_bytes_or_refuse_in_the_same_words(name, tmp_path):
    path, recipe = real_file(name), RECIPES.get(name)
    asked = ["segment", path, "-o", tmp_path / "program", "--quick", *(["--recipe", recipe] if recipe else [])]
    done = run_program(*asked)
    if done.returncode == 0:
        tribus.segment(path, recipe=recipe, quick=True).save(tmp_path / "package")
        assert_same_files(tmp_path / "program", tmp_path / "package")
    else:
        with pytest.raises(tribus.Error) as refused:
            tribus.segment(path, recipe=recipe, quick=True)
        assert f"error: {refused.value.args[0]}" in done.stderr
        assert not (tmp_path / "program").exists()


def test_the_same_bytes_of_sample_customers(customers, tmp_path):
    path = tmp_path / "customers.csv"
    customers.to_csv(path, index=False)
    program("segment", path, "-o", tmp_path / "program", "--recipe", RECIPE)
    made = tribus.segment(path, recipe=RECIPE)
    made.save(tmp_path / "package")
    assert_same_files(tmp_path / "program", tmp_path / "package")
    program("assign", tmp_path / "program", path, "-o", tmp_path / "assigned.csv")
    # What was saved, loaded and saved again is what it was.
    tribus.load(tmp_path / "program").save(tmp_path / "model.json")
    assert (tmp_path / "model.json").read_bytes() == (tmp_path / "package" / "segmentation.json").read_bytes()


def kinds(customers):
    """The same customers as every kind of frame, and the class that each comes back as."""
    polars, pyarrow = pytest.importorskip("polars"), pytest.importorskip("pyarrow")
    duckdb = pytest.importorskip("duckdb")
    table = pyarrow.Table.from_pandas(customers, preserve_index=False)
    relation = duckdb.from_arrow(table)
    return {
        "polars": (polars.from_arrow(table), polars.DataFrame),
        "lazy": (polars.from_arrow(table).lazy(), polars.DataFrame),
        "pyarrow": (table, pyarrow.Table),
        "duckdb": (relation, type(relation)),
    }


@pytest.mark.parametrize("kind", ["polars", "lazy", "pyarrow", "duckdb"])
def test_every_kind_of_frame_gives_the_same_segments(customers, segmentation, kind):
    frame, comes_back_as = kinds(customers)[kind]
    made = tribus.segment(frame, recipe=RECIPE, quick=True)
    assert made.to_json() == segmentation.to_json()
    assert isinstance(made.customers, comes_back_as)
    assert isinstance(made.segments, comes_back_as)
    assert isinstance(segmentation.assign(frame), comes_back_as)
    found = made.customers
    found = found.to_arrow_table() if kind == "duckdb" else found
    segments = found["segment"].to_pylist() if kind in ("pyarrow", "duckdb") else found["segment"].to_list()
    ours = segmentation.customers["segment"]
    assert segments == [None if missing else segment for segment, missing in zip(ours, ours.isna(), strict=True)]


def test_a_frame_of_a_file_gives_the_files_segments():
    path = real_file("marketing_campaign.csv")
    pandas = pytest.importorskip("pandas")
    of_frame = tribus.segment(pandas.read_csv(path, sep=None, engine="python"), recipe=RECIPE, quick=True)
    of_file = tribus.segment(path, recipe=RECIPE, quick=True)
    assert of_frame.customers["segment"].equals(of_file.customers["segment"])
    columns = [name for name in of_file.segments.columns if name.startswith("centroid_")]
    assert columns and of_frame.segments[columns].equals(of_file.segments[columns])


def test_the_index_of_a_pandas_frame_comes_back(customers, segmentation):
    assert segmentation.customers.index.equals(customers.index)
    some = customers.iloc[[5, 3, 900]]
    assigned = segmentation.assign(some)
    assert assigned.index.equals(some.index)
    assert assigned["segment"].equals(segmentation.customers.loc[some.index, "segment"])


def test_the_ledger_adds_up(customers, segmentation):
    ledger = segmentation.ledger
    assert ledger.read == len(customers) == ledger.used + ledger.rows_set_aside
    assert ledger.set_aside["rows"].sum() == ledger.rows_set_aside
    assert segmentation.customers["set_aside_because"].notna().sum() == ledger.rows_set_aside
    assert segmentation.segments["size"].sum() == ledger.used


def test_profiles_evidence_and_another_number(segmentation):
    assert [profile.name for profile in segmentation.profiles] == segmentation.names
    assert all(profile.advice and profile.differences for profile in segmentation.profiles)
    assert segmentation.k == len(segmentation.segments) == 5
    assert {"k", "inertia", "silhouette"} <= set(segmentation.evidence.criteria.columns)
    assert segmentation.with_k(4).k == 4


def test_pickle_save_and_load(segmentation, customers, tmp_path):
    ours = segmentation.assign(customers)
    segmentation.save(tmp_path / "folder")
    for again in (pickle.loads(pickle.dumps(segmentation)), tribus.load(tmp_path / "folder")):
        assert again.names == segmentation.names
        assert again.assign(customers).equals(ours)
        with pytest.raises(tribus.SegmentationError, match="holds no customers"):
            _ = again.customers


def test_a_name_is_kept(customers, tmp_path):
    made = tribus.segment(customers, recipe=RECIPE, quick=True)
    assert made.name(3, "Regulars") == "Regulars"
    assert made.profiles[2].name == "Regulars"
    assert "Regulars" in set(made.customers["segment_name"])
    made.save(tmp_path / "folder")
    assert tribus.load(tmp_path / "folder").name(3) == "Regulars"
    assert "Regulars" in made.to_html()


def test_displays_leak_nothing_into_the_page(segmentation):
    parts = [segmentation, segmentation.profiles, segmentation.evidence, segmentation.ledger, segmentation.charts]
    for part in parts:
        page = part._repr_html_()
        assert "<style" not in page and "<script" not in page and "http" not in page.replace("http://www.w3.org", "")
    assert "<img" in segmentation.charts._repr_html_()


@pytest.mark.parametrize(
    ("settings", "error", "says"),
    [
        ({"features": "Incom"}, tribus.UnknownColumnError, "did you mean `Income`"),
        ({"recipe": "ifoo"}, tribus.RecipeError, "did you mean `ifood`"),
        ({"k": "many"}, tribus.RecipeError, "give auto"),
    ],
)
def test_errors_say_the_way_out(customers, settings, error, says):
    with pytest.raises(error) as raised:
        tribus.segment(customers, **settings)
    assert isinstance(raised.value, tribus.Error) and isinstance(raised.value, ValueError)
    assert says in str(raised.value)


def test_errors_of_what_is_no_table():
    with pytest.raises(tribus.ReadError, match="there is no such file"):
        tribus.segment("no-such-file.csv")
    with pytest.raises(tribus.ReadError, match="hint: give a path"):
        tribus.segment(3)
    with pytest.raises(TypeError, match="bogus"):
        tribus.segment({"a": [1, 2]}, bogus=1)


def settings_of(function):
    parameters = inspect.signature(function).parameters.values()
    return {each.name: each for each in parameters if each.kind is inspect.Parameter.KEYWORD_ONLY}


def test_every_setting_is_named_where_it_is_taken():
    settings = settings_of(tribus.read)
    assert settings.pop("text").default is False
    assert len(settings) == 28
    assert settings["quick"].default is False and settings["value"].default is None
    for function in (tribus.segment, tribus.evidence):
        assert list(settings_of(function)) == [*settings, "progress"]
    for function in (tribus.segment, tribus.evidence, tribus.read):
        assert all(f"    {name} : " in function.__doc__ for name in settings_of(function))
        assert "{" not in function.__doc__.replace("{'", "")


def examples(kind):
    """Values of a type of a setting: each word that it names."""
    if typing.get_origin(kind) is typing.Literal:
        return typing.get_args(kind)
    options = [option for option in typing.get_args(kind) if option is not type(None)]
    if options:
        return [value for option in options if option is not datetime.date for value in examples(option)]
    return {str: ["name"], int: [3], bool: [True, False]}.get(kind, [["name"]])


@pytest.mark.parametrize("name", [name for name in settings_of(tribus.read) if name != "text"])
def test_every_setting_takes_what_its_type_says(name):
    frame = {"name": ["2024-01-31", "2024-02-28"], "spend": [1.5, 2.5]}
    special = {
        "as_of": ["2024-03-01", datetime.date(2024, 3, 1)],
        "delimiter": [";", "tab"],
        "quote": ["'", "none"],
        "escape": ["\\"],
        "comment": ["#"],
        "max_rejects": [0, 12, "0.5%"],
    }
    for value in special.get(name) or examples(settings_of(tribus.read)[name].annotation):
        if name in ("features", "value"):
            value = ["spend"] if isinstance(value, list) else "spend"
        tribus.read(frame, **{name: value})


def test_a_setting_that_is_none_is_refused_with_the_nearest():
    for function in (tribus.segment, tribus.evidence, tribus.read):
        says = rf"^{function.__name__}\(\) got an unexpected keyword argument 'feature'\. Did you mean 'features'\?$"
        with pytest.raises(TypeError, match=says):
            function("no-such-file.csv", feature="Income")


def test_a_folder_of_others_is_left_alone(segmentation, tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(tribus.ExportError) as raised:
        segmentation.save(folder)
    assert "force=True" in raised.value.hint
    assert os.listdir(folder) == ["notes.txt"]


def test_what_explains_the_segments_is_there(segmentation):
    profile = segmentation.profiles[0]
    assert profile.priority == "protect" and profile.claims and profile.actions
    assert "of" in profile.stability and "resamples" in profile.stability
    assert profile.rule and 0 < profile.coverage <= 1 and 0 < profile.precision <= 1
    assert profile.rule in profile._repr_html_()
    found = segmentation.differentiators
    assert set(found["segment"]) <= set(range(1, segmentation.k + 1))
    assert ((found["low"] <= found["effect"]) & (found["effect"] <= found["high"])).all()
    rules = segmentation.rules
    assert list(rules["segment_name"]) == segmentation.names
    assert rules["sql"].str.contains("Income").any()
    plays = segmentation.actions
    assert (plays["reach"] == plays["segment"].map(lambda at: segmentation.profiles[at - 1].size)).all()


def test_the_campaign_is_that_of_the_program(customers, segmentation, tmp_path):
    import json

    path = tmp_path / "customers.csv"
    customers.to_csv(path, index=False)
    done = program("segment", path, "-o", tmp_path / "out", "--recipe", RECIPE, "--quick", "--json")
    told = json.loads(done.stdout)["campaign"]
    campaign = segmentation.campaign
    assert campaign.verdict == told["verdict"] and told["verdict"] in campaign._repr_html_()
    policies = campaign.policies
    assert list(policies["policy"]) == [policy["policy"] for policy in told["policies"]]
    for key in ("profit_per_customer", "low", "high", "contacted"):
        assert list(policies[key]) == [policy[key] for policy in told["policies"]]
    assert list(campaign.response["segment"]) == list(range(1, segmentation.k + 1))
    assert len(campaign.uplift) == 0
    assert tribus.segment(customers[["Income", "MntWines", "MntFruits"]], k=3, quick=True).campaign is None


def test_another_number_of_a_loaded_segmentation(segmentation, tmp_path):
    segmentation.save(tmp_path / "model.json")
    loaded = tribus.load(tmp_path / "model.json")
    three = loaded.with_k(3)
    assert three.k == 3 and len(three.profiles) == 3 and len(three.rules) == 3
    assert three.campaign is None and any("whether targeting pays" in note for note in three.notes)
    back = three.with_k(loaded.k)
    assert back.profiles == loaded.profiles and back.notes == loaded.notes
    assert back.campaign is not None and back.campaign.verdict == loaded.campaign.verdict
    with pytest.raises(tribus.SegmentationError, match="99 segments are not kept"):
        loaded.with_k(99)


def test_the_report_on_paper_and_in_pictures(segmentation, tmp_path):
    folder = segmentation.save(tmp_path / "out", pdf=True, png=True)
    assert (folder / "report.pdf").read_bytes().startswith(b"%PDF")
    assert (folder / "charts" / "map.png").read_bytes().startswith(b"\x89PNG")


def test_a_model_is_written_only_over_a_model(segmentation, tmp_path):
    theirs = tmp_path / "package.json"
    theirs.write_text('{"mine": 1}')
    with pytest.raises(tribus.ExportError, match="is no segmentation"):
        segmentation.save(theirs)
    assert theirs.read_text() == '{"mine": 1}'
    segmentation.save(theirs, force=True)
    segmentation.save(theirs)
    assert tribus.load(theirs).k == segmentation.k
    assert [path.name for path in tmp_path.iterdir()] == ["package.json"]
    with pytest.raises(tribus.ExportError):
        segmentation.save(tmp_path / "nowhere" / "model.json")


def test_a_loaded_segmentation_writes_its_folder_again_with_pictures(segmentation, tmp_path):
    folder = segmentation.save(tmp_path / "out")
    loaded = tribus.load(folder)
    loaded.save(folder, pdf=True)
    assert (folder / "report.pdf").is_file()
    other = next(number for number in (3, 4, 6) if number != loaded.k)
    loaded.with_k(other).save(folder)
    assert tribus.load(folder).k == other
    with pytest.raises(tribus.ParameterError, match="keep and format"):
        tribus.load(folder).save(folder, keep="all", format="parquet")


def test_ids_beyond_64_bits_keep_every_digit_and_masks_are_gaps():
    import numpy as np

    rows = 200
    made = tribus.segment(
        {
            "ID": np.array([2**63 + row for row in range(rows)], dtype=np.uint64),
            "spend": np.ma.MaskedArray([1.0, 2.0, 3.0, 1e9] * 50, mask=[0, 0, 0, 1] * 50),
            "visits": np.arange(rows) % 17,
        },
        k=2,
        quick=True,
    )
    assert list(made.customers["id"])[:2] == [str(2**63), str(2**63 + 1)]
    assert made.segments["mean_spend"].max() < 4


def test_frames_of_a_class_of_ones_own_come_back_as_pandas():
    pandas = pytest.importorskip("pandas")

    class Own(pandas.DataFrame):
        pass

    frame = Own({"spend": [1.0, 2.0, 30.0, 31.0] * 20, "visits": [1, 2, 8, 9] * 20})
    frame.index = range(500, 580)
    customers = tribus.segment(frame, k=2, quick=True).customers
    assert isinstance(customers, pandas.DataFrame)
    assert customers.index[0] == 500


def test_settings_take_numpy_scalars_and_refuse_what_is_no_number(customers):
    import numpy as np

    made = tribus.segment(customers, k=np.int64(3), seed=np.int64(1), quick=np.bool_(True))
    assert made.k == 3
    for k in (5.7, True, (2, 4)):
        with pytest.raises(tribus.ParameterError, match="whole number"):
            tribus.segment(customers, k=k, quick=True)
    for segment in (0, -1, 99):
        with pytest.raises(tribus.SegmentationError, match="numbered 1 to 3"):
            made.name(segment, "x")
    with pytest.raises(tribus.ParameterError):
        made.with_k(-1)


def test_examples_of_doc_strings_are_true():
    import doctest
    import importlib

    for module in ("_kmeans", "_variants", "_segmentation", "metrics"):
        failed, _ = doctest.testmod(importlib.import_module(f"tribus.{module}"))
        assert failed == 0, module


def orders_up_to(latest, rows=200):
    pd = pytest.importorskip("pandas")
    day = datetime.date.fromisoformat(latest)
    last = [day - datetime.timedelta(days=(i * 37) % 300) for i in range(rows)]
    return pd.DataFrame(
        {
            "customer_id": [f"C{i}" for i in range(rows)],
            "orders": [1 + (i * 7) % 9 for i in range(rows)],
            "total_spent": [20.5 + 3.0 * ((i * 11) % 97) for i in range(rows)],
            "last_order": pd.to_datetime(last),
        }
    )


def test_days_since_count_to_the_later_day_and_as_of_decides():
    made = tribus.segment(orders_up_to("2024-06-30"), quick=True)
    december = orders_up_to("2024-12-31")
    with pytest.warns(UserWarning, match="count to 2024-12-31.*as_of"):
        found = made.assign(december)
    same = made.assign(december, as_of="2024-12-31")
    assert found["distance"].tolist() == same["distance"].tolist()
    assert found["distance"].tolist() != made.assign(december, as_of=datetime.date(2024, 6, 30))["distance"].tolist()
    with pytest.raises(tribus.Error, match="no date"):
        made.assign(december, as_of="yesterday")


def test_ids_that_two_rows_have_are_refused_unless_allowed():
    made = tribus.segment(orders_up_to("2024-06-30"), quick=True)
    pd = pytest.importorskip("pandas")
    twice = pd.concat([orders_up_to("2024-06-30")] * 2, ignore_index=True)
    with pytest.raises(tribus.Error, match="duplicate id"):
        made.assign(twice, as_of="2024-06-30")
    assert len(made.assign(twice, as_of="2024-06-30", allow_duplicates=True)) == len(twice)


def test_questions_are_asked_and_settled():
    frame = orders_up_to("2024-06-30").rename(columns={"total_spent": "amount", "orders": "plugh"})
    made = tribus.segment(frame, quick=True)
    asked = {question["column"]: question for question in made.please_check}
    assert "amount" in asked
    for question in asked.values():
        assert set(question) == {"column", "decided", "alternatives", "reason", "recipe", "flag", "agreement"}
        assert 0 <= question["agreement"] <= 1
    settled = tribus.segment(frame, quick=True, value=False)
    assert "amount" not in {question["column"] for question in settled.please_check}
    assert "value" not in settled.recipe or "value = false" in settled.recipe


def test_rows_that_do_not_fit_are_warned_of_and_text_is_kept(tmp_path):
    path = tmp_path / "customers.csv"
    path.write_text("id,spend\n007, 1.50\n008\n009,\n")
    with pytest.raises(tribus.ReadError, match="line 3"):
        tribus.read(path)
    with pytest.warns(UserWarning, match="one row does not fit and is set aside"):
        frame = tribus.read(path, max_rejects=1, text=True)
    rows = [tuple(row) for row in frame.itertuples(index=False)]
    assert rows == [("007", " 1.50"), ("009", "")]


def test_what_reading_may_take_is_bounded(tmp_path):
    path = tmp_path / "customers.csv"
    path.write_text("id,spent\n" + "".join(f"{at},{at * 1.5}\n" for at in range(200_000)))
    tribus.limit_memory("1MB")
    try:
        with pytest.raises(tribus.ReadError, match="limit_memory"):
            tribus.read(path)
    finally:
        tribus.limit_memory("64GB")
    assert len(tribus.read(path)) == 200_000
    with pytest.raises(tribus.ParameterError, match="512MB"):
        tribus.limit_memory("much")
