package gatehouse.rules.risk_test

import data.gatehouse.cases_test as cases
import data.gatehouse.rules.risk

fires(score) := ids if ids := cases.ids(risk.findings) with input as cases.differing({"/risk/score": score})

test_a_low_score_finds_nothing if fires(0.7499) == set()

test_a_human_is_asked_from_the_limit_on if fires(0.75) == {"hitl.risk"}

test_blocked_from_the_upper_limit_on if {
	fires(0.9499) == {"hitl.risk"}
	fires(0.95) == {"hitl.risk", "block.risk"}
	fires(1) == {"hitl.risk", "block.risk"}
}

test_the_limits_are_the_tenants if {
	fires(0.5) == {"hitl.risk"} with data.tenant.require_hitl_from as 0.5
	fires(0.6) == {"hitl.risk", "block.risk"} with data.tenant as {"require_hitl_from": 0.5, "block_from": 0.6}
}
