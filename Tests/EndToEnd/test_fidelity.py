"""Nothing of a request is dropped in silence: what a target cannot carry is named, or refused where a model is strict."""
import re

import pytest
from forms.clients import CLIENTS, Stream, body, call
from forms.script import Text, Thought
from forms.vendors import VENDORS, says

TOOLS = [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}]
SAFETY = [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "BLOCK_NONE"}]
SETTINGS = "generationConfig."

DROPPED = [
    # client, vendor, what is said, what is reported
    ("chat", "anthropic", {"seed": 7}, {"seed"}),
    ("chat", "anthropic", {"logprobs": True, "top_logprobs": 2}, {"logprobs", "top_logprobs"}),
    ("chat", "anthropic", {"logit_bias": {"50256": -100}}, {"logit_bias"}),
    ("chat", "anthropic", {"frequency_penalty": 1, "presence_penalty": 1}, {"frequency_penalty", "presence_penalty"}),
    ("chat", "anthropic", {"temperature": 0.5, "top_p": 0.9}, {"temperature", "top_p"}),
    ("chat", "anthropic", {"x_unknown": {"a": 1}}, {"x_unknown"}),
    ("chat", "gemini", {"logit_bias": {"50256": -100}}, {"logit_bias"}),
    ("chat", "gemini", {"tools": TOOLS, "parallel_tool_calls": False}, {"parallel_tool_calls"}),
    ("chat", "responses", {"tools": TOOLS, "reasoning_effort": "low", "seed": 7, "stop": "x"}, {"seed", "stop"}),
    ("responses", "anthropic", {"temperature": 0.5}, {"temperature"}),
    ("responses", "anthropic", {"truncation": "auto"}, {"truncation"}),
    ("responses", "gemini", {"truncation": "auto"}, {"truncation"}),
    ("anthropic", "chat", {"top_k": 5}, {"top_k"}),
    ("anthropic", "chat", {"container": "c_1", "inference_geo": "eu"}, {"container", "inference_geo"}),
    ("anthropic", "responses", {"top_k": 5}, {"top_k"}),
    ("anthropic", "gemini", {"container": "c_1"}, {"container"}),
    ("gemini", "chat", {"generationConfig": {"topK": 5}}, {SETTINGS + "topK"}),
    ("gemini", "chat", {"safetySettings": SAFETY}, {"safetySettings"}),
    ("gemini", "anthropic", {"generationConfig": {"seed": 7, "presencePenalty": 1}}, {SETTINGS + "seed", SETTINGS + "presencePenalty"}),
    ("gemini", "responses", {"generationConfig": {"seed": 7}}, {SETTINGS + "seed"}),
]
NAMES = [f"{client}-{vendor}-{'+'.join(sorted(names))}" for client, vendor, _, names in DROPPED]
ALL_DROPPED = pytest.mark.parametrize("client,vendor,fields,names", DROPPED, ids=NAMES)


@pytest.fixture(scope="module")
def key(translating):
    return translating.customer()[1]


def report(header):
    """What was dropped, and what was rewritten."""
    parts = dict(part.strip().split("=", 1) for part in (header or "").split(";") if part.strip())
    assert set(parts) <= {"dropped", "rewritten"}
    return set(parts.get("dropped", "").split(",")) - {""}, set(parts.get("rewritten", "").split(",")) - {""}


def received(vendors, vendor, case="good"):
    return vendors.requests(f"{VENDORS[vendor].model}-{case}")[-1]


@ALL_DROPPED
def test_what_is_dropped_is_named(translating, vendors, key, client, vendor, fields, names):
    answer = call(translating, client, key, f"{vendor}-good", **fields)
    assert answer.status == 200, answer.body
    assert report(answer.headers.get("x-tokenrouter-fidelity"))[0] == names
    sent = received(vendors, vendor).body.decode()
    for name in names:
        assert f'"{name.removeprefix(SETTINGS)}"' not in sent


@ALL_DROPPED
def test_a_stream_says_it_in_its_head(translating, key, client, vendor, fields, names):
    stream = Stream(translating, client, key, f"{vendor}-good", **fields)
    assert stream.status == 200 and report(stream.response.getheader("x-tokenrouter-fidelity"))[0] == names
    assert stream.rest()[1]


@ALL_DROPPED
@pytest.mark.parametrize("streams", [False, True], ids=["whole", "stream"])
def test_a_strict_model_refuses_it_by_name(translating, vendors, key, client, vendor, fields, names, streams):
    before = len(vendors.requests(f"{VENDORS[vendor].model}-strict"))
    answer = call(translating, client, key, f"{vendor}-strict", streams, **fields)
    assert answer.status == 400
    error = answer.json["error"]
    if client in ("chat", "responses"):
        assert error["code"] == "invalid_request_error" and error["param"] in names
    assert any(name in error["message"] for name in names)
    assert len(vendors.requests(f"{VENDORS[vendor].model}-strict")) == before, "the vendor was asked all the same"


