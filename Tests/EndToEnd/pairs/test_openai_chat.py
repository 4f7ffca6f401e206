"""The official `openai` package, Chat Completions, against each vendor."""
import json

import openai
import pytest
from openai import OpenAI

from pairs.vendors import BOTH, CITY_SCHEMA, EMBEDDINGS, HELLO, PNG, RESULTS, TIME, TOOLS, VENDORS
from pairs.vendors import WEATHER, WEATHER_QUESTION, Weather

FUNCTIONS = [
    {"type": "function", "function": {"name": name, "description": text, "parameters": CITY_SCHEMA}} for name, text in TOOLS.items()
]


@pytest.fixture(scope="module")
def client(pair, customer):
    return OpenAI(base_url=pair.base + "/v1", api_key=customer[1], max_retries=0, timeout=30)


def ask(client, model, messages, **fields):
    messages = [{"role": "user", "content": messages}] if isinstance(messages, str) else messages
    return client.chat.completions.create(model=model, messages=messages, **fields)


def results(message):
    """The tool messages that answer a message's calls."""
    return [
        {"role": "tool", "tool_call_id": call.id, "content": RESULTS[call.function.name]} for call in message.tool_calls
    ]


def gathered(chunks):
    """The message a stream's deltas make, as the next request may carry it."""
    message = {"role": "assistant", "content": ""}
    calls = {}
    for delta in [choice.delta for chunk in chunks for choice in chunk.choices]:
        message["content"] += delta.content or ""
        for name in ("reasoning_content", "reasoning_signature"):
            if piece := (delta.model_extra or {}).get(name):
                message[name] = message.get(name, "") + piece
        for piece in delta.tool_calls or []:
            call = calls.setdefault(piece.index, {"type": "function", "function": {"name": "", "arguments": ""}})
            call.update({"id": piece.id} if piece.id else {})
            call["function"]["name"] += piece.function.name or ""
            call["function"]["arguments"] += piece.function.arguments or ""
    if calls:
        assert sorted(calls) == list(range(len(calls))), "indexes have a gap"
        message["tool_calls"] = [calls[index] for index in sorted(calls)]
    return message


def test_text(client, vendor, watch, check_row):
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": HELLO}]
    raw = client.chat.completions.with_raw_response.create(model=vendor.at(), messages=messages, max_completion_tokens=500)
    answer = raw.parse()
    assert answer.object == "chat.completion" and answer.id and answer.created > 0
    assert f"You said: {HELLO}" in answer.choices[0].message.content
    assert (answer.choices[0].finish_reason, answer.choices[0].message.role) == ("stop", "assistant")
    assert raw.headers["x-tokenrouter-provider"] == vendor.name
    seen = watch.last
    assert (seen.system, seen.texts, seen.max_tokens) == (["Be brief."], [HELLO], 500)
    usage = answer.usage
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens
    check_row(raw.headers["x-request-id"], usage.prompt_tokens, usage.completion_tokens)


def test_text_ended_by_the_limit(client, vendor):
    answer = ask(client, vendor.at("long"), "Hello", max_completion_tokens=16)
    assert answer.choices[0].finish_reason == "length" and answer.usage.completion_tokens == 16


def test_stream(client, vendor):
    whole = ask(client, vendor.at(), HELLO)
    chunks = list(ask(client, vendor.at(), HELLO, stream=True, stream_options={"include_usage": True}))
    assert gathered(chunks)["content"] == whole.choices[0].message.content
    assert len({chunk.id for chunk in chunks}) == 1 and chunks[0].choices[0].delta.role == "assistant"
    finishes = [choice.finish_reason for chunk in chunks for choice in chunk.choices if choice.finish_reason]
    assert finishes == ["stop"] and chunks[-1].choices == []
    assert all(chunk.usage is None for chunk in chunks[:-1])
    usage = chunks[-1].usage
    assert (usage.prompt_tokens, usage.completion_tokens) == (whole.usage.prompt_tokens, whole.usage.completion_tokens)


def test_stream_hides_usage_nobody_asked_for(client, vendor, pair, customer):
    chunks = list(ask(client, vendor.at(), HELLO, stream=True))
    assert all(chunk.choices and chunk.usage is None for chunk in chunks)
    assert pair.rows(customer[0])[0]["estimated"] is False


