import { describe, expect, test } from '@jest/globals';
import { countRequests, parseRequest } from './index.js';

/** A Monday, eleven o'clock in Berlin. */
const context = { now: new Date('2026-11-23T10:00:00Z'), zone: 'Europe/Berlin' };
const [now, friday, newYearsEve] = ['2026-11-23T10:00', '2026-11-27T17:00', '2026-12-31T17:00'];

describe('German, French and Spanish are read by smaller grammars, and trusted less', () => {
  test.each<[text: string, understood: string]>([
    ['Bitte jane@acme.com am Freitag offboarden', `offboard jane@acme.com ${friday}`],
    ['Bitte alle Zugänge von Jane Doe zum 31. Dezember 2026 sperren. Viele Grüße\nKaren Fox', `offboard Jane Doe ${newYearsEve}`],
    ['Jane Doe verlässt uns am Freitag, bitte alle Konten sperren.', `offboard Jane Doe ${friday}`],
    ['Könnten Sie bitte das Konto von jane@acme.com morgen um 17 Uhr sperren?', 'offboard jane@acme.com 2026-11-24T16:00'],
    ['Bitte jane@acme.com Ende nächster Woche offboarden', 'offboard jane@acme.com 2026-12-04T17:00'],
    ['Bitte jane@acme.com am 3.4.2027 offboarden', 'offboard jane@acme.com 2027-04-03T16:00'],
    ['Bitte jane@acme.com am Freitag reaktivieren', `reinstate jane@acme.com ${friday}`],
    ['Veuillez désactiver le compte de jane@acme.com vendredi', `offboard jane@acme.com ${friday}`],
    ['Veuillez supprimer tous les accès de Jane Doe le 31 décembre 2026. Merci.', `offboard Jane Doe ${newYearsEve}`],
    ["Jane Doe quitte l'entreprise vendredi, merci de couper ses accès.", `offboard Jane Doe ${friday}`],
    ["Veuillez réactiver le compte de jane@acme.com aujourd'hui", `reinstate jane@acme.com ${now}`],
    ['Por favor, desactive la cuenta de jane@acme.com el viernes', `offboard jane@acme.com ${friday}`],
    ['Por favor dar de baja a Jane Doe el 31 de diciembre de 2026', `offboard Jane Doe ${newYearsEve}`],
    ['Jane Doe deja la empresa el viernes, por favor eliminar sus accesos.', `offboard Jane Doe ${friday}`],
    ['Por favor reactivar la cuenta de jane@acme.com hoy', `reinstate jane@acme.com ${now}`],
  ])('%s', (text, understood) => {
    const { action, target, effective, confidence, confidenceParts, flags } = parseRequest(text, context);
    expect(`${action} ${target?.value ?? '-'} ${effective?.at.slice(0, 16) ?? '-'}`).toBe(understood);
    expect([confidence, flags]).toEqual([0.7, []]);
    expect(confidenceParts.map(({ name }) => name)).toContain('cap.language');
  });

  test.each([
    ['Bitte jane@acme.com und bob@acme.com am Freitag offboarden'],
    ["Merci de désactiver les comptes de jane@acme.com et bob@acme.com vendredi"],
    ['Por favor, den de baja a jane@acme.com y bob@acme.com el viernes'],
  ])('two people are two cases: %s', (text) => {
    const both = [1, 2].map((number) => parseRequest(text, context, { number, of: countRequests(text) }));
    expect(both.map(({ target, effective }) => `${target?.value ?? '-'} ${effective?.at.slice(0, 16) ?? '-'}`)).toEqual([`jane@acme.com ${friday}`, `bob@acme.com ${friday}`]);
  });
});

describe('what is no clear request in them goes to a human', () => {
  test.each<[text: string, flag: string]>([
    ['Bitte jane@acme.com nicht offboarden', 'negated'],
    ['kein Offboarding jane@acme.com', 'negated'],
    ['Bitte deaktivieren Sie das Konto von jane@acme.com noch nicht', 'negated'],
    ['Sollen wir jane@acme.com offboarden?', 'question'],
    ['Wenn sie geht, bitte jane@acme.com offboarden', 'conditional'],
    ['Bitte jane@acme.com nach der Übergabe offboarden', 'date_unclear'],
    ['Bitte jane@acme.com nächste Woche offboarden', 'date_unclear'],
    ['Bitte den Zugang zu Confluence für jane@acme.com sperren', 'no_action'],
    ['Ne désactivez pas le compte de jane@acme.com', 'negated'],
    ['Faut-il désactiver le compte de jane@acme.com ?', 'question'],
    ["S'il part, désactivez le compte de jane@acme.com", 'conditional'],
    ['Veuillez désactiver le compte de jane@acme.com après la passation', 'date_unclear'],
    ['Veuillez désactiver le compte de jane@acme.com le 03/04/2027', 'date_unclear'],
    ['No desactiven la cuenta de jane@acme.com', 'negated'],
    ['¿Deberíamos desactivar la cuenta de jane@acme.com?', 'question'],
    ['Si se va, desactiven la cuenta de jane@acme.com', 'conditional'],
    ['Por favor, desactive la cuenta de jane@acme.com después del traspaso', 'date_unclear'],
  ])('%s', (text, flag) => {
    const packet = parseRequest(text, context);
    expect(packet.flags).toContain(flag);
    expect(packet.confidence).toBeLessThan(0.4);
  });
});
