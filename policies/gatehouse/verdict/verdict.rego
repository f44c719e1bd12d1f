# METADATA
# description: |
#   One answer from all findings. The first part of a finding's id says what it asks for, the worst finding wins,
#   and where nothing was found the answer is deny.
package gatehouse.verdict

# an id whose first part is not listed here counts as deny, so that a misspelt rule closes the gate
severity := {"block": 0, "deny": 1, "hitl": 2, "allow": 3}

outcomes := ["block", "deny", "require_hitl", "allow"]

# METADATA
# description: The finding that a rule stands for, from its own METADATA (`rego.metadata.rule()`).
finding(rule) := {
	"rule": object.get(rule, ["custom", "id"], "deny.unnamed_rule"),
	"text": object.get(rule, "title", "A rule without METADATA applies"),
}

# METADATA
# scope: document
# description: Outcome, reasons (worst first) and quorum, of a set of findings.
answer(findings, quorum) := {
	"outcome": outcome,
	"reasons": [{"rule": found[1], "text": found[2]} | some found in ranked; found[0] <= relevant],
	"quorum": quorum,
} if {
	ranked := sort([[rank(found.rule), found.rule, found.text] | some found in findings])
	worst := ranked[0][0]
	outcome := outcomes[worst]

	# what speaks for an order is no reason once something speaks against it
	relevant := max([worst, severity.hitl])
}

answer(findings, quorum) := {
	"outcome": "deny",
	"reasons": [{"rule": "deny.default", "text": "No rule allows this"}],
	"quorum": quorum,
} if {
	count(findings) == 0
}

rank(id) := object.get(severity, split(id, ".")[0], severity.deny)
