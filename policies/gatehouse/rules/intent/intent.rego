# METADATA
# description: How far the understanding of the request can be trusted.
package gatehouse.rules.intent

import data.gatehouse.verdict

# METADATA
# title: The request's text carries marks of prompt injection
# description: The target has been scrubbed from the IntentPacket; a human reads the original.
# custom:
#   id: hitl.injection
findings contains verdict.finding(rego.metadata.rule()) if "prompt_injection_suspected" in input.intent.flags

# METADATA
# title: Intake has flagged the request
# description: Any other flag. Intake flags what it could not square, and what that means is for a human to say.
# custom:
#   id: hitl.flag
findings contains verdict.finding(rego.metadata.rule()) if {
	some flag in input.intent.flags
	flag != "prompt_injection_suspected"
}

# METADATA
# title: Intake is not sure enough that it understood the request
# description: Confidence is below `confidence_from` (0.6).
# custom:
#   id: hitl.confidence
findings contains verdict.finding(rego.metadata.rule()) if input.intent.confidence < data.tenant.confidence_from
