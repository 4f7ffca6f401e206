"""`tokenrouter explain`: what a vendor's cache serves of a second request, and why not more."""
import json
import subprocess

import pytest

LONG = "rules " * 3000


@pytest.fixture()
def explain(binary, tmp_path):
    """Compares bodies, or files as they are: the exit status and everything that was printed."""

    def make(first, second, *options, stdin=None):
        files = []
        for number, body in enumerate((first, second)):
            files.append("-" if body == "-" else str(tmp_path / f"{'ab'[number]}.json"))
            if body != "-":
                (tmp_path / f"{'ab'[number]}.json").write_text(body if isinstance(body, str) else json.dumps(body))
        done = subprocess.run([binary, "explain", *files, *options], capture_output=True, text=True, timeout=60, input=stdin)
        return done.returncode, done.stdout + done.stderr

    return make


def chat(question="hi", system=LONG, model="gpt-5.4", **more):
    messages = [{"role": "system", "content": system}, {"role": "user", "content": question}]
    return {"model": model, "messages": messages, **more}


def claude(question="hi", system=LONG, **more):
    return {"model": "claude-sonnet-5", "max_tokens": 5, "system": system, "messages": [{"role": "user", "content": question}], **more}


def test_what_a_block_begins_with_is_served_in_the_vendors_steps(explain):
    code, text = explain(chat("x" * 400_000 + "y"), chat("x" * 400_000 + "z"), "--json")
    told = json.loads(text)
    assert code == 1 and told["parting"]["kind"] == "current_turn" and told["provider"] == "openai", told
    assert told["served_tokens"] % 128 == 0 and told["lost_tokens"] < 256 < 100_000 < told["served_tokens"], told
    code, text = explain(chat("x" * 400_000 + "y"), chat("x" * 400_000 + "z"))
    assert code == 1 and "it caches prefixes from 1024 tokens on, in steps of 128." in text, text


def test_a_vendor_that_wants_marks_serves_whole_blocks(explain):
    code, text = explain(claude("x" * 40_000 + "y"), claude("x" * 40_000 + "z"), "--json")
    told = json.loads(text)
    assert code == 1 and told["provider"] == "anthropic", told
    assert told["served_tokens"] == told["blocks"][0]["tokens_b"] and told["lost_tokens"] > 9_000, told


def test_below_the_minimum_nothing_is_lost(explain):
    code, text = explain(chat("one", "Be brief. It is 10:01."), chat("two", "Be brief. It is 10:02."))
    assert code == 1 and "being below 1024: nothing is lost" in text and "USD" not in text, text


SETTINGS = {
    "model": (chat(), chat(model="gpt-4o"), "Another model, gpt-5.4 in A and gpt-4o in B: openai then serves nothing"),
    "cache key": (chat(prompt_cache_key="a"), chat(prompt_cache_key="b"), 'Another prompt_cache_key, "a" in A and "b" in B'),
    "format": (chat(), chat(response_format={"type": "json_object"}), 'Another response_format, none in A and {"type": "json_object"} in B'),
    "effort": (chat(reasoning_effort="low"), chat(reasoning_effort="high"), 'Another reasoning_effort, "low" in A and "high" in B'),
    "tool choice": (claude(), claude(tool_choice={"type": "any"}), "Another tool_choice, none in A"),
    "thinking": (claude(), claude(thinking={"type": "enabled", "budget_tokens": 1024}), "anthropic then serves no more than tools and instructions"),
}  # fmt: skip


@pytest.mark.parametrize("case", SETTINGS)
def test_a_cache_that_is_another_one_is_told_though_the_prompts_are_equal(explain, case):
    first, second, word = SETTINGS[case]
    code, text = explain(first, second)
    assert code == 1 and "Neither prompt parts from the other, but the cache is another one:" in text and word in text, text
    assert "would have saved another 0.0" in text, text


@pytest.mark.parametrize("second", [chat(temperature=0.2), chat(service_tier="auto"), chat() | {"tool_choice": "none"}])
def test_what_no_cache_is_bound_to_changes_nothing(explain, second):
    code, text = explain(chat(), second)
    assert code == 0 and "Neither parts from the other." in text, text


def test_a_file_that_an_editor_saved_again_is_the_same_prompt(explain):
    code, text = explain(json.dumps(chat("café / 😀")), json.dumps(chat("café / 😀"), indent=2, ensure_ascii=False, sort_keys=True))
    assert code == 0 and text.count("same") == 2, text


REFUSED = {
    "two forms": (chat(), claude(), [], ["a.json is of the form chat", "b.json of the form anthropic"]),
    "two forms, turned": (claude(), chat(), [], ["a.json is of the form anthropic", "b.json of the form chat"]),
    "broken first": ("{,", chat(), [], ["a.json is not one JSON text: byte 1"]),
    "broken second": (chat(), "{,", [], ["b.json is not one JSON text: byte 1"]),
    "first lacks": ({"model": "m"}, chat(), [], ["a.json, read as of the form chat: "]),
    "second lacks": (chat(), {"model": "m"}, [], ["b.json, read as of the form chat: "]),
    "provider": (chat(), chat(), ["--provider", "nosuch"], ["--provider wants one of anthropic, azure-openai, ", "it is 'nosuch'"]),
    "model": (chat(), chat(), ["--model", "nosuch"], ["no built-in price of 'nosuch'", "gpt-5.4"]),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_compared_is_refused_with_the_reason(explain, case):
    first, second, options, words = REFUSED[case]
    code, text = explain(first, second, *options)
    assert code == 64 and all(word in text for word in words), text
    assert "Usage: tokenrouter explain" in text, text


def test_a_model_of_ones_own_has_no_price_and_that_is_said(explain):
    code, text = explain(chat(model="mine"), chat(system="other " * 3000, model="mine"))
    assert code == 1 and "mine has no built-in price: --model names a model that has" in text, text


def test_one_body_may_come_from_standard_input(explain):
    code, text = explain(chat(), "-", stdin=json.dumps(chat("other")))
    assert code == 1 and "They part in block 1 (current_turn)" in text, text
