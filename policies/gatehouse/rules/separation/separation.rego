# METADATA
# description: Who asks, who approves and whom it is about are different people.
package gatehouse.rules.separation

import data.gatehouse.verdict

# METADATA
# title: The request is about the requester
# description: |
#   Nobody orders, or takes back, a change of their own access. Everyone who asked for the case counts as a requester.
# custom:
#   id: deny.own_access
findings contains verdict.finding(rego.metadata.rule()) if input.subject in requesters

# METADATA
# title: Someone approved what they had asked for, or what is about them
# description: |
#   `approvers` are the people on whose approval the order would rest. The gatekeeper lets no such vote count; the
#   policy says it again.
# custom:
#   id: deny.own_approval
findings contains verdict.finding(rego.metadata.rule()) if {
	some approver in input.approvers
	approver in (requesters | {input.subject})
}

requesters := {input.requester} | {requester | some requester in input.requesters}
