"""The names that the made-up county is built from: townships, communities, compounds, firms and people. All of them are invented."""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


#: code, name, short name
TOWNSHIPS = (
    ("wenchangzhen", "文昌镇人民政府", "文昌镇"),
    ("shuidongzhen", "水东镇人民政府", "水东镇"),
    ("lanshanxiang", "岚山乡人民政府", "岚山乡"),
)

#: slug, name, township, the road that its compounds lie along, and compounds as "code name; …"
COMMUNITIES = (
    (
        "xingfu",
        "幸福社区",
        "wenchangzhen",
        "幸福路",
        "xfl1 幸福里小区; jxjy 锦绣家园; yghy 阳光花园; hxxq 和谐小区; jsnh 金色年华; jsxc 教师新村; lsjss 粮食局宿舍; "
        "xfjy 幸福佳苑; yjhy 怡景花园; klxq 康乐小区",
    ),
    (
        "wenchang",
        "文昌社区",
        "wenchangzhen",
        "文昌路",
        "ghy1 桂花苑; wc88 文昌路 88 号大院; hlf1 翰林府; sxmd 书香门第; wcht 文昌华庭; xfyj 学府雅居; qyf1 青衿坊; wtl1 梧桐里; "
        "yzjsy 县一中家属院; mxy1 墨香苑",
    ),
    (
        "chengnan",
        "城南社区",
        "wenchangzhen",
        "城南大道",
        "sjxc 世纪新城; cnhy 城南花园; ljjy 丽景嘉园; dfmz 东方明珠; nhcx 南湖春晓; jgy1 金桂园; qxcss 汽修厂宿舍; "
        "cnaza 城南安置小区 A 区; tjmy 天骄名苑; zjy1 紫荆苑",
    ),
    (
        "nanmen",
        "南门社区",
        "wenchangzhen",
        "南门街",
        "nmpq 南门片区; gcxy 古城新苑; hht1 荷花塘小区; fsl1 福寿里; bhss 百货大楼宿舍; chy1 春晖园; cqg1 城墙根小区; yal1 永安里; "
        "pay1 平安苑; mfjs 棉纺厂家属院",
    ),
    (
        "shuidong",
        "水东社区",
        "shuidongzhen",
        "水东路",
        "saht 水岸华庭; sdhy 水东花苑; xzy1 香樟园; wjl1 望江楼小区; bsw1 碧水湾; njzs 农机站宿舍; dmxq 东门小区; larj 柳岸人家; "
        "jzl1 橘子林; sdaz2 水东安置房二期",
    ),
    (
        "hongqi",
        "红旗社区",
        "shuidongzhen",
        "红旗大道",
        "hqxq 红旗小区; hqxc 红旗新村; jxcs 机械厂宿舍; fhy1 凤凰苑; gmhy 光明花园; jsl1 建设路小区; ycy1 育才园; ltxq 龙腾小区; "
        "grxc 工人新村; yly1 玉兰苑",
    ),
    (
        "binjiang",
        "滨江社区",
        "shuidongzhen",
        "滨江路",
        "bjyp 滨江一品; bjgg 滨江公馆; yjw1 御景湾; jpmd 江畔名都; byy1 白鹭洲; bjhy 滨江花园; yjxq 渔家小区; jnc1 江南春; ysj1 云水间; "
        "jkbz2 经开区保障性租赁住房（二期）东区",
    ),
    (
        "dongsheng",
        "东升社区",
        "lanshanxiang",
        "东升路",
        "dsaza 东升安置小区 A 区; dsazb 东升安置小区 B 区; cyxq 朝阳小区; xry1 旭日园; dsjy 东升家园; xyhy 向阳花苑; cgl1 晨光里; "
        "lyjs 林业局宿舍; jmy1 金麦园",
    ),
    (
        "lanshan",
        "岚山社区",
        "lanshanxiang",
        "岚山路",
        "lsxq 岚山小区; cwj1 翠微居; sty1 松涛苑; ssmc 山水名城; zyy1 竹韵园; qql1 清泉里; lsgg 岚山公馆; ccss 茶厂宿舍; bsxz 半山小筑",
    ),
    (
        "qingyun",
        "青云社区",
        "lanshanxiang",
        "青云街",
        "qyyy 青云雅苑; qyl1 青云里; bbg1 步步高小区; byzs 白云山庄; yyjs 医院家属区; xhy1 星河园; xyxq 鑫源小区; lyg1 凌云阁; "
        "qyaz 青云安置小区",
    ),
)

#: Compounds that nobody manages: there the community stands in for the firm.
WITHOUT_FIRM = frozenset(_words("lsjss wc88 yzjsy qxcss nmpq bhss mfjs njzs jxcs lyjs ccss yyjs"))
HIGHRISE = frozenset(
    _words("jxjy hlf1 sjxc dfmz ljjy tjmy bjyp bjgg yjw1 jpmd byy1 jkbz2 saht bsw1 ssmc wcht dsazb sdaz2 xhy1 fhy1")
)
#: Households and buildings of the compounds that stories and pages tell of; the others are drawn.
KNOWN_SIZES = {"xfl1": (612, 9), "jxjy": (864, 12), "ghy1": (430, 8), "bjyp": (1260, 14), "hlf1": (720, 8), "jkbz2": (1536, 12)}
ALIASES = {
    "xfl1": ("幸福里", "幸福里一期"),
    "jxjy": ("锦绣", "锦绣花园"),
    "ghy1": ("桂苑", "桂花园"),
    "bjyp": ("一品", "滨江1品"),
    "wc88": ("文昌路88号", "88号大院"),
    "dsazb": ("东升B区", "东升安置B区"),
    "jkbz2": ("经开区公租房", "保障房二期东区"),
    "nmpq": ("南门老街",),
}

