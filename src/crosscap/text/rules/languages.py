"""Rules on the language of a sentence."""

from __future__ import annotations

from crosscap.errors import InputError
from crosscap.text.language_evidence import SCRIPTS, is_language, script_share
from crosscap.text.rules.candidate import EachSide, Setting


def language(setting: Setting) -> EachSide:
    """Drops pairs of which a side is in another language than it should be, as letters and commonest words show."""
    source, target = setting.source, setting.target
    return EachSide(
        {
            "source": lambda sentence: is_language(source, sentence.text, sentence.tokens),
            "target": lambda sentence: is_language(target, sentence.text, sentence.tokens),
        }
    )


def script(setting: Setting) -> EachSide:
    """Drops pairs of which a side has less than ``min`` of its letters in its language's script, or no letters.

    Raises:
        InputError: nobody told the script of a language.
    """
    source, target, least = setting.source, setting.target, setting.parameters.script.min
    for code in (source, target):
        if code not in SCRIPTS:
            known = f"one of {', '.join(sorted(SCRIPTS))}"
            remedy = "Take 'script' out of filter.rules."
            raise InputError("params.yaml", f"no script of language {code!r}", known, remedy, "key filter.rules")
    return EachSide(
        {
            "source": lambda sentence: script_share(source, sentence.text) >= least,
            "target": lambda sentence: script_share(target, sentence.text) >= least,
        }
    )
