// What may a word of megabytes consist of?

/// Characters that, repeated without end, make a word, a run, or nothing at all, each hard in its own way.
package enum HostileWords {
  package static let characters: [(name: String, character: String)] = [
    ("letters", "a"), ("capitals", "Ａ"), ("digits", "1"), ("numerals", "一"), ("hundreds", "百"), ("han", "政"), ("pairs", "政府"),
    ("kana", "ア"),
    ("long-vowels", "ー"), ("half-width", "ｶﾞ"), ("marks", "\u{301}"), ("two-marks", "\u{302}\u{316}"), ("zero-width", "\u{200B}"),
    ("joiners", "\u{200D}"), ("hangul", "한"), ("jamo", "ᄒ"), ("thai", "ไ"), ("thai-words", "ภาษา"), ("khmer", "ខ្មែរ"),
    ("ligature", "\u{FDFA}"),
    ("flags", "🇨"), ("rare", "𠮷"), ("private", "\u{E000}"), ("right-to-left", "\u{202E}א"), ("glue", "_"), ("mixed", "a1"),
    ("marked-han", "政\u{301}"),
    ("standards", "GB/T1-"), ("thousands", "1,"), ("fractions", "百分之"), ("ordinals", "第一"), ("brackets", "〔2023〕"),
    ("surrogate-like", "\u{FFFD}"),
  ]
}
