package gatehouse.offboard_test

import data.gatehouse.cases_test as cases
import data.gatehouse.offboard

decision(changes) := answer if answer := offboard.decision with input as cases.differing(changes)

rules(answer) := [reason.rule | some reason in answer.reasons]

test_an_ordinary_leaver_is_allowed if {
	decision({}) == {
		"outcome": "allow",
		"quorum": 1,
		"reasons": [{
			"rule": "allow.leaver",
			"text": "One person, ended in the HRIS, nothing flagged, low risk, asked for by someone else",
		}],
	}
}

test_a_production_administrator_needs_two_people if {
	answer := decision({
		"/evidence/facts/privilege": "admin", "/evidence/facts/production_owner": true,
		"/risk/score": 0.82,
	})
	answer.outcome == "require_hitl"
	answer.quorum == 2
	rules(answer) == ["hitl.risk"]
}

test_an_injected_request_has_nothing_to_approve if {
	answer := decision({
		"/subject": null, "/evidence/resolved": "none",
		"/intent/flags": ["prompt_injection_suspected"], "/intent/confidence": 0.3,
	})
	answer.outcome == "require_hitl"
	rules(answer) == ["hitl.confidence", "hitl.identity", "hitl.injection", "hitl.no_target"]
}

test_refusal_wins_over_asking_a_human if {
	answer := decision({"/subject": "p-1", "/risk/score": 0.8})
	answer.outcome == "deny"
	rules(answer) == ["deny.own_access", "hitl.risk"]
}

test_block_wins_over_refusal if {
	answer := decision({"/subject": "p-1", "/risk/score": 0.95})
	answer.outcome == "block"
	rules(answer) == ["block.risk", "deny.own_access", "hitl.risk"]
}

test_protected_people_are_blocked_in_every_phase if {
	every phase in ["soft", "hard", "reinstate"] {
		decision({"/phase": phase}).outcome == "block" with data.tenant.protected_people as ["p-2"]
	}
}

test_a_rename_never_goes_on_without_a_human if {
	every finding in ["renamed", "hris_other_person", "a new kind of finding"] {
		decision({"/evidence/findings": [finding]}).outcome == "require_hitl"
	}
}

test_reinstating_is_allowed_to_others_only if {
	decision({"/phase": "reinstate"}).outcome == "allow"
	decision({"/phase": "reinstate", "/requester": "p-2", "/requesters": ["p-2"]}).outcome == "deny"
}

test_no_input_and_no_tenant_data_are_refusals if {
	every nothing in [{}, null, "text"] {
		answer := offboard.decision with input as nothing
		answer.outcome == "deny"
		answer.quorum == 2
	}
	without_data := offboard.decision with input as cases.leaver with data.tenant as {}
	without_data.outcome == "deny"
	rules(without_data) == ["deny.tenant_data"]
}
