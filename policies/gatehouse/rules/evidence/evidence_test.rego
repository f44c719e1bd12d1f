package gatehouse.rules.evidence_test

import data.gatehouse.cases_test as cases
import data.gatehouse.rules.evidence

findings(changes) := ids if ids := cases.ids(evidence.findings) with input as cases.differing(changes)

test_complete_evidence_finds_nothing if findings({}) == set()

test_a_silent_source_goes_to_a_human if {
	findings({"/evidence/findings": ["source_unknown:scim"]}) == {"hitl.source_unknown"}
}

test_each_unknown_holding_goes_to_a_human if {
	findings({"/evidence/facts/privilege": "unknown"}) == {"hitl.fact_unknown"}
	findings({"/evidence/facts/production_owner": "unknown"}) == {"hitl.fact_unknown"}
	findings({"/evidence/facts/recent_escalation": "unknown"}) == {"hitl.fact_unknown"}
}

test_a_finding_that_no_rule_reads_goes_to_a_human if {
	findings({"/evidence/findings": ["rehired"]}) == {"hitl.finding"}
}

test_what_other_rules_read_is_left_to_them if {
	every known in evidence.read_elsewhere { findings({"/evidence/findings": [known]}) == set() }
}
