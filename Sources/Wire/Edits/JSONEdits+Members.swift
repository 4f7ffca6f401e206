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
        var changed = self
        var members = changed.takeMembers(of: index.span(object).lowerBound)
        let keys = Self.keys(meaning: name, of: object, in: index, bytes: bytes, except: members.removed)
        let key = Self.escaped(name)
        let additions = members.front.count + members.end.count
        members.front.removeAll { changed.texts(at: $0.key) == key }
        members.end.removeAll { changed.texts(at: $0.key) == key }
        guard !keys.isEmpty || members.front.count + members.end.count < additions else { return false }
        members.removed += keys
        try changed.arrange(members, node: object, index: index)
        self = changed
        return true
    }

    private mutating func setMember(
        _ name: StaticString, in object: Int, of index: JSONIndex, bytes: UnsafeRawBufferPointer,
        at place: JSONMemberPlace,
        write: (inout ByteBuffer) -> Void
    ) throws(JSONEditError) {
        guard index.kind(of: object) == .object else { throw .notAnObject(node: object) }
        var changed = self
        var members = changed.takeMembers(of: index.span(object).lowerBound)
        let keys = Self.keys(meaning: name, of: object, in: index, bytes: bytes, except: members.removed)
        if let key = keys.first {
            try changed.setValue(index.span(key + 1), write)
            if keys.count > 1 { members.removed += keys.dropFirst() }
        } else {
            changed.put(name, into: &members, at: place, write)
        }
        try changed.arrange(members, node: object, index: index)
        self = changed
    }

    /// Replaces a value, or what replaced it before.
    private mutating func setValue(_ span: Range<Int>, _ write: (inout ByteBuffer) -> Void) throws(JSONEditError) {
        let start = texts.writerIndex
        write(&texts)
        edits.removeAll { $0.span == span && $0.owner == nil && !span.isEmpty }
        try add(span, textFrom: start)
    }

    /// Adds a member, or gives the one added before its new value in its place.
    private mutating func put(
        _ name: StaticString, into members: inout JSONMemberEdits, at place: JSONMemberPlace,
        _ write: (inout ByteBuffer) -> Void
    ) {
        let start = texts.writerIndex
        let key = Self.escaped(name)
        texts.writeInteger(JSONByte.comma)
        texts.writeImmutableBuffer(key)
        let keyRange = (start + 1)..<texts.writerIndex
        texts.writeInteger(JSONByte.colon)
        write(&texts)
        texts.writeInteger(JSONByte.comma)
        let addition = JSONMemberEdits.Addition(key: keyRange, text: start..<texts.writerIndex)
        if let earlier = members.front.firstIndex(where: { texts(at: $0.key) == key }) {
            members.front[earlier] = addition
        } else if let earlier = members.end.firstIndex(where: { texts(at: $0.key) == key }) {
            members.end[earlier] = addition
        } else {
            switch place {
            case .front: members.front.append(addition)
            case .end: members.end.append(addition)
            }
        }
    }

    /// What is known of the object that begins at `offset`, taken out of the list.
    private mutating func takeMembers(of offset: Int) -> JSONMemberEdits {
        guard let place = objects.firstIndex(where: { $0.object == offset }) else {
            return JSONMemberEdits(object: offset)
        }
        return objects.remove(at: place)
    }

    /// Makes the object's own edits anew. An edit within a member that goes, goes with it.
    private mutating func arrange(_ members: JSONMemberEdits, node: Int, index: JSONIndex) throws(JSONEditError) {
        guard members != JSONMemberEdits(object: members.object) else {
            edits.removeAll { $0.owner == members.object }
            return
        }
        objects.append(members)
        edits.removeAll { $0.owner == members.object }
        for edit in members.edits(node: node, index: index) {
            edits.removeAll { Self.isWithin($0.span, edit.span) }
            try add(edit)
        }
    }

    /// Whether an edit's span lies in `outer`, and not as an insertion at one of its ends.
    private static func isWithin(_ span: Range<Int>, _ outer: Range<Int>) -> Bool {
        guard span.lowerBound >= outer.lowerBound, span.upperBound <= outer.upperBound else { return false }
        return !span.isEmpty || (span.lowerBound > outer.lowerBound && span.upperBound < outer.upperBound)
    }

    private static func keys(
        meaning name: StaticString, of object: Int, in index: JSONIndex, bytes: UnsafeRawBufferPointer,
        except gone: [Int]
    ) -> [Int] {
        var keys: [Int] = []
        for (key, _) in index.members(of: object)
        where index.matches(index[key], name, in: bytes) && !gone.contains(key) {
            keys.append(key)
        }
        return keys
    }

    private static func escaped(_ name: StaticString) -> ByteBuffer {
        var key = ByteBuffer()
        name.withUTF8Buffer { JSONEscape.write(UnsafeRawBufferPointer($0), into: &key) }
        return key
    }

    private func texts(at range: Range<Int>) -> ByteBuffer? {
        texts.getSlice(at: range.lowerBound, length: range.count)
    }
}
