"""What OpenAI answers to a script, on both of its endpoints."""
from forms.script import Text, Thought, has_calls, sse


class Chat:
    is_whole_by = b"data: [DONE]\n\n"

    @staticmethod
    def usage(usage):
        return {
            "prompt_tokens": usage.prompt,
            "completion_tokens": usage.output,
            "total_tokens": usage.prompt + usage.output,
            "prompt_tokens_details": {"cached_tokens": usage.read, "cache_write_tokens": usage.write},
            "completion_tokens_details": {"reasoning_tokens": usage.reasoning},
        }

    @classmethod
    def whole(cls, script, usage, model):
        message = {"role": "assistant", "content": None, "refusal": None}
        for part in script:
            if isinstance(part, Thought):
                message["reasoning_content"] = message.get("reasoning_content", "") + part.text
            elif isinstance(part, Text):
                message["content"] = (message["content"] or "") + "".join(part.pieces)
            else:
                function = {"name": part.name, "arguments": part.arguments}
                message.setdefault("tool_calls", []).append({"id": part.id, "type": "function", "function": function})
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "tool_calls" if has_calls(script) else "stop"}
        head = {"id": "chatcmpl-9", "object": "chat.completion", "created": 1795219200, "model": model}
        return {**head, "choices": [choice], "usage": cls.usage(usage)}

    @classmethod
    def events(cls, script, usage, model):
        def event(delta, finish=None):
            choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
            return sse({**head, "choices": [choice], "usage": None})

        head = {"id": "chatcmpl-9", "object": "chat.completion.chunk", "created": 1795219200, "model": model}
        yield event({"role": "assistant", "content": ""})
        calls = 0
        for part in script:
            if isinstance(part, Thought):
                yield event({"reasoning_content": part.text})
            elif isinstance(part, Text):
                yield from (event({"content": piece}) for piece in part.pieces)
            else:
                first = {"index": calls, "id": part.id, "type": "function", "function": {"name": part.name, "arguments": ""}}
                yield event({"tool_calls": [first]})
                for piece in part.fragments:
                    yield event({"tool_calls": [{"index": calls, "function": {"arguments": piece}}]})
                calls += 1
        yield event({}, "tool_calls" if calls else "stop")
        yield sse({**head, "choices": [], "usage": cls.usage(usage)})
        yield cls.is_whole_by

    @staticmethod
    def error(message):
        return sse({"error": {"message": message, "type": "server_error", "param": None, "code": None}})


class Responses:
    @staticmethod
    def usage(usage):
        return {
            "input_tokens": usage.prompt,
            "input_tokens_details": {"cached_tokens": usage.read, "cache_write_tokens": usage.write},
            "output_tokens": usage.output,
            "output_tokens_details": {"reasoning_tokens": usage.reasoning},
            "total_tokens": usage.prompt + usage.output,
        }

    @classmethod
    def response(cls, items, usage, model, status="completed"):
        return {
            "id": "resp_9", "object": "response", "created_at": 1795219200, "status": status, "error": None,
            "incomplete_details": None, "instructions": None, "metadata": {}, "model": model, "output": items,
            "parallel_tool_calls": True, "tool_choice": "auto", "tools": [], "usage": cls.usage(usage) if usage else None,
        }  # fmt: skip

    @staticmethod
    def item(place, part):
        if isinstance(part, Thought):
            summary = [{"type": "summary_text", "text": part.text}]
            return {"type": "reasoning", "id": f"rs_{place}", "summary": summary, "encrypted_content": part.signature}
        if isinstance(part, Text):
            content = [{"type": "output_text", "text": "".join(part.pieces), "annotations": []}]
            return {"type": "message", "id": f"msg_{place}", "role": "assistant", "status": "completed", "content": content}
        return {
            "type": "function_call", "id": f"fc_{place}", "call_id": part.id, "name": part.name,
            "arguments": part.arguments, "status": "completed",
        }  # fmt: skip

    @classmethod
    def whole(cls, script, usage, model):
        return cls.response([cls.item(place, part) for place, part in enumerate(script)], usage, model)

    @classmethod
    def events(cls, script, usage, model):
        def event(kind, **fields):
            nonlocal number
            number += 1
            return sse({"type": kind, "sequence_number": number, **fields}, kind)

        number = -1
        yield event("response.created", response=cls.response([], None, model, "in_progress"))
        yield event("response.in_progress", response=cls.response([], None, model, "in_progress"))
        for place, part in enumerate(script):
            item = cls.item(place, part)
            at = {"item_id": item["id"], "output_index": place}
            if isinstance(part, Thought):
                at["summary_index"] = 0
                whole = {"type": "summary_text", "text": part.text}
                yield event("response.output_item.added", output_index=place, item={**item, "summary": [], "encrypted_content": "early"})
                yield event("response.reasoning_summary_part.added", **at, part={"type": "summary_text", "text": ""})
                yield event("response.reasoning_summary_text.delta", **at, delta=part.text)
                yield event("response.reasoning_summary_text.done", **at, text=part.text)
                yield event("response.reasoning_summary_part.done", **at, part=whole)
            elif isinstance(part, Text):
                at["content_index"] = 0
                empty = {"type": "output_text", "text": "", "annotations": []}
                added = {**item, "content": [], "status": "in_progress"}
                yield event("response.output_item.added", output_index=place, item=added)
                yield event("response.content_part.added", **at, part=empty)
                for piece in part.pieces:
                    yield event("response.output_text.delta", **at, delta=piece, logprobs=[])
                yield event("response.output_text.done", **at, text="".join(part.pieces), logprobs=[])
                yield event("response.content_part.done", **at, part=item["content"][0])
            else:
                added = {**item, "arguments": "", "status": "in_progress"}
                yield event("response.output_item.added", output_index=place, item=added)
                for piece in part.fragments:
                    yield event("response.function_call_arguments.delta", **at, delta=piece)
                yield event("response.function_call_arguments.done", **at, arguments=part.arguments)
            yield event("response.output_item.done", output_index=place, item=item)
        yield event("response.completed", response=cls.whole(script, usage, model))

    @staticmethod
    def error(message):
        return sse({"type": "error", "code": "server_error", "message": message, "param": None, "sequence_number": 99}, "error")
