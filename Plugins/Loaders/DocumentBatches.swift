import LatheComponents

/// Batches of windows of T + 1 tokens, each within a document: a document of n tokens has ⌈(n - 1) / T⌉, the last of
/// which may be short. Windows follow each other in order, B per batch, and start over at the end.
struct DocumentBatches: BatchSequence {
    private let tokens: TokenSequence
    private let documents: DocumentEnds
    private let shape: BatchShape
    /// The number of windows before every 64th document: storing all would take much memory if documents are short.
    private var windowsBefore: [Int] = [0]
    private let windows: Int
    private static let stride = 64

    init(tokens: TokenSequence, shape: BatchShape) {
        self.tokens = tokens
        self.shape = shape
        documents = tokens.documents ?? DocumentEnds([tokens.count])
        var windows = 0, start = 0
        for (document, end) in documents.enumerated() {
            if document > 0, document % Self.stride == 0 { windowsBefore.append(windows) }
            windows += Self.windows(end - start, shape.context)
            start = end
        }
        self.windows = windows
    }

    private static func windows(_ length: Int, _ context: Int) -> Int { max(0, length - 1 + context - 1) / context }

    var batchesPerEpoch: Int { max(1, (windows + shape.rows - 1) / shape.rows) }

    func fill(_ batch: Batch, step: Int) {
        let first = step % batchesPerEpoch * shape.rows
        for row in 0..<shape.rows {
            guard windows > 0 else {
                batch.fillRow(row, from: tokens, start: 0, end: 0)
                continue
            }
            let (start, end) = window((first + row) % windows)
            batch.fillRow(row, from: tokens, start: start, end: end)
        }
    }

    /// Where a window begins and where its document ends.
    private func window(_ number: Int) -> (start: Int, end: Int) {
        var low = 0, high = windowsBefore.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if windowsBefore[middle] <= number { low = middle } else { high = middle }
        }
        var rest = number - windowsBefore[low], document = low * Self.stride
        while true {
            let start = documents.start(document), end = documents[document]
            let count = Self.windows(end - start, shape.context)
            if rest < count { return (start + rest * shape.context, end) }
            rest -= count
            document += 1
        }
    }
}
