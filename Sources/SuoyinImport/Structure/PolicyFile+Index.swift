// What goes into the index of a document's passages?
public import Suoyin

extension PolicyFile {
  /// The documents for the index, one for each passage: `name#1`, `name#2` and so on.
  ///
  /// - Parameter name: The file's name.
  public func indexed(name: String) -> [Document] {
    var passages: [Document] = []
    for document in documents {
      var facts = facts(of: document, name)
      facts[FieldName.document] = .text("\(name)#\(passages.count + 1)")
      for passage in document.passages {
        let fields = facts.merging(fields(of: passage)) { _, new in new }
        passages.append(Document(key: DocumentKey("\(name)#\(passages.count + 1)"), fields))
      }
    }
    return passages
  }

  /// What all passages of a document have in common.
  private func facts(of document: PolicyDocument, _ name: String) -> [String: FieldValue] {
    let metadata = document.metadata
    var fields: [String: FieldValue] = [FieldName.file: .text(name)]
    fields[FieldName.title] = document.title.map { .text($0) }
    fields[FieldName.number] = number(of: document).map { .text($0) }
    fields[FieldName.kind] = metadata.kind.map { .text($0) }
    fields[FieldName.region] = metadata.region.map { .text($0) }
    fields[FieldName.validity] = metadata.validity.map { .text($0) }
    if !metadata.issuers.isEmpty { fields[FieldName.issuer] = .list(metadata.issuers) }
    fields[FieldName.adopted] = metadata.adopted.map { .date($0) }
    fields[FieldName.approved] = metadata.approved.map { .date($0) }
    fields[FieldName.issued] = metadata.issued.map { .date($0) }
    fields[FieldName.effective] = metadata.effective.map { .date($0) }
    fields[FieldName.expires] = metadata.expires.map { .date($0) }
    fields[FieldName.version] = metadata.version.map { .date($0) }
    if !metadata.amended.isEmpty { fields[FieldName.amended] = .text(metadata.amended.map(\.description).joined(separator: " ")) }
    return fields
  }

  private func fields(of passage: Passage) -> [String: FieldValue] {
    var fields: [String: FieldValue] = [FieldName.text: .text(passage.text), FieldName.role: .text(passage.role.rawValue)]
    fields[FieldName.label] = passage.label.map { .text($0) }
    let own = passage.heading.map { passage.text.hasPrefix($0) ? [] : [$0] } ?? []
    let headings = passage.path + own
    if !headings.isEmpty { fields[FieldName.heading] = .text(headings.joined(separator: "\n")) }
    if !passage.path.isEmpty { fields[FieldName.path] = .text(passage.path.joined(separator: "\n")) }
    if !passage.places.isEmpty { fields[FieldName.place] = .list(passage.places) }
    if !passage.pages.isEmpty { fields[FieldName.page] = .list(passage.pages.map(String.init)) }
    if !passage.units.isEmpty { fields[FieldName.unit] = .list(passage.units) }
    if !passage.source.isEmpty {
      fields[FieldName.source] = .text(passage.source.map { "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: " "))
    }
    return fields
  }
}
