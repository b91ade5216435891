package import SuoyinAnalysis
// What can go wrong with an index, and what should be done about it?
package import SuoyinStorage

/// An error of the engine: a sentence that says what failed and what to do, and the facts behind it.
public struct IndexError: Error, CustomStringConvertible, Sendable {
  /// What kind of error it is. Open: later versions may add codes, so a `switch` over codes needs a default.
  public struct Code: RawRepresentable, Hashable, Sendable {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The index's bytes contradict themselves or their checksums.
    public static let corrupted = Code(.corrupted)
    /// There is no index at this place.
    public static let notFound = Code(.notFound)
    /// The index, or something else in its place, cannot be made.
    public static let cannotCreate = Code(.cannotCreate)
    /// Another writer holds the lock.
    public static let locked = Code(.locked)
    /// The operating system refused to read or write.
    public static let io = Code(.io)
    /// An argument is not allowed: a document, a schema, a limit.
    public static let invalidArgument = Code(.invalidArgument)
    /// The index was made with another analyzer behaviour, or in another version of the format, than this process has.
    public static let settingsDiffer = Code(.settingsDiffer)
    /// A search was not done by its deadline.
    public static let deadlineExceeded = Code(.deadlineExceeded)
    /// A search was cancelled by its caller.
    public static let cancelled = Code(.cancelled)

    package init(_ kind: Kind) { rawValue = kind.rawValue }
  }

  /// The closed list behind `Code`, for exhaustive switches inside the package.
  package enum Kind: String, Sendable, CaseIterable {
    case corrupted, notFound, cannotCreate, locked, io, invalidArgument, settingsDiffer, deadlineExceeded, cancelled
  }

  package let kind: Kind
  public var code: Code { Code(kind) }
  /// What failed and what to do, in one line.
  public let message: String
  public let path: String?
  /// Where in the file, for `corrupted`.
  public let byteOffset: Int?
  /// The error underneath, if any.
  public let cause: (any Error)?

  public var description: String { message }

  package init(_ kind: Kind, _ message: String, path: String? = nil, byteOffset: Int? = nil, cause: (any Error)? = nil) {
    self.kind = kind
    self.message = message
    self.path = path
    self.byteOffset = byteOffset
    self.cause = cause
  }

  /// Damage found while decoding `bytes`.
  package static func corrupted(_ what: String, in bytes: ByteSlice, at offset: Int = 0) -> IndexError {
    let position = bytes.fileOffset + offset
    return IndexError(
      .corrupted, "\(bytes.owner.path) is damaged at byte \(position): \(what); restore the index from a copy or build it again",
      path: bytes.owner.path, byteOffset: position)
  }

  package init(_ error: StorageError) {
    switch error.reason {
    case .corrupted(_, let offset):
      self.init(
        .corrupted, "\(error); restore the index from a copy or build it again", path: error.path, byteOffset: offset, cause: error)
    case .unknownVersion:
      self.init(
        .settingsDiffer, "\(error); build the index again with this program, or use the one that made it", path: error.path, cause: error)
    case .locked(let holder):
      self.init(.locked, "the index is being written by \(holder); try again when it is done", path: error.path, cause: error)
    case .system:
      self.init(.io, "\(error)", path: error.path, cause: error)
    }
  }

  package init(_ error: AnalysisError) { self.init(.io, error.description, cause: error) }
}

/// Runs `body` and turns errors of the layers below into `IndexError`; others must not occur.
package func withIndexErrors<T>(_ body: () throws -> T) throws(IndexError) -> T {
  do {
    return try body()
  } catch let error as IndexError {
    throw error
  } catch let error as StorageError {
    throw IndexError(error)
  } catch let error as AnalysisError {
    throw IndexError(error)
  } catch {
    throw IndexError(.io, "\(error)", cause: error)
  }
}
