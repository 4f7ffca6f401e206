"""What `docs/prompt-caching.md` claims for careless agents, in small: the table itself is `scripts/measure-prompt-caching`."""
import argparse
import importlib.machinery
import importlib.util
import json
import pathlib

import pytest

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "measure-prompt-caching"


def load():
    loader = importlib.machinery.SourceFileLoader("measure_prompt_caching", str(SCRIPT))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def measured(binary, tmp_path_factory):
    """A client that slides its history over a short window; few turns, so that no key has more than it bears."""
    script = load()
    options = argparse.Namespace(
        binary=binary, seed=1, sessions=3, turns=8, window=2_000, base=2_500, pace=0, history="slide",
        vendors=["openai", "anthropic", "deepseek"])
    results = script.measure(options, tmp_path_factory.mktemp("noisy"))
    return {(one["vendor"], one["setting"], one["affinity"]): one for one in results}


def test_the_gateways_rows_are_the_vendors_books(measured):
    assert [one for one in measured.values() if one["differs_from_rows"]] == []


@pytest.mark.parametrize("vendor", ["openai", "anthropic", "deepseek"])
def test_a_careless_agent_reads_as_much_as_a_careful_one(measured, vendor):
    ceiling = measured[vendor, "perfect client", None]
    full = measured[vendor, "full", True]
    plain = measured[vendor, "pass-through", False]
    assert plain["read_share"] < 0.05, plain
    assert plain["read_share"] <= measured[vendor, "safe", True]["read_share"] < full["read_share"]
    assert full["read_share"] > 0.85 * ceiling["read_share"], (full, ceiling)
    assert full["cost_usd"] < 0.5 * plain["cost_usd"], (full, plain)


def test_a_session_keeps_its_cache_key_though_its_first_turns_are_dropped(gateway, simulator):
    _, key = gateway.customer()
    turns, keys = [], set()
    for turn in range(8):
        turns.append({"role": "user", "content": f"question {turn} " + "and more of it " * 20})
        # Three turns are sent, whatever was said before.
        answer = gateway.ask(key, model="keyed", messages=turns[-5:])
        assert answer.status == 200, answer.body
        keys.add(json.loads(simulator.requests()["requests"][-1]["body"])["prompt_cache_key"])
        turns.append({"role": "assistant", "content": answer.json["choices"][0]["message"]["content"]})
    assert len(keys) == 1, keys
    gateway.ask(key, model="keyed", messages=[{"role": "user", "content": "another conversation"}])
    assert json.loads(simulator.requests()["requests"][-1]["body"])["prompt_cache_key"] not in keys
