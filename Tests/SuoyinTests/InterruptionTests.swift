// Does a search stop when it is told to, wherever it is?
import Foundation
import Suoyin
import SuoyinTestKit
import Synchronization
import Testing

@Suite struct InterruptionTests {
  private let directory: TemporaryDirectory
  private let searcher: Searcher

  private static let words = (0..<12).map { "w\($0)" }

  init() throws {
    directory = try TemporaryDirectory()
    var random = SeededRandom(seed: 3)
    let schema = Schema([.text("title", boost: 2), .text("body"), .keyword("issuer")])
    let index = try SearchIndex.create(at: directory.path("index"), schema: schema)
    for part in 0..<2 {
      try index.update { writer in
        for number in 0..<2000 {
          let words = (0..<12).map { _ in random.element(Self.words) } + ["a\(random.below(3000))", "left", "right"]
          try writer.add(
            Document(
              key: "\(part)-\(number)",
              ["title": words[0], "body": (words + (number % 2 == 0 ? ["right", "left"] : [])).joined(separator: " "), "issuer": words[1]]))
        }
      }
    }
    searcher = try index.searcher()
  }

  private static let queries: [Query] = [
    .text("w1"), .text("w1 w2 w3 w4"), .quoted("w1 w2"), .all([.quoted("w1"), .quoted("w2"), .quoted("w3")]),
    .field("title", .text("w1 w2")),
    .prefix("w"), .prefix("a"), .prefix("w1 a"), .fuzzy("w1", distance: 2), .excluding(.quoted("w1"), .quoted("w2")),
    .field("issuer", .prefix("w")), .preferring(.quoted("w1"), .text("w2 w3")),
  ]

  private func search(_ query: Query, _ options: SearchOptions, limit: Int = 10) throws -> SearchResults {
    try searcher.search(query, limit: limit, parameters: RankingParameters(), options: options, loadsFields: false)
  }

  /// A closure that counts how often it is asked and says true from the `last`-th time on.
  private final class Countdown: Sendable {
    let asked = Mutex(0)
    let last: Int
    init(_ last: Int) { self.last = last }
    var isOver: Bool {
      asked.withLock { asked in
        asked += 1
        return asked >= last
      }
    }
    var count: Int { asked.withLock { $0 } }
  }

  @Test func `a deadline in the past ends every search at once`() throws {
    let options = SearchOptions(deadline: .now - .seconds(1))
    for query in Self.queries {
      for limit in [0, 10] {
        let error = #expect(throws: IndexError.self, "\(query)") { try search(query, options, limit: limit) }
        #expect(error?.code == .deadlineExceeded)
      }
      #expect(throws: IndexError.self) { try searcher.statistics(of: query, options: options) }
      #expect(try !search(query, SearchOptions(deadline: .now + .seconds(3600))).hits.isEmpty)
    }
  }

  @Test func `a search is cancelled wherever it asks, and else finds the same`() throws {
    for query in Self.queries { try interrupt(query) }
  }

  private func interrupt(_ query: Query) throws {
    let all = Countdown(.max)
    let undisturbed = try search(query, SearchOptions())
    let watched = try search(query, SearchOptions(isCancelled: { all.isOver }))
    #expect(watched.total == undisturbed.total && watched.hits.map(\.key) == undisturbed.hits.map(\.key))
    #expect(watched.hits.map(\.score) == undisturbed.hits.map(\.score))
    #expect(all.count >= 3, "\(query) asks \(all.count) times")
    for last in Set([1, 2, 3, all.count / 3, all.count / 2, all.count - 1, all.count]) where last > 0 {
      let countdown = Countdown(last)
      let error = #expect(throws: IndexError.self) { try search(query, SearchOptions(isCancelled: { countdown.isOver })) }
      #expect(error?.code == .cancelled && countdown.count == last, "\(query): \(last) of \(all.count)")
      // A deadline that passes in the middle, on a clock of the test's own.
      let clock = Countdown(last)
      let now = ContinuousClock.now
      var options = SearchOptions(deadline: now + .seconds(1))
      options.now = { clock.isOver ? now + .seconds(2) : now }
      #expect(throws: IndexError.self) { try search(query, options) }
      #expect(clock.count == last)
    }
  }

  @Test func `a search that finds nothing asks all the same`() throws {
    // All pairs are in thousands of passages, but never in this order, or never in this field: every passage is looked at.
    for (query, least) in [
      (Query.quoted("left right left"), 15), (.field("title", .quoted("left right")), 4), (.field("title", .prefix("w1 w")), 4),
    ] {
      let all = Countdown(.max)
      #expect(try search(query, SearchOptions(isCancelled: { all.isOver })).total == 0, "\(query)")
      #expect(all.count >= least, "\(query) asks \(all.count) times")
    }
  }

  @Test func `another thread cancels a search`() throws {
    let stop = Countdown(.max)
    Thread.detachNewThread {
      Thread.sleep(forTimeInterval: 0.02)
      stop.asked.withLock { $0 = -1 }
    }
    // Nobody ends this but the other thread.
    let error = #expect(throws: IndexError.self) {
      while true { _ = try search(.text("w1 w2 w3"), SearchOptions(isCancelled: { stop.asked.withLock { $0 < 0 } })) }
    }
    #expect(error?.code == .cancelled)
  }

  @Test func `a task that is cancelled ends its search`() async throws {
    let searcher = self.searcher
    let task = Task { () -> IndexError? in
      do {
        while true { _ = try searcher.search(.text("w1 w2 w3"), limit: 10, parameters: RankingParameters(), loadsFields: false) }
      } catch { return error as? IndexError }
    }
    try await Task.sleep(for: .milliseconds(20))
    task.cancel()
    #expect(await task.value?.code == .cancelled)
  }

  @Test func `listing terms can be stopped`() throws {
    let error = #expect(throws: IndexError.self) {
      try searcher.terms(in: "body", limit: 5000, options: SearchOptions(isCancelled: { true }))
    }
    #expect(error?.code == .cancelled)
    #expect(try searcher.terms(in: "body", limit: 5000).count > 1000)
  }
}
