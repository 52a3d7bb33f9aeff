"""What the raters' page says, in the languages that raters read it in."""

from __future__ import annotations

from collections.abc import Mapping

ENGLISH = {
    "title": "Rate captions",
    "help": "How to rate",
    "introduction": "Look at each picture, read what is written about it, and choose one number in every row. "
    "Captions that look alike are there on purpose: rate each by itself. Your answers are kept in this browser; when "
    "all are given, save them and send the file back.",
    "keys": "Keys: 1 to 9 rate the marked row (0 is 10), Enter or → goes on, ← goes back, u finds what is not rated.",
    "relevancy": "Relevancy: does the caption say correctly what matters in the picture?",
    "fluency": "Fluency: does the caption read like one that a native speaker wrote?",
    "diversification": "Diversification: is the caption rich in content and wording, or one that fits any picture?",
    "diversification of a set": "Diversification: all captions together, are they as different in content and wording "
    "as their pictures are?",
    "back": "Back",
    "next": "Next",
    "unrated": "Next unrated",
    "save": "Save as CSV",
    "count": "{rated} of {all} rated",
    "place": "No. {place} of {all}",
    "done": "All are rated. Save the ratings and send the file back. Thank you!",
    "left": "The end, but {left} are not fully rated: this is one of them.",
    "unkept": "This browser keeps nothing: save the ratings before you close the page.",
    "empty": "(no caption)",
    "picture": "Picture",
    "unscripted": "This page needs JavaScript. Without it, fill in the table (CSV) that came with it.",
}

WORDINGS: Mapping[str, Mapping[str, str]] = {
    "en": ENGLISH,
    "zh": {
        "title": "图片描述评分",
        "help": "评分说明",
        "introduction": "请看每张图片，阅读它的描述，并在每一行中选择一个分数。相似的描述是有意安排的，"
        "请对每一条单独评分。"
        "您的答案会保存在本浏览器中；全部完成后，请导出文件并寄回。",
        "keys": "按键：1 至 9 为标出的一行评分（0 表示 10 分），Enter 或 → 前进，← 后退，u 跳到尚未评分的一条。",
        "relevancy": "相关性：描述是否正确说出了图片中的重要内容？",
        "fluency": "流畅性：描述读起来是否像母语者所写？",
        "diversification": "多样性：描述的内容和用词是否丰富，而不是对任何图片都适用？",
        "diversification of a set": "多样性：这些描述合在一起，内容和用词是否像图片本身一样各不相同？",
        "back": "上一条",
        "next": "下一条",
        "unrated": "下一条未评分的",
        "save": "导出 CSV",
        "count": "已评 {rated} / {all}",
        "place": "第 {place} 条，共 {all} 条",
        "done": "全部评完。请导出评分并寄回文件。谢谢！",
        "left": "已到末尾，但还有 {left} 条没有评完，这是其中一条。",
        "unkept": "本浏览器无法保存答案：关闭页面前请先导出评分。",
        "empty": "（没有描述）",
        "picture": "图片",
        "unscripted": "本页需要 JavaScript。如不可用，请填写随附的表格（CSV）。",
    },
    "de": {
        "title": "Bildbeschreibungen bewerten",
        "help": "So wird bewertet",
        "introduction": "Sehen Sie sich jedes Bild an, lesen Sie, was dazu geschrieben steht, und wählen Sie in jeder "
        "Zeile eine Zahl. Ähnliche Beschreibungen sind Absicht: bewerten Sie jede für sich. Ihre Antworten bleiben in "
        "diesem Browser; speichern Sie am Ende die Datei und schicken Sie sie zurück.",
        "keys": "Tasten: 1 bis 9 bewerten die markierte Zeile (0 ist 10), Enter oder → geht weiter, ← zurück, u sucht, "
        "was noch offen ist.",
        "relevancy": "Relevanz: Sagt die Beschreibung richtig, worauf es im Bild ankommt?",
        "fluency": "Sprachfluss: Liest sich die Beschreibung wie von jemandem mit dieser Muttersprache?",
        "diversification": "Vielfalt: Ist die Beschreibung reich an Inhalt und Wörtern und passt nicht zu jedem Bild?",
        "diversification of a set": "Vielfalt: Sind alle Beschreibungen zusammen in Inhalt und Wörtern so verschieden "
        "wie ihre Bilder?",
        "back": "Zurück",
        "next": "Weiter",
        "unrated": "Nächste offene",
        "save": "Als CSV speichern",
        "count": "{rated} von {all} bewertet",
        "place": "Nr. {place} von {all}",
        "done": "Alles ist bewertet. Bitte speichern und die Datei zurückschicken. Danke!",
        "left": "Ende, aber {left} sind nicht ganz bewertet; dies ist eine davon.",
        "unkept": "Dieser Browser behält nichts: speichern Sie, bevor Sie die Seite schließen.",
        "empty": "(keine Beschreibung)",
        "picture": "Bild",
        "unscripted": "Diese Seite braucht JavaScript. Füllen Sie sonst die beigelegte Tabelle (CSV) aus.",
    },
}

# The papers name their levels in English; these are translations.
LEVELS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "zh": {
        "unison": ("很差", "差", "尚可", "好", "优秀"),
        "cross2stra": ("差到极点", "糟糕", "差", "略差", "一般", "高于一般", "尚可", "好", "很好", "优秀"),
    },
    "de": {
        "unison": ("sehr schlecht", "schlecht", "ausreichend", "gut", "hervorragend"),
        "cross2stra": (
            "geht nicht schlechter",
            "furchtbar",
            "schlecht",
            "etwas schlecht",
            "mittel",
            "über dem Mittel",
            "ausreichend",
            "gut",
            "sehr gut",
            "hervorragend",
        ),
    },
}
