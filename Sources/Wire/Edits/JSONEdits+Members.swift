package import NIOCore

/// Edits of whole members of an indexed object.
extension JSONEdits {
    /// Gives the member `name` of the object at node `object` the value `json`, which must be one JSON value.
    ///
    /// A member that is there keeps its place, its key's spelling and the space around it; of several of that name the first
    /// stays. A new member is put at `place`. What was set before is set anew.
    ///
    /// - Throws: `notAnObject`; `overlap` where a part of the old value is edited already.
    package mutating func setMember(
        _ name: StaticString, to json: StaticString, in object: Int, of index: JSONIndex, bytes: UnsafeRawBufferPointer,
        at place: JSONMemberPlace = .end
    ) throws(JSONEditError) {
        try setMember(name, in: object, of: index, bytes: bytes, at: place) { $0.writeStaticString(json) }
    }

    /// Gives a member a value, as with a static string.
    package mutating func setMember(
        _ name: StaticString, to json: String, in object: Int, of index: JSONIndex, bytes: UnsafeRawBufferPointer,
        at place: JSONMemberPlace = .end
    ) throws(JSONEditError) {
        try setMember(name, in: object, of: index, bytes: bytes, at: place) { $0.writeString(json) }
    }

    /// Gives a member a value, as with a static string.
    package mutating func setMember(
        _ name: StaticString, to json: ByteBuffer, in object: Int, of index: JSONIndex, bytes: UnsafeRawBufferPointer,
        at place: JSONMemberPlace = .end
    ) throws(JSONEditError) {
        try setMember(name, in: object, of: index, bytes: bytes, at: place) { $0.writeImmutableBuffer(json) }
    }

    /// Gives a member a value, as with a static string.
    package mutating func setMember(
        _ name: StaticString, to json: some Sequence<UInt8>, in object: Int, of index: JSONIndex,
        bytes: UnsafeRawBufferPointer, at place: JSONMemberPlace = .end
    ) throws(JSONEditError) {
        try setMember(name, in: object, of: index, bytes: bytes, at: place) { $0.writeBytes(json) }
    }

    /// Takes every member `name` out of the object at node `object`, with whatever edits it had; says whether there was one.
    ///
    /// - Throws: `notAnObject`; `overlap` where an edit reaches across the member's bounds.
    @discardableResult
    package mutating func removeMember(
        _ name: StaticString, of object: Int, in index: JSONIndex, bytes: UnsafeRawBufferPointer
    ) throws(JSONEditError) -> Bool {
        guard index.kind(of: object) == .object else { throw .notAnObject(node: object) }
        var members = members(of: index.span(object).lowerBound)
        let keys = Self.keys(meaning: name, of: object, in: index, bytes: bytes, except: members.removed)
        let additions = members.front.count + members.end.count
        if additions > 0 {
            let key = Self.escaped(name)
            members.front.removeAll { texts(at: $0.key) == key }
            members.end.removeAll { texts(at: $0.key) == key }
        }
        guard keys.first != nil || members.front.count + members.end.count < additions else { return false }
        if let first = keys.first { members.removed.append(first) }
        members.removed += keys.others
        let before = edits
        do throws(JSONEditError) {
            try arrange(members, node: object, index: index)
        } catch {
            edits = before
            throw error
        }
        return true
    }

    private mutating func setMember(
        _ name: StaticString, in object: Int, of index: JSONIndex, bytes: UnsafeRawBufferPointer,
        at place: JSONMemberPlace,
        write: (inout ByteBuffer) -> Void
    ) throws(JSONEditError) {
        guard index.kind(of: object) == .object else { throw .notAnObject(node: object) }
        var members = members(of: index.span(object).lowerBound)
        let keys = Self.keys(meaning: name, of: object, in: index, bytes: bytes, except: members.removed)
        if keys.others.isEmpty, let key = keys.first {
            try setValue(index.span(key + 1), write)
            return
        }
        let before = edits
        let textStart = beginText()
        do throws(JSONEditError) {
            if let key = keys.first {
                try setValue(index.span(key + 1), write)
                members.removed += keys.others
            } else {
                put(name, into: &members, at: place, write)
            }
            try arrange(members, node: object, index: index)
        } catch {
            edits = before
            texts.moveWriterIndex(to: textStart)
            throw error
        }
    }

