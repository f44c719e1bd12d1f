package gatehouse.rules.requesting_test

import data.gatehouse.cases_test as cases
import data.gatehouse.rules.requesting

groups := {
	"hr": {"people": ["p-1", "p-3"], "actions": ["offboard"]},
	"service_desk": {"people": ["p-4"], "actions": ["offboard", "reinstate"]},
}

findings(changes) := ids if ids := cases.ids(requesting.findings) with input as cases.differing(changes)

refused := {"deny.requester"}

test_without_groups_everyone_may_ask if {
	cases.ids(requesting.findings) == set() with input as cases.differing({"/requester": "p-9", "/requesters": ["p-9"]})
}

test_whoever_is_in_a_group_with_the_action_may_ask_for_it if {
	findings({"/requester": "p-9", "/requesters": ["p-9"]}) == refused with data.tenant.may_request as groups
	every phase in ["soft", "hard"] { findings({"/phase": phase}) == set() with data.tenant.may_request as groups }
}

test_one_requester_with_the_right_is_enough if {
	findings({"/requester": "p-9", "/requesters": ["p-9", "p-3"]}) == set() with data.tenant.may_request as groups
}

# each asks to have access given back
reinstaters := {
	"p-1": refused, # may only ask to take it away
	"p-4": set(),
	"p-9": refused, # has no right, whatever the others who asked may do
}

test_giving_access_back_is_a_right_of_its_own if {
	every person, expected in reinstaters {
		asked := {"/phase": "reinstate", "/requester": person, "/requesters": ["p-1", "p-4", person]}
		findings(asked) == expected with data.tenant.may_request as groups
	}
}

test_an_action_that_no_group_has_is_refused if {
	findings({"/intent/action": "provision"}) == refused with data.tenant.may_request as groups
}

test_no_group_at_all_means_nobody if {
	every none in [{}, [], "everyone", null] { findings({}) == refused with data.tenant.may_request as none }
}
