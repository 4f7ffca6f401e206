"""The official `anthropic` package against each vendor."""
import anthropic
import pytest
from anthropic import Anthropic, beta_tool

from pairs.vendors import BOTH, CITY_SCHEMA, HELLO, PNG, RESULTS, TIME, TOOLS, VENDORS, WEATHER, WEATHER_QUESTION, Weather

CLIENT_TOOLS = [{"name": name, "description": text, "input_schema": CITY_SCHEMA} for name, text in TOOLS.items()]


@pytest.fixture(scope="module")
def client(pair, customer):
    return Anthropic(base_url=pair.base, api_key=customer[1], max_retries=0, timeout=30)


def fields(model, messages, **more):
    messages = [{"role": "user", "content": messages}] if isinstance(messages, str) else messages
    return {"model": model, "max_tokens": 500, "messages": messages, **more}


def ask(client, *given, **more):
    return client.messages.create(**fields(*given, **more))


def streamed(client, *given, **more):
    """The final message by the package's own helper, and all events."""
    with client.messages.stream(**fields(*given, **more)) as stream:
        events = list(stream)
        return stream.get_final_message(), events


def either(streams):
    return (lambda *given, **more: streamed(*given, **more)[0]) if streams else ask


def turn(message):
    """An answer as the next request carries it."""
    return {"role": "assistant", "content": [block.model_dump(exclude_none=True, exclude={"parsed_output"}) for block in message.content]}


def text(message):
    return "".join(block.text for block in message.content if block.type == "text")


def calls(message):
    return [block for block in message.content if block.type == "tool_use"]


def results(message):
    blocks = [{"type": "tool_result", "tool_use_id": call.id, "content": RESULTS[call.name]} for call in calls(message)]
    return {"role": "user", "content": blocks}


def counts(usage):
    cached = (usage.cache_read_input_tokens or 0) + (usage.cache_creation_input_tokens or 0)
    return usage.input_tokens + cached, usage.output_tokens


def test_text(client, vendor, watch, check_row):
    raw = client.messages.with_raw_response.create(**fields(vendor.at(), HELLO, system="Be brief."))
    answer = raw.parse()
    assert (answer.type, answer.role, answer.stop_reason) == ("message", "assistant", "end_turn") and answer.id
    assert f"You said: {HELLO}" in text(answer) and [block.type for block in answer.content] == ["text"]
    assert raw.headers["x-tokenrouter-provider"] == vendor.name
    assert raw.headers["request-id"] == raw.headers["x-request-id"]
    seen = watch.last
    assert (seen.system, seen.texts, seen.max_tokens) == (["Be brief."], [HELLO], 500)
    check_row(raw.headers["x-request-id"], *counts(answer.usage))


def test_text_ended_by_the_limit(client, vendor):
    answer = ask(client, vendor.at("long"), "Hello", max_tokens=16)
    assert (answer.stop_reason, answer.usage.output_tokens) == ("max_tokens", 16)


def test_stop_sequences(client, vendor):
    answer = ask(client, vendor.at(), "Hello STOP here", stop_sequences=["STOP"])
    assert text(answer).endswith("Hello ")
    if vendor.name == "anthropic":  # the other vendors do not say which it was
        assert (answer.stop_reason, answer.stop_sequence) == ("stop_sequence", "STOP")


def test_stream(client, vendor):
    whole = ask(client, vendor.at(), HELLO)
    final, events = streamed(client, vendor.at(), HELLO)
    assert text(final) == text(whole) and final.stop_reason == "end_turn"
    assert counts(final.usage) == counts(whole.usage)
    assert "".join(event.text for event in events if event.type == "text") == text(whole)


def test_the_events_of_a_stream(client, vendor):
    events = list(ask(client, vendor.at(), HELLO, stream=True))
    types = list(dict.fromkeys(event.type for event in events))
    assert types == [
        "message_start",
        "content_block_start",
        "content_block_delta",
        "content_block_stop",
        "message_delta",
        "message_stop",
    ]
    start = events[0].message
    assert (start.content, start.stop_reason, start.role) == ([], None, "assistant")
    assert start.usage.input_tokens > 0, "input usage must be honest from the start"


