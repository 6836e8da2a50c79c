"""A rulebook whose need-to-know tables name what isn't there is refused, with file, key and reason."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from casework.rulebook import reader

FILES = ("ntk.toml", "ntk_clocks.toml", "ntk_form.toml")


@pytest.mark.parametrize(
    ("file", "before", "after", "key", "reason"),
    [
        ("ntk.toml", 'decides = "AD"', 'decides = "DIR"', "levels.2.decides", "no such tier of this level: DIR"),
        (
            "ntk.toml",
            'also = ["QA"]\n\n[[levels]]',
            'also = ["BOSS"]\n\n[[levels]]',
            "levels.1.also",
            "no such role: BOSS",
        ),
        ("ntk.toml", '{ tier = "HOS",', '{ tier = "HOD",', "levels.2.by_tier", "no such tier: HOD"),
        (
            "ntk.toml",
            '  { do = "alarm", minutes = 60 },\n',
            "",
            "levels.1.steps",
            'must end with do = "alarm": otherwise nobody hears that nobody answers',
        ),
        (
            "ntk.toml",
            'field = "missing_risk", values = ["HIGH"]',
            'field = "missing_risk", values = ["HUGE"]',
            "categories.MISSING.level_when",
            "no such choice of missing_risk: HUGE",
        ),
        (
            "ntk.toml",
            'field = "media"',
            'field = "press"',
            "categories.MEDIA.level_when",
            "no such field: press",
        ),
        (
            "ntk_clocks.toml",
            'category = "DEATH"',
            'category = "DEAD"',
            "criteria.DEATH1.category",
            "no such category: DEAD",
        ),
        ("ntk_clocks.toml", 'owner = "DPO"', 'owner = "ICO"', "prompts.ICO.owner", "no such role: ICO"),
        (
            "ntk_clocks.toml",
            'when_given = "other_authority"',
            'when_given = "elsewhere"',
            "prompts.AUTHORITY.when_given",
            "no such field: elsewhere",
        ),
        (
            "ntk_form.toml",
            'code = "what_happened"',
            'code = "story"',
            "fields.what_happened",
            'is missing: Usher needs it, of the kind "long_text" and required',
        ),
        ("ntk_form.toml", 'code = "status"', 'code = "initials"', "fields.initials", "stands here twice"),
        ("ntk_form.toml", 'initial = "NONE"', 'initial = "SOME"', "fields.media.initial", "no such choice: SOME"),
        (
            "ntk_form.toml",
            'code = "missing_since"',
            'code = "gone_since"',
            "missing",
            'needs a field "missing_since" of the kind "moment" to count from',
        ),
    ],
)
def test_a_fault_is_named_by_file_key_and_reason(
    tmp_path: Path, file: str, before: str, after: str, key: str, reason: str
) -> None:
    for name in FILES:
        shutil.copy(reader.DEFAULT / name, tmp_path / name)
    text = (tmp_path / file).read_text(encoding="utf-8")
    assert before in text
    (tmp_path / file).write_text(text.replace(before, after, 1), encoding="utf-8")

    with pytest.raises(reader.RulebookError) as refused:
        reader.read(tmp_path)

    assert (key, reason) in {(fault.key, fault.reason) for fault in refused.value.faults}


def test_a_conditional_question_can_not_stand_on_the_first_form(tmp_path: Path) -> None:
    text = (reader.DEFAULT / "ntk_form.toml").read_text(encoding="utf-8")
    changed = text.replace(
        'kind = "moment"\nrequired = true\nmissing = "Enter when the child was last seen"',
        'kind = "moment"\npage = "who"\nrequired = true\nmissing = "Enter when the child was last seen"',
    )
    assert changed != text
    (tmp_path / "ntk_form.toml").write_text(changed, encoding="utf-8")

    with pytest.raises(reader.RulebookError) as refused:
        reader.read(tmp_path)

    assert [fault.key for fault in refused.value.faults] == ["fields.missing_since.page"]


def test_a_stored_rulebook_of_before_is_completed_by_the_default_tables() -> None:
    book = reader.read(None)
    stored = book.model_dump_json(exclude={"ntk", "fields", "criteria", "prompts", "missing"})

    assert reader.completed(stored) == book
    assert reader.completed(book.model_dump_json()) == book
    assert reader.completed(re.sub(r'"late_week":\d+,', "", book.model_dump_json())) == book
