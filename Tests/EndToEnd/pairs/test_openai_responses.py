"""The official `openai` package, Responses, against each vendor."""
import json

import openai
import pytest
from openai import OpenAI

from pairs.vendors import BOTH, CITY_SCHEMA, HELLO, PNG, RESULTS, TIME, TOOLS, WEATHER, WEATHER_QUESTION, Weather

FUNCTIONS = [
    {"type": "function", "name": name, "description": text, "parameters": CITY_SCHEMA, "strict": False}
    for name, text in TOOLS.items()
]
# State is the client's own: what it needs next time comes with the answer.
STATELESS = dict(store=False, include=["reasoning.encrypted_content"])


@pytest.fixture(scope="module")
def client(pair, customer):
    return OpenAI(base_url=pair.base + "/v1", api_key=customer[1], max_retries=0, timeout=30)


def ask(client, model, input, **fields):
    return client.responses.create(model=model, input=input, **fields)


def streamed(client, model, input, **fields):
    """The final response by the package's own helper, which refuses events out of order, and all events."""
    with client.responses.stream(model=model, input=input, **fields) as stream:
        events = list(stream)
        return stream.get_final_response(), events


def either(streams):
    return (lambda *given, **fields: streamed(*given, **fields)[0]) if streams else ask


def items(response):
    """A response's items as the next request carries them."""
    hidden = {"parsed_arguments": True, "content": {"__all__": {"parsed"}}}  # the package's own additions
    return [
        each.model_dump(exclude_none=True, exclude=hidden if each.type == "message" else {"parsed_arguments"})
        for each in response.output
    ]


def calls(response):
    return [each for each in response.output if each.type == "function_call"]


def results(response):
    return [
        {"type": "function_call_output", "call_id": call.call_id, "output": RESULTS[call.name]} for call in calls(response)
    ]


def test_text(client, vendor, watch, check_row):
    raw = client.responses.with_raw_response.create(model=vendor.at(), instructions="Be brief.", input=HELLO, max_output_tokens=500)
    answer = raw.parse()
    assert answer.object == "response" and answer.id and answer.created_at > 0 and answer.error is None
    assert f"You said: {HELLO}" in answer.output_text
    assert (answer.status, answer.incomplete_details) == ("completed", None)
    assert [each.type for each in answer.output] == ["message"] and answer.output[0].role == "assistant"
    assert raw.headers["x-tokenrouter-provider"] == vendor.name
    seen = watch.last
    assert (seen.system, seen.texts, seen.max_tokens) == (["Be brief."], [HELLO], 500)
    usage = answer.usage
    assert usage.total_tokens == usage.input_tokens + usage.output_tokens
    check_row(raw.headers["x-request-id"], usage.input_tokens, usage.output_tokens)


def test_text_ended_by_the_limit(client, vendor):
    answer = ask(client, vendor.at("long"), "Hello", max_output_tokens=16)
    assert (answer.status, answer.incomplete_details.reason) == ("incomplete", "max_output_tokens")
    assert answer.usage.output_tokens == 16


def test_input_as_items(client, vendor, watch):
    turns = [
        {"role": "developer", "content": "Be brief."},
        {"role": "user", "content": [{"type": "input_text", "text": "One"}]},
        {"role": "assistant", "content": [{"type": "output_text", "text": "Two", "annotations": []}]},
        {"type": "message", "role": "user", "content": "Three"},
    ]
    assert "Three" in ask(client, vendor.at(), turns).output_text
    assert (watch.last.system, watch.last.texts) == (["Be brief."], ["One", "Two", "Three"])


def test_stream(client, vendor):
    whole = ask(client, vendor.at(), HELLO)
    final, events = streamed(client, vendor.at(), HELLO)
    text = "".join(event.delta for event in events if event.type == "response.output_text.delta")
    assert text == final.output_text == whole.output_text
    assert (final.usage.input_tokens, final.usage.output_tokens) == (whole.usage.input_tokens, whole.usage.output_tokens)
    assert final.status == "completed"


def test_the_events_of_a_stream(client, vendor):
    events = list(ask(client, vendor.at(), HELLO, stream=True))
    types = [event.type for event in events]
    assert types[:2] == ["response.created", "response.in_progress"] and types[-1] == "response.completed"
    assert [event.sequence_number for event in events] == list(range(len(events)))
    assert len({event.response.id for event in events if hasattr(event, "response")}) == 1
    middle = list(dict.fromkeys(types[2:-1]))
    assert middle == [
        "response.output_item.added",
        "response.content_part.added",
        "response.output_text.delta",
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
    ]


@pytest.mark.parametrize("streams", [False, True], ids=["whole", "stream"])
def test_tools(client, vendor, watch, streams):
    turns = [{"role": "user", "content": WEATHER}]
    answer = either(streams)(client, vendor.at(), turns, tools=FUNCTIONS)
    assert answer.status == "completed"
    (call,) = calls(answer)
    assert (call.name, json.loads(call.arguments)) == ("get_weather", {"city": "Paris"}) and call.call_id
    assert watch.last.tools == sorted(TOOLS)
    final = ask(client, vendor.at(), [*turns, *items(answer), *results(answer)], tools=FUNCTIONS)
    assert RESULTS["get_weather"] in final.output_text
    assert watch.last.rounds == [("get_weather", {"city": "Paris"}, RESULTS["get_weather"])]


