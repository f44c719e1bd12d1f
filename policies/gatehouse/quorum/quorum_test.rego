package gatehouse.quorum_test

import data.gatehouse.cases_test as cases
import data.gatehouse.quorum

people(changes) := needed if needed := quorum.people with input as cases.differing(changes)

test_one_person_for_an_ordinary_case if people({}) == 1

test_two_people_from_the_limit_on if {
	people({"/risk/score": 0.8499}) == 1
	people({"/risk/score": 0.85}) == 2
}

test_two_people_for_an_administrator_who_owns_production if {
	people({"/evidence/facts/privilege": "admin", "/evidence/facts/production_owner": true}) == 2
	people({"/evidence/facts/privilege": "admin"}) == 1
	people({"/evidence/facts/production_owner": true}) == 1
}

test_what_is_unknown_counts_as_if_it_were_so if {
	people({"/evidence/facts/privilege": "unknown", "/evidence/facts/production_owner": true}) == 2
	people({"/evidence/facts/privilege": "admin", "/evidence/facts/production_owner": "unknown"}) == 2
}

test_two_people_while_a_change_freeze_is_on if {
	people({}) == 2 with data.tenant.freezes as [{"from": cases.leaver.at, "until": "2027-01-01T00:00:00.000Z"}]
	people({}) == 1 with data.tenant.freezes as [{"from": "2026-01-01T00:00:00.000Z", "until": cases.leaver.at}]
}

test_two_people_when_nothing_is_known if quorum.people == 2 with input as {}

test_two_people_when_the_tenant_set_no_limit if quorum.people == 2 with input as cases.leaver with data.tenant as {}
