// Can there be two writers?
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
}
