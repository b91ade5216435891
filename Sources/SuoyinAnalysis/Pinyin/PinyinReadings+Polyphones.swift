// Which characters have several readings?

extension PinyinReadings {
  /// Characters with further readings, by hand: common polyphones, surnames (单 shan, 曾 zeng, 仇 qiu, 区 ou, 解 xie, 查 zha, 盖 ge, 乐 yue) and names of
  /// places (番禺 pan, 六安 lu, 东阿 e, 丽水 li, 洪洞 tong, 蔚县 yu). Each with all its readings; the usual one is the
  /// generated table's. Characters stand in the form that the normaliser gives them, with the readings of all that it makes one: 着 is zhu for 著, 干 is qian for 乾.
  static let polyphones: StaticString = """
    阿a,e 拗ao,niu 扒ba,pa 耙ba,pa 柏bai,bo 蚌bang,beng 膀bang,pang 磅bang,pang 薄bao,bo 堡bao,bu,pu 暴bao,pu 曝bao,pu
    刨pao,bao 炮pao,bao 贲ben,bi 泌mi,bi 秘mi,bi 辟pi,bi 臂bi,bei 扁bian,pian 便bian,pian 槟bin,bing 屏ping,bing 剥bo,bao
    泊bo,po 伯bo,bai 卜bu,bo 埔pu,bu 参can,shen,cen 藏cang,zang 曾ceng,zeng 差cha,chai,ci 查cha,zha 禅chan,shan
    单dan,chan,shan 颤chan,zhan 长chang,zhang 厂chang,an 朝chao,zhao 嘲chao,zhao 车che,ju 称cheng,chen 盛sheng,cheng
    乘cheng,sheng 澄cheng,deng 匙chi,shi 尺chi,che 重zhong,chong 种zhong,chong 仇chou,qiu 臭chou,xiu 畜chu,xu
    传chuan,zhuan 幢chuang,zhuang 绰chuo,chao 伺ci,si 兹zi,ci 枞cong,zong 攒cuan,zan 撮cuo,zuo 大da,dai 石shi,dan
    得de,dei 的de,di 地di,de 提ti,di 翟zhai,di 调diao,tiao 丁ding,zheng 侗dong,tong 洞dong,tong 都du,dou 读du,dou
    度du,duo 囤tun,dun 沌dun,zhuan 敦dun,dui 恶e,wu 番fan,pan 繁fan,po 冯feng,ping 佛fo,fu 否fou,pi 脯pu,fu 费fei,bi
    咖ka,ga 轧zha,ya,ga 盖gai,ge 干gan,qian 扛kang,gang 合he,ge 给gei,ji 颈jing,geng 谷gu,yu 鹄hu,gu 贾jia,gu 莞guan,wan
    纶lun,guan 广guang,an 龟gui,jun,qiu 炔que,gui 桧hui,gui 还hai,huan 咳ke,hai 巷xiang,hang 行xing,hang,heng
    吭hang,keng 和he,huo,hu 核he,hu 吓xia,he 貉he,hao 红hong,gong 虹hong,jiang 浒hu,xu 滑hua,gu 徊huai,hui 郇xun,huan
    会hui,kuai 浍hui,kuai 稽ji,qi 奇qi,ji 缉ji,qi 其qi,ji 齐qi,ji,zhai 祭ji,zhai 系xi,ji 夹jia,ga 茄qie,jia 价jia,jie
    家jia,jie 见jian,xian 浅qian,jian 槛kan,jian 将jiang,qiang 强qiang,jiang 降jiang,xiang 觉jue,jiao 角jiao,jue
    校xiao,jiao 嚼jiao,jue 侥jiao,yao 缴jiao,zhuo 解jie,xie 芥jie,gai 借jie,ji 劲jin,jing 靓liang,jing 咀ju,zui 句ju,gou
    隽jun,juan 圈quan,juan 均jun,yun 浚jun,xun 卡ka,qia 楷kai,jie 壳ke,qiao 溃kui,hui 隗wei,kui 括kuo,gua 适shi,kuo
    腊la,xi 落luo,la,lao 蜡la,zha 乐le,yue,lao 勒le,lei 肋lei,le 俩liang,lia 了le,liao 六liu,lu 陆lu,liu 碌lu,liu 绿lv,lu
    率lv,shuai 偻lou,lv 露lu,lou 络luo,lao 烙lao,luo 姥lao,mu 埋mai,man 脉mai,mo 蔓man,wan 氓mang,meng 没mei,mo 万wan,mo
    糜mi,mei 谜mi,mei 缪miao,mou,miu 乜nie,mie 模mo,mu 抹mo,ma 无wu,mo 牟mou,mu 那na,ne,nei,nuo 哪na,nei,ne 呢ne,ni
    粘zhan,nian 辗zhan,nian 尿niao,sui 区qu,ou 弄nong,long 疟nve,yao 娜na,nuo 女nv,ru 迫po,pai 胖pang,pan 坏huai,pi
    朴pu,piao,po 瀑pu,bao 栖qi,xi 期qi,ji 蹊qi,xi 荠qi,ji 契qi,xie 铅qian,yan 雀que,qiao 且qie,ju 亲qin,qing 覃tan,qin
    塞sai,se 色se,shai 厦sha,xia 杉shan,sha 栅zha,shan,ce 掸dan,shan 剡yan,shan 裳shang,chang 汤tang,shang 召zhao,shao
    折zhe,she 蛇she,yi 射she,ye,yi 歙she,xi 谁shei,shui 什shi,shen 沈shen,chen 莘shen,xin 渑mian,sheng 省sheng,xing
    拾shi,she 识shi,zhi 食shi,si 氏shi,zhi 似si,shi 峙zhi,shi 殖zhi,shi 熟shu,shou 属shu,zhu 术shu,zhu 数shu,shuo
    说shuo,shui,yue 衰shuai,cui 俞yu,shu 俟si,qi 宿su,xiu 孙sun,xun 莎sha,suo 拓tuo,ta 叨dao,tao 陶tao,yao 洮tao,yao
    苕shao,tiao 屯tun,zhun 褪tui,tun 驮tuo,duo 尾wei,yi 遗yi,wei 尉wei,yu 蔚wei,yu 圩wei,xu 涡wo,guo 洗xi,xian 戏xi,hu
    铣xi,xian 虾xia,ha 纤xian,qian 削xiao,xue 叶ye,xie 邪xie,ye 血xue,xie 荥xing,ying 吁xu,yu 于yu,wu 券quan,xuan
    咽yan,ye 烟yan,yin 殷yin,yan 幺yao,mo 钥yao,yue 拽zhuai,ye 艾ai,yi 员yuan,yun 约yue,yao 栎li,yue 仔zai,zi 择ze,zhai
    扎zha,za 爪zhua,zhao 着zhe,zhao,zhuo,zhu 这zhe,zhei 吱zi,zhi 赚zhuan,zuan 僮tong,zhuang 综zong,zeng 卒zu,cu 足zu,ju
    柞zuo,zha 琢zhuo,zuo 征zheng,zhi 宓mi,fu 佴nai,er 谌chen,shen 郗xi,chi 褚chu,zhu 钭tou,dou 晟sheng,cheng
    泷long,shuang 卷juan,quan 峒dong,tong 鹘gu,hu 涌yong,chong 哈ha,ka 溺ni,niao 娩mian,wan 骑qi,ji 呱gua,gu 亟ji,qi
    偈ji,jie 蕃fan,bo 胳ge,ga 夯hang,ben 炅jiong,gui
    """
}
