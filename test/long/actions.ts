import type { JsonValue } from '#decider';

/** A call that a portal of the sandbox took. */
type Action = {
  readonly portal: string;
  readonly account: string;
  readonly employeeNumber: string;
  readonly what: string;
  readonly changed: boolean;
};

const PORTALS = 2;

/** What is wrong with the portals' actions: an effect that came twice, or a person of `deleted` who is not deleted in every portal, or somebody else who was touched. */
export function actionFaults(actions: JsonValue | undefined, deleted: readonly string[]): readonly string[] {
  const all = (Array.isArray(actions) ? actions : []) as readonly Action[];
  const effects = new Map<string, number>();
  for (const { portal, account, what, changed } of all) if (changed) effects.set(`${portal}/${account} ${what}`, (effects.get(`${portal}/${account} ${what}`) ?? 0) + 1);
  const gone = (employee: string): number => all.filter(({ employeeNumber, what, changed }) => employeeNumber === employee && what === 'delete' && changed).length;
  return [
    ...[...effects].filter(([, times]) => times > 1).map(([effect, times]) => `${effect} took effect ${times} times`),
    ...deleted.filter((employee) => gone(employee) !== PORTALS).map((employee) => `${employee} was deleted in ${gone(employee)} portals`),
    ...[...new Set(all.map(({ employeeNumber }) => employeeNumber))].filter((employee) => !deleted.includes(employee)).map((employee) => `${employee} was touched`),
  ];
}
