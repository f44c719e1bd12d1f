package gatehouse.offboard.rules.hris_test

import data.gatehouse.cases_test as cases
import data.gatehouse.offboard.rules.hris

findings(changes) := ids if ids := cases.ids(hris.findings) with input as cases.differing(changes)

# what each rule answers for, as changes of the ordinary leaver
disagreements := {
	"hitl.hris_not_terminated": [
		{"/evidence/facts/hris_status": "active"},
		{"/evidence/findings": ["hris_not_terminated"]},
	],
	"hitl.hris_date": [{"/evidence/findings": ["hris_date_differs"]}],
	"hitl.hris_person": [{"/evidence/findings": ["hris_other_person"]}, {"/evidence/findings": ["renamed"]}],
	"hitl.hris_unknown": [
		{"/evidence/facts/hris_status": "unknown"},
		{"/evidence/facts/hris_status": "absent"},
		{"/evidence/findings": ["hris_unknown"]},
	],
}

test_terminated_or_leaving_finds_nothing if {
	findings({}) == set()
	findings({"/evidence/facts/hris_status": "leaving"}) == set()
}

test_each_disagreement_goes_to_a_human_before_access_is_taken if {
	every id, changes in disagreements {
		every change in changes {
			findings(change) == {id}
			findings(object.union(change, {"/phase": "hard"})) == {id}
		}
	}
}

test_no_disagreement_holds_up_giving_access_back if {
	every changes in disagreements {
		every change in changes { findings(object.union(change, {"/phase": "reinstate"})) == set() }
	}
}
