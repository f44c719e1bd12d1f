# METADATA
# description: |
#   The breaker: when more people lose access within an hour than the tenant's limit, each further one waits for
#   two people, whatever their score. Giving access back waits for nobody.
package gatehouse.rules.breaker

import data.gatehouse.verdict

# METADATA
# title: More people lose access within an hour than this tenant lets go without two people
# description: The last hour's leavers, this one included, are more than `leavers_per_hour.tenant`.
# custom:
#   id: hitl.leavers
findings contains verdict.finding(rego.metadata.rule()) if beyond("tenant")

# METADATA
# title: More people lose access within an hour through one source than this tenant lets go without two people
# description: |
#   The last hour's leavers who were asked for through the same source, this one included, are more than
#   `leavers_per_hour.source`.
# custom:
#   id: hitl.leavers_source
findings contains verdict.finding(rego.metadata.rule()) if beyond("source")

# METADATA
# title: More people of one department lose access within an hour than this tenant lets go without two people
# description: |
#   The last hour's leavers of the same department, this one included, are more than `leavers_per_hour.department`.
#   Those whose department is not known are counted together.
# custom:
#   id: hitl.leavers_department
findings contains verdict.finding(rego.metadata.rule()) if beyond("department")

# METADATA
# description: Whether any limit is passed; then two people decide (`gatehouse.quorum`).
tripped if {
	some scope in ["tenant", "source", "department"]
	beyond(scope)
}

beyond(scope) if {
	input.phase in {"soft", "hard"}
	input.circumstances.leavers[scope].last > limit(scope)
}

# the default is that of libs/risk/leaver-limits.ts
limit(scope) := object.get(data.tenant, ["leavers_per_hour", scope], 10000)
