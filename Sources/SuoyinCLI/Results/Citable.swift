// How is a passage cited?
internal import Suoyin
internal import SuoyinImport

/// A passage with its stored fields.
protocol Citable {
  var key: DocumentKey { get }
  var fields: [String: FieldValue] { get }
}

extension Hit: Citable {}
extension Document: Citable {}

extension Citable {
  /// What a reader needs to cite the passage: 《title》（number or day）place; the label stands for the place in rows.
  var citation: String? {
    guard let title = text("title") else { return nil }
    var version: CalendarDate?
    if case .date(let date)? = fields["version"] { version = date }
    return Citation.text(title: title, number: text("number"), version: version, place: place ?? "")
  }

  /// What a reader needs to cite the document.
  var documentCitation: String? {
    guard let title = text("title") else { return nil }
    var version: CalendarDate?
    if case .date(let date)? = fields["version"] { version = date }
    return Citation.text(title: title, number: text("number"), version: version, place: "")
  }

  /// Where the passage stands in its document: 二、(三)8.
  var place: String? {
    places.first ?? text("label")
  }

  /// The labels above the passage and its own, in every way they are cited.
  var places: [String] { if case .list(let places)? = fields["place"] { places } else { [] } }

  private func text(_ field: String) -> String? { fields[field]?.description }
}
