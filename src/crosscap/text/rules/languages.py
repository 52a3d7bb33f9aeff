"""Rules on the language of a sentence."""

from __future__ import annotations

from crosscap.errors import InputError
from crosscap.text.language_evidence import SCRIPTS, is_language, script_share
from crosscap.text.rules.candidate import Rule, Setting


def language(setting: Setting) -> Rule:
    """Drops pairs of which a side is in another language than it should be, as letters and commonest words show."""
    source, target = setting.source, setting.target
    return lambda pair: (
        is_language(source, pair.source.text, pair.source.tokens)
        and is_language(target, pair.target.text, pair.target.tokens)
    )


def script(setting: Setting) -> Rule:
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
    return lambda pair: (
        script_share(source, pair.source.text) >= least and script_share(target, pair.target.text) >= least
    )
