// How is a place in a document written, in one way for all spellings?
internal import Suoyin

extension PolicyDocument {
  /// What a reader needs to cite a passage: 《title》（number）place.
  public func citation(of passage: Passage) -> String? {
    guard let title else { return passage.place.isEmpty ? nil : passage.place }
    let identity = metadata.number ?? metadata.version?.description
    return "《\(title)》" + (identity.map { "（\($0)）" } ?? "") + passage.place
  }
}

/// Places in documents: 二、(三)8., 第十七条.
enum Citation {
  /// The labels from the outermost part to the passage's own. Within an article or a 编 the parts above it are not said: articles count through.
  static func place(_ labels: [(Numbering, LabelNumber)]) -> String {
    if let article = labels.last(where: { $0.0 == .article }) { return label(article.0, article.1) }
    return labels.map { label($0.0, $0.1) }.joined()
  }

  private static func label(_ numbering: Numbering, _ number: LabelNumber) -> String {
    let chinese = chineseNumeral(number.value)
    return switch numbering {
    case .part: "第\(chinese)编"
    case .subpart: "第\(chinese)分编"
    case .chapter: "第\(chinese)章"
    case .section: "第\(chinese)节"
    case .article: "第\(chinese)条" + (number.insertion > 0 ? "之\(chineseNumeral(number.insertion))" : "")
    case .portion: "第\(chinese)部分"
    case .counted(let noun): "第\(chinese)个\(noun)"
    case .ideographic: "\(chinese)、"
    case .bracketedIdeographic: "(\(chinese))"
    case .arabic: "\(number.value)."
    case .bracketedArabic: "(\(number.value))"
    case .circled: "(\(number.value))"
    case .heading: ""
    }
  }

  /// 123 as 一百二十三.
  static func chineseNumeral(_ number: Int) -> String {
    let digits = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"]
    var text = ""
    var rest = number
    for (unit, name) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
      let digit = rest / unit
      rest %= unit
      if digit > 9 { return String(number) }
      if digit > 0 {
        text += (unit == 10 && digit == 1 && number < 20 ? "" : digits[digit]) + name
      } else if !text.isEmpty, rest > 0, !text.hasSuffix("零") {
        text += "零"
      }
    }
    return text
  }
}
