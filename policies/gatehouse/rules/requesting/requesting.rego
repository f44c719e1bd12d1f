# METADATA
# description: Who may ask for what.
package gatehouse.rules.requesting

import data.gatehouse.rules.separation
import data.gatehouse.verdict

# METADATA
# title: Nobody who asked for this may ask for it
# description: |
#   `may_request` says which group may ask for which actions; without it, everyone whom a channel vouches for may ask
#   for all. One requester with the right is enough, but whoever wants access given back needs it themselves.
# custom:
#   id: deny.requester
findings contains verdict.finding(rego.metadata.rule()) if not entitled

entitled if {
	input.phase in {"soft", "hard"}
	may_request(separation.requesters, input.intent.action)
}

# those who asked to take access away did not ask to give it back
entitled if {
	input.phase == "reinstate"
	may_request({input.requester}, "reinstate")
}

# METADATA
# scope: document
# description: True where one of `people` is in a group that may ask for `action`, or the tenant has no such groups.
may_request(people, action) if {
	some group in data.tenant.may_request
	action in group.actions
	some person in group.people
	person in people
}

may_request(_, _) if not "may_request" in object.keys(data.tenant)
