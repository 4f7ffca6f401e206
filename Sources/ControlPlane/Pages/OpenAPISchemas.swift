/// The shapes of bodies and answers, as JSON schemas.
enum OpenAPISchemas {
    static let all: [JSONMember] = bodies + answers

    private static let bodies: [JSONMember] = [
        schema(
            "NewUser", required: ["email", "name", "plan"],
            [
                "email": text, "name": text, "plan": text,
                "credit_usd": described(
                    money, "Given: the user is prepaid and refused at zero. Absent: no balance limit."),
            ]),
        schema("UserChange", required: [], ["email": text, "name": text, "plan": text]),
        schema(
            "NewKey", required: ["name"],
            [
                "name": text, "models": described(texts, "Names, or prefixes followed by '*'. Absent: every model."),
                "scopes": texts, "allow_ips": described(texts, "Addresses or CIDR ranges. Absent: every address."),
                "requests_per_minute": count, "tokens_per_minute": count, "budget_usd": money, "expires_at": moment,
            ]),
        schema("Credit", required: ["amount_usd"], ["amount_usd": money, "note": text]),
        schema(
            "NewPrice", required: ["prompt", "completion"],
            [
                "prompt": perMillion, "completion": perMillion,
                "cache_read": described(perMillion, "USD per million tokens. Absent: as prompt."),
                "cache_write": described(perMillion, "USD per million tokens. Absent: as prompt."),
                "cache_write_1h": described(perMillion, "USD per million tokens. Absent: as cache_write."),
            ]),
        schema("Drain", required: [], ["draining": ["type": "boolean", "default": true]]),
    ]

    private static let answers: [JSONMember] = [
        schema(
            "User", ["id": id, "email": text, "name": text, "plan": text, "created_at": moment, "updated_at": moment]),
        schema("Deleted", ["id": id, "deleted": flag]),
        schema(
            "Key",
            [
                "id": id, "user_id": id, "name": text, "key_prefix": text, "revoked": flag, "models": optional("array"),
                "scopes": texts, "allow_ips": optional("array"), "requests_per_minute": optional("integer"),
                "tokens_per_minute": optional("integer"), "budget_usd": optional("string"),
                "expires_at": optional("string"),
                "created_at": moment,
            ]),
        schema("KeyText", ["id": id, "key": described(text, "The key's text, shown this once."), "key_prefix": text]),
        schema("Revoked", ["id": id, "revoked": flag]),
        schema(
            "Balance",
            [
                "balance_usd": described(optional("string"), "null: the user is not limited by balance."),
                "reserved_usd": amount,
            ]),
        schema("Request", request),
        JSONMember(
            name: "RequestDetail",
            value: [
                "allOf": [["$ref": "#/components/schemas/Request"], object(requestDetail)]
            ]),
        schema(
            "Attempt",
            [
                "provider": text, "upstream_model": text, "provider_key_id": text, "http_status": number,
                "latency_ms": number,
                "error_type": optional("string"), "usage": ["type": "object"], "vendor_cost_usd": amount,
            ]),
        schema(
            "UsageSum",
            [
                "requests": number, "prompt_tokens": number, "completion_tokens": number, "cache_read_tokens": number,
                "cache_write_tokens": number, "cost_usd": amount, "cache_saved_usd": amount,
            ]),
        schema(
            "CacheMiss",
            [
                "request_id": text, "created_at": moment, "user_id": text, "api_key_id": text, "model": text,
                "provider": text, "cause": text, "block": optional("integer"), "block_kind": optional("string"),
                "prompt_tokens": number, "cache_read_tokens": number, "missed_tokens": number, "lost_usd": amount,
            ]),
        schema(
            "Price",
            [
                "model": text, "provider": optional("string"), "prompt": amount, "completion": amount,
                "cache_read": amount,
                "cache_write": amount, "cache_write_1h": amount, "effective_from": moment,
            ]),
        schema(
            "Provider",
            [
                "name": text, "kind": text, "breaker": text, "in_flight": number, "draining": flag,
            ]),
        schema("Reloaded", ["reloaded": flag, "warnings": texts]),
        schema("Health", ["status": text, "ready": flag]),
        JSONMember(name: "Configuration", value: ["type": "object"]),
        JSONMember(name: "Object", value: ["type": "object"]),
        JSONMember(
            name: "Error",
            value: [
                "type": "object", "required": ["error"],
                "properties": [
                    "error": [
                        "type": "object", "required": ["message", "type", "param", "code"],
                        "properties": [
                            "message": text, "type": text, "param": optional("string"), "code": text, "reasons": texts,
                        ],
                    ]
                ],
            ]),
    ]

    private static let requestDetail: JSONValue = [
        "upstream_model": text, "vendor_cost_usd": amount, "http_status": number, "error_code": optional("string"),
        "stream": flag, "time_to_first_token_ms": optional("integer"), "usage": ["type": "object"], "vendor_usage": [:],
        "attempts": ["type": "array", "items": ["$ref": "#/components/schemas/Attempt"]],
    ]

    private static let request: JSONValue = [
        "id": id, "client_request_id": optional("string"), "user_id": id, "api_key_id": id, "model": text,
        "provider": text,
        "prompt_tokens": number, "completion_tokens": number, "cache_read_tokens": number, "cache_write_tokens": number,
        "cost_usd": amount, "cache_saved_usd": amount, "latency_ms": number,
        "status": ["type": "string", "enum": ["success", "error", "cancelled"]], "estimated": flag,
        "created_at": moment,
    ]

    private static let text: JSONValue = ["type": "string"]
    private static let id: JSONValue = ["type": "string", "format": "uuid"]
    private static let flag: JSONValue = ["type": "boolean"]
    private static let number: JSONValue = ["type": "integer"]
    private static let count: JSONValue = ["type": "integer", "minimum": 1]
    private static let texts: JSONValue = ["type": "array", "items": ["type": "string"]]
    private static let moment: JSONValue = ["type": "string", "format": "date-time"]
    private static let amount: JSONValue = ["type": "string", "description": "A decimal number."]
    private static let money: JSONValue = [
        "type": ["string", "number"], "minimum": 0, "description": "USD, at most 9 digits behind the point.",
    ]
    private static let perMillion: JSONValue = [
        "type": ["string", "number"], "minimum": 0,
        "description": "USD per million tokens, at most 6 digits behind the point.",
    ]

    /// - Parameter required: nil: every property.
    private static func schema(_ name: String, required: [String]? = nil, _ properties: JSONValue) -> JSONMember {
        JSONMember(name: name, value: object(properties, required: required))
    }

    private static func object(_ properties: JSONValue, required: [String]? = nil) -> JSONValue {
        guard case .object(let members) = properties else { return ["type": "object"] }
        return [
            "type": "object", "required": .texts(required ?? members.map(\.name)), "properties": properties,
        ]
    }

    private static func optional(_ type: String) -> JSONValue { ["type": [.string(type), "null"]] }

    private static func described(_ schema: JSONValue, _ text: String) -> JSONValue {
        guard case .object(let members) = schema else { return schema }
        return .object(
            members.filter { $0.name != "description" } + [JSONMember(name: "description", value: .string(text))])
    }
}
