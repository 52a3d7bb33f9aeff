"""The closed lists of English inflection: what spelling alone cannot undo."""

from __future__ import annotations

from crosscap.graph.rules.word_lists import word_set


def _pairs(text: str) -> dict[str, str]:
    """``base form form …`` a line part, parts divided by commas, as form → base."""
    parts = (part.split() for part in text.split(","))
    return {form: base for base, *forms in parts for form in forms}


IRREGULAR_VERBS = _pairs(
    """
    be am is are was were been being 's 're 'm, have has had having, do does did done doing, go goes went gone going,
    arise arose arisen, awake awoke awoken, bear bore borne born, beat beaten, become became becoming,
    begin began begun, bend bent, bind bound, bite bit bitten, bleed bled, blow blew blown, break broke broken,
    breed bred, bring brought, build built, burn burnt, buy bought, catch caught, choose chose chosen, cling clung,
    come came coming, creep crept, deal dealt, dig dug, draw drew drawn, dream dreamt, drink drank drunk,
    drive drove driven, dwell dwelt, eat ate eaten, fall fell fallen, feed fed, feel felt, fight fought, find found,
    flee fled, fling flung, fly flew flown, forbid forbade forbidden, forget forgot forgotten, forgive forgave
    forgiven, freeze froze frozen, get got gotten, give gave given, grind ground, grow grew grown, hang hung,
    hear heard, hide hid hidden, hold held, keep kept, kneel knelt, know knew known, lay laid, lead led, leap leapt,
    learn learnt, leave left, lend lent, light lit, lose lost, make made, mean meant, meet met, mow mown, overlook
    overlooked, overtake overtook overtaken, pay paid, prove proven, ride rode ridden, ring rang rung,
    rise rose risen, run ran, say said, see saw seen, seek sought, sell sold, send sent, sew sewn, shake shook shaken,
    shine shone, shoot shot, show shown, shrink shrank shrunk, sing sang sung, sink sank sunk, sit sat, sleep slept,
    slide slid, sling slung, smell smelt, sow sown, speak spoke spoken, speed sped, spend spent, spill spilt,
    spin spun, spit spat, spoil spoilt, spring sprang sprung, stand stood, steal stole stolen, stick stuck,
    sting stung, stink stank stunk, stride strode, strike struck stricken, string strung, swear swore sworn,
    sweep swept, swell swollen, swim swam swum, swing swung, take took taken, teach taught, tear tore torn, tell told,
    think thought, throw threw thrown, understand understood, wake woke woken, wear wore worn, weave wove woven,
    weep wept, win won, wind wound, withdraw withdrew withdrawn, write wrote written, undergo underwent undergone,
    overcome overcame, oversee oversaw overseen, hit hit, put put, cut cut, set set, let let, shut shut, spread spread,
    split split, burst burst, cast cast, cost cost, hurt hurt, quit quit, read read, rid rid, shed shed, bet bet,
    upset upset, lie lain, die dying, vie vying, dye dyed dyeing, eye eyed eyeing, ski skiing skied skis,
    picnic picnicking picnicked, mimic mimicking mimicked, panic panicking panicked, taxi taxiing taxied,
    use used using, canoe canoeing, tiptoe tiptoeing, hoe hoeing, shoe shod, singe singeing,
    age aged aging ageing, sue sued suing, cue cued cuing, tee teed, free freed, agree agreed,
    bus bused busing, gas gassed, ski skied, need needed, wed wed
    """
)

# Stems that -ing and -ed leave of verbs in e, where the spelling rules would take the stem for the verb.
ENDS_IN_E = word_set(
    """
    chang arrang rearrang exchang challeng lung plung cring hing spong rang reveng aveng ting bing
    bath breath cloth sooth loath writh past tast wast hast bast past danc
    invit unit ignit excit recit writ cit reunit
    complet delet compet escap landscap reshap envelop
    restor explor ignor ador deplor scor stor snor
    prepar compar declar
    guid welcom becom outcom overcom consol
    promot devot not vot quot
    creat
    describ subscrib inscrib prescrib
    styl rul
    combin recline declin reclin
    believ achiev receiv
    provok evok invok smok pok strok
    dethron postpon phon telephon clon
    choos los loos
    hop shap tap scrap typ wip pip swip slop
    suppos compos propos
    invad parad upgrad downgrad
    ach mustach
    decorat celebrat operat
    tun prun
    persever interfer ador adher rever
    concret obsolet
    manoeuvr
    explod erod corrod
    conven interven teeth seeth wreath
    """
)

