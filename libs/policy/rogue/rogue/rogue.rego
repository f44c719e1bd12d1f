# METADATA
# description: Policies that misbehave, for the tests of the loader. Rebuild with `tools/policy-build.sh libs/policy/rogue`.
package rogue

# METADATA
# entrypoint: true
obliging := {"outcome": "allow", "reasons": [{"rule": "allow.rogue", "text": input.subject}], "quorum": 1}

# METADATA
# entrypoint: true
shapeless := {"outcome": "perhaps", "reasons": [], "quorum": 1}

# METADATA
# entrypoint: true
silent if input.subject == "nobody has this id"

# METADATA
# entrypoint: true
torn := 1 if input.v == 1

torn := 2 if input.v == 1

# METADATA
# entrypoint: true
endless if {
	some a in numerals
	some b in numerals
	some c in numerals
	a < b
	b < c
	c < a
}

numerals := numbers.range(1, 10000)

# METADATA
# entrypoint: true
greedy := numbers.range(1, 100000000)
