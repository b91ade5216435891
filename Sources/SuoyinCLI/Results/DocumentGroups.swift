// Which documents were found, and which of their passages?
internal import Suoyin

/// A document with the first of its passages that match.
struct DocumentGroup {
  var hits: [Hit]
  /// How many of its passages match.
  var total: Int
}

/// The documents of the first hits, in the order of their first passages.
struct DocumentGroups {
  private(set) var groups: [DocumentGroup] = []
  /// Behind which hit the next documents begin; nil when there are none.
  private(set) var next: SearchPosition?
  /// The results of the search for the first hits.
  private(set) var first: SearchResults

  /// How many hits are looked through for documents.
  private static let mostHits = 10_000

  /// - Parameters:
  ///   - limit: The most documents.
  ///   - passages: The most passages of each.
  ///   - search: Searches for the query with other filters, places and limits.
  init(limit: Int, passages: Int, _ search: (_ limit: Int, _ options: SearchOptions) throws -> SearchResults, _ options: SearchOptions)
    throws
  {
    var options = options
    var results = try search(limit == 0 ? 0 : min(Searcher.maximumLimit, max(32, 3 * limit)), options)
    first = results
    options.facets = []
    options.countsTotal = false
    /// The place of each document; nil for one that the pages before have.
    var places: [String: Int?] = [:]
    var seen = 0
    // Terminates: every turn looks at more hits.
    search: while true {
      for (place, hit) in results.hits.enumerated() {
        // A hit without a document is one of its own.
        let document = hit["document"]
        if let document {
          if let known = places[document] {
            if let known { groups[known].hits.append(hit) }
            continue
          }
          if options.after != nil, try !Self.isFirst(hit, of: document, search, options) {
            places[document] = .some(nil)
            continue
          }
        }
        if groups.count == limit {
          // The hit before this one ends the page.
          next = place == 0 ? options.after : try search(place, options).next
          break search
        }
        if let document { places[document] = groups.count }
        groups.append(DocumentGroup(hits: [hit], total: 1))
      }
      seen += results.hits.count
      guard let position = results.next else { break }
      if seen >= Self.mostHits {
        next = position
        break
      }
      options.after = position
      results = try search(200, options)
    }
    try complete(passages, search, options)
  }

  /// Whether a hit is the first of its document.
  private static func isFirst(
    _ hit: Hit, of document: String, _ search: (Int, SearchOptions) throws -> SearchResults, _ options: SearchOptions
  ) throws -> Bool {
    var options = options
    options.after = nil
    options.filters.append(.field("document", .text(document)))
    return try search(1, options).hits.first?.key == hit.key
  }

  /// Gives every document its first passages and the number of all.
  private mutating func complete(
    _ passages: Int, _ search: (Int, SearchOptions) throws -> SearchResults, _ options: SearchOptions
  ) throws {
    // Where all hits have been seen and taken, nothing is missing.
    let isComplete = first.next == nil && first.hitsBefore == 0 && next == nil
    var options = options
    options.after = nil
    let filters = options.filters
    options.countsTotal = true
    for place in groups.indices {
      groups[place].total = groups[place].hits.count
      if !isComplete, let leader = groups[place].hits.first, let document = leader["document"] {
        options.filters = filters + [.field("document", .text(document))]
        let found = try search(max(1, passages), options)
        groups[place].hits = found.hits.isEmpty ? [leader] : found.hits
        groups[place].total = found.total ?? found.hits.count
      }
      groups[place].hits = Array(groups[place].hits.prefix(passages))
    }
  }
}
