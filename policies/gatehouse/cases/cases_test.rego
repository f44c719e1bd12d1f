# METADATA
# description: The inputs that the tests of all rules start from. An ordinary leaver, and what differs from it.
package gatehouse.cases_test

leaver := {
	"v": 1,
	"tenant": "acme",
	"pipeline": "offboard",
	"phase": "soft",
	"at": "2026-11-23T09:00:00.000Z",
	"requester": "p-1",
	"requesters": ["p-1"],
	"subject": "p-2",
	"accounts": [{"portal": "directory", "account": "u-2"}, {"portal": "scim", "account": "s-2"}],
	"approvers": [],
	"intent": {"action": "offboard", "confidence": 0.93, "flags": [], "source": "text"},
	"evidence": {
		"resolved": "one",
		"findings": [],
		"facts": {
			"privilege": "none",
			"production_owner": false,
			"recent_escalation": false,
			"hris_status": "terminated",
			"employment": "employee",
			"accounts": 2,
		},
	},
	"risk": {"score": 0.11, "components": [{"name": "parse_confidence", "value": 0.07, "weight": 0.1}]},
	"circumstances": {
		"source": "api",
		"department": "sales",
		"leavers": {
			"tenant": {"last": 3, "usual": 4},
			"source": {"last": 2, "usual": 4},
			"department": {"last": 1, "usual": 1},
		},
		"worst": {"scope": "tenant", "last": 3, "usual": 4},
		"requests": {"all": 210, "by_requester": 40, "around_hour": 31},
	},
}

# the ordinary leaver with some values replaced: {"/risk/score": 0.8}
differing(changes) := json.patch(leaver, replacements) if {
	replacements := [{"op": "replace", "path": path, "value": value} | some path, value in changes]
}

without(path) := json.patch(leaver, [{"op": "remove", "path": path}])

ids(findings) := {found.rule | some found in findings}
