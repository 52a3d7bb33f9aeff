"""Write the model card of a captioner: parameters, scores with their intervals, data and licences, known limits.

In:  models/phase1/T/V and models/phase2/T/V, reports/metrics/{,content_}T_V.json, reports/significance/T.json,
     data/raw/manifest.json, data/image_graphs/provenance.json, data/filtered/T_funnel.json
Out: models/cards/T/V/README.md, Markdown under a header that Hugging Face's hub reads. It stands beside the models and
     not in their folders: a model is finished before its scores are known.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from crosscap.config.generation import GenerationSettings
from crosscap.config.languages import LanguageSettings
from crosscap.config.loader import load_section
from crosscap.config.phase1 import Phase1Settings
from crosscap.config.phase2 import Phase2Settings
from crosscap.io.artifacts import read_json, sha256_of, write_text
from crosscap.model_card.card import model_card
from crosscap.model_card.facts import Facts
from crosscap.model_card.weights import count_weights
from crosscap.runs.arguments import stage_arguments
from crosscap.runs.stage import run
from crosscap.systems.unison.run_name import RunName

STAGE = "write_model_cards"
MANIFEST = "data/raw/manifest.json"


def main() -> None:
    arguments = stage_arguments(__doc__, "target", "variant")
    target, variant = arguments.target, arguments.variant
    folders = [f"models/phase{phase}/{target}/{variant}" for phase in (1, 2)]
    facts = Facts(
        target=target,
        variant=variant,
        source=load_section(STAGE, "languages", LanguageSettings).source,
        graphs=read_json("data/image_graphs/provenance.json")["label"],
        metrics=read_json(f"reports/metrics/{target}_{variant}.json"),
        significance=read_json(f"reports/significance/{target}.json"),
        content=read_json(f"reports/metrics/content_{target}_{variant}.json")["captions"],
        manifest=read_json(MANIFEST),
        manifest_digest=sha256_of(MANIFEST),
        funnel=read_json(f"data/filtered/{target}_funnel.json"),
        parameters=parameters(RunName.parse(variant)),
        weights={folder: count_weights(Path(folder)) for folder in folders},
    )
    write_text(f"models/cards/{target}/{variant}/README.md", model_card(facts))


def parameters(name: RunName) -> dict[str, dict[str, Any]]:
    """What the models were trained with, and how captions are decoded; a seed in the run's name wins."""
    one = load_section(STAGE, "phase1", Phase1Settings)
    two = load_section(STAGE, "phase2", Phase2Settings)
    search = load_section(STAGE, "generation", GenerationSettings)
    return {
        "phase 1": {
            "size": one.size,
            "xe_epochs": one.xe_epochs,
            "joint_epochs": one.joint_epochs,
            "batch_size": one.batch_size,
            "learning_rate": one.learning_rate,
            "seed": name.seed_or(one.seed),
        },
        "phase 2": {
            "steps": two.steps,
            "batch_size": two.batch_size,
            "generator_learning_rate": two.generator_learning_rate,
            "discriminator_learning_rate": two.discriminator_learning_rate,
            "gan_loss": two.gan_loss,
            "cycle_weight": two.cycle_weight,
            "selection": two.selection,
            "seed": name.seed_or(two.seed),
        },
        "decoding": {"method": search.method, "beam": search.beam, "max_words": search.max_words},
    }


if __name__ == "__main__":
    run(main)
