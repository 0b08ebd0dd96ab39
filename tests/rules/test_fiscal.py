"""What packages save: priced issues only, less what the governor doubts of the soft ones."""

import numpy as np
import pytest

from sim.preferences.agenda import Agenda
from sim.preferences.fiscal import FiscalMap

AGENDA = Agenda(
    names=("wages", "health", "tax_share"),
    titles=("", "", ""),
    units=("", "", ""),
    levels=((0.0, 1.0), (0.0, 0.5, 1.0), (0.0, 0.15)),
    similarity=("squared",) * 3,
    similarity_weights=(1.0,) * 3,
)
FULL = AGENDA.find(wages=1.0, health=0.5, tax_share=0.15)


def fiscal(haircut=(0.0,), soft=("health",), wages=(590.0,), gap=(2000.0,)):
    return FiscalMap(
        gap=np.array(gap),
        saving_per_layoff=np.array([0.192]),
        score_haircut=np.array(haircut),
        savings={"wages": np.array(wages), "health": np.array([890.0])},
        soft=soft,
    )


def test_the_score_adds_up_the_priced_issues_and_neither_taxes_nor_layoffs():
    scored = fiscal().scored(AGENDA)
    assert scored.shape == (1, 12)
    assert scored[0, FULL] == 590 + 445
    assert scored[0, AGENDA.find(wages=0.0, health=1.0)] == 890
    assert scored[0, AGENDA.find(tax_share=0.15)] == 0


def test_the_haircut_falls_on_the_soft_lines_only():
    cut = fiscal(haircut=(0.4,))
    assert cut.counted(AGENDA)[0, FULL] == pytest.approx(590 + 0.6 * 445)
    assert cut.scored(AGENDA)[0, FULL] == 590 + 445
    both = fiscal(haircut=(0.4,), soft=("health", "wages"))
    assert both.counted(AGENDA)[0, FULL] == pytest.approx(0.6 * 1035)


def test_without_a_haircut_or_soft_lines_everything_counts():
    assert (fiscal().counted(AGENDA) == fiscal().scored(AGENDA)).all()
    hard = fiscal(haircut=(0.4,), soft=())
    assert (hard.counted(AGENDA) == hard.scored(AGENDA)).all()


def test_worlds_may_differ_in_dollars_and_in_doubt():
    haircut = np.linspace(0, 1, 7)
    counted = fiscal(haircut=haircut, wages=np.arange(7.0) * 100).counted(AGENDA)
    assert counted.shape == (7, 12)
    assert counted[:, FULL] == pytest.approx(np.arange(7) * 100 + (1 - haircut) * 445)


def test_what_layoffs_save_is_a_share_of_the_gap():
    layoffs = np.array([[0.0, 1000.0, 4742.0]])
    assert fiscal().layoff_share(layoffs)[0] == pytest.approx([0, 0.096, 0.455232])
    assert fiscal(gap=(2000.0, 1000.0)).layoff_share(layoffs)[1] == pytest.approx(
        [0, 0.192, 0.910464]
    )
