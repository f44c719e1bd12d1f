# METADATA
# description: The gate of the procedure that erases a person.
package gatehouse.erasure

import data.gatehouse.verdict

# METADATA
# entrypoint: true
decision := verdict.answer(findings, 2)

findings contains found if {
	some found
	data.gatehouse.erasure.rules[_].findings[found]
}
