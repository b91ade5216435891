// Which of the best so far is the first to go?

/// A heap with the worst on top (Williams 1964).
struct WorstFirstHeap<Element> {
  private var elements: [Element] = []

  init(capacity: Int) { elements.reserveCapacity(capacity) }

  var count: Int { elements.count }
  var worst: Element? { elements.first }

  mutating func insert<Failure>(_ element: Element, _ isBetter: (Element, Element) throws(Failure) -> Bool) throws(Failure) {
    elements.append(element)
    var index = elements.count - 1
    // Terminates: the index shrinks.
    while index > 0, try isBetter(elements[(index - 1) / 2], elements[index]) {
      elements.swapAt(index, (index - 1) / 2)
      index = (index - 1) / 2
    }
  }

  /// Puts an element in the place of the worst; there must be one.
  mutating func replaceWorst<Failure>(
    with element: Element, _ isBetter: (Element, Element) throws(Failure) -> Bool
  ) throws(Failure) {
    elements[0] = element
    var index = 0
    // Terminates: the index grows.
    while 2 * index + 1 < elements.count {
      var worst = 2 * index + 1
      if worst + 1 < elements.count, try isBetter(elements[worst], elements[worst + 1]) { worst += 1 }
      if try !isBetter(elements[index], elements[worst]) { return }
      elements.swapAt(index, worst)
      index = worst
    }
  }

  /// The elements, the best first. Empties the heap.
  mutating func sorted<Failure>(_ isBetter: (Element, Element) throws(Failure) -> Bool) throws(Failure) -> [Element] {
    var result = elements
    // Terminates: the heap shrinks.
    while let worst = elements.first {
      let last = elements.removeLast()
      result[elements.count] = worst
      if !elements.isEmpty { try replaceWorst(with: last, isBetter) }
    }
    return result
  }
}
