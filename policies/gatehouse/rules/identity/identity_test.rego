package gatehouse.rules.identity_test

import data.gatehouse.cases_test as cases
import data.gatehouse.rules.identity

findings(changes) := ids if ids := cases.ids(identity.findings) with input as cases.differing(changes)

test_one_person_finds_nothing if findings({}) == set()

test_nobody_named_at_first_goes_to_a_human if findings({"/subject": null}) == {"hitl.no_target"}

test_nobody_named_in_a_later_order_is_refused if {
	findings({"/subject": null, "/phase": "hard"}) == {"deny.no_target"}
	findings({"/subject": null, "/phase": "reinstate"}) == {"deny.no_target"}
}

test_no_match_or_several_go_to_a_human if {
	findings({"/evidence/resolved": "none"}) == {"hitl.identity"}
	findings({"/evidence/resolved": "several"}) == {"hitl.identity"}
}
