# METADATA
# description: Who may have a person erased, and when. Nothing here allows it without a human.
package gatehouse.erasure.rules.request

import data.gatehouse.rules.requesting
import data.gatehouse.verdict

# METADATA
# title: >-
#   The question lacks a field, or a field or the tenant's list of protected people has another type
#   than the rules read
# description: The caller is at fault; docs/policy.md lists the fields.
# custom:
#   id: deny.erasure_input
findings contains verdict.finding(rego.metadata.rule()) if not formed

# METADATA
# title: The person is on the tenant's list of people whom no automation touches
# description: What is kept about someone in `protected_people` is erased by nobody.
# custom:
#   id: block.erasure_protected
findings contains verdict.finding(rego.metadata.rule()) if input.subject in data.tenant.protected_people

# METADATA
# title: The requester asks to be erased themselves
# description: Nobody destroys what the record holds about their own access; someone else has to ask for it.
# custom:
#   id: deny.own_erasure
findings contains verdict.finding(rego.metadata.rule()) if input.requester == input.subject

# METADATA
# title: The requester may not ask for an erasure
# description: Where the tenant has groups in `may_request`, the requester has to be in one that may ask for `erasure`.
# custom:
#   id: deny.erasure_requester
findings contains verdict.finding(rego.metadata.rule()) if not requesting.may_request({input.requester}, "erasure")

# METADATA
# title: A case about the person is still open
# description: An open case needs its sealed fields until its end.
# custom:
#   id: deny.erasure_open_case
findings contains verdict.finding(rego.metadata.rule()) if input.cases.open > 0

# METADATA
# title: What an erasure destroys is gone for good, so two people decide
# description: |
#   Applies to every erasure. The gatekeeper asks for two people even where a rule asks for fewer or for none.
# custom:
#   id: hitl.erasure
findings contains verdict.finding(rego.metadata.rule()) if formed

formed if {
	input.v == 1
	named(input.tenant)
	input.procedure == "erasure"
	named(input.requester)
	named(input.subject)
	counted(input.cases.open)
	counted(input.cases.closed)
	is_array(data.tenant.protected_people)
	every person in data.tenant.protected_people { named(person) }
}

named(value) if {
	is_string(value)
	value != ""
}

counted(value) if {
	is_number(value)
	value >= 0
}
