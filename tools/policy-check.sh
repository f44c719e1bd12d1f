#!/bin/sh
# Holds policies/ to its promises and ends with `policy: N passed, N failed` (each Rego test and each check counts one).
# Exit code 0 only when nothing failed.
set -u
tools="$(cd "$(dirname "$0")" && pwd)"
root="$(dirname "$tools")"
opa="$("$tools/opa.sh" | tail -n 1)"
regal="$("$tools/regal.sh" | tail -n 1)"
[ -x "$opa" ] && [ -x "$regal" ] || { echo 'policy: 0 passed, 1 failed'; exit 1; }
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
passed=0
failed=0
cd "$root"

check() { # check NAME COMMAND...
  name="$1"
  shift
  if "$@" >"$work/out" 2>&1; then
    passed=$((passed + 1))
    echo "ok    $name"
  else
    failed=$((failed + 1))
    echo "FAIL  $name"
    sed 's/^/      /' "$work/out"
  fi
}
unchanged() { "$tools/policy-build.sh" "$1" "$work/bundle" && diff -r "$work/bundle" "$1/bundle"; }
agreed() { node_modules/.bin/tsc -b libs/policy && node "$tools/policy-agree.mjs" "$opa"; }
linted() { "$regal" lint --config-file "$tools/regal/config.yaml" policies; }
with_opa() { # a suite that runs opa and regal itself
  node_modules/.bin/tsc -b && PATH="$(dirname "$opa"):$(dirname "$regal"):$PATH" CI=true node --experimental-vm-modules \
    --disable-warning=ExperimentalWarning node_modules/jest/bin/jest.js "test/with-opa/$1"
}
covered() { "$opa" test policies --coverage --threshold 95 --format json >"$work/coverage" || { tail -n 5 "$work/coverage"; return 1; }; }

check 'opa check --strict' "$opa" check --strict policies
check 'opa fmt' "$opa" fmt --diff --fail policies
check 'regal lint' linted
"$opa" test policies --format json >"$work/tests" 2>"$work/tests.err"
counts="$(node -e '
  const tests = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8")).filter((test) => !test.skip);
  const bad = tests.filter((test) => test.fail || test.error);
  for (const test of bad) console.error(`FAIL  ${test.package}.${test.name}`);
  console.log(tests.length - bad.length, bad.length);
' "$work/tests")" || { cat "$work/tests" "$work/tests.err"; counts='0 1'; }
[ "$counts" != '0 0' ] || counts='0 1' # no test at all is not a pass
passed=$((passed + ${counts% *}))
failed=$((failed + ${counts#* }))
check 'coverage of the rules is 95% or more' covered
check "policies/bundle is what policies/ compiles to" unchanged policies
check "the bundle that the loader's tests misuse is what its Rego compiles to" unchanged libs/policy/rogue
check 'OPA and the committed Wasm give the same answers, to the questions of the tests and to 10,000 random ones' agreed
check 'docs/policy.md: a rule in ten minutes, run as it is written' with_opa policy-page
check 'bundles that tools/policy-pack.sh has packed and OPA signed are taken' with_opa packed-bundle
check 'docs/policy.md lists the rules' node "$tools/policy-table.mjs" policies/bundle/manifest.json docs/policy.md --check

echo "policy: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
