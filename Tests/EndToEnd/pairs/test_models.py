"""`/v1/models` in the form of whoever asks, by the caller's headers and path."""
import pytest

from pairs.vendors import VENDORS


@pytest.fixture(scope="module")
def key(pair):
    return pair.customer()[1]


def get(pair, path, headers):
    return pair.ask(None, path=path, method="GET", raw=b"", headers=headers)


OPENAI = lambda key: {"authorization": f"Bearer {key}"}
ANTHROPIC = [
    ("by_version_and_bearer", lambda key: {"authorization": f"Bearer {key}", "anthropic-version": "2026-10-21"}),
    ("by_version_and_key", lambda key: {"x-api-key": key, "anthropic-version": "2023-06-01"}),
]
GEMINI = [
    ("by_header", "/v1/models", lambda key: {"x-goog-api-key": key}),
    ("by_path", "/v1beta/models", lambda key: {"authorization": f"Bearer {key}"}),
]


def test_openais_form(pair, key):
    answer = get(pair, "/v1/models", OPENAI(key)).json
    assert answer["object"] == "list" and set(VENDORS) <= {model["id"] for model in answer["data"]}
    assert all(model["object"] == "model" and isinstance(model["created"], int) and model["owned_by"] for model in answer["data"])
    assert get(pair, "/v1/models/gemini", OPENAI(key)).json["id"] == "gemini"


@pytest.mark.parametrize("name,headers", ANTHROPIC, ids=[case[0] for case in ANTHROPIC])
def test_anthropics_form(pair, key, name, headers):
    answer = get(pair, "/v1/models?limit=1000", headers(key)).json
    assert set(VENDORS) <= {model["id"] for model in answer["data"]}
    assert answer["has_more"] is False and answer["first_id"] == answer["data"][0]["id"]
    assert answer["last_id"] == answer["data"][-1]["id"]
    assert all(model["type"] == "model" and model["display_name"] and model["created_at"] for model in answer["data"])
    assert get(pair, "/v1/models/gemini", headers(key)).json["type"] == "model"


@pytest.mark.parametrize("name,path,headers", GEMINI, ids=[case[0] for case in GEMINI])
def test_geminis_form(pair, key, name, path, headers):
    models = {model["name"]: model for model in get(pair, path, headers(key)).json["models"]}
    assert {f"models/{name}" for name in VENDORS} <= set(models)
    assert "generateContent" in models["models/gemini"]["supportedGenerationMethods"]
    assert get(pair, path + "/gemini", headers(key)).json["name"] == "models/gemini"


def test_only_what_the_key_may_use_is_listed(pair):
    _, key = pair.customer(models=["anthropic*"])
    listed = {model["id"] for model in get(pair, "/v1/models", OPENAI(key)).json["data"]}
    assert listed and all(name.startswith("anthropic") for name in listed)


@pytest.mark.parametrize("path", ["/v1/models", "/v1beta/models"])
def test_a_list_needs_a_key(pair, path):
    answer = get(pair, path, {})
    assert answer.status == 401 and answer.json["error"]["code"] == (401 if "beta" in path else "invalid_api_key")
