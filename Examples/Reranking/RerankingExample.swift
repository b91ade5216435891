// How is a program for `suoyin search --rerank` made? This one puts hits first whose title holds a word of the query.
//
//     suoyin search --rerank RerankingExample 安全生产
import Foundation

/// What `suoyin` writes on the one line: of the members that docs/JSON.md lists, those that are needed here.
struct Request: Decodable {
  struct Candidate: Decodable {
    var score: Double
    var title: String?
  }
  var query: String
  var candidates: [Candidate]
}

struct Answer: Encodable {
  /// For each candidate, in their order.
  var scores: [Double]
}

@main struct RerankingExample {
  static func main() throws {
    let request = try JSONDecoder().decode(Request.self, from: FileHandle.standardInput.readToEnd() ?? Data())
    let words = request.query.split(separator: " ")
    let scores = request.candidates.map { candidate in
      let title = candidate.title ?? ""
      return candidate.score + 10 * Double(words.count { title.contains($0) })
    }
    FileHandle.standardOutput.write(try JSONEncoder().encode(Answer(scores: scores)))
  }
}
