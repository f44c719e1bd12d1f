# METADATA
# description: The gate of the offboard pipeline.
package gatehouse.offboard

import data.gatehouse.quorum
import data.gatehouse.verdict

# METADATA
# entrypoint: true
decision := verdict.answer(findings, quorum.people)

findings contains found if {
	some found
	data.gatehouse.rules[_].findings[found]
}

findings contains found if {
	some found
	data.gatehouse.offboard.rules[_].findings[found]
}
