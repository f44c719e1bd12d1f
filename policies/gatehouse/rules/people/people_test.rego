package gatehouse.rules.people_test

import data.gatehouse.cases_test as cases
import data.gatehouse.rules.people

findings(changes) := ids if ids := cases.ids(people.findings) with input as cases.differing(changes)

test_someone_else_may_ask if findings({}) == set()

test_nobody_orders_a_change_of_their_own_access if findings({"/subject": "p-1"}) == {"deny.own_access"}

test_one_of_several_requesters_is_the_subject if {
	findings({"/requesters": ["p-1", "p-2"]}) == {"deny.own_access"}
}

test_the_requester_counts_even_if_missing_from_the_requesters if {
	findings({"/requester": "p-2", "/requesters": ["p-1"]}) == {"deny.own_access"}
}

test_protected_people_are_blocked if {
	findings({}) == {"block.protected"} with data.tenant.protected_people as ["p-7", "p-2"]
}

test_the_committed_list_is_empty if data.tenant.protected_people == []
