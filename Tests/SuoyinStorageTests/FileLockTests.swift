// Can there be two writers?
import Foundation
import SuoyinStorage
import SuoyinTestKit
import Testing

@Suite struct FileLockTests {
  @Test func `is held by one at a time, tells who holds it, and is free when that one is gone`() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path("write.lock")
    var first: FileLock? = try FileLock(path, holder: "process 17")
    #expect {
      _ = try FileLock(path, holder: "process 18")
    } throws: { error in
      (error as? StorageError)?.reason == .locked(holder: "process 17")
    }
    withExtendedLifetime(first) {}
    first = nil
    _ = try FileLock(path, holder: "process 18")
  }

  /// A child has a copy of every descriptor until it executes; the lock must not live on in it.
  @Test func `is free at once while another thread starts programs`() async throws {
    let directory = try TemporaryDirectory()
    let path = directory.path("write.lock")
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        for _ in 0..<60 {
          let program = Process()
          program.executableURL = URL(fileURLWithPath: "/bin/true")
          try? program.run()
          program.waitUntilExit()
        }
      }
      group.addTask {
        for round in 0..<20_000 {
          do {
            withExtendedLifetime(try FileLock(path, holder: "")) {}
          } catch {
            Issue.record("round \(round): \(error)")
            return
          }
        }
      }
    }
  }
}
