import NIOCore
import Wire

/// Puts marks into a body by edits: nothing else of it changes, but that a text content becomes a list of the one text, and
/// what was moved behind a text a part of its own, which the mark does not cover.
struct BodyMarks {
    let form: RequestForm
    let rules: CacheRules
    /// nil: nothing was moved.
    var moved: MovedTexts?

    /// False where another edit is in the way; then nothing has changed.
    func put(_ target: PromptOutline.Target, _ life: CacheLife, into edits: inout JSONEdits) -> Bool {
        guard case .body(let place) = target, Self.takesMark(place, edits) else { return false }
        do throws(JSONEditError) {
            if place.isText {
                try edits.insert(at: place.span.lowerBound, "[\(partStart)")
                if !endText(at: place, life, &edits) { try edits.insert(at: place.span.upperBound, rules.text(life)) }
                try edits.insert(at: place.span.upperBound, "}]" as StaticString)
            } else {
                try edits.insert(at: place.span.upperBound - 1, rules.text(life))
            }
        } catch {
            return false
        }
        return true
    }

    /// Ends a text with a mark before what was moved into it; false where nothing was.
    private func endText(at place: PromptPlace, _ life: CacheLife, _ edits: inout JSONEdits) -> Bool {
        guard let moved, moved.place == .text, moved.offset == place.span.upperBound - 1 else { return false }
        var text = ByteBuffer(string: "\"\(rules.text(life))},\(partStart)\"")
        text.writeImmutableBuffer(moved.text)
        return edits.changeInsertion(at: moved.offset, to: text)
    }

    /// No edit is in the way of a mark.
    static func takesMark(_ place: PromptPlace, _ edits: JSONEdits) -> Bool {
        guard !edits.isEmpty else { return true }
        guard place.isText else { return edits.takesInsertion(at: place.span.upperBound - 1) }
        return edits.takesInsertion(at: place.span.lowerBound) && edits.takesInsertion(at: place.span.upperBound)
    }

    private var partStart: StaticString {
        switch form {
        case .openAIResponses: #"{"type":"input_text","text":"#
        case .openAIChat, .anthropicMessages, .geminiGenerate: #"{"type":"text","text":"#
        }
    }

    /// Takes out what the client has marked, but where the stages have put other bytes.
    static func removeAll(of view: PromptView, from edits: inout JSONEdits) -> CachePlan {
        var plan = CachePlan(outcome: .off)
        for span in view.cacheMarks + [view.caching.automaticMark].compactMap({ $0 }) {
            if (try? edits.remove(span: span)) != nil { plan.droppedMarks += 1 } else { plan.clientMarks += 1 }
        }
        return plan
    }
}
