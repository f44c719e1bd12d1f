# METADATA
# description: Whether it is clear whom the request is about.
package gatehouse.rules.identity

import data.gatehouse.verdict

# METADATA
# title: The request names nobody, so there is nothing to approve
# description: A human must see it, and can reject it or file a clean request in their own name.
# custom:
#   id: hitl.no_target
findings contains verdict.finding(rego.metadata.rule()) if {
	input.subject == null
	input.phase == "soft"
}

# METADATA
# title: An order without a subject cannot follow an earlier one
# description: Only a first look (`soft`) may find nobody; `hard` and `reinstate` are about someone already acted on.
# custom:
#   id: deny.no_target
findings contains verdict.finding(rego.metadata.rule()) if {
	input.subject == null
	input.phase != "soft"
}

# METADATA
# title: The request does not resolve to exactly one person
# description: No match, or several. A fuzzy match is never enough for an order.
# custom:
#   id: hitl.identity
findings contains verdict.finding(rego.metadata.rule()) if input.evidence.resolved != "one"