def test_stream_by_the_packages_helper(client, vendor):
    with client.chat.completions.stream(model=vendor.at(), messages=[{"role": "user", "content": BOTH}], tools=FUNCTIONS) as stream:
        for _ in stream:
            pass
        final = stream.get_final_completion()
    assert [call.function.name for call in final.choices[0].message.tool_calls] == sorted(TOOLS)


def test_tools(client, vendor, watch):
    messages = [{"role": "user", "content": WEATHER}]
    answer = ask(client, vendor.at(), messages, tools=FUNCTIONS)
    message = answer.choices[0].message
    assert answer.choices[0].finish_reason == "tool_calls" and len(message.tool_calls) == 1
    assert json.loads(message.tool_calls[0].function.arguments) == {"city": "Paris"}
    assert watch.last.tools == sorted(TOOLS)
    messages += [message.model_dump(exclude_none=True), *results(message)]
    final = ask(client, vendor.at(), messages, tools=FUNCTIONS)
    assert RESULTS["get_weather"] in final.choices[0].message.content and final.choices[0].finish_reason == "stop"
    assert watch.last.rounds == [("get_weather", {"city": "Paris"}, RESULTS["get_weather"])]


def test_tool_choice(client, vendor):
    named = {"type": "function", "function": {"name": "get_time"}}
    calls = ask(client, vendor.at(), "In Paris", tools=FUNCTIONS, tool_choice=named).choices[0].message.tool_calls
    assert [call.function.name for call in calls] == ["get_time"]
    assert ask(client, vendor.at(), "In Paris", tools=FUNCTIONS, tool_choice="required").choices[0].message.tool_calls
    assert not ask(client, vendor.at(), WEATHER, tools=FUNCTIONS, tool_choice="none").choices[0].message.tool_calls


def test_streamed_tools(client, vendor):
    chunks = list(ask(client, vendor.at(), WEATHER, tools=FUNCTIONS, stream=True))
    call = gathered(chunks)["tool_calls"][0]
    assert call["id"] and call["function"]["name"] == "get_weather"
    assert json.loads(call["function"]["arguments"]) == {"city": "Paris"}
    assert [c.finish_reason for chunk in chunks for c in chunk.choices if c.finish_reason] == ["tool_calls"]


@pytest.mark.parametrize("streams", [False, True], ids=["whole", "stream"])
def test_parallel_tools(client, vendor, watch, streams):
    messages = [{"role": "user", "content": BOTH}]
    answer = ask(client, vendor.at(), messages, tools=FUNCTIONS, stream=streams)
    message = gathered(answer) if streams else answer.choices[0].message.model_dump(exclude_none=True)
    names = [call["function"]["name"] for call in message["tool_calls"]]
    assert names == sorted(TOOLS) and len({call["id"] for call in message["tool_calls"]}) == 2
    tools = [
        {"role": "tool", "tool_call_id": call["id"], "content": RESULTS[call["function"]["name"]]}
        for call in message["tool_calls"]
    ]
    final = ask(client, vendor.at(), [*messages, message, *tools], tools=FUNCTIONS).choices[0].message.content
    assert all(result in final for result in RESULTS.values())
    assert watch.last.rounds == [(name, {"city": "Paris"}, RESULTS[name]) for name in names]


@pytest.mark.parametrize("streams", [False, True], ids=["whole", "stream"])
def test_thinking_with_tools_over_turns(client, vendor, watch, streams):
    messages = [{"role": "user", "content": WEATHER}]
    fields = dict(tools=FUNCTIONS, reasoning_effort="low", stream=streams)
    answer = ask(client, vendor.at("thinking"), messages, **fields)
    message = gathered(answer) if streams else answer.choices[0].message.model_dump(exclude_none=True)
    assert message["reasoning_content"] and message["tool_calls"]
    tool = {"role": "tool", "tool_call_id": message["tool_calls"][0]["id"], "content": RESULTS["get_weather"]}
    answer = ask(client, vendor.at("thinking"), [*messages, message, tool], **fields)
    final = gathered(answer) if streams else answer.choices[0].message.model_dump(exclude_none=True)
    assert RESULTS["get_weather"] in final["content"]
    check_thoughts(watch.last, vendor)
    if vendor.name == "responses":
        assert watch.last.form == "responses", "tools with reasoning are refused on Chat Completions"


def check_thoughts(seen, vendor):
    """The vendor gets its own signatures back as it made them."""
    if vendor.name != "chat":
        assert seen.signatures and all(seen.signatures)
        assert not any(signature.startswith("tr1.") for signature in seen.signatures)