ENDS_WITHOUT_E = word_set(
    """
    visit edit exhibit limit exit credit deposit inhabit benefit profit orbit pilot market target carpet comfort
    pivot ballot combat format develop gallop worship gossip wallop open listen happen garden color harbor anchor
    focus canvas bias bus gas chorus sing bring ring string cling fling sling sting swing spring wing hang bang clang
    rein bargain bear wear gear tear fear near
    accredit solicit forfeit audit await elicit prohibit permit
    ruin join murmur sulfur
    dialog catalog log jog
    abandon summon reason season lesson prison poison person button pardon
    box fix mix wax tax
    """
)

# Bases that end in a doubled consonant of themselves.
DOUBLED_BASES = word_set("add egg err purr butt boycott buzz whirr")

BASES_IN_LL = ("still", "fill", "roll", "stall", "call", "spell", "fall", "pull", "sell", "kill", "tell", "drill")

IRREGULAR_NOUNS = _pairs(
    """
    man men, woman women, child children grandchildren, foot feet, tooth teeth, goose geese, mouse mice, louse lice,
    ox oxen, die dice, leaf leaves, shelf shelves, bookshelf bookshelves, knife knives, wolf wolves, loaf loaves,
    half halves, calf calves, life lives, wife wives, thief thieves, elf elves, scarf scarves, hoof hooves,
    self selves, wharf wharves, dwarf dwarves, turf turves, sheaf sheaves, beef beeves, cactus cacti, fungus fungi,
    stimulus stimuli, alumnus alumni, nucleus nuclei, radius radii, axis axes, crisis crises, basis bases,
    oasis oases, analysis analyses, thesis theses, hypothesis hypotheses, phenomenon phenomena, criterion criteria,
    datum data, curriculum curricula, bacterium bacteria, quiz quizzes, whiz whizzes, axe axes,
    people people, grandchild grandchildren, appendix appendices, index indices, matrix matrices, vertex vertices,
    bus buses busses, gas gases gasses
    """
) | {"axes": "axe", "bases": "base", "beeves": "beef"}

# Nouns that are plural in form only; "glasses" on a nose outnumber glasses on a table in captions.
PLURAL_ONLY = word_set(
    """
    pants jeans shorts trousers scissors glasses sunglasses eyeglasses goggles binoculars tongs pliers tweezers
    pajamas pyjamas leggings tights overalls clothes news series species headquarters stairs outskirts
    tennis surroundings goods earnings thanks means barracks crossroads gallows bellows chess gymnastics
    mathematics physics politics economics athletics electronics graphics always
    """
)

NOUNS_IN_IE = word_set(
    """
    movies cookies zombies selfies hoodies brownies smoothies genies calories rookies veggies birdies doggies kiddies
    pixies collies prairies sorties cuties goalies aunties junkies hippies townies newbies walkies talkies foodies
    neckties bowties magpies pinkies eyeties lassies laddies budgies beanies bookies groupies hankies
    """
)
NOUNS_IN_CHE = word_set(
    "aches headaches stomachaches toothaches backaches caches quiches brioches mustaches moustaches psyches niches "
    "avalanches pastiches creches"
)
NOUNS_IN_S = word_set("lenses canvases irises atlases aliases biases gases yeses circuses crocuses focuses cactuses")
NOUNS_IN_IS = word_set(
    "tennis iris debris chassis trellis pelvis clematis amaryllis oasis basis axis crisis analysis thesis"
)
NOUNS_IN_OE = word_set("toes tiptoes canoes oboes hoes foes does roes floes aloes")
NOUNS_IN_USE = ("ouses", "auses", "cuses", "fuses", "ruses", "cluses")