@pytest.mark.parametrize("streams", [False, True], ids=["whole", "stream"])
def test_tools(client, vendor, watch, streams):
    messages = [{"role": "user", "content": WEATHER}]
    answer = either(streams)(client, vendor.at(), messages, tools=CLIENT_TOOLS)
    assert answer.stop_reason == "tool_use"
    (call,) = calls(answer)
    assert (call.name, call.input) == ("get_weather", {"city": "Paris"}) and call.id
    assert watch.last.tools == sorted(TOOLS)
    final = either(streams)(client, vendor.at(), [*messages, turn(answer), results(answer)], tools=CLIENT_TOOLS)
    assert RESULTS["get_weather"] in text(final) and final.stop_reason == "end_turn"
    assert watch.last.rounds == [("get_weather", {"city": "Paris"}, RESULTS["get_weather"])]


def test_tool_choice(client, vendor):
    named = ask(client, vendor.at(), "In Paris", tools=CLIENT_TOOLS, tool_choice={"type": "tool", "name": "get_time"})
    assert [call.name for call in calls(named)] == ["get_time"]
    assert calls(ask(client, vendor.at(), "In Paris", tools=CLIENT_TOOLS, tool_choice={"type": "any"}))
    assert not calls(ask(client, vendor.at(), WEATHER, tools=CLIENT_TOOLS, tool_choice={"type": "none"}))


@pytest.mark.parametrize("streams", [False, True], ids=["whole", "stream"])
def test_parallel_tools(client, vendor, watch, streams):
    messages = [{"role": "user", "content": BOTH}]
    answer = either(streams)(client, vendor.at(), messages, tools=CLIENT_TOOLS)
    assert [call.name for call in calls(answer)] == sorted(TOOLS)
    assert len({call.id for call in calls(answer)}) == 2
    final = ask(client, vendor.at(), [*messages, turn(answer), results(answer)], tools=CLIENT_TOOLS)
    assert all(result in text(final) for result in RESULTS.values())
    assert watch.last.rounds == [(name, {"city": "Paris"}, RESULTS[name]) for name in sorted(TOOLS)]


@pytest.mark.parametrize("streams", [False, True], ids=["whole", "stream"])
def test_thinking_with_tools_over_turns(client, vendor, watch, streams):
    messages = [{"role": "user", "content": WEATHER}]
    more = dict(tools=CLIENT_TOOLS, thinking={"type": "adaptive"})
    answer = either(streams)(client, vendor.at("thinking"), messages, **more)
    assert [block.type for block in answer.content] == ["thinking", "tool_use"]
    assert answer.content[0].thinking
    final = either(streams)(client, vendor.at("thinking"), [*messages, turn(answer), results(answer)], **more)
    assert RESULTS["get_weather"] in text(final)
    signatures = watch.last.signatures
    if vendor.name != "chat":
        assert signatures and all(signatures) and not any(each.startswith("tr1.") for each in signatures)


def test_thoughts_come_before_the_text(client, vendor):
    final, events = streamed(client, vendor.at("thinking"), "Hello", thinking={"type": "adaptive"})
    assert [block.type for block in final.content] == ["thinking", "text"]
    thoughts = [place for place, event in enumerate(events) if event.type == "thinking"]
    words = [place for place, event in enumerate(events) if event.type == "text"]
    assert max(thoughts) < min(words)
    assert final.usage.output_tokens > 20


def test_images(client, vendor, watch):
    content = [
        {"type": "text", "text": "What is this?"},
        {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PNG}},
    ]
    assert "What is this?" in text(ask(client, vendor.at(), [{"role": "user", "content": content}]))
    assert watch.last.images == [("image/png", PNG)]


def test_structured_output(client, vendor, watch):
    answer = client.messages.parse(**fields(vendor.at(), WEATHER_QUESTION), output_format=Weather)
    assert answer.parsed_output == Weather(city="Paris", degrees=21)
    assert set(watch.last.schema["properties"]) == {"city", "degrees"}


