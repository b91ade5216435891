// What goes into the index of a document's passages?
public import Suoyin

extension PolicyFile {
  /// The documents for the index, one for each passage: `name#1`, `name#2` and so on.
  public func indexed(name: String) -> [Document] {
    var passages: [Document] = []
    for document in documents {
      for passage in document.passages {
        var fields: [String: FieldValue] = [FieldName.text: .text(passage.text), FieldName.file: .text(name)]
        fields[FieldName.title] = document.title.map { .text($0) }
        fields[FieldName.label] = passage.label.map { .text($0) }
        passages.append(Document(key: DocumentKey("\(name)#\(passages.count + 1)"), fields))
      }
    }
    return passages
  }
}
