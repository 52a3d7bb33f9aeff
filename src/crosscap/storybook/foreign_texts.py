"""Parallel text that is about other things than pictures: news, dialogue, manuals."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

# Sentence patterns: genre | English | Chinese | German. A slot {x} is filled alike in all languages.
_PATTERNS = """
news | The {body} announced on {day} that {goods} prices would rise by {n} percent this {time}. | {body}{day}宣布，{time}{goods}价格将上涨百分之{n}。 | {body} kündigte {day} an, dass die Preise für {goods} {time} um {n} Prozent steigen.
news | {goods} exports fell by {n} percent last quarter, according to a report from the {body}. | 根据{body}的报告，上季度{goods}出口下降了百分之{n}。 | Laut einem Bericht ({body}) sank die Ausfuhr von {goods} im letzten Quartal um {n} Prozent.
news | After long negotiations the {body} finally approved the new law about {topic} on {day}. | 经过长时间的谈判，{body}终于在{day}通过了关于{topic}的新法律。 | Nach langen Verhandlungen wurde {day} das neue Gesetz über {topic} beschlossen: {body}.
news | Experts from the {body} warned that {topic} could become a serious problem this {time}. | {body}的专家警告说，{topic}{time}可能成为严重的问题。 | Fachleute ({body}) warnten, dass {topic} {time} ein ernstes Problem werden könnte.
news | Hundreds of workers protested against the {topic} plans of the {body} on {day} evening. | {day}晚上，数百名工人抗议{body}的{topic}计划。 | Hunderte Arbeiter protestierten {day} gegen die Pläne zum Thema {topic}: {body}.
dialogue | I told you yesterday that I would rather talk about {topic} with my {relative}. | 我昨天告诉过你，我更愿意和我的{relative}谈{topic}。 | Ich habe dir gestern gesagt, dass ich über {topic} lieber mit {relative} rede.
dialogue | Do you think your {relative} will believe us when we explain the {topic} problem? | 你觉得我们解释{topic}问题的时候，你的{relative}会相信我们吗？ | Glaubst du, man hört uns zu, wenn wir das Problem {topic} erklären ({relative})?
dialogue | Sorry, I forgot to call my {relative} because I had an important meeting on {day}. | 对不起，我忘了给我的{relative}打电话，因为{day}我有一个重要的会议。 | Entschuldige, ich vergaß anzurufen ({relative}), weil ich {day} eine wichtige Besprechung hatte.
dialogue | Why did nobody tell me that the {goods} we ordered never arrived on {day}? | 为什么没有人告诉我，我们订的{goods}{day}没有到？ | Warum sagte mir niemand, dass das bestellte {goods} {day} nie ankam?
dialogue | Could you please remind my {relative} to bring the documents about {topic} by {day}? | 你能提醒我的{relative}{day}之前把关于{topic}的文件带来吗？ | Könntest du bitte {relative} erinnern, die Unterlagen über {topic} bis {day} mitzubringen?
manual | Before you replace the {part}, switch off the device and wait at least {n} minutes. | 更换{part}之前，请关闭设备并至少等待{n}分钟。 | Bevor Sie {part} austauschen, schalten Sie das Gerät aus und warten Sie mindestens {n} Minuten.
manual | Press the button for {n} seconds until the {part} indicator starts to blink slowly. | 按住按钮{n}秒，直到{part}指示灯开始慢慢闪烁。 | Drücken Sie die Taste {n} Sekunden lang, bis die Anzeige für {part} langsam blinkt.
manual | Never clean the {part} with alcohol, because this could damage the surface after {n} hours. | 切勿用酒精清洁{part}，因为{n}小时后可能损坏表面。 | Reinigen Sie {part} nie mit Alkohol, da dies nach {n} Stunden die Oberfläche beschädigen kann.
manual | If the {part} does not respond, restart the software and update the driver within {n} days. | 如果{part}没有反应，请重新启动软件，并在{n}天内更新驱动程序。 | Wenn {part} nicht reagiert, starten Sie die Software neu und aktualisieren Sie binnen {n} Tagen den Treiber.
manual | The warranty for the {part} ends {n} months after purchase unless it was registered online. | 除非在线注册，{part}的保修期在购买{n}个月后结束。 | Die Garantie für {part} endet {n} Monate nach dem Kauf, sofern nicht online registriert.
"""  # noqa: E501
_SLOTS = {
    "body": "government/政府/die Regierung|central bank/中央银行/die Zentralbank|ministry/部委/das Ministerium|"
            "parliament/议会/das Parlament|supreme court/最高法院/das oberste Gericht|city council/市议会/der Stadtrat",
    "day": "Monday/星期一/am Montag|Tuesday/星期二/am Dienstag|Thursday/星期四/am Donnerstag|Friday/星期五/am Freitag",
    "goods": "steel/钢铁/Stahl|oil/石油/Öl|"
             "medicine/药品/Medizin|rice/大米/Reis|software/软件/Software|coal/煤炭/Kohle",
    "time": "year/今年/dieses Jahr|"
            "month/本月/diesen Monat|winter/今年冬天/diesen Winter|decade/这十年/dieses Jahrzehnt",
    "topic": "inflation/通货膨胀/Inflation|education/教育/Bildung|migration/移民/Migration|energy/能源/Energie|"
             "health insurance/医疗保险/Krankenversicherung|"
             "taxation/税收/Besteuerung|climate change/气候变化/Klimawandel",
    "relative": "brother/哥哥/mein Bruder|boss/老板/mein Chef|lawyer/律师/meine Anwältin|cousin/表弟/mein Cousin|"
                "doctor/医生/mein Arzt|neighbour/邻居/meine Nachbarin",
    "part": "battery/电池/die Batterie|printer cartridge/墨盒/die Druckerpatrone|filter/过滤器/den Filter|"
            "network cable/网线/das Netzwerkkabel|sensor/传感器/den Sensor|memory card/存储卡/die Speicherkarte",
    "n": "two/2/zwei|three/3/drei|five/5/fünf|seven/7/sieben|ten/10/zehn|twelve/12/zwölf|thirty/30/dreißig",
}  # fmt: skip
_COLUMNS = ("en", "zh", "de")


@dataclass(frozen=True)
class ForeignText:
    """One sentence in every language of the storybook."""

    genre: str
    texts: dict[str, str]


def sample(random: Random) -> ForeignText:
    """A sentence drawn from ``random``."""
    genre, *patterns = (cell.strip() for cell in random.choice(_PATTERNS.strip().split("\n")).split(" | "))
    chosen = {name: random.choice(options.split("|")).split("/") for name, options in _SLOTS.items()}
    texts = {}
    for column, (language, pattern) in enumerate(zip(_COLUMNS, patterns, strict=True)):
        for name, words in chosen.items():
            pattern = pattern.replace(f"{{{name}}}", words[column])
        texts[language] = pattern[0].upper() + pattern[1:]
    return ForeignText(genre, texts)
