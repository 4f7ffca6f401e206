import Wire

/// Puts marks into a body by edits: nothing else of it changes, but that a text content becomes a list of the one text.
struct BodyMarks {
    let form: RequestForm
    let rules: CacheRules
    private(set) var edits: JSONEdits

    init(form: RequestForm, rules: CacheRules, edits: JSONEdits) {
        self.form = form
        self.rules = rules
        self.edits = edits
    }

    /// False where another edit is in the way; then nothing has changed.
    mutating func put(_ target: PromptOutline.Target, _ life: CacheLife) -> Bool {
        guard case .body(let place) = target else { return false }
        var marked = edits
        let mark = ",\(rules.text(life))"
        do throws(JSONEditError) {
            if place.isText {
                try marked.insert(at: place.span.lowerBound, textStart)
                try marked.insert(at: place.span.upperBound, mark + "}]")
            } else {
                try marked.insert(at: place.span.upperBound - 1, mark)
            }
        } catch {
            return false
        }
        edits = marked
        return true
    }

    private var textStart: StaticString {
        switch form {
        case .openAIResponses: #"[{"type":"input_text","text":"#
        case .openAIChat, .anthropicMessages, .geminiGenerate: #"[{"type":"text","text":"#
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
