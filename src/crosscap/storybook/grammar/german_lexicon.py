"""German words: nouns with gender and plural, adjectives, and verbs that depend on subject and object.

A horse is ridden (reiten), a bus travelled with (fahren mit), people eat (essen) and animals feed (fressen), and a
kite is let rise (steigen lassen).
"""

from __future__ import annotations

from dataclasses import dataclass

from crosscap.storybook.inventory import BY_SENSE

NOMINATIVE, ACCUSATIVE, DATIVE = "nominative", "accusative", "dative"


@dataclass(frozen=True)
class Noun:
    """``oblique``: accusative and dative singular, which differ from the nominative in the weak declension."""

    gender: str
    singular: str
    plural: str
    oblique: str

    def form(self, case: str, many: bool) -> str:
        if not many:
            return self.singular if case == NOMINATIVE else self.oblique
        return self.plural + "n" if case == DATIVE and self.plural[-1] not in "ns" else self.plural


# sense: gender, singular, plural, and the weak oblique form.
_NOUNS = """
man m Mann Männer|woman f Frau Frauen|boy m Junge Jungen Jungen|girl n Mädchen Mädchen|dog m Hund Hunde
cat f Katze Katzen|horse n Pferd Pferde|cow f Kuh Kühe|sheep n Schaf Schafe|elephant m Elefant Elefanten Elefanten
bird m Vogel Vögel|duck f Ente Enten|bat.animal f Fledermaus Fledermäuse|bicycle n Fahrrad Fahrräder
motorcycle n Motorrad Motorräder|car n Auto Autos|boat n Boot Boote|bus m Bus Busse|skateboard n Skateboard Skateboards
surfboard n Surfbrett Surfbretter|football m Fußball Fußbälle|basketball m Basketball Basketbälle
guitar f Gitarre Gitarren|piano n Klavier Klaviere|kite m Drachen Drachen|bat.club m Schläger Schläger
book n Buch Bücher|umbrella m Regenschirm Regenschirme|cup f Tasse Tassen|glasses.cups p Gläser Gläser
cake m Kuchen Kuchen|apple m Apfel Äpfel|lamp f Lampe Lampen|table m Tisch Tische|chair m Stuhl Stühle
bench f Bank Bänke|bed n Bett Betten|sofa n Sofa Sofas|tree m Baum Bäume|flower f Blume Blumen|house n Haus Häuser
fence m Zaun Zäune|hat m Hut Hüte|shirt n Hemd Hemden|jacket f Jacke Jacken|dress n Kleid Kleider|scarf m Schal Schals
glasses.eyewear f Brille Brillen|park m Park Parks|beach m Strand Strände|street f Straße Straßen|snow m Schnee Schnee
room n Zimmer Zimmer|lake m See Seen|farm m Bauernhof Bauernhöfe|kitchen f Küche Küchen
"""


def _noun(row: str) -> tuple[str, Noun]:
    sense, gender, singular, plural, *weak = row.split()
    return sense, Noun(gender, singular, plural, weak[0] if weak else singular)


NOUNS = dict(_noun(row) for row in _NOUNS.strip().replace("\n", "|").split("|"))
SYNONYMS = {
    "sofa": Noun("f", "Couch", "Couches", "Couch"),
    "umbrella": Noun("m", "Schirm", "Schirme", "Schirm"),
    "shirt": Noun("n", "Shirt", "Shirts", "Shirt"),
    "bicycle": Noun("n", "Rad", "Räder", "Rad"),
}
NUMERALS = {2: "zwei", 3: "drei", 4: "vier", 5: "fünf", 6: "sechs"}

ADJECTIVES = {
    "red": "rot", "blue": "blau", "green": "grün", "yellow": "gelb", "black": "schwarz", "white": "weiß",
    "brown": "braun", "orange": "orangefarben", "purple": "violett", "pink": "rosafarben", "gray": "grau",
    "big": "groß", "small": "klein", "young": "jung", "old": "alt", "striped": "gestreift", "spotted": "gepunktet",
    "checked": "kariert", "wooden": "hölzern",
}  # fmt: skip
# Animals are "gefleckt", clothes "gepunktet".
SPOTTED_ANIMAL = "gefleckt"

# Endings by gender (p: plural) and case: after "ein" (mixed), after "der" (weak), without article (strong).
_CASES = (NOMINATIVE, ACCUSATIVE, DATIVE)
INDEFINITE = {"m": ("ein", "einen", "einem"), "f": ("eine", "eine", "einer"), "n": ("ein", "ein", "einem"),
              "p": ("", "", "")}  # fmt: skip
DEFINITE = {"m": ("der", "den", "dem"), "f": ("die", "die", "der"), "n": ("das", "das", "dem"),
            "p": ("die", "die", "den")}  # fmt: skip
