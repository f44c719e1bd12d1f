import { httpsUrl } from '../addresses.js';
import type { Client } from '../client.js';
import type { Gatehouse } from '../gatehouse.js';
import { auditor } from './auditor.js';
import { CaseBook } from './case-book.js';
import { attack, rejectedOne, riskyOne, worseCounted } from './deciders.js';
import { forger } from './forger.js';
import { durableDelete, ordinaryLeaverAndReinstate } from './leavers.js';
import { Teller } from './teller.js';

/**
 * Plays the whole story through the public interfaces and tells it.
 * @throws CodedError `deviation` naming the first thing that was not as the story goes.
 */
export async function tellStory(on: { readonly client: Client; readonly gatehouse: Gatehouse; readonly windowSeconds: number; readonly write: (line: string) => void }): Promise<void> {
  const { client, gatehouse, windowSeconds, write } = on;
  const teller = new Teller(write);
  const stage = { client, teller, cases: new CaseBook(client, teller), windowSeconds };
  const look = (id: string): void => teller.say(`look: ${httpsUrl(client.addresses.admin)}/cases/${id}`);
  look(await ordinaryLeaverAndReinstate(stage));
  look(await durableDelete(stage));
  const risky = await riskyOne(stage);
  look(risky);
  look(await rejectedOne(stage));
  const { attacked, clean } = await attack(stage);
  look(attacked);
  // with these two at their end nothing but the forger moves
  for (const id of [risky, clean]) await stage.cases.until(id, 'case.ended', undefined, windowSeconds + 30);
  await worseCounted(stage, risky);
  look(await forger(stage, gatehouse.data));
  await auditor(stage, gatehouse);
}
