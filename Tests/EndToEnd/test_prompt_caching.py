"""What the vendors' prompt caches save: turns go where their prefix is warm, and a miss says why."""
import json
import subprocess
import urllib.request

import pytest
from gateway import Gateway, wait_until

TURNS = 6
SYSTEM = "You are a careful assistant that knows the house rules. " * 160


def configuration(port):
    keys = ", ".join(f"{{id: k{i}, value: sk-account-{i}}}" for i in range(4))
    sim = f'kind: openai-compatible, base_url: "http://127.0.0.1:{port}/v1", allow_private: true'
    return f"""providers:
  - {{name: many, {sim}, keys: [{keys}]}}
  - {{name: one, {sim}, keys: [{{id: main, value: sk-single}}]}}
  - {{name: two, {sim}, keys: [{{id: main, value: sk-double}}]}}
  - {{name: claude, kind: anthropic, base_url: "http://127.0.0.1:{port}/v1", allow_private: true, keys: [{{id: main, value: sk-claude}}]}}
models:
  - {{name: marked, targets: [{{provider: claude, model: claude-sonnet-5}}]}}
  - {{name: unmarked, targets: [{{provider: claude, model: claude-sonnet-5}}], pipeline: {{cache: client}}}}
  - {{name: keys, targets: [{{provider: many, model: gpt-4o-mini}}]}}
  - {{name: prefix, strategy: prefix, targets: [{{provider: one, model: gpt-4o-mini}}, {{provider: two, model: gpt-4o-mini}}]}}
  - {{name: single, targets: [{{provider: one, model: gpt-4o-mini}}]}}
"""


@pytest.fixture(scope="module")
def caching(binary, simulator, tmp_path_factory):
    process = Gateway(binary, tmp_path_factory.mktemp("caching"), configuration(simulator.port))
    yield process
    assert process.stop() == 0, process.log.read_text()[-4000:]


def converse(gateway, key, model, name, turns=TURNS, system=lambda turn: SYSTEM, headers=None):
    """The share of each turn's prompt that was read from a cache, and the providers that answered."""
    messages, shares, providers = [], [], set()
    for turn in range(turns):
        messages.append({"role": "user", "content": f"{name}: question {turn}. " + "Please tell me more of it. " * 20})
        sent = [{"role": "system", "content": f"{name}. {system(turn)}"}, *messages]
        answer = gateway.ask(key, model=model, headers=headers, messages=sent)
        assert answer.status == 200, answer.body
        usage = answer.json["usage"]
        shares.append(usage["prompt_tokens_details"]["cached_tokens"] / usage["prompt_tokens"])
        providers.add(answer.headers["x-tokenrouter-provider"])
        messages.append({"role": "assistant", "content": answer.json["choices"][0]["message"]["content"]})
    return shares, providers


@pytest.mark.parametrize("model", ["keys", "prefix"])
def test_every_turn_after_the_first_finds_its_prefix_warm(caching, model):
    _, key = caching.customer()
    for session in range(8):
        shares, providers = converse(caching, key, model, f"{model} session {session}")
        assert shares[0] == 0
        assert min(shares[1:]) > 0.7, shares
        assert len(providers) == 1


def messages_turn(gateway, key, model, history, name):
    """One turn in Anthropic's form, without a mark; the usage of its answer."""
    history.append({"role": "user", "content": f"{name}: go on. " + "Please tell me more of it. " * 20})
    answer = gateway.ask(
        key, model=model, path="/v1/messages", max_tokens=64, system=f"{name}. {SYSTEM}", messages=history)
    assert answer.status == 200, answer.body
    history.append({"role": "assistant", "content": answer.json["content"]})
    return answer.json["usage"]


def test_a_session_is_marked_once_it_goes_on_and_read_from_then_on(caching):
    _, key = caching.customer()
    history = []
    usages = [messages_turn(caching, key, "marked", history, "marks") for _ in range(TURNS)]
    written = [usage["cache_creation_input_tokens"] for usage in usages]
    read = [usage["cache_read_input_tokens"] for usage in usages]
    assert read[0] == 0
    assert all(tokens > 1000 for tokens in read[2:]), (written, read)
    assert sum(written) < sum(read)


def test_without_the_gateways_marks_nothing_is_cached(caching):
    _, key = caching.customer()
    history = []
    for _ in range(3):
        usage = messages_turn(caching, key, "unmarked", history, "no marks")
        assert usage["cache_creation_input_tokens"] == usage["cache_read_input_tokens"] == 0


