"""The official `google-genai` package against each vendor."""
import base64

import pytest
from google import genai
from google.genai import errors, types

from pairs.vendors import BOTH, CITY_SCHEMA, EMBEDDINGS, HELLO, PNG, RESULTS, TIME, TOOLS, VENDORS, WEATHER, WEATHER_QUESTION, Weather

CLIENT_TOOLS = [
    types.Tool(
        function_declarations=[
            types.FunctionDeclaration(name=name, description=text, parameters_json_schema=CITY_SCHEMA)
            for name, text in TOOLS.items()
        ]
    )
]
THINKING = types.ThinkingConfig(include_thoughts=True, thinking_level="LOW")


@pytest.fixture(scope="module")
def client(pair, customer):
    return genai.Client(api_key=customer[1], http_options=types.HttpOptions(base_url=pair.base, timeout=30_000))


def config(**fields):
    manual = types.AutomaticFunctionCallingConfig(disable=True)
    return types.GenerateContentConfig(automatic_function_calling=manual, **fields)


def user(*parts):
    return types.Content(role="user", parts=[types.Part(text=part) if isinstance(part, str) else part for part in parts])


def ask(client, model, contents, **fields):
    return client.models.generate_content(model=model, contents=contents, config=config(**fields))


def streamed(client, model, contents, **fields):
    """A stream's parts joined as one answer would have them, and all chunks."""
    chunks = list(client.models.generate_content_stream(model=model, contents=contents, config=config(**fields)))
    whole = [part for chunk in chunks for each in chunk.candidates or [] if each.content for part in each.content.parts or []]
    return types.Content(role="model", parts=whole), chunks


def answered(client, streams, model, contents, **fields):
    """The answer's content, as the next request carries it."""
    if streams:
        return streamed(client, model, contents, **fields)[0]
    return ask(client, model, contents, **fields).candidates[0].content


def text(content):
    return "".join(part.text for part in content.parts if part.text and not part.thought)


def calls(content):
    return [part.function_call for part in content.parts if part.function_call]


def results(content):
    return user(
        *[
            types.Part(function_response=types.FunctionResponse(id=call.id, name=call.name, response={"output": RESULTS[call.name]}))
            for call in calls(content)
        ]
    )


def counts(usage):
    assert usage.total_token_count == usage.prompt_token_count + (usage.candidates_token_count or 0) + (usage.thoughts_token_count or 0)
    return usage.prompt_token_count, (usage.candidates_token_count or 0) + (usage.thoughts_token_count or 0)


def test_text(client, vendor, watch, check_row):
    answer = ask(client, vendor.at(), HELLO, system_instruction="Be brief.", max_output_tokens=500)
    (candidate,) = answer.candidates
    assert (candidate.content.role, candidate.finish_reason) == ("model", types.FinishReason.STOP)
    assert f"You said: {HELLO}" in answer.text and answer.model_version and answer.response_id
    headers = answer.sdk_http_response.headers
    assert headers["x-tokenrouter-provider"] == vendor.name
    seen = watch.last
    assert (seen.system, seen.texts, seen.max_tokens) == (["Be brief."], [HELLO], 500)
    check_row(headers["x-request-id"], *counts(answer.usage_metadata))


@pytest.mark.parametrize("version", ["v1", "v1beta"])
def test_both_versions_of_the_path(pair, customer, vendor, version):
    options = types.HttpOptions(base_url=pair.base, api_version=version, timeout=30_000)
    client = genai.Client(api_key=customer[1], http_options=options)
    assert "Hi" in ask(client, vendor.at(), "Hi").text and text(streamed(client, vendor.at(), "Hi")[0])


def test_text_ended_by_the_limit(client, vendor):
    answer = ask(client, vendor.at("long"), "Hello", max_output_tokens=16)
    assert answer.candidates[0].finish_reason == types.FinishReason.MAX_TOKENS
    assert counts(answer.usage_metadata)[1] == 16


def test_stream(client, vendor):
    whole = ask(client, vendor.at(), HELLO)
    content, chunks = streamed(client, vendor.at(), HELLO)
    assert text(content) == whole.text and len(chunks) > 2
    finishes = [each.finish_reason for chunk in chunks for each in chunk.candidates or [] if each.finish_reason]
    assert finishes == [types.FinishReason.STOP]
    assert counts(chunks[-1].usage_metadata) == counts(whole.usage_metadata)


