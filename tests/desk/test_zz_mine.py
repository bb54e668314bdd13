import pytest
from tests.desk.test_verdicts import Asker, verdicts
MINE = set("sign_in_code invitation profile change_password enrol renew_recovery_codes remove_second_factor end_sessions people person add_person edit_person close_account remove_persons_factor invite_person reopen_account unlock_person give_role take_role sign_in".split())
def test_mine(world):
    mine=[c for c in verdicts() if c.route in MINE]
    without=[c for c in mine if len(verdicts()[c])!=1]
    assert not without, without[:5]
    asked=[c for c in mine if c.stage=="draft"]
    asker=Asker(world,"draft")
    wrong=[p for c in asked if (p:=asker.problem(c))]
    assert not wrong, f"{len(wrong)} of {len(asked)}\n"+"\n".join(wrong)
