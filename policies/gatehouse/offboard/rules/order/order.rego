# METADATA
# description: What this pipeline orders, and when it may go on without a human.
package gatehouse.offboard.rules.order

import data.gatehouse.rules.freeze
import data.gatehouse.rules.protected
import data.gatehouse.rules.requesting
import data.gatehouse.rules.separation
import data.gatehouse.verdict

# METADATA
# title: The request asks for something that this pipeline does not do
# description: Only `offboard` requests, and a `reinstate` request in the reinstate phase, belong here.
# custom:
#   id: deny.action
findings contains verdict.finding(rego.metadata.rule()) if not action_fits

# METADATA
# title: One person, ended in the HRIS, nothing flagged, low risk, asked for by someone else
# description: Every condition is named and must hold; this is the only way to take access away without a human.
# custom:
#   id: allow.leaver
findings contains verdict.finding(rego.metadata.rule()) if {
	input.phase in {"soft", "hard"}
	input.intent.action == "offboard"
	unsuspicious
	input.evidence.findings == []
	input.evidence.facts.hris_status in {"terminated", "leaving"}
}

# METADATA
# title: Access is given back, asked for by someone other than the subject
# description: |
#   What the HRIS says is no condition here: reinstating is the remedy when the HRIS was wrong. Everything else is.
# custom:
#   id: allow.reinstate
findings contains verdict.finding(rego.metadata.rule()) if {
	input.phase == "reinstate"
	input.intent.action in {"offboard", "reinstate"}
	unsuspicious
}

action_fits if {
	input.pipeline == "offboard"
	input.intent.action == "offboard"
}

action_fits if {
	input.pipeline == "offboard"
	input.intent.action == "reinstate"
	input.phase == "reinstate"
}

# what must hold before any order goes on without a human
unsuspicious if {
	input.pipeline == "offboard"
	is_string(input.subject)
	not input.subject in separation.requesters
	not input.subject in data.tenant.protected_people
	not protected.break_glass
	not freeze.on
	requesting.entitled
	input.intent.flags == []
	input.intent.confidence >= data.tenant.confidence_from
	input.evidence.resolved == "one"
	input.evidence.facts.privilege in {"none", "elevated", "admin"}
	is_boolean(input.evidence.facts.production_owner)
	is_boolean(input.evidence.facts.recent_escalation)
	input.risk.score < data.tenant.require_hitl_from
}
