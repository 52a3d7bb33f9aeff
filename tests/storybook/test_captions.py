"""What captions tell: a part of the scene, in every language the same part."""

from __future__ import annotations

from random import Random

from crosscap.storybook.captions import choose_content
from crosscap.storybook.content import Content
from crosscap.storybook.telling import as_written, tellings
from crosscap.storybook.world import sample_scene
from tests.storybook.told import contents


def test_contents_hold_in_their_scene() -> None:
    for number in range(400):
        scene = sample_scene(f"captions-{number}", 5)
        content = choose_content(scene, Random(number))
        if content is None:
            continue
        facts = {(scene.objects[s].sense, predicate, scene.objects[o].sense) for s, predicate, o in scene.relations}
        for statement in (content.first, content.second):
            if statement is None:
                continue
            for subject in statement.subjects:
                assert (subject.sense, statement.predicate, statement.other.sense) in facts
                assert all((subject.sense, d.predicate, d.other.sense) in facts for d in subject.details)
                seen = [set(thing.attributes) for thing in scene.objects if thing.sense == subject.sense]
                assert any(set(subject.attributes) <= attributes for attributes in seen)
                assert subject.count <= sum(thing.sense == subject.sense for thing in scene.objects)


def test_contents_vary_in_form() -> None:
    told = [content for content, _ in contents(1500)]
    assert any(isinstance(content, Content) and content.same_subject for content in told)
    assert any(content.second is not None and not content.same_subject for content in told)
    assert any(len(content.first.subjects) == 2 for content in told)
    assert any(content.first.subjects[0].count == 2 for content in told)


def test_tellings_have_the_wished_length_and_every_language() -> None:
    for number in range(60):
        scene = sample_scene(f"captions-{number}", 5)
        for telling in tellings(scene, Random(number), ("zh", "de"), range(10, 17)):
            assert set(telling.texts) == {"en", "zh", "de"}
            assert 10 <= sum(word[0].isalnum() for word in telling.english.words) <= 16
            assert telling.texts["zh"].endswith("。") == telling.texts["en"].endswith(".")


def test_english_is_written_without_spaces_before_punctuation() -> None:
    assert as_written(["in", "a", "park", ",", "a", "dog", "runs", "."]) == "in a park, a dog runs."
