package gatehouse.verdict_test

import data.gatehouse.verdict

found(id) := {"rule": id, "text": id}

outcome(ids) := verdict.answer({found(id) | some id in ids}, 1).outcome

rules(ids) := [reason.rule | some reason in verdict.answer({found(id) | some id in ids}, 1).reasons]

test_the_worst_finding_wins if {
	outcome({"allow.a", "hitl.b", "deny.c", "block.d"}) == "block"
	outcome({"allow.a", "hitl.b", "deny.c"}) == "deny"
	outcome({"allow.a", "hitl.b"}) == "require_hitl"
	outcome({"allow.a"}) == "allow"
}

test_nothing_found_is_a_refusal if {
	verdict.answer(set(), 2) == {
		"outcome": "deny",
		"reasons": [{"rule": "deny.default", "text": "No rule allows this"}],
		"quorum": 2,
	}
}

test_reasons_come_worst_first_and_without_what_spoke_for_it if {
	rules({"allow.a", "hitl.b", "hitl.a", "block.d"}) == ["block.d", "hitl.a", "hitl.b"]
	rules({"allow.a"}) == ["allow.a"]
}

test_an_id_of_an_unknown_kind_closes_the_gate if outcome({"alow.typo", "hitl.a", "allow.b"}) == "deny"

test_a_rule_without_metadata_closes_the_gate if {
	verdict.finding({}).rule == "deny.unnamed_rule"
	verdict.finding({"title": "t"}) == {"rule": "deny.unnamed_rule", "text": "t"}
}

test_a_finding_carries_the_rules_own_words if {
	verdict.finding({"title": "t", "custom": {"id": "hitl.x"}}) == {"rule": "hitl.x", "text": "t"}
}