def test_a_conversation(client, vendor, watch):
    chat = client.chats.create(model=vendor.at(), config=config(system_instruction="Be brief."))
    assert "First" in chat.send_message("First").text
    assert "Second" in "".join(chunk.text or "" for chunk in chat.send_message_stream("Second"))
    first, second = watch.all
    assert second.texts[0] == "First" and second.texts[-1] == "Second" and len(second.texts) == 3
    watch.check_prefixes()


@pytest.mark.parametrize("streams", [False, True], ids=["whole", "stream"])
def test_tools(client, vendor, watch, streams):
    content = answered(client, streams, vendor.at(), [user(WEATHER)], tools=CLIENT_TOOLS)
    (call,) = calls(content)
    assert (call.name, call.args) == ("get_weather", {"city": "Paris"})
    assert watch.last.tools == sorted(TOOLS)
    final = answered(client, streams, vendor.at(), [user(WEATHER), content, results(content)], tools=CLIENT_TOOLS)
    assert RESULTS["get_weather"] in text(final)
    assert watch.last.rounds == [("get_weather", {"city": "Paris"}, RESULTS["get_weather"])]


def test_tool_choice(client, vendor):
    def chosen(question, mode, names=None):
        choice = types.FunctionCallingConfig(mode=mode, allowed_function_names=names)
        answer = ask(client, vendor.at(), question, tools=CLIENT_TOOLS, tool_config=types.ToolConfig(function_calling_config=choice))
        return [call.name for call in calls(answer.candidates[0].content)]

    assert chosen("In Paris", "ANY", ["get_time"]) == ["get_time"]
    assert chosen("In Paris", "ANY")
    assert not chosen(WEATHER, "NONE")


@pytest.mark.parametrize("streams", [False, True], ids=["whole", "stream"])
def test_parallel_tools(client, vendor, watch, streams):
    content = answered(client, streams, vendor.at(), [user(BOTH)], tools=CLIENT_TOOLS)
    assert [call.name for call in calls(content)] == sorted(TOOLS)
    final = answered(client, False, vendor.at(), [user(BOTH), content, results(content)], tools=CLIENT_TOOLS)
    assert all(result in text(final) for result in RESULTS.values())
    assert watch.last.rounds == [(name, {"city": "Paris"}, RESULTS[name]) for name in sorted(TOOLS)]


@pytest.mark.parametrize("streams", [False, True], ids=["whole", "stream"])
def test_thinking_with_tools_over_turns(client, vendor, watch, streams):
    fields = dict(tools=CLIENT_TOOLS, thinking_config=THINKING)
    content = answered(client, streams, vendor.at("thinking"), [user(WEATHER)], **fields)
    assert any(part.thought and part.text for part in content.parts) and len(calls(content)) == 1
    turns = [user(WEATHER), content, results(content)]
    final = answered(client, streams, vendor.at("thinking"), turns, **fields)
    assert RESULTS["get_weather"] in text(final)
    signatures = watch.last.signatures
    if vendor.name != "chat":
        assert signatures and all(signatures)
        for signature in signatures:
            assert not signature.startswith("tr1.")
            assert b"tr1." not in base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))


def test_thoughts_are_counted_and_come_before_the_text(client, vendor):
    content, chunks = streamed(client, vendor.at("thinking"), "Hello", thinking_config=THINKING)
    kinds = ["thought" if part.thought else "word" for part in content.parts if part.text]
    assert kinds == sorted(kinds) and set(kinds) == {"thought", "word"}
    assert chunks[-1].usage_metadata.thoughts_token_count == 20


def test_images(client, vendor, watch):
    image = types.Part.from_bytes(data=base64.b64decode(PNG), mime_type="image/png")
    assert "What is this?" in ask(client, vendor.at(), [user("What is this?", image)]).text
    ((kind, data),) = watch.last.images
    assert (kind, base64.urlsafe_b64decode(data.replace("+", "-").replace("/", "_"))) == ("image/png", base64.b64decode(PNG))


def test_structured_output(client, vendor, watch):
    answer = ask(client, vendor.at(), WEATHER_QUESTION, response_mime_type="application/json", response_schema=Weather)
    assert answer.parsed == Weather(city="Paris", degrees=21)
    assert set(watch.last.schema["properties"]) == {"city", "degrees"}


