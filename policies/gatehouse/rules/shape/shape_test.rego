package gatehouse.rules.shape_test

import data.gatehouse.cases_test as cases
import data.gatehouse.rules.shape

# every field a rule may read; without it the gate must not open
required := {
	"/v", "/tenant", "/pipeline", "/phase", "/at", "/requester", "/requesters", "/subject", "/accounts", "/approvers",
	"/intent", "/intent/action", "/intent/confidence", "/intent/flags", "/intent/source",
	"/evidence", "/evidence/resolved", "/evidence/findings", "/evidence/facts",
	"/evidence/facts/privilege", "/evidence/facts/production_owner", "/evidence/facts/recent_escalation",
	"/evidence/facts/hris_status", "/evidence/facts/employment", "/evidence/facts/accounts",
	"/risk", "/risk/score", "/risk/components",
}

# no field may be any of these
strange := [{"a": 1}, [1], [""], -1, 1.5, "", "no such class", [null]]

free_text := {
	"/tenant", "/pipeline", "/requester", "/subject", "/intent/action", "/intent/source",
}

findings(document) := ids if ids := cases.ids(shape.findings) with input as document

test_the_ordinary_leaver_is_well_formed if findings(cases.leaver) == set()

test_nobody_may_be_named if findings(cases.differing({"/subject": null})) == set()

test_an_unknown_fact_is_well_formed if {
	every fact in ["privilege", "production_owner", "recent_escalation", "hris_status", "employment"] {
		findings(cases.differing({concat("", ["/evidence/facts/", fact]): "unknown"})) == set()
	}
}

test_each_missing_field_is_a_refusal if {
	every path in required { findings(cases.without(path)) == {"deny.input"} }
}

test_each_ill_typed_field_is_a_refusal if {
	every path in required {
		every value in strange { refused_or_harmless(path, value) }
	}
}

# where any text is well formed, so is this one; a positive count of accounts need not be whole
refused_or_harmless(path, value) if findings(cases.differing({path: value})) == {"deny.input"}

refused_or_harmless(path, "no such class") if path in free_text

refused_or_harmless("/evidence/facts/accounts", 1.5)

test_a_malformed_component_is_a_refusal if {
	every component in [1, {}, {"name": "", "value": 0, "weight": 0}, {"name": "a", "value": 2, "weight": 0}] {
		findings(cases.differing({"/risk/components": [component]})) == {"deny.input"}
	}
}

test_a_time_of_another_form_is_a_refusal if {
	every at in ["2026-11-23", "2026-11-23T09:00:00Z", "2026-11-23T09:00:00.000+01:00", " 2026-11-23T09:00:00.000Z"] {
		findings(cases.differing({"/at": at})) == {"deny.input"}
	}
}

test_an_account_without_its_portal_is_a_refusal if {
	every account in [
		{"portal": "scim"},
		{"account": "s-2"},
		{"portal": "", "account": "s-2"},
		{"portal": "scim", "account": "s-2", "name": "a"},
	] {
		findings(cases.differing({"/accounts": [account]})) == {"deny.input"}
	}
}

earlier := object.remove(cases.leaver, {"at", "accounts", "approvers"})

test_a_question_of_an_earlier_ledger_can_be_asked_again if findings(earlier) == set()

test_but_not_where_the_tenant_has_a_use_for_what_it_lacks if {
	findings(earlier) == {"deny.input"} with data.tenant.freezes as [freeze]
	findings(earlier) == {"deny.input"} with data.tenant.break_glass_accounts as [{"portal": "scim", "account": "s-9"}]
}

freeze := {"from": "2026-12-18T17:00:00.000Z", "until": "2027-01-04T07:00:00.000Z"}

hr := {"people": ["p-1"], "actions": ["offboard"]}

test_what_a_tenant_may_leave_out if {
	findings(cases.leaver) == set() with data.tenant as object.remove(data.tenant, {"freezes", "break_glass_accounts"})
	findings(cases.leaver) == set() with data.tenant.freezes as [freeze]
	findings(cases.leaver) == set() with data.tenant.may_request as {"hr": hr}
}

# what the lists of a tenant must not hold
malformed := {
	"freezes": [
		"always",
		{},
		[{}],
		[{"from": freeze.until, "until": freeze.from}],
		[{"from": "2026-12-18", "until": "2027-01-04"}],
	],
	"break_glass_accounts": ["s-9", ["s-9"], [{"portal": "scim"}], null],
	"may_request": [
		"everyone",
		[hr],
		{"hr": ["p-1"]},
		{"hr": {"people": ["p-1"]}},
		{"hr": {"people": "p-1", "actions": ["offboard"]}},
	],
}

test_each_malformed_list_of_the_tenant_is_a_refusal if {
	every member, values in malformed {
		every value in values {
			findings(cases.leaver) == {"deny.tenant_data"} with data.tenant as object.union(data.tenant, {member: value})
		}
	}
}

test_no_input_at_all_is_a_refusal if findings({}) == {"deny.input"}

test_each_missing_limit_is_a_refusal if {
	some_limits := ["block_from", "require_hitl_from", "two_people_from", "confidence_from", "protected_people"]
	every limit in some_limits {
		cases.ids(shape.findings) == {"deny.tenant_data"} with input as cases.leaver
			with data.tenant as object.remove(data.tenant, {limit})
		cases.ids(shape.findings) == {"deny.tenant_data"} with input as cases.leaver
			with data.tenant as object.union(data.tenant, {limit: "0.5"})
	}
}

test_asking_a_human_must_not_start_above_refusal if {
	cases.ids(shape.findings) == {"deny.tenant_data"} with input as cases.leaver with data.tenant.require_hitl_from as 0.96
}

around := {"source", "department", "leavers", "worst", "requests"}

test_circumstances_may_be_missing_as_a_whole_only if {
	findings(cases.without("/circumstances")) == set()
	every member in around {
		findings(cases.without(concat("/", ["/circumstances", member]))) == {"deny.input"}
	}
}

test_each_ill_typed_circumstance_is_a_refusal if {
	findings(cases.differing({"/circumstances": false})) == {"deny.input"}
	findings(cases.differing({"/circumstances/department": null})) == set()
	crowds := ["/leavers/tenant", "/leavers/department/last", "/worst/scope", "/worst/usual"]
	every path in array.concat(["/source", "/department", "/requests/all"], crowds) {
		every value in [[1], -1, 1.5, "", {}] {
			findings(cases.differing({concat("", ["/circumstances", path]): value})) == {"deny.input"}
		}
	}
}

test_limits_of_leavers_may_be_missing_but_not_wrong if {
	every limits in [{}, {"department": 5}] {
		findings(cases.leaver) == set() with data.tenant.leavers_per_hour as limits
	}
	every limits in [null, [5], {"tenant": "5"}, {"tenant": -1}, {"tenant": 1.5}, {"group": 5}] {
		findings(cases.leaver) == {"deny.tenant_data"} with data.tenant.leavers_per_hour as limits
	}
}
