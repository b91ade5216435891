// Where do bytes and numbers go that come one by one?
//
// Why the unsafe code here is sound: `start` has room for `capacity` elements, of which the first `count` are initialised. Everything that
// writes makes room first; what reads gets the first `count` as a buffer, or compares its place with `count`. The memory belongs to one
// buffer, which cannot be copied and frees it. Elements are plain bits, and need no more alignment than malloc gives.
internal import Glibc

/// An array for inner loops: appending costs a comparison and a store, without the checks that a copyable array needs at every step.
@safe package struct GrowingBuffer<Element: BitwiseCopyable>: ~Copyable {
  /// Room for `capacity` elements, in memory of this buffer.
  private var start: UnsafeMutablePointer<Element>
  private var capacity: Int
  package private(set) var count = 0

  package init(capacity: Int = 16) {
    self.capacity = max(1, capacity)
    unsafe start = Self.allocated(nil, self.capacity)
  }

  deinit { unsafe free(start) }

  package var isEmpty: Bool { count == 0 }

  /// The elements, valid until the next change.
  @unsafe
  @inline(__always)
  package var elements: UnsafeMutableBufferPointer<Element> { unsafe UnsafeMutableBufferPointer(start: start, count: count) }

  @inline(__always)
  package subscript(index: Int) -> Element {
    precondition(index >= 0 && index < count, "index out of bounds")
    return unsafe start[index]
  }

  @inline(__always)
  package mutating func append(_ element: Element) {
    makeRoom(for: 1)
    unsafe start[count] = element
    count &+= 1
  }

  package mutating func append(contentsOf more: [Element]) { unsafe more.withUnsafeBufferPointer { unsafe append(contentsOf: $0) } }

  package mutating func append(contentsOf more: UnsafeBufferPointer<Element>) {
    guard let source = more.baseAddress else { return }
    makeRoom(for: more.count)
    unsafe (start + count).initialize(from: source, count: more.count)
    count &+= more.count
  }

  /// Appends as many elements as `body` says that it has written, at most `most`, all of them initialised.
  @unsafe
  @inline(__always)
  package mutating func append(atMost most: Int, _ body: (UnsafeMutablePointer<Element>) -> Int) {
    makeRoom(for: most)
    let written = unsafe body(start + count)
    assert(written >= 0 && written <= most)
    count &+= written
  }

  /// Where the next element goes. After `makeRoom`, as many can be written from here on as room was made for; `didAppend` takes them in.
  @unsafe
  @inline(__always)
  package var end: UnsafeMutablePointer<Element> { unsafe start + count }

  /// Takes in elements that were written from `end` on.
  @unsafe
  @inline(__always)
  package mutating func didAppend(_ more: Int) {
    precondition(more >= 0 && more <= capacity &- count, "more elements than there is room for")
    count &+= more
  }

  package mutating func removeAll() { count = 0 }

  /// Keeps the first `length` elements, which must be there.
  @inline(__always)
  package mutating func truncate(to length: Int) {
    precondition(length >= 0 && length <= count, "a buffer cannot be cut to more than it holds")
    count = length
  }

  @inline(__always)
  package mutating func makeRoom(for more: Int) {
    if capacity &- count < more { grow(more) }
  }

  @inline(never)
  private mutating func grow(_ more: Int) {
    capacity = max(count + more, capacity * 2)
    unsafe start = Self.allocated(start, capacity)
  }

  /// Memory for so many elements, with what was there before; long stretches are moved by the kernel and not copied.
  private static func allocated(_ old: UnsafeMutablePointer<Element>?, _ capacity: Int) -> UnsafeMutablePointer<Element> {
    guard let memory = unsafe realloc(old, capacity * MemoryLayout<Element>.stride) else { fatalError("out of memory") }
    return unsafe memory.bindMemory(to: Element.self, capacity: capacity)
  }

  /// The elements as a span, for as long as `body` runs.
  @inline(__always)
  package func withSpan<Result, Failure: Error>(_ body: (Span<Element>) throws(Failure) -> Result) throws(Failure) -> Result {
    let elements = unsafe UnsafeBufferPointer(elements)
    return try unsafe body(Span(_unsafeElements: elements))
  }
}