#: code, full name, short name, communities it mostly works in
FIRMS = (
    ("wy-jinxiu", "安和县锦绣物业服务有限公司", "锦绣物业", ("xingfu",)),
    ("wy-guiyuan", "安和县桂苑物业服务有限公司", "桂苑物业", ("wenchang",)),
    ("wy-heshun", "安和县和顺物业管理有限公司", "和顺物业", ("xingfu", "wenchang")),
    ("wy-jinguan", "安和县金管家物业服务有限公司", "金管家物业", ("chengnan",)),
    ("wy-lvyin", "安和县绿荫物业服务有限公司", "绿荫物业", ("chengnan",)),
    ("wy-gucheng", "安和县古城物业管理有限公司", "古城物业", ("nanmen",)),
    ("wy-anju", "安和县安居物业服务有限公司", "安居物业", ("nanmen", "chengnan")),
    ("wy-shuian", "安和县水岸物业服务有限公司", "水岸物业", ("shuidong",)),
    ("wy-huimin", "安和县惠民物业服务有限公司", "惠民物业", ("shuidong", "hongqi")),
    ("wy-hongyun", "安和县鸿运物业管理有限公司", "鸿运物业", ("hongqi",)),
    ("wy-binjiang", "安和县滨江物业服务有限公司", "滨江物业", ("binjiang",)),
    ("wy-yushui", "安和县渔水物业服务有限公司", "渔水物业", ("binjiang",)),
    ("wy-xiangyang", "安和县向阳物业服务有限公司", "向阳物业", ("dongsheng",)),
    ("wy-cuiwei", "安和县翠微物业服务有限公司", "翠微物业", ("lanshan",)),
    ("wy-qingyun", "安和县青云物业管理有限公司", "青云物业", ("qingyun",)),
)

#: code, name, short name, may take part in enforcement in its own name, desk phone (last four digits), people besides head and reviewer
DEPARTMENTS = (
    ("gongan", "县公安局", "公安局", True, "0110", 4),
    ("chengguan", "县城市管理局", "城管局", True, "0145", 4),
    ("ziran", "县自然资源局", "自然资源局", True, "0147", 3),
    ("liangwei", "县“两违”综合执法大队", "“两违”大队", False, "0156", 3),
    ("huanjing", "县生态环境局", "生态环境局", True, "0149", 3),
    ("zhujian", "县住房和城乡建设局", "住建局", True, "0151", 4),
    ("sifa", "县司法局", "司法局", False, "0153", 3),
    ("xiaofang", "县消防救援大队", "消防救援大队", True, "0119", 4),
    ("shijian", "县市场监督管理局", "市场监管局", True, "0158", 3),
    ("nongye", "县农业农村局", "农业农村局", True, "0161", 3),
    ("weijian", "县卫生健康委", "卫健委", True, "0163", 3),
)
PARTNERS = (
    ("fayuan", "court", "县人民法院", "法院", "0165"),
    ("gongdian", "utility", "安和供电公司", "供电公司", "0181"),
    ("gongshui", "utility", "安和供水公司", "供水公司", "0183"),
    ("ranqi", "utility", "安和燃气公司", "燃气公司", "0185"),
)

SURNAMES = _words(
    "王wang 李li 张zhang 刘liu 陈chen 杨yang 黄huang 赵zhao 吴wu 周zhou 徐xu 孙sun 马ma 朱zhu 胡hu 郭guo 何he 林lin 罗luo 高gao 郑zheng "
    "梁liang 谢xie 宋song 唐tang 许xu 邓deng 韩han 冯feng 曹cao 彭peng 曾zeng 肖xiao 田tian 董dong 袁yuan 潘pan 于yu 蒋jiang 蔡cai 杜du "
    "叶ye 程cheng 魏wei 苏su 丁ding 任ren 沈shen 姚yao 卢lu 姜jiang 崔cui 钟zhong 谭tan 陆lu 汪wang 范fan 石shi 廖liao 贾jia 夏xia 方fang "
    "白bai 邹zou 孟meng 熊xiong 秦qin 邱qiu 江jiang 尹yin 薛xue 段duan 雷lei 侯hou 龙long 陶tao 黎li 贺he 顾gu 毛mao 龚gong 邵shao 万wan "
    "钱qian 严yan 赖lai 欧阳ouyang"
)
GIVEN_NAMES = _words(
    "敏min 静jing 丽li 强qiang 磊lei 军jun 洋yang 勇yong 艳yan 杰jie 涛tao 明ming 超chao 霞xia 平ping 刚gang 凯kai 鹏peng 璐lu 颖ying "
    "慧hui 宁ning 帆fan 伟wei 娟juan 斌bin 波bo 辉hui 玲ling 飞fei 桂英guiying 建国jianguo 秀英xiuying 文博wenbo 子涵zihan 雨桐yutong "
    "浩然haoran 志远zhiyuan 晓东xiaodong 海峰haifeng 红梅hongmei 春花chunhua 玉兰yulan 国庆guoqing 建华jianhua 小燕xiaoyan 思源siyuan "
    "佳怡jiayi 俊杰junjie 天宇tianyu 一鸣yiming 梦琪mengqi 雪梅xuemei 金凤jinfeng 永强yongqiang 志明zhiming 丽华lihua 美玲meiling "
    "水生shuisheng 福生fusheng 九香jiuxiang 根秀genxiu 荣辉ronghui 冬生dongsheng 卫东weidong 爱民aimin 晓慧xiaohui 婷婷tingting"
)
