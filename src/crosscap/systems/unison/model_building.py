"""A fresh UNISON model for the data at hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from crosscap.config.phase1 import Phase1Settings
from crosscap.graph.scene_graph import SceneGraph
from crosscap.systems.unison.model import Unison, UnisonConfig
from crosscap.systems.unison.node_translation import NodeTranslations
from crosscap.systems.unison.nodes import scaled
from crosscap.systems.unison.run_name import RunName
from crosscap.systems.unison.variants import VARIANTS, MappingReadings
from crosscap.text.vocabulary import SPECIALS, Vocabulary
from crosscap.vectors.lookup import AlignedVectors


def build_model(
    name: str | RunName,
    settings: Phase1Settings,
    graphs: Sequence[SceneGraph],
    source: Vocabulary,
    target: Vocabulary,
    vectors: AlignedVectors,
    translations: NodeTranslations | None = None,
) -> Unison:
    """A fresh model, its weights drawn from torch's random state.

    Args:
        name: of the run, such as ``hgm`` or ``hgm-pooled``; what it says wins over ``settings``.
        graphs: of training; the variants whose nodes are symbols learn those that stand here often enough.
        translations: of the names, for variant ``gm_base``.

    Raises:
        ValueError: no such name, or ``gm_base`` without translations.
    """
    run = RunName.parse(name) if isinstance(name, str) else name
    mapping = MappingReadings(**settings.mapping.model_dump())
    nodes = VARIANTS[run.variant].nodes
    if nodes == "translations" and translations is None:
        raise ValueError(f"{run}: its nodes are translated names, and no translation of any is given")
    tokens: tuple[str, ...] = ()
    if nodes != "vectors":
        tokens_of = translations.tokens if nodes == "translations" and translations else _itself
        tokens = frequent_tokens(graphs, tokens_of, settings.min_name_count)
    config = UnisonConfig(
        variant=run.variant,
        size=settings.size,
        vector_size=vectors.size,
        kl_size=settings.kl_size,
        dropout=settings.dropout,
        word_input=settings.word_input,
        source_words=source.words,
        target_words=target.words,
        mapping=replace(mapping, gate="pooled") if run.pooled else mapping,
        kl_heads=settings.kl_heads,
        kl_reduction=settings.kl_reduction,
        node_tokens=tokens,
        node_translations=translations.of if nodes == "translations" and translations else {},
    )
    # Source words take the place of node names here: both are vectors of the same side of the space.
    words = (vectors.source_matrix(source.words), vectors.target_matrix(target.words))
    return Unison(config, *(scaled(matrix) for matrix in words))


def frequent_tokens(
    graphs: Iterable[SceneGraph], tokens_of: Callable[[str], Sequence[str]], count: int
) -> tuple[str, ...]:
    """Tokens of nodes' names that ``graphs`` hold at least ``count`` times, sorted, without ``<unk>``."""
    names: Counter[str] = Counter()
    for graph in graphs:
        names.update(graph.objects)
        names.update(name for _, name in graph.attributes)
        names.update(predicate for _, predicate, _ in graph.relations)
    tokens: Counter[str] = Counter()
    for name, seen in names.items():
        for token in tokens_of(name):
            tokens[token] += seen
    return tuple(sorted(token for token, seen in tokens.items() if seen >= count and token not in SPECIALS))


def _itself(name: str) -> tuple[str, ...]:
    return (name,)