def test_a_chat_clients_session_is_marked_in_anothers_words(caching):
    _, key = caching.customer()
    shares, _ = converse(caching, key, "marked", "translated")
    assert min(shares[2:]) > 0.7, shares


def test_sessions_are_spread_over_the_keys(caching, simulator):
    _, key = caching.customer()
    for session in range(24):
        converse(caching, key, "keys", f"spread {session}", turns=1)
    used = {row["provider_key_id"] for row in attempts(caching, "keys")}
    assert len(used) == 4


def attempts(gateway, model):
    status, page = gateway.admin("GET", f"/admin/requests?model={model}&limit=200")
    assert status == 200
    for row in page["data"]:
        yield from gateway.admin("GET", f"/admin/requests/{row['id']}")[1]["attempts"]


def misses(gateway, user, **conditions):
    query = "".join(f"&{name}={value}" for name, value in conditions.items())
    status, page = gateway.admin("GET", f"/admin/cache/misses?user={user}{query}")
    assert status == 200, page
    return page


def samples(gateway, name):
    with urllib.request.urlopen(gateway.control + "/metrics", timeout=10) as response:
        return [line for line in response.read().decode().splitlines() if line.startswith(name + "{")]


def test_a_miss_is_put_down_to_the_block_that_changed(caching):
    user, key = caching.customer()
    converse(caching, key, "single", "clock", system=lambda turn: f"Step {turn} now. {SYSTEM}")
    page = misses(caching, user)
    assert len(page["data"]) == TURNS - 1
    assert {(row["cause"], row["block"], row["block_kind"]) for row in page["data"]} == {("block_changed", 0, "system")}
    assert all(row["missed_tokens"] > 1000 and float(row["lost_usd"]) > 0 for row in page["data"])
    assert page["causes"] == [
        {
            "cause": "block_changed", "count": TURNS - 1, "missed_tokens": sum(row["missed_tokens"] for row in page["data"]),
            "lost_usd": page["causes"][0]["lost_usd"],
        }
    ]
    assert misses(caching, user, cause="vendor")["data"] == []
    counted = wait_until("the metric", lambda: samples(caching, "tokenrouter_cache_miss_causes_total"))
    assert any('model="single"' in line and 'cause="block_changed"' in line for line in counted)


def test_what_changes_with_each_request_is_named(caching, binary, tmp_path):
    _, key = caching.customer()
    stamps = ["2026-11-21T11:23:58Z", "2026-11-21T11:24:07Z"]
    converse(caching, key, "single", "stamped", turns=2, system=lambda turn: f"It is {stamps[turn]}. {SYSTEM}")
    counted = wait_until("the metric", lambda: samples(caching, "tokenrouter_volatile_prompts_total"))
    assert any('model="single",kind="date",moved="false"' in line for line in counted), counted
    files = []
    for number, stamp in enumerate(stamps):
        files.append(tmp_path / f"{number}.json")
        messages = [{"role": "system", "content": f"Be brief.\nIt is {stamp}."}, {"role": "user", "content": "hello"}]
        files[-1].write_text(json.dumps({"model": "gpt-4o-mini", "messages": messages}))
    told = subprocess.run([binary, "explain", *files], capture_output=True, text=True)
    assert "a date at byte" in told.stdout and stamps[1] in told.stdout and told.returncode == 1, told
    moved = subprocess.run([binary, "explain", *files, "--arrange", "full", "--json"], capture_output=True, text=True)
    assert [(one["kind"], one["text"], one["moved"]) for one in json.loads(moved.stdout)["volatile"]] == [("date", stamps[1], True)]


def test_a_conversation_that_only_grows_misses_nothing_and_saves_money(caching):
    user, key = caching.customer()
    converse(caching, key, "single", "steady")
    assert misses(caching, user)["data"] == []
    rows = caching.admin("GET", f"/admin/requests?user={user}")[1]["data"]
    assert float(rows[0]["cache_saved_usd"]) > 0
    assert float(rows[-1]["cache_saved_usd"]) == 0
    # gpt-4o-mini: 0.15 USD a million tokens of prompt, 0.075 read from the cache.
    assert float(rows[0]["cache_saved_usd"]) == pytest.approx(rows[0]["cache_read_tokens"] * 0.075e-6, abs=1e-9)


