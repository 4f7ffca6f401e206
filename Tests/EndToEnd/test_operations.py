"""The official `openai` package's images, speech, ranking and embeddings, at vendors of its form and at one with its own."""
import base64
import io
import json
import wave

import openai
import pytest
from gateway import Gateway
from openai import OpenAI
from pairs.vendors import PNG

PICTURE = base64.b64decode(PNG)
GENERATION = "/api/v1/services/aigc/multimodal-generation/generation"

# The models of the gateway by vendor: what draws, edits, speaks, ranks and embeds.
QWEN = {
    "draw": "qwen-image-3.0-pro",
    "edit": "qwen-image-edit-plus",
    "say": "qwen3-tts-flash",
    "say-old": "qwen-tts",
    "say-other": "cosyvoice-v3-flash",
    "rank": "qwen3-rerank",
    "embed": "text-embedding-v4",
    "limited": "qwen3-rerank!error=429",
    "broken": "qwen3-tts-flash!stream-error=1",
}
OPENAI = {"draw": "gpt-image-2", "edit": "gpt-image-2", "say": "gpt-4o-mini-tts"}


def configuration(port):
    def provider(name, path):
        return (
            f'  - {{name: {name}, kind: {name}, base_url: "http://127.0.0.1:{port}{path}", allow_private: true,'
            f" breaker: {{minimum_requests: 1000000000}}, keys: [{{id: main, value: sk-vendor-secret-{name}}}]}}"
        )

    models = [
        f'  - {{name: {vendor}-{name}, targets: [{{provider: {vendor}, model: "{model}"}}]}}'
        for vendor, models in (("qwen", QWEN), ("openai", OPENAI))
        for name, model in models.items()
    ]
    models.append('  - {name: lost-draw, targets: [{provider: lost, model: "qwen-image-3.0"}]}')
    lost = provider("qwen", "/v1").replace("name: qwen", "name: lost")
    providers = [provider("qwen", "/compatible-mode/v1"), provider("openai", "/v1"), lost]
    return "\n".join(["billing: {unpriced_models: free}", "providers:", *providers, "models:", *models]) + "\n"


@pytest.fixture(scope="module")
def gateway(binary, simulator, tmp_path_factory):
    process = Gateway(binary, tmp_path_factory.mktemp("operations"), configuration(simulator.port))
    yield process
    assert process.stop() == 0, process.log.read_text()[-4000:]


@pytest.fixture(scope="module")
def customer(gateway):
    return gateway.customer()


@pytest.fixture(scope="module")
def client(gateway, customer):
    return OpenAI(base_url=gateway.base + "/v1", api_key=customer[1], max_retries=0, timeout=30)


def sent(simulator):
    """The newest request that the vendor got: its path and its body."""
    last = simulator.requests()["requests"][-1]
    return last["path"], json.loads(last["body"])


def test_pictures_of_a_vendor_with_its_own_words(client, simulator):
    raw = client.images.with_raw_response.generate(
        model="qwen-draw", prompt="A cat, 猫", n=2, size="1024x1024", user="u-1", extra_body={"seed": 7}
    )
    answer = raw.parse()
    assert answer.created > 0 and [picture.url.startswith("https://") for picture in answer.data] == [True, True]
    assert raw.headers["x-tokenrouter-fidelity"] == "dropped=user"
    path, body = sent(simulator)
    assert path == GENERATION and body["model"] == "qwen-image-3.0-pro"
    assert body["input"] == {"messages": [{"role": "user", "content": [{"text": "A cat, 猫"}]}]}
    assert body["parameters"] == {"n": 2, "size": "1024*1024", "seed": 7}


def test_edits_of_files_go_as_data(client, simulator):
    files = [("a.png", PICTURE, "image/png"), ("b.png", PICTURE, "application/octet-stream")]
    answer = client.images.edit(model="qwen-edit", prompt="A hat", image=files)
    assert answer.data[0].url.startswith("https://")
    _, body = sent(simulator)
    content = body["input"]["messages"][0]["content"]
    assert content == [{"image": f"data:image/png;base64,{PNG}"}] * 2 + [{"text": "A hat"}]


@pytest.mark.parametrize("vendor", ["qwen", "openai"])
def test_edits_in_json(client, simulator, vendor):
    address = f"data:image/png;base64,{PNG}"
    body = {"model": f"{vendor}-edit", "prompt": "A hat", "images": [{"image_url": address}]}
    answer = client.post("/images/edits", body=body, cast_to=object)
    assert answer["data"]
    path, seen = sent(simulator)
    if vendor == "openai":
        assert (path, seen) == ("/v1/images/edits", {**body, "model": "gpt-image-2"})
    else:
        assert seen["input"]["messages"][0]["content"] == [{"image": address}, {"text": "A hat"}]


