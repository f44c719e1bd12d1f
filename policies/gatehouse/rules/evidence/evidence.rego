# METADATA
# description: What could not be looked up. The unknown counts as risk, never as harmless.
package gatehouse.rules.evidence

import data.gatehouse.verdict

# METADATA
# title: A source of evidence gave no answer
# description: A finding `source_unknown:<source>`; the facts of that source are missing from the picture.
# custom:
#   id: hitl.source_unknown
findings contains verdict.finding(rego.metadata.rule()) if {
	some finding in input.evidence.findings
	startswith(finding, "source_unknown:")
}

# METADATA
# title: It is not known what the subject holds
# description: Privilege, production ownership or recent escalation is `unknown`.
# custom:
#   id: hitl.fact_unknown
findings contains verdict.finding(rego.metadata.rule()) if {
	some fact in ["privilege", "production_owner", "recent_escalation"]
	input.evidence.facts[fact] == "unknown"
}

# METADATA
# title: Evidence found something that no rule reads
# description: A finding these rules have not been taught yet is never taken for harmless.
# custom:
#   id: hitl.finding
findings contains verdict.finding(rego.metadata.rule()) if {
	some finding in input.evidence.findings
	not startswith(finding, "source_unknown:")
	not finding in read_elsewhere
}

# the findings that rules of pipelines answer for
read_elsewhere := {"hris_not_terminated", "hris_date_differs", "hris_unknown", "hris_other_person", "renamed"}
