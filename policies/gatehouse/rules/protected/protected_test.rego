package gatehouse.rules.protected_test

import data.gatehouse.cases_test as cases
import data.gatehouse.rules.protected

findings(changes) := ids if ids := cases.ids(protected.findings) with input as cases.differing(changes)

kept := {"portal": "scim", "account": "s-2"}

test_an_ordinary_leaver_is_not_protected if findings({}) == set()

test_protected_people_are_blocked if {
	findings({}) == {"block.protected"} with data.tenant.protected_people as ["p-7", "p-2"]
}

test_a_break_glass_account_is_blocked_whoever_holds_it if {
	findings({}) == {"block.break_glass"} with data.tenant.break_glass_accounts as [kept]
}

test_only_the_account_in_its_own_portal_is_meant if {
	every account in [{"portal": "directory", "account": "s-2"}, {"portal": "scim", "account": "s-20"}] {
		findings({}) == set() with data.tenant.break_glass_accounts as [account]
	}
}

test_nothing_is_touched_where_no_account_was_found if {
	findings({"/accounts": []}) == set() with data.tenant.break_glass_accounts as [kept]
}

test_the_committed_lists_are_empty if {
	data.tenant.protected_people == []
	data.tenant.break_glass_accounts == []
}
