package gatehouse.rules.separation_test

import data.gatehouse.cases_test as cases
import data.gatehouse.rules.separation

findings(changes) := ids if ids := cases.ids(separation.findings) with input as cases.differing(changes)

test_someone_else_may_ask if findings({}) == set()

test_nobody_orders_a_change_of_their_own_access if findings({"/subject": "p-1"}) == {"deny.own_access"}

test_one_of_several_requesters_is_the_subject if {
	findings({"/requesters": ["p-1", "p-2"]}) == {"deny.own_access"}
}

test_the_requester_counts_even_if_missing_from_the_requesters if {
	findings({"/requester": "p-2", "/requesters": ["p-1"]}) == {"deny.own_access"}
}

test_people_who_did_not_ask_may_approve if findings({"/approvers": ["p-7", "p-8"]}) == set()

test_no_requester_approves if {
	findings({"/approvers": ["p-7", "p-1"]}) == {"deny.own_approval"}
	findings({"/requesters": ["p-1", "p-7"], "/approvers": ["p-7"]}) == {"deny.own_approval"}
}

test_nobody_approves_what_is_about_them if findings({"/approvers": ["p-2"]}) == {"deny.own_approval"}
