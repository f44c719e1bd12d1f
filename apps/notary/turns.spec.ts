import { describe, expect, it } from '@jest/globals';
import { Turns } from './turns.js';

const never = new AbortController().signal;
/** Work that lasts until it is told to end. */
function work() {
  const events: string[] = [];
  const ends = new Map<string, () => void>();
  const start = (name: string) => () =>
    new Promise<string>((resolve) => {
      events.push(name);
      ends.set(name, () => resolve(name));
    });
  return { events, start, end: (name: string) => ends.get(name)?.() };
}

describe('turns', () => {
  it('run one at a time in order, and refuse who would wait too long', async () => {
    const turns = new Turns(2);
    const { events, start, end } = work();
    const taken = ['a', 'b', 'c'].map((name) => turns.take(never, start(name)));
    await expect(turns.take(never, start('d'))).rejects.toMatchObject({ code: 'busy' });
    expect(events).toEqual(['a']);
    for (const [i, name] of ['a', 'b', 'c'].entries()) {
      end(name);
      await expect(taken[i]).resolves.toBe(name);
    }
    expect(events).toEqual(['a', 'b', 'c']);
    const again = turns.take(never, start('e'));
    end('e');
    await expect(again).resolves.toBe('e');
  });

  it('pass by who went away, and go on after work that failed', async () => {
    const turns = new Turns(2);
    const { events, start, end } = work();
    const gone = new AbortController();
    const first = turns.take(never, start('a')).then(() => Promise.reject(new Error('failed')));
    const left = turns.take(gone.signal, start('b'));
    const failing = turns.take(never, () => Promise.reject(new Error('broken')));
    gone.abort();
    await expect(left).rejects.toMatchObject({ code: 'cancelled' });
    const last = turns.take(never, start('c'));
    end('a');
    await expect(first).rejects.toThrow('failed');
    await expect(failing).rejects.toThrow('broken');
    end('c');
    await expect(last).resolves.toBe('c');
    expect(events).toEqual(['a', 'c']);
  });
});
