// What is a document of a file, and what is a passage of it?
internal import Suoyin

/// A document in a file: a law, a notice, an attachment.
public struct PolicyDocument: Equatable, Sendable {
  /// Its place among the documents of the file, counted from 0.
  public var index: Int
  /// The document that this one is attached to.
  public var parent: Int?
  public var title: String?
  public var metadata = DocumentMetadata()
  /// The numbers of its first and last page, its attachments included; empty for a file without pages.
  public var pages: [Int] = []
  public var passages: [Passage] = []
  /// The headings that stand alone, in the order of the text.
  public var headings: [Heading] = []
}

/// A heading that is no part of a passage's text.
public struct Heading: Equatable, Sendable {
  /// Its label with its punctuation, such as 一、
  public var label: String?
  public var text: String
  /// Byte ranges of the file.
  public var source: [Range<Int>]
}

/// A passage of a document: what is indexed, found and cited.
public struct Passage: Equatable, Sendable {
  public enum Role: String, Sendable {
    /// Title, number and dates: what stands before the text.
    case header
    /// What stands before the first part: addressees and reasons.
    case lead
    /// An article, an item or another part with a label or heading.
    case part
    /// A paragraph of a document without parts.
    case paragraph
    /// What follows the last part: since when it is in force.
    case closing
    case signature
  }

  public var role: Role
  /// With its own punctuation: 第十七条, 一、, (三), 8.
  public var label: String?
  /// What the passage's heading says, whether it stands alone or runs into the text.
  public var heading: String?
  /// The headings above it, with their labels, from the outermost.
  public var path: [String] = []
  /// The labels above it and its own in one way of writing, then from each of them on, then those of the parts above: 二、(三)8., (三)8., 8.,
  /// 二、(三), 二、; or 第十七条, 第二章.
  public var places: [String] = []
  /// Its paragraphs, without label and without a heading that stands alone; a line for each.
  public var text: String
  /// The numbers of the pages it is on.
  public var pages: [Int] = []
  /// The offices that the text makes responsible.
  public var units: [String] = []
  /// The byte ranges of the file that the text came from: several where a page break cut it.
  public var source: [Range<Int>] = []
}

/// What was left out of the text of a file: page numbers, running titles, what a site put around it, marks.
public struct Furniture: Equatable, Sendable {
  public var text: String
  /// A byte range of the file.
  public var source: Range<Int>
}
