// Which terms begin alike, and in how many passages are they?

extension SortedStrings {
  /// Calls `body` with every string that begins with `prefix`, ascending, until it says false.
  ///
  /// - Complexity: O(log *n*) to the first of them, then O(1) for each.
  package func forEach(
    beginningWith prefix: [UInt8], _ body: (borrowing Entry) throws(IndexError) -> Bool
  ) throws(IndexError) {
    guard var entry = try lowerBound(prefix) else { return }
    while entry.string.starts(with: prefix), try body(entry) { if try !advance(&entry) { return } }
  }
}

extension LiveSegment {
  /// In how many live passages a term of the segment is.
  package func documentFrequency(_ ordinal: Int, _ value: StringValue) -> Int {
    max(0, value.count - (deleted?.decrease(ofTerm: ordinal) ?? 0))
  }
}

extension IndexReader {
  /// Calls `body` with every term that begins with `prefix`, each once, ascending, and in how many live passages it is, until it says
  /// false. Terms that no live passage has any more are left out.
  ///
  /// - Complexity: O(*s* log *n*) to the first of them, then O(*s*) for each, *s* being the segments.
  package func forEachTerm(
    beginningWith prefix: [UInt8], _ body: ([UInt8], Int) throws(IndexError) -> Bool
  ) throws(IndexError) {
    var walks: [(segment: Int, entry: SortedStrings.Entry)] = []
    for (number, segment) in segments.enumerated() {
      if let entry = try segment.reader.terms.lowerBound(prefix) { walks.append((number, entry)) }
    }
    // Terminates: every turn advances one of the walks.
    while true {
      var least: [UInt8]?
      for walk in walks where least.map({ ByteOrder.precedes(walk.entry.string, $0) }) ?? true { least = walk.entry.string }
      guard let term = least, term.starts(with: prefix) else { return }
      var frequency = 0
      var place = 0
      while place < walks.count {
        let segment = segments[walks[place].segment]
        if walks[place].entry.string == term {
          frequency += segment.documentFrequency(walks[place].entry.ordinal, walks[place].entry.value)
          if try !segment.reader.terms.advance(&walks[place].entry) {
            walks.remove(at: place)
            continue
          }
        }
        place += 1
      }
      if frequency > 0, try !body(term, frequency) { return }
    }
  }

  /// The sum of the numbers of live passages that hold the terms that begin with `prefix`: at least in how many passages any of them is.
  package func documentFrequency(ofTermsBeginningWith prefix: [UInt8], _ interruption: Interruption) throws(IndexError) -> Int {
    var sum = 0
    var count = 0
    for segment in segments {
      try segment.reader.terms.forEach(beginningWith: prefix) { entry throws(IndexError) in
        sum += segment.documentFrequency(entry.ordinal, entry.value)
        count += 1
        if count % 1024 == 0 { try interruption.check() }
        return true
      }
    }
    return sum
  }

  /// The same for the terms that begin with `family` and whose rest matches a pattern.
  package func documentFrequency(
    ofTermsOf family: [UInt8], matching pattern: TermPattern, _ interruption: Interruption
  ) throws(IndexError) -> Int {
    var sum = 0
    var count = 0
    for segment in segments {
      try segment.reader.terms.forEach(beginningWith: family + pattern.prefix) { entry throws(IndexError) in
        count += 1
        if count % 1024 == 0 { try interruption.check() }
        if pattern.matches(entry.string.dropFirst(family.count)) { sum += segment.documentFrequency(entry.ordinal, entry.value) }
        return true
      }
    }
    return sum
  }
}
