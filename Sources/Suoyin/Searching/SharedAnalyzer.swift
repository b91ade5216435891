// How do several threads share an analyzer?
package import SuoyinAnalysis
internal import Synchronization

/// An analyzer behind a lock, opened when it is first needed: a search that only reads keys never opens ICU.
package final class SharedAnalyzer: Sendable {
  private let name: AnalyzerName
  private let analyzer: Mutex<Analyzer?> = Mutex(nil)

  package init(_ name: AnalyzerName) { self.name = name }

  package func analyze(_ text: String) throws(IndexError) -> Analysis {
    try withIndexErrors {
      try analyzer.withLock { analyzer in
        let opened = try analyzer ?? Analyzer(name)
        analyzer = opened
        return try opened.analyze(text)
      }
    }
  }
}
