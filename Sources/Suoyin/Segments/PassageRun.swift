// Which passages of a segment stay side by side when segments are merged?

/// Passages of one segment that follow one another there and in the merged segment.
package struct PassageRun {
  /// The number of the segment among those that are merged.
  package let segment: Int
  package var documents: Range<DocID>

  package init(segment: Int, documents: Range<DocID>) {
    self.segment = segment
    self.documents = documents
  }
}
