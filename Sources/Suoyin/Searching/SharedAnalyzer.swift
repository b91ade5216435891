// How do several threads share an analyzer?
package import SuoyinAnalysis
internal import Synchronization

/// An analyzer behind a lock, opened when it is first needed: a search that only reads keys never opens ICU.
package final class SharedAnalyzer: Sendable {
  private let settings: AnalyzerSettings
  private let analyzer: Mutex<Analyzer?> = Mutex(nil)

  package init(_ settings: AnalyzerSettings) { self.settings = settings }

  package func analyze(_ text: String) throws(IndexError) -> Analysis {
    try withIndexErrors {
      try analyzer.withLock { analyzer in
        let opened = try analyzer ?? Analyzer(settings)
        analyzer = opened
        return try opened.analyze(text)
      }
    }
  }
}
