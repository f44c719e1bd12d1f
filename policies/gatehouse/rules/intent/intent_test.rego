package gatehouse.rules.intent_test

import data.gatehouse.cases_test as cases
import data.gatehouse.rules.intent

findings(changes) := ids if ids := cases.ids(intent.findings) with input as cases.differing(changes)

test_a_clear_request_finds_nothing if findings({}) == set()

test_injection_goes_to_a_human if findings({"/intent/flags": ["prompt_injection_suspected"]}) == {"hitl.injection"}

test_any_other_flag_goes_to_a_human if findings({"/intent/flags": ["requester_differs"]}) == {"hitl.flag"}

test_two_flags_give_two_findings if {
	findings({"/intent/flags": ["x", "prompt_injection_suspected"]}) == {"hitl.flag", "hitl.injection"}
}

test_doubt_goes_to_a_human if {
	findings({"/intent/confidence": 0.5999}) == {"hitl.confidence"}
	findings({"/intent/confidence": 0.6}) == set()
}
