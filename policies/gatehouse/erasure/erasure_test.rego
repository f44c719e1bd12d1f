# METADATA
# description: The questions that the tests of an erasure's rules start from.
package gatehouse.erasure_test

import data.gatehouse.erasure

ordinary := {
	"v": 1,
	"tenant": "acme",
	"procedure": "erasure",
	"requester": "p-1",
	"subject": "p-2",
	"cases": {"open": 0, "closed": 2},
}

differing(changes) := json.patch(ordinary, replacements) if {
	replacements := [{"op": "replace", "path": path, "value": value} | some path, value in changes]
}

without(path) := json.patch(ordinary, [{"op": "remove", "path": path}])

decision(changes) := answer if answer := erasure.decision with input as differing(changes)

test_two_people_decide if {
	decision({}) == {
		"outcome": "require_hitl",
		"quorum": 2,
		"reasons": [{"rule": "hitl.erasure", "text": "What an erasure destroys is gone for good, so two people decide"}],
	}
}

test_refusal_wins_over_asking_people if {
	decision({"/cases/open": 1}).outcome == "deny"
	decision({"/requester": "p-2"}).outcome == "deny"
}

test_protection_cannot_be_overridden if decision({}).outcome == "block" with data.tenant.protected_people as ["p-2"]