def test_structured_output_by_a_json_schema(client, vendor, watch):
    schema = Weather.model_json_schema()
    answer = ask(client, vendor.at(), WEATHER_QUESTION, response_mime_type="application/json", response_json_schema=schema)
    assert Weather.model_validate_json(answer.text) == Weather(city="Paris", degrees=21)
    assert set(watch.last.schema["properties"]) == {"city", "degrees"}


def test_count_tokens(client, vendor):
    short = client.models.count_tokens(model=vendor.at(), contents=HELLO).total_tokens
    longer = client.models.count_tokens(model=vendor.at(), contents=HELLO + " and more" * 50).total_tokens
    assert 0 < short < longer
    if vendor.name == "gemini":
        assert short == counts(ask(client, vendor.at(), HELLO).usage_metadata)[0]


ERRORS = [
    ("400", errors.ClientError, 400, "INVALID_ARGUMENT"),
    ("401", errors.ServerError, 502, None),
    ("429", errors.ClientError, 429, "RESOURCE_EXHAUSTED"),
    ("500", errors.ServerError, 502, None),
]


@pytest.mark.parametrize("flavour,kind,code,status", ERRORS, ids=[case[0] for case in ERRORS])
@pytest.mark.parametrize("streams", [False, True], ids=["whole", "stream"])
def test_errors(client, vendor, flavour, kind, code, status, streams):
    with pytest.raises(kind) as raised:
        (streamed if streams else ask)(client, vendor.at(flavour), "Hello")
    error = raised.value
    assert (error.code, error.details["error"]["code"]) == (code, code) and error.message and "secret" not in str(error)
    assert error.status == status if status else error.status in ("INTERNAL", "UNAVAILABLE")
    if flavour == "429":
        assert int(error.response.headers["retry-after"]) >= 1


@pytest.mark.parametrize("flavour", ["cut", "broken"])
def test_a_stream_that_breaks(client, vendor, flavour):
    read = []
    with pytest.raises(errors.APIError) as raised:
        for chunk in client.models.generate_content_stream(model=vendor.at(flavour), contents="Hello"):
            read.append(chunk)
    assert raised.value.details["error"]["message"] and raised.value.status
    assert read and not any(each.finish_reason for chunk in read for each in chunk.candidates or [])


@pytest.mark.parametrize("vendor_name", list(EMBEDDINGS))
def test_embeddings(client, vendor_name):
    size = types.EmbedContentConfig(output_dimensionality=8)
    answer = client.models.embed_content(model=f"embed-{vendor_name}", contents=["one", "two two"], config=size)
    first, second = [each.values for each in answer.embeddings]
    assert len(first) == len(second) == 8 and first != second
    (single,) = client.models.embed_content(model=f"embed-{vendor_name}", contents="one", config=size).embeddings
    assert single.values == pytest.approx(first)


def test_models(client):
    names = {model.name for model in client.models.list()}
    assert {f"models/{name}" for name in VENDORS} <= names
    assert client.models.get(model="gemini").name == "models/gemini"


def test_an_agents_loop(client, vendor, watch):
    turns, answers = [], []
    for question in (WEATHER, TIME, "Goodbye"):
        turns.append(user(question))
        for _ in range(4):
            content = ask(client, vendor.at(), turns, tools=CLIENT_TOOLS, system_instruction="Help.").candidates[0].content
            turns.append(content)
            if not calls(content):
                break
            turns.append(results(content))
        answers.append(text(content))
    assert RESULTS["get_weather"] in answers[0] and RESULTS["get_time"] in answers[1] and "Goodbye" in answers[2]
    assert len(watch.all) == 5
    watch.check_prefixes()


def test_the_package_calls_functions_by_itself(client, vendor, watch):
    def get_weather(city: str) -> str:
        """The weather of a city."""
        return f"sunny in {city}"

    chat = client.chats.create(model=vendor.at(), config=types.GenerateContentConfig(tools=[get_weather]))
    assert "sunny in Paris" in chat.send_message(WEATHER).text
    assert len(watch.all) == 2 and watch.last.rounds == [("get_weather", {"city": "Paris"}, "sunny in Paris")]
    watch.check_prefixes()
