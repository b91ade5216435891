// How does an index get other words?
public import SuoyinAnalysis
internal import SuoyinStorage

extension IndexWriter {
  /// The index's own words, as of this moment of the update.
  public var dictionary: UserDictionary { settings.userDictionary }

  /// How texts are cut, as of this moment of the update.
  public var settings: AnalyzerSettings { analyzer.settings }

  /// Gives the index another dictionary, and cuts anew, from their stored text, the passages that it cuts differently; they become visible
  /// together with it.
  ///
  /// Nothing that a search finds is lost: pairs of characters, by which passages are found, depend on no dictionary.
  ///
  /// - Parameter limit: How many keys of passages that are cut differently to give for each word.
  /// - Throws: `invalidArgument` when the index's analyzer does not cut by lists of words, or a text field is not stored and there are
  ///   passages already; the writer stays usable.
  @discardableResult
  public func setDictionary(_ dictionary: UserDictionary, limit: Int = 10) throws(IndexError) -> DictionaryChange {
    if let failure { throw failure }
    try analyzer.settings.checkUsesWordLists(directory)
    if dictionary == self.dictionary { return DictionaryChange() }
    if !(segments.segments.isEmpty && batch.isEmpty) { try commit.schema.checkCanBeCutAnew(directory) }
    return try change { () throws in
      try flush()
      try segments.resolve()
      let settings = commit.schema.settings(userDictionary: dictionary)
      var comparison = try CutComparison(commit.schema, from: analyzer.settings, to: settings, limit: limit)
      analyzer = try Analyzer(settings)
      // Segments that are built on the way come after these, and hold nothing that has to be cut again.
      for segment in segments.segments {
        guard let reader = segment.live?.reader else { continue }
        var different: [DocID] = []
        try comparison.run(reader, isDead: segment.isDead) { document in different.append(document) }
        if !different.isEmpty { try cutAnew(different, of: reader, in: segment) }
      }
      try flush()
      try segments.mergeByPolicy(isLast: true)
      hasNewDictionary = true
      hasChanged = true
      return comparison.change
    }
  }

  /// Moves passages out of a segment and into the one that is being built.
  private func cutAnew(_ documents: [DocID], of reader: SegmentReader, in segment: UpdateSegment) throws {
    let sources = try Self.sources(of: Set(documents), in: reader)
    for document in documents {
      guard let source = sources[document] else {
        throw IndexError(.corrupted, "\(reader.file.path) is damaged: passage \(document) has no source", path: reader.file.path)
      }
      let values = try reader.values(of: document)
      _ = segment.kill(document)
      hasMovedPassages = true
      let number = batch.number(of: source, isNew: false)
      batch.add(DocumentKey(bytes: try reader.key(of: document)), values, from: number)
      try flushIfFull()
    }
  }

  /// The sources of passages of a segment.
  private static func sources(of documents: Set<DocID>, in reader: SegmentReader) throws(IndexError) -> [DocID: Source] {
    var sources: [DocID: Source] = [:]
    for ordinal in 0..<reader.sources.count where sources.count < documents.count {
      let entry = try reader.sources.entry(at: ordinal)
      let wanted = try reader.passages(entry.value).filter { documents.contains($0) }
      if wanted.isEmpty { continue }
      let source = Source(DocumentKey(bytes: entry.string), digest: try reader.digest(ofSource: ordinal))
      for document in wanted { sources[document] = source }
    }
    return sources
  }
}
