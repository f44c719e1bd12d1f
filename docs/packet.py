# python3 packet.py delivery.json keys.json: checks a packet with the standard library alone, and lays out for openssl what that lacks.
# Prints `accepted <digest>` and exits 0, or the reason and 1. The Ed25519 signature is checked by openssl (docs/packet.md says how).
import base64, hashlib, hmac, json, re, sys

delivery, keys = (json.load(open(name, encoding="utf-8")) for name in sys.argv[1:3])
def binary(text):
    value = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if base64.urlsafe_b64encode(value).decode().rstrip("=") != text: sys.exit("delivery: not strict base64url")
    return value
def once(pairs):
    if len(dict(pairs)) != len(pairs): raise ValueError("a member twice")
    return dict(pairs)
def domain(algorithm): return f"gatehouse/packet/v1/{algorithm}\0{keys['tenant']}\0".encode() + data

if set(delivery) != {"packet", "hmac", "signature", "grants"}: sys.exit("delivery: other members")
data, tag, signature = (binary(delivery[name]) for name in ("packet", "hmac", "signature"))
open("signed.bin", "wb").write(domain("ed25519"))
open("signature.bin", "wb").write(signature)
spki = bytes.fromhex("302a300506032b6570032100") + binary(keys["ed25519"]["publicKey"])  # RFC 8410, section 4
open("key.pem", "w").write("-----BEGIN PUBLIC KEY-----\n" + base64.b64encode(spki).decode() + "\n-----END PUBLIC KEY-----\n")
if not hmac.compare_digest(tag, hmac.new(binary(keys["hmac"]["key"]), domain("hmac-sha256"), hashlib.sha256).digest()): sys.exit("hmac")

try: packet = json.loads(data.decode("utf-8"), object_pairs_hook=once)
except ValueError: sys.exit("not_canonical")
if len(data) > 12288 or json.dumps(packet, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() != data: sys.exit("not_canonical")
FORMS = {"v": "1", "tenant": "[a-z][a-z0-9-]{1,30}", "case": "c-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "order": "[1-9][0-9]*", "phase": "soft|hard|reinstate",
         "decision": "[0-9a-f]{64}", "approvals": "[0-9a-f]{64}|None", "previous": "[0-9a-f]{64}|None",
         "notBefore": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", "acceptBy": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"}
good = isinstance(packet, dict) and set(packet) == {*FORMS, "steps", "keys"} and all(re.fullmatch(form, str(packet[name])) for name, form in FORMS.items())
if not good or set(packet["keys"]) != {"hmac", "ed25519"} or not all(set(step) == {"portal", "account", "effects"} for step in packet["steps"]): sys.exit("shape")
if packet["tenant"] != keys["tenant"]: sys.exit("tenant")
if any(packet["keys"][name] != keys[name]["id"] for name in ("hmac", "ed25519")): sys.exit("key_id")
print("accepted", hashlib.sha256(data).hexdigest())
