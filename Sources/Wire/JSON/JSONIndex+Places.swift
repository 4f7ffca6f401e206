extension JSONIndex {
    /// The node whose first byte stands at `offset`; nil where none begins there. By halves: nodes are in the order of the text.
    package func node(at offset: Int) -> Int? {
        withNodes { nodes in
            var (low, high) = (0, nodes.count)
            while low < high {
                let middle = (low &+ high) / 2
                if Int(nodes[middle].start) < offset { low = middle &+ 1 } else { high = middle }
            }
            return low < nodes.count && Int(nodes[low].start) == offset ? low : nil
        }
    }
}