    /// Replaces a value, or what replaced it before.
    private mutating func setValue(_ span: Range<Int>, _ write: (inout ByteBuffer) -> Void) throws(JSONEditError) {
        let start = beginText()
        write(&texts)
        if let earlier = edits.firstIndex(where: { $0.span == span && $0.owner == nil && !span.isEmpty }) {
            edits[earlier].text = start..<texts.writerIndex
        } else {
            try add(span, textFrom: start)
        }
    }

    /// Adds a member, or gives the one added before its new value in its place.
    private mutating func put(
        _ name: StaticString, into members: inout JSONMemberEdits, at place: JSONMemberPlace,
        _ write: (inout ByteBuffer) -> Void
    ) {
        let start = beginText()
        texts.writeInteger(JSONByte.comma)
        name.withUTF8Buffer { JSONEscape.write(UnsafeRawBufferPointer($0), into: &texts) }
        let key = (start + 1)..<texts.writerIndex
        texts.writeInteger(JSONByte.colon)
        write(&texts)
        texts.writeInteger(JSONByte.comma)
        let addition = JSONMemberEdits.Addition(key: key, text: start..<texts.writerIndex)
        let isSame = { [texts] (other: JSONMemberEdits.Addition) in
            Self.slice(texts, other.key) == Self.slice(texts, key)
        }
        if let earlier = members.front.firstIndex(where: isSame) {
            members.front[earlier] = addition
        } else if let earlier = members.end.firstIndex(where: isSame) {
            members.end[earlier] = addition
        } else {
            switch place {
            case .front: members.front.append(addition)
            case .end: members.end.append(addition)
            }
        }
    }

    /// What is known of the object that begins at `offset`.
    private func members(of offset: Int) -> JSONMemberEdits {
        objects.first { $0.object == offset } ?? JSONMemberEdits(object: offset)
    }

    /// Makes the object's own edits anew. An edit within a member that goes, goes with it.
    private mutating func arrange(_ members: JSONMemberEdits, node: Int, index: JSONIndex) throws(JSONEditError) {
        edits.removeAll { $0.owner == members.object }
        try members.forEachEdit(node: node, index: index) { edit throws(JSONEditError) in
            if !edit.span.isEmpty { edits.removeAll { Self.isWithin($0.span, edit.span) } }
            try add(edit)
        }
        objects.removeAll { $0.object == members.object }
        objects.append(members)
    }

    /// Whether an edit's span lies in `outer`, and not as an insertion at one of its ends.
    private static func isWithin(_ span: Range<Int>, _ outer: Range<Int>) -> Bool {
        guard span.lowerBound >= outer.lowerBound, span.upperBound <= outer.upperBound else { return false }
        return !span.isEmpty || (span.lowerBound > outer.lowerBound && span.upperBound < outer.upperBound)
    }

    /// The keys of an object that mean `name` and have not gone.
    private static func keys(
        meaning name: StaticString, of object: Int, in index: JSONIndex, bytes: UnsafeRawBufferPointer,
        except gone: [Int]
    ) -> (first: Int?, others: [Int]) {
        var first: Int?
        var others: [Int] = []
        for (key, _) in index.members(of: object)
        where index.matches(index[key], name, in: bytes) && !gone.contains(key) {
            if first == nil { first = key } else { others.append(key) }
        }
        return (first, others)
    }

    private static func escaped(_ name: StaticString) -> ByteBuffer {
        var key = ByteBuffer()
        name.withUTF8Buffer { JSONEscape.write(UnsafeRawBufferPointer($0), into: &key) }
        return key
    }

    private func texts(at range: Range<Int>) -> ByteBuffer? {
        Self.slice(texts, range)
    }

    private static func slice(_ texts: ByteBuffer, _ range: Range<Int>) -> ByteBuffer? {
        texts.getSlice(at: range.lowerBound, length: range.count)
    }
}
