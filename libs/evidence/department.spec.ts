import { expect, it } from '@jest/globals';
import { departmentClass } from './department.js';

it.each<[string | undefined, string | null]>([
  ['Sales', 'sales'],
  ['  R&D  (Berlin / 2nd floor)', 'r-d-berlin-2nd-floor'],
  ['Vertrieb Süd', 'vertrieb-süd'],
  ['営業部', '営業部'],
  ['x'.repeat(200), 'x'.repeat(48)],
  [' -- ', null],
  ['', null],
  [undefined, null],
])('the department %p is the class %p', (name, expected) => {
  expect(departmentClass(name)).toBe(expected);
});
