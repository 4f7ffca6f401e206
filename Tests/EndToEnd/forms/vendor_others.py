"""What Anthropic and Gemini answer to a script."""
import json

from forms.script import Text, Thought, has_calls, sse


class Anthropic:
    @staticmethod
    def usage(usage):
        return {
            "input_tokens": usage.fresh,
            "cache_creation_input_tokens": usage.write,
            "cache_read_input_tokens": usage.read,
            "cache_creation": {"ephemeral_5m_input_tokens": usage.write, "ephemeral_1h_input_tokens": 0},
            "output_tokens": usage.output,
            "output_tokens_details": {"thinking_tokens": usage.reasoning},
            "service_tier": "standard",
        }

    @staticmethod
    def block(part):
        if isinstance(part, Thought):
            return {"type": "thinking", "thinking": part.text, "signature": part.signature}
        if isinstance(part, Text):
            return {"type": "text", "text": "".join(part.pieces)}
        return {"type": "tool_use", "id": part.id, "name": part.name, "input": json.loads(part.arguments)}

    @classmethod
    def whole(cls, script, usage, model):
        return {
            "id": "msg_9", "type": "message", "role": "assistant", "model": model,
            "content": [cls.block(part) for part in script], "stop_reason": "tool_use" if has_calls(script) else "end_turn",
            "stop_sequence": None, "stop_details": None, "usage": cls.usage(usage),
        }  # fmt: skip

    @classmethod
    def events(cls, script, usage, model):
        def event(kind, **fields):
            return sse({"type": kind, **fields}, kind)

        def delta(place, kind, **fields):
            return event("content_block_delta", index=place, delta={"type": kind, **fields})

        start = {**cls.whole([], usage, model), "stop_reason": None}
        start["usage"] = {**start["usage"], "output_tokens": 1, "output_tokens_details": None}
        yield event("message_start", message=start)
        yield event("ping")
        for place, part in enumerate(script):
            if isinstance(part, Thought):
                yield event("content_block_start", index=place, content_block={"type": "thinking", "thinking": "", "signature": ""})
                yield delta(place, "thinking_delta", thinking=part.text)
                yield delta(place, "signature_delta", signature=part.signature)
            elif isinstance(part, Text):
                yield event("content_block_start", index=place, content_block={"type": "text", "text": ""})
                for piece in part.pieces:
                    yield delta(place, "text_delta", text=piece)
            else:
                yield event("content_block_start", index=place, content_block={**cls.block(part), "input": {}})
                for piece in ("", *part.fragments):
                    yield delta(place, "input_json_delta", partial_json=piece)
            yield event("content_block_stop", index=place)
        stop = {"stop_reason": "tool_use" if has_calls(script) else "end_turn", "stop_sequence": None}
        counts = {"output_tokens": usage.output, "output_tokens_details": {"thinking_tokens": usage.reasoning}}
        yield event("message_delta", delta=stop, usage=counts)
        yield event("message_stop")

    @staticmethod
    def error(message):
        return sse({"type": "error", "error": {"type": "overloaded_error", "message": message}}, "error")


class Gemini:
    """It has no cache writes to report: `Usage.write` counts as fresh."""

    @staticmethod
    def usage(usage):
        return {
            "promptTokenCount": usage.prompt,
            "cachedContentTokenCount": usage.read,
            "candidatesTokenCount": usage.output - usage.reasoning,
            "thoughtsTokenCount": usage.reasoning,
            "totalTokenCount": usage.prompt + usage.output,
        }

    @staticmethod
    def parts(script, pieces=False):
        """Each with its signature: of a thought's on what comes after it, as Gemini has it."""
        signature = None
        for part in script:
            found = []
            if isinstance(part, Thought):
                signature = part.signature
                yield {"text": part.text, "thought": True}
            elif isinstance(part, Text):
                found = [{"text": piece} for piece in (part.pieces if pieces else ["".join(part.pieces)])]
            else:
                found = [{"functionCall": {"name": part.name, "args": json.loads(part.arguments), "id": part.id}}]
            for each in found:
                yield {**each, "thoughtSignature": signature} if signature else each
                signature = None

    @staticmethod
    def response(parts, usage, model, finish=None):
        candidate = {"content": {"role": "model", "parts": parts}, "index": 0, **({"finishReason": finish} if finish else {})}
        return {"candidates": [candidate], "usageMetadata": usage, "modelVersion": model, "responseId": "r-9"}

    @classmethod
    def whole(cls, script, usage, model):
        return cls.response(list(cls.parts(script)), cls.usage(usage), model, "STOP")

    @classmethod
    def events(cls, script, usage, model):
        """The first says nothing yet, a call comes whole, and neighbouring calls come in one event."""
        early = {"promptTokenCount": usage.prompt, "totalTokenCount": usage.prompt}
        yield sse(cls.response([{"text": ""}], early, model))
        calls = []
        for part in cls.parts(script, pieces=True):
            if "functionCall" in part:
                calls.append(part)
            else:
                yield sse(cls.response([part], early, model))
        yield sse(cls.response(calls or [{"text": ""}], cls.usage(usage), model, "STOP"))

    @staticmethod
    def error(message):
        return sse({"error": {"code": 503, "message": message, "status": "UNAVAILABLE"}})
