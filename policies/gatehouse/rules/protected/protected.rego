# METADATA
# description: Whom and what no automation touches.
package gatehouse.rules.protected

import data.gatehouse.verdict

# METADATA
# title: The subject is on the tenant's list of people whom no automation touches
# description: |
#   `protected_people` holds the ids of break-glass identities and of everyone whose access the tenant changes by hand
#   only.
# custom:
#   id: block.protected
findings contains verdict.finding(rego.metadata.rule()) if input.subject in data.tenant.protected_people

# METADATA
# title: The order would touch an account that no automation touches
# description: |
#   `break_glass_accounts` holds the accounts that the tenant keeps for emergencies, whoever they belong to.
# custom:
#   id: block.break_glass
findings contains verdict.finding(rego.metadata.rule()) if break_glass

break_glass if {
	some account in input.accounts
	account in data.tenant.break_glass_accounts
}
