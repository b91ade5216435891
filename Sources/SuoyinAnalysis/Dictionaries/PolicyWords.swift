// Which words of present-day policy does every index know?

/// The built-in list of words, written for this project: see `PolicyWords+List.swift`.
public enum PolicyWords {
  /// The words, normalised.
  public static let all: Set<String> = Set(ordered.map { String(decoding: Normalizer().normalize($0.utf8.span).bytes, as: UTF8.self) })

  /// As the source has them.
  package static let ordered: [String] = "\(list)".split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("#") }
    .flatMap { $0.split(separator: " ") }.map { String($0) }

  /// Names what is in the list, whatever its order.
  package static let digest: UInt64 = ContentDigest.of(
    all.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.joined(separator: "\n").utf8)

  /// The list alone, compiled once.
  static func compiled() throws -> WordList {
    switch compilation {
    case .success(let list): return list
    case .failure(let error): throw error
    }
  }

  private static let compilation = Result<WordList, any Error> {
    WordList(try all.map { (try DictionaryWord(normalized: $0), 1, .policyWord) })
  }
}
