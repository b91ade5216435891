// How many instructions does the innermost work take?
//
// What is measured: nothing here. `--kernel NAME --times N` makes what the kernel needs, does it once, then N times, and prints its units;
// Benchmarks/callgrind counts the instructions of the N times.
// On what corpus: lists and passages made from a fixed seed; for text, Corpus/seeds, or what --corpus names.
// Notes: everything is deterministic, so that the counts of two builds can be compared. The loops over lists stand outside the engine's
// module, where `next` is a call; `top-hits`, `disjunction` and `conjunction` are whole searches, and so have the engine's own loops.
internal import Suoyin
internal import SuoyinAnalysis
internal import SuoyinStorage

/// A kernel with what it needs, ready to be repeated.
struct PreparedKernel {
  /// What the work is counted in.
  let unit: String
  /// How many units one repetition works through.
  let unitCount: Int
  /// Does the work once and gives back what came out of it.
  let run: () throws -> Int
}

/// The innermost loops of the engine, by the names that the command line and the script use.
enum Kernel: String, CaseIterable {
  case unpack
  case cursorNext = "cursor-next"
  case cursorAdvance = "cursor-advance"
  case positions
  case intersection
  case topHits = "top-hits"
  case disjunction
  case conjunction
  case normalise
  case icuWords = "icu-words"
  case tokenizerWords = "tokenizer-words"
  case tokenizerTables = "tokenizer-tables"
  case analyse
  case analyseTerms = "analyse-terms"
  case termsBeginning = "terms-beginning"
  case termsNear1 = "terms-near-1"
  case termsNear2 = "terms-near-2"

  /// - Parameters:
  ///   - corpus: Where text comes from.
  ///   - directory: Where lists and indexes go that the kernel reads.
  func prepared(corpus: [String], directory: String) throws -> PreparedKernel {
    switch self {
    case .unpack: try Self.unpack(directory)
    case .cursorNext: try Self.cursorNext(Lists(directory))
    case .cursorAdvance: try Self.cursorAdvance(Lists(directory))
    case .positions: try Self.positions(Lists(directory))
    case .intersection: try Self.intersection(Lists(directory))
    case .topHits: try Self.search(.text("a"), terms: ["a"], directory)
    case .disjunction: try Self.search(.any([.text("a"), .text("b"), .text("c")]), terms: ["a", "b", "c"], directory)
    case .conjunction: try Self.search(.all([.text("a"), .text("c")]), terms: ["a", "c"], directory)
    case .normalise: try Self.normalise(Self.texts(corpus))
    case .icuWords: try Self.icuWords(Self.texts(corpus))
    case .tokenizerWords: try Self.tokenizerWords(Self.texts(corpus, length: 1 << 20))
    case .tokenizerTables: Self.tokenizerTables()
    case .analyse: try Self.analyse(Self.texts(corpus, length: 1 << 20))
    case .analyseTerms: try Self.analyseTerms(Self.texts(corpus, length: 1 << 20))
    case .termsBeginning: try TermKernels(directory).beginning()
    case .termsNear1: try TermKernels(directory).near(1)
    case .termsNear2: try TermKernels(directory).near(2)
    }
  }

  // MARK: Lists

  /// 1,000 blocks of widths 1 to 16.
  private static func unpack(_ directory: String) throws -> PreparedKernel {
    var generator = SeededGenerator(seed: 1)
    var packed = ByteWriter()
    var places: [(offset: Int, width: Int)] = []
    for number in 0..<1000 {
      let width = 1 + number % 16
      places.append((packed.count, width))
      var values = (0..<BitPacking.blockLength).map { _ in UInt32.random(in: 0..<(1 << UInt32(width)), using: &generator) }
      unsafe BitPacking.append(&values, width: width, to: &packed)
    }
    let bytes = try mapped(packed.bytes, "\(directory)/blocks")
    let blocks = places.compactMap { place in
      bytes.slice(at: place.offset, count: BitPacking.packedLength(width: place.width)).map { (bytes: $0, width: place.width) }
    }
    var values = [UInt32](repeating: 0, count: BitPacking.blockLength)
    return PreparedKernel(unit: "posting", unitCount: blocks.count * BitPacking.blockLength) {
      var sum = 0
      for block in blocks {
        guard let address = unsafe block.bytes.unsafeBytes.baseAddress else { continue }
        unsafe BitPacking.unpackAscending(address, width: block.width, exceptions: 0, base: 0, into: &values)
        sum &+= Int(values[0])
      }
      return sum
    }
  }

