# METADATA
# description: |
#   What every other rule may take for granted: input and tenant data have the fields and types that the rules read.
#   A missing or ill-typed field is a refusal, because a rule that reads it would be silent.
package gatehouse.rules.shape

import data.gatehouse.verdict

# METADATA
# title: The input lacks a field, or a field has another type, than the rules read
# description: The caller is at fault; docs/policy.md lists the fields.
# custom:
#   id: deny.input
findings contains verdict.finding(rego.metadata.rule()) if not input_formed

# METADATA
# title: The tenant's policy data lacks a limit, or a limit is not what the rules read
# description: |
#   Each limit is between 0 and 1, and asking a human starts no higher than refusal; lists and groups hold what their
#   rules read.
# custom:
#   id: deny.tenant_data
findings contains verdict.finding(rego.metadata.rule()) if not tenant_data_formed

input_formed if {
	input.v == 1
	named(input.tenant)
	named(input.pipeline)
	input.phase in {"soft", "hard", "reinstate"}
	named(input.requester)
	all_named(input.requesters)
	subject_formed
	order_formed
	intent_formed
	evidence_formed
	facts_formed
	risk_formed
	circumstances_formed
}

subject_formed if input.subject == null

subject_formed if named(input.subject)

# the time, the accounts that the order would touch, and on whose approval it would rest
order_formed if {
	instant(input.at)
	accounts(input.accounts)
	all_named(input.approvers)
}

# a question from before the gate was told of them is only asked again, and only where the tenant has no use for them
order_formed if {
	object.get(data.tenant, "freezes", []) == []
	object.get(data.tenant, "break_glass_accounts", []) == []
	every member in ["at", "accounts", "approvers"] { not member in object.keys(input) }
}

intent_formed if {
	named(input.intent.action)
	named(input.intent.source)
	share(input.intent.confidence)
	all_named(input.intent.flags)
}

evidence_formed if {
	input.evidence.resolved in {"one", "none", "several"}
	all_named(input.evidence.findings)
}

facts_formed if {
	facts := input.evidence.facts
	facts.privilege in {"none", "elevated", "admin", "unknown"}
	facts.production_owner in {true, false, "unknown"}
	facts.recent_escalation in {true, false, "unknown"}
	facts.hris_status in {"terminated", "leaving", "active", "unknown", "absent"}
	facts.employment in {"employee", "contractor", "unknown"}
	is_number(facts.accounts)
	facts.accounts >= 0
}

risk_formed if {
	share(input.risk.score)
	is_array(input.risk.components)
	every component in input.risk.components {
		named(component.name)
		share(component.value)
		share(component.weight)
	}
}

# the first ledgers' questions have none
circumstances_formed if not "circumstances" in object.keys(input)

circumstances_formed if {
	around := input.circumstances
	named(around.source)
	department_formed
	around.worst.scope in scopes
	crowd_formed(around.worst)
	every scope in scopes { crowd_formed(around.leavers[scope]) }
	every which in ["all", "by_requester", "around_hour"] { whole(around.requests[which]) }
}

scopes := {"tenant", "source", "department"}

department_formed if input.circumstances.department == null

department_formed if named(input.circumstances.department)

crowd_formed(crowd) if {
	whole(crowd.last)
	whole(crowd.usual)
}

tenant_data_formed if {
	share(data.tenant.confidence_from)
	share(data.tenant.require_hitl_from)
	share(data.tenant.two_people_from)
	share(data.tenant.block_from)
	data.tenant.require_hitl_from <= data.tenant.block_from
	all_named(data.tenant.protected_people)
	accounts(object.get(data.tenant, "break_glass_accounts", []))
	freezes_formed
	groups_formed
	limits_formed
}

limits_formed if not "leavers_per_hour" in object.keys(data.tenant)

limits_formed if {
	is_object(data.tenant.leavers_per_hour)
	every scope, limit in data.tenant.leavers_per_hour {
		scope in scopes
		whole(limit)
	}
}

freezes_formed if {
	freezes := object.get(data.tenant, "freezes", [])
	is_array(freezes)
	every freeze in freezes {
		instant(freeze.from)
		instant(freeze.until)
		freeze.from < freeze.until
	}
}

groups_formed if {
	groups := object.get(data.tenant, "may_request", {})
	is_object(groups)
	every group in groups {
		all_named(group.people)
		all_named(group.actions)
	}
}

accounts(values) if {
	is_array(values)
	every value in values {
		object.keys(value) == {"portal", "account"}
		named(value.portal)
		named(value.account)
	}
}

# of one form, UTC with milliseconds, so that the order of texts is the order of times
instant(value) if {
	not contains(value, "#")
	strings.replace_n(digits, value) == "####-##-##T##:##:##.###Z"
}

# a regular expression would double the size of the Wasm
digits := {"0": "#", "1": "#", "2": "#", "3": "#", "4": "#", "5": "#", "6": "#", "7": "#", "8": "#", "9": "#"}

named(value) if {
	is_string(value)
	value != ""
}

all_named(values) if {
	is_array(values)
	every value in values { named(value) }
}

whole(value) if {
	is_number(value)
	value >= 0
	floor(value) == value
}

# a number between 0 and 1
share(value) if {
	is_number(value)
	value >= 0
	value <= 1
}
