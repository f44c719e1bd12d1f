import 'reflect-metadata';
import { EndPoint } from '../tamper/end-point.js';
import { historyRows } from '../tamper/histories.js';
import { BOOKS } from '../tamper/kept.js';
import { tamperMatrix } from '../tamper/matrix.js';
import { tableOf } from '../tamper/row.js';

/** Every harm to a copy of a store's file, in the words with which the end point and the offline program find it. */
export async function measureTamper(write: (line: string) => void): Promise<void> {
  const endPoint = await EndPoint.open({ acme: BOOKS });
  try {
    const rows = [...(await tamperMatrix(endPoint)), ...(await historyRows(endPoint))];
    const missed = rows.flatMap((row) => row.missed);
    const total = rows.reduce((sum, row) => sum + row.total, 0);
    for (const line of [...tableOf(rows), '', `${rows.length} harms, ${total - missed.length} of ${total} checks as they must be`, ...missed]) write(line);
  } finally {
    await endPoint.close();
  }
}
