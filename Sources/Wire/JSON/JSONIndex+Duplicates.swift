extension JSONIndex {
    /// Up to here every pair of keys is compared; beyond, keys are hashed.
    private static var pairwiseLimit: Int { 12 }

    /// The node of the first key of `object` that an earlier key means too (`"a"` and `"\u0061"` do); nil without one
    /// and for any other kind. Two parsers may read such an object differently.
    ///
    /// Linear in the number of keys: many are hashed with the process's own seed, so that none can be made to collide.
    package func firstDuplicateKey(of object: Int, in bytes: UnsafeRawBufferPointer) -> Int? {
        let container = self[object]
        guard container.kind == .object else { return nil }
        let members = childCount(of: object)
        return members <= Self.pairwiseLimit
            ? duplicateByPairs(of: object, in: bytes) : duplicateByHash(of: object, members: members, in: bytes)
    }

    private func duplicateByPairs(of object: Int, in bytes: UnsafeRawBufferPointer) -> Int? {
        for later in members(of: object) {
            for earlier in members(of: object) {
                if earlier.key == later.key { break }
                if sameMeaning(earlier.key, later.key, in: bytes) { return later.key }
            }
        }
        return nil
    }

    private func duplicateByHash(of object: Int, members: Int, in bytes: UnsafeRawBufferPointer) -> Int? {
        // A table at most half full: a power of two, so that a mask finds the slot. Zero is no key: node 0 is the whole text.
        let capacity = 1 << (Int.bitWidth - (2 * members).leadingZeroBitCount)
        var table = [UInt32](repeating: 0, count: capacity)
        for (key, _) in self.members(of: object) {
            var slot = hash(of: key, in: bytes) & (capacity - 1)
            while table[slot] != 0 {
                if sameMeaning(Int(table[slot]), key, in: bytes) { return key }
                slot = (slot + 1) & (capacity - 1)
            }
            table[slot] = UInt32(truncatingIfNeeded: key)
        }
        return nil
    }

    private func hash(of index: Int, in bytes: UnsafeRawBufferPointer) -> Int {
        var hasher = Hasher()
        let node = self[index]
        guard let content = content(node, in: bytes) else { return 0 }
        if node.hasEscapes {
            // At once, as the others are: a hash may depend on how its bytes are portioned.
            Array(JSONDecodedBytes(content)).withUnsafeBytes { hasher.combine(bytes: $0) }
        } else {
            hasher.combine(bytes: content)
        }
        return hasher.finalize()
    }

    /// Whether two strings mean the same.
    private func sameMeaning(_ first: Int, _ second: Int, in bytes: UnsafeRawBufferPointer) -> Bool {
        let (one, other) = (self[first], self[second])
        guard let left = content(one, in: bytes), let right = content(other, in: bytes) else { return false }
        guard one.hasEscapes || other.hasEscapes else { return left.elementsEqual(right) }
        return JSONDecodedBytes(left).elementsEqual(JSONDecodedBytes(right))
    }
}
