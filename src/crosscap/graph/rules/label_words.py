"""The closed word lists that labels of annotated pictures need: they come without the tree that sentences have."""

from __future__ import annotations

from crosscap.graph.rules.lemma_lists import IRREGULAR_NOUNS, IRREGULAR_VERBS, NOUNS_IN_S
from crosscap.graph.rules.word_lists import PHRASAL_PREPOSITIONS, word_set

ARTICLES = word_set("a an the this that these those its his her their some")
AUXILIARIES = word_set("be is are was were being been am")
PARTICLES = word_set("up down in out on off over away back")
PREPOSITIONS = PARTICLES | word_set(
    "aboard about above across after against ahead along alongside amid among amongst around as at atop before behind "
    "below beneath beside besides between beyond by despite during except for from inside into like near of onto "
    "opposite outside past per round since than through throughout till to toward towards under underneath until "
    "upon via with within without"
)
# What follows them says where a thing is, what it belongs to or how it is, not what: "leg of a chair", "desk is grey".
ENDS_OF_NAMES = word_set("above at behind below beside by for from in near of on under with is are was were has have")

# Nouns in -s that are no plurals.
SINGULAR_IN_S = (
    frozenset(form.removesuffix("es") for form in NOUNS_IN_S)
    | frozenset(base for base in IRREGULAR_NOUNS.values() if base.endswith("s"))
    | word_set("christmas cosmos rhinoceros thermos texas this its his has is was as")
)
# Verbs whose base looks inflected.
BASES = frozenset(IRREGULAR_VERBS.values()) | word_set(
    "exceed proceed succeed weed seed heed embed bias focus canvas need"
)
# "parked by the curb" says where, "held by a man" says who.
POSITIONED = word_set("arranged docked located parked placed positioned seated situated stopped")

# -ing words that name or describe as they are: a dining table, an interesting book. Others are what someone does.
NAMES_IN_ING = word_set(
    "amazing boring building ceiling charming clothing cutting darling dining evening exciting filing fishing gaming "
    "interesting king living lightning matching missing morning parking ring shopping sparkling spring sterling string "
    "stunning wedding wing"
)


def _phrases() -> dict[str, str]:
    """How labels write prepositions of several words -> the predicate; also without their articles."""
    written = {phrase.replace(" the ", " "): name for phrase, name in PHRASAL_PREPOSITIONS.items()}
    written |= {name: name for name in PHRASAL_PREPOSITIONS.values() if " " in name}
    short = {"next": "next to", "in front": "in front of", "infront of": "in front of", "infront": "in front of"}
    short |= {"on top": "on top of", "ontop of": "on top of", "ontop": "on top of", "adjacent": "adjacent to"}
    short |= {"left of": "to the left of", "right of": "to the right of"}
    return written | PHRASAL_PREPOSITIONS | short


PHRASES = _phrases()
LONGEST_PHRASE = max(phrase.count(" ") + 1 for phrase in PHRASES)
