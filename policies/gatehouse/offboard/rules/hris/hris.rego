# METADATA
# description: |
#   Where the HRIS disagrees with the request, a human decides. Reinstating is not held up by it: it takes no access
#   away, and is the remedy when the HRIS was wrong.
package gatehouse.offboard.rules.hris

import data.gatehouse.verdict

# METADATA
# title: The HRIS does not say that this person is leaving
# description: The status is neither `terminated` nor `leaving`, or evidence found `hris_not_terminated`.
# custom:
#   id: hitl.hris_not_terminated
findings contains verdict.finding(rego.metadata.rule()) if {
	takes_away
	not_terminated
}

# METADATA
# title: The HRIS has another last day than the request
# description: Evidence found `hris_date_differs`.
# custom:
#   id: hitl.hris_date
findings contains verdict.finding(rego.metadata.rule()) if {
	takes_away
	"hris_date_differs" in input.evidence.findings
}

# METADATA
# title: The HRIS knows this account as another person, or under a new name
# description: |
#   Evidence found `hris_other_person` or `renamed`. A rename looks like a leaver to whoever only sees the old name.
# custom:
#   id: hitl.hris_person
findings contains verdict.finding(rego.metadata.rule()) if {
	takes_away
	some finding in ["hris_other_person", "renamed"]
	finding in input.evidence.findings
}

# METADATA
# title: The HRIS says nothing about this person
# description: The status is `unknown` or `absent`, or evidence found `hris_unknown`.
# custom:
#   id: hitl.hris_unknown
findings contains verdict.finding(rego.metadata.rule()) if {
	takes_away
	silent
}

takes_away if input.phase in {"soft", "hard"}

not_terminated if input.evidence.facts.hris_status == "active"

not_terminated if "hris_not_terminated" in input.evidence.findings

silent if input.evidence.facts.hris_status in {"unknown", "absent"}

silent if "hris_unknown" in input.evidence.findings
