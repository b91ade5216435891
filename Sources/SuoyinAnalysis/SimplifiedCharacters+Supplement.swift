// Which characters does ICU's table miss?

extension SimplifiedCharacters {
  /// Pairs of a character and its standard form that ICU's "Traditional-Simplified" does not have, by hand; they come after the generated ones.
  ///
  /// The first block are variants that the First List of Variant Characters (第一批异体字整理表, 1955) and the Table of General Standard Characters
  /// (通用规范汉字表, 2013) replace: 衞 is 卫 as 衛 is, 汚 is 污 as 汙 is. The second are characters whose Simplified form by ICU is not the usual one, so that
  /// both become the usual one: 諮詢 is 咨询 (ICU: 谘询), 逕行 径行, 鉅額 巨额, 錢鍾書 both 钱锺书 and 钱钟书. To ICU 苎 is
  /// 苧 and 苧 is 苎; here both are 苎. 覆 is left alone: 答覆 is 答复, but 覆蓋
  /// is 覆盖 and far more frequent. A change here changes terms, and so the analyzers' revisions in `AnalyzerName.fingerprint`.
  static let supplement: StaticString = """
    僊仙兎兔凴凭刦劫刧劫刼劫剏创劄札劒剑効效勅敕勦剿叅参吿告啗啖囘回囬回坿附堦阶塲场墖塔壻婿妬妒妳你婬淫孼孽寃冤寑寝寳宝峯峰嵗岁嶌岛
    嶽岳帬裙幙幕庻庶廕荫廼乃彊强彷仿徃往徧遍徬仿怱匆恠怪恡吝悋吝惪德慿凭戯戏戱戏戹厄扞捍挱挲捄救搇揿擧举攷考敍叙敎教旹时昰是暎映朞期
    朮术枏楠柺拐栢柏棃梨棊棋楳梅槩概欝郁殭僵氊毡氷冰汚污泝溯淸清湼涅滙汇澁涩濇涩灋法烖灾煖暖牠它犂犁珮佩甎砖甞尝甦苏甯宁畆亩畊耕畧略
    疎疏痺痹瘉愈皐皋皷鼓睠眷硃朱碁棋祇只稉粳稭秸稾稿穤糯穨颓穽阱窓窗窰窑窻窗竝并笇算筞策篐箍粃秕糉粽糭粽糺纠縂总繖伞罇樽罸罚羢绒耡锄
    聨联聫联肎肯胷胸脩修臕膘臯皋舗铺舘馆艸草荅答菴庵葢盖蕋蕊蘂蕊蘓苏虵蛇蝱虻衂衄衞卫衹只裠裙襃褒襍杂覇霸覩睹觔斤觝抵詧察謌歌譌讹譔撰
    譭毁賍赃趂趁躭耽躱躲輙辄輭软辠罪辤辞迯逃迺乃逩奔逰游遡溯遶绕邨村酧酬醻酬釡釜鈆铅鈡钟鉆钻鍼针鎌镰鎭镇鑛矿閙闹闚窥阬坑陁陀隣邻霛灵
    靑青靭韧鞌鞍鞦秋鞾靴韆千韈袜飜翻餧喂驩欢骽腿髣仿髩鬓髴佛鬂鬓鬪斗鴈雁鶏鸡鹻碱麪面麴曲麹曲鼔鼓龢和

    䜩宴苎苎薴苎諮咨讌宴谘咨迳径逕径鉅巨钜巨锺钟頴颖颕颖
    """
}
