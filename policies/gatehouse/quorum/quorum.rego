# METADATA
# description: How many distinct people must approve, where the answer is `require_hitl`.
package gatehouse.quorum

import data.gatehouse.rules.breaker
import data.gatehouse.rules.freeze

# METADATA
# scope: document
# title: Two people, unless one is known to be enough
# description: |
#   One is enough when the score is below `two_people_from`, the subject is known either not to be an administrator
#   or not to own a production system, no change freeze is on, and no more people leave within the hour than
#   the tenant's limits. What is unknown asks for two.
# custom:
#   id: quorum
default people := 2

people := 1 if {
	is_number(input.risk.score)
	is_number(data.tenant.two_people_from)
	input.risk.score < data.tenant.two_people_from
	not_both
	not freeze.on
	not breaker.tripped
}

not_both if input.evidence.facts.privilege in {"none", "elevated"}

not_both if input.evidence.facts.production_owner == false
