"""Chinese words: nouns with their measure words, and the choices that depend on context.

One English word is often several Chinese ones: what is worn on the head is 戴, on the body 穿; a horse is 骑, a bus
is 坐; football is 踢, basketball 打, a guitar 弹, a kite 放.
"""

from __future__ import annotations

from crosscap.storybook.inventory import BY_SENSE

# sense: measure word, then the nouns, the usual one first.
_NOUNS = """
man 个 男人 男子|woman 个 女人 女子|boy 个 男孩|girl 个 女孩|dog 只 狗|cat 只 猫|horse 匹 马|cow 头 奶牛 牛
sheep 只 羊 绵羊|elephant 头 大象|bird 只 鸟|duck 只 鸭子|bat.animal 只 蝙蝠|bicycle 辆 自行车 单车
motorcycle 辆 摩托车|car 辆 汽车 轿车|boat 艘 船|bus 辆 公共汽车 公交车|skateboard 块 滑板|surfboard 块 冲浪板
football 个 足球|basketball 个 篮球|guitar 把 吉他|piano 架 钢琴|kite 只 风筝|bat.club 根 球棒|book 本 书
umbrella 把 雨伞 伞|cup 个 茶杯|glasses.cups 些 杯子 玻璃杯|cake 块 蛋糕|apple 个 苹果|lamp 盏 台灯 灯
table 张 桌子|chair 把 椅子|bench 条 长椅 长凳|bed 张 床|sofa 张 沙发|tree 棵 树|flower 朵 花|house 座 房子
fence 道 栅栏 篱笆|hat 顶 帽子|shirt 件 衬衫|jacket 件 夹克|dress 条 裙子 连衣裙|scarf 条 围巾
glasses.eyewear 副 眼镜|park 个 公园|beach 片 沙滩 海滩|street 条 街道|snow 片 雪地|room 个 房间|lake 个 湖
farm 个 农场|kitchen 个 厨房
"""
NOUNS: dict[str, tuple[str, tuple[str, ...]]] = {
    row.split()[0]: (row.split()[1], tuple(row.split()[2:])) for row in _NOUNS.strip().replace("\n", "|").split("|")
}
NUMERALS = {1: "一", 2: "两", 3: "三", 4: "四", 5: "五", 6: "六"}

# attribute: part of speech, words; 的 may follow nouns and "的?" adjectives.
ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "red": ("红色",), "blue": ("蓝色",), "green": ("绿色",), "yellow": ("黄色",), "black": ("黑色",),
    "white": ("白色",), "brown": ("棕色", "褐色"), "orange": ("橙色",), "purple": ("紫色",), "pink": ("粉色",),
    "gray": ("灰色",), "big": ("大",), "small": ("小",), "young": ("年轻",), "old": ("年老",),
    "striped": ("条纹",), "spotted": ("斑点",), "checked": ("格子",), "wooden": ("木制",),
}  # fmt: skip
# Adjectives that stand directly before their noun; the others may take 的.
DIRECT = frozenset({"big", "small"})
# A spotted animal is 花斑, a spotted shirt 斑点.
SPOTTED_ANIMAL = "花斑"

LOCALIZERS: dict[str, tuple[str, ...]] = {
    "on": ("上",), "in": ("里",), "under": ("下面", "下"), "behind": ("后面",), "next to": ("旁边",),
    "in front of": ("前面",), "near": ("附近",), "above": ("上方", "上面"), "at": ("旁",),
}  # fmt: skip

_WORN_ON_HEAD = {"hat": "戴", "scarf": "戴", "glasses.eyewear": "戴"}
_PLAYED = {"football": ("踢",), "basketball": ("打",), "guitar": ("弹",), "piano": ("弹",), "kite": ("放",)}
_RIDDEN = {"horse": ("骑",), "elephant": ("骑",), "bicycle": ("骑",), "motorcycle": ("骑",),
           "skateboard": ("踩", "滑"), "surfboard": ("踩",)}  # fmt: skip
_HELD = {"umbrella": ("撑", "打"), "cup": ("端", "拿"), "glasses.cups": ("端", "拿"), "cake": ("端", "拿"),
         "cat": ("抱",), "dog": ("抱",), "guitar": ("抱",), "flower": ("捧", "拿")}  # fmt: skip
_CARRIED = {"surfboard": ("扛", "抱"), "guitar": ("背",), "bench": ("扛",), "boat": ("扛",)}
_PLAIN = {"read": ("读", "看"), "chase": ("追",), "look at": ("看", "望"), "walk": ("遛",), "feed": ("喂",),
          "kick": ("踢",), "push": ("推",), "eat": ("吃",), "hug": ("抱",), "fly": ("放",),
          "drive": ("开",), "lean against": ("靠",)}  # fmt: skip
POSTURES: dict[str, tuple[str, ...]] = {"sit on": ("坐",), "stand on": ("站",), "lie on": ("躺",)}


def verbs(predicate: str, sense: str) -> tuple[str, ...]:
    """The verbs that say ``predicate`` of an object of this sense."""
    group = BY_SENSE[sense].group if sense in BY_SENSE else "place"
    if predicate == "wear":
        return (_WORN_ON_HEAD.get(sense, "穿"),)
    if predicate == "play":
        return _PLAYED.get(sense, ("玩",))
    if predicate == "play with":
        return ("放",) if sense == "kite" else ("玩",)
    if predicate == "ride":
        return _RIDDEN.get(sense, ("坐",))
    if predicate == "hold":
        return _HELD.get(sense, ("抱",) if group in ("animal", "person") else ("拿",))
    if predicate == "carry":
        return _CARRIED.get(sense, ("抱",) if group in ("animal", "person") else ("拿", "提"))
    if predicate == "throw":
        return ("投", "扔") if sense == "basketball" else ("扔",)
    if predicate == "catch":
        return ("抓",) if group == "animal" else ("接",)
    return _PLAIN[predicate]


# With people and animals one plays together.
def together(predicate: str, sense: str) -> bool:
    return predicate == "play with" and sense in BY_SENSE and BY_SENSE[sense].group in ("animal", "person")
