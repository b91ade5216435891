// Which are the built-in words?
//
// Words of present-day Chinese policy, law and administration that ICU's dictionary does not have, so that it cuts them into characters and
// accidental pairs (互/联/网, 碳/达/峰, 放/管/服). Written for Suoyin, word by word; nothing is copied from a published list.
//
// What is listed: the shortest unit that is a word of its own. A listed word hides its parts as words, so 互联网 is here and 工业互联网 is not: it is
// cut into 工业 and 互联网, both of which people look for. Longer ones are listed where the whole is a fixed expression (双随机一公开). Left out is what
// ICU keeps whole, and what is an accident at the border of other words more often than a word of its own: 动产 in 推动产业, 高企 in 提高企业, 财政部 in
// 财政部门; words go before ICU's blindly, so that a short one must be a word almost wherever its characters meet. Most of what ICU cuts into a word and 权,
// 人, 者, 费 or the like (抵押|权, 承包|人) is left out too: the word inside is what the other spelling of a question has. docs/Architecture.md has figures.

extension PolicyWords {
  static let list: StaticString = """
    # Strategy and slogans
    新质生产力 高质量 供给侧 双循环 新常态 新发展格局 放管服 营商环境 专精特新 领跑者 小微 瞪羚企业 链长制 科创板
    创业板 新三板 众创空间 短板 卡脖子 揭榜挂帅 赛马制 首台套 试验区 示范区 自贸区 自贸港 自贸试验区 雄安 雄安新区
    京津冀 长三角 珠三角 粤港澳 大湾区 粤港澳大湾区 成渝 经济圈 城市群 都市圈 长江经济带 一带一路 城镇化 城中村 棚改
    棚户区 特色小镇 三权分置 宅基地 承包地 撂荒地 农民工 脱贫攻坚 返贫 五位一体 八项规定 党史 反腐败 廉政 枫桥经验
    十四五 十三五 十二五 十五五 两步走 百年未有之大变局 最多跑一次 一网通办 一网统管 跨省通办 一窗受理 一站式 一码通
    双随机 双随机一公开 证照分离 多证合一 告知承诺制 权责清单 零跑腿 好差评 不见面审批 直达快享 首违不罚 首问负责制
    # Digital economy and technology
    互联网 物联网 车联网 大数据 云计算 云平台 云服务 区块链 大模型 算网 元宇宙 数字化 数智化 智能化 网络化 信息化
    工业化 产业化 市场化 法治化 国际化 规范化 标准化 制度化 常态化 便利化 集约化 绿色化 低碳化 服务化 现代化 规模化
    专业化 社会化 均等化 差异化 精细化 品牌化 集群化 融合化 电商 直播带货 网约车 数据中台 人脸识别 去标识化 匿名化
    芯片 光刻机 机器人 无人机 智能网联 新材料 碳纤维 石墨烯 增材制造 数控机床 工业母机 数据库 信创 宽带 千兆
    互联互通 平台化 数字孪生 新基建 特高压 充电桩 储能 氢能 加氢站 锂电池 光伏 风电 煤电 生物质 页岩气 可燃冰
    # Industry
    制造业 服务业 建筑业 种植业 养殖业 畜牧业 旅游业 餐饮业 房地产业 农产品 水产品 消费品 产业链 供应链 价值链
    创新链 战新产业 产业园 开发区 产学研 产学研用 产教融合 校企 实验室 智造 混改 三去一降一补 两化融合 质量强省
    制造强省 老字号 科技型 规上 新能源 电动汽车 电动车 电动自行车 智能家电 家电下乡 供销社 合作社 种子库
    # Environment
    碳达峰 碳中和 双碳 碳排放 碳汇 碳市场 碳交易 碳足迹 碳税 减碳 降碳 低碳 零碳 节能 减排 能耗 能耗双控 排污
    排污权 排污口 固废 危废 医废 填埋 填埋场 渗滤液 雾霾 扬尘 臭氧层 挥发性 有机物 氮氧化物 颗粒物 细颗粒物
    可吸入颗粒物 黑臭水体 河长制 湖长制 林长制 生态红线 生态保护红线 三线一单 环评 环保税 环境保护税 自然保护区
    退耕还林 退耕还草 退牧还草 饮用水 生物多样性 绿电 绿证 装配式 可再生能源 非化石能源
    # Government and institutions
    办公厅 办公室 委员会 常委会 检察院 检察长 检察官 陪审员 纪检 卫健委 发改委 发展改革委 医保局 证监会 网信 网信办
    街道办事处 居委会 村委会 业委会 网格员 网格化 志愿者 妇联 残联 工商联 复议 单行条例 实施细则 暂行办法 征求意见稿
    听证 问责 容错纠错 公务员 简政放权 计划单列市
    # Law
    当事人 法定代表人 非法人组织 物权 债权 不动产 未成年人 残疾人 无民事行为能力 举证 公证处 仲裁庭 被执行人
    限制高消费 白名单 征信 取保候审 认罪认罚 不起诉 侵权 预付款 预付卡 缔约 无过错 滞纳金 醉驾 酒驾 寻衅滋事 拐卖
    黑恶势力
    # Labour and social security
    公积金 社保 社保卡 五险一金 医保 陪产假 育儿假 年休假 带薪 讨薪 劳务派遣 派遣工 竞业限制 再就业 毕业生 职教
    双师型 学徒制 幼儿园 双减 低保户 抚恤 医养结合 长护险 托育 三孩 二孩 户口簿 居住证 身份证 公租房 廉租房 经适房
    经济适用房 商品房 二手房 购房 首付
    # Health and safety
    疫情 疫情防控 健康码 传染病 疾控 卫健 医联体 医共体 药监局 中医药 中成药 中药材 处方药 非处方药 带量采购
    执业药师 添加剂 转基因 预制菜 特医食品 外卖 外卖员 快递员 隐患排查 风险管控 危险源 危化品 危险化学品 危险品
    特种设备 特种作业 燃气 消防车 尾矿库 尾矿 高处作业 防灾减灾
    # Finance and tax
    增值税 消费税 个税 契税 房产税 车船税 购置税 耕地占用税 城建税 烟叶税 营改增 留抵 扣缴义务人 扣缴 代扣代缴
    起征点 即征即退 汇算清缴 骗税 非税收入 预决算 专项债券 融资难 小贷 普惠金融 助学贷款 贴息 再贴现 降息 逆回购
    逆周期 跨周期 股权质押 股东会 董事会 董事长 监事 监事会 独董 实控人 实际控制人 出资额 清算组 再保险 被保险人
    网贷 备付金 人民币 跨境 保税区 综保区 通关 市场准入 反垄断 不正当竞争 反倾销 反补贴 奖补 以奖代补 资金池 招投标
    评标 串标 竞买 招拍挂
    # Transport, planning and everyday rules
    城际 轻轨 四好农村路 公交车 改扩建 施工许可证 施工图 总承包 发包人 详规 多规合一 城管 占道经营 管廊 地下管线
    冷链 多式联运 中欧班列 机动车 非机动车 驾驶证 行驶证 停车场 七天无理由 无理由退货 假一赔十 可追溯 依申请公开
    实名制 电子证照 融媒体 新媒体 自媒体 网红 防沉迷 网暴 舆情 涉密 非遗 非物质文化遗产 文旅 文创 公益性
    # More of plans and projects
    专班 战略性 保障性 中国式 高新技术 特困 可持续 试点 牵头 招商引资 提质 增效 扩容 提速 纾困 稳岗 惠企 亩均
    以工代赈 驻村 帮扶 扶贫 建档立卡 对口支援 对口帮扶 移风易俗 米袋子 菜篮子 秸秆 复垦 无废城市 源网荷储 东数西算
    智改数转 河湖长 错峰 民营 工信
    # More of offices and people
    减证便民 一业一证 一照多址 信易贷 双公示 接诉即办 联防 联防联控 异地就医 一老一小 适老化 孤独症 无障碍 思政 信访
    举报 回访 双拥 转业 武警 预备役 海警 侨眷 港澳台 民族乡 注销 暂扣 清退 居住地 经常居住地 住所地 房企 非营利
    # Nouns in 力, 度, 感 and 性
    生产力 劳动力 竞争力 影响力 购买力 执行力 满意度 获得感 幸福感 安全感 责任感 积极性 主动性 系统性 针对性 真实性
    及时性 突发性 普惠性
    """
}
