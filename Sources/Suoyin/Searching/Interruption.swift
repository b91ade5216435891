// When must a search stop before it is done?
//
// Why the unsafe code here is sound: of the current task it is asked only whether there is one.

/// A deadline, a wish of the caller's, or the cancellation of the task that the search runs in.
///
/// A search checks between blocks and windows, so that no loop over postings pays: about a millisecond of work lies between two checks at most.
package struct Interruption: Sendable {
  /// Never stops, and costs a comparison.
  package static let none = Interruption()

  private final class Reasons: Sendable {
    let isInTask: Bool
    let deadline: ContinuousClock.Instant?
    let isCancelled: (@Sendable () -> Bool)?
    let now: @Sendable () -> ContinuousClock.Instant

    init(_ options: SearchOptions, isInTask: Bool) {
      self.isInTask = isInTask
      deadline = options.deadline
      isCancelled = options.isCancelled
      now = options.now
    }

    func check() throws(IndexError) {
      if isInTask && Task.isCancelled || isCancelled?() ?? false { throw IndexError(.cancelled, "the search was cancelled") }
      if let deadline, now() >= deadline {
        throw IndexError(.deadlineExceeded, "the search was not done by its deadline; ask for less, or give it more time")
      }
    }
  }

  /// nil when there is nothing to look at: an instant of the clock is dear to copy.
  private var reasons: Reasons?

  private init() {}

  /// What the options ask for, and the present task.
  package init(_ options: SearchOptions) {
    let isInTask = unsafe withUnsafeCurrentTask { unsafe $0 != nil }
    if isInTask || options.deadline != nil || options.isCancelled != nil { reasons = Reasons(options, isInTask: isInTask) }
  }

  /// - Throws: `cancelled`, `deadlineExceeded`.
  @inline(__always)
  package func check() throws(IndexError) {
    if let reasons { try reasons.check() }
  }
}