MIXED = {"m": ("er", "en", "en"), "f": ("e", "e", "en"), "n": ("es", "es", "en"), "p": ("e", "e", "en")}
WEAK = {"m": ("e", "en", "en"), "f": ("e", "e", "en"), "n": ("e", "e", "en"), "p": ("en", "en", "en")}
STRONG = {"m": ("er", "en", "em"), "f": ("e", "e", "er"), "n": ("es", "es", "em"), "p": ("e", "e", "en")}


def ending(table: dict[str, tuple[str, str, str]], gender: str, case: str) -> str:
    return table[gender][_CASES.index(case)]


PREPOSITIONS = {"on": "auf", "in": "in", "under": "unter", "behind": "hinter", "next to": "neben",
                "in front of": "vor", "near": "in der Nähe von", "above": "über"}  # fmt: skip
CONTRACTIONS = {("in", "dem"): "im", ("an", "dem"): "am", ("von", "dem"): "vom"}
# How a place is entered: preposition, and whether its article is always definite.
PLACES = {"park": ("in", False), "beach": ("an", True), "street": ("auf", False), "snow": ("in", True),
          "room": ("in", False), "farm": ("auf", False), "kitchen": ("in", False)}  # fmt: skip


@dataclass(frozen=True)
class Verb:
    """Forms and frame of a verb.

    Attributes:
        singular, plural: third person, without a separable part.
        tail: what closes the clause: a separable prefix (``prefix``) or an infinitive.
        preposition: before the object; empty for a plain one.
        case: the object's case.
        participle: for the passive; empty where there is none.
    """

    singular: str
    plural: str
    tail: str = ""
    prefix: bool = False
    preposition: str = ""
    case: str = ACCUSATIVE
    participle: str = ""

    def final(self, many: bool) -> str:
        """The verb at the end of a subordinate clause."""
        finite = self.plural if many else self.singular
        return f"{self.tail}{'' if self.prefix else ' ' if self.tail else ''}{finite}"


_READ = Verb("liest", "lesen", participle="gelesen")
_KITE = Verb("lässt", "lassen", "steigen")
_TRAVEL = {"on": Verb("fährt", "fahren", preposition="auf", case=DATIVE),
           "with": Verb("fährt", "fahren", preposition="mit", case=DATIVE),
           "in": Verb("fährt", "fahren", preposition="in", case=DATIVE)}  # fmt: skip
_PLAIN: dict[str, tuple[Verb, ...]] = {
    "wear": (Verb("trägt", "tragen"), Verb("hat", "haben", "an", True)),
    "hold": (Verb("hält", "halten", participle="gehalten"),),
    "play": (Verb("spielt", "spielen"),),
    "play with": (Verb("spielt", "spielen", preposition="mit", case=DATIVE),),
    "read": (_READ, Verb("liest", "lesen", preposition="in", case=DATIVE)),
    "chase": (Verb("jagt", "jagen", participle="gejagt"), Verb("läuft", "laufen", "hinterher", True, case=DATIVE)),
    "sit on": (Verb("sitzt", "sitzen", preposition="auf", case=DATIVE),),
    "stand on": (Verb("steht", "stehen", preposition="auf", case=DATIVE),),
    "lie on": (Verb("liegt", "liegen", preposition="auf", case=DATIVE),),
    "look at": (Verb("sieht", "sehen", "an", True), Verb("betrachtet", "betrachten", participle="betrachtet")),
    "walk": (Verb("führt", "führen", "aus", True), Verb("geht", "gehen", "spazieren", False, "mit", DATIVE)),
    "feed": (Verb("füttert", "füttern", participle="gefüttert"),),
    "kick": (Verb("schießt", "schießen"),),
    "throw": (Verb("wirft", "werfen", participle="geworfen"),),
    "catch": (Verb("fängt", "fangen", participle="gefangen"),),
    "push": (Verb("schiebt", "schieben", participle="geschoben"),),
    "carry": (Verb("trägt", "tragen", participle="getragen"),),
    "hug": (Verb("umarmt", "umarmen", participle="umarmt"),),
    "fly": (_KITE,),
    "swim in": (Verb("schwimmt", "schwimmen", preposition="in", case=DATIVE),),
    "lean against": (Verb("lehnt", "lehnen", preposition="an", case=DATIVE),),
}


def verbs(predicate: str, subject: str, other: str) -> tuple[Verb, ...]:
    """The verbs that say ``predicate`` of these senses, the usual one first."""
    animal = BY_SENSE[subject].group == "animal" if subject in BY_SENSE else False
    if predicate == "ride":
        if other in ("horse", "elephant"):
            return (Verb("reitet", "reiten", preposition="auf", case=DATIVE),)
        return (_TRAVEL["with"],) if other == "bus" else (_TRAVEL["in"],) if other == "boat" else (_TRAVEL["on"],)
    if predicate == "drive":
        return (Verb("steuert", "steuern"),) if other == "boat" else (Verb("fährt", "fahren"),)
    if predicate == "eat":
        return (Verb("frisst", "fressen"),) if animal else (Verb("isst", "essen"),)
    if predicate == "play with" and other == "kite":
        return (_KITE,)
    return _PLAIN[predicate]
