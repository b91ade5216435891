// Which documents were found, and which of their passages?
internal import Suoyin

/// What tells documents of an index of files apart: a file may hold several, and a table rows of many.
struct DocumentIdentity: Hashable {
  private let file: String?
  private let title: String?
  private let number: String?
  private let version: CalendarDate?
  /// Only of a row without a title, which is a document of its own.
  private let key: String?

  init(_ hit: Hit) {
    file = hit["file"]
    title = hit["title"]
    number = hit["number"]
    if case .date(let date)? = hit.fields["version"] { version = date } else { version = nil }
    // The passages of files have roles.
    key = title == nil && hit["role"] == nil ? hit.key.description : nil
  }

  var isSingle: Bool { key != nil }

  /// What matches the passages of the document, and perhaps some of others in its file.
  var filters: [Query] {
    var filters: [Query] = []
    if let file { filters.append(.field("file", .text(file))) }
    if let title, title.contains(where: { $0.isLetter || $0.isNumber }) { filters.append(.field("title", .quoted(title))) }
    if let number { filters.append(.field("number", .text(number))) }
    if let version { filters.append(.range("version", from: .date(version), through: .date(version))) }
    return filters
  }
}

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

  /// How many passages of a document are looked at, to see that they are of it: a notice has the title of what is attached to it in its own. Of more, and
  /// of rows of more than a few, those are counted that the filters let through: others of the same file, too, whose titles hold this one's.
  private static let mostLookedAt = 200
  private static let mostRowsLookedAt = 20
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
    var places: [DocumentIdentity: Int?] = [:]
    var seen = 0
    // Terminates: every turn looks at more hits.
    search: while true {
      for (place, hit) in results.hits.enumerated() {
        let identity = DocumentIdentity(hit)
        if let known = places[identity] {
          if let known { groups[known].hits.append(hit) }
          continue
        }
        if options.after != nil, !identity.isSingle, try !Self.isFirst(hit, of: identity, search, options) {
          places[identity] = .some(nil)
          continue
        }
        if groups.count == limit {
          // The hit before this one ends the page.
          next = place == 0 ? options.after : try search(place, options).next
          break search
        }
        places[identity] = groups.count
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
    _ hit: Hit, of identity: DocumentIdentity, _ search: (Int, SearchOptions) throws -> SearchResults, _ options: SearchOptions
  ) throws -> Bool {
    var options = options
    options.after = nil
    options.filters += identity.filters
    return try search(mostLookedAt, options).hits.first { DocumentIdentity($0) == identity }?.key == hit.key
  }

  /// Gives every document its first passages and the number of all.
  private mutating func complete(
    _ passages: Int, _ search: (Int, SearchOptions) throws -> SearchResults, _ options: SearchOptions
  ) throws {
    // Where all hits have been seen, nothing is missing.
    let isComplete = first.next == nil && first.hitsBefore == 0
    var options = options
    options.after = nil
    let filters = options.filters
    for place in groups.indices {
      guard let leader = groups[place].hits.first else { continue }
      let identity = DocumentIdentity(leader)
      groups[place].total = groups[place].hits.count
      if !isComplete, !identity.isSingle {
        options.filters = filters + identity.filters
        options.countsTotal = true
        let most = leader["role"] == nil ? Self.mostRowsLookedAt : Self.mostLookedAt
        let found = try search(max(most, passages), options)
        let own = found.hits.filter { DocumentIdentity($0) == identity }
        groups[place].hits = own.isEmpty ? [leader] : own
        groups[place].total = found.next == nil ? groups[place].hits.count : found.total ?? own.count
      }
      groups[place].hits = Array(groups[place].hits.prefix(passages))
    }
  }
}
