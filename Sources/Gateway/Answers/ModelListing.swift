internal import Identity
internal import NIOCore
internal import Wire

/// `GET /v1/models` in OpenAI's form: the literal names of the configuration that a caller may use.
struct ModelListing {
    let snapshot: GatewaySnapshot
    let caller: Caller

    /// The text behind `/v1/models/`, percent-decoded.
    static func identifier(ofPath path: String) -> String {
        let encoded = path.dropFirst("/v1/models/".count)
        return encoded.removingPercentEncodingOrSelf
    }

    func writeAll(to buffer: inout ByteBuffer) {
        JSONWriter.write(into: &buffer) { writer in
            writer.object { list in
                list.member("object", raw: "\"list\"")
                list.array("data") { data in
                    for model in snapshot.models where model.wildcardPrefix == nil && caller.mayUse(model: model.name) {
                        data.object { write(model, named: model.name, to: &$0) }
                    }
                }
            }
        }
    }

    /// False: there is no such model, or the caller may not use it.
    func write(id: String, to buffer: inout ByteBuffer) -> Bool {
        guard caller.mayUse(model: id), let found = snapshot.resolve(model: id) else { return false }
        JSONWriter.write(into: &buffer) { writer in
            writer.object { write(snapshot.models[found.model], named: id, to: &$0) }
        }
        return true
    }

    private func write(_ model: ModelPlan, named name: String, to writer: inout JSONWriter) {
        writer.member("id", name)
        writer.member("object", raw: "\"model\"")
        writer.member("created", 0)
        writer.member("owned_by", model.candidates.first?.providerName ?? "tokenrouter")
    }
}

extension Substring {
    /// The text with `%XX` decoded; unchanged where an escape is broken or the result is no UTF-8.
    fileprivate var removingPercentEncodingOrSelf: String {
        guard contains("%") else { return String(self) }
        var decoded: [UInt8] = []
        var bytes = utf8.makeIterator()
        while let byte = bytes.next() {
            guard byte == UInt8(ascii: "%") else {
                decoded.append(byte)
                continue
            }
            guard let high = bytes.next().flatMap({ Character(Unicode.Scalar($0)).hexDigitValue }),
                let low = bytes.next().flatMap({ Character(Unicode.Scalar($0)).hexDigitValue })
            else { return String(self) }
            decoded.append(UInt8(truncatingIfNeeded: high << 4 | low))
        }
        return String(validating: decoded, as: UTF8.self) ?? String(self)
    }
}
