// Which characters does a person type in place of another?

/// Characters that sound or look alike.
///
/// Sounds are pinyin without tones. Those that many speakers and keyboards do not tell apart (zh z, ch c, sh s, ang an, eng en, ing in) are alike too, but less
/// so. Looks are a list by hand.
package struct SoundAlikes: Sendable {
  /// Made when it is first used.
  ///
  /// - Complexity: reads the 20,992 characters of U+4E00 to U+9FFF, about 3 ms.
  package static let shared = SoundAlikes()

  /// How likely one character is typed for another.
  package enum Likeness: Double {
    case sameSound = 1.0
    case sameLook = 0.8
    case nearSound = 0.4
  }

  private var bySound: [[UInt8]: [UInt32]] = [:]
  private var byLook: [UInt32: [UInt32]] = [:]

  private init() {
    for codePoint in UInt32(0x4E00)...0x9FFF {
      for reading in PinyinReadings.shared[codePoint] { bySound[Self.rough(reading), default: []].append(codePoint) }
    }
    for group in Self.looks {
      let characters = group.unicodeScalars.map(\.value)
      for character in characters { byLook[character, default: []] += characters.filter { $0 != character } }
    }
  }

  /// The characters that may have been meant, each once, with the likeness that is greatest.
  package func alternatives(to codePoint: UInt32) -> [(codePoint: UInt32, likeness: Likeness)] {
    var found: [UInt32: Likeness] = [:]
    let readings = PinyinReadings.shared[codePoint]
    for reading in readings {
      for other in bySound[Self.rough(reading)] ?? [] where other != codePoint {
        let isSame = PinyinReadings.shared[other].contains { readings.contains($0) }
        found[other] = isSame ? .sameSound : found[other] ?? .nearSound
      }
    }
    for other in byLook[codePoint] ?? [] where found[other] != .sameSound { found[other] = .sameLook }
    return found.map { ($0.key, $0.value) }.sorted { $0.codePoint < $1.codePoint }
  }

  /// A syllable without what is easily confused.
  private static func rough(_ syllable: [UInt8]) -> [UInt8] {
    var rough = syllable
    if rough.count > 2, rough[1] == UInt8(ascii: "h"), [UInt8(ascii: "z"), UInt8(ascii: "c"), UInt8(ascii: "s")].contains(rough[0]) {
      rough.remove(at: 1)
    }
    // ang, eng and ing, but not ong.
    if rough.count > 2, rough.suffix(2).elementsEqual("ng".utf8), rough[rough.count - 3] != UInt8(ascii: "o") { rough.removeLast() }
    return rough
  }

  /// Simplified characters that are mistaken for one another by their looks.
  private static let looks = """
    己已巳 未末本 土士 人入八 日曰目 天夫无 干千于 戊戌戍成 侯候 辨辩辫 暮幕募慕墓 徽微徵 拨拔 折拆析 晴睛 赢羸嬴 崇祟 佘余 沽估 历厉 贷货 \
    竟竞 冶治 汆氽 祗祇 沦论伦 权杈 技枝 扰拢 挡档 抡抢 拌伴 坚竖 挨埃 喧暄 博搏 簿薄 籍藉 梁粱 栗粟 阴阳 即既 令今 代伐 仓仑 风凤 \
    卖买 免兔 刺剌 幻幼 圆园 壁璧 撤撒 掉悼 棵颗 渡度 付附 副幅 复覆 象像 账帐 做作 订定 置制 偿尝 载栽裁 偏遍 叚段 陕狭峡 侧测 检捡险 \
    场扬 环坏 设没 投股 贯惯 规现观 稳隐 慢漫 墙樯 蓝篮 密蜜 练炼 燥躁 噪操 清请情晴 徒陡 查杳 杏呆 沟构购 炉护 牧收 农衣 束柬 \
    第弟 考老 各名 句旬 问间 闭闲 由甲申田 力刀 休体 工土 广厂 夭天 拐捌 陪培 部倍 赔陪 纪记 纲钢 网岗
    """.split(whereSeparator: \.isWhitespace)
}
