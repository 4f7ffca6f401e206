"""The official `openai` package against a running gateway with the simulator behind it."""
import json

import openai
import pytest
from openai import OpenAI

TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "get_weather",
            "description": "The weather of a city",
            "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
        },
    }
]


@pytest.fixture()
def customer(gateway):
    return gateway.customer()


@pytest.fixture()
def client(gateway, customer):
    return OpenAI(base_url=gateway.base + "/v1", api_key=customer[1], max_retries=0, timeout=30)


def ask(client, **fields):
    return client.chat.completions.create(**{"model": "chat", "messages": [{"role": "user", "content": "Hello, 世界!"}], **fields})


def test_a_unary_answer_is_whole_counted_and_recorded(gateway, customer, client):
    raw = client.chat.completions.with_raw_response.create(model="chat", messages=[{"role": "user", "content": "Hello"}])
    answer = raw.parse()
    assert answer.choices[0].message.content
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens
    row = gateway.rows(customer[0])[0]
    assert row["id"] == raw.headers["x-request-id"]
    assert (row["prompt_tokens"], row["completion_tokens"]) == (answer.usage.prompt_tokens, answer.usage.completion_tokens)
    assert row["status"] == "success" and row["estimated"] is False
    assert raw.headers["x-tokenrouter-provider"] == "sim"
    assert raw.headers["x-tokenrouter-attempts"] == "1"


def test_a_stream_gives_the_text_and_hides_the_usage_nobody_asked_for(gateway, customer, client):
    chunks = list(ask(client, stream=True))
    text = "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)
    assert text
    assert all(chunk.usage is None for chunk in chunks)
    assert all(chunk.choices for chunk in chunks)
    row = gateway.rows(customer[0])[0]
    assert row["completion_tokens"] > 0 and row["estimated"] is False


def test_a_stream_shows_the_usage_that_was_asked_for(gateway, customer, client):
    chunks = list(ask(client, stream=True, stream_options={"include_usage": True}))
    assert chunks[-1].usage.total_tokens > 0
    row = gateway.rows(customer[0])[0]
    assert row["prompt_tokens"] == chunks[-1].usage.prompt_tokens


def test_tools_go_round(client):
    messages = [{"role": "user", "content": "Use get_weather for Paris"}]
    call = ask(client, messages=messages, tools=TOOLS).choices[0].message
    assert call.tool_calls[0].function.name == "get_weather"
    json.loads(call.tool_calls[0].function.arguments)
    messages += [call.model_dump(exclude_none=True), {"role": "tool", "tool_call_id": call.tool_calls[0].id, "content": "sunny"}]
    assert ask(client, messages=messages, tools=TOOLS).choices[0].message.content


def test_streamed_tool_calls_keep_id_name_and_arguments(client):
    pieces = [
        piece
        for chunk in ask(client, messages=[{"role": "user", "content": "Use get_weather for Paris"}], tools=TOOLS, stream=True)
        for choice in chunk.choices
        for piece in choice.delta.tool_calls or []
    ]
    assert pieces[0].id and pieces[0].function.name == "get_weather"
    json.loads("".join(piece.function.arguments or "" for piece in pieces))


def test_unknown_fields_reach_the_upstream_as_they_were_sent(client, simulator):
    ask(client, extra_body={"x_unknown": {"b": 1.50, "a": [1e2, "\u00e9"]}})
    received = simulator.requests()["requests"][-1]
    assert json.loads(received["body"])["x_unknown"] == {"b": 1.5, "a": [100, "é"]}


def test_models_are_listed_without_wildcards(client):
    names = [model.id for model in client.models.list()]
    assert "chat" in names and not any("*" in name for name in names)
    assert client.models.retrieve("chat").id == "chat"


ERRORS = [
    ("an unknown model", dict(model="nothing"), openai.NotFoundError, "model_not_found"),
    ("an upstream that refuses", dict(model="failing"), openai.InternalServerError, "upstream_error"),
    ("a model without a price", dict(model="unpriced"), openai.InternalServerError, "upstream_unavailable"),
    ("no messages", dict(messages=[]), openai.BadRequestError, "invalid_request_error"),
    ("a wrong type", dict(extra_body={"stream_options": 7}), openai.BadRequestError, "invalid_request_error"),
    ("an upstream's 500", dict(model="sim/gpt-4o-mini!error=500"), openai.InternalServerError, None),
    ("an upstream's 429", dict(model="sim/gpt-4o-mini!error=429"), openai.RateLimitError, None),
]


@pytest.mark.parametrize("name,fields,kind,code", ERRORS, ids=[case[0] for case in ERRORS])
def test_errors_have_the_clients_own_classes(gateway, client, name, fields, kind, code):
    if "!" in fields.get("model", ""):
        target = fields["model"].removeprefix("sim/").replace("!", "%21").replace("=", "%3D")
        status, _ = gateway.admin("PUT", f"/admin/prices/{target}", {"prompt": "0.15", "completion": "0.60"})
        assert status in (200, 201)
    with pytest.raises(kind) as raised:
        ask(client, **fields)
    if code:
        assert raised.value.code == code
    assert "sk-upstream-secret" not in str(raised.value)


def test_a_wrong_key_is_an_authentication_error(gateway):
    with pytest.raises(openai.AuthenticationError) as raised:
        ask(OpenAI(base_url=gateway.base + "/v1", api_key="sk-tr-wrong", max_retries=0))
    assert raised.value.code == "invalid_api_key"


def test_a_fallback_answers_when_the_first_model_is_out(gateway, customer, client):
    raw = client.chat.completions.with_raw_response.create(model="rescued", messages=[{"role": "user", "content": "Hello"}])
    assert raw.headers["x-tokenrouter-attempts"] == "2"
    assert raw.headers["x-tokenrouter-provider"] == "sim"
    _, whole = gateway.admin("GET", f"/admin/requests/{raw.headers['x-request-id']}")
    assert [attempt["provider"] for attempt in whole["attempts"]] == ["refused", "sim"]


def test_money_is_exact_and_prepaid_ends_at_zero(gateway):
    user, key = gateway.customer(credit="0.0000001")
    client = OpenAI(base_url=gateway.base + "/v1", api_key=key, max_retries=0)
    answer = ask(client)
    row = gateway.rows(user)[0]
    expected = answer.usage.prompt_tokens * 150 + answer.usage.completion_tokens * 600
    assert row["cost_usd"] == f"{expected / 1e9:.9f}".rstrip("0")
    with pytest.raises(openai.RateLimitError) as raised:
        ask(client)
    assert raised.value.code == "insufficient_quota"