  /// A list of 100,000 documents and one of 2,000, out of 400,000; every posting has 1 to 3 positions.
  private struct Lists {
    static let limit: DocID = 400_000
    static let longCount = 100_000
    static let shortCount = 2000
    private let long: ByteSlice
    private let short: ByteSlice

    init(_ directory: String) throws {
      long = try Self.list(of: Self.longCount, seed: 2, "\(directory)/long")
      short = try Self.list(of: Self.shortCount, seed: 3, "\(directory)/short")
    }

    func longCursor() throws -> PostingCursor { PostingCursor(try PostingBlocks.open(long, count: Self.longCount, limit: Self.limit)) }
    func shortCursor() throws -> PostingCursor { PostingCursor(try PostingBlocks.open(short, count: Self.shortCount, limit: Self.limit)) }

    private static func list(of count: Int, seed: UInt64, _ path: String) throws -> ByteSlice {
      var generator = SeededGenerator(seed: seed)
      var documents: Set<DocID> = []
      while documents.count < count { documents.insert(DocID.random(in: 0..<limit, using: &generator)) }
      var writer = PostingListWriter()
      for document in documents.sorted() {
        let first = UInt32.random(in: 0..<100, using: &generator)
        let positions = [first, first + 7, first + 200].prefix(Int.random(in: 1...3, using: &generator))
        writer.append(document, frequency: UInt32(positions.count), positions: positions)
      }
      var list = ByteWriter()
      writer.finish(into: &list)
      return try mapped(list.bytes, path)
    }
  }

  private static func mapped(_ bytes: [UInt8], _ path: String) throws -> ByteSlice {
    let fileSystem = SystemFileSystem()
    let file = try fileSystem.createFile(path)
    try file.write(bytes)
    try file.close()
    return try fileSystem.map(path).bytes
  }

  private static func cursorNext(_ lists: Lists) -> PreparedKernel {
    PreparedKernel(unit: "posting", unitCount: Lists.longCount) {
      let cursor = try lists.longCursor()
      var sum = 0
      while cursor.docID != .end {
        sum &+= Int(cursor.docID)
        try cursor.next()
      }
      return sum
    }
  }

  /// Every advance goes over about 100 postings, most of a block.
  private static func cursorAdvance(_ lists: Lists) -> PreparedKernel {
    PreparedKernel(unit: "advance", unitCount: 1000) {
      let cursor = try lists.longCursor()
      var sum = 0
      for target in stride(from: 400, to: Lists.limit, by: 400) {
        if cursor.docID < target { try cursor.advance(to: target) }
        sum &+= Int(cursor.docID)
      }
      return sum
    }
  }

  private static func positions(_ lists: Lists) -> PreparedKernel {
    PreparedKernel(unit: "posting", unitCount: Lists.longCount) {
      let cursor = try lists.longCursor()
      var positions: [UInt32] = []
      var sum = 0
      while cursor.docID != .end {
        try cursor.readPositions(into: &positions)
        sum &+= positions.count
        try cursor.next()
      }
      return sum
    }
  }

  private static func intersection(_ lists: Lists) -> PreparedKernel {
    PreparedKernel(unit: "posting of the shorter list", unitCount: Lists.shortCount) {
      try leapfrog(lists.shortCursor(), lists.longCursor())
    }
  }

  // MARK: Searches