def test_tool_choice(client, vendor):
    named = ask(client, vendor.at(), "In Paris", tools=FUNCTIONS, tool_choice={"type": "function", "name": "get_time"})
    assert [call.name for call in calls(named)] == ["get_time"]
    assert calls(ask(client, vendor.at(), "In Paris", tools=FUNCTIONS, tool_choice="required"))
    assert not calls(ask(client, vendor.at(), WEATHER, tools=FUNCTIONS, tool_choice="none"))


@pytest.mark.parametrize("streams", [False, True], ids=["whole", "stream"])
def test_parallel_tools(client, vendor, watch, streams):
    turns = [{"role": "user", "content": BOTH}]
    answer = either(streams)(client, vendor.at(), turns, tools=FUNCTIONS)
    assert [call.name for call in calls(answer)] == sorted(TOOLS)
    assert len({call.call_id for call in calls(answer)}) == 2
    final = ask(client, vendor.at(), [*turns, *items(answer), *results(answer)], tools=FUNCTIONS)
    assert all(result in final.output_text for result in RESULTS.values())
    assert watch.last.rounds == [(name, {"city": "Paris"}, RESULTS[name]) for name in sorted(TOOLS)]


@pytest.mark.parametrize("streams", [False, True], ids=["whole", "stream"])
def test_thinking_with_tools_over_turns(client, vendor, watch, streams):
    turns = [{"role": "user", "content": WEATHER}]
    fields = dict(tools=FUNCTIONS, reasoning={"effort": "low", "summary": "auto"}, **STATELESS)
    model = vendor.at("thinking")
    answer = either(streams)(client, model, turns, **fields)
    types = [each.type for each in answer.output]
    assert "reasoning" in types and types.index("reasoning") < types.index("function_call")
    final = ask(client, model, [*turns, *items(answer), *results(answer)], **fields)
    assert RESULTS["get_weather"] in final.output_text
    signatures = watch.last.signatures
    if vendor.name != "chat" or watch.last.form == "responses":
        assert signatures and all(signatures) and not any(each.startswith("tr1.") for each in signatures)


def test_thoughts_are_counted_and_come_before_the_text(client, vendor):
    final, events = streamed(client, vendor.at("thinking"), "Hello", reasoning={"effort": "low", "summary": "auto"}, **STATELESS)
    types = [event.type for event in events]
    thoughts = "".join(event.delta for event in events if event.type == "response.reasoning_summary_text.delta")
    assert thoughts and types.index("response.reasoning_summary_text.delta") < types.index("response.output_text.delta")
    assert thoughts == "".join(part.text for part in final.output[0].summary)
    assert final.usage.output_tokens_details.reasoning_tokens == 20


def test_images(client, vendor, watch):
    content = [
        {"type": "input_text", "text": "What is this?"},
        {"type": "input_image", "image_url": f"data:image/png;base64,{PNG}", "detail": "auto"},
    ]
    assert "What is this?" in ask(client, vendor.at(), [{"role": "user", "content": content}]).output_text
    assert watch.last.images == [("image/png", PNG)]


def test_structured_output(client, vendor, watch):
    answer = client.responses.parse(model=vendor.at(), input=WEATHER_QUESTION, text_format=Weather)
    assert answer.output_parsed == Weather(city="Paris", degrees=21)
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
    if flavour == "429":
        assert int(raised.value.response.headers["retry-after"]) >= 1


@pytest.mark.parametrize("flavour", ["cut", "broken"])
def test_a_stream_that_breaks(client, vendor, flavour):
    read = []
    with pytest.raises(openai.APIError):  # the error event is handed on; the broken framing raises
        for event in ask(client, vendor.at(flavour), "Hello", stream=True):
            read.append(event)
    assert read[0].type == "response.created" and not any(event.type == "response.completed" for event in read)
    assert read[-1].type in ("error", "response.failed")
    assert read[-1].message if read[-1].type == "error" else read[-1].response.error.message


@pytest.mark.parametrize("field,value", [("previous_response_id", "resp_1"), ("background", True), ("conversation", "conv_1")])
@pytest.mark.parametrize("name", ["anthropic", "gemini"])
def test_what_needs_a_store_is_refused_by_name(client, name, field, value):
    with pytest.raises(openai.BadRequestError) as raised:
        ask(client, name, "Hello", **{field: value})
    assert raised.value.param == field


def test_an_agents_loop(client, vendor, watch):
    turns, answers = [], []
    for question in (WEATHER, TIME, "Goodbye"):
        turns.append({"role": "user", "content": question})
        for _ in range(4):
            answer = ask(client, vendor.at(), turns, tools=FUNCTIONS, instructions="Help.", **STATELESS)
            turns += items(answer)
            if not calls(answer):
                break
            turns += results(answer)
        answers.append(answer.output_text)
    assert RESULTS["get_weather"] in answers[0] and RESULTS["get_time"] in answers[1] and "Goodbye" in answers[2]
    assert len(watch.all) == 5
    watch.check_prefixes()
