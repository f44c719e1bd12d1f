package gatehouse.erasure.rules.request_test

import data.gatehouse.cases_test as cases
import data.gatehouse.erasure.rules.request
import data.gatehouse.erasure_test

findings(changes) := ids if ids := cases.ids(request.findings) with input as erasure_test.differing(changes)

required := {"/v", "/tenant", "/procedure", "/requester", "/subject", "/cases", "/cases/open", "/cases/closed"}

test_an_ordinary_erasure_is_for_people_to_decide if findings({}) == {"hitl.erasure"}

test_each_missing_field_is_a_refusal if {
	every path in required {
		cases.ids(request.findings) == {"deny.erasure_input"} with input as erasure_test.without(path)
	}
}

test_each_ill_typed_field_is_a_refusal if {
	every path in required {
		every value in [null, "", [], {}, -1] { "deny.erasure_input" in findings({path: value}) }
	}
}

test_another_procedure_is_a_refusal if findings({"/procedure": "enrolment"}) == {"deny.erasure_input"}

test_no_input_at_all_is_a_refusal if cases.ids(request.findings) == {"deny.erasure_input"} with input as {}

test_without_a_list_of_protected_people_nobody_is_erased if {
	findings({}) == {"deny.erasure_input"} with data.tenant as {}
	findings({}) == {"deny.erasure_input"} with data.tenant.protected_people as [""]
}

test_protected_people_are_not_erased if {
	findings({}) == {"block.erasure_protected", "hitl.erasure"} with data.tenant.protected_people as ["p-7", "p-2"]
}

test_nobody_asks_to_be_erased_themselves if findings({"/requester": "p-2"}) == {"deny.own_erasure", "hitl.erasure"}

test_an_erasure_is_a_right_of_its_own if {
	hr := {"people": ["p-1"], "actions": ["offboard", "reinstate"]}
	privacy := {"people": ["p-1"], "actions": ["erasure"]}
	refused := {"deny.erasure_requester", "hitl.erasure"}
	findings({}) == refused with data.tenant.may_request as {"hr": hr}
	findings({}) == {"hitl.erasure"} with data.tenant.may_request as {"hr": hr, "privacy": privacy}
}

test_an_open_case_is_in_the_way if findings({"/cases/open": 1}) == {"deny.erasure_open_case", "hitl.erasure"}