  /// A search for the ten best of 10,000 passages: `a` is in every second, `b` in every third, `c` in every hundredth.
  private static func search(_ query: Query, terms: [String], _ directory: String) throws -> PreparedKernel {
    let index = try SearchIndex.create(at: "\(directory)/index", schema: Schema([.text("text")], analyzer: .whitespace))
    try index.update { writer in
      for number in 0..<10_000 {
        var words = [String](repeating: "other", count: 1 + number % 9)
        if number % 2 == 0 { words += [String](repeating: "a", count: 1 + number % 5) }
        if number % 3 == 0 { words.append("b") }
        if number % 100 == 0 { words.append("c") }
        try writer.add(Document(key: String(1_000_000 + number), ["text": words.joined(separator: " ")]))
      }
    }
    let searcher = try index.searcher()
    var postingCount = 0
    for term in terms {
      postingCount += try TermStatistics(Term(numbering: 0, family: .word, term.utf8), in: searcher.index).documentFrequency
    }
    return PreparedKernel(unit: "posting", unitCount: postingCount) {
      try searcher.search(query, limit: 10, parameters: RankingParameters(), loadsFields: false).total ?? 0
    }
  }

  // MARK: Text

  /// Of the corpus, about 256 KB.
  private static func texts(_ corpus: [String], length: Int = 256 << 10) throws -> [String] {
    try BenchmarkCorpus(corpus).sample(length: length)
  }

  private static func overBytes(of texts: [String], _ run: @escaping () throws -> Int) -> PreparedKernel {
    PreparedKernel(unit: "byte", unitCount: texts.reduce(0) { $0 + $1.utf8.count }, run: run)
  }

  private static func normalise(_ texts: [String]) -> PreparedKernel {
    let normalizer = Normalizer()
    return overBytes(of: texts) { texts.reduce(0) { $0 + normalizer.normalize($1.utf8.span).bytes.count } }
  }

  /// ICU's share of `analyse`: the texts are normalised before.
  private static func icuWords(_ texts: [String]) throws -> PreparedKernel {
    let breaker = try WordBreaker()
    let normalised = texts.map { Normalizer().normalize($0.utf8.span).bytes }
    return overBytes(of: texts) {
      var segments = 0
      for bytes in normalised { try breaker.forEachSegment(of: bytes) { _, _, _ in segments += 1 } }
      return segments
    }
  }

  /// The same by our own tokenizer.
  private static func tokenizerWords(_ texts: [String]) throws -> PreparedKernel {
    guard let tables = CutTables.icu else { throw AnalysisError("the linked ICU's formats are not the known ones") }
    var tokenizer = try Tokenizer(tables)
    let normalised = texts.map { Normalizer().normalize($0.utf8.span).bytes }
    return overBytes(of: texts) {
      var segments = 0
      for bytes in normalised { try tokenizer.forEachSegment(of: bytes) { _, _, _ in segments += 1 } }
      return segments
    }
  }

  private static func tokenizerTables() -> PreparedKernel {
    PreparedKernel(unit: "table", unitCount: 1) { CutTables(changing: [])?.byteCount ?? 0 }
  }

  /// The whole way from text to numbered terms, as indexing goes it; the terms are known from the second run on.
  private static func analyseTerms(_ texts: [String]) throws -> PreparedKernel {
    let analyzer = try Analyzer(.chinese)
    analyzer.bytesLeftToICU = 0
    var table = TermTable()
    var numbers = TermTable.Numbers()
    return overBytes(of: texts) {
      for text in texts { table.number(try analyzer.analyze(text), numbering: 0, into: &numbers) }
      return table.count
    }
  }

  private static func analyse(_ texts: [String]) throws -> PreparedKernel {
    let analyzer = try Analyzer(.chinese)
    analyzer.bytesLeftToICU = 0
    return overBytes(of: texts) { try texts.reduce(0) { try $0 + analyzer.analyze($1).cells.count } }
  }
}