def test_a_named_session_is_followed_though_its_first_words_change(caching):
    user, key = caching.customer()
    named = {"x-tokenrouter-session": "agent-7"}
    converse(caching, key, "single", "first", turns=2, headers=named)
    converse(caching, key, "single", "other", turns=1, headers=named)
    assert [row["cause"] for row in misses(caching, user)["data"]] == ["block_changed"]


def test_the_request_log_can_be_replayed(binary, simulator, tmp_path):
    log = tmp_path / "requests.jsonl"
    gateway = Gateway(binary, tmp_path, configuration(simulator.port), options=("--request-log", str(log)))
    try:
        _, key = gateway.customer()
        for session in range(3):
            converse(gateway, key, "single", f"logged session {session}", turns=4)
        assert gateway.ask(key, model="nobody").status == 404
    finally:
        assert gateway.stop() == 0
    lines = log.read_text().splitlines()
    assert len(lines) == 12
    assert all("question" not in line and key not in line for line in lines)
    assert log.stat().st_mode & 0o077 == 0
    played = replay(binary, log, "--replicas", "2", "--json")
    answer = json.loads(played.stdout)
    rates = {row["policy"]: row["token_hit_rate"] for row in answer["data"]}
    assert rates["prefix"] > 0.6 > rates["round-robin"], rates
    # The gateway calls it `single`; what the vendor calls it has a price.
    assert answer["pricing"]["models"] == ["gpt-4o-mini"] and answer["pricing"]["unpriced"] == {}
    costs = {row["policy"]: float(row["cost_usd"]) for row in answer["data"]}
    assert 0 < costs["prefix"] < costs["round-robin"] < float(answer["data"][0]["uncached_cost_usd"]), costs


def replay(binary, log, *options):
    done = subprocess.run([binary, "replay", str(log), *options], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done
    return done


def trace_line(**more):
    return json.dumps({"timestamp": 0, "input_length": 2000, "output_length": 1, "hash_ids": [1], "block_tokens": [2000], **more})


REPLAYS = {
    "no models": ([{}, {}], [], "The trace names no model: priced as gpt-5.4 is; --model and --price-prompt set others.", 0.01003),
    "its own models": ([{"model": "gpt-4o"}, {"model": "x", "upstream_model": "gpt-4o-mini"}], [], "Priced as gpt-4o, gpt-4o-mini, ", 0.0053106),
    "one unknown": ([{"model": "gpt-4o"}, {"model": "x"}], [], "Not in the money, having no built-in price: requests of x (1)", 0.00501),
    "a model given": ([{"model": "gpt-4o"}, {}], ["--model", "gpt-4o-mini"], "Priced as gpt-4o-mini.", 0.0006012),
    "a price given": ([{"model": "gpt-4o"}, {}], ["--price-prompt", "1"], "Priced as the prices given.", 0.004),
}  # fmt: skip


@pytest.mark.parametrize("case", REPLAYS)
def test_a_replay_tells_what_it_costs_and_by_which_prices(binary, tmp_path, case):
    lines, options, note, cost = REPLAYS[case]
    log = tmp_path / "trace.jsonl"
    log.write_text("".join(trace_line(**line) + "\n" for line in lines))
    # As many replicas as requests: round robin finds nothing.
    told = replay(binary, log, "--policy", "round_robin", "--replicas", "2", *options).stdout
    assert note in told, told
    header, row, *_ = told.splitlines()
    assert float(dict(zip(header.split(), row.split(), strict=True))["uncached_cost_usd"]) == pytest.approx(cost), told


def test_a_request_log_cut_by_a_crash_is_played_as_far_as_it_goes(binary, tmp_path):
    log = tmp_path / "trace.jsonl"
    log.write_text(trace_line() + "\n" + trace_line()[:30])
    done = replay(binary, log, "--policy", "least_busy")
    assert done.stderr.startswith("warning: ") and "line 2, the last, is cut off" in done.stderr, done
    assert done.stdout.splitlines()[1].startswith("least-busy"), done
    refused = subprocess.run([binary, "replay", str(log), "--policy", "nosuch"], capture_output=True, text=True, timeout=60)
    assert refused.returncode == 64 and "Usage: tokenrouter replay" in refused.stderr, refused


def test_a_request_log_that_cannot_be_written_is_refused(binary, tmp_path):
    refused = subprocess.run(
        [binary, "serve", "--demo", "--request-log", str(tmp_path / "nowhere" / "log")],
        capture_output=True, text=True, cwd=tmp_path, timeout=60)
    assert refused.returncode != 0
    assert "--request-log" in refused.stderr and "cannot be opened" in refused.stderr
