// How does a user dictionary become a file of the index?
internal import SuoyinAnalysis
internal import SuoyinStorage

/// The file `dictionary-N`: one section that holds the dictionary as text.
enum StoredDictionary {
  private static let section: UInt32 = 1

  static func write(_ dictionary: UserDictionary, to path: String, in fileSystem: any FileSystem) throws(StorageError) -> FileIdentity {
    let file = try SectionFileWriter(path, kind: FileKind.dictionary, in: fileSystem)
    try file.beginSection(section)
    try file.append(DictionaryFile.render(dictionary))
    return try file.finish()
  }

  /// - Throws: `corrupted` also when the file is not the one of that identity, or holds what is no dictionary.
  static func read(_ path: String, identity: FileIdentity, in fileSystem: any FileSystem) throws(IndexError) -> UserDictionary {
    let file = try withIndexErrors { try SectionFile(path, kind: FileKind.dictionary, in: fileSystem) }
    guard file.identity == identity else { throw IndexError.foreign(path) }
    let bytes = try withIndexErrors {
      try file.checkAllPages()
      return try file.section(section)
    }
    guard let dictionary = UserDictionary(rendered: bytes.array) else {
      throw IndexError.corrupted("lines that are no words of a dictionary", in: bytes)
    }
    return dictionary
  }
}
