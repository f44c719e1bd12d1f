package gatehouse.offboard.rules.order_test

import data.gatehouse.cases_test as cases
import data.gatehouse.offboard.rules.order

findings(changes) := ids if ids := cases.ids(order.findings) with input as cases.differing(changes)

# each takes one condition of an order without a human away, and every phase needs it
conditions := [
	{"/subject": null},
	{"/subject": "p-1"},
	{"/intent/flags": ["any"]},
	{"/intent/confidence": 0.59},
	{"/evidence/resolved": "several"},
	{"/evidence/resolved": "none"},
	{"/evidence/facts/privilege": "unknown"},
	{"/evidence/facts/production_owner": "unknown"},
	{"/evidence/facts/recent_escalation": "unknown"},
	{"/risk/score": 0.75},
]

test_a_leaver_is_allowed_in_both_phases if {
	findings({}) == {"allow.leaver"}
	findings({"/phase": "hard"}) == {"allow.leaver"}
	findings({"/evidence/facts/hris_status": "leaving"}) == {"allow.leaver"}
}

test_giving_back_is_allowed_whatever_the_hris_says if {
	findings({"/phase": "reinstate"}) == {"allow.reinstate"}
	findings({
		"/phase": "reinstate", "/intent/action": "reinstate",
		"/evidence/facts/hris_status": "active", "/evidence/findings": ["hris_not_terminated"],
	}) == {"allow.reinstate"}
}

test_no_condition_can_be_done_without if {
	every change in conditions {
		every phase in ["soft", "hard", "reinstate"] {
			findings(object.union(change, {"/phase": phase})) == set()
		}
	}
}

test_protected_people_and_accounts_are_never_allowed if {
	every phase in ["soft", "hard", "reinstate"] {
		findings({"/phase": phase}) == set() with data.tenant.protected_people as ["p-2"]
		findings({"/phase": phase}) == set() with data.tenant.break_glass_accounts as [cases.leaver.accounts[0]]
	}
}

test_nobody_without_the_right_to_ask_is_allowed if {
	every phase in ["soft", "hard", "reinstate"] {
		findings({"/phase": phase}) == set() with data.tenant.may_request as {}
	}
}

test_a_freeze_needs_people if {
	freeze := {"from": cases.leaver.at, "until": "2027-01-01T00:00:00.000Z"}
	findings({}) == set() with data.tenant.freezes as [freeze]
	findings({"/phase": "reinstate"}) == {"allow.reinstate"} with data.tenant.freezes as [freeze]
}

test_taking_access_away_needs_the_hris if {
	findings({"/evidence/findings": ["anything"]}) == set()
	every status in ["active", "unknown", "absent"] { findings({"/evidence/facts/hris_status": status}) == set() }
}

test_other_actions_and_pipelines_are_refused if {
	findings({"/intent/action": "provision"}) == {"deny.action"}
	findings({"/intent/action": "reinstate"}) == {"deny.action"}
	findings({"/intent/action": "provision", "/phase": "reinstate"}) == {"deny.action"}
	findings({"/pipeline": "provision"}) == {"deny.action"}
	findings({"/pipeline": "provision", "/phase": "reinstate"}) == {"deny.action"}
}
