package gatehouse.rules.freeze_test

import data.gatehouse.cases_test as cases
import data.gatehouse.rules.freeze

findings(at) := ids if ids := cases.ids(freeze.findings) with input as cases.differing({"/at": at})

year_end := {"from": "2026-12-18T17:00:00.000Z", "until": "2027-01-04T07:00:00.000Z"}

quarter_end := {"from": "2026-03-30T00:00:00.000Z", "until": "2026-04-01T00:00:00.000Z"}

during := ["2026-12-18T17:00:00.000Z", "2026-12-31T23:59:59.999Z", "2027-01-04T06:59:59.999Z"]

outside := ["2025-12-24T12:00:00.000Z", "2026-12-18T16:59:59.999Z", "2027-01-04T07:00:00.000Z"]

test_without_a_freeze_every_time_will_do if {
	every at in during { findings(at) == set() }
}

test_a_freeze_lasts_from_its_first_moment_until_before_its_end if {
	every at in during { findings(at) == {"hitl.freeze"} with data.tenant.freezes as [quarter_end, year_end] }
	every at in outside { findings(at) == set() with data.tenant.freezes as [quarter_end, year_end] }
}

test_both_phases_that_take_access_away_wait if {
	every phase in ["soft", "hard"] {
		freeze.on with input as cases.differing({"/at": year_end.from, "/phase": phase})
			with data.tenant.freezes as [year_end]
	}
}

test_giving_access_back_does_not_wait if {
	not freeze.on with input as cases.differing({"/at": year_end.from, "/phase": "reinstate"})
		with data.tenant.freezes as [year_end]
}
