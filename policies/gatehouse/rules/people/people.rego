# METADATA
# description: Who may ask, and about whom nobody may.
package gatehouse.rules.people

import data.gatehouse.verdict

# METADATA
# title: The subject is on the tenant's list of people whom no automation touches
# description: |
#   `protected_people` holds the ids of break-glass identities and of everyone whose access the tenant changes by hand only.
# custom:
#   id: block.protected
findings contains verdict.finding(rego.metadata.rule()) if input.subject in data.tenant.protected_people

# METADATA
# title: The request is about the requester
# description: Nobody orders, or takes back, a change of their own access. Everyone who asked for the case counts as a requester.
# custom:
#   id: deny.own_access
findings contains verdict.finding(rego.metadata.rule()) if input.subject in requesters

requesters := {input.requester} | {requester | some requester in input.requesters}
