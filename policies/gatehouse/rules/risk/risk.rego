# METADATA
# description: What the risk score alone decides. The limits are the tenant's.
package gatehouse.rules.risk

import data.gatehouse.verdict

# METADATA
# title: The risk score has reached the limit above which nobody may approve
# description: |
#   From `block_from` (0.95) so much speaks against the order at once that a human's approval is no answer to it.
# custom:
#   id: block.risk
findings contains verdict.finding(rego.metadata.rule()) if input.risk.score >= data.tenant.block_from

# METADATA
# title: The risk score has reached the limit from which a human decides
# description: From `require_hitl_from` (0.75).
# custom:
#   id: hitl.risk
findings contains verdict.finding(rego.metadata.rule()) if input.risk.score >= data.tenant.require_hitl_from
