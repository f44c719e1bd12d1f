# Recomputes the chain and the RFC 6962 tree of an export, and holds them against a checkpoint that you kept.
#   python3 verify.py ledger.ndjson [checkpoint]      exit 0: all of it fits   1: the first thing wrong   2: could not read
# The checkpoint counts by your having kept it: the standard library cannot check its Ed25519 signature.
import base64, hashlib, json, sys

def sha256(data): return hashlib.sha256(data).digest()
def stop(code, words): print(words, file=sys.stderr); sys.exit(code)
def unique(pairs):
    if len({key for key, _ in pairs}) != len(pairs): raise ValueError('a key twice')
    return dict(pairs)

def check(lines, size, root):
    prev, tenant, life, at, lost, peaks = '0' * 64, None, None, '', '', []  # peaks: roots of full subtrees, each with its number of leaves
    for seq, line in enumerate(lines):
        try: entry = json.loads(line, object_pairs_hook=unique)
        except ValueError as error: stop(1, f'entry {seq}: {error}')
        if not isinstance(entry, dict) or entry.get('prev') != prev: stop(1, f'entry {seq}: its prev is not the SHA-256 of the line before it')
        tenant, reopened = tenant or entry.get('tenant'), seq > 0 and str(entry.get('type')).endswith('.reopened')
        if seq > 0 and not reopened and entry.get('incarnation') != life: stop(1, f'entry {seq}: another incarnation begins without a word')
        if reopened: lost = f"; entry {seq} says that a restore lost entries {seq} to {entry['data']['known']['entries'] - 1}"
        if entry.get('seq') != seq or entry.get('tenant') != tenant or str(entry.get('at')) < at: stop(1, f'entry {seq}: number, tenant or time does not fit')
        prev, at, life, node = sha256(line).hex(), str(entry.get('at')), entry.get('incarnation'), (1, sha256(b'\0' + line))
        while peaks and peaks[-1][0] == node[0]: node = (2 * node[0], sha256(b'\1' + peaks.pop()[1] + node[1]))
        peaks.append(node)
        if seq + 1 == size and top(peaks) != root: stop(1, f'the first {size} entries are not those of the checkpoint{lost}')
    if size > len(lines): stop(1, f'the export ends at entry {len(lines)}, and the checkpoint is over {size}{lost}')
    return prev, top(peaks), lost

def top(peaks):
    node = peaks[-1][1]
    for _, left in reversed(peaks[:-1]): node = sha256(b'\1' + left + node)
    return node

try:
    data = open(sys.argv[1], 'rb').read()
    if not data.endswith(b'\n'): raise ValueError('the export is empty or was cut short')
    kept = open(sys.argv[2], encoding='utf-8').read().split('\n') if len(sys.argv) > 2 else None
    size, root = (int(kept[1]), base64.b64decode(kept[2], validate=True)) if kept else (0, b'')
    if kept and size < 1: raise ValueError('a checkpoint over no entry pins nothing')
except (OSError, ValueError, IndexError) as error: stop(2, f'could not read: {error}')
lines = data[:-1].split(b'\n')
head, computed, lost = check(lines, size, root)
print(f'{len(lines)} entries, head {head}, root {computed.hex()}{lost}')
if kept: print(f'the first {size} are those of the checkpoint of {kept[0]}')
