"""What reached the vendor, read by the vendor's own form: a second reader, which shares nothing with the gateway."""
import json


def pick(value, name):
    """A member spelled in camelCase or, as Gemini also takes it, in snake_case."""
    snake = "".join("_" + letter.lower() if letter.isupper() else letter for letter in name)
    return value.get(name, value.get(snake))


def without_marks(value):
    """The same without cache marks, which come and go between turns."""
    if isinstance(value, dict):
        return {name: without_marks(each) for name, each in value.items() if name != "cache_control"}
    return [without_marks(each) for each in value] if isinstance(value, list) else value


def parts(content):
    return [{"type": "text", "text": content}] if isinstance(content, str) else content or []


class Seen:
    def __init__(self, entry):
        self.number, self.path, self.headers = entry["number"], entry["path"], entry["headers"]
        self.body = json.loads(entry["body"])
        self.system, self.texts, self.images, self.calls, self.results = [], [], [], [], []
        self.thoughts, self.signatures, self.turns, self.tools, self.schema = [], [], [], [], None
        bare = self.path.split("?")[0]
        if bare.endswith("/chat/completions"):
            self.form = "chat"
            self.read_chat()
        elif bare.endswith("/responses"):
            self.form = "responses"
            self.read_responses()
        elif bare.endswith("/messages") or bare.endswith("/count_tokens"):
            self.form = "anthropic"
            self.read_anthropic()
        elif "enerateContent" in bare or bare.endswith(":countTokens"):
            self.form = "gemini"
            self.read_gemini()
        else:
            self.form = "other"
        self.turns = without_marks(self.turns)

    @property
    def rounds(self):
        """Each call with what came of it: name, arguments, text. Every result must belong to a call before it."""
        assert len({id for id, _, _ in self.calls}) == len(self.calls), f"ids of calls are not apart: {self.calls}"
        known = {id: (name, arguments) for id, name, arguments in self.calls}
        return [(*known[id], text) for id, text in self.results]

    def read_chat(self):
        body = self.body
        self.turns, self.max_tokens = body["messages"], body.get("max_completion_tokens", body.get("max_tokens"))
        self.tools = [each["function"]["name"] for each in body.get("tools", [])]
        self.schema = body.get("response_format", {}).get("json_schema", {}).get("schema")
        for message in body["messages"]:
            texts = [part["text"] for part in parts(message.get("content")) if part["type"] == "text"]
            if message["role"] in ("system", "developer"):
                self.system += texts
            elif message["role"] == "tool":
                self.results.append((message["tool_call_id"], "".join(texts)))
            else:
                self.texts += texts
            for part in parts(message.get("content")):
                if part["type"] == "image_url":
                    self.add_image(part["image_url"]["url"])
            if message.get("reasoning_content"):
                self.thoughts.append(message["reasoning_content"])
            for call in message.get("tool_calls") or []:
                function = call["function"]
                self.calls.append((call["id"], function["name"], json.loads(function["arguments"])))

    def read_responses(self):
        body = self.body
        items = body["input"] if isinstance(body["input"], list) else [{"role": "user", "content": body["input"]}]
        self.turns, self.max_tokens = items, body.get("max_output_tokens")
        self.tools = [each["name"] for each in body.get("tools", [])]
        self.schema = body.get("text", {}).get("format", {}).get("schema")
        if body.get("instructions"):
            self.system.append(body["instructions"])
        for item in items:
            kind = item.get("type", "message")
            if kind == "function_call":
                self.calls.append((item["call_id"], item["name"], json.loads(item["arguments"])))
            elif kind == "function_call_output":
                self.results.append((item["call_id"], "".join(part["text"] for part in parts(item["output"]))))
            elif kind == "reasoning":
                self.thoughts.append("".join(part["text"] for part in item.get("summary", [])))
                self.signatures += [item["encrypted_content"]] if item.get("encrypted_content") else []
            elif kind == "message":
                content = parts(item["content"])
                texts = [part["text"] for part in content if part["type"] in ("text", "input_text", "output_text")]
                if item["role"] in ("system", "developer"):
                    self.system += texts
                else:
                    self.texts += texts
                for part in content:
                    if part["type"] == "input_image":
                        self.add_image(part["image_url"])

    def read_anthropic(self):
        body = self.body
        self.turns, self.max_tokens = body["messages"], body.get("max_tokens")
        self.tools = [each["name"] for each in body.get("tools", [])]
        self.schema = body.get("output_config", {}).get("format", {}).get("schema")
        self.system += [part["text"] for part in parts(body.get("system"))]
        for message in body["messages"]:
            for block in parts(message["content"]):
                if block["type"] == "text":
                    self.texts.append(block["text"])
                elif block["type"] == "image":
                    self.images.append((block["source"]["media_type"], block["source"]["data"]))
                elif block["type"] == "tool_use":
                    assert isinstance(block["input"], dict)
                    self.calls.append((block["id"], block["name"], block["input"]))
                elif block["type"] == "tool_result":
                    text = "".join(part["text"] for part in parts(block["content"]))
                    self.results.append((block["tool_use_id"], text))
                elif block["type"] == "thinking":
                    self.thoughts.append(block["thinking"])
                    self.signatures.append(block["signature"])

    def read_gemini(self):
        body = self.body
        settings = pick(body, "generationConfig") or {}
        self.turns, self.max_tokens = body["contents"], pick(settings, "maxOutputTokens")
        for tool in body.get("tools", []):
            self.tools += [each["name"] for each in pick(tool, "functionDeclarations")]
        self.schema = pick(settings, "responseJsonSchema") or pick(settings, "responseSchema")
        self.system += [part["text"] for part in (pick(body, "systemInstruction") or {"parts": []})["parts"]]
        for part in [part for content in body["contents"] for part in content["parts"]]:
            signature = pick(part, "thoughtSignature")
            self.signatures += [signature] if signature else []
            call, result, data = pick(part, "functionCall"), pick(part, "functionResponse"), pick(part, "inlineData")
            if call:
                place = sum(1 for id, _, _ in self.calls if id.startswith(call["name"] + "#"))
                self.calls.append((f"{call['name']}#{place}", call["name"], call.get("args", {})))
            elif result:
                # Gemini pairs by name and order: ids are optional.
                place = sum(1 for id, _ in self.results if id.startswith(result["name"] + "#"))
                text = " ".join(str(value) for value in result["response"].values())
                self.results.append((f"{result['name']}#{place}", text))
            elif data:
                self.images.append((pick(data, "mimeType"), data["data"]))
            elif part.get("thought"):
                self.thoughts.append(part.get("text", ""))
            elif "text" in part:
                self.texts.append(part["text"])

    def add_image(self, url):
        head, data = url.split(";base64,")
        self.images.append((head.removeprefix("data:"), data))


class Watch:
    """The vendor's requests since it was made."""

    def __init__(self, simulator):
        self.simulator = simulator
        self.start = max((each["number"] for each in simulator.requests()["requests"]), default=0)

    @property
    def all(self):
        return [Seen(each) for each in self.simulator.requests()["requests"] if each["number"] > self.start]

    @property
    def last(self):
        return self.all[-1]

    def check_prefixes(self):
        """Each request's turns begin the next one's: what a vendor's prompt cache lives on."""
        seen = self.all
        assert len({each.form for each in seen}) == 1
        for earlier, later in zip(seen, seen[1:]):
            assert later.turns[: len(earlier.turns)] == earlier.turns
            assert (later.system, later.tools) == (earlier.system, earlier.tools)
