"""Agents as clients run them: the same conversation told in another spelling each time, beside one who tells it well.

Everything is drawn from a seed. Answers are the vendor's own and go back to it with the next request, so a run is a live loop:
a question, calls of tools and their results where the question names tools, an answer.
"""
import datetime
import json
import random

WORDS = (
    "amber basin cedar delta ember fjord grove harbor island jasper kernel lantern meadow nickel orchard pepper quartz river "
    "saddle timber umber valley willow yonder zephyr anchor beacon copper dapple engine falcon garnet hollow ivory jungle"
).split()
VERBS = "fetch list move count scan merge trim pack sort copy mark draft".split()
NOUNS = "ledger parcel invoice ticket branch shelf roster voyage recipe sample garden signal".split()
START = datetime.datetime(2026, 11, 21, 9, 0, 0)


def prose(draw, tokens):
    """About so many tokens of four bytes."""
    words = []
    while sum(map(len, words)) + len(words) < tokens * 4:
        words.append(draw.choice(WORDS))
        if draw.random() < 0.08:
            words[-1] += "."
    return " ".join(words)


def estimated(entries):
    return len(json.dumps(entries)) // 4


class Team:
    """What all sessions share: tools and instructions, some 2,500 tokens each."""

    def __init__(self, seed, base_tokens=2_500):
        draw = random.Random(f"team {seed}")
        self.tools = [self.tool(draw, f"{verb}_{noun}", base_tokens // 12) for verb, noun in zip(VERBS, NOUNS)]
        self.rules = "\n".join(prose(draw, base_tokens // 16) for _ in range(16))

    @staticmethod
    def tool(draw, name, tokens):
        fields = draw.sample(WORDS, 5)
        properties = {
            field: {"type": "string", "description": prose(draw, max(4, tokens // 8)), "minLength": draw.randint(1, 9)}
            for field in fields
        }
        schema = {"type": "object", "properties": properties, "required": fields[:2], "additionalProperties": False}
        return {"name": name, "description": f"Für {name} → a/b: " + prose(draw, tokens // 4), "schema": schema}


class Session:
    """One conversation, a turn a list of entries: what the user said, calls, results, answers."""

    def __init__(self, team, seed, number, turns):
        self.team, self.number, self.left = team, number, turns
        self.draw = random.Random(f"session {seed} {number}")
        self.clock = START + datetime.timedelta(minutes=7 * number)
        self.turns, self.asked = [], 0
        self.start = 0

    @property
    def is_over(self):
        return self.left == 0

    def ask(self):
        """The next request is about to be sent: a new turn, unless tools were called."""
        self.asked += 1
        self.clock += datetime.timedelta(seconds=self.draw.randint(3, 40))
        if self.turns and self.turns[-1][-1]["who"] == "calls":
            calls = self.turns[-1][-1]["calls"]
            results = [{"id": call["id"], "text": prose(self.draw, self.draw.randint(60, 260))} for call in calls]
            self.turns[-1].append({"who": "results", "results": results})
            return
        text = prose(self.draw, self.draw.randint(40, 160))
        for tool in self.draw.sample(self.team.tools, self.draw.choice([0, 1, 1, 2])):
            text += f" Use {tool['name']}."
        self.turns.append([{"who": "user", "text": text, "time": self.stamp}])

    def hear(self, text, calls):
        entry = {"who": "calls" if calls else "answer", "text": text, "calls": calls}
        self.turns[-1].append(entry)
        if not calls:
            self.left -= 1

    @property
    def stamp(self):
        return self.clock.strftime("%Y-%m-%dT%H:%M:%SZ")

    def system(self, stamp=None):
        lines = ["You are a careful agent."] + ([f"Current time: {stamp}"] if stamp else [])
        return "\n".join(lines + [self.team.rules, f"Working directory: /srv/project-{self.number}"])


class Noisy:
    """Shuffles tools, turns keys of schemas and arguments around, varies escapes and white space, stamps the system prompt
    with the time, and drops the oldest turn once its history is longer than `window` tokens (None: it sends all)."""

    def __init__(self, window):
        self.window = window

    def body(self, form, session, model):
        draw = random.Random(f"noise {session.number} {session.asked}")
        turns = self.kept(session)
        tools = session.team.tools[:]
        draw.shuffle(tools)
        spelled = [spell(draw, turned(draw, form.tool({**tool, "schema": turned(draw, tool["schema"])}))) for tool in tools]
        members = form.members(
            session.system(session.stamp), turns, lambda arguments: spell(draw, turned(draw, arguments)), draw)
        parts = [f'"model":{json.dumps(model)}', '"tools":[' + ",".join(spelled) + "]"]
        parts += [f"{json.dumps(name)}:{json.dumps(value)}" for name, value in members.items()]
        draw.shuffle(parts)
        return "{" + ", ".join(parts) + "}"

    def kept(self, session):
        """At least the current turn."""
        turns = session.turns[:]
        while self.window and len(turns) > 1 and estimated(turns[:-1]) > self.window:
            turns.pop(0)
        return turns


class Perfect:
    """One byte form, the time behind each question and left there, marks where they pay, and a history that is cut to half of
    `window` when it has grown past it."""

    def __init__(self, window):
        self.window = window

    def body(self, form, session, model):
        if self.window and estimated(session.turns[session.start : -1]) > self.window:
            while estimated(session.turns[session.start : -1]) > self.window // 2:
                session.start += 1
        turns = [
            [{**entry, "text": entry["text"] + f"\n\nCurrent time: {entry['time']}"} if entry["who"] == "user" else entry for entry in turn]
            for turn in session.turns[session.start :]
        ]
        members = form.members(session.system(), turns, lambda arguments: json.dumps(arguments, separators=(",", ":"), sort_keys=True))
        form.mark(members)
        return json.dumps({"model": model, "tools": [form.tool(tool) for tool in session.team.tools], **members})


def turned(draw, value):
    """The same value with the members of its objects in another order; what `properties` names keeps its own names."""
    if isinstance(value, list):
        return [turned(draw, item) for item in value]
    if not isinstance(value, dict):
        return value
    items = [(name, turned(draw, item)) for name, item in value.items()]
    draw.shuffle(items)
    return dict(items)


def spell(draw, value):
    """One of several spellings."""
    text = json.dumps(
        value, ensure_ascii=draw.random() < 0.5, separators=draw.choice([(",", ":"), (", ", ": "), (" ,", " : ")]),
        indent=draw.choice([None, None, 2]))
    return text.replace("/", "\\/") if draw.random() < 0.5 else text


class Chat:
    """OpenAI Chat Completions."""

    path = "/v1/chat/completions"

    @staticmethod
    def headers(key):
        return {"authorization": f"Bearer {key}"}

    @staticmethod
    def tool(tool):
        return {"type": "function", "function": {"name": tool["name"], "description": tool["description"], "parameters": tool["schema"]}}

    @staticmethod
    def members(system, turns, arguments, draw=None):
        messages = [{"role": "system", "content": system}]
        for entry in (entry for turn in turns for entry in turn):
            if entry["who"] == "user":
                messages.append({"role": "user", "content": entry["text"]})
            elif entry["who"] == "results":
                messages += [{"role": "tool", "tool_call_id": one["id"], "content": one["text"]} for one in entry["results"]]
            elif entry["who"] == "calls":
                calls = [
                    {"id": call["id"], "type": "function", "function": {"name": call["name"], "arguments": arguments(call["arguments"])}}
                    for call in entry["calls"]
                ]
                messages.append({"role": "assistant", "content": entry["text"] or None, "tool_calls": calls})
            else:
                messages.append({"role": "assistant", "content": entry["text"]})
        return {"messages": messages}

    @staticmethod
    def mark(members):
        pass

    @staticmethod
    def heard(answer):
        message = answer["choices"][0]["message"]
        calls = [
            {"id": call["id"], "name": call["function"]["name"], "arguments": json.loads(call["function"]["arguments"])}
            for call in message.get("tool_calls") or []
        ]
        return message.get("content") or "", calls


class Messages:
    """Anthropic Messages."""

    path = "/v1/messages"

    @staticmethod
    def headers(key):
        return {"x-api-key": key, "anthropic-version": "2023-06-01"}

    @staticmethod
    def tool(tool):
        return {"name": tool["name"], "description": tool["description"], "input_schema": tool["schema"]}

    @staticmethod
    def members(system, turns, arguments, draw=None):
        messages = []
        for entry in (entry for turn in turns for entry in turn):
            if entry["who"] == "user":
                content = entry["text"]
            elif entry["who"] == "results":
                content = [{"type": "tool_result", "tool_use_id": one["id"], "content": one["text"]} for one in entry["results"]]
            elif entry["who"] == "calls":
                content = [{"type": "text", "text": entry["text"]}] if entry["text"] else []
                for call in entry["calls"]:
                    given = turned(draw, call["arguments"]) if draw else call["arguments"]
                    content.append({"type": "tool_use", "id": call["id"], "name": call["name"], "input": given})
            else:
                content = [{"type": "text", "text": entry["text"]}]
            messages.append({"role": "user" if entry["who"] in ("user", "results") else "assistant", "content": content})
        return {"max_tokens": 1024, "system": system, "messages": messages}

    @staticmethod
    def mark(members):
        """Where instructions end, and where the prompt does."""
        mark = {"cache_control": {"type": "ephemeral"}}
        members["system"] = [{"type": "text", "text": members["system"], **mark}]
        last = members["messages"][-1]
        if isinstance(last["content"], str):
            last["content"] = [{"type": "text", "text": last["content"]}]
        last["content"][-1] = {**last["content"][-1], **mark}

    @staticmethod
    def heard(answer):
        calls = [
            {"id": block["id"], "name": block["name"], "arguments": block["input"]}
            for block in answer["content"] if block["type"] == "tool_use"
        ]
        return "".join(block["text"] for block in answer["content"] if block["type"] == "text"), calls
