# METADATA
# description: The times in which a tenant wants nothing changed.
package gatehouse.rules.freeze

import data.gatehouse.verdict

# METADATA
# title: A change freeze is on, so two people say what cannot wait
# description: |
#   The decision's time lies in one of the tenant's `freezes`. Giving access back is not held up: it takes a change
#   back.
# custom:
#   id: hitl.freeze
findings contains verdict.finding(rego.metadata.rule()) if on

on if {
	input.phase in {"soft", "hard"}
	some freeze in data.tenant.freezes
	input.at >= freeze.from
	input.at < freeze.until
}
