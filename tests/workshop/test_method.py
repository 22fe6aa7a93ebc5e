"""Methods and definitions: each leads to a heading that is there, and rows stay as hidden as the release has them."""

from dataclasses import replace

import pytest

from app.navigation import CYCLE, SCREENS, cycle
from rcs_core import release as waist
from rcs_core.errors import SettingsError
from rcs_core.release import Release
from rcs_core.settings import CONTRACTS, read_yaml
from rcs_core.workshop import definitions, evidence, glossary, leaves_out, method
from rcs_core.workshop.big_screen import HIDDEN, bought, kept_back
from rcs_core.workshop.method import Rows
from tests.tiny_release import tiny_release


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return waist.load(tiny_release(tmp_path_factory.mktemp("release"), waves=True))


def test_every_method_leads_to_a_section_of_the_documents_and_says_its_sum_in_words_without_a_number() -> None:
    for name, one in method.methods().items():
        told = method.section(one.doc, one.section)
        assert len(told) > 100, name
        assert "](" not in told, name
        assert not any(line.startswith("#") for line in told.splitlines()), name
        assert one.formula.endswith("."), name
        assert not any(sign.isdigit() for sign in one.formula), name


def test_a_page_outside_the_documents_or_a_heading_that_is_not_there_has_no_section() -> None:
    assert method.section("docs/../README.md") == ""
    assert method.section("docs/methods/needs.md", "No such heading") == ""
    with pytest.raises(SettingsError, match="no such method"):
        method.method("no_such_method")


def test_rows_are_the_release_s_own_of_the_current_wave_with_every_hidden_cell_marked(release: Release) -> None:
    found = method.rows(release, Rows.of("pupil_p5_p7_area", indicator="bullied_last_year"))
    assert found is not None
    raw = evidence.current(release, "pupil_p5_p7_area")
    raw = raw[raw["indicator"] == "bullied_last_year"].reset_index(drop=True)
    assert len(found.frame) == len(raw)
    assert set(found.frame["wave"]) == {"2025"}
    hidden = raw["state"] == "suppressed"
    assert hidden.any()
    assert set(found.frame.loc[hidden, "n"]) == {"[c]"}
    assert list(found.frame.loc[~hidden, "n"]) == [str(n) for n in raw.loc[~hidden, "n"]]


def test_rows_keep_sensitive_topics_at_council_level_and_say_what_is_left_out(release: Release) -> None:
    name = "pupil_s1_s4_area"
    table = release.tables[name]
    below = table.frame[table.frame["indicator"] == "bullied_last_year"].assign(indicator="drank_alcohol_last_week")
    below = below[below["area"] != "999"]
    leaky = replace(release, tables={**release.tables, name: replace(table, frame=below)})
    found = method.rows(leaky, Rows.of(name))
    assert found is not None
    assert found.frame.empty
    assert found.notes
    assert "sensitive" in found.notes[0]


def test_on_the_big_screen_no_provider_is_named_and_no_bought_service_has_its_price(release: Release) -> None:
    for name in ("spend", "services"):
        open_, veiled = (method.rows(release, Rows.of(name), on) for on in (False, True))
        assert open_ is not None
        assert veiled is not None
        own = veiled.frame["service_id"].isin(kept_back(release))
        assert own.sum() > veiled.frame["service_id"].isin(bought(release)).sum() > 0
        for column in (c for c in veiled.frame if str(c).endswith("_gbp")):
            assert veiled.frame.loc[own, column].isna().all()
            assert open_.frame.loc[own, column].notna().all()
            assert veiled.frame.loc[~own, column].equals(open_.frame.loc[~own, column])
    assert set(veiled.frame["provider"]) == {HIDDEN}
    assert veiled.frame.loc[own, "pct_primary"].isna().all(), "with its parts a sum by level would tell the whole"
    assert veiled.frame.loc[~own, "pct_primary"].notna().all()
    assert method.rows(release, Rows.of("no_such_table")) is None


def test_every_heading_of_the_list_has_a_definition_and_none_says_what_a_contract_or_the_glossary_says() -> None:
    content = read_yaml(CONTRACTS / "columns.yaml")
    for heading in {**content["release"], **content["columns"]}:
        found = definitions.column(heading)
        assert found is not None, heading
        assert found.means.endswith("."), heading
        assert "saving" not in found.said.lower()
    said = [e["means"] for part in ("columns", "release") for e in content[part].values() if "means" in e]
    assert not {w.means for w in glossary.words()} & set(said)
    assert definitions.column("Third sector (£)")
    assert definitions.column("2025: % with need")
    assert definitions.column("A name that somebody chose") is None


def test_every_question_of_a_survey_says_who_was_asked_which_answer_means_need_and_where_it_is_from(release: Release) -> None:
    for survey in ("pupil_p5_p7", "pupil_s1_s4"):
        found = definitions.questions(release, survey)
        assert [q.code for q in found] == [i.code for i in evidence.indicators(release, survey)]
        for question, asked in zip(found, evidence.indicators(release, survey), strict=True):
            facts = dict(question.facts)
            assert facts["Means need"] == f"the answer {'yes' if asked.need_is_yes else 'no'}"
            assert facts["Of whom"]
            assert facts["Source"]
            assert facts["Part of life"]
            assert facts["Compares with"]
            assert ("Shown" in facts) == asked.sensitive


def test_every_page_says_what_it_does_not_show_and_who_is_not_in_its_picture() -> None:
    assert set(leaves_out.pages()) == {screen.address for screen in SCREENS}
    for address, found in leaves_out.pages().items():
        assert found.not_shown, address
        assert found.not_in_picture, address
        assert all(line.endswith(".") for line in (*found.not_shown, *found.not_in_picture)), address
        assert "saving" not in leaves_out.text(address).lower()


def test_a_page_stands_at_a_step_of_the_cycle_that_is_told_in_words() -> None:
    for screen in SCREENS:
        told = cycle(screen)
        assert set(screen.step) <= set(CYCLE)
        assert ("(you are here)" in told) == bool(screen.step)
        assert [step for step in CYCLE if step.lower() in told.lower()] == list(CYCLE)
