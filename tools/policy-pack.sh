#!/bin/sh
# policy-pack.sh KEY OUT [REVISION]: puts policies/bundle and its Rego into OUT (.tar.gz), released at REVISION (default: now),
# and has OPA sign it with the private KEY (PEM: P-256, or RSA of at least 2048 bits).
set -eu
[ $# -ge 2 ] || { echo 'usage: policy-pack.sh KEY OUT [REVISION]' >&2; exit 2; }
tools="$(cd "$(dirname "$0")" && pwd)"
policies="$(dirname "$tools")/policies"
key="$(cd "$(dirname "$1")" && pwd)/$(basename "$1")"
out="$(cd "$(dirname "$2")" && pwd)/$(basename "$2")"
revision="${3:-$(date -u +%Y-%m-%dT%H:%M:%SZ)}"
opa="$("$tools/opa.sh" | tail -n 1)"
work="$(mktemp -d)"
trap 'rm -rf "$work" "$out.new"' EXIT

algorithm="$(node -e '
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = require("crypto").createPrivateKey(require("fs").readFileSync(process.argv[1]));
  const known = type === "rsa" ? "RS256" : details.namedCurve === "prime256v1" ? "ES256" : undefined;
  if (!known) throw new Error(`a key of ${type} cannot sign here`);
  console.log(known);
' "$key")"
cd "$policies"
mkdir "$work/bundle"
cp bundle/policy.wasm bundle/manifest.json "$work/bundle/"
node -p 'Object.keys(JSON.parse(require("fs").readFileSync("bundle/manifest.json", "utf8")).rego).join("\n")' | while read -r rego; do
  mkdir -p "$work/bundle/$(dirname "$rego")"
  cp "$rego" "$work/bundle/$rego"
done
printf '{"revision":"%s","roots":[""]}\n' "$revision" >"$work/bundle/.manifest"
cd "$work/bundle"
"$opa" sign --bundle . --signing-key "$key" --signing-alg "$algorithm"
tar --format=ustar -czf "$out.new" .
mv "$out.new" "$out" # by rename, so that nobody reads half a bundle
