// How often is the encoding of a Chinese text found, whole and in pieces?
internal import Foundation
internal import SuoyinImport
internal import SuoyinTestKit
import Testing

/// `SUOYIN_ENCODING_TEXTS` names a folder with UTF-8 texts to take instead of the seeds; the table is printed.
@Suite("Encodings are found in real texts")
struct EncodingAccuracyTests {
  /// An encoding of the C library, and what the detector calls it. The names with LE and BE write no byte order mark.
  private static let encodings = [
    ("GB18030", "GB18030"), ("GBK", "GB18030"), ("GB2312", "GB18030"), ("BIG5", "Big5"), ("UTF-16LE", "UTF-16LE"), ("UTF-16BE", "UTF-16BE"),
  ]
  private static let lengths = [10, 20, 50, 200, Int.max]

  @Test("Of pieces of 20 characters 99 in 100 are read rightly, of longer ones all but one in a thousand")
  func accuracy() throws {
    let folder = environment("SUOYIN_ENCODING_TEXTS")
    let texts = try texts(in: folder ?? repositoryRoot + "/Corpus/seeds")
    #expect(!texts.isEmpty)
    for (name, expected) in Self.encodings {
      var row = name
      for length in Self.lengths {
        var right = 0
        var guessed = 0
        var all = 0
        var wrong: [String] = []
        for text in texts {
          for piece in pieces(of: text, length) {
            guard let bytes = encoded(piece, name), String(validating: bytes, as: UTF8.self) == nil || bytes.contains(0) else { continue }
            all += 1
            switch EncodingDetector(bytes).find() {
            case .sure(let encoding) where encoding.name == expected: right += 1
            case .guess(let encoding) where encoding.name == expected: guessed += 1
            case let other: if wrong.count < 3 { wrong.append("\(other): \(piece.prefix(60))") }
            }
          }
        }
        row += "  \(length == .max ? "whole" : "\(length)"): \(right)+\(guessed)/\(all)"
        if folder == nil, length >= 20 {
          let share = length == 20 ? 0.99 : 0.999
          #expect(Double(right) >= share * Double(all), "\(name), \(length) characters: \(right) of \(all), \(wrong)")
        } else if !wrong.isEmpty, folder != nil {
          print("\(name) \(length): \(wrong)")
        }
      }
      print(row)
    }
  }

  private func texts(in folder: String) throws -> [String] {
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
    return names.filter { $0.hasSuffix(".md") || $0.hasSuffix(".txt") }.compactMap { name in
      (try? Data(contentsOf: URL(filePath: "\(folder)/\(name)"))).flatMap { String(validating: $0, as: UTF8.self) }
    }
  }

  /// Twenty pieces of a text, or all of it.
  private func pieces(of text: String, _ length: Int) -> [String] {
    if length == .max { return [text] }
    let scalars = Array(text.unicodeScalars)
    let step = max(scalars.count / 20, length)
    return stride(from: 0, to: scalars.count - length, by: step).map { start in
      var piece = String.UnicodeScalarView()
      piece.append(contentsOf: scalars[start..<start + length])
      return String(piece)
    }
  }
}
