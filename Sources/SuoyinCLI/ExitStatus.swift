// Which exit code says what?
internal import ArgumentParser
internal import Suoyin
internal import SuoyinImport

/// The exit codes, frozen: docs/CommandLine.md has the table, and scripts depend on it.
enum ExitStatus: Int32, Error {
  case done = 0
  case nothingFound = 1
  case usage = 2
  case rejectedInput = 65
  case missingInput = 66
  case unavailable = 69
  case damaged = 70
  case cannotCreate = 73
  case io = 74
  case locked = 75
  case late = 124

  init(_ kind: IndexError.Kind) {
    switch kind {
    case .corrupted, .settingsDiffer: self = .damaged
    case .notFound: self = .missingInput
    case .cannotCreate: self = .cannotCreate
    case .locked: self = .locked
    case .io: self = .io
    case .invalidArgument: self = .usage
    case .deadlineExceeded: self = .late
    // The command line cancels nothing.
    case .cancelled: self = .io
    }
  }

  /// The status for an error, and the message where the error has its own; ArgumentParser's errors have none.
  static func of(_ error: any Error) -> (ExitStatus, String?) {
    switch error {
    case let error as IndexError: (ExitStatus(error.kind), error.message)
    case let error as QuerySyntaxError: (.usage, error.message)
    case let error as ImportError:
      switch error {
      case .missing: (.missingInput, error.description)
      case .sameName: (.usage, error.description)
      }
    case let error as CitationError: (.usage, error.description)
    case let error as RerankingFailure: (.unavailable, error.description)
    case let error as OutputError: (.io, error.description)
    case let error as InputError: (error.isMissing ? .missingInput : .io, error.description)
    default: (.usage, nil)
    }
  }
}