@pytest.mark.parametrize("vendor", list(VENDORS))
@pytest.mark.parametrize("client", CLIENTS)
def test_what_every_form_can_say_is_not_reported(translating, key, client, vendor):
    for case in ("good", "strict"):
        answer = call(translating, client, key, f"{vendor}-{case}")
        assert answer.status == 200 and "x-tokenrouter-fidelity" not in answer.headers


REWRITTEN = [
    ("chat", "anthropic", {"reasoning_effort": "minimal"}, "reasoning_effort"),
    ("chat", "gemini", {"reasoning_effort": "max"}, "reasoning_effort"),
    ("chat", "anthropic", {"response_format": {"type": "json_object"}}, "response_format"),
]


@pytest.mark.parametrize("client,vendor,fields,name", REWRITTEN, ids=[f"{c[0]}-{c[1]}-{c[3]}" for c in REWRITTEN])
def test_what_is_said_in_other_words_is_named(translating, key, client, vendor, fields, name):
    answer = call(translating, client, key, f"{vendor}-good", **fields)
    dropped, rewritten = report(answer.headers.get("x-tokenrouter-fidelity"))
    assert answer.status == 200 and name in dropped | rewritten


@pytest.mark.parametrize("form", CLIENTS)
def test_a_vendor_of_the_clients_form_gets_every_field(translating, vendors, key, form):
    unknown = {"x_unknown": {"b": 1.5, "a": [100, "é"]}}
    answer = call(translating, form, key, f"{form}-strict", **unknown)
    assert answer.status == 200 and "x-tokenrouter-fidelity" not in answer.headers
    sent = received(vendors, form, "strict").json
    if form in ("chat", "responses"):  # the gateway's own, which brings a conversation's turns together
        assert re.fullmatch("[0-9a-f]{16}", sent.pop("prompt_cache_key"))
    assert sent == {**body(form, f"{VENDORS[form].model}-strict"), **unknown}


THOUGHT = Thought("A thought.", "c2lnLS4/Pz4+")
SWITCHES = [
    ("chat", "anthropic", "gemini", "messages.reasoning_content"),
    ("responses", "anthropic", "responses", "input.reasoning"),
    ("anthropic", "gemini", "anthropic", "messages.thinking"),
    ("gemini", "anthropic", "gemini", "contents.thought"),
]


def history(client, answer):
    """The answer as a part of the next request."""
    user = {"role": "user", "content": "Hi"}
    if client == "chat":
        return {"messages": [user, answer["choices"][0]["message"], user]}
    if client == "responses":
        return {"input": [user, *answer["output"], user]}
    if client == "anthropic":
        return {"messages": [user, {"role": "assistant", "content": answer["content"]}, user]}
    user = {"role": "user", "parts": [{"text": "Hi"}]}
    return {"contents": [user, answer["candidates"][0]["content"], user]}


@pytest.mark.parametrize("client,first,second,name", SWITCHES, ids=[case[0] for case in SWITCHES])
def test_thoughts_of_another_vendor_are_left_out_and_named(translating, vendors, key, client, first, second, name):
    vendors.on(f"{VENDORS[first].model}-two", says((THOUGHT, Text(("Hello",)))))
    thinking = {"generationConfig": {"thinkingConfig": {"includeThoughts": True}}} if client == "gemini" else {}
    answer = call(translating, client, key, f"{first}-two", **thinking)
    assert answer.status == 200 and THOUGHT.text in answer.body.decode()
    turns = history(client, answer.json)
    switched = call(translating, client, key, f"{second}-good", **turns)
    assert switched.status == 200, switched.body
    assert report(switched.headers.get("x-tokenrouter-fidelity"))[0] == {name}
    sent = received(vendors, second).body.decode()
    assert "Hello" in sent and "A thought." not in sent and THOUGHT.signature not in sent and "tr1" not in sent
    back = call(translating, client, key, f"{first}-good", **turns)
    assert back.status == 200 and "x-tokenrouter-fidelity" not in back.headers
    sent = received(vendors, first).body.decode()
    assert "A thought." in sent and THOUGHT.signature in sent


@pytest.mark.parametrize("streams", [False, True], ids=["whole", "stream"])
def test_what_would_change_the_question_is_refused(translating, vendors, key, streams):
    audio = [{"type": "input_audio", "input_audio": {"data": "AAAA", "format": "wav"}}]
    answer = call(translating, "chat", key, "anthropic-good", streams, messages=[{"role": "user", "content": audio}])
    status, code, param = answer.error
    assert (status, code) == (400, "invalid_request_error") and param.startswith("messages")