def test_thoughts_are_counted_and_come_before_the_text(client, vendor):
    fields = dict(stream=True, stream_options={"include_usage": True}, reasoning_effort="low")
    chunks = list(ask(client, vendor.at("thinking"), "Hello", **fields))
    kinds = []
    for delta in [choice.delta for chunk in chunks for choice in chunk.choices]:
        kinds += ["thought"] if (delta.model_extra or {}).get("reasoning_content") else []
        kinds += ["word"] if delta.content else []
    assert kinds == sorted(kinds) and set(kinds) == {"thought", "word"}
    usage = chunks[-1].usage
    assert usage.completion_tokens > 20
    assert usage.completion_tokens_details.reasoning_tokens == 20


def test_images(client, vendor, watch):
    content = [
        {"type": "text", "text": "What is this?"},
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PNG}"}},
    ]
    assert "What is this?" in ask(client, vendor.at(), [{"role": "user", "content": content}]).choices[0].message.content
    assert watch.last.images == [("image/png", PNG)]


def test_structured_output(client, vendor, watch):
    messages = [{"role": "user", "content": WEATHER_QUESTION}]
    answer = client.chat.completions.parse(model=vendor.at(), messages=messages, response_format=Weather)
    assert answer.choices[0].message.parsed == Weather(city="Paris", degrees=21)
    assert set(watch.last.schema["properties"]) == {"city", "degrees"}


ERRORS = [
    ("400", openai.BadRequestError),
    ("401", openai.InternalServerError),
    ("429", openai.RateLimitError),
    ("500", openai.InternalServerError),
]


@pytest.mark.parametrize("flavour,kind", ERRORS, ids=[case[0] for case in ERRORS])
@pytest.mark.parametrize("streams", [False, True], ids=["whole", "stream"])
def test_errors(client, vendor, flavour, kind, streams):
    with pytest.raises(kind) as raised:
        ask(client, vendor.at(flavour), "Hello", stream=streams)
    assert raised.value.body["message"] and raised.value.code and "secret" not in str(raised.value)
    assert raised.value.response.headers["x-request-id"]
    if flavour == "429":
        assert int(raised.value.response.headers["retry-after"]) >= 1


@pytest.mark.parametrize("flavour", ["cut", "broken"])
def test_a_stream_that_breaks(client, vendor, flavour):
    read = []
    with pytest.raises(openai.APIError) as raised:
        for chunk in ask(client, vendor.at(flavour), "Hello", stream=True):
            read.append(chunk)
    assert raised.value.body["message"] and raised.value.body["code"] and read
    assert not any(choice.finish_reason for chunk in read for choice in chunk.choices)


@pytest.mark.parametrize("vendor_name", list(EMBEDDINGS))
@pytest.mark.parametrize("format", ["float", "base64"])
def test_embeddings(client, vendor_name, format):
    answer = client.embeddings.create(
        model=f"embed-{vendor_name}", input=["one", "two two"], encoding_format=format, dimensions=8
    )
    assert [each.index for each in answer.data] == [0, 1] and answer.data[0].embedding != answer.data[1].embedding
    if format == "float":
        assert all(len(each.embedding) == 8 for each in answer.data)
    else:
        assert all(isinstance(each.embedding, str) for each in answer.data)
    single = client.embeddings.create(model=f"embed-{vendor_name}", input="one", dimensions=8).data[0].embedding
    assert len(single) == 8


def test_models(client):
    models = list(client.models.list())
    assert set(VENDORS) <= {model.id for model in models} and {model.object for model in models} == {"model"}
    assert client.models.retrieve("gemini").id == "gemini"


def test_an_agents_loop(client, vendor, watch):
    messages, answers = [{"role": "system", "content": "Help."}], []
    for question in (WEATHER, TIME, "Goodbye"):
        messages.append({"role": "user", "content": question})
        for _ in range(4):
            message = ask(client, vendor.at(), messages, tools=FUNCTIONS).choices[0].message
            messages.append(message.model_dump(exclude_none=True))
            if not message.tool_calls:
                break
            messages += results(message)
        answers.append(message.content)
    assert RESULTS["get_weather"] in answers[0] and RESULTS["get_time"] in answers[1] and "Goodbye" in answers[2]
    assert len(watch.all) == 5
    watch.check_prefixes()
