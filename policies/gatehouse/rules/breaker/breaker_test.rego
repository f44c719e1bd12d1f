package gatehouse.rules.breaker_test

import data.gatehouse.cases_test as cases
import data.gatehouse.offboard
import data.gatehouse.quorum
import data.gatehouse.rules.breaker

limits := {"tenant": 20, "source": 15, "department": 5}

leavers(scope) := concat("", ["/circumstances/leavers/", scope, "/last"])

findings(changes) := ids if {
	ids := cases.ids(breaker.findings) with input as cases.differing(changes) with data.tenant.leavers_per_hour as limits
}

decision(changes) := answer if {
	answer := offboard.decision with input as cases.differing(changes) with data.tenant.leavers_per_hour as limits
}

test_an_ordinary_hour_finds_nothing if {
	findings({}) == set()
	every scope, limit in limits { findings({leavers(scope): limit}) == set() }
}

test_each_limit_has_its_own_words if {
	findings({leavers("tenant"): 21}) == {"hitl.leavers"}
	findings({leavers("source"): 16}) == {"hitl.leavers_source"}
	findings({leavers("department"): 6}) == {"hitl.leavers_department"}
	findings({leavers("tenant"): 21, leavers("department"): 6}) == {"hitl.leavers", "hitl.leavers_department"}
}

test_beyond_a_limit_two_people_decide_whatever_the_score if {
	every scope, limit in limits {
		every phase in ["soft", "hard"] {
			answer := decision({"/phase": phase, "/risk/score": 0, leavers(scope): limit + 1})
			answer.outcome == "require_hitl"
			answer.quorum == 2
		}
	}
}

test_within_the_limits_one_person_is_enough if {
	quorum.people == 1 with input as cases.differing({leavers("tenant"): 20}) with data.tenant.leavers_per_hour as limits
	decision({leavers("tenant"): 20}).outcome == "allow"
}

test_giving_back_waits_for_nobody if {
	every scope, limit in limits { findings({"/phase": "reinstate", leavers(scope): limit + 1}) == set() }
}

test_a_tenant_without_limits_has_the_default if {
	every scope, _ in limits {
		cases.ids(breaker.findings) == set() with input as cases.differing({leavers(scope): 10000})
		count(breaker.findings) == 1 with input as cases.differing({leavers(scope): 10001})
	}
}

test_one_limit_alone_leaves_the_others_as_they_are if {
	given := {"department": 5}
	cases.ids(breaker.findings) == set() with input as cases.differing({leavers("tenant"): 10000})
		with data.tenant.leavers_per_hour as given
	cases.ids(breaker.findings) == {"hitl.leavers_department"} with input as cases.differing({leavers("department"): 6})
		with data.tenant.leavers_per_hour as given
}

test_a_question_of_the_first_ledgers_is_answered_as_it_was if {
	breaker.findings == set() with input as cases.without("/circumstances") with data.tenant.leavers_per_hour as limits
	not breaker.tripped with input as cases.without("/circumstances")
}
