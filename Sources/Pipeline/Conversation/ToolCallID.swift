package import Wire
internal import NIOCore

/// Ids of tool calls that carry what a form has no other place for.
///
/// Gemini wants its `thoughtSignature` back on the very call it came with. Clients of other forms keep nothing of a call
/// but its id, name and arguments, so the signature travels in the id: `<id>_tr1g_<signature as base64url>`.
package enum ToolCallID {
    /// The id that a client of `form` is given.
    package static func sealed(_ call: ToolCall, for form: RequestForm) -> JSONText {
        sealed(call.id, signature: call.signature, for: form)
    }

    /// The id that a client of `form` is given.
    package static func sealed(_ id: JSONText, signature: Signature?, for form: RequestForm) -> JSONText {
        guard let signature, signature.origin == .geminiGenerate, form != .geminiGenerate else { return id }
        var buffer = id.content
        buffer.writeStaticString(marker)
        for byte in signature.value.decoded.readableBytesView {
            switch byte {
            case UInt8(ascii: "+"): buffer.writeInteger(UInt8(ascii: "-"))
            case UInt8(ascii: "/"): buffer.writeInteger(UInt8(ascii: "_"))
            case UInt8(ascii: "="): break
            default: buffer.writeInteger(byte)
            }
        }
        return JSONText(content: buffer)
    }

    /// The vendor's id and signature in an id a client sent back; the id itself where we put nothing in it.
    package static func opened(_ text: JSONText) -> (id: JSONText, signature: Signature?) {
        let bytes = text.content.readableBytesView
        guard let start = marker.withUTF8Buffer({ mark in bytes.firstRange(of: mark) }) else { return (text, nil) }
        let id = text.content.getSlice(at: text.content.readerIndex, length: start.lowerBound) ?? ByteBuffer()
        var value = ByteBuffer()
        for byte in bytes[(bytes.startIndex + start.upperBound)...] {
            switch byte {
            case UInt8(ascii: "-"): value.writeInteger(UInt8(ascii: "+"))
            case UInt8(ascii: "_"): value.writeInteger(UInt8(ascii: "/"))
            default: value.writeInteger(byte)
            }
        }
        while value.readableBytes % 4 != 0 { value.writeInteger(UInt8(ascii: "=")) }
        return (JSONText(content: id), Signature(origin: .geminiGenerate, value: JSONText(content: value)))
    }

    /// An id for a call whose form gave none: the same for the same place in the same answer or conversation, so that a
    /// prompt which grows stays the same where it has been.
    ///
    /// - Parameters:
    ///   - seed: sets one answer apart from another; 0 within a conversation that is read.
    ///   - ordinal: the call's number in it, from 0.
    package static func minted(seed: UInt64, ordinal: Int) -> JSONText {
        var buffer = ByteBuffer()
        buffer.writeStaticString("call_")
        let digits = String(seed, radix: 36)
        if seed != 0 { buffer.writeString(digits) }
        buffer.writeString(String(ordinal))
        return JSONText(content: buffer)
    }

    private static let marker: StaticString = "_tr1g_"
}

extension ByteBufferView {
    /// Offsets from the view's start of the first place where `needle` stands.
    fileprivate func firstRange(of needle: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
        withUnsafeBytes { bytes in
            guard let first = needle.first, bytes.count >= needle.count else { return nil }
            for start in 0...(bytes.count - needle.count) where bytes[start] == first {
                if bytes[start..<(start + needle.count)].elementsEqual(needle) { return start..<(start + needle.count) }
            }
            return nil
        }
    }
}