def test_count_tokens(client, vendor):
    messages = [{"role": "user", "content": HELLO}]
    short = client.messages.count_tokens(model=vendor.at(), messages=messages).input_tokens
    longer = client.messages.count_tokens(model=vendor.at(), messages=messages, system="Be brief. " * 50, tools=CLIENT_TOOLS)
    assert 0 < short < longer.input_tokens
    if vendor.name == "anthropic":
        assert short == counts(ask(client, vendor.at(), messages).usage)[0]


ERRORS = [
    ("400", anthropic.BadRequestError, "invalid_request_error"),
    ("401", anthropic.InternalServerError, "api_error"),
    ("429", anthropic.RateLimitError, "rate_limit_error"),
    ("500", anthropic.InternalServerError, "api_error"),
]


@pytest.mark.parametrize("flavour,kind,type", ERRORS, ids=[case[0] for case in ERRORS])
@pytest.mark.parametrize("streams", [False, True], ids=["whole", "stream"])
def test_errors(client, vendor, flavour, kind, type, streams):
    with pytest.raises(kind) as raised:
        ask(client, vendor.at(flavour), "Hello", stream=streams)
    error = raised.value
    assert (error.type, error.body["type"]) == (type, "error") and error.api_message and "secret" not in str(error)
    assert error.request_id == error.body["request_id"] == error.response.headers["x-request-id"]
    if flavour == "429":
        assert int(error.response.headers["retry-after"]) >= 1


@pytest.mark.parametrize("flavour", ["cut", "broken"])
def test_a_stream_that_breaks(client, vendor, flavour):
    read = []
    with pytest.raises(anthropic.APIStatusError) as raised:
        for event in ask(client, vendor.at(flavour), "Hello", stream=True):
            read.append(event.type)
    assert raised.value.body["type"] == "error" and raised.value.body["error"]["message"]
    assert read[0] == "message_start" and "message_stop" not in read and "message_delta" not in read


def test_models(client):
    models = list(client.models.list())
    assert set(VENDORS) <= {model.id for model in models} and {model.type for model in models} == {"model"}
    assert client.models.retrieve("gemini").id == "gemini"


def test_an_agents_loop(client, vendor, watch):
    messages, answers = [], []
    for question in (WEATHER, TIME, "Goodbye"):
        messages.append({"role": "user", "content": question})
        for _ in range(4):
            answer = ask(client, vendor.at(), messages, tools=CLIENT_TOOLS, system="Help.")
            messages.append(turn(answer))
            if not calls(answer):
                break
            messages.append(results(answer))
        answers.append(text(answer))
    assert RESULTS["get_weather"] in answers[0] and RESULTS["get_time"] in answers[1] and "Goodbye" in answers[2]
    assert len(watch.all) == 5
    watch.check_prefixes()


# By default the runner asks for a thread kept by the server; told that there is none it sends whole histories.
RUNNERS = [(name, False) for name in VENDORS] + [(name, None) for name in VENDORS if name != "anthropic"]


@pytest.mark.parametrize("name,thread", RUNNERS, ids=[name + ("" if thread is False else "-threads") for name, thread in RUNNERS])
def test_the_packages_tool_runner(client, watch, name, thread):
    @beta_tool
    def get_weather(city: str) -> str:
        """The weather of a city."""
        return f"sunny in {city}"

    more = {} if thread is None else {"thread": thread}
    final = client.beta.messages.tool_runner(**fields(name, WEATHER, **more), tools=[get_weather]).until_done()
    assert "sunny in Paris" in "".join(block.text for block in final.content if block.type == "text")
    assert watch.last.rounds == [("get_weather", {"city": "Paris"}, "sunny in Paris")]


@pytest.mark.parametrize("name", [name for name in VENDORS if name != "anthropic"])
def test_a_thread_kept_by_the_server_is_refused_in_the_words_the_package_knows(client, name):
    with pytest.raises(anthropic.BadRequestError) as raised:
        ask(client, name, "Hello", extra_body={"thread": {"type": "create"}})
    assert raised.value.error_code == "thread_unsupported_request" and "thread" in raised.value.api_message
