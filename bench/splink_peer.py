"""Splink on the same sets, with comparisons and blocking rules in the manner of its own published examples.

Run by an interpreter that has Splink: `python splink_peer.py SET FOLDER`; prints one JSON document. It learns from the
records alone, as we do.
"""

from __future__ import annotations

import contextlib
import json
import logging
import sys
import time
from pathlib import Path
from typing import Any


def main(name: str, folder: Path) -> dict[str, Any]:
    """Pairs with their probability, records numbered as `bench.same_person` numbers them."""
    import pandas
    import splink
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    if name == "FEBRL 4":
        frames = [pandas.read_csv(folder / f"febrl4{x}.csv.gz", dtype=str, skipinitialspace=True) for x in "ab"]
        table = pandas.concat(frames, ignore_index=True)
        table.columns = [column.strip() for column in table.columns]
        table = table.apply(lambda column: column.str.strip())
        table["side"] = ["a"] * len(frames[0]) + ["b"] * len(frames[1])
        settings, training, deterministic, recall = _febrl(cl, SettingsCreator, block_on)
    else:
        table = pandas.read_parquet(folder / "splink_historical_50k.parquet").sort_values(
            "unique_id", ignore_index=True
        )
        table["dob"] = table["dob"].astype("string")
        settings, training, deterministic, recall = _historical(cl, SettingsCreator, block_on)
    table["unique_id"] = range(len(table))
    started = time.perf_counter()
    api = DuckDBAPI()
    if name == "FEBRL 4":
        sides = [api.register(table[table.side == s].drop(columns="side")) for s in "ab"]
        linker = Linker(sides, settings)
    else:
        linker = Linker(api.register(table), settings)
    linker.training.estimate_probability_two_random_records_match(deterministic, recall=recall)
    linker.training.estimate_u_using_random_sampling(max_pairs=5e6)
    for rule in training:
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_probability=0.001).as_pandas_dataframe()
    one, other = found["unique_id_l"].to_numpy(), found["unique_id_r"].to_numpy()
    return {
        "version": splink.__version__,
        "seconds": round(time.perf_counter() - started, 1),
        "one": one.tolist(),
        "other": other.tolist(),
        "probability": found["match_probability"].round(6).tolist(),
    }


def _febrl(cl: Any, creator: Any, block_on: Any) -> tuple[Any, ...]:
    rules = [
        block_on("given_name", "surname"), block_on("soc_sec_id"), block_on("date_of_birth"),
        block_on("postcode", "surname"), block_on("postcode", "given_name"), block_on("address_1", "street_number"),
        block_on("state", "address_1"), block_on("suburb", "street_number"),
    ]  # fmt: skip
    settings = creator(
        link_type="link_only",
        blocking_rules_to_generate_predictions=rules,
        comparisons=[
            cl.NameComparison("given_name").configure(term_frequency_adjustments=True),
            cl.NameComparison("surname").configure(term_frequency_adjustments=True),
            cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d"),
            cl.LevenshteinAtThresholds("soc_sec_id", [1, 2]),
            cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            cl.LevenshteinAtThresholds("postcode", [1, 2]),
            cl.JaroWinklerAtThresholds("address_1", [0.9, 0.8]),
            cl.JaroWinklerAtThresholds("suburb", [0.9, 0.8]),
        ],
    )
    return settings, [block_on("date_of_birth"), block_on("postcode")], [block_on("soc_sec_id")], 0.9


def _historical(cl: Any, creator: Any, block_on: Any) -> tuple[Any, ...]:
    rules = [
        block_on("substr(first_name,1,3)", "substr(surname,1,4)"), block_on("surname", "dob"),
        block_on("first_name", "dob"), block_on("postcode_fake", "first_name"), block_on("postcode_fake", "surname"),
        block_on("dob", "birth_place"), block_on("substr(postcode_fake,1,3)", "dob"),
        block_on("substr(postcode_fake,1,3)", "first_name"), block_on("substr(postcode_fake,1,3)", "surname"),
        block_on("substr(first_name,1,2)", "substr(surname,1,2)", "substr(dob,1,4)"),
    ]  # fmt: skip
    settings = creator(
        link_type="dedupe_only",
        blocking_rules_to_generate_predictions=rules,
        comparisons=[
            cl.ForenameSurnameComparison(
                "first_name", "surname", forename_surname_concat_col_name="first_and_surname"
            ).configure(term_frequency_adjustments=True),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.LevenshteinAtThresholds("postcode_fake", [1, 2]),
            cl.ExactMatch("birth_place").configure(term_frequency_adjustments=True),
            cl.ExactMatch("occupation").configure(term_frequency_adjustments=True),
        ],
    )
    deterministic = [
        block_on("first_name", "surname", "dob"), block_on("surname", "dob", "postcode_fake"),
        block_on("first_name", "dob", "occupation"),
    ]  # fmt: skip
    return settings, [block_on("first_name", "surname"), block_on("dob")], deterministic, 0.6


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    with contextlib.redirect_stdout(sys.stderr):
        document = main(sys.argv[1], Path(sys.argv[2]))
    print(json.dumps(document))