def test_edits_of_files_pass_as_they_are(client):
    answer = client.images.edit(model="openai-edit", prompt="A hat", image=("a.png", PICTURE, "image/png"))
    assert base64.b64decode(answer.data[0].b64_json).startswith(b"\x89PNG") and answer.usage.total_tokens > 256


@pytest.mark.parametrize("vendor,name,voice", [
    ("qwen", "say", "Cherry"), ("qwen", "say-old", "Ethan"), ("qwen", "say-other", "longanhuan"), ("openai", "say", "alloy"),
])
def test_speech_is_a_sound(client, vendor, name, voice):
    raw = client.audio.speech.with_raw_response.create(
        model=f"{vendor}-{name}", input="Hello there", voice=voice, response_format="wav"
    )
    assert raw.headers["content-type"] == "audio/wav"
    with wave.open(io.BytesIO(raw.content)) as sound:
        assert sound.getnframes() > 0 and sound.getsampwidth() == 2


@pytest.mark.parametrize("name,voice", [("say", "Cherry"), ("say-old", "Ethan"), ("say-other", "longanhuan")])
def test_samples_are_samples(client, name, voice):
    raw = client.audio.speech.with_raw_response.create(
        model=f"qwen-{name}", input="Hello there", voice=voice, response_format="pcm", speed=1.5
    )
    assert raw.headers["content-type"] == "audio/pcm"
    assert raw.content and len(raw.content) % 2 == 0 and not raw.content.startswith(b"RIFF")


def test_speech_as_events(gateway, customer):
    body = {"model": "qwen-say-old", "input": "Hello there", "voice": "Ethan", "stream_format": "sse"}
    answer = gateway.ask(customer[1], path="/v1/audio/speech", raw=json.dumps(body).encode())
    assert answer.headers["content-type"].startswith("text/event-stream")
    lines = [line[6:] for line in answer.body.decode().splitlines() if line.startswith("data: ")]
    events = [json.loads(line) for line in lines]
    assert {event["type"] for event in events[:-1]} == {"speech.audio.delta"}
    sound = b"".join(base64.b64decode(event["audio"]) for event in events[:-1])
    assert sound.startswith(b"RIFF"), "samples that were not asked for have the head of a WAV"
    assert events[-1]["type"] == "speech.audio.done" and events[-1]["usage"]["input_tokens"] > 0
    row = gateway.rows(customer[0])[0]
    assert row["completion_tokens"] == events[-1]["usage"]["output_tokens"] and not row["estimated"]


def test_a_voice_the_vendor_has_not(client):
    with pytest.raises(openai.BadRequestError) as raised:
        client.audio.speech.create(model="qwen-say", input="Hello", voice="alloy")
    assert "Invalid voice" in raised.value.body["message"] and raised.value.code == "InvalidParameter"


def test_a_sound_that_breaks_off_is_no_answer(client):
    with pytest.raises(openai.InternalServerError):
        client.audio.speech.create(model="qwen-broken", input="Hello", voice="Cherry")


def test_documents_are_ranked(client, simulator, gateway, customer):
    body = {"query": "red fish", "documents": ["blue bird", "red fish"], "top_n": 1, "return_documents": True}
    answer = client.post("/rerank", body={"model": "qwen-rank", **body}, cast_to=object)
    assert [(each["index"], each["document"]["text"]) for each in answer["results"]] == [(1, "red fish")]
    _, seen = sent(simulator)
    assert seen["input"] == {name: body[name] for name in ("query", "documents")}
    assert seen["parameters"] == {"top_n": 1, "return_documents": True}
    row = gateway.rows(customer[0])[0]
    assert (row["prompt_tokens"], row["estimated"]) == (answer["usage"]["total_tokens"], False)


def test_embeddings_stay_in_compatible_mode(client, simulator):
    answer = client.embeddings.create(model="qwen-embed", input=["one", "two"], dimensions=8)
    assert len(answer.data) == 2 and sent(simulator)[0] == "/compatible-mode/v1/embeddings"


def test_a_limit_is_told(client):
    with pytest.raises(openai.RateLimitError) as raised:
        client.post("/rerank", body={"model": "qwen-limited", "query": "q", "documents": ["d"]}, cast_to=object)
    assert raised.value.code == "Throttling.RateQuota"


@pytest.mark.parametrize("model,fields,words", [
    ("qwen-draw", {"stream": True}, "'stream'"), ("lost-draw", {}, "base_url must end with /compatible-mode/v1"),
])
def test_what_cannot_be_told_is_refused(client, model, fields, words):
    with pytest.raises(openai.BadRequestError) as raised:
        client.post("/images/generations", body={"model": model, "prompt": "A cat", **fields}, cast_to=object)
    assert words in raised.value.body["message"]
