// How is a place in a document written, in one way for all spellings?
public import Suoyin

/// Places in documents: 二、(三)8., 第十七条.
public enum Citation {
  /// 《title》（number or day）place, as far as they are known; nil when none is.
  public static func text(title: String?, number: String?, version: CalendarDate?, place: String) -> String? {
    guard let title else { return number.map { $0 + place } ?? (place.isEmpty ? nil : place) }
    return "《\(title)》" + ((number ?? version?.description).map { "（\($0)）" } ?? "") + place
  }

  /// The labels from the outermost part to the passage's own, and from each of them on; then those of the parts above. What stands above an
  /// article is not said: articles count through.
  static func places(_ labels: [(Numbering, LabelNumber)]) -> [String] {
    let said = labels.map { label($0.0, $0.1) }.filter { !$0.isEmpty }
    let above = said.indices.dropLast().reversed().map { said[...$0].joined() }
    if let article = labels.last(where: { $0.0 == .article }) { return [label(article.0, article.1)] + above }
    return said.indices.map { said[$0...].joined() } + above
  }

  private static func label(_ numbering: Numbering, _ number: LabelNumber) -> String {
    let chinese = numeral(number.value)
    return switch numbering {
    case .part: "第\(chinese)编"
    case .subpart: "第\(chinese)分编"
    case .chapter: "第\(chinese)章"
    case .section: "第\(chinese)节"
    case .article: "第\(chinese)条" + (number.insertion > 0 ? "之\(numeral(number.insertion))" : "")
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
  public static func numeral(_ number: Int) -> String {
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
